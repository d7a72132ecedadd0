"""Tracks of problems (立行立改、限期、长期): computed from the classes of a problem, never stored."""

from appraisal.method.duties import Duty
from appraisal.method.rectification import Track
from appraisal.method.schema import Method
from appraisal.store.problem_tables import ProblemRow


def track_of(method: Method, row: ProblemRow) -> Track | None:
    """The first track whose classes all fit the problem; None where the method knows none that does."""
    tracks = method.problems.tracks if method.problems else []
    return next((track for track in tracks if track.of.items() <= dict(row.classes).items()), None)


def on_track(method: Method, duty: Duty, row: ProblemRow) -> bool:
    """Whether a duty about problems is owed for this one."""
    track = track_of(method, row)
    return not duty.tracks or (track is not None and track.key in duty.tracks)
