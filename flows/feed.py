"""Facts as Prefect events, for others to hang automations on: ``pingyi.<subject>.<action>``.

A convenience, never the carrier of a deadline.  An event's id is made from the hash of its fact, so that one
told twice is one event.
"""

import json
from uuid import NAMESPACE_URL, uuid5

from prefect.events import emit_event

from appraisal.operations.feed import Told
from tasks.feed import told, untold_facts

BATCH = 200


def emit_facts() -> int:
    """Emit every fact that has not been emitted; how many there were."""
    count = 0
    while facts := untold_facts(BATCH):
        for fact in facts:
            _emit(fact)
        told(facts[-1].seq)
        count += len(facts)
    return count


def _emit(fact: Told) -> None:
    subject, _, action = fact.action.partition(":")
    emit_event(
        event=f"pingyi.{subject}.{action}",
        resource={"prefect.resource.id": f"pingyi.{fact.subject.replace(':', '.')}", "pingyi.campaign": fact.chain},
        payload={"at": fact.at.isoformat(), **json.loads(fact.payload)},
        id=uuid5(NAMESPACE_URL, fact.hash),
    )
