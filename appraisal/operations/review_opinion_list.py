"""The opinions on the units as they stand: which version counts, what it measures, what it still lacks."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.lifecycle import OPEN_PROBLEM, ReviewOpinionStatus
from appraisal.domain.problems import ProblemKind
from appraisal.domain.refusal import Refusal
from appraisal.domain.review_opinion import Measure, Part, PartRule, ProblemText, measure, percent
from appraisal.domain.selection import share_of
from appraisal.method.schema import Method, PartShare, ReviewOpinion
from appraisal.method.vote_words import Measured
from appraisal.method.words import ProblemPart
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.sitting_tables import ReviewOpinionRow
from appraisal.store.types import JsonObject


def clause_of(campaign: CampaignRow) -> ReviewOpinion:
    """What the method says of opinions, or Refusal ``review_opinion.not_in_method``."""
    clause = method_of(campaign).review_opinion
    if clause is None:
        raise Refusal("review_opinion.not_in_method", campaign=campaign.title)
    return clause


def review_opinion_by(session: Session, identifier: UUID) -> ReviewOpinionRow:
    """That version of an opinion, its campaign held by whoever writes; or Refusal ``review_opinion.unknown``."""
    its_campaign = select(CampaignRow.slug).join(ReviewOpinionRow, ReviewOpinionRow.campaign_id == CampaignRow.id)
    slug = session.scalar(its_campaign.where(ReviewOpinionRow.id == identifier))
    if slug is None:
        raise Refusal("review_opinion.unknown")
    campaign_by(session, slug)
    return session.get_one(ReviewOpinionRow, identifier)


def newest_of(session: Session, campaign: CampaignRow) -> dict[UUID, ReviewOpinionRow]:
    """The version that counts, by the id of its unit: the last that was drafted."""
    last = select(ReviewOpinionRow.unit_id, func.max(ReviewOpinionRow.version).label("version"))
    last_ones = last.where(ReviewOpinionRow.campaign_id == campaign.id).group_by(ReviewOpinionRow.unit_id).subquery()
    same = (ReviewOpinionRow.unit_id == last_ones.c.unit_id) & (ReviewOpinionRow.version == last_ones.c.version)
    query = select(ReviewOpinionRow).join(last_ones, same).where(ReviewOpinionRow.campaign_id == campaign.id)
    return {row.unit_id: row for row in session.scalars(query)}


def newest(session: Session, campaign: CampaignRow, unit: UnitRow) -> ReviewOpinionRow | None:
    """The version that counts for one unit."""
    return newest_of(session, campaign).get(unit.id)


def versions_of(session: Session, row: ReviewOpinionRow) -> Sequence[ReviewOpinionRow]:
    """Every version of the same opinion, the newest first."""
    same = (ReviewOpinionRow.campaign_id == row.campaign_id, ReviewOpinionRow.unit_id == row.unit_id)
    return session.scalars(select(ReviewOpinionRow).where(*same).order_by(ReviewOpinionRow.version.desc())).all()


def signs_for_opinion(row: ObligationRow) -> bool:
    """Whether it is the obligation by which a unit signs for the opinion on it."""
    clause = method_of(row.campaign).review_opinion
    return clause is not None and clause.duty == row.key and row.unit_id is not None


def opinion_signed_for(session: Session, row: ObligationRow) -> ReviewOpinionRow | None:
    """The opinion that was delivered to the unit of such an obligation."""
    delivered = ReviewOpinionRow.status == ReviewOpinionStatus.DELIVERED
    theirs = (ReviewOpinionRow.campaign_id == row.campaign_id, ReviewOpinionRow.unit_id == row.unit_id)
    return session.scalar(select(ReviewOpinionRow).where(*theirs, delivered)) if signs_for_opinion(row) else None


def achievements_of(row: ReviewOpinionRow) -> list[str]:
    return [str(each["text"]) for each in row.achievements]


def problems_of(row: ReviewOpinionRow) -> list[ProblemText]:
    return [
        ProblemText(
            each["text"], each["aim"], date.fromisoformat(each["due_on"]) if each["due_on"] else None, each["number"]
        )
        for each in row.problems
    ]


def in_store(achievements: Sequence[str], problems: Sequence[ProblemText]) -> tuple[list[JsonObject], list[JsonObject]]:
    """Both parts as a row keeps them."""
    listed = [
        {"text": each.text, "aim": each.aim, "due_on": str(each.due_on or ""), "number": each.number}
        for each in problems
    ]
    return [{"text": text} for text in achievements], listed


def digest_of(campaign: CampaignRow, unit: UnitRow, version: int, parts: tuple[object, object]) -> str:
    """What an approval is bound to: this version, on this unit, with these words."""
    whole = {"campaign": campaign.slug, "unit": unit.code, "version": version}
    return digest(whole | {"achievements": parts[0], "problems": parts[1]})


def prefilled(session: Session, campaign: CampaignRow, unit: UnitRow) -> list[ProblemText]:
    """What the problem list knows of the unit and is not closed out, as the first draft words it."""
    theirs = (ProblemRow.campaign_id == campaign.id, ProblemRow.unit_id == unit.id)
    open_ones = (ProblemRow.kind == ProblemKind.PROBLEM, ProblemRow.status.in_(OPEN_PROBLEM))
    rows = session.scalars(select(ProblemRow).where(*theirs, *open_ones).order_by(ProblemRow.number))
    return [ProblemText(row.title, row.aim, row.due_on, row.number) for row in rows]


def measure_of(method: Method, achievements: Sequence[str], problems: Sequence[ProblemText]) -> Measure:
    """The exact shares of both parts, against what the method asks of them."""
    clause = method.review_opinion
    rules = (_rule(clause.achievements), _rule(clause.problems)) if clause else (None, None)
    by_items = clause is not None and clause.measured is Measured.ITEMS
    return measure(achievements, problems, by_items=by_items, rules=rules)


def measured_words(method: Method, found: Measure) -> dict[str, str]:
    """One sentence for each part: how much, what share, and what it must be."""
    by = method.review_opinion.measured if method.review_opinion else Measured.CHARACTERS
    parts = {"achievements": found.achievements, "problems": found.problems}
    return {name: _said(name, part, by) for name, part in parts.items()}


def lacking(method: Method, achievements: Sequence[str], problems: Sequence[ProblemText]) -> list[str]:
    """Everything that keeps an opinion from being approved, in words."""
    found = measure_of(method, achievements, problems)
    words = measured_words(method, found)
    parts: Mapping[str, Part] = {"achievements": found.achievements, "problems": found.problems}
    lacks = [words[name] for name, part in parts.items() if not part.met]
    needed = set(method.problems.complete) if method.problems else set()
    for position, problem in enumerate(problems, start=1):
        if ProblemPart.AIM in needed and not problem.aim:
            lacks.append(phrase("review_opinion.lacks_aim", position=position))
        if ProblemPart.DUE in needed and problem.due_on is None:
            lacks.append(phrase("review_opinion.lacks_due", position=position))
    return lacks


def _rule(part: PartShare | None) -> PartRule | None:
    return PartRule(share_of(part.share), part.boundary.value) if part else None


def _said(name: str, part: Part, by: Measured) -> str:
    line = part.rule.share if part.rule else None
    return phrase(
        "review_opinion.measured",
        part=phrase(f"review_opinion.part.{name}"),
        amount=part.amount,
        by=by.value,
        share=percent(part.share, line) if part.share is not None else "",
        wanted=phrase(f"review_opinion.bound.{part.rule.bound}", line=percent(part.rule.share)) if part.rule else "",
    )
