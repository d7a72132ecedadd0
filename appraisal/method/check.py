"""All faults of a written method at once: of writing, of shape, of reference, of support and of sense."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appraisal.method.assignment_sense import faults_of_assignment
from appraisal.method.closing_sense import faults_of_closing
from appraisal.method.extension_sense import faults_of_extension
from appraisal.method.faults import Fault, Found, Loc, told
from appraisal.method.holders import faults_of_holders
from appraisal.method.inquiry import faults_of_inquiry
from appraisal.method.ladder_sense import counts_without_firing, faults_of_ladders
from appraisal.method.ladders import Ladder, SharedLadders
from appraisal.method.orders_sense import faults_of_orders
from appraisal.method.phrasing import nearest
from appraisal.method.progress_sense import faults_of_progress
from appraisal.method.projects_sense import faults_of_projects
from appraisal.method.references import Declared, declared, repeated, reserved, unknown
from appraisal.method.schema import Method
from appraisal.method.sense import faults_of_sense, rungs_out_of_order
from appraisal.method.sequence import duties
from appraisal.method.shape import Standing, each, stand
from appraisal.method.source import Source
from appraisal.method.support import unsupported
from appraisal.method.timing import faults_of_timing
from appraisal.method.voting_sense import faults_of_voting

# One fault a place: what is misspelt is not also unknown.
_CASCADES = frozenset({"unknown-reference", "not-supported-word"})
# Faults that say something is absent; where some of it is faulty, it may only have been taken out.
_ABSENT = {
    "gate-no-ballot": "ballots",
    "gate-no-duty": "duties",
    "gate-no-goal": "goals",
    "gate-no-problems": "problems",
    "goal-no-intake": "intake",
    "goal-no-log": "log",
    "intake-no-deputy": "roles",
    "never-happens": "ballots",
    "no-sitting": "events",
    "problem-no-lead": "problems",
    "projects-nowhere": "problems",
    "projects-unwatched": "duties owed_by",
    "selection-lacks": "selection",
    "selection-no-gate": "gate",
    "bands-order": "thresholds",
    "base-missing": "base",
    "channels-sum": "channels",
    "classes-open": "classes",
    "closing-unjudged": "phases accepted_by owed_by",
    "condition-empty": "when",
    "consequence-always": "when",
    "counted-rule": "rule",
    "counts-missing": "counts",
    "entered-channels": "recording",
    "entered-marking": "recording",
    "entered-rule": "recording",
    "failures-no-grades": "grades",
    "known-nothing": "options excluded",
    "marking-stray": "marking",
    "no-ranking": "ranked_by options marking",
    "no-score": "options marking",
    "only-no-repeat": "repeats",
    "otherwise-missing": "otherwise",
    "rounding-open": "rounding",
    "thresholds-none": "thresholds",
    "ties-open": "ties",
    "too-few": "options marking",
    "weights-partly": "weight",
}


@dataclass(frozen=True)
class Checked:
    """The method, None where it has faults, and its faults."""

    method: Method | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Shared:
    """The ladders that all methods may name; ``names`` has those too that are faulty."""

    ladders: Mapping[str, Ladder]
    names: frozenset[str]
    faults: tuple[Fault, ...]


def check_ladders(source: Source) -> Shared:
    """The shared ladders, and every fault of their file."""
    if source.tree is None:
        return Shared({}, frozenset(), _told(source, source.found))
    standing = stand(SharedLadders, source.tree)
    ladders = standing.part.ladders if standing.part else {}
    found = [*source.found, *standing.found, *_from_standing(standing, _rung_orders(ladders))]
    written = source.tree.get("ladders")
    names = frozenset(written if isinstance(written, dict) else ())
    return Shared(ladders, names, _told(source, found))


def check(source: Source, shared: Shared) -> Checked:
    """Every fault of the method and of the shared ladders, and the method where there is none."""
    if source.tree is None:
        return Checked(None, _told(source, source.found))
    standing = stand(Method, resolved(source.tree, shared))
    names = declared(source.tree, shared.names)
    found = [
        *source.found,
        *standing.found,
        *unknown(source.tree, names),
        *repeated(source.tree, source.line),
        *reserved(source.tree, names),
        *unsupported(source.tree),
        *_from_standing(standing, _of_standing(standing.part, names, shared)),
    ]
    faults = (*_told(source, found), *shared.faults)
    return Checked(None if faults else standing.part, faults)


def resolved(tree: dict[str, object], shared: Shared) -> dict[str, object]:
    """The tree with the shared ladders that its duties name; a ladder of its own goes before a shared one."""
    own = tree.get("ladders", {})
    named = [duty.get("ladder") for _, duty in each(tree, "phases", "duties")]
    if not isinstance(own, dict):
        return tree
    lent = {key: ladder.model_dump(mode="json") for key, ladder in shared.ladders.items() if key in named}
    return {**tree, "ladders": lent | own} if lent else tree


def _of_standing(method: Method | None, names: Declared, shared: Shared) -> Iterator[Found]:
    if method is None:
        return
    own = {key: ladder for key, ladder in method.ladders.items() if shared.ladders.get(key) != ladder}
    yield from faults_of_timing(method)
    yield from faults_of_holders(method)
    yield from faults_of_sense(method)
    yield from faults_of_inquiry(method)
    yield from faults_of_progress(method)
    yield from faults_of_projects(method)
    yield from faults_of_voting(method)
    yield from faults_of_ladders(method)
    yield from faults_of_extension(method)
    yield from faults_of_orders(method)
    yield from faults_of_assignment(method)
    yield from faults_of_closing(method)
    yield from _rung_orders(own)
    for loc, _, duty in duties(method):
        if duty.ladder and duty.ladder not in own and duty.ladder in shared.ladders:
            yield from _borrowed(duty.ladder, shared.ladders[duty.ladder], (*loc, "ladder"), names.of("role"))


def _borrowed(key: str, ladder: Ladder, loc: Loc, roles: list[str]) -> Iterator[Found]:
    for role in sorted({role for rung in ladder.rungs for role in rung.tell} - set(roles)):
        yield Found(loc, "ladder-role", {"ladder": key, "role": role, "near": nearest(role, roles)})


def _rung_orders(ladders: Mapping[str, Ladder]) -> Iterator[Found]:
    for key, ladder in ladders.items():
        yield from rungs_out_of_order(ladder, ("ladders", key))
        yield from counts_without_firing(ladder, ("ladders", key))


def _from_standing(standing: Standing[Method] | Standing[SharedLadders], found: Iterable[Found]) -> Iterator[Found]:
    for fault in found:
        absent = {
            *_ABSENT.get(fault.code, "").split(),
            *([fault.facts["name"]] if fault.code == "ballot-lacks" else []),
        }
        if not any(absent & set(faulty.loc) for faulty in standing.found):
            yield Found(standing.origin(fault.loc), fault.code, fault.facts, fault.line)


def _told(source: Source, found: Iterable[Found]) -> tuple[Fault, ...]:
    """In words, each once, in the order of the lines."""
    first: dict[tuple[Loc, int | None], list[Found]] = {}
    for fault in found:
        first.setdefault((fault.loc, fault.line), []).append(fault)
    kept = (fault for faults in first.values() for fault in faults if fault.code not in _CASCADES or fault is faults[0])
    faults = {told(fault, source.file, source.line(fault.loc)) for fault in kept}
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.path, fault.code)))
