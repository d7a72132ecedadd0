"""Members and units as somebody types them, one a line; and back, to be typed over."""

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.operations.panel_checks import panel_roles
from appraisal.operations.panels import covered
from appraisal.store.panel_tables import PanelRow
from appraisal.store.register_tables import PersonRow

_PARTS = re.compile(r"[\s,，、;；]+")
_LINES = re.compile(r"[\n,，、;；]+")


def read_members(method: Method, text: str) -> list[tuple[str, str, str]]:
    """``张三，组长，主任`` as (name or code, key of the role, title).

    The role may be left out where the method has one alone.  Refusal ``panel.line_unread`` names the line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return [_member(method, number, line) for number, line in lines if line]


def read_units(text: str) -> list[str]:
    """Names or codes of units, one a line or parted by commas."""
    return list(dict.fromkeys(name for each in _LINES.split(text) if (name := each.strip())))


def written_members(session: Session, method: Method, panel: PanelRow) -> str:
    """The members as they would be typed: by name, and by code where several bear the name."""
    roles = panel_roles(method)
    names = [each.person.name for each in panel.members]
    borne = select(PersonRow.name).where(PersonRow.name.in_(names), PersonRow.active).group_by(PersonRow.name)
    shared = set(session.scalars(borne.having(func.count() > 1)))
    return "\n".join(
        f"{each.person.code if each.person.name in shared else each.person.name}"
        f"，{roles.get(each.role, each.role)}，{each.title}"
        for each in panel.members
    )


def written_units(panel: PanelRow) -> str:
    """The units as they would be typed."""
    return "\n".join(unit.name for unit in covered(panel))


def _member(method: Method, number: int, line: str) -> tuple[str, str, str]:
    roles = panel_roles(method)
    keys = {title: key for key, title in roles.items()} | {key: key for key in roles}
    person, *rest = _PARTS.split(line)
    if rest and rest[0] in keys:
        return person, keys[rest[0]], "".join(rest[1:])
    if len(roles) != 1:
        raise Refusal("panel.line_unread", line=number, text=line, known=list(roles.values()))
    return person, next(iter(roles)), "".join(rest)
