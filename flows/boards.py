"""The boards in the staff's screen: published again when they say something new."""

from prefect.artifacts import Artifact, create_markdown_artifact

from appraisal.domain.digest import digest
from appraisal.settings import settings
from flows.papers import (
    board_key,
    comparison_board,
    inquiry_board,
    overview_board,
    stalled_board,
    told_lastingly,
)
from tasks.boards import overview_now, running_campaigns, stalled_now
from tasks.investigation import comparison_now, figures_now


def publish_boards() -> int:
    """Publish the boards of every running campaign; how many said something new."""
    running = running_campaigns()
    publishers = (publish_overview, publish_inquiry, publish_comparison, publish_stalls)
    return sum(publish(slug) for slug in running for publish in publishers)


def publish_overview(campaign: str) -> bool:
    """Publish the overview of a campaign, unless the one that stands says the same."""
    overview, now = overview_now(campaign)
    told = told_lastingly(overview)
    markdown = overview_board(told, now)
    return _publish(board_key("overview", campaign), digest(told), markdown, f"{overview.title}：总览")


def publish_inquiry(campaign: str) -> bool:
    """Publish what the investigation has brought, unless what stands says the same or there is nothing to say."""
    figures, now = figures_now(campaign)
    if figures.is_empty:
        return False
    key, markdown = board_key("intake", campaign), inquiry_board(figures, now)
    return _publish(key, digest(figures), markdown, f"{figures.title}：调研情况")


def publish_comparison(campaign: str) -> bool:
    """Publish what the units found themselves beside what others found, if anything; the same is not said again."""
    title, found = comparison_now(campaign)
    if found is None or not found.problems:
        return False
    key, markdown = board_key("comparison", campaign), comparison_board(title, found)
    return _publish(key, digest(found), markdown, f"{title}：自查比对")


def publish_stalls(campaign: str) -> bool:
    """Publish what stands still, unless what stands says the same; that nothing does is said where something did."""
    title, lines, now = stalled_now(campaign)
    key = board_key("stalled", campaign)
    if not lines and Artifact.get(key) is None:
        return False
    board = stalled_board(campaign, title, lines, now, settings().portal)
    return _publish(key, digest(lines), board, f"{title}：停滞事项")


def _publish(key: str, content: str, markdown: str, description: str) -> bool:
    mark = f"<!-- {content} -->"
    standing = Artifact.get(key)
    if standing is not None and mark in str(getattr(standing, "data", "")):
        return False
    create_markdown_artifact(f"{markdown}\n{mark}\n", key=key, description=description)
    return True
