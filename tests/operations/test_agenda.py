"""The agenda of a sitting: written, put in order, held."""

from dataclasses import replace
from itertools import count

import pytest

from appraisal.domain.agenda import AgendaKind, minutes_taken
from appraisal.operations import agenda
from appraisal.operations.agenda import ItemDraft
from appraisal.operations.office import Office
from appraisal.operations.presence import ballots_at
from appraisal.operations.sittings import sitting_by
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.sitting_tables import AgendaItemRow
from tests.operations.sitting_world import DAY_BEFORE, LATER, OPENING, Sat, sat
from tests.operations.test_sittings import round_of
from tests.operations.world import STARTS, instant, refused

NAMES = count(1)
REPORT = ItemDraft(AgendaKind.REPORT, "市教育局汇报工作", "李样例", "jyj", 15)
VOTE = ItemDraft(AgendaKind.VOTE, "满意度测评", ballot="satisfaction")
SPEECH = ItemDraft(AgendaKind.SPEECH, "审议发言")


@pytest.fixture
def held(office: Office) -> Sat:
    return sat(office, f"a{next(NAMES)}", text="")


def add(campaign: Sat, draft: ItemDraft, once: str = "", at: str = STARTS) -> AgendaItemRow:
    with campaign.desk("office-1", at) as desk:
        return agenda.add_item(desk, campaign.id, draft, once or draft.title)


def titles(campaign: Sat) -> list[tuple[int, str]]:
    return [(item.position, item.title) for item in campaign.sitting().agenda]


def begin(campaign: Sat, item: AgendaItemRow, at: str) -> AgendaItemRow:
    with campaign.desk("office-1", at) as desk:
        return agenda.begin_item(desk, item.id)


def end(campaign: Sat, item: AgendaItemRow, at: str) -> AgendaItemRow:
    with campaign.desk("office-1", at) as desk:
        return agenda.end_item(desk, item.id)


def test_item_stands_at_the_end_and_once(held: Sat) -> None:
    assert add(held, REPORT).id == add(held, REPORT).id
    add(held, VOTE)
    assert titles(held) == [(1, "市教育局汇报工作"), (2, "满意度测评")]
    [first, _] = held.sitting().agenda
    assert (first.kind, first.speaker, first.unit and first.unit.code, first.minutes) == ("report", "李样例", "jyj", 15)
    assert len(held.facts("agenda:set")) == 2


def test_item_that_names_a_ballot_brings_it_to_the_sitting(held: Sat) -> None:
    add(held, replace(REPORT, ballot="satisfaction"))
    add(held, VOTE)
    with held.office.store.reading() as session:
        assert [ballot.key for ballot in ballots_at(session, sitting_by(session, held.id))] == ["satisfaction"]
    assert [item.ballot for item in held.sitting().agenda] == [None, "satisfaction"]


@pytest.mark.parametrize(
    ("draft", "code", "facts"),
    [
        (replace(REPORT, title="  "), "agenda.untitled", {"most": 200}),
        (replace(REPORT, minutes=0), "agenda.minutes", {"most": 1440}),
        (replace(REPORT, unit="wjj"), "unit.not_appraised", {"unit": "wjj", "campaign": "2023年部门工作评议"}),
        (replace(VOTE, ballot=None), "agenda.ballot", {"known": ["满意度测评"]}),
        (replace(VOTE, ballot="revote"), "agenda.ballot", {"known": ["满意度测评"]}),
    ],
)
def test_item_that_cannot_be_is_refused(held: Sat, draft: ItemDraft, code: str, facts: dict[str, object]) -> None:
    with refused(code, **facts):
        add(held, draft)
    assert titles(held) == []


def test_item_is_worded_anew(held: Sat) -> None:
    item = add(held, REPORT)
    for _ in range(2):
        with held.desk("office-1", STARTS) as desk:
            agenda.change_item(desk, item.id, replace(REPORT, title="市教育局口头汇报", unit=""))
    assert titles(held) == [(1, "市教育局口头汇报")]
    assert held.sitting().agenda[0].unit is None
    assert len(held.facts("agenda:set")) == 2


def test_items_change_places(held: Sat) -> None:
    first, second, third = add(held, REPORT), add(held, SPEECH), add(held, VOTE)
    for item, place in ((third, 1), (third, 1), (first, 9), (second, 0)):
        with held.desk("office-1", STARTS) as desk:
            agenda.move_item(desk, item.id, place)
    assert titles(held) == [(1, "审议发言"), (2, "满意度测评"), (3, "市教育局汇报工作")]
    assert len(held.facts("agenda:set")) == 6


def test_item_is_struck_unless_it_has_begun(held: Sat) -> None:
    first, second = add(held, REPORT), add(held, SPEECH)
    with held.desk("office-1", STARTS) as desk:
        assert agenda.strike_item(desk, held.id, first.id)
        assert not agenda.strike_item(desk, held.id, first.id)
    assert titles(held) == [(2, "审议发言")]
    held.open()
    begin(held, second, OPENING)
    with refused("agenda.begun", item="审议发言"), held.desk("office-1", LATER) as desk:
        agenda.strike_item(desk, held.id, second.id)


def test_item_begins_and_the_one_before_ends(held: Sat) -> None:
    first, second = add(held, REPORT), add(held, SPEECH)
    held.open()
    begin(held, first, "2023-09-28T09:05")
    begin(held, first, "2023-09-28T09:06")
    begin(held, second, "2023-09-28T09:25")
    end(held, second, "2023-09-28T09:40")
    end(held, second, "2023-09-28T09:50")
    times = [(item.began_at, item.ended_at) for item in held.sitting().agenda]
    assert times == [
        (instant("2023-09-28T09:05"), instant("2023-09-28T09:25")),
        (instant("2023-09-28T09:25"), instant("2023-09-28T09:40")),
    ]
    assert [fact["step"] for fact in held.facts("agenda:held")] == ["began", "ended", "began", "ended"]


def test_item_has_no_times_outside_its_sitting(held: Sat) -> None:
    item = add(held, REPORT)
    with refused("agenda.not_sitting", sitting="第十四次会议", status="planned"):
        begin(held, item, DAY_BEFORE)
    held.open()
    with refused("agenda.not_begun", item="市教育局汇报工作"):
        end(held, item, LATER)
    begin(held, item, LATER)
    held.end()
    assert held.sitting().agenda[0].ended_at == instant("2023-09-28T12:00")
    with refused("sitting.closed", sitting="第十四次会议"):
        add(held, SPEECH, at="2023-09-28T13:00")


def test_record_is_written_after_the_sitting_too_and_kept_off_the_ledger(held: Sat) -> None:
    item = add(held, SPEECH)
    held.open()
    held.end()
    for _ in range(2):
        with held.desk("office-1", "2023-10-09T10:00") as desk:
            agenda.write_record(desk, item.id, "  某委员：建议加快整改。  ")
    assert held.sitting().agenda[0].text == "某委员：建议加快整改。"
    [_, fact] = held.facts("agenda:set")
    assert (fact["length"], "整改" in str(fact)) == (11, False)


def test_ballot_that_was_voted_on_stays_on_the_agenda(held: Sat) -> None:
    item = add(held, VOTE)
    with held.office.desk("cli", instant(LATER)) as desk:
        desk.session.add(round_of(held))
    try:
        with refused("agenda.voted", ballot="满意度测评"), held.desk("office-1", LATER) as desk:
            agenda.strike_item(desk, held.id, item.id)
        with refused("agenda.voted", ballot="满意度测评"), held.desk("office-1", LATER) as desk:
            agenda.change_item(desk, item.id, SPEECH)
    finally:
        with held.office.desk("cli", instant(LATER)) as desk:
            desk.session.delete(desk.session.get_one(RoundRow, round_of(held).id))


def test_written_reports_are_the_duties_due_before_the_sitting(held: Sat) -> None:
    held.submit("written_report", "2023-09-15T10:00", text="汇报材料")
    with held.office.store.reading() as session:
        cards = agenda.written_reports(session, sitting_by(session, held.id), instant(DAY_BEFORE))
    assert [(card.unit, card.title, str(card.light)) for card in cards] == [
        ("市教育局", "书面汇报", "done"),
        ("市科学技术局", "书面汇报", "overdue"),
    ]


def test_minutes_are_whole() -> None:
    began = instant(OPENING)
    assert minutes_taken(None, None, began) is None
    assert minutes_taken(began, None, instant("2023-09-28T09:14")) == 14
    assert minutes_taken(began, instant("2023-09-28T09:40"), instant("2023-09-28T12:00")) == 40
