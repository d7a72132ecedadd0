"""What a rehearsal supposes of an investigation: a panel over all units, and that it finds what it is to find."""

from appraisal.method.load import Edition, edition
from appraisal.method.words import GateRule
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.panel_checks import panel_roles
from appraisal.operations.panels import PanelDraft, set_panel
from appraisal.store.base import identity
from appraisal.store.register_tables import PersonRow

FOUND_BY_PEOPLE = frozenset({GateRule.GOALS_REACHED, GateRule.PROBLEMS_CLASSIFIED, GateRule.TARGETS_CHOSEN})
KEY = "p1"


def supposed(gates: Edition) -> Edition:
    """The edition without the gates that wait for what people find and choose."""
    phases = [
        phase.model_copy(update={"gate": [gate for gate in phase.gate if gate.rule not in FOUND_BY_PEOPLE]})
        for phase in gates.method.phases
    ]
    return edition(gates.method.model_copy(update={"phases": phases}))


def is_supposed(gates: Edition) -> bool:
    """Whether there is anything to suppose."""
    return any(gate.rule in FOUND_BY_PEOPLE for phase in gates.method.phases for gate in phase.gate)


def seat_panel(desk: Desk, slug: str) -> None:
    """One panel, with somebody in every role that sits on panels; none where the method has no such role."""
    campaign = campaign_by(desk.session, slug)
    roles = panel_roles(method_of(campaign))
    if not roles:
        return
    for role, title in roles.items():
        code = _code(role)
        name = phrase("rehearsal.stand_in", unit="", role=title)
        desk.session.add(PersonRow(id=identity("person", code), code=code, name=name))
    desk.session.flush()
    head = next(iter(roles))
    members = [
        (_code(role), role, phrase("rehearsal.panel_head") if role == head else title) for role, title in roles.items()
    ]
    units = [target.unit.code for target in campaign.targets]
    set_panel(desk, slug, PanelDraft(KEY, phrase("rehearsal.panel"), members=members, units=units))


def _code(role: str) -> str:
    return f"panel.{role}"
