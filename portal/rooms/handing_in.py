"""What goes with a paper that is handed in: files with the day that they are evidence of, and a percentage."""

from collections.abc import Mapping
from dataclasses import replace

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.problems import LookBack
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.uploads import Offered
from portal.forms import Form

BLANK: Mapping[str, str] = {"percent": "", "speaks_of": ""}
UNASKED: Mapping[str, str] = {"until": "", "reason": ""}
"""A petition for more time, as long as nothing is typed."""


def offered_in(form: Form) -> list[Offered]:
    """The files of a form, all of the one day that was typed, if any was."""
    written = form.text("speaks_of")
    day = parse_official_date(written, phrase("progress.speaks_of")) if written else None
    return [replace(each, speaks_of=day) for each in form.files("files")]


def percent_in(form: Form) -> int | None:
    """The percentage that was typed, None without any; refused when it is no number."""
    written = form.text("percent").removesuffix("%").removesuffix("％").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 4):
        raise Refusal("progress.not_percent", percent=written[:20])
    return int(written)


def written_in(form: Form) -> Mapping[str, str]:
    """The same as it was typed, for a page that was refused."""
    return {name: form.text(name)[:20] for name in BLANK}


def finding_in(form: Form) -> LookBack | None:
    """What a look-back found, as it was ticked."""
    written = form.value("finding")
    return LookBack(written) if written in tuple(LookBack) else None
