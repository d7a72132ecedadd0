import json

from appraisal.operations.feed import facts_after, pass_to
from appraisal.operations.office import Office
from tests.operations.world import Campaign


def after(office: Office, reader: str, limit: int = 1000) -> list[int]:
    with office.store.reading() as session:
        return [told.seq for told in facts_after(session, reader, limit)]


def go_to(office: Office, reader: str, seq: int) -> None:
    with office.store.work("engine") as work:
        pass_to(work.session, reader, seq)


def test_reader_hears_every_fact_in_its_order_and_each_once(alone: Campaign) -> None:
    everything = after(alone.office, "engine")
    assert everything == sorted(everything)
    first = after(alone.office, "engine", limit=5)
    assert first == everything[:5]
    go_to(alone.office, "engine", first[-1])
    assert after(alone.office, "engine") == everything[5:]
    go_to(alone.office, "engine", everything[-1])
    assert after(alone.office, "engine") == []


def test_new_fact_is_heard_after_the_old_ones_were_passed(alone: Campaign) -> None:
    go_to(alone.office, "engine", after(alone.office, "engine")[-1])
    alone.record_problem("2023-09-01T10:00")
    with alone.office.store.reading() as session:
        told, found = facts_after(session, "engine", 10)
    assert (told.chain, told.action, found.action) == ("alone", "problem:recorded", "problem:gathered")
    assert json.loads(told.payload)["title"] == "教师编制不足"


def test_going_back_or_passing_twice_does_nothing(alone: Campaign) -> None:
    everything = after(alone.office, "engine")
    for seq in (everything[9], everything[9], everything[2]):
        go_to(alone.office, "engine", seq)
    assert after(alone.office, "engine") == everything[10:]


def test_readers_do_not_pass_for_each_other(alone: Campaign) -> None:
    everything = after(alone.office, "engine")
    go_to(alone.office, "engine", everything[-1])
    assert after(alone.office, "other") == everything
