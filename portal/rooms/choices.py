"""What the forms of the opinion desk and the problem list offer: units, aspects, sources, codes, axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OpinionStatus
from appraisal.domain.opinions import Source
from appraisal.notices.wording import phrase
from appraisal.operations.classifying import axes_of
from appraisal.operations.loading import method_of
from appraisal.operations.opinion_desk import points_of
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AxisOptions:
    """An axis as a form shows it."""

    key: str
    title: str
    options: Options


@dataclass(frozen=True)
class OpinionOffer:
    """What narrows the list of opinions; ``titles`` are those of the aspects."""

    units: Options
    aspects: Options
    sources: Options
    statuses: Options
    points: Options
    titles: Mapping[str | None, str]


@dataclass(frozen=True)
class ProblemOffer:
    """What a problem may be given; ``leader_role`` is whose holder leads where nobody is named."""

    units: Options
    axes: Sequence[AxisOptions]
    leader_role: str


def opinion_offer(session: Session, campaign: CampaignRow) -> OpinionOffer:
    aspects = [(aspect.key, aspect.title) for aspect in method_of(campaign).aspects]
    return OpinionOffer(
        _units(session),
        aspects,
        [(str(source), phrase(f"intake.source.{source}")) for source in Source],
        [(str(status), phrase(f"opinion.status.{status}")) for status in OpinionStatus],
        [(str(key), title) for key, title in points_of(session, campaign)],
        dict(aspects),
    )


def problem_offer(session: Session, campaign: CampaignRow) -> ProblemOffer:
    method = method_of(campaign)
    axes = [
        AxisOptions(axis.key, axis.title, [(value.key, value.title) for value in axis.values])
        for axis in axes_of(method)
    ]
    role = method.problems.leader if method.problems else None
    return ProblemOffer(_units(session), axes, method.role(role).title if role else "")


def _units(session: Session) -> Options:
    return [(unit.code, unit.name) for unit in active_units(session)]
