from collections.abc import Collection
from datetime import date, datetime, time

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.quiet import QuietHours
from appraisal.method.calendars import load_calendar
from appraisal.notices.post import Letter, call_off, post, post_all
from appraisal.places import root
from appraisal.store.base import identity
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import Store
from tests.notices.people import holds, person, stands_in, unit

QUIET = QuietHours(time(20), time(8), time(8, 30))
CALENDAR = load_calendar(root() / "config" / "calendars")
MONDAY = datetime(2023, 10, 16, 10, 0, tzinfo=ZONE)
TUESDAY = datetime(2023, 10, 17, 10, 0, tzinfo=ZONE)


def letter(*roles: str, key: str = "due/1", where: UnitRow | None = None, urgent: bool = False) -> Letter:
    return Letter("copy", key, roles, where, None, {"what": "测试"}, "/duties/1", urgent)


def sent_to(session: Session, what: Letter, now: datetime = MONDAY, digest_roles: Collection[str] = ()) -> None:
    post(session, what, now, QUIET, CALENDAR, digest_roles)


def rows(session: Session) -> list[OutboxRow]:
    return list(session.scalars(select(OutboxRow).order_by(OutboxRow.key)))


def test_letter_becomes_one_row_a_person_however_many_roles_they_hold(store: Store) -> None:
    with store.work("test") as work:
        schools = unit(work.session, "edu", "市教育局")
        a, b = person(work.session, "a"), person(work.session, "b")
        holds(work.session, a, "handler", schools)
        holds(work.session, a, "head", schools)
        holds(work.session, b, "head", schools)
        sent_to(work.session, letter("handler", "head", where=schools))
        assert [(row.id, row.key, row.role, row.status, row.unit) for row in rows(work.session)] == [
            (identity("outbox", "due/1:a"), "due/1:a", "handler", "queued", "市教育局"),
            (identity("outbox", "due/1:b"), "due/1:b", "head", "queued", "市教育局"),
        ]


def test_letter_adds_nothing_when_posted_again(store: Store) -> None:
    with store.work("test") as work:
        holds(work.session, person(work.session, "a"), "office")
        sent_to(work.session, letter("office", "director"))
    with store.work("test") as work:
        sent_to(work.session, letter("office", "director"), TUESDAY)
        assert {row.created_at for row in rows(work.session)} == {MONDAY}
        assert [row.key for row in rows(work.session)] == ["due/1:@director", "due/1:a"]


def test_role_nobody_holds_stands_on_the_board(store: Store) -> None:
    with store.work("test") as work:
        sent_to(work.session, letter("director"))
        assert [(row.person_id, row.role, row.status, row.failure) for row in rows(work.session)] == [
            (None, "director", "failed", "nobody_holds_role")
        ]


def test_stand_in_is_posted_with_whom_they_act_for(store: Store) -> None:
    with store.work("test") as work:
        a, b = person(work.session, "a"), person(work.session, "b")
        holds(work.session, a, "office")
        stands_in(work.session, a, b, date(2023, 10, 16), date(2023, 10, 16))
        sent_to(work.session, letter("office"))
        assert [(row.key, row.context) for row in rows(work.session)] == [
            ("due/1:b", {"what": "测试", "acting_for": "样例a"})
        ]


@pytest.mark.parametrize(
    ("now", "urgent", "digest", "expected"),
    [
        (datetime(2023, 9, 28, 19, 59, tzinfo=ZONE), False, False, datetime(2023, 9, 28, 19, 59, tzinfo=ZONE)),
        (datetime(2023, 9, 28, 20, 0, tzinfo=ZONE), False, False, datetime(2023, 10, 7, 8, 0, tzinfo=ZONE)),
        (datetime(2023, 10, 1, 9, 0, tzinfo=ZONE), False, False, datetime(2023, 10, 7, 8, 0, tzinfo=ZONE)),
        (datetime(2023, 10, 1, 9, 0, tzinfo=ZONE), False, True, datetime(2023, 10, 7, 8, 30, tzinfo=ZONE)),
        (datetime(2023, 10, 1, 3, 0, tzinfo=ZONE), True, True, datetime(2023, 10, 1, 3, 0, tzinfo=ZONE)),
        (datetime(2023, 10, 7, 9, 0, tzinfo=ZONE), False, False, datetime(2023, 10, 7, 9, 0, tzinfo=ZONE)),
    ],
)
def test_letter_waits_over_the_national_day_week_unless_urgent(
    sqlite: Store, now: datetime, urgent: bool, digest: bool, expected: datetime
) -> None:
    with sqlite.work("test") as work:
        holds(work.session, person(work.session, "a"), "office")
        sent_to(work.session, letter("office", urgent=urgent), now, ["office"] if digest else [])
        assert [row.not_before for row in rows(work.session)] == [expected]


def test_digest_is_for_whoever_is_reached_through_digest_roles_alone(store: Store) -> None:
    with store.work("test") as work:
        a, b = person(work.session, "a"), person(work.session, "b")
        holds(work.session, a, "director")
        holds(work.session, b, "director")
        holds(work.session, b, "office")
        sent_to(work.session, letter("director", "office"), digest_roles=["director"])
        assert [(row.key, row.digest) for row in rows(work.session)] == [("due/1:a", True), ("due/1:b", False)]


def test_hundreds_of_letters_take_a_handful_of_statements(store: Store) -> None:
    with store.work("test") as work:
        holds(work.session, person(work.session, "a"), "office")
        units = [unit(work.session, f"u{place}", f"单位{place}") for place in range(300)]
        for place, where in enumerate(units):
            holds(work.session, person(work.session, f"p{place:03}"), "handler", where)
        letters = [letter("handler", "office", key=f"due/{where.code}", where=where) for where in units]
        statements: list[str] = []
        event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        post_all(work.session, letters, MONDAY, QUIET, CALENDAR, ())
        assert len(statements) <= 8
        assert len(rows(work.session)) == 600


def test_call_off_takes_back_what_has_not_gone_out(store: Store) -> None:
    with store.work("test") as work:
        holds(work.session, person(work.session, "a"), "office")
        sent_to(work.session, letter("office"))
        assert call_off(work.session, "/duties/2", ["copy"]) == 0
        assert call_off(work.session, "/duties/1", ["copy"]) == 1
        assert call_off(work.session, "/duties/1", ["copy"]) == 0
