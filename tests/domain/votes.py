"""Votes written down as numbers: what of each mark was cast on a unit, and the grade that comes out."""

from collections.abc import Mapping

from appraisal.domain.count import SITTING, VOTERS, WHOLE, Count, Line, Turnout, Verdict
from appraisal.domain.grading import Graded, graded
from appraisal.domain.grading_terms import Terms
from appraisal.method.grading_rules import terms_of
from appraisal.notices.wording import reason
from tests.method.written import method

BLANK, INVALID = "~abstained", "~invalid"

Marks = Mapping[str, int]


def terms(name: str, ballot: str = "satisfaction") -> Terms:
    written = method(name)
    return terms_of(written, written.ballot(ballot))


def lines(
    unit: str, marks: Marks, *, channel: str = SITTING, voters: str = VOTERS, subject: str = WHOLE
) -> tuple[Line, ...]:
    """``~abstained`` and ``~invalid`` stand for lines that count as such."""
    verdicts = {BLANK: Verdict.ABSTAINED, INVALID: Verdict.INVALID}
    return tuple(
        Line(
            channel,
            voters,
            unit,
            subject,
            "" if mark in verdicts else mark,
            verdicts.get(mark, Verdict.VALID),
            number,
        )
        for mark, number in marks.items()
        if number
    )


def one(name: str, marks: Marks, turnout: Turnout | None = None, ballot: str = "satisfaction") -> Graded:
    """The grade of a single unit, rated as a whole by one class at the sitting."""
    turnouts = {(SITTING, VOTERS): turnout} if turnout else {}
    return graded(terms(name, ballot), Count(lines("甲局", marks), turnouts), ["甲局"])["甲局"]


def several(name: str, votes: Mapping[str, Marks], turnout: Turnout | None = None) -> dict[str, Graded]:
    turnouts = {(SITTING, VOTERS): turnout} if turnout else {}
    found = tuple(line for unit, marks in votes.items() for line in lines(unit, marks))
    return graded(terms(name), Count(found, turnouts), list(votes))


def grades(found: Mapping[str, Graded]) -> list[str | None]:
    return [each.grade for each in found.values()]


def said(found: Graded) -> list[str]:
    return reason(found.working)


def three(satisfied: int, basic: int, dissatisfied: int, blank: int = 0, invalid: int = 0) -> Marks:
    return {"satisfied": satisfied, "basic": basic, "dissatisfied": dissatisfied, BLANK: blank, INVALID: invalid}
