"""Sittings set, moved, opened and closed, with everything that hangs on their dates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from uuid import uuid4

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.operations.loading import method_of
from appraisal.operations.office import Office
from appraisal.operations.presence import Presence, ballots_at, quorum_of
from appraisal.operations.sittings import set_sitting, sitting_by, sittings_in
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, EventRow
from tests.operations.sitting_world import DAY_BEFORE, DRAFT, HELD_ON, LATER, METHOD, MORNING, OPENING, Sat, sat
from tests.operations.world import STARTS, begin, edition, instant, open_phase, refused

NAMES = count(1)


@pytest.fixture
def held(office: Office) -> Sat:
    return sat(office, f"s{next(NAMES)}")


@pytest.fixture
def bare(office: Office) -> Sat:
    """The campaign without a sitting."""
    slug = f"s{next(NAMES)}"
    begin(office, edition(METHOD), slug, "2023年部门工作评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, slug, "review", instant(STARTS))
    return Sat(office, slug)


def due(campaign: Sat, key: str = "written_report", unit: str = "jyj") -> date | None:
    return campaign.row(key, unit).due_on


def events_of(campaign: Sat) -> list[str]:
    """Where the event of the sitting was set, and moved."""
    facts = campaign.facts("event:set", "event:moved")
    return [fact["at"] for fact in facts if fact["event"] == "sitting"]


def event_day(campaign: Sat, name: str = "sitting") -> date | None:
    with campaign.office.store.reading() as session:
        row = session.get(EventRow, identity("event", campaign.slug, name, ""))
        return row.at.date() if row else None


def test_sitting_sets_its_event_and_the_dates_counted_back_from_it(bare: Sat) -> None:
    assert due(bare) is None
    bare.set(DRAFT)
    assert (event_day(bare), due(bare)) == (HELD_ON, date(2023, 9, 18))
    assert sorted(bare.letters("due-set")) == ["jyj-handler", "kjj-handler"]
    assert [fact["held_on"] for fact in bare.facts("sitting:set")] == ["2023-09-28"]


def test_sitting_set_twice_is_one(bare: Sat) -> None:
    first, again = bare.set(DRAFT), bare.set(DRAFT, DAY_BEFORE)
    assert first.id == again.id
    assert (len(bare.facts("sitting:set")), events_of(bare)) == (1, ["2023-09-28T09:00:00+08:00"])


def test_sitting_that_moves_takes_every_date_with_it(held: Sat) -> None:
    held.set(replace(DRAFT, held_on=date(2023, 10, 26)), "2023-09-01T10:00")
    assert (event_day(held), due(held)) == (date(2023, 10, 26), date(2023, 10, 16))
    assert sorted(held.letters("due-moved")) == ["jyj-handler", "kjj-handler"]


def test_event_that_is_moved_by_the_flow_moves_its_sitting(held: Sat) -> None:
    assert held.set_event("sitting", "2023-10-26", "2023-09-01T10:00")
    assert (held.sitting().held_on, due(held)) == (date(2023, 10, 26), date(2023, 10, 16))
    assert [fact["held_on"] for fact in held.facts("sitting:set")] == ["2023-09-28", "2023-10-26"]
    assert not held.set_event("sitting", "2023-10-26", "2023-09-01T11:00")
    assert len(held.facts("sitting:set")) == 2


def test_sitting_without_a_date_is_held_when_its_event_is(bare: Sat) -> None:
    undated = replace(DRAFT, held_on=None)
    with refused("sitting.undated", sitting="第十四次会议"):
        bare.set(undated)
    bare.set_event("sitting", "2023-09-26", STARTS)
    assert bare.set(undated).held_on == date(2023, 9, 26)
    assert events_of(bare) == ["2023-09-26T09:00:00+08:00"]


def test_sitting_that_is_no_event_is_a_next_sitting_all_the_same(held: Sat) -> None:
    assert held.row("answer", "").waits_for is not None
    extra = replace(DRAFT, key="extra", title="第十五次会议", held_on=date(2023, 11, 28), event=None)
    held.set(extra)
    assert due(held, "answer", "") == date(2023, 11, 28)
    held.set(replace(extra, held_on=date(2023, 11, 30)))
    assert due(held, "answer", "") == date(2023, 11, 30)
    with held.office.store.reading() as session:
        campaign = session.get_one(CampaignRow, identity("campaign", held.slug))
        assert [row.title for row in sittings_in(session, campaign)] == ["第十四次会议", "第十五次会议"]


@pytest.mark.parametrize(
    ("change", "code", "facts"),
    [
        ({"key": "Erste"}, "sitting.key", {"key": "Erste"}),
        ({"title": " "}, "sitting.untitled", {"most": 200}),
        ({"place": "厅" * 201}, "sitting.untitled", {"most": 200}),
        ({"members": {"member": -1}}, "sitting.members", {"most": 100_000}),
        (
            {"members": {"guest": 1}},
            "sitting.voters_unknown",
            {"voters": ["guest"], "known": ["常委会组成人员", "人大代表"]},
        ),
        ({"event": "visit"}, "sitting.event", {"event": "visit", "known": ["常委会会议", "常委会会议（再测评）"]}),
    ],
)
def test_sitting_that_cannot_be_is_refused(
    office: Office, unset: Sat, change: dict[str, object], code: str, facts: dict[str, object]
) -> None:
    with refused(code, **facts):
        unset.set(replace(DRAFT, **change))  # type: ignore[arg-type] # Each case is of the field's own type.


@pytest.fixture(scope="module")
def unset(office: Office) -> Sat:
    """One campaign for all that is refused."""
    begin(office, edition(METHOD), "unset", "2023年部门工作评议", ("jyj",), instant(STARTS))
    return Sat(office, "unset")


def test_event_is_the_date_of_one_sitting(held: Sat) -> None:
    with refused("sitting.event_taken", event="常委会会议", sitting="第十四次会议"):
        held.set(replace(DRAFT, key="other", title="另一次会议"))


def test_only_the_office_sets_a_sitting(bare: Sat) -> None:
    with refused("portal.staff_only.not_yours"), bare.desk("director", STARTS) as desk:
        set_sitting(desk, bare.slug, DRAFT)


def test_sitting_opens_on_its_day_once(held: Sat) -> None:
    with refused("sitting.early", sitting="第十四次会议", held_on=HELD_ON):
        held.open(DAY_BEFORE)
    assert held.open().opened_at == instant(OPENING)
    assert held.open(LATER).opened_at == instant(OPENING)
    assert len(held.facts("sitting:opened")) == 1


def test_sitting_that_has_begun_keeps_its_date(held: Sat) -> None:
    held.open()
    facts = {"sitting": "第十四次会议", "held_on": HELD_ON, "wanted": date(2023, 10, 26)}
    with refused("sitting.date_stands", **facts):
        held.set(replace(DRAFT, held_on=date(2023, 10, 26)), LATER)
    with refused("sitting.date_stands", **facts):
        held.set_event("sitting", "2023-10-26", LATER)
    with refused("sitting.event_stands", sitting="第十四次会议"):
        held.set(replace(DRAFT, event="second"), LATER)
    assert event_day(held) == HELD_ON
    assert held.set(replace(DRAFT, members={"member": 4, "deputy": 2}), LATER).status == "open"


def test_sitting_to_which_somebody_has_come_keeps_its_date(held: Sat) -> None:
    held.come("甲一")
    with refused("sitting.people_there", sitting="第十四次会议", held_on=HELD_ON, wanted=date(2023, 9, 29)):
        held.set_event("sitting", "2023-09-29", MORNING)


def test_sitting_is_closed_once_and_stays_so(held: Sat) -> None:
    with refused("sitting.not_open", sitting="第十四次会议"):
        held.end()
    held.open()
    held.come("甲一", at=LATER)
    assert held.end().status == "closed"
    assert held.end("2023-09-28T13:00").closed_at == instant("2023-09-28T12:00")
    assert [fact["present"] for fact in held.facts("sitting:closed")] == [{"member": 1, "deputy": 0}]
    changed: list[Callable[[], object]] = [held.open, lambda: held.set(replace(DRAFT, place="别处"), LATER)]
    for change in changed:
        with refused("sitting.closed", sitting="第十四次会议"):
            change()


def test_sitting_does_not_close_while_a_round_is_open(held: Sat) -> None:
    held.open()
    with held.office.desk("cli", instant(LATER)) as desk:
        desk.session.add(round_of(held))
    try:
        with refused("sitting.round_open", sitting="第十四次会议", ballots=["满意度测评"]):
            held.end()
    finally:
        with held.office.desk("cli", instant(LATER)) as desk:
            desk.session.delete(desk.session.get_one(RoundRow, identity("round", held.slug)))
    assert held.end().status == "closed"


def round_of(campaign: Sat) -> RoundRow:
    return RoundRow(
        id=identity("round", campaign.slug),
        campaign_id=identity("campaign", campaign.slug),
        sitting_id=campaign.id,
        ballot="satisfaction",
        number=1,
        status="open",
        units=["jyj"],
        turnout=[],
        opened_at=instant(LATER),
    )


def test_presence_is_counted_by_class(held: Sat) -> None:
    assert held.presence() == {"member": Presence(3, 2, 0, 0, 0), "deputy": Presence(2, 2, 0, 0, 0)}
    held.come("甲一")
    held.come("己六")
    assert held.presence() == {"member": Presence(3, 2, 1, 0, 0), "deputy": Presence(2, 2, 0, 0, 0)}
    held.come("丙三")
    assert held.presence()["member"] == Presence(3, 3, 2, 0, 0)
    held.leave("甲一")
    assert held.presence()["member"] == Presence(3, 3, 1, 0, 0)


def test_members_that_nobody_counted_are_not_known(bare: Sat) -> None:
    bare.set(replace(DRAFT, members={"deputy": 2}))
    assert {voters: each.members for voters, each in bare.presence().items()} == {"member": None, "deputy": 2}


def test_quorum_is_met_by_the_second_of_three_members(held: Sat) -> None:
    def met() -> tuple[bool, int | None, int]:
        with held.office.store.reading() as session:
            sitting = sitting_by(session, held.id)
            ballot = method_of(sitting.campaign).ballot("satisfaction")
            state = quorum_of(session, sitting, ballot)
            assert state
            return state.met, state.needed, state.present

    held.come("丁四")
    held.come("甲一")
    assert met() == (False, 2, 1)
    held.come("乙二")
    assert met() == (True, 2, 2)
    held.leave("乙二")
    assert met() == (False, 2, 1)


def test_ballots_of_a_sitting_are_those_of_its_rounds(held: Sat) -> None:
    def titles() -> list[str]:
        with held.office.store.reading() as session:
            return [ballot.title for ballot in ballots_at(session, sitting_by(session, held.id))]

    assert titles() == []
    with held.office.desk("cli", instant(LATER)) as desk:
        desk.session.add(round_of(held))
        desk.session.flush()
        found = [ballot.title for ballot in ballots_at(desk.session, sitting_by(desk.session, held.id))]
        desk.session.delete(desk.session.get_one(RoundRow, identity("round", held.slug)))
    assert found == ["满意度测评"]


def test_unknown_sitting_is_refused(held: Sat) -> None:
    with pytest.raises(Refusal) as caught, held.office.store.reading() as session:
        sitting_by(session, uuid4())
    assert caught.value.code == "sitting.unknown"
