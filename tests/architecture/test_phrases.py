import re
from itertools import chain

from appraisal.notices.wording import has_phrase
from tests.architecture.sources import kept_files, name, text

ASKED = re.compile(r"""\bphrase\(\s*(["'])([\w.-]*\w)\1(?:\s+if\s[^,()]*\selse\s+(["'])([\w.-]*\w)\3)?""")
"""A code that is written out; one put together from a beginning ends in a full stop, and is not looked at here."""


def test_every_phrase_that_is_asked_for_is_there() -> None:
    asked = chain.from_iterable(
        ((code, name(path)) for match in ASKED.finditer(text(path)) for code in match.group(2, 4) if code)
        for path in kept_files()
        if not name(path).startswith("tests/")
    )
    assert sorted(f"{path}: {code}" for code, path in asked if not has_phrase(code)) == []
