"""会议: the sittings of a campaign; one of them at a glance, set, opened and closed."""

from dataclasses import dataclass
from secrets import token_hex
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.domain.agenda import minutes_taken
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.notices.wording import phrase
from appraisal.operations.agenda import written_reports
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.presence import ballots_at, presence_of, quorum_of, voters_of
from appraisal.operations.roll import holders_for
from appraisal.operations.sittings import (
    SittingDraft,
    close_sitting,
    open_sitting,
    set_sitting,
    sitting_by,
    sitting_events,
    sittings_in,
)
from appraisal.store.sitting_tables import SittingRow
from portal.forms import Form, Posted
from portal.visits import StaffHere, Visit

router = APIRouter()
MEMBERS = "members-"


@dataclass(frozen=True)
class QuorumLine:
    """The quorum of a ballot in words; ``met`` is None for one that asks for none."""

    ballot: str
    met: bool | None
    words: str


@router.get("/campaigns/{slug}/sittings")
def listed(slug: str, here: StaffHere) -> Response:
    return _list(here, slug)


@router.post("/campaigns/{slug}/sittings")
def make(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    try:
        row = _set(here, slug, form.value("key"), typed)
    except Refusal as refusal:
        return _list(here, slug, refusal, typed)
    return here.go(f"/sittings/{row.id}", "sitting-set")


@router.get("/sittings/{identifier}")
def show(identifier: UUID, here: StaffHere) -> Response:
    return page_of(here, identifier)


@router.get("/sittings/{identifier}/edit")
def written(identifier: UUID, here: StaffHere) -> Response:
    return _form(here, identifier)


@router.post("/sittings/{identifier}/edit")
def change(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    try:
        with here.reading() as session:
            row = sitting_by(session, identifier)
            slug, key = row.campaign.slug, row.key
        _set(here, slug, key, typed)
    except Refusal as refusal:
        return _form(here, identifier, refusal, typed)
    return here.go(f"/sittings/{identifier}", "sitting-set")


@router.post("/sittings/{identifier}/opening")
def begin(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            open_sitting(desk, identifier)
    except Refusal as refusal:
        return page_of(here, identifier, refusal)
    return here.go(f"/sittings/{identifier}", "sitting-opened")


@router.post("/sittings/{identifier}/closing")
def end(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            close_sitting(desk, identifier)
    except Refusal as refusal:
        return page_of(here, identifier, refusal)
    return here.go(f"/sittings/{identifier}", "sitting-closed")


def _set(here: Visit, slug: str, key: str, typed: dict[str, str]) -> SittingRow:
    held_on = parse_official_date(typed["held_on"], phrase("sitting.held_on")) if typed["held_on"] else None
    with here.desk() as desk:
        classes = voters_of(method_of(campaign_by(desk.session, slug)))
        members = {
            voters: _number(typed[MEMBERS + voters], title) for voters, title in classes if typed.get(MEMBERS + voters)
        }
        event = typed["event"] or None
        return set_sitting(desk, slug, SittingDraft(key, typed["title"], held_on, typed["place"], event, members))


def _number(text: str, voters: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal("sitting.members_unreadable", voters=voters, text=text[:20])
    return int(text)


def _typed(form: Form) -> dict[str, str]:
    fields = ("title", "held_on", "place", "event")
    numbers = {MEMBERS + voters: text for voters, text in form.texts(MEMBERS).items()}
    return {name: form.text(name) for name in fields} | numbers


def _list(here: Visit, slug: str, refusal: Refusal | None = None, typed: dict[str, str] | None = None) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        method = method_of(campaign)
        rows = sittings_in(session, campaign)
        taken = {row.event for row in rows}
        suggested = _suggested(session, here, method) if typed is None else {}
    events = [(event.key, event.title) for event in sitting_events(method) if event.key not in taken]
    shown = {"campaign": campaign, "rows": rows, "events": events, "classes": voters_of(method)}
    return here.show("sittings", refusal, typed=typed or suggested, key=f"s{token_hex(6)}", **shown)


def _suggested(session: Session, here: Visit, method: Method) -> dict[str, str]:
    """The register knows how many hold the role of a class."""
    listed = [line.voters for line in holders_for(session, method, here.now.date())]
    return {f"{MEMBERS}{voters}": str(listed.count(voters)) for voters in dict.fromkeys(listed)}


def _form(
    here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response:
    with here.reading() as session:
        row = sitting_by(session, identifier)
        method = method_of(row.campaign)
        taken = {other.event for other in sittings_in(session, row.campaign) if other.id != row.id}
    events = [(event.key, event.title) for event in sitting_events(method) if event.key not in taken]
    standing = {"title": row.title, "held_on": row.held_on.isoformat(), "place": row.place, "event": row.event or ""}
    standing |= {f"{MEMBERS}{voters}": str(number) for voters, number in row.members.items()}
    shown = {"sitting": row, "campaign": row.campaign, "events": events, "classes": voters_of(method)}
    return here.show("sitting-form", refusal, typed=typed or standing, **shown)


def page_of(here: Visit, identifier: UUID, refusal: Refusal | None = None) -> Response:
    """The page of a sitting, with what was refused above it."""
    with here.reading() as session:
        row = sitting_by(session, identifier)
        method, presence = method_of(row.campaign), presence_of(session, row)
        titles = dict(voters_of(method))
        ballots = {ballot.key: ballot.title for ballot in method.ballots}
        events = {event.key: event.title for event in method.events}
        shown = {
            "classes": [(titles[voters], each) for voters, each in presence.items()],
            "quorums": _quorums(session, row),
            "agenda": [(item, minutes_taken(item.began_at, item.ended_at, here.now)) for item in row.agenda],
            "reports": written_reports(session, row, here.now),
            "sitting_in": sum(attendee.voters is None for attendee in row.attendees),
            "listed": len(row.attendees),
        }
    shown |= {"sitting": row, "campaign": row.campaign, "ballots": ballots, "event": events.get(row.event or "", "")}
    return here.show("sitting", refusal, **shown)


def _quorums(session: Session, row: SittingRow) -> list[QuorumLine]:
    found = []
    for ballot in ballots_at(session, row):
        state = quorum_of(session, row, ballot)
        words = phrase(state.step.code, **state.step.facts) if state else phrase("quorum.none")
        found.append(QuorumLine(ballot.title, state.met if state else None, words))
    return found
