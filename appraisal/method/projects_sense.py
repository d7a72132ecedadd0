"""Whether phases about livelihood projects have projects to be about."""

from collections.abc import Iterator

from appraisal.method.faults import Found, words
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import OwedBy, PhaseKind

_ABOUT_PROJECTS = frozenset({PhaseKind.SUPERVISE, PhaseKind.EVALUATE})


def faults_of_projects(method: Method) -> Iterator[Found]:
    """Every phase that supervises or evaluates projects where the method lists none, or where nobody owes anything."""
    asked = any(duty.owed_by is OwedBy.EACH_PROBLEM for _, _, duty in duties(method))
    for position, phase in enumerate(method.phases):
        facts = {"phase": phase.title, "kind": words(f"PhaseKind.{phase.kind}")}
        if phase.kind in _ABOUT_PROJECTS and method.problems is None:
            yield Found(("phases", position, "kind"), "projects-nowhere", facts)
        elif phase.kind is PhaseKind.SUPERVISE and not asked:
            yield Found(("phases", position, "kind"), "projects-unwatched", facts)
