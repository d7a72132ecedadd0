"""4 September 2023 is a Monday; 29 September to 6 October are off for the National Day, 7 and 8 are worked."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from appraisal.domain.ladder import Rung
from appraisal.domain.supervision import Supervision
from appraisal.method.words import OrderKind
from appraisal.operations import duties, order_views, orders, summonses
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.orders import Order
from appraisal.operations.supervision import supervision_of, supervision_of_problems
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from tests.operations.conftest import SLUGS
from tests.operations.test_summonses import TALK
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase, refused

METHOD = Path(__file__).parents[1] / "method/data/orders.yaml"
AT = "2023-09-04T10:00"
INSTRUCTION = Order(OrderKind.INSTRUCT, "请教育局月底前拿出办法。", "jyj", "市长", date(2023, 9, 28))
SUPERVISION = Order(OrderKind.SUPERVISE, "请抓紧补齐编制。", "jyj")


@pytest.fixture
def campaign(office: Office) -> Campaign:
    return _pressed(office)


@pytest.fixture(scope="module")
def unchanged(office: Office) -> Campaign:
    return _pressed(office)


def _pressed(office: Office) -> Campaign:
    slug = f"o{next(SLUGS)}"
    begin(office, edition(METHOD), slug, "2023年专项评议", ["jyj", "kjj"], instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    return Campaign(office, slug)


def give(campaign: Campaign, order: Order, at: str = AT, who: str = "office-1", **other: Any) -> OrderRow:  # noqa: ANN401
    with campaign.desk(who, at) as desk:
        return orders.give(desk, campaign.slug, replace(order, **other))


def answer(campaign: Campaign, key: str, order: UUID, unit: str = "jyj") -> ObligationRow:
    with campaign.office.store.reading() as session:
        return session.get_one(ObligationRow, identity("obligation", campaign.slug, key, unit, f"order={order}"))


def given(campaign: Campaign) -> list[OrderRow]:
    with campaign.office.store.reading() as session:
        return order_views.orders_of(session, campaign_by(session, campaign.slug))


def supervised(campaign: Campaign, *obligations: UUID) -> list[Supervision]:
    with campaign.office.store.reading() as session:
        return list(supervision_of(session, obligations).values())


def test_orders_are_numbered_by_kind_with_their_marks_and_twice_is_once(campaign: Campaign) -> None:
    marks = [give(campaign, INSTRUCTION).mark, give(campaign, INSTRUCTION, text=f" {INSTRUCTION.text} ").mark]
    marks += [give(campaign, SUPERVISION).mark, give(campaign, SUPERVISION, unit="市科学技术局").mark]
    assert marks == ["兰人评批〔2023〕1号", "兰人评批〔2023〕1号", "兰人评督〔2023〕1号", "兰人评督〔2023〕2号"]
    assert campaign.facts("order:given")[0] == {
        "kind": "instruct",
        "number": 1,
        "mark": "兰人评批〔2023〕1号",
        "unit": "jyj",
        "due_on": "2023-09-28",
        "by": "市长",
    }
    assert len(given(campaign)) == 3


def test_unit_and_those_who_get_a_copy_are_told_with_a_link(campaign: Campaign) -> None:
    order = give(campaign, SUPERVISION)
    assert campaign.letters("order-given") == ["director", "jyj-handler", "jyj-head"]
    assert {row.page for _, row in campaign.posted("order-given")} == {f"/orders/{order.id}"}
    give(campaign, SUPERVISION)
    assert len(campaign.letters("order-given")) == 3


def test_instruction_becomes_a_duty_by_the_day_that_it_names_and_climbs_the_ladder(campaign: Campaign) -> None:
    order = give(campaign, INSTRUCTION)
    row = answer(campaign, "on_instruction", order.id)
    assert (row.title, row.due_on, row.order_id) == (
        "批示办理情况（兰人评批〔2023〕1号）",
        date(2023, 9, 28),
        order.id,
    )
    assert campaign.letters("duty-issued", "市教育局").count("jyj-handler") == 2
    campaign.patrol("2023-09-28T23:59")
    assert answer(campaign, "on_instruction", order.id).overdue_at is None
    campaign.patrol("2023-09-29T09:00")
    late = answer(campaign, "on_instruction", order.id)
    assert (late.overdue_at, late.last_rung) == (instant("2023-09-29T00:00"), 0)


def test_supervision_is_answered_within_working_days_from_the_day_of_the_letter(campaign: Campaign) -> None:
    order = give(campaign, SUPERVISION, "2023-09-27T10:00")
    row = answer(campaign, "on_supervision", order.id)
    assert (row.waits_for, row.due_on) == (None, date(2023, 10, 10))


def test_order_is_answered_like_any_duty_and_nothing_is_issued_again(campaign: Campaign) -> None:
    order = give(campaign, INSTRUCTION)
    row = answer(campaign, "on_instruction", order.id)
    with campaign.desk("jyj-handler", "2023-09-20T10:00") as desk:
        duties.submit(desk, row.id, campaign.by("jyj-handler"), "已拟定办法")
    with campaign.desk("office-1", "2023-09-21T10:00") as desk:
        duties.accept(desk, row.id, campaign.by("office-1"))
    open_phase(campaign.office, campaign.slug, "rectify", instant("2023-09-22T10:00"))
    assert answer(campaign, "on_instruction", order.id).status == "settled"
    with campaign.office.store.reading() as session:
        mine = select(ObligationRow).where(ObligationRow.order_id == order.id)
        assert len(session.scalars(mine).all()) == 1


def test_rung_gives_its_letter_once_with_words_on_how_long_it_is_overdue(campaign: Campaign) -> None:
    assert campaign.row("plan").due_on == date(2023, 9, 7)
    campaign.patrol("2023-09-08T09:00")
    assert given(campaign) == []
    for at in ("2023-09-14T09:00", "2023-09-14T09:05", "2023-09-15T09:00"):
        campaign.patrol(at)
    rows = {row.unit.code: row for row in given(campaign) if row.unit}
    assert sorted(row.mark for row in rows.values()) == ["兰人评督〔2023〕1号", "兰人评督〔2023〕2号"]
    order = rows["jyj"]
    assert (order.kind, order.rung, order.about_id, order.given_by) == ("supervise", 1, campaign.duty("plan"), "")
    assert order.text == (
        "市教育局的“整改方案”应于2023年9月7日（星期四）办结，已逾期7天。现予督办，请说明未办结的原因，"
        "明确办结时间并抓紧办理。"
    )
    assert answer(campaign, "on_supervision", order.id).due_on == date(2023, 9, 21)
    assert campaign.letters("rung-supervise") == []  # The order says everything, to all whom the rung tells.
    campaign.patrol("2023-09-22T09:00")
    assert sorted(row.kind for row in given(campaign)) == ["summon", "summon", "supervise", "supervise"]


def test_rung_raised_again_for_the_same_duty_is_the_same_letter(campaign: Campaign) -> None:
    with campaign.office.desk("engine", instant("2023-09-14T09:00")) as desk:
        row = desk.session.get_one(ObligationRow, campaign.duty("plan"))
        its = campaign_by(desk.session, campaign.slug)
        rungs = [Rung(None, act, ()) for act in ("supervise", "supervise", "urge")]
        raised = [orders.raise_by_rung(desk, its, row, 1, rung) for rung in rungs]
    assert [each.number if each else None for each in raised] == [1, 1, None]


def test_duty_is_supervised_as_long_as_it_is_owed(campaign: Campaign) -> None:
    plan, other = campaign.duty("plan"), campaign.duty("plan", "kjj")
    assert supervised(campaign, plan, other) == [Supervision.NONE, Supervision.NONE]
    give(campaign, SUPERVISION, about=plan)
    assert supervised(campaign, plan, other) == [Supervision.SUPERVISED, Supervision.NONE]
    give(campaign, SUPERVISION, kind=OrderKind.LIST, about=plan)
    give(campaign, SUPERVISION, kind=OrderKind.CIRCULAR, about=other, unit="")
    assert supervised(campaign, plan, other) == [Supervision.LISTED, Supervision.NONE]
    campaign.submit("plan", "2023-09-05T10:00")
    assert supervised(campaign, plan, other) == [Supervision.NONE, Supervision.NONE]
    with refused("order.settled", what="整改方案", kind="督办单"):
        give(campaign, SUPERVISION, text="再次督办", about=plan)


def test_problem_is_supervised_as_long_as_it_is_open(campaign: Campaign) -> None:
    number = campaign.record_problem("2023-09-01T10:00")
    order = give(campaign, SUPERVISION, unit="", problem=number)
    assert (order.unit and order.unit.code, order.problem and order.problem.number) == ("jyj", number)

    def found() -> list[Supervision]:
        with campaign.office.store.reading() as session:
            return list(supervision_of_problems(session, [order.problem_id or order.id]).values())

    assert found() == [Supervision.SUPERVISED]
    campaign.close_problem("2023-09-05T10:00", number)
    assert found() == [Supervision.NONE]


def test_leader_instructs_in_their_own_name_and_gives_nothing_else(campaign: Campaign) -> None:
    order = give(campaign, INSTRUCTION, who="director", by="别人")
    assert (order.given_by, order.recorded_by) == ("director", "director")
    with refused("portal.staff_only.not_yours"):
        give(campaign, SUPERVISION, who="director")
    with refused("portal.staff_only.not_yours"):
        give(campaign, INSTRUCTION, who="jyj-head")


def test_report_goes_up_to_those_whom_the_method_names_and_not_to_the_unit(campaign: Campaign) -> None:
    order = give(campaign, Order(OrderKind.REPORT_UP, "涉及省级权限。", "jyj"))
    assert set(campaign.letters("order-given")) & {"jyj-handler", "jyj-head"} == set()
    assert campaign.letters("order-given") != []
    with campaign.office.store.reading() as session, refused("order.not_yours"):
        order_views.order_view(session, order.id, campaign.person("jyj-head"), date(2023, 9, 4))


@pytest.mark.parametrize(
    ("code", "changed", "facts"),
    [
        ("order.no_text", {"text": " "}, {}),
        ("order.no_leader", {"by": " "}, {}),
        ("order.no_unit", {"unit": ""}, {"kind": "批示"}),
        ("order.no_due", {"due_on": None}, {"kind": "批示"}),
        ("order.due_past", {"due_on": date(2023, 9, 3)}, {"due_on": date(2023, 9, 3), "today": date(2023, 9, 4)}),
        ("unit.unknown", {"unit": "市水务局"}, {"unit": "市水务局"}),
        ("obligation.unknown", {"about": identity("nothing")}, {}),
    ],
)
def test_order_that_lacks_a_part_is_refused(
    unchanged: Campaign, code: str, changed: dict[str, Any], facts: dict[str, Any]
) -> None:
    with refused(code, **facts):
        give(unchanged, INSTRUCTION, **changed)


def test_order_about_what_another_unit_owes_is_refused(unchanged: Campaign) -> None:
    with refused("order.other_unit", what="整改方案", unit="市科学技术局"):
        give(unchanged, SUPERVISION, unit="kjj", about=unchanged.duty("plan"))


def test_order_is_read_by_the_unit_the_office_and_those_who_get_a_copy(campaign: Campaign) -> None:
    order = give(campaign, SUPERVISION)

    def read(who: str) -> str:
        with campaign.office.store.reading() as session:
            return order_views.order_view(session, order.id, campaign.person(who), date(2023, 9, 4)).row.mark

    assert {read(who) for who in ("office-2", "jyj-head", "jyj-handler", "director")} == {order.mark}
    with refused("order.not_yours"):
        read("kjj-head")


def test_talk_names_the_notice_that_called_for_it(campaign: Campaign) -> None:
    notice = give(campaign, Order(OrderKind.SUMMON, "请主要负责人接受约谈。", "jyj"))
    with campaign.desk("office-1", "2023-09-18T10:00") as desk:
        row = summonses.record_summons(desk, campaign.slug, replace(TALK, order=1))
    assert row.order_id == notice.id
    with (
        refused("summons.other_order", mark=notice.mark, unit="市科学技术局"),
        campaign.desk("office-1", "2023-09-18T10:00") as desk,
    ):
        summonses.record_summons(desk, campaign.slug, replace(TALK, unit="kjj", order=1))
    with (
        refused("order.unknown_number", kind=OrderKind.SUMMON, number=2),
        campaign.desk("office-1", "2023-09-18T10:00") as desk,
    ):
        summonses.record_summons(desk, campaign.slug, replace(TALK, order=2))
