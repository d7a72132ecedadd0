from sqlalchemy import select

from appraisal.store.base import identity
from appraisal.store.bulk import insert_all, update_alike
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import Store
from tests.notices.people import unit


def titles(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(row.code, row.name) for row in session.scalars(select(UnitRow).order_by(UnitRow.code))]


def test_all_of_them_are_written_alike_and_no_other(store: Store) -> None:
    with store.work("test") as work:
        rows = [unit(work.session, code, code) for code in "abc"]
        update_alike(work.session, UnitRow, [row.id for row in rows[:2]], {"kind": "事业单位"})
    with store.reading() as session:
        kinds = [row.kind for row in session.scalars(select(UnitRow).order_by(UnitRow.code))]
    assert kinds == ["事业单位", "事业单位", "政府部门"]


def test_what_was_to_be_written_anyway_is_written_first(store: Store) -> None:
    with store.work("test") as work:
        row = unit(work.session, "a", "旧")
        row.name = "较新"
        update_alike(work.session, UnitRow, [row.id], {"name": "最新"})
    assert titles(store) == [("a", "最新")]


def test_what_is_there_already_stays_as_it_is(store: Store) -> None:
    given = {"kind": "政府部门", "position": 1}
    rows = [given | {"id": identity("unit", code), "code": code, "name": code} for code in "ab"]
    with store.work("test") as work:
        insert_all(work.session, UnitRow, rows[:1])
        insert_all(work.session, UnitRow, [row | {"name": "另一名称"} for row in rows], once=True)
    assert titles(store) == [("a", "a"), ("b", "另一名称")]


def test_nothing_to_write_sends_nothing(store: Store) -> None:
    with store.work("test") as work:
        update_alike(work.session, UnitRow, [], {})
        insert_all(work.session, UnitRow, [])
    assert titles(store) == []


def test_what_an_inserted_row_leaves_out_has_its_default(store: Store) -> None:
    given = {"kind": "政府部门", "position": 1}
    with store.work("test") as work:
        insert_all(
            work.session, UnitRow, [given | {"id": identity("unit", code), "code": code, "name": code} for code in "ab"]
        )
        assert [row.active for row in work.session.scalars(select(UnitRow))] == [True, True]
