"""The roll of a sitting: pasted, taken from the register, changed."""

from itertools import count

import pytest

from appraisal.operations import roll
from appraisal.operations.office import Office
from appraisal.operations.roll import RollPreview
from appraisal.operations.sittings import SittingDraft
from tests.operations.sitting_world import DRAFT, LATER, MORNING, ROLL, Sat, sat
from tests.operations.world import SMALL, STARTS, begin, edition, instant, refused

NAMES = count(1)


@pytest.fixture
def held(office: Office) -> Sat:
    return sat(office, f"r{next(NAMES)}")


@pytest.fixture
def empty(office: Office) -> Sat:
    return sat(office, f"r{next(NAMES)}", text="")


def preview(campaign: Sat, text: str) -> RollPreview:
    with campaign.office.store.reading() as session:
        return roll.preview_roll(session, campaign.id, text)


def paste(campaign: Sat, text: str, at: str = STARTS) -> RollPreview:
    with campaign.desk("office-1", at) as desk:
        return roll.import_roll(desk, campaign.id, text)


def enlist(campaign: Sat) -> RollPreview:
    with campaign.desk("office-1", STARTS) as desk:
        return roll.enlist_holders(desk, campaign.id)


def listed(campaign: Sat) -> list[tuple[str, str, str | None, bool]]:
    return [(row.name, row.title, row.voters, row.due) for row in campaign.sitting().attendees]


def test_roll_is_pasted_in_its_order_and_once(empty: Sat) -> None:
    assert preview(empty, ROLL).count("fresh") == 6
    assert listed(empty) == []
    paste(empty, ROLL)
    everyone = [
        ("甲一", "主任", "member", True),
        ("乙二", "副主任", "member", True),
        ("丙三", "委员", "member", False),
        ("丁四", "代表", "deputy", True),
        ("戊五", "代表", "deputy", True),
        ("己六", "局长", None, True),
    ]
    assert listed(empty) == everyone
    assert paste(empty, ROLL).count("same") == 6
    assert listed(empty) == everyone
    assert len(empty.facts("attendee:listed")) == 6


def test_roll_pasted_again_changes_what_differs(held: Sat) -> None:
    text = "丙三\t委员\t常委会组成人员\t应到\n庚七\t局长\t列席"
    seen = preview(held, text)
    assert (seen.count("fresh"), seen.count("changed"), seen.count("same")) == (1, 1, 0)
    paste(held, text)
    assert listed(held)[2] == ("丙三", "委员", "member", True)
    assert listed(held)[6] == ("庚七", "局长", None, True)


def test_roll_with_a_fault_is_not_taken_in(empty: Sat) -> None:
    text = "甲一\t主任\t嘉宾\n\t副主任\t列席"
    assert preview(empty, text).faults == (
        "第1行，没有“嘉宾”这个类别；请填常委会组成人员、人大代表、列席",
        "第2行，没有姓名；请填写姓名",
    )
    with refused("roll.faulty", count=2):
        paste(empty, text)
    assert listed(empty) == []
    assert preview(empty, "  \n").faults == ("没有内容；请从表格复制姓名、职务、类别、应到四栏，粘贴在这里",)


def test_whoever_has_come_is_not_moved_to_another_class(held: Sat) -> None:
    held.come("甲一")
    text = "甲一\t主任\t人大代表"
    assert preview(held, text).faults == ("甲一已经签到，不能再改类别或者请假；请从粘贴的内容里去掉这一行",)
    with refused("roll.faulty", count=1):
        paste(held, text, MORNING)
    assert paste(held, ROLL, MORNING).count("same") == 6


def test_holders_of_the_roles_are_put_on_the_roll_once(empty: Sat) -> None:
    first = enlist(empty)
    assert [(each.line.voters, each.line.person) for each in first.listings] == [
        ("member", "director"),
        ("deputy", "deputy-1"),
        ("deputy", "deputy-2"),
    ]
    assert len(enlist(empty).listings) == 0
    assert [row.person.code for row in empty.sitting().attendees if row.person] == ["director", "deputy-1", "deputy-2"]


def test_holder_who_is_on_leave_stays_so_when_enlisted_again(empty: Sat) -> None:
    enlist(empty)
    with empty.desk("office-1", STARTS) as desk:
        roll.set_due(desk, empty.sitting().attendees[1].id, due=False)
    enlist(empty)
    assert [row.due for row in empty.sitting().attendees] == [True, False, True]


def test_holders_of_no_role_are_refused(office: Office) -> None:
    begin(office, edition(SMALL), "no-roles", "2023年部门工作评议", ("jyj",), instant(STARTS))
    campaign = Sat(office, "no-roles")
    campaign.set(SittingDraft("first", "第十四次会议", DRAFT.held_on))
    with refused("roll.no_roles", sitting="第十四次会议"):
        enlist(campaign)
    paste(campaign, "甲一\n乙二,局长,列席")
    assert listed(campaign) == [("甲一", "", "voters", True), ("乙二", "局长", None, True)]


def test_somebody_is_struck_unless_they_came(held: Sat) -> None:
    first, second = held.sitting().attendees[:2]
    held.come("乙二")
    with held.desk("office-1", MORNING) as desk:
        assert roll.strike(desk, held.id, first.id)
        assert not roll.strike(desk, held.id, first.id)
    with refused("roll.has_come", name="乙二"), held.desk("office-1", MORNING) as desk:
        roll.strike(desk, held.id, second.id)
    assert [name for name, *_ in listed(held)] == ["乙二", "丙三", "丁四", "戊五", "己六"]


def test_leave_is_noted_once_and_not_of_who_is_there(held: Sat) -> None:
    first = held.sitting().attendees[0]
    for _ in range(2):
        with held.desk("office-1", STARTS) as desk:
            roll.set_due(desk, first.id, due=False)
    assert len(held.facts("attendee:listed")) == 7
    held.come("乙二")
    with refused("roll.has_come", name="乙二"), held.desk("office-1", MORNING) as desk:
        roll.set_due(desk, held.sitting().attendees[1].id, due=False)


def test_roll_is_closed_with_its_sitting(held: Sat) -> None:
    held.open()
    held.end(LATER)
    with refused("sitting.closed", sitting="第十四次会议"):
        paste(held, "庚七\t局长\t列席", LATER)
    assert paste(held, ROLL, LATER).count("same") == 6


def test_check_in_codes_are_made_anew_and_kept_as_hashes(held: Sat) -> None:
    keyring, rows = held.office.keyring, held.sitting().attendees
    codes = [roll.check_in_code(keyring, row) for row in rows]
    assert len(set(codes)) == 6
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
    assert not {row.code_hash for row in rows} & set(codes)
    assert not any(code in str(held.facts("attendee:listed")) for code in codes)
    with held.office.store.reading() as session:
        found = [roll.attendee_by_code(session, keyring, code.lower().replace("-", " ")) for code in codes]
        assert [row.name for row in found if row] == [row.name for row in rows]
        assert roll.attendee_by_code(session, keyring, "AAAAA-AAAAA") is None


def test_holder_is_listed_with_title_and_class(empty: Sat) -> None:
    enlist(empty)
    first = empty.sitting().attendees[0]
    assert (first.title, first.voters) == ("市人大常委会主任", "member")
