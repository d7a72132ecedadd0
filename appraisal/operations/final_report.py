"""The report at the end of a campaign (整改工作总结报告): a draft at any time, final once the campaign is closed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.documents.final_report import FinalReport, Section
from appraisal.domain.lifecycle import OPEN_PROBLEM, CampaignStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import OrderKind
from appraisal.notices.recipients import Place
from appraisal.notices.wording import day, phrase
from appraisal.operations.desks import holds, is_staff
from appraisal.operations.final_tables import asked, rate_of, tables_of
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.reassigning import OBJECTION
from appraisal.operations.rectification_figures import Figures, Parts, figures_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class _Told:
    """What the report is written from; ``at`` is the instant that its figures speak of."""

    session: Session
    campaign: CampaignRow
    method: Method
    figures: Figures
    at: datetime
    closed: bool
    left: list[ProblemRow] = field(default_factory=list)


def may_read_report(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """Whether the person is of the office, or approves the closing of a phase."""
    approving = {phase.closing.by for phase in method_of(campaign).phases if phase.closing}
    places: list[Place] = [(role, None) for role in sorted(approving)]
    return is_staff(session, person, on) or holds(session, person, places, on)


def report_for(session: Session, slug: str, person: PersonRow, now: datetime) -> tuple[Figures, FinalReport]:
    """The figures and the report, for whoever may read it; Refusal ``final.not_yours`` for everybody else."""
    campaign = campaign_by(session, slug)
    if not may_read_report(session, campaign, person, now.date()):
        raise Refusal("final.not_yours", campaign=campaign.title)
    figures = figures_of(session, slug, now)
    return figures, final_report(session, campaign, figures, now)


def final_report(session: Session, campaign: CampaignRow, figures: Figures, now: datetime) -> FinalReport:
    """The report in words; of a campaign that is closed, as things stood when it was."""
    method, closed = method_of(campaign), campaign.status == CampaignStatus.CLOSED
    at = campaign.closed_at or now
    told = _Told(session, campaign, method, figures, at, closed, _left(session, campaign))
    parts = {
        "basics": _basics(told),
        "assigning": _assigning(told),
        "rectifying": _rectifying(told),
        "pressing": _pressing(told),
        "results": _results(told),
        "left": _what_is_left(told),
    }
    tables = tables_of(method, figures)
    return FinalReport(
        body=method.body,
        title=phrase("final.title", campaign=campaign.title),
        draft="" if closed else phrase("final.draft", at=at),
        sections=[Section(phrase(f"final.heading.{key}"), list(lines)) for key, lines in parts.items()],
        annexes=phrase("final.annexes", titles=[f"{place}．{table.title}" for place, table in enumerate(tables, 1)]),
        tables=tables,
        dated=day(at.date()),
    )


def report_name(campaign: str, *, draft: bool) -> str:
    """The name of the report as a file."""
    return phrase("final.file", campaign=campaign, draft=draft)


def _basics(told: _Told) -> Iterator[str]:
    campaign = told.campaign
    yield phrase(
        "final.basics",
        method=told.method.title,
        body=told.method.body,
        campaign=campaign.title,
        starts_on=campaign.starts_on,
        closed_on=campaign.closed_at.date() if campaign.closed_at else None,
        units=[unit.name for unit in told.figures.units if unit.appraised],
    )
    for phase in campaign.phases:
        opened = phase.opened_at.date() if phase.opened_at else None
        closed = phase.closed_at.date() if phase.closed_at else None
        yield phrase("final.phase", phase=phase.title, status=phase.status, opened_on=opened, closed_on=closed)


def _assigning(told: _Told) -> Iterator[str]:
    figures, whole = told.figures, told.figures.whole
    yield phrase(
        "final.listed",
        listed=whole.listed,
        suggestions=figures.suggestions.listed,
        merged=figures.merged,
        dropped=figures.dropped,
        assigned=whole.assigned,
        waiting=whole.waiting,
        unplaced=figures.unplaced.listed,
    )
    if figures.tracks:
        yield phrase("final.by_track", parts=_parts(figures.tracks))
    for axis, parts in figures.axes:
        yield phrase("final.by", axis=axis, parts=_parts(parts))
    counts = figures.counts
    if counts.letters["letters"]:
        signed = {key: counts.receipts[key] for key in ("on_time", "late", "open", "withdrawn")}
        yield phrase("final.letters", letters=counts.letters["letters"], receipts=counts.receipts.total(), **signed)
    if asked(counts, OBJECTION):
        yield phrase("final.objections", **_petitioned(figures, OBJECTION))


def _parts(parts: Parts) -> list[str]:
    return [phrase("final.part", title=title, count=tally.listed) for title, tally in parts]


def _petitioned(figures: Figures, kind: str) -> dict[str, int]:
    petitions = figures.counts.petitions
    decided = {word: petitions[f"{kind}.{word}"] for word in ("granted", "refused", "withdrawn")}
    return {"asked": asked(figures.counts, kind), **decided, "waiting": petitions[f"{kind}.asked"]}


def _rectifying(told: _Told) -> Iterator[str]:
    whole, counts = told.figures.whole, told.figures.counts
    if not whole.listed:
        yield phrase("final.nothing_listed")
        return
    standing = ("listed", "closed", "handed_on", "verified", "under_way", "waiting", "passed", "in_part")
    facts = {name: getattr(whole, name) for name in standing}
    yield phrase("final.rectified", at=told.at, rate=rate_of(whole), **facts)
    timely = {name: getattr(whole, name) for name in ("closed_on_time", "closed_late", "open_late")}
    yield phrase("final.timely", **timely)
    if counts.look_backs.total() or whole.relapses:
        found = {"held": counts.look_backs["holds"], "relapsed_found": counts.look_backs["relapsed"]}
        yield phrase("final.looked_back", relapsed=whole.relapsed, relapses=whole.relapses, **found)


def _pressing(told: _Told) -> Iterator[str]:
    figures, counts = told.figures, told.figures.counts
    if told.method.extension or asked(counts, EXTENSION):
        yield phrase("final.extensions", **_petitioned(figures, EXTENSION))
    yield phrase("final.returned", papers=counts.returned["papers"], closings=counts.returned["closings"])
    kinds = [
        phrase("final.order", kind=phrase(f"OrderKind.{kind}"), count=counts.orders[kind])
        for kind in OrderKind
        if counts.orders[kind]
    ]
    total = counts.orders.total()
    yield phrase("final.orders", total=total, kinds=kinds) if total else phrase("final.no_orders")
    if counts.summonses["summonses"]:
        yield phrase("final.summonses", count=counts.summonses["summonses"])
    if figures.points is not None:
        yield phrase("final.points", points=figures.points, units=sum(unit.points > 0 for unit in figures.units))


def _results(told: _Told) -> Iterator[str]:
    units = told.figures.units
    for ballot in dict.fromkeys(ballot.title for ballot in told.method.ballots):
        grades = [
            phrase("final.grade", unit=unit.name, grade=dict(unit.grades)[ballot])
            for unit in units
            if ballot in dict(unit.grades)
        ]
        if grades:
            yield phrase("final.results", ballot=ballot, grades=grades)
    if not any(unit.grades for unit in units):
        yield phrase("final.no_results")
    followed = [
        phrase("final.consequence", unit=unit.name, titles=unit.consequences) for unit in units if unit.consequences
    ]
    if followed:
        yield phrase("final.consequences", lines=followed)


def _left(session: Session, campaign: CampaignRow) -> list[ProblemRow]:
    wanted = (*OPEN_PROBLEM, ProblemStatus.HANDED_ON)
    query = select(ProblemRow).where(ProblemRow.campaign_id == campaign.id, ProblemRow.status.in_(wanted))
    return list(session.scalars(query.order_by(ProblemRow.number)))


def _what_is_left(told: _Told) -> Iterator[str]:
    for row in told.left:
        place = {"number": row.number, "unit": row.unit.name if row.unit else "", "title": row.title}
        if row.status == ProblemStatus.HANDED_ON:
            yield phrase("final.handed_on", reason=row.reason or "", **place)
        else:
            yield phrase("final.left", status=row.status, **place)
    if not told.left:
        yield phrase("final.nothing_left" if told.figures.whole.listed else "final.nothing_listed")
