import io

from docx import Document

from tests.portal.world import SLUG, World

PAGE = f"/campaigns/{SLUG}/orders"
FORM = {
    "kind": "supervise",
    "unit": "jyj",
    "by": "",
    "due_on": "2023-09-20",
    "problem": "",
    "about": "",
    "text": "请抓紧办理。\n<script>alert(1)</script>",
}


def given(world: World, **changed: str) -> str:
    """The address of the letter that was given."""
    answer = world.visitor("office-1").send(PAGE, PAGE, FORM | changed)
    assert "文书已发出" in answer.text
    return answer.url.path


def test_office_gives_a_letter_once_and_the_unit_reads_it(world: World) -> None:
    office = world.visitor("office-1")
    assert "还没有督办文书" in office.get(PAGE).text
    assert given(world) == given(world)
    assert "1 份" in office.get(PAGE).text
    assert "还没有督办文书" in office.get(f"{PAGE}?kind=circular").text
    read = world.visitor("jyj-head").get(given(world))
    assert read.status_code == 200
    for text in (
        "督办单 评议督〔2023〕1号",
        "2023年9月20日（星期三）",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "docx",
    ):
        assert text in read.text


def test_letter_is_hidden_from_other_units_and_the_list_from_all_but_the_office(world: World) -> None:
    page = given(world)
    other = world.visitor("kjj-head")
    assert (other.get(page).status_code, other.get(f"{page}.docx").status_code) == (403, 403)
    assert world.visitor("jyj-head").get(PAGE).status_code == 403
    assert other.send("/", PAGE, FORM).status_code == 403
    assert "督办文书" in world.visitor("office-1").get(f"/campaigns/{SLUG}").text
    assert f'href="{PAGE}"' not in world.visitor("jyj-head").get(f"/campaigns/{SLUG}").text


def test_letter_is_taken_home_as_a_paper(world: World) -> None:
    answer = world.visitor("jyj-handler").get(f"{given(world)}.docx")
    lines = [each.text for each in Document(io.BytesIO(answer.content)).paragraphs if each.text]
    assert lines == [
        "兰溪市人大常委会",
        "督办单",
        "评议督〔2023〕1号",
        "市教育局：",
        "请抓紧办理。",
        "<script>alert(1)</script>",
        "办结期限：2023年9月20日（星期三）",
        "评议活动：2023年部门工作评议",
        "兰溪市人大常委会",
        "2023年8月28日（星期一）",
    ]


def test_letter_about_a_duty_is_linked_from_its_page(world: World) -> None:
    duty = world.duty("rectification_plan")
    page = given(world, about=str(duty), unit="")
    for who in ("office-1", "jyj-handler"):
        shown = world.visitor(who).get(f"/duties/{duty}").text
        assert f'href="{page}"' in shown
        assert "督办中" in shown
    assert f'href="/duties/{duty}"' in world.visitor("jyj-handler").get(page).text


def test_refused_letter_keeps_what_was_typed(world: World) -> None:
    office = world.visitor("office-1")
    answer = office.send(PAGE, PAGE, FORM | {"due_on": "2023-08-27"})
    assert "早于今天2023年8月28日（星期一）" in answer.text
    for text in ('value="jyj" selected', 'value="2023-08-27"', ">请抓紧办理。"):
        assert text in answer.text
    assert "没有选择文书的种类" in office.send(PAGE, PAGE, FORM | {"kind": "x"}).text
    assert "还没有写是谁的批示" in office.send(PAGE, PAGE, FORM | {"kind": "instruct"}).text
    assert "还没有督办文书" in office.get(PAGE).text


def test_talk_is_linked_to_the_notice_that_called_for_it(world: World) -> None:
    notice = given(world, kind="summon", due_on="")
    page = f"/campaigns/{SLUG}/summonses"
    talk = {"unit": "jyj", "person": "局长", "held_on": "2023-08-28", "held_by": "副主任", "reason": "进展缓慢"}
    shown = world.visitor("office-1").send(
        page, page, talk | {"record": "说明", "agreed": "", "problems": "", "order": "1"}
    )
    assert f'href="{notice}"' in shown.text
    assert f'href="{page}/1"' in world.visitor("jyj-head").get(notice).text
