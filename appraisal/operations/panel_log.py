"""The log of a panel, or of the body: what was done on a day; a mistaken entry is withdrawn and never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.panel_access import may_write
from appraisal.operations.panels import covered, panel_by
from appraisal.operations.photos import StoredPhoto
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, PhaseRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from appraisal.store.register_tables import PersonRow, UnitRow

MOST_ENTERPRISES = 200
LONGEST = 200
MOST = 100_000


@dataclass(frozen=True)
class Entry:
    """An entry as it is written down; without a title it is called by its kind.

    ``once`` is what the form carried: the same form sent twice is one entry.  ``panel`` is None for the body's own,
    ``unit`` a code or a name, ``count`` how many of the kind the entry stands for.
    """

    once: str
    kind: str
    on: date
    panel: UUID | None = None
    announced: bool = True
    unit: str = ""
    place: str = ""
    title: str = ""
    text: str = ""
    enterprises: Sequence[str] = ()
    people: int = 0
    count: int = 1


def enter(desk: Desk, slug: str, entry: Entry, by: PersonRow, photos: Sequence[StoredPhoto] = ()) -> LogEntryRow:
    """Enter what was done; it counts for the phase that its day falls in.  The same form again does nothing.

    Refuses whoever is neither on the panel nor of the office, an unknown kind, a day that is still to come or before
    the campaign, a unit that the panel does not cover, and figures that cannot be.
    """
    campaign = campaign_by(desk.session, slug)
    panel = panel_by(desk.session, entry.panel) if entry.panel else None
    may_write(desk.session, campaign, panel, by, desk.now.date())
    key = identity("log_entry", slug, by.code, entry.once)
    standing = desk.session.get(LogEntryRow, key)
    if standing is not None:
        return standing
    kind = _kind(method_of(campaign), entry.kind)
    _possible(entry)
    unit = _unit(desk.session, panel, entry.unit)
    row = LogEntryRow(
        id=key,
        campaign_id=campaign.id,
        phase_id=_phase(desk, campaign, entry).id,
        panel=panel,
        unit=unit,
        kind=entry.kind,
        announced=entry.announced,
        on=entry.on,
        place=entry.place.strip(),
        title=entry.title.strip() or kind,
        text=entry.text.strip(),
        enterprises=[{"name": name} for name in _names(entry.enterprises)],
        people=entry.people,
        count=entry.count,
        by=by.code,
        entered_at=desk.now,
        photos=[photo.row(id=identity("photo", key, number), position=number) for number, photo in enumerate(photos)],
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(slug, f"log:{key}", Action.LOG_ENTERED, **_facts(row, entry))
    return row


def withdraw(desk: Desk, identifier: UUID, by: PersonRow, reason: str) -> LogEntryRow:
    """Withdraw a mistaken entry: it stays, struck through with the reason, and counts no more.

    Refuses whoever is neither on the panel nor of the office, and no reason.  The second time does nothing.
    """
    row = entry_by(desk.session, identifier)
    campaign = desk.session.get_one(CampaignRow, row.campaign_id, with_for_update={"key_share": True})
    may_write(desk.session, campaign, row.panel, by, desk.now.date())
    if row.withdrawn:
        return row
    if not reason.strip():
        raise Refusal("log.withdrawal_needs_reason", entry=row.title)
    row.withdrawn, row.withdrawn_why = True, reason.strip()
    desk.record(campaign.slug, f"log:{row.id}", Action.LOG_WITHDRAWN, by=by.code, reason=row.withdrawn_why)
    return row


def entry_by(session: Session, identifier: UUID) -> LogEntryRow:
    """The entry, or Refusal ``log.unknown``."""
    row = session.get(LogEntryRow, identifier)
    if row is None:
        raise Refusal("log.unknown")
    return row


def _kind(method: Method, key: str) -> str:
    titles = {kind.key: kind.title for kind in method.log}
    if key not in titles:
        raise Refusal("log.kind_unknown", known=list(titles.values()))
    return titles[key]


def _possible(entry: Entry) -> None:
    long = max((len(text) for text in (entry.title, entry.place, *entry.enterprises)), default=0)
    if long > LONGEST:
        raise Refusal("log.too_long", length=long, most=LONGEST)
    if len(entry.enterprises) > MOST_ENTERPRISES:
        raise Refusal("log.too_many_enterprises", count=len(entry.enterprises), most=MOST_ENTERPRISES)
    if not 0 <= entry.people <= MOST or not 1 <= entry.count <= MOST:
        raise Refusal("log.impossible_figure", most=MOST)


def _unit(session: Session, panel: PanelRow | None, written: str) -> UnitRow | None:
    """Of a panel that covers units, one of these."""
    if not written:
        return None
    unit = unit_by(session, written)
    known = covered(panel) if panel else []
    if known and unit not in known:
        raise Refusal("log.unit_not_covered", unit=unit.name, known=[each.name for each in known])
    return unit


def _names(written: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for each in written if (name := " ".join(each.split()))))


def _phase(desk: Desk, campaign: CampaignRow, entry: Entry) -> PhaseRow:
    """The phase that the day falls in; of several, one that has a goal for the kind, then the one begun last.

    A day in no phase counts for one that is open.
    """
    if campaign.status != CampaignStatus.RUNNING:
        raise Refusal("campaign.illegal", status=campaign.status)
    today = desk.office.hours.day_of(desk.now)
    if not campaign.starts_on <= entry.on <= today:
        raise Refusal("log.day", on=entry.on, first=campaign.starts_on, last=today)
    begun = [phase for phase in campaign.phases if phase.status != PhaseStatus.PLANNED]
    inside = [phase for phase in begun if _falls_in(phase, entry.on)]
    found = inside or [phase for phase in begun if phase.status == PhaseStatus.OPEN] or begun
    if not found:
        raise Refusal("log.no_phase", campaign=campaign.title)
    wanted = {phase.key for phase in method_of(campaign).phases for goal in phase.goals if entry.kind in goal.log}
    return max(found, key=lambda phase: (phase.key in wanted, phase.position))


def _falls_in(phase: PhaseRow, on: date) -> bool:
    ended = phase.closes_on if phase.status == PhaseStatus.CLOSED else None
    return phase.opens_on is not None and phase.opens_on <= on and (ended is None or on <= ended)


def _facts(row: LogEntryRow, entry: Entry) -> dict[str, object]:
    """The ledger holds who was met and what was said as a digest alone."""
    return {
        "kind": row.kind,
        "on": str(row.on),
        "panel": row.panel.key if row.panel else "",
        "unit": row.unit.code if row.unit else "",
        "count": row.count,
        "people": row.people,
        "enterprises": len(row.enterprises),
        "photos": [photo.digest for photo in row.photos],
        "content": digest({**asdict(entry), "once": ""}),
    }
