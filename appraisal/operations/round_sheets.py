"""What came out of a closed round, in words and numbers as a sheet, a screen and a page show it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from sqlalchemy.orm import Session

from appraisal.documents.recount import recount_text
from appraisal.documents.result_sheet import EMPTY, Part, ResultSheet, TurnoutLine, UnitSheet
from appraisal.domain.count import WHOLE, Line, Verdict
from appraisal.domain.grading import graded
from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.numerals import decimal, percent
from appraisal.domain.reasoning import Step
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot, Scale
from appraisal.method.grading_rules import subjects_of, terms_of
from appraisal.method.vote_words import GradingRule, Marking
from appraisal.notices.wording import day, phrase, reason
from appraisal.operations.ballot_words import ABSTAINED, INVALID, Words
from appraisal.operations.counted_results import results_of
from appraisal.operations.counting import count_of
from appraisal.operations.loading import method_of
from appraisal.operations.round_records import ballot_of
from appraisal.operations.tellers import sheets_of
from appraisal.operations.turnouts import ClassTurnout, turnout_of
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.campaign_tables import ResultRow

Marked = Mapping[tuple[str, str], Counter[str]]
"""By unit and subject: how many valid lines have each mark; and how many are invalid or abstained."""
_UNCOUNTED = {Verdict.INVALID: INVALID, Verdict.ABSTAINED: ABSTAINED}
_NUMBERS = ("members", "due", "present", "issued", "returned")


def units_of(row: RoundRow) -> list[tuple[str, str]]:
    """The units that are voted on, with their names."""
    names = {target.unit.code: target.unit.name for target in row.campaign.targets}
    return [(code, names[code]) for code in row.units]


def is_sealed(row: RoundRow) -> bool:
    """Whether the round is counted and nobody may be shown what came out yet."""
    return row.status == RoundStatus.CLOSED and row.released_at is None


def sheet_of(session: Session, row: RoundRow) -> ResultSheet:
    """The sheet of a round; Refusal ``round.not_closed`` while it is open, ``round_sheet.sealed`` until released."""
    ballot = ballot_of(row)
    if is_sealed(row):
        raise Refusal("round_sheet.sealed", ballot=ballot.title)
    marked = _marked(count_of(session, row).lines)
    results = {result.unit.code: result for result in results_of(session, row)}
    units = [_unit(ballot, code, name, results[code], marked) for code, name in units_of(row) if code in results]
    return ResultSheet(
        body=method_of(row.campaign).body,
        campaign=row.campaign.title,
        ballot=ballot.title,
        number=row.number,
        sitting=row.sitting.title,
        place=row.sitting.place,
        held_on=day(row.sitting.held_on),
        turnout=tuple(_turnout(row)),
        columns=_columns(ballot),
        options=tuple(option.title for option in ballot.options),
        units=tuple(units),
        scrutineers=row.scrutineers,
        tellers="、".join(dict.fromkeys(sheet.name for sheets in sheets_of(session, row).values() for sheet in sheets)),
        digest=row.digest,
        void=row.why_void,
    )


def recount_of(session: Session, row: RoundRow) -> str:
    """The recount file of a round, once its sheet may be seen; Refusal ``round_sheet.void`` for one that is void."""
    ballot = ballot_of(row)
    if is_sealed(row):
        raise Refusal("round_sheet.sealed", ballot=ballot.title)
    count = count_of(session, row)
    if row.status == RoundStatus.VOID:
        raise Refusal("round_sheet.void", ballot=ballot.title, number=row.number)
    terms = terms_of(method_of(row.campaign), ballot)
    return recount_text(terms, count, graded(terms, count, row.units), dict(units_of(row)))


def _marked(lines: Iterable[Line]) -> Marked:
    found: dict[tuple[str, str], Counter[str]] = {}
    for line in lines:
        mark = _UNCOUNTED.get(line.verdict, line.mark)
        found.setdefault((line.unit, line.subject), Counter())[mark] += line.count
    return found


def _unit(ballot: Ballot, code: str, name: str, result: ResultRow, marked: Marked) -> UnitSheet:
    parts = [_part(ballot, title, marked.get((code, key), Counter())) for key, title in subjects_of(ballot)]
    keys = [key for key, _ in subjects_of(ballot)]
    satisfaction = result.detail.get("satisfaction")
    rate = phrase("round_sheet.satisfaction", rate=percent(Fraction(satisfaction))) if satisfaction else ""
    if WHOLE in keys:
        marked_whole = parts[keys.index(WHOLE)]
        whole = replace(marked_whole, said="　".join(filter(None, [marked_whole.said, rate])))
        parts[keys.index(WHOLE)] = whole
    else:
        whole = Part(phrase("screen.whole"), (EMPTY,) * len(_columns(ballot)), rate)
    return UnitSheet(name, _outcome(ballot, result), whole, tuple(parts), tuple(_working(result)))


def _outcome(ballot: Ballot, result: ResultRow) -> str:
    """Score, place and grade, as far as there are any; a place only where the vote is one of scores or places."""
    placed = ballot.grading.rule is GradingRule.RANKING or ballot.marking in (Marking.SCORE, Marking.RANKING)
    score, place = result.detail.get("score"), result.detail.get("place") if placed else None
    said = [
        phrase("round_sheet.score", score=decimal(Fraction(score))) if score else "",
        phrase("round_sheet.place", place=place) if place else "",
        result.grade,
    ]
    return "，".join(filter(None, said)) or phrase("round_sheet.undecided")


def _columns(ballot: Ballot) -> tuple[str, ...]:
    match ballot.marking:
        case Marking.ONE_OF_OPTIONS:
            first = [option.title for option in ballot.options]
        case Marking.APPROVE:
            first = [phrase("round_sheet.approve"), phrase("round_sheet.not_approve")]
        case Marking.SCORE:
            first = [phrase("round_sheet.valid"), phrase("round_sheet.mean_score")]
        case Marking.RANKING:
            first = [phrase("round_sheet.valid"), phrase("round_sheet.mean_place")]
    return (*first, phrase("round_sheet.invalid"), phrase("round_sheet.abstained"))


def _part(ballot: Ballot, title: str, marks: Counter[str]) -> Part:
    valid = {mark: count for mark, count in marks.items() if not mark.startswith("~")}
    total = sum(valid.values())
    rest = (marks[_UNCOUNTED[Verdict.INVALID]], marks[_UNCOUNTED[Verdict.ABSTAINED]])
    if ballot.marking is Marking.ONE_OF_OPTIONS:
        numbers = [valid.get(option.key, 0) for option in ballot.options]
        titles = [option.title for option in ballot.options]
        bar = tuple(Fraction(number, total) if total else Fraction(0) for number in numbers)
        return Part(title, (*numbers, *rest), _said(zip(titles, numbers, strict=True), rest), bar)
    if ballot.marking is Marking.APPROVE:
        approve = valid.get("approve", 0)
        bar = (Fraction(approve, total) if total else Fraction(0),)
        words = _said([(phrase("round_sheet.approve"), approve)], rest)
        return Part(title, (approve, total - approve, *rest), words, bar)
    return _mean_part(ballot, title, valid, rest)


def _mean_part(ballot: Ballot, title: str, valid: Mapping[str, int], rest: tuple[int, int]) -> Part:
    """Scores and places: how many lines, and their plain mean."""
    given = {Fraction(mark): count for mark, count in valid.items() if mark}
    total = sum(given.values())
    if not total:
        return Part(title, (0, EMPTY, *rest), _said([(phrase("round_sheet.valid"), 0)], rest))
    mean = sum((value * count for value, count in given.items()), Fraction(0)) / total
    words = _said([(_columns(ballot)[1], decimal(mean)), (phrase("round_sheet.valid"), total)], rest)
    bar = (_share_of_scale(ballot.scale or Scale(), mean),) if ballot.marking is Marking.SCORE else ()
    return Part(title, (total, decimal(mean), *rest), words, bar)


def _share_of_scale(scale: Scale, mean: Fraction) -> Fraction:
    lowest, highest = Fraction(scale.lowest), Fraction(scale.highest)
    return (mean - lowest) / (highest - lowest) if highest > lowest else Fraction(1)


def _said(numbers: Iterable[tuple[str, int | str]], rest: tuple[int, int]) -> str:
    """The numbers in a row; of invalid lines and abstentions only where there are any."""
    more = zip((phrase("round_sheet.invalid"), phrase("round_sheet.abstained")), rest, strict=True)
    return "　".join(f"{title} {number}" for title, number in [*numbers, *((each, n) for each, n in more if n)])


def _working(result: ResultRow) -> Sequence[str]:
    return reason(Step(step["code"], step["facts"]) for step in result.detail.get("working", []))


def _turnout(row: RoundRow) -> Iterator[TurnoutLine]:
    """Each channel and class, and all of them together where there are several."""
    lines, words = turnout_of(row), Words(row.campaign, ballot_of(row))
    for each in lines:
        numbers = [getattr(each, name) for name in _NUMBERS]
        yield TurnoutLine(words.place(*each.key), *(EMPTY if number is None else number for number in numbers))
    if len(lines) > 1:
        yield TurnoutLine(phrase("round_sheet.together"), *(_sum(lines, name) for name in _NUMBERS))


def _sum(lines: Sequence[ClassTurnout], name: str) -> int | str:
    known = [number for each in lines if (number := getattr(each, name)) is not None]
    return sum(known) if known else EMPTY
