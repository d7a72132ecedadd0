"""The opinion on a unit as an official paper: what it says of its own stage, its date and its name as a file."""

from appraisal.documents.review_opinion_paper import OpinionPaper, ProblemOnPaper, review_opinion_docx
from appraisal.domain.lifecycle import ReviewOpinionStatus
from appraisal.notices.wording import day, phrase
from appraisal.operations.loading import method_of
from appraisal.operations.review_opinion_views import OpinionView


def opinion_paper(view: OpinionView) -> tuple[str, bytes]:
    """The name of the file and the paper itself."""
    row, unit = view.row, view.row.unit.name
    dated = row.delivered_at or row.approved_at or row.drafted_at
    paper = OpinionPaper(
        title=phrase("review_opinion.paper.title", unit=unit),
        stage=_stage(view),
        unit=unit,
        method=method_of(view.campaign).title,
        achievements=view.words.achievements,
        problems=[
            ProblemOnPaper(each.text, each.aim, day(each.due_on) if each.due_on else "") for each in view.words.problems
        ],
        closing=phrase("review_opinion.paper.closing"),
        body=view.body,
        dated=day(dated.date()),
        digest=row.digest,
    )
    return phrase("review_opinion.paper.name", unit=unit, version=row.version), review_opinion_docx(paper)


def _stage(view: OpinionView) -> str:
    if view.row.status == ReviewOpinionStatus.DELIVERED:
        return ""
    if not view.counts:
        return phrase("review_opinion.paper.stage.followed", newest=view.newest.version)
    return phrase(f"review_opinion.paper.stage.{view.row.status}")
