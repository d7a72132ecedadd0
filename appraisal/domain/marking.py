"""Papers judged by the rules of validity: what stands on each line, and whether it counts.

A paper has a line for every unit it names in every subject of the ballot, whether something was marked there or not.
Where papers rank or approve, a line without a mark is valid, for the paper placed others; only a paper without any mark
is blank.  What is no mark of the ballot is invalid.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from appraisal.domain.count import Line, Paper, Verdict
from appraisal.domain.grading_terms import APPROVE, Terms
from appraisal.domain.numerals import plain, read_decimal

Marks = Mapping[str, Mapping[str, tuple[str, ...]]]
Verdicts = list[tuple[str, str, str, Verdict]]
"""Unit, subject, mark, verdict."""

INVALID_MARK, ABSTAINED_MARK = "~invalid", "~abstained"
"""What stands for a mark where somebody judged already that a line is invalid, or an abstention."""

_BLANK = {"abstained": Verdict.ABSTAINED, "invalid": Verdict.INVALID}


def judged(terms: Terms, paper: Paper) -> tuple[Line, ...]:
    """The lines of one paper, each counted once."""
    return tuple(Line(paper.channel, paper.voters, *found, 1) for found in _spoilt(terms, _lines(terms, paper.marks)))


def judged_together(terms: Terms, papers: Iterable[tuple[Paper, int]]) -> tuple[Line, ...]:
    """The lines of many papers, each with how many there are like it, counted together as they are judged."""
    totals: dict[tuple[str, str], Counter[tuple[str, str, str, Verdict]]] = {}
    for paper, copies in papers:
        mine = totals.setdefault((paper.channel, paper.voters), Counter())
        for found in _spoilt(terms, _lines(terms, paper.marks)):
            mine[found] += copies
    lines = (
        Line(channel, voters, *found, number)
        for (channel, voters), mine in totals.items()
        for found, number in mine.items()
        if number
    )
    return tuple(sorted(lines))


def counted(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Equal lines added up, sorted: the order in which papers came is gone."""
    totals: Counter[tuple[str, str, str, str, str, Verdict]] = Counter()
    for line in lines:
        totals[line.channel, line.voters, line.unit, line.subject, line.mark, line.verdict] += line.count
    return tuple(sorted(Line(*found, number) for found, number in totals.items() if number))


def _spoilt(terms: Terms, lines: Verdicts) -> Verdicts:
    """Where the method judges whole papers, a fault on one line spoils them all."""
    if terms.validity.spoils_paper and any(verdict is Verdict.INVALID for *_, verdict in lines):
        return [(unit, subject, "", Verdict.INVALID) for unit, subject, *_ in lines]
    return lines


def _lines(terms: Terms, marks: Marks) -> Verdicts:
    if terms.marking in ("ranking", APPROVE):
        return [line for subject in terms.subjects for line in _sheet(terms, subject.key, marks)]
    seen: dict[tuple[str, ...], tuple[str, Verdict]] = {}
    lines = []
    for unit, about in marks.items():
        for subject in terms.subjects:
            written = about.get(subject.key, ())
            found = seen.get(written)
            if found is None:
                found = seen[written] = _line(terms, _filled(written))
            lines.append((unit, subject.key, *found))
    return lines


def _line(terms: Terms, filled: Sequence[str]) -> tuple[str, Verdict]:
    if not filled:
        return "", _BLANK[terms.validity.blank]
    if len(filled) > 1:
        return "", _BLANK[terms.validity.several]
    mark = filled[0]
    if mark == ABSTAINED_MARK:
        return "", Verdict.ABSTAINED
    if terms.marking == "score":
        score = score_mark(terms, mark)
        return (score, Verdict.VALID) if score is not None else ("", Verdict.INVALID)
    known = any(option.key == mark for option in terms.options)
    return (mark, Verdict.VALID) if known else ("", Verdict.INVALID)


def score_mark(terms: Terms, text: str) -> str | None:
    """The one way to write a score of the scale; None for what is no number, off the scale or between its steps."""
    number = read_decimal(text)
    scale = terms.scale
    if number is None or not scale.lowest <= number <= scale.highest:
        return None
    if ((number - scale.lowest) / scale.step).denominator != 1:
        return None
    return plain(number)


def _sheet(terms: Terms, subject: str, marks: Marks) -> Iterator[tuple[str, str, str, Verdict]]:
    """One subject of a paper that ranks or approves: it is blank, keeps the limits and gives no place twice, or not."""
    filled = {unit: _filled(about.get(subject, ())) for unit, about in marks.items()}
    given = sum(bool(each) for each in filled.values())
    if not given:
        yield from ((unit, subject, "", _BLANK[terms.validity.blank]) for unit in filled)
        return
    most = terms.limits.at_most
    if given < terms.limits.at_least or (most is not None and given > most):
        yield from ((unit, subject, "", Verdict.INVALID) for unit in filled)
        return
    last = min(len(marks), most) if most is not None else len(marks)
    read = {unit: _placed(terms, each, last) for unit, each in filled.items()}
    times = Counter(mark for mark, verdict in read.values() if mark and verdict is Verdict.VALID)
    for unit, (mark, verdict) in read.items():
        if terms.marking == "ranking" and times[mark] > 1:
            yield unit, subject, "", Verdict.INVALID
        else:
            yield unit, subject, mark, verdict


def _placed(terms: Terms, filled: Sequence[str], last: int) -> tuple[str, Verdict]:
    if not filled:
        return "", Verdict.VALID
    if len(filled) > 1:
        return "", _BLANK[terms.validity.several]
    if filled[0] == ABSTAINED_MARK:
        return "", Verdict.ABSTAINED
    if terms.marking == APPROVE:
        return (APPROVE, Verdict.VALID) if filled[0] == APPROVE else ("", Verdict.INVALID)
    place = read_decimal(filled[0])
    if place is None or place.denominator != 1 or not 1 <= place <= last:
        return "", Verdict.INVALID
    return str(place), Verdict.VALID


def _filled(written: Iterable[str]) -> list[str]:
    """What was marked, the same mark twice counting once."""
    return list(dict.fromkeys(mark.strip() for mark in written if mark.strip()))
