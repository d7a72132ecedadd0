"""Whether the rule on more time fits the duties that it lets be extended."""

from collections.abc import Iterator

from appraisal.method.faults import Found
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import OwedBy

_NOT_OF_UNITS = frozenset({OwedBy.BODY, OwedBy.EACH_PANEL, OwedBy.EACH_CLOSED})


def faults_of_extension(method: Method) -> Iterator[Found]:
    """Duties that no unit owes, and consent by the very role that asks."""
    rule = method.extension
    if rule is None:
        return
    known = {duty.key: duty for _, _, duty in duties(method)}
    for position, key in enumerate(rule.duties):
        if key in known and known[key].owed_by in _NOT_OF_UNITS:
            facts = {"duty": known[key].title}
            yield Found(("extension", "duties", position), "extension-not-of-units", facts)
    covered = rule.duties or [key for key, duty in known.items() if duty.owed_by not in _NOT_OF_UNITS]
    asking = [known[key] for key in covered if key in known and known[key].role == rule.consent]
    if asking:
        yield Found(("extension", "consent"), "extension-own-consent", {"duty": asking[0].title})
