"""What dispatch carries: claimed messages as they leave the transaction, and how each one fared."""

from dataclasses import dataclass, field
from uuid import UUID

from appraisal.notices.delivery import Outcome
from appraisal.store.types import JsonObject


@dataclass(frozen=True)
class Item:
    """One row of the outbox, claimed."""

    id: UUID
    key: str
    template: str
    context: JsonObject
    page: str


@dataclass(frozen=True)
class SealedContact:
    """A way to reach a person, still encrypted."""

    label: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Parcel:
    """What goes to one person at once: one message, or the digest of several."""

    claim: UUID
    person_code: str
    link_epoch: int
    active: bool
    contacts: tuple[SealedContact, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Delivery:
    """How one item fared, and under which label of the person's contacts it went."""

    claim: UUID
    item: Item
    outcome: Outcome
    sent_as: str | None = None
