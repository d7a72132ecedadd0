"""Tracks of problems (立行立改、限期整改、长期整改): on which one a problem is, and what is owed on it."""

from collections.abc import Collection, Mapping, Sequence

from appraisal.method.duties import Duty
from appraisal.method.rectification import Track
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import Act, Moment, OwedBy
from appraisal.store.problem_tables import ProblemRow


def track_of(method: Method, row: ProblemRow) -> Track | None:
    """The first track whose classes the problem all has; None where it is on none."""
    return track_among(method.problems.tracks if method.problems else [], dict(row.classes))


def track_among(tracks: Sequence[Track], classes: Mapping[str, str]) -> Track | None:
    """The first of the tracks whose classes are all among these; None where there is none."""
    return next((track for track in tracks if track.of.items() <= classes.items()), None)


def is_on_track(method: Method, duty: Duty, row: ProblemRow) -> bool:
    """Whether the duty is owed for problems on the track of this one."""
    return not duty.tracks or is_on_one_of(method, duty.tracks, row)


def is_dated(method: Method, row: ProblemRow) -> bool:
    """Whether the method itself counts by when the problem is to be solved, so that nobody need write a date for it."""
    solving = [duty for duty in solves(method) if duty.accepted_by and is_on_track(method, duty, row)]
    return bool(solving) and not any(duty.due.at is Moment.DECIDED for duty in solving)


def solves(method: Method) -> list[Duty]:
    """What a lead unit hands in once for each problem."""
    owed = [duty for _, _, duty in duties(method) if duty.owed_by is OwedBy.EACH_PROBLEM]
    return [duty for duty in owed if duty.does is Act.SUBMIT and not duty.rhythm]


def is_on_one_of(method: Method, tracks: Collection[str], row: ProblemRow) -> bool:
    """Whether the problem is on one of these tracks."""
    track = track_of(method, row)
    return track is not None and track.key in tracks


def is_handed_on(method: Method, row: ProblemRow) -> bool:
    """Whether the track of the problem lets it go on into next year's follow-up."""
    track = track_of(method, row)
    return track is not None and track.handed_on
