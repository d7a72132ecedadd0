"""Intake along the phases: the codes are there when the first phase of it opens, and end with the last."""

from appraisal.domain.lifecycle import PhaseStatus
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.points import close_point, make_points, points


def open_intake(desk: Desk, slug: str, phase: str) -> int:
    """Make the codes that are missing, where opinions are taken during the phase; how many are new."""
    intake = method_of(campaign_by(desk.session, slug)).intake
    if intake is None or phase not in intake.during:
        return 0
    return len(make_points(desk, slug))


def close_intake(desk: Desk, slug: str, phase: str) -> int:
    """Close every code once the last phase of the intake has closed; how many were closed by this."""
    campaign = campaign_by(desk.session, slug)
    intake = method_of(campaign).intake
    if intake is None or phase not in intake.during:
        return 0
    if any(row.status != PhaseStatus.CLOSED for row in campaign.phases if row.key in intake.during):
        return 0
    active = [point for point in points(desk.session, campaign) if point.active]
    for point in active:
        close_point(desk, slug, point.id)
    return len(active)
