"""Tellers in the portal: two count by themselves, and a difference stops the count."""

import pytest

from appraisal.operations.rounds import Given, Issued
from appraisal.store.ballot_tables import RoundRow
from tests.portal.voting_world import Votes, words

GIVEN = Given({("sitting", "member"): Issued(0, 5), ("sitting", "deputy"): Issued(0, 0)}, aware=True)
GOOD = {
    "issued": "5",
    "returned": "5",
    "count/jyj//satisfied": "4",
    "count/jyj//~abstained": "1",
    "count/kjj//basic": "3",
    "count/kjj//~invalid": "2",
}


def open_on_paper(votes: Votes, ballot: str) -> RoundRow:
    votes.hall.phones(member=5)
    return votes.hall.open(ballot, GIVEN)


def sheet(row: RoundRow, teller: int = 1, voters: str = "member") -> str:
    return f"/rounds/{row.id}/tellers/{teller}/sitting/{voters}"


def enter(votes: Votes, row: RoundRow, teller: int, name: str, **changed: str) -> tuple[int, str]:
    page = sheet(row, teller)
    answer = votes.staff.send(page, page, {**GOOD, "name": name} | changed)
    return answer.status_code, words(answer)


def test_sheets_of_both_tellers_agree_and_are_counted(votes: Votes) -> None:
    row = open_on_paper(votes, "satisfaction")
    assert "计票人一：常委会组成人员" in votes.staff.get(sheet(row)).text
    status, shown = enter(votes, row, 1, "王计票")
    assert (status, "计票表已录入" in shown, "1 / 2" in shown) == (200, True, True)
    assert "一致" in enter(votes, row, 2, "李计票")[1]
    page = f"/rounds/{row.id}"
    closed = words(votes.staff.send(page, f"{page}/closing"))
    assert ("满意 4" in closed, "基本满意 3" in closed, "无效 2" in closed) == (True, True, True)


def test_difference_is_named_by_its_place_and_not_by_its_numbers(votes: Votes) -> None:
    row = open_on_paper(votes, "satisfaction")
    enter(votes, row, 1, "王计票")
    other = {"count/jyj//satisfied": "3", "count/jyj//basic": "1"}
    shown = enter(votes, row, 2, "李计票", **other)[1]
    assert "两份不一致" in shown
    assert "常委会组成人员：市教育局·满意" in shown
    assert "常委会组成人员：市教育局·基本满意" in shown
    assert "市科学技术局·" not in shown
    page = f"/rounds/{row.id}"
    refused = votes.staff.send(page, f"{page}/closing")
    assert (refused.status_code, "录入的不一致" in refused.text) == (409, True)
    assert enter(votes, row, 2, "李计票")[1].count("不一致") == 0


def test_what_was_entered_is_not_shown_again(votes: Votes) -> None:
    row = open_on_paper(votes, "satisfaction")
    enter(votes, row, 1, "王计票")
    again = votes.staff.get(sheet(row)).text
    assert ("已经录入过" in again, 'value="4"' in again, "王计票" in again) == (True, False, False)
    assert "已经录入过" not in votes.staff.get(sheet(row, 2)).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"count/jyj//satisfied": "5"}, "各项合计6，与收回的5张不符"),
        ({"name": ""}, "请写计票人姓名"),
        ({"count/jyj//satisfied": "四"}, "四"),
        ({"returned": ""}, "没有"),
    ],
)
def test_sheet_that_does_not_add_up_is_refused_and_kept(votes: Votes, changed: dict[str, str], said: str) -> None:
    row = open_on_paper(votes, "satisfaction")
    page = sheet(row)
    answer = votes.staff.send(page, page, {**GOOD, "name": "王计票"} | changed)
    shown = words(answer)
    assert (answer.status_code, said in shown) == (409, True)
    assert 'name="count/kjj//basic" value="3"' in shown


def test_both_sheets_are_not_entered_by_one(votes: Votes) -> None:
    row = open_on_paper(votes, "satisfaction")
    enter(votes, row, 1, "王计票")
    status, shown = enter(votes, row, 2, "王计票")
    assert (status, "须由两名计票人各自清点" in shown) == (409, True)


def test_scores_are_entered_as_a_list(votes: Votes) -> None:
    row = open_on_paper(votes, "scored")
    page = sheet(row)
    scores = {
        "name": "王计票",
        "issued": "5",
        "returned": "5",
        "count/jyj//list": "95×3，８７．５x1",
        "count/jyj//~invalid": "1",
    }
    wrong = votes.staff.send(page, page, scores | {"count/kjj//list": "90"})
    assert (wrong.status_code, "“90”没有写清楚" in words(wrong)) == (409, True)
    for teller, name in ((1, "王计票"), (2, "李计票")):
        at = sheet(row, teller)
        votes.staff.send(at, at, scores | {"name": name, "count/kjj//list": "90*5"})
    votes.hall.close_round(row)
    scored = {result.unit.code: result.detail["score"] for result in votes.hall.results("scored")}
    assert scored == {"jyj": "745/8", "kjj": "90"}


def test_approvals_on_paper_need_only_those_who_approve(votes: Votes) -> None:
    row = open_on_paper(votes, "approved")
    for teller, name in ((1, "王计票"), (2, "李计票")):
        at = sheet(row, teller)
        votes.staff.send(at, at, {"name": name, "issued": "5", "returned": "5", "count/jyj//approve": "4"})
    closed = words(votes.staff.get(f"/rounds/{votes.hall.close_round(row).id}"))
    assert ("赞成 4" in closed, "当选" in closed) == (True, True)


def test_sheet_where_no_papers_went_out_is_not_found(votes: Votes) -> None:
    row = open_on_paper(votes, "satisfaction")
    assert votes.staff.get(sheet(row, voters="citizen")).status_code == 404
    assert votes.visitor("jyj-handler").get(sheet(row)).status_code == 403
