"""The boards in the staff's screen: one overview a campaign, published again when it says something new."""

from prefect.artifacts import Artifact, create_markdown_artifact

from appraisal.domain.digest import digest
from flows.papers import board_key, overview_board
from tasks.boards import overview_now, running_campaigns


def publish_overviews() -> int:
    """Publish the overview of every running campaign; how many said something new."""
    return sum(publish_overview(slug) for slug in running_campaigns())


def publish_overview(campaign: str) -> bool:
    """Publish the overview of a campaign, unless the one that stands says the same."""
    overview, now = overview_now(campaign)
    key, content = board_key(campaign), digest(overview)
    standing = Artifact.get(key)
    if standing is not None and f"<!-- {content} -->" in str(getattr(standing, "data", "")):
        return False
    markdown = f"{overview_board(overview, now)}\n<!-- {content} -->\n"
    create_markdown_artifact(markdown, key=key, description=f"{overview.title}：总览")
    return True
