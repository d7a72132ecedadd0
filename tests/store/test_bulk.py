from sqlalchemy import select

from appraisal.store.base import identity
from appraisal.store.bulk import insert_all, update_all
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import Store
from tests.notices.people import unit


def titles(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(row.code, row.name) for row in session.scalars(select(UnitRow).order_by(UnitRow.code))]


def test_rows_at_hand_show_what_was_written(store: Store) -> None:
    with store.work("test") as work:
        rows = [unit(work.session, code, f"旧{code}") for code in ("a", "b")]
        update_all(work.session, [(row, {"name": f"新{row.code}"}) for row in rows])
        assert [row.name for row in rows] == ["新a", "新b"]
        assert not work.session.dirty
    assert titles(store) == [("a", "新a"), ("b", "新b")]


def test_what_was_to_be_written_anyway_is_written_first(store: Store) -> None:
    with store.work("test") as work:
        row = unit(work.session, "a", "旧")
        row.name = "较新"
        update_all(work.session, [(row, {"name": "最新"})])
    assert titles(store) == [("a", "最新")]


def test_nothing_to_write_sends_nothing(store: Store) -> None:
    with store.work("test") as work:
        update_all(work.session, [])
        insert_all(work.session, UnitRow, [])
    assert titles(store) == []


def test_what_an_inserted_row_leaves_out_has_its_default(store: Store) -> None:
    given = {"kind": "政府部门", "position": 1}
    with store.work("test") as work:
        insert_all(
            work.session, UnitRow, [given | {"id": identity("unit", code), "code": code, "name": code} for code in "ab"]
        )
        assert [row.active for row in work.session.scalars(select(UnitRow))] == [True, True]
