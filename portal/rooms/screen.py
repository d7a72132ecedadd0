"""大屏: the screen in the hall, read only and without a login, which loads itself anew.

While a round is open it shows how many ballots are in, and never what is on any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.clock import ZONE
from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_words import Words
from appraisal.operations.loading import method_of
from appraisal.operations.presence import presence_of, voters_of
from appraisal.operations.progress import progress_of
from appraisal.operations.round_records import ballot_of
from appraisal.operations.round_sheets import is_sealed, sheet_of
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.sitting_tables import SittingRow
from portal.live_screen import COUNTING_SECONDS, SLIDE_SECONDS, STILL_SECONDS, Slide, read_token, slides_of
from portal.public import GuestHere

router = APIRouter(prefix="/screen")


@dataclass(frozen=True)
class Screen:
    """What stands on the screen: figures while people come and vote, slides once it is counted, or a sentence."""

    state: str
    campaign: str
    sitting: str
    ballot: str = ""
    number: int = 1
    figures: Sequence[tuple[str, int | str]] = ()
    classes: Sequence[str] = ()
    share: int = 0
    words: str = ""
    slides: Sequence[Slide] = ()
    options: Sequence[str] = ()
    digest: str = ""
    seconds: int = STILL_SECONDS


@router.get("/{token}")
def show(token: str, here: GuestHere, page: int = 1) -> Response:
    about = read_token(here.keyring, token)
    with here.reading() as session:
        screen = _screen(session, about)
    pages = max(len(screen.slides), 1)
    number = page if 1 <= page <= pages else 1
    return here.show(
        "screen",
        **{name: value for name, value in vars(screen).items() if name != "slides"},
        slide=screen.slides[number - 1] if screen.slides else None,
        page=number,
        pages=pages,
        next=f"/screen/{token}?page={number % pages + 1}" if pages > 1 else f"/screen/{token}",
        time=f"{here.now.astimezone(ZONE):%H:%M}",
    )


def _screen(session: Session, about: UUID) -> Screen:
    """A round by itself; or whatever is going on at a sitting."""
    row = session.get(RoundRow, about)
    if row is not None:
        return _of_round(session, row)
    sitting = session.get(SittingRow, about)
    if sitting is None:
        raise Refusal("screen.unknown")
    latest = _latest(session, sitting)
    return _of_round(session, latest) if latest else _gathering(session, sitting)


def _latest(session: Session, sitting: SittingRow) -> RoundRow | None:
    """The round that is open, else the one that ended last."""
    rows = session.scalars(select(RoundRow).where(RoundRow.sitting_id == sitting.id)).all()
    ended = [row for row in rows if row.closed_at is not None]
    waiting = [row for row in rows if row.status == RoundStatus.OPEN]
    if waiting:
        return max(waiting, key=lambda row: row.opened_at)
    return max(ended, key=lambda row: row.closed_at or row.opened_at, default=None)


def _gathering(session: Session, sitting: SittingRow) -> Screen:
    titles = dict(voters_of(method_of(sitting.campaign)))
    presence = presence_of(session, sitting)
    figures = [
        (phrase("screen.due"), sum(each.due for each in presence.values())),
        (phrase("screen.present"), sum(each.present for each in presence.values())),
    ]
    classes = [
        phrase("screen.class_present", voters=titles[key], due=each.due, present=each.present)
        for key, each in presence.items()
    ]
    return Screen("waiting", sitting.campaign.title, sitting.title, figures=figures, classes=classes)


def _of_round(session: Session, row: RoundRow) -> Screen:
    head = Screen("void", row.campaign.title, row.sitting.title, ballot_of(row).title, row.number)
    if row.status == RoundStatus.OPEN:
        return _counting(session, row, head)
    if row.status == RoundStatus.VOID:
        return replace(head, words=phrase("screen.void", why=row.why_void))
    if is_sealed(row):
        return replace(head, state="sealed", words=phrase("screen.sealed"), digest=row.digest)
    sheet = sheet_of(session, row)
    slides, options = slides_of(sheet), sheet.options
    return replace(head, state="result", slides=slides, options=options, digest=row.digest, seconds=SLIDE_SECONDS)


def _counting(session: Session, row: RoundRow, head: Screen) -> Screen:
    """Nothing but numbers of people and of ballots."""
    progress, words = progress_of(session, row), Words(row.campaign, ballot_of(row))
    presence = presence_of(session, row.sitting)
    voting = [presence[key] for key in dict.fromkeys(each.voters for each in progress.classes) if key in presence]
    phones = sum(each.phone for each in progress.classes)
    papers = sum(each.paper for each in progress.classes)
    figures = [
        (phrase("screen.due"), sum(each.due for each in voting)),
        (phrase("screen.present"), sum(each.present for each in voting)),
        (phrase("screen.issued"), progress.issued),
        (phrase("screen.in_by_phone"), progress.in_by_phone),
    ]
    classes = [
        phrase("screen.class_in", voters=words.place(at.channel, at.voters), came=at.in_by_phone, phone=at.phone)
        for at in progress.classes
        if at.phone
    ]
    return replace(
        head,
        state="open",
        figures=[*figures, (phrase("screen.on_paper"), papers)] if papers else figures,
        classes=classes,
        share=int(Fraction(100 * progress.in_by_phone, phones)) if phones else 0,
        seconds=COUNTING_SECONDS,
    )
