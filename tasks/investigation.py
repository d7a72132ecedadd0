"""Reading what investigations have brought."""

from datetime import datetime

from appraisal import clock
from appraisal.operations import inquiry_figures, self_review
from appraisal.operations.inquiry_figures import Figures
from appraisal.operations.loading import campaign_by
from appraisal.operations.self_review import Comparison
from tasks.step import office, step


@step("汇总调研情况")
def figures_now(campaign: str) -> tuple[Figures, datetime]:
    """What a campaign has brought so far, and when that was."""
    now = clock.now()
    with office().store.reading() as session:
        return inquiry_figures.figures(session, campaign, now), now


@step("比对自查和他查")
def comparison_now(campaign: str) -> tuple[str, Comparison | None]:
    """The title of a campaign, and what its units found themselves beside what others found, if they are to look."""
    with office().store.reading() as session:
        row = campaign_by(session, campaign)
        found = self_review.comparison(session, row) if self_review.is_foreseen(row) else None
        return row.title, found
