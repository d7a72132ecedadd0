"""What stands in a cell of a file of papers, read as marks: option keys or titles, scores, places, approvals."""

import re
from collections.abc import Mapping

from appraisal.documents.paper_columns import normal
from appraisal.domain.grading_terms import APPROVE, Terms
from appraisal.domain.marking import ABSTAINED_MARK, INVALID_MARK
from appraisal.domain.numerals import read_decimal

_BETWEEN = re.compile(r"[;；|/、+]")
_YES = frozenset({"√", "✓", "✔", "1", "是", "赞成", "同意", "yes", "true", APPROVE})
_NO = frozenset({"×", "✗", "0", "否", "不赞成", "不同意", "no", "false", "-"})
_EMPTY = frozenset({"空白", "blank"})
_EMPTY = frozenset({"空白", "blank"})
_JUDGED: Mapping[str, str] = {
    "无效": INVALID_MARK,
    "废票": INVALID_MARK,
    "invalid": INVALID_MARK,
    "弃权": ABSTAINED_MARK,
    "abstained": ABSTAINED_MARK,
}


def marks_in(cell: str, terms: Terms) -> tuple[str, ...] | None:
    """The marks of a cell, none for a blank one; None where it holds something that is no mark of the ballot."""
    if not cell.strip() or normal(cell) in _EMPTY:
        return ()
    whole = _mark(normal(cell), terms)
    if whole is not None:
        return whole
    marks: list[str] = []
    for piece in _BETWEEN.split(cell):
        mark = _mark(normal(piece), terms) if piece.strip() else ()
        if mark is None:
            return None
        marks += mark
    return tuple(marks)


def _mark(text: str, terms: Terms) -> tuple[str, ...] | None:
    known = _known(text, terms)
    if known is None and text in _JUDGED:
        return (_JUDGED[text],)
    return known


def _known(text: str, terms: Terms) -> tuple[str, ...] | None:
    if terms.marking == "one_of_options":
        found = [option.key for option in terms.options if text in (normal(option.key), normal(option.title))]
        return (found[0],) if found else None
    if terms.marking == APPROVE:
        return (APPROVE,) if text in _YES else () if text in _NO else None
    return (text,) if read_decimal(text) is not None else None
