from tests.portal.world import SLUG, World

PAGE = f"/campaigns/{SLUG}/summonses"
FORM = {
    "unit": "jyj",
    "person": "局长",
    "held_on": "2023-08-28",
    "held_by": "副主任",
    "reason": "整改进展缓慢",
    "record": "说明了困难。\n<script>alert(1)</script>",
    "agreed": "九月底前报送时间表",
    "problems": "",
}


def test_office_records_a_talk_once_and_the_unit_reads_it(world: World) -> None:
    office = world.visitor("office-1")
    assert "还没有约谈记录" in office.get(PAGE).text
    for _ in range(2):
        shown = office.send(PAGE, PAGE, FORM).text
        assert "约谈已登记" in shown
    assert "1 次" in office.get(PAGE).text
    read = world.visitor("jyj-head").get(f"{PAGE}/1")
    assert (read.status_code, "&lt;script&gt;alert(1)&lt;/script&gt;" in read.text) == (200, True)
    for text in ("第 1 号约谈记录", "2023年8月28日（星期一）", "九月底前报送时间表", "没有指明具体问题"):
        assert text in read.text


def test_record_is_hidden_from_other_units_and_the_list_from_all_but_the_office(world: World) -> None:
    world.visitor("office-1").send(PAGE, PAGE, FORM)
    other = world.visitor("kjj-head")
    assert (other.get(f"{PAGE}/1").status_code, other.get(PAGE).status_code) == (403, 403)
    assert world.visitor("jyj-head").get(PAGE).status_code == 403
    assert world.visitor("office-1").get(f"{PAGE}/2").status_code == 404


def test_refused_record_keeps_what_was_typed(world: World) -> None:
    office = world.visitor("office-1")
    answer = office.send(PAGE, PAGE, FORM | {"held_on": "2023-08-29"})
    assert "晚于今天2023年8月28日（星期一）" in answer.text
    for text in ('value="jyj" selected', 'value="2023-08-29"', ">整改进展缓慢<"):
        assert text in answer.text
    assert "“约谈日期”没有填写或者不是日期" in office.send(PAGE, PAGE, FORM | {"held_on": ""}).text
    assert "还没有填写被约谈人、谈话记录" in office.send(PAGE, PAGE, FORM | {"person": "", "record": " "}).text
    assert "“涉及的问题序号”应当是数字" in office.send(PAGE, PAGE, FORM | {"problems": "一、二"}).text
    assert "还没有约谈记录" in office.get(PAGE).text
