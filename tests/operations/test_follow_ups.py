from itertools import count
from uuid import uuid4

import pytest

from appraisal.operations.deputies import answer, give_opinion, opinions_of
from appraisal.operations.follow_ups import FollowUp, add_message, contact_of, follow_up, opinion_by_code
from appraisal.operations.office import Office
from appraisal.store.opinion_tables import OpinionMessageRow, OpinionRow
from tests.operations.hearing import SAID, Hearing, also, hearing
from tests.operations.world import instant, refused

SLUGS = count(1)
AT = "2023-09-06T10:00"


@pytest.fixture
def heard(office: Office) -> Hearing:
    return hearing(office, f"f{next(SLUGS)}")


def seen(heard: Hearing, code: str) -> FollowUp:
    with heard.office.store.reading() as session:
        return follow_up(session, opinion_by_code(session, heard.office.keyring, code))


def say(heard: Hearing, code: str, text: str, nonce: str = "n") -> None:
    with heard.office.desk("public", instant(AT)) as desk:
        add_message(desk, opinion_by_code(desk.session, heard.office.keyring, code), nonce, text)


def give(heard: Hearing, who: str = "deputy-1", nonce: str = "n", at: str = AT) -> OpinionRow:
    with heard.desk(who, at) as desk:
        taken = give_opinion(desk, heard.slug, heard.person(who), also(SAID, named=True, name="别人"), nonce)
    with heard.office.store.reading() as session:
        return session.get_one(OpinionRow, taken.id)


def test_writer_reads_what_was_written_by_any_way_of_writing_the_code(heard: Hearing) -> None:
    code = heard.take().code
    for written in (code, code.lower(), code.replace("-", " "), code.replace("0", "O").replace("1", "l")):
        found = seen(heard, written)
        assert (found.text, found.unit, found.aspect, found.status) == (SAID.text, "市教育局", "办事效率", "received")


@pytest.mark.parametrize("code", ["", "0", "ABCD-EFGH-JKMN", "一二三四", "a" * 10_000, "\u202e"])
def test_wrong_code_is_refused_and_finds_nothing(heard: Hearing, code: str) -> None:
    heard.take()
    with refused("follow.unknown"):
        seen(heard, code)


def test_writer_and_office_talk_in_turns_and_each_message_is_kept_once(heard: Hearing) -> None:
    taken = heard.take()
    say(heard, taken.code, "每周一上午", "a")
    say(heard, taken.code, "每周一上午", "a")
    with heard.desk("office-1", AT) as desk:
        row = desk.session.get_one(OpinionRow, taken.row.id)
        message = OpinionMessageRow(id=uuid4(), position=1, from_office=True, text="几号窗口？", on=desk.now.date())
        row.messages.append(message)
    assert seen(heard, taken.code).is_asked
    say(heard, taken.code, "三号\x07窗口", "b")
    found = seen(heard, taken.code)
    assert [(line.from_office, line.text) for line in found.thread] == [
        (False, "每周一上午"),
        (True, "几号窗口？"),
        (False, "三号窗口"),
    ]
    assert not found.is_asked


def test_message_that_says_nothing_or_too_much_is_refused(heard: Hearing) -> None:
    code = heard.take().code
    with refused("follow.empty"):
        say(heard, code, " \u200b")
    with refused("follow.too_long", length=2001, most=2000):
        say(heard, code, "长" * 2001)


def test_thread_is_full_after_a_hundred_messages(heard: Hearing) -> None:
    code = heard.take().code
    for number in range(100):
        say(heard, code, f"第{number}句", str(number))
    with refused("follow.full", most=100):
        say(heard, code, "又一句", "new")
    assert len(seen(heard, code).thread) == 100


def test_opinion_that_is_held_reads_as_waiting_without_a_reason(heard: Hearing) -> None:
    taken = heard.take(also(text="代开发票"))
    found = seen(heard, taken.code)
    assert (found.status, found.reason) == ("received", "")


def test_contact_is_seen_by_the_office_and_every_look_is_a_fact(heard: Hearing) -> None:
    key = heard.take(also(named=True, name="王芳", contact="13800000000")).row.id
    for _ in range(2):
        with heard.desk("office-1", AT) as desk:
            writer = contact_of(desk, key)
    assert (writer and writer.name, writer and writer.contact) == ("王芳", "13800000000")
    assert heard.facts("opinion:contact_seen") == [{}, {}]
    assert "王芳" not in str(heard.facts("opinion:received", "opinion:contact_seen"))


def test_contact_of_the_unnamed_is_nobody_and_no_fact(heard: Hearing) -> None:
    key = heard.take().row.id
    with heard.desk("office-1", AT) as desk:
        assert contact_of(desk, key) is None
    assert heard.facts("opinion:contact_seen") == []


def test_contact_is_refused_to_anybody_else(heard: Hearing) -> None:
    key = heard.take(also(named=True, name="王芳")).row.id
    for who in ("jyj-handler", "director", "deputy-1"):
        with refused("portal.staff_only.not_yours"), heard.desk(who, AT) as desk:
            contact_of(desk, key)
    with refused("intake.unknown"), heard.desk("office-1", AT) as desk:
        contact_of(desk, uuid4())


def test_deputy_gives_an_opinion_under_their_own_name_once(heard: Hearing) -> None:
    first, second = give(heard), give(heard, at="2023-09-06T11:00")
    assert first.id == second.id
    assert (first.source, first.channel, first.named, first.writer) == ("deputy", "link", True, None)
    assert (first.deputy_id, first.noted) == (heard.person("deputy-1").id, True)
    assert len(heard.facts("opinion:received")) == 1


def test_deputies_see_their_own_opinions_alone(heard: Hearing) -> None:
    mine, theirs = give(heard), give(heard, "deputy-2")
    heard.take(nonce="resident", scope="deputy", of="deputy-1")
    with heard.office.store.reading() as session:
        assert [row.id for row in opinions_of(session, heard.slug, heard.person("deputy-1"))] == [mine.id]
    with refused("intake.unknown"), heard.desk("deputy-1", AT) as desk:
        answer(desk, heard.slug, heard.person("deputy-1"), theirs.id, "n", "我来补充")


def test_deputy_adds_to_their_own_opinion_once(heard: Hearing) -> None:
    mine = give(heard)
    for _ in range(2):
        with heard.desk("deputy-1", AT) as desk:
            answer(desk, heard.slug, heard.person("deputy-1"), mine.id, "n", "补充：三号窗口")
    with heard.office.store.reading() as session:
        (row,) = opinions_of(session, heard.slug, heard.person("deputy-1"))
        assert [message.text for message in row.messages] == ["补充：三号窗口"]


def test_who_is_no_deputy_gives_none(heard: Hearing) -> None:
    with refused("intake.not_deputy.not_yours"), heard.desk("office-1", AT) as desk:
        give_opinion(desk, heard.slug, heard.person("office-1"), SAID, "n")
