"""The papers on the staff's screen: what is approved, and where a campaign stands, as markdown."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appraisal.domain.gate import DutyState, Obstacle
from appraisal.domain.lifecycle import OPEN_OBLIGATION
from appraisal.domain.timeliness import Timeliness
from appraisal.notices.wording import day, instant, phrase
from appraisal.operations.closings import Closing
from appraisal.operations.overview import Overview
from appraisal.places import root

MARK = {
    "planned": "…",
    "open": "●",
    "closed": "✓",
    "waiting": "…",
    "on_time": "○",
    "near": "◇",
    "due": "◆",
    "overdue": "▲",
    "submitted": "→",
    "done": "✓",
}
"""Signs that every font has; what they stand for is always written beside them."""


@dataclass(frozen=True)
class DutyCount:
    """How far the duties of one kind have got."""

    title: str
    total: int
    done: int


def closing_brief(closing: Closing, note: str) -> str:
    """What an approver reads above the form."""
    brief = closing.brief
    facts = {"brief": brief, "round": closing.round, "digest": closing.digest, "note": note}
    counts = _counted(brief.duties)
    return _render("closing.md.j2", **facts, duties=counts, obstacle=_status, board=board_key(closing.campaign))


def board_key(campaign: str) -> str:
    """The key of a campaign's board; the engine takes lower-case letters, digits and dashes only."""
    return f"overview-{campaign.replace('_', '-')}"


def overview_board(overview: Overview, now: datetime) -> str:
    """Where a campaign stands at ``now``."""
    lights = [(light, overview.lights[light]) for light in Timeliness if overview.lights[light]]
    return _render("overview.md.j2", overview=overview, now=now, lights=lights, mark=MARK)


def _counted(duties: tuple[DutyState, ...]) -> list[DutyCount]:
    total = Counter(duty.title for duty in duties)
    left = Counter(duty.title for duty in duties if duty.status in OPEN_OBLIGATION)
    return [DutyCount(title, count, count - left[title]) for title, count in total.items()]


def _status(item: Obstacle) -> str:
    words = {"gate.duty_open": f"obligation.status.{item.status}", "gate.problem_open": f"problem.status.{item.status}"}
    return phrase(words[item.code]) if item.code in words else "结果未登记"


def _render(template: str, **facts: object) -> str:
    return _environment().get_template(template).render(**facts)


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(root() / "templates" / "boards")
    environment = Environment(loader=folder, undefined=StrictUndefined, autoescape=False)  # noqa: S701 - markdown
    environment.filters |= {"day": day, "instant": instant}
    environment.globals["phrase"] = phrase
    return environment
