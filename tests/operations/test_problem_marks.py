"""What a list shows of a problem besides its status."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from appraisal.domain.ladder import Colour
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.supervision import Supervision
from appraisal.method.words import OrderKind
from appraisal.operations import orders, patrol, problems, reopening
from appraisal.operations.assigning import assign
from appraisal.operations.events import set_event
from appraisal.operations.office import Office
from appraisal.operations.orders import Order
from appraisal.operations.problem_list import ProblemsSought, problem_lines
from appraisal.operations.problem_marks import Marked, Marks, closed_in_part
from tests.method.written import spoilt
from tests.operations.assigned_world import assigned_at
from tests.operations.closing_world import LEADER, two_hands
from tests.operations.conftest import SLUGS
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase, refused

ORDERS = Path(__file__).parents[1] / "method/data/orders.yaml"
ABOVE = Order(OrderKind.REPORT_UP, "编制由省里核定，请市委协调。", problem=1)
ANSWER = Order(OrderKind.INSTRUCT, "请编办商省里解决。", by="市委书记", due_on=date(2023, 9, 28), problem=1)


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """Two problems of 市教育局 on the list."""
    slug = f"m{next(SLUGS)}"
    begin(office, edition(ORDERS), slug, "2023年专项评议", ["jyj", "kjj"], instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    world = Campaign(office, slug)
    with world.desk("office-1", "2023-08-29T10:00") as desk:
        for title in ("教师编制不足", "校舍老旧"):
            problems.record(desk, slug, Draft(title, "jyj"), Found(FindingKind.ENTERED, title, "office-1"))
    return world


def give(campaign: Campaign, order: Order, at: str) -> str:
    with campaign.desk("office-1", at) as desk:
        return orders.give(desk, campaign.slug, order).mark


def marks(campaign: Campaign) -> dict[int, Marks]:
    with campaign.office.store.reading() as session:
        return {line.row.number: line.marks for line in problem_lines(session, campaign.slug, ProblemsSought())}


def narrowed(campaign: Campaign, mark: Marked) -> Sequence[int]:
    with campaign.office.store.reading() as session:
        sought = ProblemsSought(status=mark)
        return [line.row.number for line in problem_lines(session, campaign.slug, sought)]


def test_problem_that_is_reported_up_waits_until_it_is_instructed_about(campaign: Campaign) -> None:
    assert give(campaign, ABOVE, "2023-09-04T10:00") == "兰人评报〔2023〕1号"
    assert (marks(campaign)[1].reported_up, narrowed(campaign, Marked.REPORTED_UP)) == (True, [1])
    give(campaign, ANSWER, "2023-09-11T10:00")
    assert (marks(campaign)[1].reported_up, narrowed(campaign, Marked.REPORTED_UP)) == (False, [])


def test_problem_reported_up_once_more_waits_again(campaign: Campaign) -> None:
    give(campaign, ABOVE, "2023-09-04T10:00")
    give(campaign, ANSWER, "2023-09-11T10:00")
    give(campaign, Order(OrderKind.REPORT_UP, "再次请求协调。", problem=1), "2023-10-09T10:00")
    assert narrowed(campaign, Marked.REPORTED_UP) == [1]


def test_problem_that_is_closed_out_is_not_reported_up_and_waits_no_more(campaign: Campaign) -> None:
    give(campaign, ABOVE, "2023-09-04T10:00")
    with campaign.desk("office-1", "2023-09-05T10:00") as desk:
        assign(desk, campaign.slug, [1])
        problems.close_problem(desk, campaign.slug, 1, "office-1")
    assert narrowed(campaign, Marked.REPORTED_UP) == []
    with refused("order.settled", what="教师编制不足", kind="向上反映"):
        give(campaign, Order(OrderKind.REPORT_UP, "请协调。", problem=1), "2023-09-06T10:00")


def test_problem_is_marked_with_the_gravest_supervision(campaign: Campaign) -> None:
    give(campaign, Order(OrderKind.SUPERVISE, "请抓紧。", problem=2), "2023-09-04T10:00")
    assert [each.supervision for each in marks(campaign).values()] == [Supervision.NONE, Supervision.SUPERVISED]
    give(campaign, Order(OrderKind.LIST, "挂牌督办。", problem=2), "2023-09-05T10:00")
    assert marks(campaign)[2].supervision is Supervision.LISTED
    assert narrowed(campaign, Marked.SUPERVISED) == [2]


def test_problem_closed_in_part_is_marked_until_all_of_it_is(office: Office) -> None:
    world = two_hands(office, f"p{next(SLUGS)}")
    world.assigned("校车超员", "证照不齐")
    world.verified(1)
    world.agree("2023-10-26T10:00", LEADER, "jyj-head")
    with world.desk("office-1", "2023-10-27T10:00") as desk:
        reopening.close_part(desk, world.slug, 1, "office-1", "已整改三辆", "还有一辆")
    assert {number: each.partial for number, each in marks(world).items()} == {1: True, 2: False}
    assert narrowed(world, Marked.PARTIAL) == [1]
    with office.store.reading() as session:
        assert closed_in_part(session, [world.problem(1)]) == {world.problem(1).id}


def test_problem_waits_for_the_unit_that_supports_and_is_late(office: Office) -> None:
    world = assigned_at(office, f"w{next(SLUGS)}")
    world.assign(1, 3)
    with world.desk("office-1", "2023-09-02T10:00") as desk:
        set_event(desk, world.slug, "plan_agreed", instant("2023-09-04T10:00"), "jyj")
    help_due = world.owed("help")[0].due_on
    assert help_due == date(2023, 9, 28)
    with world.desk("engine", "2023-09-29T10:00") as desk:
        patrol.fire_due(desk)
    assert {number: each.waits_for for number, each in marks(world).items()} == {
        1: ("市科学技术局",),
        2: (),
        3: (),
    }
    assert narrowed(world, Marked.HELD_UP) == [1]


def test_problem_shows_the_card_that_what_is_owed_for_it_shows(office: Office, tmp_path: Path) -> None:
    """The ladder of the report gives its card as soon as a supporting unit is late."""
    carded = tmp_path / "carded.yaml"
    carded.write_text(spoilt("assignments", ("do: urge", "do: red")), encoding="utf-8")
    world = assigned_at(office, f"c{next(SLUGS)}", carded)
    world.assign(1, 3)
    with world.desk("office-1", "2023-09-02T10:00") as desk:
        set_event(desk, world.slug, "plan_agreed", instant("2023-09-04T10:00"), "jyj")
    for _ in range(2):
        with world.desk("engine", "2023-09-29T10:00") as desk:
            patrol.fire_due(desk)
    assert {number: each.colour for number, each in marks(world).items()} == {
        1: Colour.RED,
        2: Colour.NONE,
        3: Colour.NONE,
    }
