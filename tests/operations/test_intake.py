from itertools import count

import pytest

from appraisal.domain.opinions import Source
from appraisal.operations.intake import Said, form_at
from appraisal.operations.intake_guard import Pace
from appraisal.operations.office import Office
from tests.operations.hearing import SAID, Hearing, also, hearing
from tests.operations.world import refused

SLUGS = count(1)


@pytest.fixture
def heard(office: Office) -> Hearing:
    return hearing(office, f"h{next(SLUGS)}")


def test_opinion_is_kept_with_its_day_and_nothing_finer(heard: Hearing) -> None:
    taken = heard.take()
    (row,) = heard.opinions()
    assert (row.id, row.text, row.unit and row.unit.code, row.aspect) == (taken.row.id, SAID.text, "jyj", "efficiency")
    assert (str(row.received_on), row.status, row.why_held, row.noted) == ("2023-09-05", "received", None, False)
    assert (row.named, row.writer, row.entered_by, row.deputy_id) == (False, None, None, None)
    assert len(taken.code) == len("ABCD-EFGH-JKMN")
    assert taken.code.replace("-", "") not in str(row.follow_up)


def test_same_form_sent_twice_is_one_opinion_with_the_same_code(heard: Hearing) -> None:
    first, second = heard.take(), heard.take(at="2023-09-06T01:00")
    assert (first.fresh, second.fresh) == (True, False)
    assert (first.code, first.row.id) == (second.code, second.row.id)
    assert len(heard.opinions()) == 1


def test_form_sent_again_with_other_words_is_another_opinion(heard: Hearing) -> None:
    heard.take()
    heard.take(also(text="窗口排队时间太长，而且没有座位"))
    heard.take(also(unit="kjj"))
    assert len(heard.opinions()) == 3


def test_opinions_have_codes_and_keys_that_do_not_follow_each_other(heard: Hearing) -> None:
    taken = [heard.take(nonce=str(number)) for number in range(20)]
    keys = [each.row.id for each in taken]
    assert len({each.code for each in taken}) == 20
    assert keys != sorted(keys)


def test_writer_is_sealed_when_named_and_forgotten_when_not(heard: Hearing) -> None:
    named = heard.take(also(named=True, name="王芳", contact="13800000000")).row
    unnamed = heard.take(also(text="别的意见", name="王芳", contact="13800000000")).row
    assert named.writer is not None
    assert heard.office.keyring.unseal(named.writer) == '["王芳", "13800000000"]'
    assert (unnamed.named, unnamed.writer) == (False, None)


@pytest.mark.parametrize(
    ("said", "code", "facts"),
    [
        (also(text=" \u200b\n"), "intake.empty", {}),
        (also(text="长" * 5001), "intake.too_long", {"length": 5001, "most": 5000}),
        (also(unit="czj"), "intake.unit", {}),
        (also(aspect="nothing"), "intake.aspect", {}),
        (also(named=True, name=" "), "intake.name", {}),
        (also(named=True, name="名" * 51), "intake.writer_too_long", {"name": 50, "contact": 200}),
    ],
)
def test_incomplete_opinion_is_refused_for_what_is_wrong(
    heard: Hearing, said: Said, code: str, facts: dict[str, object]
) -> None:
    with refused(code, **facts):
        heard.take(said)
    assert heard.opinions() == []


def test_text_of_the_longest_length_is_taken_and_signs_nobody_sees_are_not_kept(heard: Hearing) -> None:
    assert heard.take(also(text="长短" * 2500)).row.status == "received"
    assert heard.take(also(text="好\u202e评\x07\r\n第二行\u200b")).row.text == "好评\n第二行"


def test_point_of_a_unit_speaks_of_that_unit_alone(heard: Hearing) -> None:
    row = heard.take(also(unit="jyj"), scope="unit", of="kjj").row
    assert row.unit_id == heard.point("unit", "kjj").unit_id


def test_point_of_a_panel_offers_the_units_it_covers(heard: Hearing) -> None:
    with heard.office.store.reading() as session:
        form = form_at(session, heard.point("panel", "one").token)
        whole = form_at(session, heard.point("campaign").token)
    assert [unit.code for unit in form.units] == ["jyj"]
    assert [unit.code for unit in whole.units] == ["jyj", "kjj"]
    assert heard.take(scope="panel", of="one").row.panel_id == heard.point("panel", "one").panel_id


def test_same_words_by_the_same_code_are_held_and_by_another_are_not(heard: Hearing) -> None:
    heard.take()
    again = heard.take(also(text=" 窗口 排队时间太长！！ "), nonce="b").row
    elsewhere = heard.take(nonce="c", scope="unit", of="jyj").row
    assert (again.status, again.why_held) == ("held", "duplicate")
    assert elsewhere.status == "received"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("点 http://a.example/ 和 www.b.example.com 领奖", "links"),
        ("本公司 代 开 发 票，量大从优", "words"),
        ("啊" * 15, "gibberish"),
        ("？！#￥%……&*", "gibberish"),
        ("办事大厅网站 www.lanxi.gov.cn 打不开", None),
        ("看病难，看病贵。。。！！！", None),
        ("差", None),
    ],
)
def test_what_looks_like_abuse_is_held_and_kept(heard: Hearing, text: str, why: str | None) -> None:
    row = heard.take(also(text=text)).row
    assert (row.status, row.why_held) == ("held" if why else "received", why)


def test_what_comes_too_fast_is_held(heard: Hearing) -> None:
    row = heard.take(pace=Pace.HELD).row
    assert (row.status, row.why_held) == ("held", "flood")


def test_nothing_is_taken_in_before_the_phase_opens_or_after_it_closed(heard: Hearing) -> None:
    heard.decide("listen", "2023-10-30T09:00")
    heard.close("listen", "2023-10-30T09:05")
    with refused("intake.not_open", campaign="2023年部门工作评议"):
        heard.take(at="2023-10-30T09:10")


def test_point_that_is_not_ours_is_refused(heard: Hearing) -> None:
    with heard.office.store.reading() as session, refused("point.unknown"):
        form_at(session, "a" * 10)


def test_source_is_kept(heard: Hearing) -> None:
    assert heard.take(also(source=Source.ENTERPRISE)).row.source == "enterprise"


def test_taking_in_writes_no_fact(heard: Hearing) -> None:
    heard.take()
    assert heard.facts("opinion:received", "opinion:held") == []
