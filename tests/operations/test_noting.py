from datetime import datetime
from pathlib import Path

import pytest

from appraisal.operations import audit
from appraisal.operations.noting import note_one, note_received
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.record_tables import LedgerRow
from appraisal.store.work import Store
from tests.operations.hearing import Hearing, also, hearing
from tests.operations.world import STARTS, instant, open_office


@pytest.fixture
def heard(store: Store, home: Path) -> Hearing:
    """The only campaign of its office: noting looks at all there are."""
    return hearing(open_office(store, home, instant(STARTS)), "noted")


def note(heard: Hearing, at: str, limit: int = 500) -> int:
    with heard.office.desk("engine", instant(at)) as desk:
        return note_received(desk, limit)


def entries(heard: Hearing) -> list[tuple[str, str, datetime]]:
    with heard.office.store.reading() as session:
        rows = session.query(LedgerRow).filter(LedgerRow.subject.startswith("opinion:")).order_by(LedgerRow.seq)
        return [(row.subject, row.action, row.at) for row in rows]


def test_opinions_are_noted_when_their_day_is_over_and_once(heard: Hearing) -> None:
    heard.take(at="2023-09-05T15:04")
    assert [note(heard, at) for at in ("2023-09-05T23:59", "2023-09-06T00:00", "2023-09-06T00:05")] == [0, 1, 0]
    assert heard.facts("opinion:received")[0].keys() == {"aspect", "received_on", "source", "text", "unit", "why"}
    assert heard.opinions()[0].noted


def test_noted_opinions_tell_the_end_of_their_day_and_stand_in_the_order_of_their_keys(heard: Hearing) -> None:
    for number in range(8):
        heard.take(also(text=f"意见{number}"), at=f"2023-09-05T1{number}:30")
    note(heard, "2023-09-07T03:00")
    subjects = [subject for subject, _, _ in entries(heard)]
    assert subjects == sorted(subjects)
    assert {at for _, _, at in entries(heard)} == {instant("2023-09-06T00:00")}


def test_batch_is_noted_after_batch(heard: Hearing) -> None:
    for number in range(5):
        heard.take(also(text=f"意见{number}"))
    assert [note(heard, "2023-09-06T01:00", 2) for _ in range(4)] == [2, 2, 1, 0]


def test_held_opinion_is_noted_as_held_with_the_reason(heard: Hearing) -> None:
    heard.take(also(text="代开发票"))
    note(heard, "2023-09-06T01:00")
    (fact,) = heard.facts("opinion:held")
    assert (fact["why"], fact["received_on"], fact["unit"]) == ("words", "2023-09-05", "jyj")
    assert "发票" not in str(fact)


def test_opinion_that_is_handled_on_its_day_is_noted_before(heard: Hearing) -> None:
    key = heard.take().row.id
    for _ in range(2):
        with heard.desk("office-1", "2023-09-05T16:00") as desk:
            note_one(desk, desk.session.get_one(OpinionRow, key))
    assert entries(heard) == [(f"opinion:{key}", "opinion:received", instant("2023-09-05T16:00"))]
    assert note(heard, "2023-09-06T01:00") == 0


def test_record_holds_before_and_after_noting_and_breaks_when_a_noted_status_is_changed(heard: Hearing) -> None:
    key = heard.take().row.id

    def findings() -> list[tuple[str, str]]:
        with heard.office.store.reading() as session:
            return [(found.where, found.code) for found in audit.verify(session)]

    assert findings() == []
    note(heard, "2023-09-06T01:00")
    assert findings() == []
    with heard.desk("office-1", "2023-09-06T02:00") as desk:
        desk.session.get_one(OpinionRow, key).status = "taken_up"
    assert findings() == [(f"opinion:{key}", "replay.differs")]


def test_opinion_noted_in_the_table_alone_is_found(heard: Hearing) -> None:
    key = heard.take().row.id
    with heard.desk("office-1", "2023-09-06T02:00") as desk:
        desk.session.get_one(OpinionRow, key).noted = True
    with heard.office.store.reading() as session:
        assert [(found.where, found.code) for found in audit.verify(session)] == [(f"opinion:{key}", "replay.differs")]
