"""One round of sending: claim in a transaction, carry outside any, settle in another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

from appraisal.notices.channels import load_channels
from appraisal.operations.carrying import Carrier, LinkOf
from appraisal.operations.dispatch import Settled, claim, settle
from appraisal.operations.office import Office
from appraisal.operations.questionnaire_codes import code_of_page

DISPATCH = "engine:dispatch"


def send_waiting(office: Office, now: Callable[[], datetime], limit: int, lease: timedelta) -> Settled | None:
    """Send up to ``limit`` of the messages that may go out; None when there are none.

    ``lease`` is how long a claim is good: a dispatcher that dies leaves its messages to the next one after that.
    """
    with office.desk(DISPATCH, now()) as desk:
        parcels = claim(desk.work, desk.now, limit, lease)
    if not parcels:
        return None
    deliveries = _carrier(office, now(), lease).send_all(parcels)
    with office.desk(DISPATCH, now()) as desk:
        return settle(desk.work, deliveries, desk.now, office.quiet, office.calendar)


def personal_link(office: Office, now: datetime) -> LinkOf:
    """Makes the link that lets one person in, straight to the page where the thing can be done.

    A questionnaire is the exception: its link is the code that the person was issued, and lets nobody in.
    """
    until = now.date() + timedelta(days=office.settings.link_days)

    def link(person_code: str, epoch: int, page: str) -> str:
        if (code := code_of_page(office.keyring, page)) is not None:
            return f"{office.settings.portal}/q/{code}"
        token = office.keyring.link_token(person_code, epoch, until)
        return f"{office.settings.portal}/go/{token}?to={quote(page)}"

    return link


def _carrier(office: Office, now: datetime, lease: timedelta) -> Carrier:
    return Carrier(
        channels=load_channels(office.settings.channels),
        unseal=office.keyring.unseal,
        link_of=personal_link(office, now),
        today=now.date(),
        timeout=office.settings.send_timeout_seconds,
        within=lease.total_seconds() / 2,
    )
