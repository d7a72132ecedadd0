"""Answers taken in by a code, openly and from paper; and what may be known of who gave them."""

import json
import re
import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Access, Medium, Returned
from appraisal.operations.answers import Filled, Flawed, door
from tests.operations.surveys import Asked, opened, sheet
from tests.operations.world import Campaign, refused

ANSWERED_BY = 60


@pytest.fixture
def asked(campaign: Campaign) -> Asked:
    return opened(campaign)


def test_answers_by_a_code_are_kept_without_day_or_name(asked: Asked) -> None:
    [code] = asked.codes(1)
    asked.answer(code, sheet("bad", words="窗口太少"))
    [kept] = asked.sheets()
    assert kept.answers == {
        "work": "bad",
        "why": ["slow"],
        "parts": {"service": "good", "law": "good"},
        "mark": "80",
        "words": "窗口太少",
    }
    assert (kept.valid, kept.faults, kept.medium, kept.received_on, kept.entered_by) == (True, [], "code", None, None)
    assert [row.answered for row in asked.code_rows()] == [True]


@pytest.mark.parametrize("written", ["{0}", "{1}", " {0} "])
def test_code_is_taken_however_it_is_written(asked: Asked, written: str) -> None:
    [code] = asked.codes(1)
    asked.answer(written.format(code, code.replace("-", "").lower()), sheet())
    assert asked.counts().whole.returned == 1


def test_second_answer_by_a_code_is_refused_and_changes_nothing(asked: Asked) -> None:
    [code] = asked.codes(1)
    asked.answer(code, sheet("good"))
    with refused("answer.spent", questionnaire="企业问卷"):
        asked.answer(code, sheet("bad"))
    assert [kept.answers["work"] for kept in asked.sheets()] == ["good"]


def test_code_used_twice_at_once_counts_once(asked: Asked) -> None:
    [code] = asked.codes(1)
    outcomes: list[str] = []

    def go() -> None:
        try:
            asked.answer(code, sheet())
            outcomes.append("taken")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"taken": 1, "answer.spent": 3}
    assert len(asked.sheets()) == 1


@pytest.mark.parametrize("written", ["", "nonsense", "AAAAA-AAAAA", "../../etc", "\x00", "x" * 5000])
def test_guessed_code_is_refused(asked: Asked, written: str) -> None:
    with refused("answer.code.unknown"):
        asked.answer(written, sheet())


def test_address_of_a_questionnaire_with_codes_opens_nothing(asked: Asked) -> None:
    with refused("answer.code.unknown"):
        asked.answer(asked.row().token, sheet(), nonce="n")


def test_flawed_answers_are_refused_with_every_flaw_and_the_code_stays_good(asked: Asked) -> None:
    [code] = asked.codes(1)
    with pytest.raises(Flawed) as caught:
        asked.answer(code, Filled({"work": "bad", "mark": "101"}, "nowhere"))
    assert [(flaw.question, flaw.line, flaw.code) for flaw in caught.value.flaws] == [
        ("unit", "", "unanswered"),
        ("why", "", "unanswered"),
        ("parts", "service", "unanswered"),
        ("parts", "law", "unanswered"),
        ("mark", "", "out_of_range"),
    ]
    assert asked.sheets() == []
    asked.answer(code, sheet("bad"))
    assert len(asked.sheets()) == 1


def test_answers_after_the_last_day_are_refused(campaign: Campaign) -> None:
    asked = opened(campaign, closes_on=date(2023, 8, 29))
    first, second = asked.codes(2)
    asked.answer(first, sheet(), "2023-08-29T23:59")
    with refused("questionnaire.closed", questionnaire="企业问卷"):
        asked.answer(second, sheet(), "2023-08-30T00:00")


def test_open_questionnaire_takes_each_form_once(campaign: Campaign) -> None:
    asked = opened(campaign, Access.OPEN)
    token = asked.row().token
    for nonce in ("a", "a", "b"):
        asked.answer(token, sheet(), nonce=nonce)
    assert asked.counts().by_medium[Medium.OPEN] == Returned(0, 2, 2)
    assert [kept.received_on for kept in asked.sheets()] == [date(2023, 8, 28)] * 2
    with refused("ticket.stale"):
        asked.answer(token, sheet())


def test_door_shows_the_questions_and_the_units_of_the_campaign(asked: Asked) -> None:
    [code] = asked.codes(1)
    with asked.campaign.office.store.reading() as session:
        found = door(session, asked.campaign.office.keyring, code, date(2023, 8, 28))
    assert (found.survey.title, [unit.code for unit in found.units]) == ("企业问卷", ["jyj", "kjj"])
    assert code not in repr(found)


def test_paper_is_kept_whether_valid_or_not_with_the_reason(asked: Asked) -> None:
    asked.papers_out(4)
    papers = [sheet(), sheet(""), sheet(work=["good", "bad"]), Filled(sheet().given, "jyj", "字迹不清")]  # type: ignore[arg-type]
    assert asked.papers(papers, mark="m") == 4
    assert asked.papers(papers, mark="m") == 0
    assert asked.counts().by_medium[Medium.PAPER] == Returned(4, 4, 1)
    reasons = sorted(flaw["code"] for kept in asked.sheets() for flaw in kept.faults)
    assert reasons == ["several_marked", "spoilt", "unanswered"]
    assert {(kept.entered_by, kept.received_on) for kept in asked.sheets()} == {("office-1", date(2023, 8, 28))}
    facts: list[dict[str, Any]] = asked.facts("questionnaire:entered")
    assert facts == [{"medium": "paper", "sheets": 4, "invalid": 3}]


def test_more_paper_than_was_handed_out_is_refused(asked: Asked) -> None:
    asked.papers_out(3)
    asked.papers([sheet(), sheet()])
    with refused("answer.more_than_issued", issued=3, returned=2, more=2):
        asked.papers([sheet(), sheet()])
    assert asked.counts().whole.returned == 2


def test_no_paper_at_all_is_refused(asked: Asked) -> None:
    with refused("answer.papers_at_once", most=1000):
        asked.papers([])


def test_nobody_with_the_whole_database_can_tell_whose_sheet_is_whose(asked: Asked) -> None:
    """Sixty people answer by code, each in their own words; then everything that is stored is searched."""
    codes = asked.codes(ANSWERED_BY)
    answered = [f"这是第{number}人的话" for number in range(ANSWERED_BY)]
    for code, words in zip(reversed(codes), answered, strict=True):
        asked.answer(code, sheet(words=words))
    rows, sheets = asked.code_rows(), asked.sheets()
    of_codes = {str(value) for row in rows for name, value in _columns(row) if name != "questionnaire_id"}
    of_sheets = {str(value) for kept in sheets for name, value in _columns(kept) if name != "questionnaire_id"}
    assert of_codes & of_sheets <= {"True", "None"}
    assert [name for name, value in _columns(sheets[0]) if "at" in name.split("_") or isinstance(value, float)] == []
    assert {kept.received_on for kept in sheets} == {None}
    assert [kept.answers["words"] for kept in sheets] != answered
    assert asked.campaign.facts("questionnaire:entered", subject=f"questionnaire:{asked.id}") == []
    if asked.campaign.office.store.engine.dialect.name == "sqlite":
        _file_tells_no_order(Path(str(asked.campaign.office.store.engine.url.database)), answered)
    else:
        _transactions_tell_no_pair(asked)


def _columns(row: object) -> list[tuple[str, object]]:
    return [(column.name, getattr(row, column.name)) for column in row.__table__.columns]  # type: ignore[attr-defined]


def _file_tells_no_order(file: Path, answered: list[str]) -> None:
    """Each sheet stands in the file once, and no journal is left from which transactions could be told apart.

    Within a page SQLite lays new rows before older ones, so there the places would tell the order of arrival.
    """
    journal = file.with_name(f"{file.name}-wal")
    assert not journal.exists() or journal.stat().st_size == 0
    content = file.read_bytes()
    places = {words: [found.start() for found in re.finditer(_stored(words), content)] for words in answered}
    assert {len(found) for found in places.values()} == {1}
    size = _page_size(file)
    pairs = [
        (answered.index(one) < answered.index(other), places[one] < places[other])
        for one in answered
        for other in answered
        if one < other and places[one][0] // size == places[other][0] // size
    ]
    same = sum(earlier == lower for earlier, lower in pairs)
    assert len(pairs) > 20
    assert 0.2 < same / len(pairs) < 0.8


def _stored(words: str) -> bytes:
    """As JSON is written into the file."""
    return re.escape(json.dumps(words)[1:-1].encode())


def _page_size(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        size: int = connection.execute("PRAGMA page_size").fetchone()[0]
    return size


def _transactions_tell_no_pair(asked: Asked) -> None:
    """PostgreSQL keeps with each row which transaction wrote it: none wrote one code and one sheet alone."""
    with asked.campaign.office.store.reading() as session:
        wrote = [
            Counter(
                session.scalars(text(f"SELECT xmin::text FROM {table} WHERE questionnaire_id = :of"), {"of": asked.id})
            )
            for table in ("answer_code", "answer_sheet")
        ]
    assert [xmin for xmin in wrote[0] if wrote[1].get(xmin, 0) in range(1, 20)] == []
