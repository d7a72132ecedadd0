"""丹江口：优化营商环境专项工作评议。

Six panels and an undercover panel visit 117 enterprises in 20 places and hold 17 seminars; the public writes through
the anonymous window.  189 problems come from a file, classified along two axes.  Nobody knows yet who is appraised:
the units are ranked by their problems, equal counts share a rank, and the committee votes on the six with the most.
54 problems are handed over to them one-to-one, 135 to other units by group 6; the vote of 28 September finds two units
with dissatisfied votes, which are looked back at.
"""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from appraisal.operations import audit, duties, results, selecting
from appraisal.operations.assigning import assign
from appraisal.operations.consequence_views import consequence_paper
from appraisal.operations.problem_import import import_problems
from appraisal.operations.problem_list import ranking_of
from appraisal.operations.results import Tally
from appraisal.operations.selection_inputs import Decision
from appraisal.operations.self_review import comparison
from appraisal.operations.voting import receipts_of
from appraisal.store.campaign_tables import ResultRow
from appraisal.store.work import Store
from tests.operations.world import refused
from tests.stories.danjiangkou import (
    UNDERCOVER,
    everything,
    give,
    hand_in_the_reports,
    handed_over,
    listed,
    look_again,
    panel,
    seen,
    solve,
    support,
    targets,
    the_hall,
    unit_codes,
    unit_names,
    window,
)
from tests.stories.final_figures import final_figures_hold
from tests.stories.inquiry import Inquiry, Move, case, inquiry

PROBLEMS = Path(__file__).parent / "danjiangkou_problems.csv"
PANELS = {f"g{number}": f"第{word}评议组" for number, word in enumerate("一二三四五六", start=1)}
ONE_TO_ONE = {
    "g1": ["市科经局"],
    "g2": ["市人社局"],
    "g3": ["市教育局"],
    "g4": ["市卫健局"],
    "g5": ["市民政局", "市残联"],
}
REPORT = case("danjiangkou")
EXPECTED = REPORT["expect"]


@pytest.fixture
def story(sqlite: Store, home: Path, move_clock: Move) -> Inquiry:
    """Monday, 8 May 2023: the campaign starts, and no unit is named."""
    return inquiry(sqlite, home, move_clock, "danjiangkou", (), "2023-05-08T09:00")


def test_the_units_are_found_by_their_problems_and_chosen_by_vote(story: Inquiry) -> None:
    set_up_the_panels(story)
    tell_the_public(story)
    visit_and_listen(story)
    hear_the_public(story)
    draw_up_the_list(story)
    rank_and_vote(story)
    hand_over_the_problems(story)
    rectify_what_can_be_done_at_once(story)
    codes = vote_on_satisfaction(story)
    look_back(story)
    the_record_holds(story, codes)


def set_up_the_panels(story: Inquiry) -> None:
    """Six panels share the 46 units; the undercover panel goes everywhere, and its visits are unannounced."""
    shares = {f"g{number}": unit_names(story)[number - 1 :: 6] for number in range(1, 7)}
    for key, title in PANELS.items():
        story.set_panel(panel(key, title, shares[key]), "2023-05-08T10:00")
    story.set_panel(panel(UNDERCOVER, "暗访组", unit_names(story), "undercover"), "2023-05-08T10:00")
    assert len(PANELS) == REPORT["groups"]["investigation"]
    with refused("panel.covered_already", panel="第二评议组", units=["市科经局"], other="第一评议组"):
        story.set_panel(panel("g2", PANELS["g2"], ["市科经局"]), "2023-05-08T10:00")


def tell_the_public(story: Inquiry) -> None:
    story.run_phase("mobilise", "2023-05-08T10:30")
    story.confirm("public_notice", "2023-05-12T10:00")
    assert story.close_phase("mobilise", "2023-05-22T09:00", "director") == "closed"


def visit_and_listen(story: Inquiry) -> None:
    """Each place is gone to and each enterprise met once; 17 seminars."""
    story.run_phase("investigate", "2023-05-22T09:10")
    enterprises = [f"样例企业{number}" for number in range(1, REPORT["investigation"]["enterprises"] + 1)]
    places = unit_names(story)[26:]
    for number, place in enumerate(places):
        key = f"g{number % 6 + 1}"
        met = enterprises[number :: len(places)]
        story.log("visit", "2023-06-05T17:00", f"{key}-head", key, place=place, enterprises=met)
    for number in range(REPORT["investigation"]["seminars"]):
        key = f"g{number % 6 + 1}"
        story.log("seminar", "2023-06-12T17:00", f"{key}-m1", key, title=f"座谈会之{number + 1}", people=12)
    story.log("undercover", "2023-06-13T17:00", "undercover-head", UNDERCOVER, announced=False, place="政务服务大厅")
    story.log("undercover", "2023-06-13T17:30", "undercover-m1", UNDERCOVER, announced=False, place="甲镇")
    reached = {goal.title: (goal.far, goal.met) for goal in seen(story, "2023-06-14T10:00").goals if not goal.panel}
    assert reached == {
        "走遍镇（办、处、区）、经开区": ("21个", True),
        "走访企业": ("117家", True),
        "召开座谈会": ("17场", True),
    }


def hear_the_public(story: Inquiry) -> None:
    """The anonymous window: twelve enterprises write, three of them of 市残联; the board tells no small group."""
    story.move("2023-06-15T10:00+08:00")
    page = window(story)
    for number in range(12):
        unit = "cl" if number >= 9 else "rsj"
        give(story, page, f"办事中遇到的第{number + 1}个困难", unit)
    board = story.visitor("g1-head").get(f"/campaigns/{story.slug}/intake").text
    assert "收到的意见还不足5件" in board
    story.move("2023-06-16T08:00+08:00")
    board = story.visitor("g1-head").get(f"/campaigns/{story.slug}/intake").text
    assert "共收到意见 12 件" in board
    assert "市人社局" in board
    assert "9 件" not in board


def draw_up_the_list(story: Inquiry) -> None:
    """189 problems from the file, each with its place on both axes, a lead unit, a leader and a due date."""
    for added in (189, 0):
        with story.desk("office-1", "2023-07-20T10:00") as desk:
            assert import_problems(desk, story.slug, PROBLEMS.read_bytes(), PROBLEMS.name).added == added
    found = seen(story, "2023-07-20T12:00").found
    assert found.total == REPORT["problems"]["total"]
    assert [axis.title for axis in found.axes] == ["时间", "要素"]
    assert [label for label, _ in found.axes[0].lines] == REPORT["problems"]["by_time"]
    assert [label for label, _ in found.axes[1].lines] == REPORT["problems"]["by_element"]
    assert [sum(count or 0 for _, count in axis.lines) for axis in found.axes] == [189, 189]
    by_unit = dict(found.units)
    assert {unit: by_unit[unit] for unit in REPORT["problems"]["by_unit"]} == REPORT["problems"]["by_unit"]


def rank_and_vote(story: Inquiry) -> None:
    """The ranking of the report; then the 31st sitting votes on the six with the most problems, and all six pass."""
    with story.record() as (session, _):
        first = [line for line in ranking_of(session, story.slug) if line.rank <= 6]
    assert [[line.name, line.count] for line in first] == EXPECTED["ranking"]
    assert [line.rank for line in first] == [1, 2, 3, 4, 4, 6]

    hand_in_the_reports(story)
    assert story.obstacles("investigate", "2023-07-28T09:00") == {"gate.targets_unchosen"}
    votes = {"市卫健局": 26, "市教育局": 25, "市人社局": 25, "市科经局": 24, "市民政局": 23, "市残联": 22}
    for _ in range(2):
        with story.desk("office-1", "2023-07-28T15:00") as desk:
            given = Decision(date(2023, 7, 28), "市人大常委会第三十一次会议", votes=votes, base=27)
            chosen = selecting.choose(desk, story.slug, given)
    assert {unit["name"] for unit in chosen.row.chosen} == set(EXPECTED["selected_by_rank_then_vote"])
    assert len(targets(story)) == 6
    assert [figure["problems"] for figure in chosen.row.figures[:6]] == [count for _, count in EXPECTED["ranking"]]


def hand_over_the_problems(story: Inquiry) -> None:
    """One-to-one by groups 1 to 5; what other units lead on, by group 6.  Rectifying begins before the phase ends."""
    for key, title in PANELS.items():
        story.set_panel(panel(key, title, []), "2023-07-28T16:00")
    others = [unit for unit in unit_names(story) if unit not in REPORT["selection"]["chosen"]]
    for key, title in PANELS.items():
        story.set_panel(panel(key, title, ONE_TO_ONE.get(key, others)), "2023-07-28T16:30")
    story.run_phase("rectify", "2023-07-28T17:00")
    with story.desk("office-1", "2023-07-31T10:00") as desk:
        assert len(assign(desk, story.slug, range(1, 190))) == 189
    for owed in story.owed("handover"):
        story.report_done(owed.id, f"{owed.panel.key}-head" if owed.panel else "", "2023-07-31T11:00")

    handed = handed_over(story)
    one_to_one = sum(count for key, count in handed.items() if key in ONE_TO_ONE)
    assert (one_to_one, handed["g6"]) == (
        EXPECTED["problems_of_appraised_units"],
        EXPECTED["problems_of_other_units"],
    )
    assert (len(story.owed("solve")), len(story.owed("solve_long"))) == (126, 63)
    assert {owed.due_on for owed in story.owed("support")} == {date(2023, 9, 12)}
    assert story.close_phase("investigate", "2023-07-31T17:00", "director") == "closed"


def rectify_what_can_be_done_at_once(story: Inquiry) -> None:
    """立行立改 is handed in and verified by 15 September; 长期整改 stays open beyond the vote."""
    story.set_event("sitting.vote", "2023-09-28", "2023-08-01T10:00")
    for letter in story.owed("receipt"):
        with story.desk("office-1", "2023-08-03T10:00") as desk:
            duties.acknowledge(desk, letter.id, story.by("office-1", offline=True))
    at_once = [row for row in listed(story) if row.classes["time"] == "immediate"]
    assert support(story, "2023-09-05T10:00") == sum(len(row.supporting) for row in at_once) == 48
    immediate = story.owed("solve")
    for owed in immediate[1:]:
        solve(story, owed, "2023-09-10T10:00")
    assert story.obstacles("rectify", "2023-09-11T10:00") == {"gate.duty_open"}
    solve(story, immediate[0], "2023-09-12T10:00")
    for unit in targets(story):
        story.submit("feedback", "2023-09-15T10:00", unit=unit)
        story.accept("feedback", "2023-09-16T10:00", unit)
    assert (len(immediate), Counter(problem.status for problem in listed(story))) == (
        126,
        {"closed": 126, "assigned": 63},
    )
    final_figures_hold(story, "2023-09-20T09:00", closed=126)
    assert story.close_phase("rectify", "2023-09-27T09:00", "director") == "closed"


def vote_on_satisfaction(story: Inquiry) -> list[str]:
    """28 September: members, deputies, the public and enterprises vote on six units, by phone and on paper."""
    hall = the_hall(story)
    sitting = hall.convene("vote", "市人大常委会会议", date(2023, 9, 28), "sitting.vote")
    story.run_phase("review", "2023-09-28T09:00")
    codes = hall.begin(sitting)
    with refused("result.counted", ballot="满意度测评"), story.desk("office-1", "2023-09-28T15:00") as desk:
        results.record_result(desk, story.slug, "satisfaction", "jyj", Tally(66, 66, 66, {"satisfied": 66}), "满意")
    against = REPORT["vote"]["dissatisfied"]
    by_name = {name: code for code, name in unit_codes(story).items()}
    counts = {
        by_name[unit]: {"satisfied": 60 - against.get(unit, 0), "basic": 6, "dissatisfied": against.get(unit, 0)}
        for unit in REPORT["selection"]["chosen"]
    }
    closed = hall.vote(sitting, "satisfaction", counts, codes)
    hall.rise(sitting)
    assert (closed.status, len(receipts_of(closed))) == ("closed", 34)
    with story.office.store.reading() as session:
        rows = session.scalars(select(ResultRow)).all()
    assert {row.unit.code: (row.grade, row.counts) for row in rows} == {
        unit: ("满意", marks) for unit, marks in counts.items()
    }
    assert story.letters("copy").count("city-committee") == 1 + 6
    assert story.close_phase("review", "2023-10-07T10:00", "director") == "closed"
    return [code for given in codes.values() for code in given]


def look_back(story: Inquiry) -> None:
    """Whoever got a dissatisfied vote, and nobody else, is looked back at; the last problem closes the campaign."""
    found = story.facts("consequence:found")
    names = unit_codes(story)
    assert sorted(names[fact["unit"]] for fact in found) == sorted(EXPECTED["look_back_units"])
    with story.office.store.reading() as session:
        why = {each.unit: each.why for each in consequence_paper(session, story.slug).followed}
    assert why == {
        "市教育局": ("“满意度测评”的结果为“满意”", "“不满意”2票"),
        "市卫健局": ("“满意度测评”的结果为“满意”", "“不满意”1票"),
    }

    story.run_phase("look-back", "2023-10-07T10:30")
    (report,) = story.owed("followup_report")
    progress = story.owed("followup_progress")
    assert sorted(owed.owner for owed in progress) == sorted(EXPECTED["look_back_units"])
    assert {owed.due_on for owed in progress} == {date(2023, 11, 20)}
    for owed in progress:
        handler = f"{owed.unit.code}-handler" if owed.unit else ""
        story.hand_in(owed.id, handler, "2023-11-10T10:00", "整改到位", "followup")
    story.hand_in(report.id, "followup", "2023-12-11T10:00", "已对两个单位回头看", "office-1")
    again = story.owed("recheck")
    assert {owed.owner for owed in again} == set(EXPECTED["look_back_units"])
    come_back = next(row.number for row in listed(story) if row.status == "closed" and row.unit_id == again[0].unit_id)
    look_again(story, "2023-11-20T10:00", relapsed=come_back)
    assert [row.number for row in listed(story) if row.reopened] == [come_back]
    assert story.obstacles("look-back", "2023-12-11T11:00") == {"gate.duty_open", "gate.problem_open"}
    for owed in (*story.owed("solve"), *story.owed("solve_long")):
        if owed.status == "issued":
            solve(story, owed, "2023-12-12T10:00")
    look_again(story, "2023-12-13T10:00")
    assert story.close_phase("look-back", "2024-01-08T10:00", "director") == "closed"
    assert story.overview("2024-01-08T11:00").status == "closed"
    final_figures_hold(story, "2024-01-08T11:00", closed=189)


def the_record_holds(story: Inquiry, codes: list[str]) -> None:
    with story.record() as (session, campaign):
        assert audit.verify(session) == []
        found = comparison(session, campaign)
    assert (found.total.others_only, found.total.unit_only) == (189, 0)
    written = everything(story)
    assert (len(codes), [code for code in codes if code in written]) == (34, [])
