"""Ladders that wait for what happens: each test drives the small method of ``data/pressing.yaml`` through a patrol."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method.load import Edition
from appraisal.method.load import edition as edition_of
from appraisal.method.schema import Method
from appraisal.operations import assigning, duties, problems
from appraisal.operations.dossiers import Dossier, dossier
from appraisal.operations.loading import method_of
from appraisal.operations.office import Office
from appraisal.operations.overview import overview
from appraisal.operations.patrol import Rounds
from appraisal.operations.planning import watch
from appraisal.operations.points_kept import points_kept
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

PRESSING = Path(__file__).parent / "data/pressing.yaml"
SLUGS = count(1)
CARDS = ("first", "second", "third", "strict")


def begun(office: Office, method: Edition | None = None) -> Campaign:
    """Monday, 28 August 2023: the phase is open in one unit; the report is due on Saturday, 28 October."""
    slug = f"ladders{next(SLUGS)}"
    begin(office, method or edition(PRESSING), slug, "2023年部门工作评议", ["jyj"], instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    return Campaign(office, slug)


@pytest.fixture
def campaign(office: Office) -> Iterator[Campaign]:
    """Whatever a test leaves open is waived of its watch, so that the next test's patrol finds its own alone."""
    yield (found := begun(office))
    quiet(found)


def quiet(campaign: Campaign, *keys: str) -> None:
    with campaign.office.desk("engine", instant(STARTS)) as desk:
        rows = desk.session.scalars(select(ObligationRow)).all()
        for row in (row for row in rows if row.campaign.slug == campaign.slug and row.key in (keys or {row.key})):
            row.next_check_at = None


def firings(campaign: Campaign, key: str) -> list[tuple[int, str, bool]]:
    with campaign.office.store.reading() as session:
        mine = select(FiringRow).join(ObligationRow, ObligationRow.id == FiringRow.obligation_id)
        rows = session.scalars(mine.where(ObligationRow.key == key).order_by(FiringRow.at, FiringRow.rung)).all()
        ours = [row for row in rows if session.get_one(ObligationRow, row.obligation_id).campaign.slug == campaign.slug]
        return [(row.rung, row.act, row.passed_over) for row in ours]


def read(campaign: Campaign, key: str, at: str) -> Dossier:
    with campaign.office.store.reading() as session:
        return dossier(session, campaign.office, campaign.duty(key), campaign.person("office-1"), instant(at))


def send_back(campaign: Campaign, day: str, text: str) -> None:
    campaign.submit("report", f"{day}T09:30", text=text)
    campaign.give_back("report", f"{day}T10:00")


def test_silence_fires_so_long_after_the_issue_and_says_why(campaign: Campaign) -> None:
    quiet(campaign, *CARDS)
    assert campaign.row("report").next_check_at == instant("2023-09-17T09:00")
    assert campaign.patrol("2023-09-17T08:59") == Rounds(0, 0, 0, 0)
    assert [campaign.patrol("2023-09-17T09:00") for _ in range(2)] == [Rounds(1, 1, 0, 0), Rounds(0, 0, 0, 0)]
    assert campaign.about("report", "obligation:rung_fired") == [{"rung": 0, "act": "urge", "at": "silent 20d"}]
    assert [row.context["notes"] for _, row in campaign.posted("rung-urge")] == [
        ["执行这一级的原因：连续20日没有任何报送。"]
    ]
    assert campaign.row("report").next_check_at == instant("2023-10-21T09:00")


def test_silence_starts_anew_when_the_paper_comes_back(campaign: Campaign) -> None:
    quiet(campaign, *CARDS)
    send_back(campaign, "2023-09-10", "初稿")
    assert campaign.row("report").next_check_at == instant("2023-09-30T09:00")
    assert campaign.patrol("2023-09-29T09:00") == Rounds(0, 0, 0, 0)
    assert campaign.patrol("2023-09-30T09:00") == Rounds(1, 1, 0, 0)


def test_second_return_is_found_by_the_very_next_patrol_and_passes_over_what_is_below(campaign: Campaign) -> None:
    quiet(campaign, *CARDS)
    send_back(campaign, "2023-09-05", "初稿")
    assert campaign.patrol("2023-09-05T10:01") == Rounds(0, 0, 0, 0)
    send_back(campaign, "2023-09-06", "二稿")
    assert [campaign.patrol("2023-09-06T10:01") for _ in range(2)] == [Rounds(1, 1, 2, 0), Rounds(0, 0, 0, 0)]
    assert firings(campaign, "report") == [(0, "urge", True), (1, "remind", True), (2, "yellow", False)]
    assert campaign.about("report", "obligation:rung_fired") == [
        {"rung": 2, "act": "yellow", "at": "returned 2", "points": 1}
    ]
    assert campaign.letters("rung-yellow") == ["jyj-handler", "jyj-head"]
    assert campaign.row("report").next_check_at == instant("2023-10-29T00:00")


def test_condition_does_not_fire_on_a_paper_that_is_accepted(campaign: Campaign) -> None:
    quiet(campaign, *CARDS)
    send_back(campaign, "2023-09-05", "初稿")
    send_back(campaign, "2023-09-06", "二稿")
    campaign.submit("report", "2023-09-06T10:30", text="三稿")
    campaign.accept("report", "2023-09-06T10:40")
    assert campaign.patrol("2023-12-31T09:00") == Rounds(0, 0, 0, 0)
    assert firings(campaign, "report") == []


def test_second_red_card_of_the_unit_is_pressed_once_and_costs_points(campaign: Campaign) -> None:
    quiet(campaign, "report", "strict")
    for day in ("09-08", "09-18"):
        campaign.patrol(f"2023-{day}T09:00")
    assert [campaign.letters("rung-red"), campaign.letters("rung-list")] == [["jyj-head", "jyj-head"], []]
    assert campaign.patrol("2023-09-18T09:05") == Rounds(1, 1, 0, 0)
    assert [campaign.patrol(f"2023-09-18T09:{minute}").fired for minute in (10, 15)] == [0, 0]
    assert (firings(campaign, "first"), firings(campaign, "second")) == (
        [(0, "red", False)],
        [(0, "red", False), (1, "list", False)],
    )
    assert campaign.letters("rung-list") == ["jyj-head", "office-1", "office-2"]
    assert {row.urgent for _, row in campaign.posted("rung-list")} == {True}
    with campaign.office.store.reading() as session:
        kept = points_kept(session, campaign.slug)
    assert [(unit.name, unit.total) for unit in kept] == [("市教育局", 9)]
    assert [(line.what, line.points) for line in kept[0].lines] == [
        ("“第一件”红牌警示", 2),
        ("“第二件”红牌警示", 2),
        ("“第二件”挂牌督办", 5),
    ]


def test_cards_of_one_patrol_make_the_count_full_once(campaign: Campaign) -> None:
    quiet(campaign, "report", "third", "strict")
    campaign.patrol("2023-09-30T09:00")
    campaign.patrol("2023-09-30T09:05")
    campaign.patrol("2023-09-30T09:10")
    assert sorted(campaign.letters("rung-list")) == ["jyj-head", "office-1", "office-2"]


def test_rung_that_is_passed_over_costs_nothing(office: Office) -> None:
    tree = edition(PRESSING).method.model_dump(mode="json", exclude_none=True)
    later = {"at": "+5d", "do": "yellow", "tell": ["head"], "points": 3}
    tree["ladders"]["cards"]["rungs"].insert(1, later)
    campaign = begun(office, edition_of(Method.model_validate(tree)))
    quiet(campaign, "report", "second", "third", "strict")
    campaign.patrol("2023-09-30T09:00")
    assert firings(campaign, "first") == [(0, "red", True), (1, "yellow", False)]
    with campaign.office.store.reading() as session:
        assert [unit.total for unit in points_kept(session, campaign.slug)] == [3]
    quiet(campaign)


def test_method_that_keeps_no_points_has_none(office: Office) -> None:
    slug = f"ladders{next(SLUGS)}"
    begin(office, edition(), slug, "2023年部门工作评议", ["jyj"], instant(STARTS))
    with office.store.reading() as session:
        assert points_kept(session, slug) == ()


def test_ladder_starts_at_its_colour(campaign: Campaign) -> None:
    quiet(campaign, "report", "first", "second", "third")
    assert campaign.row("strict").next_check_at == instant("2023-10-04T09:00")
    assert campaign.patrol("2023-10-04T09:00") == Rounds(1, 1, 0, 0)
    assert firings(campaign, "strict") == [(1, "yellow", False)]
    assert [(line.act, line.state) for line in read(campaign, "strict", "2023-10-04T10:00").rungs] == [
        ("yellow", "fired"),
        ("urge", "ahead"),
    ]


def test_dossier_says_what_a_rung_waits_for(campaign: Campaign) -> None:
    lines = read(campaign, "report", "2023-09-01T10:00").rungs
    assert [(line.act, line.at, line.when, line.points) for line in lines] == [
        ("urge", instant("2023-09-17T09:00"), "连续20日没有任何报送", 0),
        ("remind", instant("2023-10-21T09:00"), "", 0),
        ("yellow", None, "被退回2次", 1),
        ("red", instant("2023-10-29T09:00"), "", 0),
    ]


def test_card_shows_in_the_overview_until_the_duty_is_done(campaign: Campaign) -> None:
    def card() -> str:
        with campaign.office.store.reading() as session:
            lines = overview(session, campaign.slug, instant("2023-09-19T10:00")).duties
        return {line.key: line.colour for line in lines}["first"]

    assert card() == "none"
    campaign.patrol("2023-09-08T09:00")
    assert (card(), read(campaign, "first", "2023-09-08T10:00").colour) == ("red", "red")
    with campaign.desk("jyj-handler", "2023-09-18T10:00") as desk:
        duties.confirm(desk, campaign.duty("first"), campaign.by("jyj-handler"))
    assert (card(), read(campaign, "first", "2023-09-18T10:00").colour) == ("none", "none")


def about_problem(campaign: Campaign, key: str) -> UUID:
    with campaign.office.store.reading() as session:
        rows = session.scalars(select(ObligationRow).where(ObligationRow.key == key)).all()
        return next(row.id for row in rows if row.campaign.slug == campaign.slug)


def assigned(campaign: Campaign) -> None:
    """One problem, put to its unit on 1 September."""
    with campaign.desk("office-1", "2023-09-01T10:00") as desk:
        number = problems.record(desk, campaign.slug, Draft("教师编制不足", "jyj"), _by_hand()).number
        assigning.assign(desk, campaign.slug, [number])
    quiet(campaign, "report", *CARDS)


def _by_hand() -> Found:
    return Found(FindingKind.ENTERED, "教师编制不足", "office-1")


def test_reports_without_progress_are_pressed(campaign: Campaign) -> None:
    assigned(campaign)
    quiet(campaign, "help")
    for unmoved, fired in ((1, 0), (2, 1), (3, 0)):
        with campaign.office.desk("engine", instant("2023-09-20T10:00")) as desk:
            row = desk.session.get_one(ObligationRow, about_problem(campaign, "solution"))
            row.unmoved = unmoved
            watch(method_of(row.campaign), row, desk.office)
        assert campaign.patrol("2023-09-20T10:00").fired == fired
    assert firings(campaign, "solution") == [(0, "remind", True), (1, "yellow", False)]


def held_up_method() -> Edition:
    """The lead unit is pressed when whoever supports it is overdue; the words of it are planned as yet."""
    tree = edition(PRESSING).method.model_dump(mode="json", exclude_none=True)
    owed = {duty["key"]: duty for duty in tree["phases"][0]["duties"]}
    owed["help"]["supports"] = "solution"
    tree["ladders"]["slow"]["rungs"][1]["when"] = {"held_up": True}
    return edition_of(Method.model_validate(tree))


def test_lead_unit_is_pressed_when_a_supporting_one_is_overdue(office: Office) -> None:
    campaign = begun(office, held_up_method())
    assigned(campaign)
    assert campaign.patrol("2023-09-11T09:00") == Rounds(0, 0, 0, 0)
    assert campaign.patrol("2023-09-12T00:00").overdue == 1
    campaign.patrol("2023-09-12T00:05")  # The lead unit's may have come before it in the same round, or after it.
    assert firings(campaign, "solution") == [(0, "remind", True), (1, "yellow", False)]
    assert campaign.patrol("2023-09-12T00:10") == Rounds(0, 0, 0, 0)
    quiet(campaign)


def test_lead_unit_is_not_pressed_once_the_supporting_one_has_handed_in(office: Office) -> None:
    campaign = begun(office, held_up_method())
    assigned(campaign)
    with campaign.desk("jyj-handler", "2023-09-10T10:00") as desk:
        duties.submit(desk, about_problem(campaign, "help"), campaign.by("jyj-handler"), "已配合")
    for at in ("2023-09-12T00:00", "2023-09-20T09:00"):
        assert campaign.patrol(at) == Rounds(0, 0, 0, 0)
    quiet(campaign)


def test_lead_and_supporting_units_that_fall_overdue_in_one_patrol_are_done_with_in_two(office: Office) -> None:
    campaign = begun(office, held_up_method())
    assigned(campaign)
    assert campaign.patrol("2023-12-20T09:00").overdue == 2
    campaign.patrol("2023-12-20T09:05")
    assert campaign.patrol("2023-12-20T09:10") == Rounds(0, 0, 0, 0)
    with campaign.office.store.reading() as session:
        facts = session.scalars(select(LedgerRow.subject).where(LedgerRow.action == "obligation:overdue")).all()
    assert sorted(facts) == sorted({*facts})
    quiet(campaign)
