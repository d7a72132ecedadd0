"""A ballot of a rehearsal: a sitting of supposed voters, a round on paper or by phone, two tellers, the best marks."""

from collections.abc import Iterator, Sequence

from appraisal.domain.count import WHOLE
from appraisal.method.ballots import Ballot, Scale
from appraisal.method.grading_rules import channels_of, classes_of, subjects_of
from appraisal.method.schema import Method
from appraisal.method.vote_words import ChannelSource, Marking, Medium, Secrecy
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_codes import draw
from appraisal.operations.ballot_marks import APPROVE
from appraisal.operations.check_in import note_coming
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.occurred import events_of
from appraisal.operations.office import Desk
from appraisal.operations.roll import check_in_code, import_roll
from appraisal.operations.rounds import Given, Issued, close_round, open_round, release
from appraisal.operations.sittings import SittingDraft, open_sitting, set_sitting, sitting_events, sittings_in
from appraisal.operations.tellers import ABSTAINED, Sheet, enter_sheet, places_of
from appraisal.operations.turnouts import phone_channel
from appraisal.operations.voting import cast
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.sitting_tables import AttendeeRow, SittingRow

VOTERS_OF_A_CLASS = 10

Marks = dict[str, dict[str, str]]
"""By unit and subject, the one mark that everybody makes."""


def hold_ballot(desk: Desk, slug: str, key: str) -> None:
    """A round of the ballot from its sitting to its result; a refusal is left to the caller."""
    campaign = campaign_by(desk.session, slug)
    method = method_of(campaign)
    ballot = method.ballot(key)
    sitting = _sitting(desk, campaign, ballot)
    came = _come(desk, sitting, ballot)
    watching = phrase("rehearsal.scrutineers", count=method.scrutiny.scrutineers if method.scrutiny else 1)
    given = Given(_issued(method, ballot), scrutineers=watching, aware=True)
    row = open_round(desk, sitting.id, key, given)
    marks = best(ballot, row.units)
    if Medium.PAPER not in ballot.media:
        _cast(desk, row, ballot, came, marks)
    _tell(desk, row, marks)
    close_round(desk, row.id)
    if row.released_at is None:
        release(desk, row.id)


def best(ballot: Ballot, units: Sequence[str]) -> Marks:
    """The best marks that one paper can give; of ranks and approvals there are only so many."""
    most = (ballot.limits.at_most if ballot.limits else None) or len(units)
    return {
        unit: {subject: _mark(ballot, number, most) for subject, _ in subjects_of(ballot) or [(WHOLE, "")]}
        for number, unit in enumerate(units, start=1)
    }


def _mark(ballot: Ballot, number: int, most: int) -> str:
    match ballot.marking:
        case Marking.ONE_OF_OPTIONS:
            return next(option.key for option in ballot.options if not option.excluded)
        case Marking.SCORE:
            return f"{(ballot.scale or Scale()).highest.normalize():f}"
        case Marking.RANKING:
            return str(number) if number <= most else ABSTAINED
        case Marking.APPROVE:
            return APPROVE if number <= most else ABSTAINED


def _sitting(desk: Desk, campaign: CampaignRow, ballot: Ballot) -> SittingRow:
    """The sitting of the day, which is that of the method's event where one falls on it."""
    method, today = method_of(campaign), desk.now.date()
    held = events_of(desk.session, campaign).body
    known = {
        event.key: desk.office.hours.day_of(held[event.key]) for event in sitting_events(method) if event.key in held
    }
    earlier = next((row for row in sittings_in(desk.session, campaign) if row.held_on == today), None)
    taken = {row.event for row in sittings_in(desk.session, campaign)}
    event = next((key for key, day in known.items() if day == today and key not in taken), None)
    members = dict.fromkeys([key for key, _ in classes_of(method, ballot)], VOTERS_OF_A_CLASS)
    draft = SittingDraft(
        earlier.key if earlier else f"rehearsal-{today.isoformat()}",
        phrase("rehearsal.sitting"),
        today,
        event=earlier.event if earlier else event,
        members={**(earlier.members if earlier else {}), **members},
    )
    return open_sitting(desk, set_sitting(desk, campaign.slug, draft).id)


def _come(desk: Desk, sitting: SittingRow, ballot: Ballot) -> list[AttendeeRow]:
    classes = classes_of(method_of(sitting.campaign), ballot)
    lines = [
        f"{phrase('rehearsal.voter', voters=title, number=number)}\t\t{title}"
        for _, title in classes
        for number in range(1, VOTERS_OF_A_CLASS + 1)
    ]
    import_roll(desk, sitting.id, "\n".join(lines))
    medium = Medium.PAPER if Medium.PAPER in ballot.media else Medium.PHONE
    handed = None if medium is Medium.PHONE and ballot.secrecy is Secrecy.NAMED else medium
    mine = [row for row in sitting.attendees if row.voters in dict(classes)]
    return [row if row.came_at else note_coming(desk, row.id, handed) for row in mine]


def _issued(method: Method, ballot: Ballot) -> dict[tuple[str, str], Issued]:
    """A paper to everybody, or where there is none a code; whatever an earlier ballot of the day was held on."""
    if Medium.PAPER not in ballot.media:
        here = [phone_channel(ballot)]
        handed = Issued(phone=VOTERS_OF_A_CLASS)
    else:
        here = [key for key, _, source in channels_of(ballot) if source is ChannelSource.SITTING]
        handed = Issued(paper=VOTERS_OF_A_CLASS)
    return {(channel, voters): handed for channel in here if channel for voters, _ in classes_of(method, ballot)}


def _cast(desk: Desk, row: RoundRow, ballot: Ballot, came: Sequence[AttendeeRow], marks: Marks) -> None:
    paper = {
        unit: {subject: () if mark == ABSTAINED else (mark,) for subject, mark in lines.items()}
        for unit, lines in marks.items()
    }
    for code in _codes(desk, row, ballot, came):
        cast(desk, code, row.id, paper)


def _codes(desk: Desk, row: RoundRow, ballot: Ballot, came: Sequence[AttendeeRow]) -> Iterator[str]:
    for each in came:
        if ballot.secrecy is Secrecy.NAMED:
            yield check_in_code(desk.office.keyring, each)
        else:
            yield draw(desk, row.sitting, each.voters or "")


def _tell(desk: Desk, row: RoundRow, marks: Marks) -> None:
    for place in places_of(row):
        returned = place.paper or VOTERS_OF_A_CLASS
        counts = {unit: {subject: {mark: returned} for subject, mark in lines.items()} for unit, lines in marks.items()}
        for number in (1, 2):
            name = phrase("rehearsal.teller", number=number)
            enter_sheet(desk, row.id, Sheet(*place.key, number, name, returned, returned, counts))
