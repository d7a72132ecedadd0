"""The schema of the livelihood vote, whose rules come with a later capability: it is refused as not supported yet."""

from typing import Annotated

from pydantic import Field

from appraisal.method.base import Clause, RoleRef, Text
from appraisal.method.vote_words import Boundary, Marking


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
