"""A database of the version before rectification, with work under way in it: brought up to date, everything goes on.

It was written by that version's own operations and dumped.  Two campaigns run on 7 September 2023: the small method in
two bureaus, and a list of four problems of 市教育局, the first three assigned: nobody signed for the first, the report
on the second was returned, the third is closed out, the fourth waits to be assigned.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from appraisal.domain.stalls import StallKind
from appraisal.operations import assigning, audit, duties, issuing, phases, reassigning, reopening
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.owing import assigned_problems
from appraisal.settings import Settings
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.migrating import differences, is_current, upgrade
from appraisal.store.work import Store, sqlite_url
from tests.operations.assigned_world import Assigned
from tests.operations.stall_world import forecast, stalls
from tests.operations.world import Campaign

OLD = Path(__file__).parent / "data/before_rectification.sql"
LATER = "2023-09-12T10:00"


@pytest.fixture
def office(tmp_path: Path, home: Path) -> Iterator[Office]:
    """Brought up to date; whatever a test does, its record must hold when it is done."""
    store = Store(sqlite_url(tmp_path / "old.db"))
    upgrade(store, "0006")
    raw = store.engine.raw_connection()
    driver: Any = raw.driver_connection
    driver.executescript(f"BEGIN;PRAGMA defer_foreign_keys=ON;{OLD.read_text(encoding='utf-8')}COMMIT;")
    raw.close()
    upgrade(store)
    yield Office(Settings(home=home), store)
    with store.reading() as session:
        assert audit.verify(session) == []
    store.close()


@pytest.fixture
def listed(office: Office) -> Assigned:
    return Assigned(office, "before-list")


def owed(listed: Assigned, key: str, number: int) -> list[ObligationRow]:
    those = (ObligationRow.key == key, ObligationRow.problem_id == listed.problem(number).id)
    with listed.office.store.reading() as session:
        return list(session.scalars(select(ObligationRow).where(*those).order_by(ObligationRow.times)))


def hand_in(listed: Assigned, number: int, at: str) -> None:
    identifier = owed(listed, "rectification", number)[-1].id
    with listed.desk("jyj-handler", at) as desk:
        duties.submit(desk, identifier, listed.by("jyj-handler"), "已整改")
    with listed.desk("office-1", at) as desk:
        duties.accept(desk, identifier, listed.by("office-1"))


def test_tables_are_those_in_code_and_the_record_holds(office: Office) -> None:
    assert (is_current(office.store), differences(office.store)) == (True, [])
    with office.store.reading() as session:
        rows = session.scalars(select(ObligationRow)).all()
        assert {(row.times, row.unmoved, row.moved_at, row.extended_on) for row in rows} == {(1, 0, None, None)}


def test_what_was_issued_is_not_issued_again(office: Office, listed: Assigned) -> None:
    with listed.desk("office-1", LATER) as desk:
        campaign = campaign_by(desk.session, listed.slug)
        (phase,) = [each for each in campaign.phases if each.key == "rectify"]
        assert issuing.issue_for_problems(desk, campaign, assigned_problems(desk, phase)) == 0
        assert [phases.issue_duties(desk, "before", key) for key in ("prepare", "rectify")] == [0, 0]


def test_rungs_go_on_where_they_were(office: Office) -> None:
    small = Campaign(office, "before")
    assert small.patrol("2023-09-07T09:30").fired == 0
    before = len(small.facts("obligation:rung_fired"))
    fired = [small.patrol(LATER).fired for _ in range(2)]
    assert (fired[0] > 0, fired[1]) == (True, 0)
    assert len(small.facts("obligation:rung_fired")) > before


def test_stalls_and_forecast_know_what_was_owed(office: Office, listed: Assigned) -> None:
    (line,) = stalls(listed, LATER)
    assert (line.kind, line.problem, line.unit) == (StallKind.UNACKNOWLEDGED, 1, "市教育局")
    assert {kind for _, kind, *_ in forecast(listed, "2023-10-25T10:00")} >= {"overdue"}


def test_problem_under_way_is_worked_on_handed_in_and_closed_out(listed: Assigned) -> None:
    with listed.desk("jyj-handler", LATER) as desk:
        duties.acknowledge(desk, owed(listed, "receipt", 1)[0].id, listed.by("jyj-handler"))
    for number in (1, 2):
        hand_in(listed, number, LATER)
        assert listed.problem(number).status == "closed"


def test_problem_that_was_closed_out_relapses_and_everything_is_owed_once_more(listed: Assigned) -> None:
    with listed.desk("office-1", LATER) as desk:
        reopening.reopen(desk, listed.slug, 3, "office-1", "又有漏雨")
    assert [(row.times, row.status) for row in owed(listed, "rectification", 3)] == [(1, "settled"), (2, "issued")]
    hand_in(listed, 3, "2023-09-20T10:00")
    assert listed.problem(3).status == "closed"


def test_problem_that_waited_is_assigned_by_the_first_letter(listed: Assigned) -> None:
    with listed.desk("office-1", LATER) as desk:
        assert [row.number for row in assigning.assign(desk, listed.slug, [1, 4])] == [4]
    assert [letter.number for letter in listed.letters_sent()] == [1]
    assert [row.status for row in owed(listed, "rectification", 4)] == ["issued"]


def test_problem_that_was_assigned_without_a_letter_moves_to_another_unit(listed: Assigned) -> None:
    with listed.desk("office-1", LATER) as desk:
        reassigning.reassign(desk, listed.slug, 1, "kjj", "由市科技局主管")
    rows = owed(listed, "rectification", 1)
    assert sorted((row.unit.code if row.unit else "", row.status) for row in rows) == [
        ("jyj", "withdrawn"),
        ("kjj", "issued"),
    ]
