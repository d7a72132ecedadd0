"""The screen in the hall: who is there, how many ballots are in, and not a mark before the count."""

import re
from dataclasses import replace

import pytest

from portal.live_screen import Piece, screen_token, slides_of
from tests.documents.sheets import SHEET, UNIT, WHOLE, WORK
from tests.portal.voting_world import Votes, make_votes, words

UNITS = ("jyj", "kjj", "wjj", "rsj", "jsj", "jtj", "zrj", "nyj", "mzj", "czj", "fgj", "jxj")
MARKS = ("满意 ", "基本满意", "不满意")


def screen(votes: Votes, about: object, page: int = 0) -> str:
    token = screen_token(votes.office.keyring, about)  # type: ignore[arg-type] # A round or a sitting.
    return words(votes.phone.get(f"/screen/{token}" + (f"?page={page}" if page else "")))


def test_screen_shows_who_is_there_before_the_vote(votes: Votes) -> None:
    votes.hall.seat(member=4)
    votes.hall.phone("member1")
    shown = screen(votes, votes.hall.sitting_id)
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shown) == [("应到", "4"), ("实到", "1")]
    assert "会议签到" in shown


def test_screen_shows_how_many_ballots_are_in_and_no_mark_of_any(votes: Votes) -> None:
    codes = votes.hall.phones(member=5)["member"]
    row = votes.hall.open()
    for code in codes[:3]:
        votes.paper(row, code, "cast", jyj="dissatisfied", kjj="satisfied")
    shown = screen(votes, row.id)
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shown) == [
        ("应到", "5"),
        ("实到", "5"),
        ("发出选票", "5"),
        ("手机已投", "3"),
    ]
    assert [mark for mark in MARKS if mark in shown.replace("满意度", "")] == []
    assert '<meta http-equiv="refresh" content="3;' in shown
    assert screen(votes, votes.hall.sitting_id).count("手机已投") == shown.count("手机已投")


def test_screen_shows_grades_and_counts_once_the_round_is_closed(votes: Votes) -> None:
    codes = votes.hall.phones(member=4)["member"]
    row = votes.hall.open()
    for code, mark in zip(codes, ("satisfied", "satisfied", "satisfied", "basic"), strict=True):
        votes.paper(row, code, "cast", jyj=mark, kjj="dissatisfied")
    votes.hall.close_round(row)
    shown = screen(votes, row.id)
    assert ("满意 3　基本满意 1　不满意 0" in shown, 'width="75.0"' in shown) == (True, True)
    assert re.findall(r'class="outcome">(.*?)<', shown) == ["满意", "不满意"]
    assert row.id.hex not in re.sub(r"/screen/\w+", "", shown)
    assert "style=" not in shown


def test_sealed_result_is_not_on_the_screen_until_it_is_released(votes: Votes) -> None:
    codes = votes.hall.phones(member=3)["member"]
    row = votes.hall.open("dimensions")
    for code in codes:
        votes.hall.cast(row, code, {"jyj": {"": ("satisfied",), "work": ("basic",)}})
    votes.hall.close_round(row)
    shown = screen(votes, row.id)
    assert ("结果已封存" in shown, "满意 3" in shown) == (True, False)
    votes.hall.release(row)
    assert "满意 3" in screen(votes, row.id)
    assert "工作实绩" in screen(votes, row.id, 2)


def test_void_round_is_said_to_be_void(votes: Votes) -> None:
    votes.hall.phones(member=3)
    row = votes.hall.void(votes.hall.open(), "网络中断")
    assert "本轮投票无效：网络中断" in screen(votes, row.id)


def test_screen_pages_through_what_does_not_fit(votes: Votes) -> None:
    many = make_votes(votes.office, UNITS)
    codes = many.hall.phones(member=3)["member"]
    row = many.hall.open("dimensions")
    many.hall.cast(row, codes[0], {unit: {"": ("satisfied",)} for unit in UNITS})
    many.hall.close_round(row)
    many.hall.release(row)
    pages = [screen(many, row.id, page) for page in range(1, 5)]
    assert [page.count('class="tile"') for page in pages] == [12] * 4
    assert [re.findall(r"\?page=(\d)", page) for page in pages] == [["2"], ["3"], ["4"], ["1"]]
    assert [re.findall(r'class="what">(.*?)<', page) for page in pages] == [
        ["总体"],
        ["工作实绩"],
        ["工作作风"],
        ["依法行政"],
    ]
    assert screen(many, row.id, 99) == pages[0]


def test_thirteenth_unit_stands_on_a_slide_of_its_own() -> None:
    units = tuple(replace(UNIT, name=f"第{number}局") for number in range(1, 14))
    slides = slides_of(replace(SHEET, units=units))
    assert [len(slide.tiles) for slide in slides] == [12, 1]
    assert slides[1].tiles[0].name == "第13局"
    assert slides[0].tiles[0].pieces == (Piece(0, 0.0, 87.5), Piece(1, 87.5, 9.375), Piece(2, 96.875, 3.125))


def test_dimensions_come_after_the_whole_and_not_twice() -> None:
    slides = slides_of(replace(SHEET, units=(replace(UNIT, parts=(WHOLE, WORK)),)))
    assert [(slide.title, slide.tiles[0].outcome) for slide in slides] == [("总体", "满意"), ("工作实绩", "")]


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "0", lambda token: "0" * 32 + token[32:], lambda _: "x"])
def test_address_of_a_screen_cannot_be_guessed(votes: Votes, change: object) -> None:
    token = screen_token(votes.office.keyring, votes.hall.sitting_id)
    other = change(token)  # type: ignore[operator] # A function of one text.
    assert votes.phone.get(f"/screen/{other}").status_code == (200 if other == token else 404)
    assert votes.phone.get(f"/screen/{token}").headers.get("set-cookie") is None
