"""Schema parts whose rules come with later capabilities: extension and livelihood.

They are here so that a method can already be written down in full; using one is refused as not supported yet.
"""

from typing import Annotated

from pydantic import Field

from appraisal.method.base import Clause, EventRef, RoleRef, SpanText, Text
from appraisal.method.vote_words import Boundary, Marking


class Extension(Clause):
    """Who may grant more time, how much, counted from where, and how late one may ask (difference 17)."""

    consent: RoleRef
    ceiling: SpanText
    counted_from: EventRef
    asked_before: SpanText
    times: Annotated[int, Field(ge=1)] = 1


class Livelihood(Clause):
    """The deputies' vote on livelihood projects (difference 22)."""

    choose: Annotated[int, Field(ge=1)]
    candidates: Annotated[int, Field(ge=1)]
    surplus: Annotated[str, Field(pattern=r"^\d+%$")] | None = None
    marking: Marking
    boundary: Boundary
    reserve: Annotated[int, Field(ge=0)] = 0
    shortfall: Text | None = None
    change_decided_by: RoleRef | None = None
