"""The papers on the staff's screen: what is approved, and where a campaign stands, as markdown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appraisal.domain.comparison import percent
from appraisal.domain.gate import DutyState, Obstacle, lasting
from appraisal.domain.lifecycle import OPEN_OBLIGATION
from appraisal.domain.timeliness import Timeliness
from appraisal.notices.wording import day, instant, phrase
from appraisal.operations.closings import Closing
from appraisal.operations.inquiry_figures import Figures
from appraisal.operations.intake_figures import Line
from appraisal.operations.overview import Overview
from appraisal.operations.self_review import Comparison
from appraisal.operations.signed import ToSign
from appraisal.operations.stalls import StallLine, counts
from appraisal.operations.weekly_brief import next_in_words
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
_HARMLESS = str.maketrans("|[]<>`", "｜［］＜＞｀")
BAR, WIDEST = "▇", 20


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
    boards = {kind: board_key(kind, closing.campaign) for kind in ("overview", "intake")}
    return _render("closing.md.j2", **facts, duties=_counted(brief.duties), obstacle=_status, boards=boards)


def board_key(kind: str, campaign: str) -> str:
    """The key of a campaign's board; the engine takes lower-case letters, digits and dashes only."""
    return f"{kind}-{campaign.replace('_', '-')}"


def told_lastingly(overview: Overview) -> Overview:
    """The overview without how far its goals are: a board that is kept must not tell when somebody answered."""
    return replace(overview, obstacles=tuple((title, lasting(item)) for title, item in overview.obstacles))


def overview_board(overview: Overview, now: datetime) -> str:
    """Where a campaign stands at ``now``."""
    lights = [(light, overview.lights[light]) for light in Timeliness if overview.lights[light]]
    return _render("overview.md.j2", overview=overview, now=now, lights=lights, mark=MARK)


def inquiry_board(figures: Figures, now: datetime) -> str:
    """What an investigation has brought up to ``now``."""
    days = [bar for _, _, bar in _bars([("", batch.count) for batch in figures.opinions.days])]
    return _render("intake.md.j2", figures=figures, now=now, bars=_bars, day_bars=days)


def comparison_board(title: str, found: Comparison) -> str:
    """What the units found themselves beside what others found."""
    return _render("comparison.md.j2", title=title, found=found, percent=percent)


def stalled_board(campaign: str, title: str, lines: Sequence[StallLine], now: datetime, portal: str) -> str:
    """What stands still at ``now``, since when, and who is told next; links lead to the ``portal``."""
    following = [next_in_words(line) for line in lines]
    facts = {"title": title, "lines": lines, "counts": counts(lines), "next": following}
    return _render("stalled.md.j2", **facts, now=now, portal=portal, page=f"{portal}/campaigns/{campaign}/stalled")


def extension_paper(paper: ToSign, note: str) -> str:
    """A petition for more time, as its decider reads it above the form."""
    labels = ("unit", "what", "before", "until", "said", "by")
    return _to_sign("extension", paper, labels, note)


def second_hand_paper(paper: ToSign, note: str) -> str:
    """What was verified, as whoever closes out reads it above the form."""
    labels = ("unit", "what", "by", "manner", "verified_on", "said", "missing")
    return _to_sign("closing", paper, labels, note)


def relapse_paper(paper: ToSign, note: str) -> str:
    """A closed problem, as whoever opens it again reads it above the form."""
    return _to_sign("relapse", paper, ("unit", "what", "by", "closed_on", "said"), note)


def _to_sign(kind: str, paper: ToSign, labels: Sequence[str], note: str) -> str:
    days = ("before", "until", "verified_on", "closed_on")
    told = {name: day(found) for name in days if (found := getattr(paper, name))}
    told |= {"unit": paper.unit, "what": paper.what, "said": paper.said, "by": paper.by}
    told |= {"manner": phrase(f"problem.manner.{paper.manner}") if paper.manner else ""}
    told |= {"missing": "、".join(paper.missing)}
    lines = [(phrase(f"signing.{kind}.{label}"), told.get(label, "")) for label in labels]
    wording = {"heading": phrase(f"signing.{kind}.title"), "ask": phrase(f"signing.{kind}.ask")}
    return _render("signing.md.j2", paper=paper, lines=lines, note=note, **wording)


def _bars(lines: Sequence[Line]) -> list[tuple[str, str, str]]:
    """Label, figure and a bar of text; a hidden figure has no bar."""
    longest = max((count for _, count in lines if count), default=0) or 1
    return [
        (label, phrase("figure.hidden") if count is None else str(count), BAR * round((count or 0) * WIDEST / longest))
        for label, count in lines
    ]


def _counted(duties: tuple[DutyState, ...]) -> list[DutyCount]:
    total = Counter(duty.title for duty in duties)
    left = Counter(duty.title for duty in duties if duty.status in OPEN_OBLIGATION)
    return [DutyCount(title, count, count - left[title]) for title, count in total.items()]


def _status(item: Obstacle) -> str:
    return phrase(f"board.{item.code}", what=item.what, status=item.status)


def _render(template: str, **facts: object) -> str:
    return _environment().get_template(template).render(**facts)


def _cell(text: str) -> str:
    """What people wrote, so that it breaks no row of a table and is no link of theirs."""
    return " ".join(text.split()).translate(_HARMLESS)


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(root() / "templates" / "boards")
    environment = Environment(loader=folder, undefined=StrictUndefined, autoescape=False)  # noqa: S701 - markdown
    environment.filters |= {"day": day, "instant": instant, "cell": _cell}
    environment.globals["phrase"] = phrase
    return environment
