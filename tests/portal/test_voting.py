"""Voting on a phone: filled in, read again, cast once, and told truly whether the paper is in."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from appraisal.keys import plain_code
from appraisal.operations.rounds import Given, Issued
from appraisal.store.ballot_tables import RoundRow
from tests.portal.voting_world import FORM, HIDDEN, RECEIPT, Votes, words

CAST = {"step": "cast"}


@pytest.fixture
def opened(votes: Votes) -> tuple[Votes, RoundRow, list[str]]:
    """Five members have codes, and the round is open."""
    codes = votes.hall.phones(member=5)["member"]
    return votes, votes.hall.open(), codes


def counts(votes: Votes, ballot: str = "satisfaction") -> dict[str, dict[str, int]]:
    return {result.unit.code: result.counts for result in votes.hall.results(ballot)}


def test_paper_is_filled_in_checked_and_cast(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    phone, page = votes.phone, f"/v/{plain_code(codes[0])}"
    form = phone.get(page)
    assert "满意度测评" in form.text
    assert 'type="radio" name="mark/jyj/" value="satisfied"' in form.text
    checked = phone.post(f"{page}/{row.id}", data={"mark/jyj/": "satisfied", "step": "check"})
    assert "请核对" in checked.text
    assert "有 1 处没有填，投出后按弃权计" in checked.text
    assert HIDDEN.findall(checked.text) == [("mark/jyj/", "satisfied")]
    assert votes.hall.kept(row) == (0, 0, 0)
    cast = phone.post(f"{page}/{row.id}", data={"mark/jyj/": "satisfied", "step": "cast"})
    assert "票已投入票箱" in cast.text
    assert len(RECEIPT.findall(cast.text)) == 1
    assert votes.hall.kept(row) == (1, 1, 0)
    votes.hall.close_round(row)
    assert counts(votes) == {
        "jyj": {"satisfied": 1, "basic": 0, "dissatisfied": 0},
        "kjj": {"satisfied": 0, "basic": 0, "dissatisfied": 0},
    }


def test_page_of_a_vote_knows_nobody(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    phone = votes.phone
    pages = [phone.get("/v"), phone.get(f"/v/{plain_code(codes[0])}"), votes.paper(row, codes[0], "cast", jyj="basic")]
    assert [page.headers.get("set-cookie") for page in pages] == [None, None, None]
    assert ["form_mark" in page.text for page in pages] == [False, False, False]
    assert {page.headers["referrer-policy"] for page in pages} == {"no-referrer"}
    assert {page.headers["cache-control"] for page in pages} == {"no-store"}


def test_same_paper_sent_again_gives_the_same_receipt_and_counts_once(
    opened: tuple[Votes, RoundRow, list[str]],
) -> None:
    votes, row, codes = opened
    answers = [votes.paper(row, codes[0], "cast", jyj="satisfied", kjj="basic") for _ in range(3)]
    [receipt] = RECEIPT.findall(answers[0].text)
    assert [RECEIPT.findall(answer.text) for answer in answers] == [[receipt]] * 3
    assert votes.hall.kept(row) == (1, 1, 0)


def test_marks_cannot_be_tried_out_by_whoever_comes_by_a_code_that_has_voted(
    opened: tuple[Votes, RoundRow, list[str]],
) -> None:
    """Only the form that the paper was filled in on gives the receipt again, and not the same marks on another."""
    votes, row, codes = opened
    page, marks = f"/v/{plain_code(codes[0])}/{row.id}", {"mark/jyj/": "satisfied", "mark/kjj/": "basic"}
    [form] = FORM.findall(votes.phone.post(page, data=marks | {"step": "check"}).text)
    cast = votes.phone.post(page, data=marks | CAST | {"form": form})
    again = votes.phone.post(page, data=marks | CAST | {"form": form})
    assert RECEIPT.findall(again.text) == RECEIPT.findall(cast.text)
    for other in ({}, {"form": "0" * 32}):
        answer = votes.phone.post(page, data=marks | CAST | other)
        assert (answer.status_code, RECEIPT.findall(answer.text)) == (409, [])
    assert votes.hall.kept(row) == (1, 1, 0)


def test_spent_code_is_told_that_the_paper_is_in_and_not_how_it_was_marked(
    opened: tuple[Votes, RoundRow, list[str]],
) -> None:
    votes, row, codes = opened
    votes.paper(row, codes[0], "cast", jyj="dissatisfied", kjj="dissatisfied")
    page = votes.phone.get(f"/v/{plain_code(codes[0])}/{row.id}")
    assert "票已投入票箱" in page.text
    assert "不满意" not in page.text
    other = votes.paper(row, codes[0], "cast", jyj="satisfied", kjj="satisfied")
    assert other.status_code == 409
    assert "不能改动" in other.text
    assert "不满意" not in other.text
    assert votes.hall.kept(row) == (1, 1, 0)


def test_paper_can_be_changed_before_it_is_cast(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    again = votes.paper(row, codes[0], "edit", jyj="basic")
    assert re.search(r'name="mark/jyj/" value="basic" checked', again.text)
    assert votes.hall.kept(row) == (0, 0, 0)


def test_unknown_code_is_not_found_and_stays_in_the_field(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    assert votes.phone.get("/v/AAAABBBBCCCC").status_code == 404
    assert votes.phone.post(f"/v/AAAABBBBCCCC/{row.id}", data=CAST).status_code == 404
    typed = votes.phone.post("/v", data={"code": "aaaa bbbb cccc"})
    assert (typed.status_code, 'value="aaaa bbbb cccc"' in typed.text) == (404, True)
    right = votes.phone.post("/v", data={"code": codes[0].lower().replace("-", " ")})
    assert "填写选票" in right.text
    assert votes.hall.kept(row) == (0, 0, 0)


def test_closed_round_tells_truly_whether_the_paper_is_in(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    votes.paper(row, codes[0], "cast", jyj="satisfied", kjj="satisfied")
    votes.hall.close_round(row)
    mine, late = (votes.paper(row, code, "cast", jyj="satisfied") for code in codes[:2])
    assert (mine.status_code, "您的票已在计票之前投入，已经计入" in mine.text) == (409, True)
    assert (late.status_code, "您的票没有投进，没有计入" in late.text) == (409, True)
    assert "您的票没有投进" in votes.phone.get(f"/v/{plain_code(codes[1])}/{row.id}").text
    assert "现在没有正在进行的投票" in votes.phone.get(f"/v/{plain_code(codes[1])}").text


def test_what_does_not_stand_on_the_paper_is_not_read(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    data = {"mark/jyj/": "satisfied", "mark/wjj/": "dissatisfied", "mark/kjj/style": "basic", "mark/kjj/": "excellent"}
    votes.phone.post(f"/v/{plain_code(codes[0])}/{row.id}", data=data | CAST)
    votes.hall.close_round(row)
    assert counts(votes) == {
        "jyj": {"satisfied": 1, "basic": 0, "dissatisfied": 0},
        "kjj": {"satisfied": 0, "basic": 0, "dissatisfied": 0},
    }


def test_paper_that_is_too_large_is_refused(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    page = f"/v/{plain_code(codes[0])}/{row.id}"
    assert votes.phone.post(page, data={"mark/jyj/": "x" * 600_000} | CAST).status_code == 413
    assert votes.phone.post(page, data={f"mark/{number}/": "x" for number in range(3100)} | CAST).status_code == 400
    assert votes.phone.post(page, data=CAST, files={"mark/jyj/": ("a.txt", b"satisfied")}).status_code == 400
    assert votes.hall.kept(row) == (0, 0, 0)


def test_code_of_another_ballot_or_sitting_does_not_vote(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    named = votes.hall.open("named")
    assert votes.paper(named, codes[0], "cast", jyj="satisfied").status_code == 403
    own = votes.hall.own_code("member1")
    assert votes.paper(row, own, "cast", jyj="satisfied").status_code == 403
    assert votes.hall.kept(row) == (0, 0, 0)


def test_vote_by_name_takes_the_code_of_check_in(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, _ = opened
    own = votes.hall.own_code("member1")
    assert "您输入的是签到码" in votes.phone.get(f"/v/{plain_code(own)}").text
    named = votes.hall.open("named")
    form = votes.phone.get(f"/v/{plain_code(own)}")
    assert "本次为记名投票" in form.text
    assert "票已投入票箱" in votes.paper(named, own, "cast", jyj="satisfied", kjj="basic").text
    votes.hall.close_round(named)
    assert counts(votes, "named")["jyj"] == {"satisfied": 1, "basic": 0, "dissatisfied": 0}
    assert votes.hall.kept(row) == (0, 0, 0)


def test_scores_are_read_as_people_type_them_and_kept_where_they_are_wrong(votes: Votes) -> None:
    code = votes.hall.phones(member=3)["member"][0]
    row = votes.hall.open("scored")
    wrong = votes.paper(row, code, "check", jyj="100.5", kjj="八十")
    assert wrong.status_code == 409
    assert "还有 2 处需要改正" in wrong.text
    assert ('value="100.5"' in wrong.text, 'value="八十"' in wrong.text) == (True, True)
    assert "有一处没有填，整张票就按无效计" in wrong.text
    assert "投出后整张票按无效计" in votes.paper(row, code, "check", jyj="90").text
    checked = votes.paper(row, code, "check", jyj="８７．５", kjj="090")
    assert HIDDEN.findall(checked.text) == [("mark/jyj/", "87.5"), ("mark/kjj/", "90")]
    assert "每一项都填了" in checked.text


def test_place_is_given_once(votes: Votes) -> None:
    code = votes.hall.phones(member=3)["member"][0]
    row = votes.hall.open("ranked")
    assert "有两个单位排在同一名次" in votes.paper(row, code, "check", jyj="1", kjj="1").text
    assert "请填 1 至 2 的名次" in votes.paper(row, code, "check", jyj="3").text
    assert "第 2 名" in votes.paper(row, code, "check", jyj="1", kjj="2").text


def test_no_more_are_approved_than_may_be(votes: Votes) -> None:
    code = votes.hall.phones(member=3)["member"][0]
    row = votes.hall.open("approved")
    refused = votes.paper(row, code, "cast", jyj="yes", kjj="yes")
    assert (refused.status_code, "最多只能填 1 个，现在填了 2 个" in refused.text) == (409, True)
    assert refused.text.count(" checked") == 2
    assert "选了 1 个" in votes.paper(row, code, "check", jyj="yes").text
    assert "什么都没有填，投出后按弃权计" in votes.paper(row, code, "check").text


def test_receipts_are_public_once_the_round_is_over(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    mine = [RECEIPT.findall(votes.paper(row, code, "cast", jyj="basic").text)[0] for code in codes[:3]]
    assert RECEIPT.findall(votes.phone.get(f"/receipts/{row.id}").text) == []
    votes.hall.close_round(row)
    assert RECEIPT.findall(votes.phone.get(f"/receipts/{row.id}").text) == sorted(mine)


def test_code_gets_into_no_log(opened: tuple[Votes, RoundRow, list[str]], caplog: pytest.LogCaptureFixture) -> None:
    votes, row, codes = opened
    caplog.set_level("DEBUG")
    votes.paper(row, codes[0], "cast", jyj="basic")
    votes.paper(row, codes[0], "cast", jyj="satisfied")
    votes.phone.get(f"/v/{plain_code(codes[0])}")
    ours = [record.getMessage() for record in caplog.records if record.name.split(".")[0] in ("portal", "appraisal")]
    assert [said for said in ours if plain_code(codes[0]) in said or codes[0] in said] == []


def test_several_rounds_are_listed_with_what_is_in(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    scored = votes.hall.open("scored", Given({("sitting", "member"): Issued(5, 0)}, aware=True))
    votes.paper(row, codes[0], "cast", jyj="basic")
    listed = words(votes.phone.get(f"/v/{plain_code(codes[0])}"))
    assert ("票已投入票箱" in listed, "还没有投" in listed) == (True, True)
    assert f'href="/v/{plain_code(codes[0])}/{scored.id}"' in listed


def test_code_has_nothing_to_vote_on_once_the_sitting_is_over(
    votes: Votes, move_clock: Callable[[str], datetime]
) -> None:
    code = votes.hall.phones(member=3)["member"][0]
    move_clock("2023-09-28T19:00+08:00")
    votes.hall.close_sitting()
    assert "现在没有正在进行的投票" in votes.phone.get(f"/v/{plain_code(code)}").text


def test_code_is_told_of_rounds_that_are_over_whether_its_paper_counts(
    opened: tuple[Votes, RoundRow, list[str]],
) -> None:
    votes, row, codes = opened
    votes.paper(row, codes[0], "cast", jyj="satisfied", kjj="basic")
    votes.hall.close_round(row)
    told = [words(votes.phone.get(f"/v/{plain_code(code)}")) for code in codes[:2]]
    assert [("票已计入" in page, "没有用这个码投过" in page) for page in told] == [(True, False), (False, True)]


def test_code_is_told_of_a_round_that_was_voided(opened: tuple[Votes, RoundRow, list[str]]) -> None:
    votes, row, codes = opened
    votes.paper(row, codes[0], "cast", jyj="satisfied", kjj="basic")
    votes.hall.void(row)
    told = words(votes.phone.get(f"/v/{plain_code(codes[0])}"))
    assert ("本轮作废" in told, "票已计入" in told) == (True, False)
