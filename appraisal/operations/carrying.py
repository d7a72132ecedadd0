"""Carrying claimed parcels to their people: outside any transaction, with as many at once as each channel allows."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from threading import BoundedSemaphore
from time import monotonic

from appraisal.domain.refusal import Refusal
from appraisal.notices import delivery
from appraisal.notices.channels import Channels, Target
from appraisal.notices.delivery import UNTRIED, Outcome, Verdict, permanent
from appraisal.notices.render import DIGEST, Rendered, number, render
from appraisal.operations.parcels import Delivery, Item, Parcel, SealedContact

LinkOf = Callable[[str, int, str], str]
"""From a person's code, their link epoch and a page of the portal to the link that is theirs alone."""

HOME_PAGE = "/"


@dataclass(frozen=True)
class Stop:
    """One contact of a person, unsealed: it lives as long as the sending does."""

    label: str
    target: Target


@dataclass(frozen=True)
class Carrier:
    """How parcels are carried.  What cannot be begun and ended ``within`` so many seconds is handed back untried:
    a parcel is never under way for longer than its claim lasts."""

    channels: Channels
    unseal: Callable[[bytes], str]
    link_of: LinkOf
    today: date
    timeout: float
    within: float

    def send_all(self, parcels: Iterable[Parcel]) -> list[Delivery]:
        """Send every parcel; a channel that hangs holds up its own messages only."""
        routed = [(parcel, self._route(parcel)) for parcel in parcels]
        names = {stop.target.channel for _, stops in routed for stop in stops} | {""}
        round_trip = _Round(self, {name: BoundedSemaphore(self.channels.concurrency(name)) for name in names})
        with ExitStack() as stack:
            pools = {name: stack.enter_context(ThreadPoolExecutor(self.channels.concurrency(name))) for name in names}
            sent: list[Future[list[Delivery]]] = [
                pools[stops[0].target.channel if stops else ""].submit(round_trip.carry, parcel, stops)
                for parcel, stops in routed
            ]
        return [each for future in sent for each in future.result()]

    def compose(self, parcel: Parcel) -> tuple[Rendered | None, list[Item], list[Delivery]]:
        """The message, the items that are in it, and those that could not be worded."""
        worded, faulty = [], []
        for item in parcel.items:
            try:
                worded.append((item, self._word(parcel, item)))
            except Refusal as refusal:
                outcome = permanent(f"template_faulty:{refusal.facts.get('template')}")
                faulty.append(Delivery(parcel.claim, item, outcome))
        items = [item for item, _ in worded]
        if len(worded) < 2:
            return (worded[0][1] if worded else None), items, faulty
        return self._digest(parcel, worded), items, faulty

    def _word(self, parcel: Parcel, item: Item) -> Rendered:
        return render(item.template, item.context, self._link(parcel, item.page), item.key, self.today)

    def _digest(self, parcel: Parcel, worded: Sequence[tuple[Item, Rendered]]) -> Rendered:
        items = [
            {"subject": message.subject, "link": self._link(parcel, item.page), "number": number(item.key)}
            for item, message in worded
        ]
        key = " ".join(sorted(item.key for item, _ in worded))
        return render(DIGEST, {"items": items}, self._link(parcel, HOME_PAGE), key, self.today)

    def _link(self, parcel: Parcel, page: str) -> str:
        return self.link_of(parcel.person_code, parcel.link_epoch, page)

    def _route(self, parcel: Parcel) -> list[Stop]:
        return [Stop(contact.label, self._target(contact)) for contact in parcel.contacts]

    def _target(self, contact: SealedContact) -> Target:
        try:
            return self.channels.target(self.unseal(contact.sealed))
        except Refusal:
            return Target("", "", "key_wrong")


class _Round:
    """One call of ``send_all``: its gates, one a channel, and its deadline."""

    def __init__(self, carrier: Carrier, gates: dict[str, BoundedSemaphore]) -> None:
        self._carrier = carrier
        self._gates = gates
        self._deadline = monotonic() + carrier.within

    def carry(self, parcel: Parcel, stops: Sequence[Stop]) -> list[Delivery]:
        """Word the parcel and try the person's contacts in their order until one takes it."""
        message, items, faulty = self._carrier.compose(parcel)
        if message is None:
            return faulty
        outcome, sent_as = self._try_in_turn(message, parcel, stops)
        return [*faulty, *(Delivery(parcel.claim, item, outcome, sent_as) for item in items)]

    def _try_in_turn(self, message: Rendered, parcel: Parcel, stops: Sequence[Stop]) -> tuple[Outcome, str | None]:
        if not parcel.active or not stops:
            return permanent("no_contact" if parcel.active else "person_inactive"), None
        failed: list[Outcome] = []
        for stop in stops:
            outcome = self._try(message, stop.target)
            if outcome.delivered:
                return outcome, stop.label
            failed.append(outcome)
        return min(failed, key=_hope), None

    def _try(self, message: Rendered, target: Target) -> Outcome:
        if target.fault:
            return permanent(target.fault)
        gate, last_start = self._gates[target.channel], self._deadline - self._carrier.timeout
        if not gate.acquire(timeout=max(0.0, last_start - monotonic())):
            return UNTRIED
        try:
            return delivery.send(target.url, message, self._carrier.timeout) if monotonic() <= last_start else UNTRIED
        finally:
            gate.release()


def _hope(outcome: Outcome) -> int:
    """Of several failures the most hopeful one counts: as long as one contact may work, the message is kept."""
    return (Verdict.PASSING, Verdict.UNTRIED, Verdict.PERMANENT).index(outcome.verdict)
