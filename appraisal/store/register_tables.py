"""The register of the body: units, people, the posts they hold, how to reach them, and who stands in."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base


class UnitRow(Base):
    """A unit that can be appraised, or that holds posts."""

    __tablename__ = "unit"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class PersonRow(Base):
    """A person; raising an epoch revokes every link or code handed out before."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    link_epoch: Mapped[int] = mapped_column(default=0)
    code_epoch: Mapped[int] = mapped_column(default=0)
    wrong_codes: Mapped[int] = mapped_column(default=0)
    contacts: Mapped[list["ContactRow"]] = relationship(order_by="ContactRow.rank", cascade="all, delete-orphan")


class PostRow(Base):
    """A person holding a role, in a unit or (without one) in the body itself."""

    __tablename__ = "post"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]


class ContactRow(Base):
    """One way to reach a person: an Apprise URL or ``channel:address``, encrypted at rest."""

    __tablename__ = "contact"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    rank: Mapped[int]
    label: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class StandInRow(Base):
    """While a person is absent, another acts and is told in their stead."""

    __tablename__ = "stand_in"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    stand_in_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date]
