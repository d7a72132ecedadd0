"""Dates as people write them on forms and papers."""

import re
import unicodedata
from datetime import date

from appraisal.domain.refusal import Refusal

_WRITTEN = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)


def parse_official_date(text: str, field: str) -> date:
    """Read 2023-09-30, 2023/9/30, 2023.9.30 or 2023年9月30日.

    A date that does not exist (9月31日) is refused, never mended.
    """
    written = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if written is None:
        raise Refusal("date.unreadable", field=field, text=text)
    year, month, day = (int(part) for part in written.groups() if part and part.isdigit())
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal("date.nonexistent", field=field, text=text) from None
