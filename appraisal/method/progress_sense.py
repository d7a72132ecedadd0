"""Whether tracks can be told apart by the classes of problems, and whether progress is asked for where there is any."""

from collections.abc import Iterator

from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc
from appraisal.method.investigation import Problems
from appraisal.method.rectification import Track
from appraisal.method.schema import Method
from appraisal.method.sequence import anchor, done, due, duties
from appraisal.method.words import Act, OwedBy

ABOUT_PROBLEMS = frozenset({OwedBy.EACH_PROBLEM, OwedBy.EACH_SUPPORTING, OwedBy.EACH_CLOSED})
_OF_UNITS = ABOUT_PROBLEMS - {OwedBy.EACH_CLOSED}


def faults_of_progress(method: Method) -> Iterator[Found]:
    """Every track that no problem can be on, and every duty that asks for a track or a progress it cannot have."""
    if method.problems:
        for position, track in enumerate(method.problems.tracks):
            yield from _classes(method.problems, track, ("problems", "tracks", position, "of"))
            yield from _order(method.problems, position)
    for loc, _, duty in duties(method):
        yield from _duty(duty, loc)
        yield from _waits_on_its_tracks(method, duty, loc)


def _waits_on_its_tracks(method: Method, duty: Duty, loc: Loc) -> Iterator[Found]:
    """What waits for a duty that is not owed for every problem that it is owed for itself would never get a date."""
    event = anchor(duty.due)
    if method.problems is None or event is None or duty.owed_by not in ABOUT_PROBLEMS:
        return
    titles = {track.key: track.title for track in method.problems.tracks}
    for awaited in (each for _, _, each in duties(method) if each.tracks and each is not duty):
        missing = [titles[key] for key in titles if key in (duty.tracks or titles) and key not in awaited.tracks]
        if missing and event in (*done(awaited), due(awaited.key)):
            facts = {"event": event, "duty": duty.title, "awaited": awaited.title, "tracks": missing}
            yield Found((*loc, "due", "after" if duty.due.after else "before"), "waits-off-track", facts)


def _classes(problems: Problems, track: Track, loc: Loc) -> Iterator[Found]:
    axes = {axis.key: axis for axis in problems.axes}
    for key, value in track.of.items():
        if key not in axes:
            yield Found((*loc, key), "track-axis", {"track": track.title, "axis": key, "known": list(axes)})
            continue
        known = [each.key for each in axes[key].values]
        if value not in known:
            facts = {"track": track.title, "axis": axes[key].title, "value": value, "known": known}
            yield Found((*loc, key), "track-value", facts)


def _order(problems: Problems, position: int) -> Iterator[Found]:
    """Of several tracks that fit the first counts, so a narrower one has to stand before a wider one."""
    track = problems.tracks[position]
    wider = [each for each in problems.tracks[:position] if each.of.items() <= track.of.items()]
    if wider:
        facts = {"track": track.title, "before": wider[0].title}
        yield Found(("problems", "tracks", position), "track-unreachable", facts)


def _duty(duty: Duty, loc: Loc) -> Iterator[Found]:
    facts = {"duty": duty.title}
    if duty.tracks and duty.owed_by not in ABOUT_PROBLEMS:
        yield Found((*loc, "tracks"), "tracks-no-problem", facts)
    if not duty.progress:
        return
    if duty.owed_by not in _OF_UNITS:
        yield Found((*loc, "progress"), "progress-no-problem", facts)
    elif duty.does is not Act.SUBMIT:
        yield Found((*loc, "progress"), "progress-no-paper", facts)
