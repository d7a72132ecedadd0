from datetime import date
from pathlib import Path

import pytest

from appraisal.domain.timeliness import Timeliness
from appraisal.method import load
from appraisal.method.load import Edition
from appraisal.operations import campaigns, phases, planning
from appraisal.operations.campaigns import Started, Unheld
from appraisal.operations.library import choices
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.overview import overview
from appraisal.operations.patrol import Rounds
from appraisal.settings import Settings
from appraisal.store.campaign_tables import CampaignRow
from tests.operations.world import LANXI, Campaign, close_everything, edition, instant, refused, running

DAY = date(2023, 8, 28)
TITLE = "2023年部门工作评议"
UNITS = ("jyj", "市科学技术局")


def start(office: Office, slug: str, *units: str, starts_on: date = DAY, method: str = "small") -> Started:
    written = edition(LANXI) if method == "lanxi" else edition()
    with office.desk("cli", instant("2023-08-20T10:00")) as desk:
        return campaigns.start(desk, written, slug, TITLE, starts_on, units)


def row(office: Office, slug: str) -> CampaignRow:
    with office.store.reading() as session:
        return campaign_by(session, slug)


def test_start_pins_the_method_and_plans_every_phase(office: Office) -> None:
    assert start(office, "pinned", *UNITS) == Started("pinned", TITLE, ())
    pinned = Campaign(office, "pinned")
    assert (row(office, "pinned").digest, row(office, "pinned").status) == (edition().digest, "running")
    windows = {key: pinned.phase(key) for key in ("prepare", "rectify", "publish")}
    assert {key: (phase.status, phase.opens_on, phase.closes_on) for key, phase in windows.items()} == {
        "prepare": ("planned", DAY, date(2023, 9, 18)),
        "rectify": ("planned", DAY, date(2023, 12, 28)),
        "publish": ("planned", date(2023, 12, 28), date(2024, 1, 4)),
    }
    (started,) = pinned.facts("campaign:started")
    assert started == {"method": edition().digest, "units": ["jyj", "kjj"], "starts_on": "2023-08-28"}


def test_same_start_again_does_nothing(office: Office) -> None:
    first = start(office, "again", *UNITS)
    before = Campaign(office, "again").facts("campaign:started", "phase:planned", "event:set")
    assert start(office, "again", *UNITS) == first
    assert Campaign(office, "again").facts("campaign:started", "phase:planned", "event:set") == before


@pytest.mark.parametrize(
    ("units", "starts_on", "method"),
    [(("jyj",), DAY, "small"), (UNITS, date(2023, 8, 29), "small"), (UNITS, DAY, "lanxi")],
)
def test_other_start_under_the_same_name_is_refused(
    office: Office, units: tuple[str, ...], starts_on: date, method: str
) -> None:
    start(office, "taken", *UNITS)
    with refused("campaign.exists", campaign="taken", title=TITLE):
        start(office, "taken", *units, starts_on=starts_on, method=method)


def test_name_of_the_registers_chain_is_refused(office: Office) -> None:
    with refused("campaign.reserved", campaign="register"):
        start(office, "register", *UNITS)


def test_start_without_units_or_with_one_twice_or_unknown_is_refused(office: Office) -> None:
    with refused("campaign.no_units"):
        start(office, "none")
    with refused("campaign.unit_twice", units=["市教育局"]):
        start(office, "twice", "jyj", "市教育局", "kjj")
    with refused("unit.unknown", unit="市水务局"):
        start(office, "unknown", "市水务局")


def without(*roles: str) -> Edition:
    """The method with roles that nobody in the register holds."""
    text = edition().text
    for role in roles:
        text = text.replace(f'"{role}"', '"nobody"')
    return load.edition(load.from_text(text))


def test_approval_that_nobody_could_give_is_refused(office: Office) -> None:
    gaps = [{"role": "主任", "unit": ""}]
    with refused("campaign.unheld", gaps=gaps), office.desk("cli", instant("2023-08-20T10:00")) as desk:
        campaigns.start(desk, without("director"), "unheld", TITLE, DAY, UNITS)


def test_duty_that_nobody_could_do_is_refused_with_every_unit(office: Office) -> None:
    gaps = [{"role": "承办人", "unit": unit} for unit in ("市教育局", "市科学技术局")]
    with refused("campaign.unheld", gaps=gaps), office.desk("cli", instant("2023-08-20T10:00")) as desk:
        campaigns.start(desk, without("handler"), "unheld", TITLE, DAY, UNITS)


def test_role_that_is_only_told_of_things_may_be_vacant_and_is_named(office: Office) -> None:
    with office.desk("cli", instant("2023-08-20T10:00")) as desk:
        started = campaigns.start(desk, without("city_committee"), "vacant", TITLE, DAY, UNITS)
    assert started.unheld == (Unheld("nobody", "市委", "", needed=False),)


@pytest.fixture(scope="module")
def closed(office: Office) -> Campaign:
    """A campaign that has run to its end."""
    campaign = running(office, "closed")
    close_everything(campaign)
    return campaign


def test_last_phase_closes_the_campaign_and_withdraws_what_is_left(closed: Campaign) -> None:
    assert (row(closed.office, "closed").status, closed.phase("publish").status) == ("closed", "closed")
    left = {key: closed.row(key, unit).status for key, unit in (("archive", ""), ("agenda", ""), ("feedback", "jyj"))}
    assert left == dict.fromkeys(("archive", "agenda", "feedback"), "withdrawn")
    # The archive, the agenda, and in two units a summary and a feedback.
    assert closed.facts("obligation:withdrawn") == [{"why": "campaign closed"}] * 6
    assert closed.letters("campaign-closed") == ["jyj-head", "kjj-head"]
    assert closed.row("opinion").status == "settled"


def test_closed_campaign_stays_closed(closed: Campaign) -> None:
    assert closed.close("publish", "2023-12-12T09:00") == "closed"
    assert len(closed.facts("campaign:closed")) == 1
    with refused("obligation.illegal", status="withdrawn", action="obligation:fulfilled", possible=[]):
        closed.confirm("archive", "2023-12-12T10:00")
    with refused("result.phase_not_open", phase="整改落实", ballot="整改情况再测评"):
        closed.record_result("2023-12-12T10:00")


def test_closed_campaign_owes_nothing_and_opens_nothing(closed: Campaign) -> None:
    with closed.office.desk("engine", instant("2024-12-31T10:00")) as desk:
        found = overview(desk.session, "closed", desk.now)
        assert phases.ready_to_open(desk, "closed") == []
        assert "closed" not in {view.campaign for view in phases.open_phases(desk.session)}
    assert (found.status, set(found.lights), found.obstacles) == ("closed", {Timeliness.DONE}, ())


def test_closed_campaign_is_neither_chased_nor_replanned_nor_offered(alone: Campaign, tmp_path: Path) -> None:
    close_everything(alone)
    assert alone.patrol("2024-12-31T09:00") == Rounds(0, 0, 0, 0)
    (tmp_path / "local.yaml").write_text("holidays:\n  2024-12-31: 建市纪念日\n", encoding="utf-8")
    settings = Settings(home=alone.office.settings.home, local_holidays=tmp_path / "local.yaml")
    local = Office(settings, alone.office.store)
    with local.desk("engine", instant("2024-12-31T10:00")) as desk:
        assert planning.replan_for_calendar(desk) == []
        assert choices(desk.session, local).campaigns == ()
