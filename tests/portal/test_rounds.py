"""The office at a vote: what opening would mean, codes, progress, closing, sealing, what is shown and to whom."""

import io
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from docx import Document

from appraisal.keys import plain_code
from appraisal.operations.rounds import round_by
from appraisal.places import root
from appraisal.store.ballot_tables import RoundRow
from tests.portal.voting_world import CODE, Votes, words

SATISFIED = {unit: {"": ("satisfied",)} for unit in ("jyj", "kjj")}
ISSUED = {"phone/sitting/member": "3", "phone/sitting/deputy": "4", "phone/sitting/citizen": "0"}
ISSUED |= {name.replace("phone", "paper"): "0" for name in ISSUED}


@pytest.fixture
def seated(votes: Votes) -> tuple[Votes, dict[str, list[str]]]:
    return votes, votes.hall.phones(member=3, deputy=4)


def page_of(votes: Votes) -> str:
    return f"/sittings/{votes.hall.sitting_id}"


def stored(votes: Votes, identifier: UUID) -> RoundRow:
    with votes.office.store.reading() as session:
        return round_by(session, identifier)


def begin(votes: Votes, ballot: str = "satisfaction", **fields: str) -> tuple[int, str]:
    page = f"{page_of(votes)}/ballots/{ballot}"
    answer = votes.staff.send(page, page, {"unit": ["jyj", "kjj"], **ISSUED, **fields})
    return answer.status_code, words(answer)


def voted(votes: Votes, codes: list[str], ballot: str = "satisfaction", marks: object = SATISFIED) -> RoundRow:
    row = votes.hall.open(ballot)
    for code in codes:
        votes.hall.cast(row, code, marks)  # type: ignore[arg-type] # Papers of any ballot.
    return votes.hall.close_round(row)


def test_page_of_a_ballot_says_what_opening_would_mean(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, _ = seated
    listed = words(votes.staff.get(f"{page_of(votes)}/ballots"))
    assert ("满意度测评" in listed, "还没有投过" in listed) == (True, True)
    shown = words(votes.staff.get(f"{page_of(votes)}/ballots/satisfaction"))
    assert "应到7人" in shown
    assert re.findall(r'name="((?:phone|paper)/[^"]+)" value="(\d+)"', shown) == [
        ("phone/sitting/member", "3"),
        ("paper/sitting/member", "0"),
        ("phone/sitting/deputy", "4"),
        ("paper/sitting/deputy", "0"),
        ("phone/sitting/citizen", "0"),
        ("paper/sitting/citizen", "0"),
    ]


def test_obstacles_stand_instead_of_the_form(votes: Votes) -> None:
    votes.hall.seat(member=3)
    shown = words(votes.staff.get(f"{page_of(votes)}/ballots/satisfaction"))
    assert "现在不能开始" in shown
    assert "实到0人" in shown
    assert 'name="scrutineers"' not in shown


def test_round_is_opened_watched_and_closed(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, codes = seated
    status, shown = begin(votes, scrutineers="张监票、李监票")
    assert (status, "投票已开始" in shown, "张监票、李监票" in shown) == (200, True, True)
    row = votes.hall.open(given=votes.given("张监票、李监票"))
    votes.paper(row, codes["member"][0], "cast", jyj="satisfied", kjj="basic")
    page = f"/rounds/{row.id}"
    watched = words(votes.staff.get(page))
    assert "发出 <strong>7</strong> 票，手机已投 <strong>1</strong> 票" in watched
    assert "满意 1" not in watched
    closed = words(votes.staff.send(page, f"{page}/closing"))
    assert ("已计票" in closed, "满意 1" in closed, "演算" in closed) == (True, True, True)
    assert f"/rounds/{row.id}" in words(votes.staff.get(f"{page_of(votes)}/ballots"))
    assert "已计票" in words(votes.staff.send(page, f"{page}/closing"))


def test_class_of_two_opens_only_once_the_office_is_aware(votes: Votes) -> None:
    votes.hall.phones(member=3, citizen=2)
    numbers = {"phone/sitting/deputy": "0", "phone/sitting/citizen": "2"}
    assert "市民代表2人：人数太少" in words(votes.staff.get(f"{page_of(votes)}/ballots/satisfaction"))
    status, shown = begin(votes, scrutineers="张监票、李监票", **numbers)
    assert (status, "人数太少" in shown, 'value="张监票、李监票"' in shown) == (409, True, True)
    assert begin(votes, scrutineers="张监票、李监票", aware="yes", **numbers)[0] == 200


def test_number_that_is_none_is_refused_and_kept(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, _ = seated
    status, shown = begin(votes, **{"phone/sitting/member": "三"})
    assert (status, 'name="phone/sitting/member" value="三"' in shown) == (409, True)


def test_slips_are_shown_once(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, _ = seated
    page = f"{page_of(votes)}/codes"
    answer = votes.staff.send(page, page, {"voters": "deputy", "count": "3"})
    codes = CODE.findall(answer.text)
    assert (len(codes), answer.text.count('class="qr"'), "人大代表" in answer.text) == (3, 3, True)
    assert CODE.findall(votes.staff.get(page).text) == []
    votes.hall.open()
    assert "填写选票" in votes.phone.get(f"/v/{plain_code(codes[0])}").text
    refused = votes.staff.send(page, page, {"voters": "deputy", "count": "501"})
    assert (refused.status_code, 'value="501"' in refused.text) == (409, True)


def test_latecomers_are_handed_codes(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, _ = seated
    row = votes.hall.open()
    page = f"/rounds/{row.id}"
    more = votes.staff.send(page, f"{page}/issue", {"voters": "deputy", "phone": "5", "paper": "3"})
    assert "发出 <strong>11</strong> 票" in words(more)
    less = votes.staff.send(page, f"{page}/issue", {"voters": "deputy", "phone": "1", "paper": "3"})
    assert (less.status_code, 'value="1"' in less.text) == (409, True)


def test_voided_round_says_why_and_leads_to_another(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, _ = seated
    row = votes.hall.open()
    page = f"/rounds/{row.id}"
    assert votes.staff.send(page, f"{page}/voiding", {"why": " "}).status_code == 409
    shown = words(votes.staff.send(page, f"{page}/voiding", {"why": "网络中断"}))
    assert ("本轮投票无效" in shown, "网络中断" in shown) == (True, True)
    assert "第 2 轮" in words(votes.staff.get(f"{page_of(votes)}/ballots/satisfaction"))
    assert "本轮投票无效：网络中断" in text_of(votes, f"{page}/results.docx")


def test_sealed_result_is_shown_to_nobody_until_it_is_released(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, codes = seated
    paper = {unit: dict.fromkeys(("", "work", "style", "law"), ("satisfied",)) for unit in ("jyj", "kjj")}
    row = voted(votes, codes["member"], "dimensions", paper)
    page = f"/rounds/{row.id}"
    director, head = votes.visitor("director"), votes.visitor("jyj-head")
    for who in (votes.staff, director):
        shown = words(who.get(page))
        assert ("结果已封存" in shown, "满意 3" in shown) == (True, False)
    for tail in ("/sheet", "/results.docx", "/bulletin.docx", "/recount.json"):
        answer = votes.staff.get(page + tail)
        assert (answer.status_code, "已封存" in answer.text) == (409, True)
    assert "满意 3" not in head.get(page).text
    refused = votes.staff.send(page, f"{page}/release")
    assert (refused.status_code, "由“主任”决定公布" in refused.text) == (409, True)
    assert head.get(page).status_code == 403
    assert head.send("/", f"{page}/release").status_code == 403
    assert stored(votes, row.id).released_at is None
    released = words(director.send(page, f"{page}/release"))
    assert ("结果已公布" in released, "满意 3" in released) == (True, True)
    assert "满意 3" in words(head.get(page))


@pytest.mark.parametrize("tail", ["/ballots", "/ballots/satisfaction", "/codes"])
def test_pages_of_the_office_are_for_the_office(votes: Votes, tail: str) -> None:
    assert votes.visitor("jyj-handler").get(page_of(votes) + tail).status_code == 403
    assert votes.phone.get(page_of(votes) + tail).status_code == 401


def test_open_round_is_for_the_office(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, _ = seated
    page = f"/rounds/{votes.hall.open().id}"
    unit = votes.visitor("jyj-handler")
    assert unit.get(page).status_code == 403
    assert unit.get(f"{page}/sheet").status_code == 409
    assert votes.phone.get(page).status_code == 401
    assert votes.staff.get("/rounds/00000000-0000-0000-0000-000000000000").status_code == 404


def test_papers_of_a_round_say_what_came_out(seated: tuple[Votes, dict[str, list[str]]]) -> None:
    votes, codes = seated
    row = voted(votes, [*codes["member"], *codes["deputy"]])
    sheet = text_of(votes, f"/rounds/{row.id}/results.docx")
    assert "满意度测评结果报告单" in sheet
    assert row.digest in sheet
    assert "市教育局|7|0|0|0|0|满意" in sheet
    assert "人大代表|—|4|4|4|4" in sheet
    assert "1．市教育局：满意（满意 7、基本满意 0、不满意 0、满意率 100%）" in text_of(
        votes, f"/rounds/{row.id}/bulletin.docx"
    )
    printed = words(votes.staff.get(f"/rounds/{row.id}/sheet"))
    assert ("监票人（签名）" in printed, row.digest in printed) == (True, True)
    assert votes.visitor("jyj-handler").get(f"/rounds/{row.id}/results.docx").status_code == 403


def test_anyone_who_sees_the_result_can_recount_it(seated: tuple[Votes, dict[str, list[str]]], tmp_path: Path) -> None:
    votes, codes = seated
    row = voted(votes, [*codes["member"], *codes["deputy"]])
    answer = votes.visitor("jyj-head").get(f"/rounds/{row.id}/recount.json")
    file = tmp_path / "recount.json"
    file.write_bytes(answer.content)
    command = [sys.executable, str(root() / "scripts/recount.py"), str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert ("市教育局" in said, "满意" in said) == (True, True)
    assert [result.grade for result in votes.hall.results()] == ["满意", "满意"]
    void = votes.hall.void(votes.hall.open("approved"))
    assert votes.staff.get(f"/rounds/{void.id}/recount.json").status_code == 409


def text_of(votes: Votes, page: str) -> str:
    answer = votes.staff.get(page)
    assert answer.headers["content-disposition"].startswith("attachment")
    document = Document(io.BytesIO(answer.content))
    rows = ["|".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])


def test_opening_page_of_a_ballot_that_is_not_there_is_not_found(votes: Votes) -> None:
    assert votes.staff.get(f"{page_of(votes)}/ballots/nothing").status_code == 404


def test_campaign_shows_what_stands_with_its_round_and_of_a_sealed_result_only_that(
    seated: tuple[Votes, dict[str, list[str]]],
) -> None:
    votes, codes = seated
    row = voted(votes, codes["member"])
    paper = {unit: {"": (place,)} for unit, place in (("jyj", "1"), ("kjj", "2"))}
    sealed = voted(votes, codes["member"], "ranked", paper)
    page = f"/campaigns/{votes.hall.slug}"
    shown = words(votes.visitor("jyj-head").get(page))
    assert f'满意 3、基本满意 0、不满意 0 <a href="/rounds/{row.id}">计票</a>' in shown
    assert shown.count("已封存") == 2
    assert f"/rounds/{sealed.id}" not in shown
    assert f"/rounds/{sealed.id}" in votes.visitor("director").get(page).text
