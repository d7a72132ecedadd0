"""What may not be on a panel: foreign roles, no head or two, units covered twice, members in conflict of interest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.domain.panels import Absence, Conflict, Held, Member, Ties, conflicts, heads
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy, PanelKind, Scope
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.panel_tables import CoverageRow, PanelRow
from appraisal.store.register_tables import PersonRow, PostRow, StandInRow, UnitRow


@dataclass(frozen=True)
class Seated:
    """A member with their row in the register."""

    row: PersonRow
    member: Member


def panel_roles(method: Method) -> dict[str, str]:
    """The roles that sit on panels, with their titles."""
    return {role.key: role.title for role in method.roles if role.scope is Scope.PANEL}


def seated(session: Session, method: Method, members: Iterable[tuple[str, str, str]]) -> list[Seated]:
    """The members as the register knows them; without a title they are called by their role.

    Refusal ``panel.person_unknown``, ``panel.person_ambiguous``, ``panel.role_unknown`` or ``panel.member_twice``.
    """
    found: list[Seated] = []
    roles = panel_roles(method)
    for written, role, title in members:
        row = _person(session, written.strip())
        _is_of_panels(method, role)
        if any((each.row, each.member.role) == (row, role) for each in found):
            raise Refusal("panel.member_twice", person=row.name)
        found.append(Seated(row, Member(row.code, row.name, role, title.strip() or roles[role], roles[role])))
    return found


def check(
    desk: Desk,
    campaign: CampaignRow,
    row: PanelRow | None,
    title: str,
    kind: str,
    members: Sequence[Seated],
    units: Sequence[UnitRow],
) -> None:
    """Refuse a panel that must not be: without title or head, in the way of another one, or partial."""
    if not title:
        raise Refusal("panel.no_title")
    if kind not in set(PanelKind):
        raise Refusal("panel.kind_unknown", kind=kind)
    people = [each.member for each in members]
    _has_one_head(title, people)
    _fills_its_roles(method_of(campaign), title, people)
    _is_alone(desk.session, campaign, row, title, kind, units)
    found = conflicts(people, {unit.code for unit in units}, ties(desk.session, method_of(campaign), desk.now.date()))
    if found:
        raise Refusal("panel.conflict", panel=title, conflicts=[asdict(each) for each in found])


def findings(session: Session, campaign: CampaignRow, panel: PanelRow, on: date) -> list[Conflict]:
    """Conflicts of interest that the register tells of today, whatever it said when the panel was set."""
    members = [Member(each.person.code, each.person.name, each.role, each.title) for each in panel.members]
    units = {each.unit.code for each in panel.coverage}
    return conflicts(members, units, ties(session, method_of(campaign), on)) if panel.active else []


def ties(session: Session, method: Method, on: date) -> Ties:
    """What ties people to units from that day on: posts and arrangements for absences that are not over."""
    roles = {role.key: role.title for role in method.roles}
    posts = (
        select(PersonRow.code, UnitRow.code, UnitRow.name, PostRow.title, PostRow.role)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .join(UnitRow, UnitRow.id == PostRow.unit_id)
        .where(PersonRow.active, or_(PostRow.until.is_(None), PostRow.until >= on))
        .order_by(PersonRow.code, UnitRow.position)
    )
    people = {row.id: row for row in session.scalars(select(PersonRow))}
    absences = session.scalars(select(StandInRow).where(StandInRow.until >= on).order_by(StandInRow.since))
    return Ties(
        [
            Held(person, unit, name, title or roles.get(role, role))
            for person, unit, name, title, role in session.execute(posts)
        ],
        [Absence(people[row.person_id].code, people[row.stand_in_id].code, row.since, row.until) for row in absences],
        {row.code: row.name for row in people.values()},
    )


def _person(session: Session, written: str) -> PersonRow:
    """By code, or by a name that only one bears."""
    wanted = or_(PersonRow.code == written, PersonRow.name == written)
    found = list(session.scalars(select(PersonRow).where(wanted, PersonRow.active).order_by(PersonRow.code)))
    exact = [row for row in found if row.code == written] or found
    if len(exact) > 1:
        raise Refusal("panel.person_ambiguous", person=written, codes=[row.code for row in exact])
    if not exact:
        raise Refusal("panel.person_unknown", person=written)
    return exact[0]


def _is_of_panels(method: Method, role: str) -> None:
    known = panel_roles(method)
    if role not in known:
        raise Refusal("panel.role_unknown", role=role, known=list(known.values()))


def _has_one_head(title: str, members: Sequence[Member]) -> None:
    found = heads(members)
    if not found:
        raise Refusal("panel.no_head", panel=title)
    if len(found) > 1:
        raise Refusal("panel.several_heads", panel=title, heads=found)


def _fills_its_roles(method: Method, title: str, members: Sequence[Member]) -> None:
    """Whatever every panel owes must have somebody on this one who owes it."""
    roles, held = panel_roles(method), {member.role for member in members}
    duties = [duty for phase in method.phases for duty in phase.duties if duty.owed_by is OwedBy.EACH_PANEL]
    missing = dict.fromkeys(roles[duty.role] for duty in duties if duty.role in roles and duty.role not in held)
    if missing:
        raise Refusal("panel.unheld", panel=title, roles=list(missing))


def _is_alone(
    session: Session,
    campaign: CampaignRow,
    row: PanelRow | None,
    title: str,
    kind: str,
    units: Collection[UnitRow],
) -> None:
    """No other panel is called the same; a unit has one panel that comes announced, but an undercover one besides."""
    others = select(PanelRow).where(PanelRow.campaign_id == campaign.id, PanelRow.active)
    for other in session.scalars(others.order_by(PanelRow.position)):
        if row is not None and other.id == row.id:
            continue
        if other.title == title:
            raise Refusal("panel.title_taken", panel=title)
        twice = _covered(session, other, units) if kind == other.kind == PanelKind.PANEL else []
        if twice:
            raise Refusal("panel.covered_already", panel=title, units=twice, other=other.title)


def _covered(session: Session, other: PanelRow, units: Collection[UnitRow]) -> list[str]:
    covered = set(session.scalars(select(CoverageRow.unit_id).where(CoverageRow.panel_id == other.id)))
    return [unit.name for unit in units if unit.id in covered]
