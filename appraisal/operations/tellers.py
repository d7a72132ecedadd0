"""Tellers (计票人): two count the papers of each class by themselves, and what they enter must agree.

Nobody is shown what a sheet says before the round is closed; where two differ, only the place is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.count import Line, Verdict
from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.method.vote_words import Marking
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_marks import MarkRule, known_marks
from appraisal.operations.ballot_words import ABSTAINED, INVALID, Words
from appraisal.operations.clerks import clerk_at
from appraisal.operations.office import Desk
from appraisal.operations.round_records import ballot_of, note, open_round_by
from appraisal.operations.turnouts import ClassTurnout, entered_channels, turnout_of
from appraisal.store.ballot_tables import RoundRow, TellerSheetRow
from appraisal.store.base import identity

__all__ = [
    "ABSTAINED",
    "INVALID",
    "TELLERS",
    "Counts",
    "Difference",
    "Sheet",
    "differences",
    "enter_sheet",
    "for_closing",
    "lines_of",
    "places_of",
    "sheets_of",
    "where",
]
TELLERS = (1, 2)
LONGEST_NAME, MOST_PAPERS = 40, 10_000_000
Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
"""By unit, subject and mark; a mark is that of a line, or one of the two above."""
_VERDICTS = {INVALID: Verdict.INVALID, ABSTAINED: Verdict.ABSTAINED}


@dataclass(frozen=True)
class Sheet:
    """What one teller counted on the papers of a channel and class: issued, returned, and the marks on every line."""

    channel: str
    voters: str
    teller: int
    name: str
    issued: int
    returned: int
    counts: Counts

    @property
    def place(self) -> tuple[str, str]:
        return self.channel, self.voters


@dataclass(frozen=True)
class Difference:
    """Where two tellers differ, and not by how much; ``unit`` is empty where the numbers of papers differ."""

    channel: str
    voters: str
    unit: str = ""
    subject: str = ""
    mark: str = ""


def enter_sheet(desk: Desk, round_id: UUID, sheet: Sheet) -> TellerSheetRow:
    """Enter what one teller counted, or correct it; the same again does nothing.

    Refuses a place where no paper was handed out, the same name for both, and lines that do not add up.
    """
    clerk_at(desk)
    row = open_round_by(desk.session, round_id)
    _expected(row, sheet)
    _is_somebody(desk.session, row, sheet)
    counts, name = _full(row, sheet), sheet.name.strip()
    key = identity("teller_sheet", row.id, *sheet.place, sheet.teller)
    kept = desk.session.get(TellerSheetRow, key)
    said = (name, sheet.issued, sheet.returned, counts)
    if kept is not None and (kept.name, kept.issued, kept.returned, kept.counts) == said:
        return kept
    if kept is None:
        kept = TellerSheetRow(id=key, round_id=row.id, channel=sheet.channel, voters=sheet.voters, teller=sheet.teller)
        desk.session.add(kept)
    kept.name, kept.issued, kept.returned, kept.counts = said
    kept.entered_by, kept.entered_at = desk.work.actor, desk.now
    note(desk, row, Action.ROUND_TOLD, channel=sheet.channel, voters=sheet.voters, teller=sheet.teller, name=name)
    return kept


def sheets_of(session: Session, row: RoundRow) -> dict[tuple[str, str], list[TellerSheetRow]]:
    """The sheets that are there, by channel and class, in the order of the tellers."""
    query = select(TellerSheetRow).where(TellerSheetRow.round_id == row.id).order_by(TellerSheetRow.teller)
    found: dict[tuple[str, str], list[TellerSheetRow]] = {}
    for sheet in session.scalars(query):
        found.setdefault((sheet.channel, sheet.voters), []).append(sheet)
    return found


def places_of(row: RoundRow) -> list[ClassTurnout]:
    """Where papers are to be counted: classes that were handed papers, and channels that are counted elsewhere."""
    entered = entered_channels(ballot_of(row))
    return [each for each in turnout_of(row) if each.paper > 0 or each.channel in entered]


def differences(session: Session, row: RoundRow) -> list[Difference]:
    """Every place where the two tellers differ from each other, or from what the office handed out."""
    found: list[Difference] = []
    sheets = sheets_of(session, row)
    for place in places_of(row):
        there = sheets.get(place.key, [])
        if len(there) == len(TELLERS):
            found += _between(*there)
        if place.present is not None and any(sheet.issued != place.paper for sheet in there):
            found.append(Difference(*place.key))
    return list(dict.fromkeys(found))


def where(words: Words, difference: Difference) -> str:
    """The place of a difference in words."""
    place = words.place(difference.channel, difference.voters)
    if not difference.unit:
        return phrase("sheet.papers_differ", place=place)
    line = words.line(difference.unit, difference.subject, difference.mark)
    return phrase("sheet.marks_differ", place=place, line=line)


def for_closing(session: Session, row: RoundRow) -> list[TellerSheetRow]:
    """One sheet of each place, once both are there and agree."""
    sheets, places = sheets_of(session, row), places_of(row)
    words = Words(row.campaign, ballot_of(row))
    missing = [words.place(*place.key) for place in places if len(sheets.get(place.key, [])) < len(TELLERS)]
    if missing:
        raise Refusal("round.sheets_missing", ballot=words.ballot.title, places=missing)
    differing = [where(words, each) for each in differences(session, row)]
    if differing:
        raise Refusal("round.sheets_differ", ballot=words.ballot.title, where=differing)
    return [sheets[place.key][0] for place in places]


def lines_of(sheet: TellerSheetRow) -> Iterator[Line]:
    """What a sheet says, line by line."""
    for unit, subjects in sheet.counts.items():
        for subject, marks in subjects.items():
            for mark, count in marks.items():
                verdict = _VERDICTS.get(mark, Verdict.VALID)
                shown = "" if mark in _VERDICTS else mark
                if count:
                    yield Line(sheet.channel, sheet.voters, unit, subject, shown, verdict, count)


def _between(first: TellerSheetRow, second: TellerSheetRow) -> Iterator[Difference]:
    place = first.channel, first.voters
    if (first.issued, first.returned) != (second.issued, second.returned):
        yield Difference(*place)
    for unit, subjects in first.counts.items():
        for subject, marks in subjects.items():
            other = second.counts.get(unit, {}).get(subject, {})
            for mark in sorted({*marks, *other}):
                if marks.get(mark, 0) != other.get(mark, 0):
                    yield Difference(*place, unit, subject, mark)


def _expected(row: RoundRow, sheet: Sheet) -> None:
    if sheet.place not in [each.key for each in places_of(row)]:
        words = Words(row.campaign, ballot_of(row))
        known = [words.place(*each.key) for each in places_of(row)]
        raise Refusal("sheet.not_expected", ballot=words.ballot.title, known=known)


def _is_somebody(session: Session, row: RoundRow, sheet: Sheet) -> None:
    name = sheet.name.strip()
    if sheet.teller not in TELLERS:
        raise Refusal("sheet.teller", most=len(TELLERS))
    if not name or len(name) > LONGEST_NAME:
        raise Refusal("sheet.nameless", most=LONGEST_NAME)
    others = [kept for kept in sheets_of(session, row).get(sheet.place, []) if kept.teller != sheet.teller]
    if any(kept.name == name for kept in others):
        raise Refusal("sheet.same_teller", name=name)


def _full(row: RoundRow, sheet: Sheet) -> dict[str, dict[str, dict[str, int]]]:
    """The counts of every unit and subject of the round, once they add up."""
    if not (0 <= sheet.issued <= MOST_PAPERS and 0 <= sheet.returned <= MOST_PAPERS):
        raise Refusal("sheet.papers", most=MOST_PAPERS)
    words = Words(row.campaign, ballot_of(row))
    known = known_marks(words.ballot, row.units)
    lines = [(unit, subject) for unit, subjects in sheet.counts.items() for subject in subjects]
    strange = sorted(words.line(*line) for line in lines if line[1] not in known.get(line[0], {}))
    if strange:
        raise Refusal("sheet.lines_unknown", ballot=words.ballot.title, lines=strange)
    return {
        unit: {subject: _line(words, (unit, subject), sheet, allowed) for subject, allowed in subjects.items()}
        for unit, subjects in known.items()
    }


def _line(words: Words, place: tuple[str, str], sheet: Sheet, allowed: MarkRule) -> dict[str, int]:
    marks: dict[str, int] = {}
    for written, count in sheet.counts.get(place[0], {}).get(place[1], {}).items():
        mark = written if written in _VERDICTS else allowed.read(written)
        if mark is None:
            raise Refusal("sheet.marks_unknown", line=words.line(*place), mark=written)
        if count < 0:
            raise Refusal("sheet.negative", line=words.line(*place, mark))
        marks[mark] = marks.get(mark, 0) + count
    total = sum(marks.values())
    if words.ballot.marking in (Marking.APPROVE, Marking.RANKING) and total < sheet.returned:
        marks[""] = marks.get("", 0) + sheet.returned - total
        total = sheet.returned
    if total != sheet.returned:
        raise Refusal("sheet.adds_up", line=words.line(*place), total=total, returned=sheet.returned)
    return {mark: count for mark, count in sorted(marks.items()) if count}
