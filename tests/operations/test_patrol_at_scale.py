"""The patrol among thousands of open obligations, and beside another patrol."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, make_url, select, text

from appraisal.operations import patrol
from appraisal.operations.office import Office
from appraisal.operations.patrol import Rounds
from appraisal.settings import Settings
from appraisal.store.bulk import insert_all
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.work import sqlite_url
from benchmarks.patrol_office import fill as fill_office
from benchmarks.patrol_ways import bare, fire, left_behind
from tests.databases import Postgres, pristine_sqlite
from tests.operations.conftest import ALONE
from tests.operations.world import Campaign, instant

DUE_AT = instant("2023-11-08T00:00")
NOW = instant("2023-11-08T09:00")
"""The day after the due date: becoming overdue and the rung +1d fall together."""


def fill(campaign: Campaign, due: int, ahead: int = 0) -> None:
    """So many obligations of 市教育局 that are due, so many that are not yet, and none besides."""
    with campaign.office.desk("cli", NOW) as desk:
        like = {}
        for row in desk.session.scalars(select(ObligationRow)):
            row.next_check_at = None
            if row.id == campaign.duty("rectification_plan"):
                like = {column.name: getattr(row, column.name) for column in ObligationRow.__table__.columns}
        dates = [DUE_AT] * due + [DUE_AT + timedelta(days=90 + number % 300) for number in range(ahead)]
        insert_all(desk.session, ObligationRow, [_row(like, at) for at in dates])


def _row(like: dict[str, Any], at: datetime) -> dict[str, Any]:
    dates = {"waits_for": None, "starts_on": at.date(), "due_on": at.date() - timedelta(days=1), "due_at": at}
    return like | dates | {"id": uuid4(), "last_rung": 1, "next_check_at": at}


@contextmanager
def statements(campaign: Campaign) -> Iterator[list[tuple[str, Any]]]:
    """Whatever is sent to the database, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        sent.append((given[2], given[3]))

    event.listen(campaign.office.store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(campaign.office.store.engine, "before_cursor_execute", note)


def test_due_obligations_are_found_by_the_index_of_what_is_to_come(alone: Campaign) -> None:
    fill(alone, due=20, ahead=5000)
    with alone.office.store.work("test") as work:
        work.session.execute(text("ANALYZE"))
    with statements(alone) as sent:
        assert alone.patrol("2023-11-08T09:00").looked_at == 20
    finding, given = next(each for each in sent if "obligation.next_check_at <=" in each[0])
    explain = "EXPLAIN QUERY PLAN" if alone.office.store.engine.dialect.name == "sqlite" else "EXPLAIN"
    with alone.office.store.work("test") as work:
        plan = str(work.session.connection().exec_driver_sql(f"{explain} {finding}", given).all())
    assert "ix_obligation_next_check_at" in plan
    assert "SCAN obligation" not in plan
    assert "Seq Scan on obligation" not in plan


def test_a_batch_takes_as_many_statements_with_three_obligations_as_with_three_hundred(alone: Campaign) -> None:
    taken = []
    for due in (3, 3, 300):  # The first is not counted: a new connection asks its server a few things.
        fill(alone, due=due)
        with statements(alone) as sent:
            assert alone.patrol("2023-11-08T09:00") == Rounds(due, due, 0, due)
        taken.append(len(sent))
    assert taken[1] == taken[2] <= 25


def test_no_transaction_is_larger_than_its_batch(alone: Campaign) -> None:
    fill(alone, due=25)
    assert [alone.patrol("2023-11-08T09:00", limit=10).looked_at for _ in range(4)] == [10, 10, 5, 0]


def test_after_six_weeks_down_each_obligation_is_pressed_once_however_many_batches_it_takes(alone: Campaign) -> None:
    fill(alone, due=25)
    rounds = [alone.patrol("2023-12-20T09:00", limit=10) for _ in range(4)]
    assert rounds == [Rounds(10, 10, 40, 10), Rounds(10, 10, 40, 10), Rounds(5, 5, 20, 5), Rounds(0, 0, 0, 0)]
    told = {act: len(alone.letters(f"rung-{act}")) for act in ("urge", "yellow", "red", "supervise", "summon")}
    assert told == {"urge": 0, "yellow": 0, "red": 0, "supervise": 0, "summon": 75}
    with alone.office.store.reading() as session:
        fired = session.scalars(select(FiringRow).where(~FiringRow.passed_over)).all()
    assert [row.rung for row in fired] == [6] * 25


@pytest.mark.postgres
def test_two_patrols_at_once_part_the_work_and_neither_waits(
    postgres: Postgres, begun_postgres: str, home: Path
) -> None:
    """The one has fired and not yet committed when the other comes, which would rather fail than wait."""
    with postgres.store(begun_postgres) as store:
        campaign = Campaign(Office(Settings(home=home), store), ALONE)
        fill(campaign, due=30)
        with campaign.office.desk("engine", NOW) as first:
            assert patrol.fire_due(first, 10) == Rounds(10, 10, 0, 10)
            with campaign.office.desk("engine", NOW) as second:
                second.session.execute(text("SET LOCAL lock_timeout = '2s'"))
                assert patrol.fire_due(second, 500) == Rounds(20, 20, 0, 20)
        assert campaign.patrol("2023-11-08T09:00") == Rounds(0, 0, 0, 0)
        with store.reading() as session:
            fired = session.scalars(select(FiringRow)).all()
        assert [(row.rung, row.passed_over) for row in fired] == [(2, False)] * 30
        assert len({row.obligation_id for row in fired}) == 30
        assert len(campaign.letters("rung-urge")) == 60


def test_the_bare_sql_that_the_benchmark_measures_leaves_the_rows_that_the_patrol_leaves(tmp_path: Path) -> None:
    first = sqlite_url(pristine_sqlite(tmp_path))
    fill_office(first, tmp_path, count=1000)
    with (tmp_path / "bare.db").open("wb") as copy:
        copy.write(Path(str(make_url(first).database)).read_bytes())
    second = sqlite_url(tmp_path / "bare.db")
    assert (fire(first, tmp_path), bare(second, tmp_path)) == (1000, 1000)
    assert left_behind(first) == left_behind(second)
