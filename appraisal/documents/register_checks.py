"""What holds between the rows of a register: nothing twice, nothing that refers to what is not there."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from appraisal.documents.register_layout import MARKER, REMOVE, Sheet
from appraisal.documents.register_sheets import Draft, Found, closest, quote


class Absence(NamedTuple):
    """Who stands in for whom, and when."""

    person: str
    stand_in: str
    since: date
    until: date


@dataclass(frozen=True)
class Known:
    """What a file may lean on: what the register holds already, which roles there are, what an address looks like.

    ``roles`` says of each role whether it is held in a unit; None where no method limits the roles.
    """

    units: Mapping[str, str]
    people: Collection[str]
    contacts: Collection[tuple[str, int]]
    absences: Collection[Absence]
    roles: Mapping[str, bool] | None
    valid_address: Callable[[str], bool]


Drafts = Mapping[str, list[Draft]]


def duplicates(sheet: Sheet, drafts: list[Draft]) -> Iterator[Found]:
    """The rows that say again what an earlier one said."""
    first: dict[tuple[object, ...], int] = {}
    for draft in drafts:
        if not all(field in draft.values for field in sheet.key):
            continue
        key = tuple(draft.values[field] for field in sheet.key)
        if first.setdefault(key, draft.row) != draft.row:
            headings = [sheet.heading(field) for field in sheet.key]
            yield Found(sheet.title, draft.row, headings[0], "twice", {"first": first[key], "headings": headings})


def unit_names(sheet: Sheet, drafts: list[Draft], known: Known) -> Iterator[Found]:
    """A name belongs to one unit: of the file, and of what the register holds besides."""
    given = {draft.text("code") for draft in drafts}
    owners = {name: code for code, name in known.units.items() if code not in given}
    for draft in drafts:
        name, code = draft.text("name"), draft.text("code")
        if name and code and owners.setdefault(name, code) != code:
            facts = {"text": quote(sheet, name), "owner": owners[name]}
            yield Found(sheet.title, draft.row, sheet.heading("name"), "name_taken", facts)


def references(sheet: Sheet, field: str, drafts: list[Draft], codes: Collection[str]) -> Iterator[Found]:
    for draft in drafts:
        meant = draft.text(field)
        if meant and meant not in codes:
            facts = {"text": quote(sheet, meant), "meant": closest(meant, sorted(codes))}
            code = "unknown_unit" if field == "unit" else "unknown_person"
            yield Found(sheet.title, draft.row, sheet.heading(field), code, facts)


def roles(sheet: Sheet, drafts: list[Draft], known: Mapping[str, bool]) -> Iterator[Found]:
    for draft in drafts:
        role = draft.text("role")
        if role and role not in known:
            facts = {"text": quote(sheet, role), "meant": closest(role, list(known)), "known": list(known)}
            yield Found(sheet.title, draft.row, sheet.heading("role"), "unknown_role", facts)
        elif known.get(role) and "unit" in draft.values and draft.values["unit"] is None:
            yield Found(sheet.title, draft.row, sheet.heading("unit"), "unit_needed", {"role": role})


def terms(sheet: Sheet, drafts: list[Draft]) -> Iterator[Found]:
    """An end that comes before its beginning."""
    for draft in drafts:
        since, until = draft.values.get("since"), draft.values.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            yield Found(sheet.title, draft.row, sheet.heading("until"), "ends_early", {"since": since, "until": until})


def addresses(sheet: Sheet, drafts: list[Draft], known: Known) -> Iterator[Found]:
    """Never says what the address is."""
    for draft in drafts:
        address, key = draft.text("address"), (draft.text("person"), draft.values.get("rank"))
        if address == MARKER:
            code = "" if key in known.contacts or not all(key) else "marker_without_contact"
        else:
            code = "" if address in ("", REMOVE) or known.valid_address(address) else "bad_address"
        if code:
            yield Found(sheet.title, draft.row, sheet.heading("address"), code)


def stand_ins(sheet: Sheet, drafts: list[Draft], known: Known) -> Iterator[Found]:
    """Nobody stands in for themselves, neither at once nor by way of others absent at the same time."""
    rows = {draft.row: absence for draft in drafts if (absence := _absence(draft))}
    given = {absence[:3] for absence in rows.values()}
    by_person: dict[str, list[Absence]] = defaultdict(list)
    for absence in (*rows.values(), *(held for held in known.absences if held[:3] not in given)):
        by_person[absence.person].append(absence)
    for row, absence in rows.items():
        if absence.person == absence.stand_in:
            yield Found(sheet.title, row, sheet.heading("stand_in"), "stand_in_self")
        elif _returns(absence, by_person):
            yield Found(sheet.title, row, sheet.heading("stand_in"), "stand_in_loop", {"person": absence.person})


def _returns(start: Absence, by_person: Mapping[str, list[Absence]]) -> bool:
    """Whether duty handed on by ``start`` comes back to the same person on some day."""
    waiting, seen = [start], {start}
    while waiting:
        at = waiting.pop()
        for onward in by_person.get(at.stand_in, []):
            since, until = max(at.since, onward.since), min(at.until, onward.until)
            step = Absence(start.person, onward.stand_in, since, until)
            if since > until or step in seen or onward.person == onward.stand_in:
                continue
            if onward.stand_in == start.person:
                return True
            seen.add(step)
            waiting.append(step)
    return False


def _absence(draft: Draft) -> Absence | None:
    person, stand_in = draft.text("person"), draft.text("stand_in")
    since, until = draft.values.get("since"), draft.values.get("until")
    if person and stand_in and isinstance(since, date) and isinstance(until, date):
        return Absence(person, stand_in, since, until)
    return None
