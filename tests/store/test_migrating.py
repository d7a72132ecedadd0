from pathlib import Path

from sqlalchemy import inspect, text

from appraisal.store.base import Base
from appraisal.store.migrating import differences, is_current, upgrade
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.work import Store, sqlite_url
from tests.store.test_ledger import links, record

OLD = Path(__file__).parent / "data/problems_of_before.sql"


def test_migrations_give_the_tables_in_code(store: Store) -> None:
    assert differences(store) == []
    assert set(inspect(store.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_upgrade_of_what_is_up_to_date_changes_nothing(store: Store) -> None:
    record(store, "c1", 1)
    for _ in range(2):
        upgrade(store)
    assert (is_current(store), differences(store), links(store)) == (True, [], [("c1", 1, "problem:1")])


def test_upgrade_makes_the_folder_and_the_file(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "new" / "pingyi.db"))
    upgrade(store)
    assert is_current(store)
    store.close()


def test_empty_database_is_not_current(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "empty.db"))
    assert not is_current(store)
    store.close()


def test_address_of_the_database_is_not_shown_with_its_password() -> None:
    store = Store("postgresql+psycopg://pingyi:s3cret@127.0.0.1:1/pingyi")
    assert "s3cret" not in f"{store!r} {store.engine!r} {store.engine.url}"


def test_problems_of_before_are_numbered_through_their_campaign(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "old.db"))
    upgrade(store, "0002")
    with store.engine.begin() as connection:
        for statement in OLD.read_text(encoding="utf-8").splitlines():
            connection.execute(text(statement))
    upgrade(store)
    with store.reading() as session:
        rows = session.query(ProblemRow).order_by(ProblemRow.number)
        assert [(row.number, row.title, row.status, row.aim, row.classes) for row in rows] == [
            (1, "教师编制不足", "closed", "补齐", {}),
            (2, "窗口排队久", "found", "缩短", {}),
            (3, "体育设施陈旧", "found", "更新", {}),
        ]
        assert [row.unit.name for row in rows if row.unit] == ["市教育局", "市卫健局", "市教育局"]
    assert differences(store) == []
    store.close()
