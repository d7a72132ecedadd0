"""The sample that a newcomer can look at: a register of invented people, and one campaign."""

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.notices.channels import load_channels
from appraisal.operations.campaigns import start
from appraisal.operations.library import edition_of
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.register import import_register
from appraisal.operations.units import active_units
from appraisal.places import root
from pingyi.installation import ACTOR, open_office
from pingyi.speech import say

METHOD = "lanxi-2023"
SLUG = "sample"


def load_sample() -> None:
    """Import the sample register and start its campaign today; the second time does nothing."""
    with open_office() as office:
        if _is_there(office):
            return
        edition = edition_of(office, METHOD)
        now = clock.now()
        roles = {role.key: role.scope for role in edition.method.roles}
        valid = load_channels(office.settings.channels).accepts
        with office.desk(ACTOR, now) as desk:
            folder = root() / "config" / "sample" / "lanxi"
            import_register(desk.work, office.keyring, folder, now, roles=roles, valid_address=valid)
            units = [unit.code for unit in active_units(desk.session)]
            start(desk, edition, SLUG, edition.method.title, now.date(), units)
        say("cli.sample.done", campaign=SLUG)


def _is_there(office: Office) -> bool:
    with office.store.reading() as session:
        try:
            campaign_by(session, SLUG)
        except Refusal:
            return False
    return True
