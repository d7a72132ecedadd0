from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from sqlalchemy import select

from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.notices.wording import phrase
from appraisal.operations.identity import (
    codes_for,
    new_code,
    person_by_code,
    person_by_link,
    person_by_register_code,
    revoke_link,
    unlock_code,
)
from appraisal.store.base import identity
from appraisal.store.record_tables import LedgerRow
from appraisal.store.register_tables import PersonRow, PostRow
from appraisal.store.work import Store

NOW = datetime.fromisoformat("2023-10-27T09:00:00+08:00")
TODAY = date(2023, 10, 27)
ENDED = date(2023, 10, 26)
WRONG = "AAAAA-AAAAA"


@pytest.fixture
def keyring() -> Keyring:
    return Keyring("a-secret-of-more-than-thirty-two-characters")


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    with store.work("cli") as work:
        for code, name in (("zhang", "张样例"), ("wang", "王样例"), ("li", "李样例")):
            work.session.add(PersonRow(id=identity("person", code), code=code, name=name))
        work.session.flush()
        work.session.add_all([post("zhang", "director"), post("wang", "director"), post("li", "office", ENDED)])


def post(person: str, role: str, until: date | None = None) -> PostRow:
    return PostRow(id=identity(person, role), person_id=identity("person", person), role=role, title="", until=until)


def people_of(store: Store, *codes: str) -> list[PersonRow]:
    with store.reading() as session:
        return [session.scalars(select(PersonRow).where(PersonRow.code == code)).one() for code in codes]


def guess(store: Store, keyring: Keyring, code: str, *among: str) -> str:
    """The code of whom it was, or that of the refusal, which must have its sentence."""
    try:
        return person_by_code(store, keyring, code, people_of(store, *among), NOW).code
    except Refusal as refused:
        phrase(refused.code, **refused.facts)
        return refused.code


def facts(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(row.subject, row.action) for row in session.scalars(select(LedgerRow).order_by(LedgerRow.seq))]


def test_link_leads_to_its_person(store: Store, keyring: Keyring) -> None:
    with store.reading() as session:
        assert person_by_link(session, keyring, keyring.link_token("zhang", 0, TODAY), TODAY).name == "张样例"


def test_link_is_revoked_for_somebody_no_longer_active(store: Store, keyring: Keyring) -> None:
    with store.work("cli") as work:
        person_by_register_code(work.session, "zhang").active = False
    with store.reading() as session, pytest.raises(Refusal) as refused:
        person_by_link(session, keyring, keyring.link_token("zhang", 0, TODAY), TODAY)
    assert refused.value.code == "link.revoked"


def test_link_of_nobody_is_revoked(store: Store, keyring: Keyring) -> None:
    with store.reading() as session, pytest.raises(Refusal) as refused:
        person_by_link(session, keyring, keyring.link_token("zhao", 0, TODAY), TODAY)
    assert refused.value.code == "link.revoked"


def test_revoked_link_is_refused_and_the_next_one_good(store: Store, keyring: Keyring) -> None:
    for _ in range(2):
        with store.work("person:li") as work:
            revoke_link(work, "zhang", 0, NOW)
    with store.reading() as session:
        assert person_by_link(session, keyring, keyring.link_token("zhang", 1, TODAY), TODAY).code == "zhang"
        with pytest.raises(Refusal) as refused:
            person_by_link(session, keyring, keyring.link_token("zhang", 0, TODAY), TODAY)
    assert refused.value.code == "link.revoked"
    assert facts(store) == [("person:zhang", "person:link_revoked")]


def test_code_tells_which_of_several_it_is(store: Store, keyring: Keyring) -> None:
    assert guess(store, keyring, keyring.approval_code("wang", 0).lower(), "zhang", "wang") == "wang"
    assert guess(store, keyring, keyring.approval_code("li", 0), "zhang", "wang") == "code.wrong"
    assert guess(store, keyring, WRONG) == "code.nobody"


def test_wrong_code_is_counted_although_it_is_refused(store: Store, keyring: Keyring) -> None:
    assert guess(store, keyring, WRONG, "zhang") == "code.wrong"
    assert people_of(store, "zhang")[0].wrong_codes == 1
    assert facts(store) == [("person:zhang", "person:code_wrong")]
    with store.reading() as session:
        assert session.scalars(select(LedgerRow.actor)).all() == ["unknown"]


def test_right_code_ends_the_row_of_wrong_ones(store: Store, keyring: Keyring) -> None:
    for _ in range(2):
        for _ in range(9):
            guess(store, keyring, WRONG, "zhang")
        assert guess(store, keyring, keyring.approval_code("zhang", 0), "zhang") == "zhang"
    assert people_of(store, "zhang")[0].wrong_codes == 0


def test_tenth_wrong_code_locks_until_the_office_unlocks(store: Store, keyring: Keyring) -> None:
    for _ in range(10):
        assert guess(store, keyring, WRONG, "zhang") == "code.wrong"
    code = keyring.approval_code("zhang", 0)
    assert guess(store, keyring, code, "zhang") == "code.locked"
    assert guess(store, keyring, code, "zhang", "wang") == "code.locked"
    assert len(facts(store)) == 10
    for _ in range(2):
        with store.work("person:li") as work:
            unlock_code(work, "zhang", NOW)
    assert guess(store, keyring, code, "zhang") == "zhang"
    assert facts(store)[10:] == [("person:zhang", "person:code_unlocked")]


def test_stranger_who_names_nobody_locks_nobody_out(store: Store, keyring: Keyring) -> None:
    for _ in range(12):
        assert guess(store, keyring, WRONG, "zhang", "wang") == "code.wrong"
    assert [person.wrong_codes for person in people_of(store, "zhang", "wang")] == [0, 0]
    assert facts(store) == [("register", "person:code_wrong")] * 12


def test_wrong_codes_at_once_are_all_counted(store: Store, keyring: Keyring) -> None:
    among = people_of(store, "zhang")

    def one(_: int) -> str:
        with pytest.raises(Refusal) as refused:
            person_by_code(store, keyring, WRONG, among, NOW)
        return refused.value.code

    with ThreadPoolExecutor(4) as guessing:
        assert set(guessing.map(one, range(8))) == {"code.wrong"}
    assert people_of(store, "zhang")[0].wrong_codes == 8


def test_new_code_replaces_the_old_one_once_and_lifts_the_lock(store: Store, keyring: Keyring) -> None:
    old = keyring.approval_code("zhang", 0)
    for _ in range(10):
        guess(store, keyring, WRONG, "zhang")
    given = set()
    for _ in range(2):
        with store.work("person:li") as work:
            given.add(new_code(work, keyring, "zhang", 0, NOW))
    assert given == {keyring.approval_code("zhang", 1)}
    assert guess(store, keyring, old, "zhang") == "code.wrong"
    assert guess(store, keyring, given.pop(), "zhang") == "zhang"
    assert facts(store)[10:] == [("person:zhang", "person:code_renewed"), ("person:zhang", "person:code_wrong")]


def test_new_code_is_refused_for_somebody_unknown(store: Store, keyring: Keyring) -> None:
    with store.work("cli") as work, pytest.raises(Refusal) as refused:
        new_code(work, keyring, "zhao", 0, NOW)
    assert refused.value.code == "person.unknown"


def test_codes_are_handed_out_to_all_who_hold_a_role(store: Store, keyring: Keyring) -> None:
    with store.reading() as session:
        found = codes_for(session, keyring, ["director", "office"], TODAY)
        assert [(one.person.code, one.role, one.code) for one in found] == [
            ("wang", "director", keyring.approval_code("wang", 0)),
            ("zhang", "director", keyring.approval_code("zhang", 0)),
        ]
        assert len(codes_for(session, keyring, ["director", "office"], ENDED)) == 3
