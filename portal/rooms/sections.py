"""Where else a campaign's page leads: the parts of its work, as far as its method has them."""

from collections.abc import Collection
from dataclasses import dataclass

from appraisal.method.schema import Method
from appraisal.method.words import PhaseKind, PointScope, Scope, SelectionWay


@dataclass(frozen=True)
class Section:
    """A part of a campaign's work: the end of its address, and the code of its title and of what it is for."""

    key: str
    path: str

    @property
    def title(self) -> str:
        """The code of its title."""
        return f"portal.section.{self.key}"

    @property
    def about(self) -> str:
        """The code of one line on what it is for."""
        return f"portal.section.{self.key}.about"


def sections(method: Method, *, staff: bool, deputy: bool, may: Collection[str] = ()) -> list[Section]:
    """In the order of the work: whom, by whom, what was heard, what was found, what follows.

    ``may`` has ``opinions`` for whoever has a hand in the opinions on the units, ``orders`` for whoever may give one,
    ``stalls`` for whoever may see some of what is stalled, ``ahead`` for whoever may see all of it and what is to come,
    ``costs`` for whoever may see what cost some unit points, ``report`` for whoever may read the final report,
    ``register`` for whoever has something in the register of rectification.
    """
    points = method.intake.points if method.intake else []
    heard = bool(points)
    by_panels = any(role.scope is Scope.PANEL for role in method.roles)
    reviewed = any(phase.kind is PhaseKind.SELF_REVIEW for phase in method.phases)
    again = any(ballot.second_round for ballot in method.ballots)
    found = [
        (method.targets.selection.way is not SelectionWay.NAMED, Section("selection", "selection")),
        (by_panels, Section("panels", "panels")),
        (staff and bool(method.roundups), Section("roundups", "briefs")),
        (staff and bool(method.log), Section("log", "log")),
        (reviewed, Section("self_review", "self-review")),
        (staff and heard, Section("points", "points")),
        (deputy and PointScope.DEPUTY in points, Section("own", "opinions/own")),
        (heard, Section("intake", "intake")),
        (staff and heard, Section("opinions", "opinions")),
        (staff, Section("questionnaires", "questionnaires")),
        (staff, Section("problems", "problems")),
        ("register" in may and not staff, Section("own_problems", "problems")),
        (staff and method.problems is not None, Section("assignments", "assignments")),
        ("register" in may, Section("rectification", "rectification")),
        (staff, Section("ranking", "ranking")),
        ("stalls" in may, Section("stalled", "stalled")),
        ("ahead" in may, Section("forecast", "forecast")),
        (staff, Section("sittings", "sittings")),
        ("opinions" in may, Section("review_opinions", "review-opinions")),
        (bool(method.consequences) or again, Section("consequences", "consequences")),
        ("orders" in may, Section("orders", "orders")),
        (staff, Section("summonses", "summonses")),
        ("costs" in may, Section("points_kept", "points-kept")),
        ("report" in may, Section("report", "report")),
        (staff and method.problems is not None, Section("carried", "carried")),
    ]
    return [section for shown, section in found if shown]
