from concurrent.futures import ThreadPoolExecutor
from datetime import date

from appraisal.operations import patrol
from appraisal.operations.patrol import Rounds, Standing
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from tests.operations.world import Campaign, instant, paper

REPORT = "rectification_report"


def firings(campaign: Campaign, key: str, unit: str = "jyj") -> list[tuple[int, str, bool]]:
    with campaign.office.store.reading() as session:
        rows = session.query(FiringRow).filter_by(obligation_id=campaign.duty(key, unit)).order_by(FiringRow.rung)
        return [(row.rung, row.act, row.passed_over) for row in rows]


def settle_all_but(campaign: Campaign, key: str) -> None:
    """Leaves one duty of 市教育局 that can be chased, due on Tuesday, 31 October."""
    campaign.confirm("launch_notice", "2023-08-31T10:00")
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    campaign.acknowledge("opinion", "2023-08-31T10:00", "kjj")
    for unit in ("jyj", "kjj"):
        for each in {"rectification_plan", REPORT} - {key if unit == "jyj" else ""}:
            campaign.submit(each, "2023-08-31T11:00", *([paper()] if each == REPORT else []), unit=unit)


def test_patrol_does_nothing_before_the_first_rung(alone: Campaign) -> None:
    assert alone.patrol("2023-09-01T08:59") == Rounds(0, 0, 0, 0)


def test_rung_fires_once_tells_its_roles_and_names_the_next(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    assert alone.patrol("2023-10-24T09:00") == Rounds(1, 1, 0, 0)
    assert alone.patrol("2023-10-24T09:00") == Rounds(0, 0, 0, 0)
    assert alone.letters("rung-remind") == ["jyj-handler"]
    assert alone.row(REPORT).next_check_at == instant("2023-10-30T09:00")
    assert alone.about(REPORT, "obligation:rung_fired") == [{"rung": 0, "act": "remind", "at": "-7d"}]


def test_ladder_is_climbed_to_its_top_and_tells_ever_higher(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    days = ("10-24", "10-30", "11-01", "11-03", "11-07", "11-15", "11-30", "12-31")
    for day in days:
        alone.patrol(f"2023-{day}T09:00")
        alone.patrol(f"2023-{day}T09:05")
    acts = ["remind", "remind", "urge", "yellow", "red", "supervise", "summon"]
    assert firings(alone, REPORT) == [(rung, act, False) for rung, act in enumerate(acts)]
    told = {act: alone.letters(f"rung-{act}") for act in acts}
    assert told == {
        "remind": ["jyj-handler", "jyj-handler"],
        "urge": ["jyj-handler", "jyj-head"],
        "yellow": ["jyj-handler", "jyj-head"],
        "red": ["jyj-head", "leader-3"],
        "supervise": ["director", "jyj-head", "leader-3"],
        "summon": ["director", "jyj-head", "leader-3"],
    }
    assert {row.urgent for _, row in alone.posted("rung-yellow")} == {False}
    assert {(row.urgent, row.digest) for _, row in alone.posted("rung-red")} == {(True, False)}
    assert alone.row(REPORT).next_check_at is None


def test_week_that_was_missed_fires_the_highest_rung_and_notes_the_others(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    assert alone.patrol("2023-11-07T09:00") == Rounds(1, 1, 4, 1)
    assert firings(alone, REPORT) == [
        (0, "remind", True),
        (1, "remind", True),
        (2, "urge", True),
        (3, "yellow", True),
        (4, "red", False),
    ]
    assert [alone.letters(f"rung-{act}") for act in ("remind", "urge", "yellow")] == [[], [], []]
    assert [fact["rung"] for fact in alone.about(REPORT, "obligation:rung_passed")] == [0, 1, 2, 3]


def test_becoming_overdue_is_noted_once_whatever_the_ladder_does(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    alone.patrol("2023-10-30T09:00")
    assert alone.row(REPORT).next_check_at == instant("2023-11-01T00:00")
    assert alone.patrol("2023-10-31T23:59") == Rounds(0, 0, 0, 0)
    assert [alone.patrol(at).overdue for at in ("2023-11-01T00:00", "2023-11-01T09:00", "2023-11-07T09:00")] == [
        1,
        0,
        0,
    ]
    assert alone.about(REPORT, "obligation:overdue") == [{"due_on": "2023-10-31"}]
    assert alone.row(REPORT).overdue_at == instant("2023-11-01T00:00")


def test_overdue_is_noted_again_after_the_date_was_moved_and_passed_again(alone: Campaign) -> None:
    alone.set_event("summary.decided", "2023-09-15", "2023-09-01T10:00")
    alone.patrol("2023-09-16T00:00")
    alone.set_event("summary.decided", "2023-09-20", "2023-09-18T10:00")
    assert [alone.row("summary", unit).overdue_at for unit in ("jyj", "kjj")] == [None, None]
    for at in ("2023-09-20T23:59", "2023-09-21T00:00", "2023-09-22T00:00"):
        alone.patrol(at)
    assert [fact["due_on"] for fact in alone.about("summary", "obligation:overdue")] == ["2023-09-15", "2023-09-20"]


def test_date_moved_within_the_past_leaves_it_overdue(alone: Campaign) -> None:
    alone.set_event("summary.decided", "2023-09-15", "2023-09-01T10:00")
    alone.patrol("2023-09-16T00:00")
    alone.set_event("summary.decided", "2023-09-14", "2023-09-18T10:00")
    alone.patrol("2023-09-19T00:00")
    assert [fact["due_on"] for fact in alone.about("summary", "obligation:overdue")] == ["2023-09-15"]


def test_nothing_fires_at_a_paper_that_is_looked_at_or_accepted(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    alone.submit(REPORT, "2023-10-23T10:00", paper())
    assert alone.patrol("2023-11-07T09:00") == Rounds(0, 0, 0, 0)
    alone.accept(REPORT, "2023-11-08T10:00")
    assert alone.patrol("2023-12-31T09:00") == Rounds(0, 0, 0, 0)
    assert firings(alone, REPORT) == []


def test_what_is_found_though_it_is_settled_is_left_alone_and_not_found_again(alone: Campaign) -> None:
    """The finder only narrows: it may show what was settled after it was last marked for a look."""
    settle_all_but(alone, REPORT)
    alone.submit(REPORT, "2023-10-23T10:00", paper())
    alone.accept(REPORT, "2023-10-24T10:00")
    with alone.office.desk("cli", instant("2023-10-24T12:00")) as desk:
        row = desk.session.get_one(ObligationRow, alone.duty(REPORT))
        row.next_check_at = instant("2023-11-08T09:00")
    assert alone.patrol("2023-11-10T09:00") == Rounds(1, 0, 0, 0)
    assert alone.patrol("2023-11-10T09:05") == Rounds(0, 0, 0, 0)
    assert firings(alone, REPORT) == []


def test_ladder_goes_on_where_it_stood_after_a_return(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    alone.patrol("2023-10-24T09:00")
    alone.submit(REPORT, "2023-10-25T10:00", paper())
    alone.patrol("2023-10-30T09:00")
    alone.give_back(REPORT, "2023-10-31T10:00")
    alone.patrol("2023-10-31T10:05")
    alone.patrol("2023-11-01T09:00")
    assert firings(alone, REPORT) == [(0, "remind", False), (1, "remind", False), (2, "urge", False)]


def test_ladder_survives_a_date_that_moves(alone: Campaign) -> None:
    alone.confirm("launch_notice", "2023-08-31T10:00")
    for unit in ("jyj", "kjj"):
        alone.acknowledge("opinion", "2023-08-31T10:00", unit)
    alone.set_event("sitting", "2023-09-20", "2023-09-01T10:00")
    assert alone.patrol("2023-09-05T09:00") == Rounds(1, 1, 0, 0)
    alone.set_event("sitting", "2023-10-27", "2023-09-06T10:00")
    assert alone.row("agenda", "").next_check_at == instant("2023-10-18T00:00")
    # The reminder went out for the first date; the next rung stands one day after the second.
    assert alone.patrol("2023-10-14T09:00").fired == 0 or firings(alone, "agenda", "") == [(0, "remind", False)]
    alone.patrol("2023-10-18T09:00")
    assert firings(alone, "agenda", "") == [(0, "remind", False), (1, "urge", False)]


def test_stand_in_is_told_in_place_of_the_absent(alone: Campaign) -> None:
    settle_all_but(alone, REPORT)
    alone.patrol("2023-10-24T09:00")
    alone.absence("jyj-handler", "jyj-head", "2023-10-30", "2023-10-30")
    alone.patrol("2023-10-30T09:00")
    alone.patrol("2023-11-01T09:00")
    assert alone.letters("rung-remind") == ["jyj-handler", "jyj-head"]
    assert alone.posted("rung-remind")[1][1].context["acting_for"] == "郭示例"
    assert [rung for rung, _, _ in firings(alone, REPORT)] == [0, 1, 2]


def test_patrol_takes_no_more_than_its_batch_and_the_longest_due_first(alone: Campaign) -> None:
    # On 5 September both receipts are overdue since midnight, and their reminder was missed on the 3rd.
    assert [alone.patrol("2023-09-05T08:00", limit=2).looked_at for _ in range(3)] == [2, 1, 0]
    assert alone.row("launch_notice", "").last_rung == 0
    assert [alone.row("opinion", unit).overdue_at for unit in ("jyj", "kjj")] == [instant("2023-09-05T00:00")] * 2


def test_several_patrols_at_once_fire_each_rung_once(alone: Campaign) -> None:
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda _: alone.patrol("2023-09-07T09:00", limit=1), range(8)))
    total = rounds[0]
    for each in rounds[1:]:
        total = total.plus(each)
    assert (total.fired, total.overdue) == (3, 3)
    assert len(alone.facts("obligation:rung_fired")) == 3
    assert alone.letters("rung-yellow") == ["jyj-head", "kjj-head"]


def test_approver_is_called_once_the_gate_is_met(alone: Campaign) -> None:
    assert call(alone, "2023-08-29T10:00") == 0
    alone.confirm("launch_notice", "2023-08-29T11:00")
    assert [call(alone, at) for at in ("2023-08-29T12:00", "2023-08-29T12:05")] == [1, 0]
    assert [row.page for _, row in alone.posted("approval-asked")] == ["/approvals/alone/prepare"]


def test_approver_is_called_on_the_last_day_though_the_gate_is_not_met(alone: Campaign) -> None:
    assert alone.phase("prepare").closes_on == date(2023, 9, 18)
    assert [call(alone, at) for at in ("2023-09-17T23:59", "2023-09-18T00:00", "2023-09-19T00:00")] == [0, 1, 0]
    # The notice goes out after all: that is another brief, and the approver hears of it.
    alone.confirm("launch_notice", "2023-09-19T10:00")
    assert [call(alone, at) for at in ("2023-09-19T11:00", "2023-09-19T11:05")] == [1, 0]
    assert alone.letters("approval-asked") == ["director", "director"]


def test_refused_closing_is_not_called_again_unchanged(alone: Campaign) -> None:
    alone.confirm("launch_notice", "2023-08-29T11:00")
    call(alone, "2023-08-29T12:00")
    alone.decide("prepare", "2023-08-29T13:00", agreed=False)
    assert [call(alone, at) for at in ("2023-08-29T14:00", "2023-09-18T14:00")] == [0, 0]
    assert [standing.round for standing in standings(alone, "2023-09-18T14:00") if standing.key == "prepare"] == [2]


def test_phase_that_waits_moves_once_it_was_decided(alone: Campaign) -> None:
    alone.confirm("launch_notice", "2023-08-29T11:00")
    assert standings(alone, "2023-08-29T12:00") == [
        Standing("alone", "prepare", "mobilise", 1, moves=False),
        Standing("alone", "rectify", "rectify", 1, moves=False),
    ]
    alone.decide("prepare", "2023-08-29T13:00")
    assert [standing.moves for standing in standings(alone, "2023-08-29T14:00")] == [True, False]


def call(campaign: Campaign, at: str) -> int:
    with campaign.office.desk("engine", instant(at)) as desk:
        return patrol.call_for_closings(desk)


def standings(campaign: Campaign, at: str) -> list[Standing]:
    with campaign.office.desk("engine", instant(at)) as desk:
        return patrol.standings(desk)
