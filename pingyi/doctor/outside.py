"""What the installation meets: its ports, the Prefect server, and the people who must hold the roles."""

from collections.abc import Iterator
from http.client import HTTPException

from filelock import FileLock, Timeout
from sqlalchemy import select

from appraisal import clock
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.campaigns import unheld_roles
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.store.campaign_tables import CampaignRow
from pingyi import embedded
from pingyi.children import DIRECT
from pingyi.doctor.findings import Check, Checks, Patient, State, found
from pingyi.watch import Listener, check_free

PATIENCE = 3


def ports(patient: Patient) -> Checks:
    running = _is_running(patient)
    for listener in embedded.listeners(patient.office.settings):
        yield _port(listener, running=running)


def prefect(patient: Patient) -> Checks:
    settings = patient.office.settings
    own = settings.prefect_api_url is None
    if _answers(f"{settings.prefect_api}/health"):
        yield found("prefect", State.OK, "fine", url=settings.prefect_api)
    elif own and not _is_running(patient):
        yield found("prefect", State.OK, "stopped")
    else:
        yield found("prefect", State.WRONG, "silent", url=settings.prefect_api, own=own)


def roles(patient: Patient) -> Checks:
    if not patient.readable:
        return
    with patient.office.desk("doctor", clock.now()) as desk:
        running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING)
        campaigns = list(desk.session.scalars(running.order_by(CampaignRow.slug)))
        if not campaigns:
            yield found("roles", State.OK, "none")
        for campaign in campaigns:
            yield from _roles_of(desk, campaign)


def _roles_of(desk: Desk, campaign: CampaignRow) -> Iterator[Check]:
    units = [target.unit for target in campaign.targets]
    gaps = unheld_roles(desk, method_of(campaign), units, desk.now.date())
    for gap in gaps:
        state = State.WRONG if gap.needed else State.CARE
        yield found("roles", state, "unheld", campaign=campaign.title, role=gap.title, unit=gap.unit)
    if not gaps:
        yield found("roles", State.OK, "fine", campaign=campaign.title)


def _port(listener: Listener, *, running: bool) -> Check:
    facts = {"port": listener.port, "host": listener.host, "setting": listener.setting}
    try:
        check_free(listener)
    except Refusal:
        return found("ports", State.OK if running else State.WRONG, "ours" if running else "taken", **facts)
    return found("ports", State.OK, "free", **facts)


def _is_running(patient: Patient) -> bool:
    """Whether `pingyi up` holds its lock on this data folder."""
    file = patient.office.settings.home / "up.lock"
    if not file.exists():
        return False
    try:
        with FileLock(file, timeout=0):
            return False
    except Timeout:
        return True


def _answers(url: str) -> bool:
    try:
        with DIRECT.open(url, timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except (OSError, HTTPException):
        return False
