from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from appraisal.operations import planning
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.places import root
from appraisal.settings import Settings
from appraisal.store.work import Store
from tests.operations.world import Campaign, instant, open_office, running

SPRING_FESTIVAL = "".join(f"  2027-02-{day:02}: 春节\n" for day in range(5, 13))
PUBLISHED = f"year: 2027\npublished: true\nsource: 测试\nholidays:\n{SPRING_FESTIVAL}workdays: [2027-02-20]\n"
LOCAL = "holidays:\n  2023-10-31: 建市纪念日\n"


def with_2027(folder: Path) -> Path:
    """The calendars as shipped, and the notice for 2027."""
    copytree(root() / "config/calendars", folder)
    (folder / "cn-2027.yaml").write_text(PUBLISHED, encoding="utf-8")
    return folder


@pytest.fixture
def provisional(store: Store, home: Path) -> Campaign:
    """Begun on Wednesday, 20 January 2027, before the notice for the year is out."""
    return running(open_office(store, home, instant("2027-01-20T10:00")), "c2027", ["jyj"], "2027-01-20T10:00")


def replan(campaign: Campaign, at: str) -> list[str]:
    with campaign.office.desk("engine", instant(at)) as desk:
        return planning.replan_for_calendar(desk)


def test_publishing_the_calendar_sets_the_date_for_good_and_tells_who_owes_it(
    provisional: Campaign, tmp_path: Path
) -> None:
    before = provisional.row("opinion")
    assert (before.due_on, before.provisional) == (date(2027, 1, 27), True)
    assert provisional.phase("rectify").provisional
    provisional.set_event("visit", "2027-01-20", "2027-01-21T10:00", "jyj")
    assert provisional.row("feedback").due_on == date(2027, 2, 9)
    settings = Settings(home=provisional.office.settings.home, calendars=with_2027(tmp_path / "calendars"))
    published = Campaign(Office(settings, provisional.office.store), "c2027")
    assert [replan(published, at) for at in ("2027-01-22T10:00", "2027-01-22T10:05")] == [["c2027"], []]
    rows = {key: published.row(key) for key in ("opinion", "feedback")}
    assert {key: (row.due_on, row.provisional) for key, row in rows.items()} == {
        "opinion": (date(2027, 1, 27), False),
        "feedback": (date(2027, 2, 15), False),
    }
    assert [(fact["old_on"], fact["new_on"]) for fact in published.about("feedback", "obligation:due_moved")] == [
        ("2027-02-09", "2027-02-15")
    ]
    assert published.letters("due-moved") == ["jyj-handler"]
    assert len(published.facts("campaign:replanned")) == 1


def test_calendar_that_stands_replans_nothing(alone: Campaign) -> None:
    assert replan(alone, "2023-09-01T10:00") == []


def test_local_holiday_moves_a_date(alone: Campaign, tmp_path: Path) -> None:
    alone.acknowledge("opinion", "2023-08-31T10:00")
    (tmp_path / "local.yaml").write_text(LOCAL, encoding="utf-8")
    settings = Settings(home=alone.office.settings.home, local_holidays=tmp_path / "local.yaml")
    local = Campaign(Office(settings, alone.office.store), "alone")
    assert replan(local, "2023-09-01T10:00") == ["alone"]
    assert local.row("rectification_report").due_on == date(2023, 11, 1)


def test_desk_keeps_to_the_calendar_that_it_first_looked_at(alone: Campaign, tmp_path: Path) -> None:
    local, holiday = tmp_path / "local.yaml", date(2023, 10, 31)
    local.write_text("{}\n", encoding="utf-8")
    office = Office(Settings(home=alone.office.settings.home, local_holidays=local), alone.office.store)
    with office.desk("engine", instant("2023-09-01T10:00")) as desk:
        before = (desk.office.calendar.is_working(holiday), desk.office.calendar_digest)
        local.write_text(LOCAL, encoding="utf-8")
        assert (desk.office.calendar.is_working(holiday), desk.office.calendar_digest) == before
        assert before[0]
    with office.desk("engine", instant("2023-09-01T10:05")) as desk:
        assert not desk.office.calendar.is_working(holiday)
        assert desk.office.calendar_digest != before[1]


def test_replanning_when_nothing_happened_records_and_tells_nothing(alone: Campaign) -> None:
    alone.acknowledge("opinion", "2023-08-31T10:00")
    before = (alone.facts("obligation:due_set", "obligation:due_moved"), alone.letters("due-set"))
    with alone.office.desk("engine", instant("2023-09-01T10:00")) as desk:
        planning.replan(desk, campaign_by(desk.session, "alone"))
    assert alone.letters("due-moved") == []
    assert (alone.facts("obligation:due_set", "obligation:due_moved"), alone.letters("due-set")) == before
