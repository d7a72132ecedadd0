from datetime import date

import pytest
from sqlalchemy.orm import Session

from appraisal.notices.recipients import holders, holders_of, names
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import Store
from tests.notices.people import holds, person, stands_in, unit

DAY = date(2023, 10, 10)


def told(session: Session, role: str, where: UnitRow | None = None, on: date = DAY) -> list[tuple[str, str | None]]:
    return [
        (found.person.code, found.acting_for.code if found.acting_for else None)
        for found in holders(session, role, where.id if where else None, on)
    ]


def test_holders_are_those_of_the_unit_before_those_of_the_body(store: Store) -> None:
    with store.work("test") as work:
        schools, water = unit(work.session, "edu", "市教育局"), unit(work.session, "water", "市水务局")
        holds(work.session, person(work.session, "b"), "handler", schools)
        holds(work.session, person(work.session, "a"), "handler", schools)
        holds(work.session, person(work.session, "z"), "handler")
        assert told(work.session, "handler", schools) == [("a", None), ("b", None)]
        assert told(work.session, "handler", water) == [("z", None)]
        assert told(work.session, "handler") == [("z", None)]
        assert told(work.session, "head", schools) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 9, 30), []),
        (date(2023, 10, 1), [("a", None)]),
        (date(2023, 10, 31), [("a", None)]),
        (date(2023, 11, 1), []),
    ],
)
def test_post_is_held_from_its_first_day_to_its_last(
    sqlite: Store, on: date, expected: list[tuple[str, str | None]]
) -> None:
    with sqlite.work("test") as work:
        holds(work.session, person(work.session, "a"), "office", None, date(2023, 10, 1), date(2023, 10, 31))
        assert told(work.session, "office", on=on) == expected


def test_holders_leave_out_whoever_is_inactive(store: Store) -> None:
    with store.work("test") as work:
        schools = unit(work.session, "edu", "市教育局")
        holds(work.session, person(work.session, "gone", active=False), "head", schools)
        holds(work.session, person(work.session, "body"), "head")
        assert told(work.session, "head", schools) == [("body", None)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 10, 9), [("a", None)]),
        (date(2023, 10, 10), [("b", "a")]),
        (date(2023, 10, 12), [("b", "a")]),
        (date(2023, 10, 13), [("a", None)]),
    ],
)
def test_stand_in_is_told_while_the_holder_is_absent(
    sqlite: Store, on: date, expected: list[tuple[str, str | None]]
) -> None:
    with sqlite.work("test") as work:
        a, b = person(work.session, "a"), person(work.session, "b")
        holds(work.session, a, "head")
        stands_in(work.session, a, b, date(2023, 10, 10), date(2023, 10, 12))
        assert told(work.session, "head", on=on) == expected


def test_stand_ins_are_followed_along_their_chain(store: Store) -> None:
    with store.work("test") as work:
        a, b, c = (person(work.session, code) for code in "abc")
        holds(work.session, a, "head")
        stands_in(work.session, a, b, DAY, DAY)
        stands_in(work.session, b, c, DAY, DAY)
        assert told(work.session, "head") == [("c", "a")]


def test_holder_is_told_when_the_stand_ins_run_in_a_circle(store: Store) -> None:
    with store.work("test") as work:
        a, b = person(work.session, "a"), person(work.session, "b")
        holds(work.session, a, "head")
        stands_in(work.session, a, b, DAY, DAY)
        stands_in(work.session, b, a, DAY, DAY)
        assert told(work.session, "head") == [("a", None)]


def test_holder_is_told_when_the_stand_in_is_inactive(store: Store) -> None:
    with store.work("test") as work:
        a, b = person(work.session, "a"), person(work.session, "b", active=False)
        holds(work.session, a, "head")
        stands_in(work.session, a, b, DAY, DAY)
        assert told(work.session, "head") == [("a", None)]


def test_names_are_listed_once(sqlite: Store) -> None:
    with sqlite.work("test") as work:
        a, b = person(work.session, "a"), person(work.session, "b")
        for role in ("head", "handler"):
            holds(work.session, a, role)
            holds(work.session, b, role)
        found = holders_of(work.session, [("head", None), ("handler", None)], DAY)
        assert names([*found["head", None], *found["handler", None]]) == "样例a、样例b"
