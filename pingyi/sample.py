"""The sample that a newcomer can look at: a register of invented people, a campaign, and a vote to practise with."""

import csv
from datetime import timedelta
from pathlib import Path

from appraisal import clock
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.method.words import PointScope
from appraisal.notices.channels import load_channels
from appraisal.notices.wording import phrase
from appraisal.operations.assigning import assign
from appraisal.operations.campaigns import start
from appraisal.operations.identity import person_by_register_code
from appraisal.operations.library import edition_of
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Desk, Office
from appraisal.operations.points import make_points, point_address, points
from appraisal.operations.problems import record
from appraisal.operations.register import import_register
from appraisal.operations.roll import import_roll
from appraisal.operations.sending import personal_link
from appraisal.operations.sittings import SittingDraft, set_sitting
from appraisal.operations.units import active_units
from appraisal.places import root
from pingyi.installation import ACTOR, open_office
from pingyi.paper import keep_private
from pingyi.speech import say

METHOD = "lanxi-2023"
SLUG = "sample"
PRACTICE, PRACTICE_SLUG, PRACTICE_UNITS = "practice-vote", "practice", 3
MENDING, MENDING_SLUG = "practice-rectify", "rectify"
TO_ASSIGN = 2
"""How many problems of the sample are left for the newcomer to assign."""
VISITORS = ("office-1", "director", "fgj-handler", "fgj-head", "jxj-handler")


def load_sample() -> None:
    """Import the sample register and start its campaign today; the second time only says where the way in is."""
    with open_office() as office:
        if not _is_there(office):
            _load(office)
        say("cli.sample.entrances", file=str(_entrances(office)))


def _load(office: Office) -> None:
    edition = edition_of(office, METHOD)
    now = clock.now()
    roles = {role.key: role.scope for role in edition.method.roles}
    valid = load_channels(office.settings.channels).accepts
    with office.desk(ACTOR, now) as desk:
        folder = root() / "config" / "sample" / "lanxi"
        import_register(desk.work, office.keyring, folder, now, roles=roles, valid_address=valid)
        units = [unit.code for unit in active_units(desk.session)]
        start(desk, edition, SLUG, edition.method.title, now.date(), units)
        make_points(desk, SLUG)
        _practise(desk, units[:PRACTICE_UNITS])
        _mend(desk, units[:PRACTICE_UNITS])
    say("cli.sample.done", campaign=SLUG, practice=PRACTICE_SLUG, rectify=MENDING_SLUG)


def _practise(desk: Desk, units: list[str]) -> None:
    """A sitting of today at which a newcomer can check people in, vote on a phone and count."""
    edition = edition_of(desk.office, PRACTICE)
    start(desk, edition, PRACTICE_SLUG, edition.method.title, desk.now.date(), units)
    draft = SittingDraft(
        PRACTICE_SLUG, phrase("cli.sample.sitting"), desk.now.date(), members={"member": 5, "deputy": 3}
    )
    sitting = set_sitting(desk, PRACTICE_SLUG, draft)
    import_roll(desk, sitting.id, phrase("cli.sample.roll"))


def _mend(desk: Desk, units: list[str]) -> None:
    """Problems that are assigned to their units today, but for the last of them."""
    edition, today = edition_of(desk.office, MENDING), desk.office.hours.day_of(desk.now)
    start(desk, edition, MENDING_SLUG, edition.method.title, today, units)
    numbers = []
    for title, unit, supporting, days, term in csv.reader(phrase("cli.sample.problems").splitlines()):
        axis = edition.method.problems.axes[0].title if edition.method.problems else ""
        due_on = today + timedelta(days=int(days))
        draft = Draft(title, unit, classes={axis: term}, supporting=supporting.split(), due_on=due_on)
        numbers.append(record(desk, MENDING_SLUG, draft, Found(FindingKind.ENTERED, title, ACTOR)).number)
    assign(desk, MENDING_SLUG, numbers[:-TO_ASSIGN])


def _entrances(office: Office) -> Path:
    """A file, for this user's eyes alone, with the way in for a few of the invented people."""
    link, path = personal_link(office, clock.now()), office.settings.home / "sample-entrances.txt"
    with office.store.reading() as session:
        people = [person_by_register_code(session, code) for code in VISITORS]
        public = next(
            point for point in points(session, campaign_by(session, SLUG)) if point.scope == PointScope.CAMPAIGN
        )
    lines = [
        phrase(
            "cli.sample.entrance",
            name=person.name,
            role=phrase(f"cli.sample.role.{person.code}"),
            link=link(person.code, person.link_epoch, "/"),
            code=office.keyring.approval_code(person.code, person.code_epoch),
        )
        for person in people
    ]
    lines.append(phrase("cli.sample.public", address=point_address(office.settings.portal, public)))
    keep_private(path, "\n".join(lines))
    return path


def _is_there(office: Office) -> bool:
    with office.store.reading() as session:
        try:
            campaign_by(session, SLUG)
        except Refusal:
            return False
    return True
