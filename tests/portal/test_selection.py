from tests.operations.choosing import HALF, begun, by, choose, decision, find_problems, targets
from tests.operations.world import Campaign, instant
from tests.portal.world import World

SLUG = "choice-2023"
PAGE = f"/campaigns/{SLUG}/selection"
FORM = {"decided_on": "2023-08-28", "decided_by": "市人大常委会第三十一次会议"}


def ranked(world: World) -> Campaign:
    campaign = begun(world.office, SLUG, by("ranked_then_voted", passing=HALF, decided_by="office"))
    find_problems(campaign, {"wjj": 3, "jyj": 2, "kjj": 2})
    return campaign


def test_office_enters_the_votes_beside_the_ranking_and_everybody_reads_the_decision(world: World) -> None:
    campaign = ranked(world)
    office = world.visitor("office-1")
    shown = office.get(PAGE).text
    for text in ("第 1 名", "问题 3 个", "市科学技术局", "赞成票超过全体组成人员的1/2为通过", "评议对象还没有确定"):
        assert text in shown
    votes = {"votes-wjj": "20", "votes-jyj": "10", "votes-kjj": "21", "base": "29"}
    for _ in range(2):
        assert "评议对象已确定" in office.send(PAGE, PAGE, FORM | votes).text
    assert targets(campaign) == ["wjj", "kjj"]
    read = world.visitor("four-teams").get(PAGE).text
    for text in ("市人大常委会第三十一次会议", "2023年8月28日（星期一）", "未通过", "基数（人或票）：29"):
        assert text in read
    assert "登记决定" not in read


def test_refused_decision_keeps_what_was_typed(world: World) -> None:
    ranked(world)
    votes = {"votes-wjj": "20", "votes-jyj": "30", "votes-kjj": "21", "base": "29"}
    answer = world.visitor("office-1").send(PAGE, PAGE, FORM | votes | {"document": "第12号"})
    assert (answer.status_code, "市教育局的赞成票多于基数29" in answer.text) == (409, True)
    for text in ('name="votes-jyj" value="30"', 'name="base" value="29"', ">第12号<", FORM["decided_by"]):
        assert text in answer.text
    broken = world.visitor("office-1").send(PAGE, PAGE, FORM | votes | {"decided_on": "2023-09-31"})
    assert "“决定日期”没有填写或者不是日期" in broken.text
    broken = world.visitor("office-1").send(PAGE, PAGE, FORM | votes | {"votes-wjj": "二十"})
    assert "“市卫生健康局的票数”应当是数字" in broken.text


def test_office_reads_which_roles_nobody_holds_in_the_units(world: World) -> None:
    campaign = ranked(world)
    choose(campaign, decision("2023-08-28", votes={"wjj": 20}, base=29), "2023-08-28T10:00")
    assert "无人担任" not in world.visitor("office-1").get(PAGE).text
    with world.office.desk("cli", instant("2023-08-28T10:00")) as desk:
        desk.session.merge(campaign.person("leader-3")).active = False
    assert "市卫生健康局的分管副市长" in world.visitor("office-1").get(PAGE).text
    assert "分管副市长" not in world.visitor("four-teams").get(PAGE).text


def test_only_the_office_decides_and_only_while_it_may_be_changed(world: World) -> None:
    campaign = begun(world.office, SLUG, by("council_decision"))
    head = world.visitor("jyj-head")
    assert head.send(f"/campaigns/{SLUG}", PAGE, FORM | {"units": "jyj"}).status_code == 403
    office = world.visitor("office-1")
    answer = office.send(PAGE, PAGE, FORM | {"units": "jyj", "document": "第12号"})
    assert "评议对象已确定" in answer.text
    campaign.record_result("2023-08-28T15:00")
    assert "评议对象不再变动" in office.get(PAGE).text


def test_ticked_units_stay_ticked_when_the_decision_is_refused(world: World) -> None:
    begun(world.office, SLUG, by("council_decision"))
    answer = world.visitor("office-1").send(PAGE, PAGE, FORM | {"units": "kjj"})
    assert "须写明会议纪要" in answer.text
    assert 'value="kjj" checked' in answer.text
    assert 'value="jyj" checked' not in answer.text


def test_every_way_asks_for_what_it_needs(world: World) -> None:
    asked = {
        "named": ["units"],
        "committee_vote": ["base", "settled"],
        "public_vote": ["settled"],
        "deputies_vote": ["settled"],
        "lottery_then_confirmed": ["seed", "pool", "units"],
        "term_rotation": ["pool", "term_since", "earlier", "units"],
        "carried_over": ["carried", "carried_from"],
    }
    names = ("units", "base", "settled", "seed", "pool", "term_since", "earlier", "carried", "carried_from")
    office = world.visitor("office-1")
    for number, (way, fields) in enumerate(asked.items()):
        slug, units = f"way-{number}", ("jyj",) if way == "named" else ()
        begun(world.office, slug, by(way, count=2, passing=HALF), units)
        shown = office.get(f"/campaigns/{slug}/selection").text
        assert [name for name in names if f'name="{name}"' in shown] == sorted(fields, key=names.index)


def test_draw_can_be_redone_from_what_the_page_says(world: World) -> None:
    campaign = begun(world.office, SLUG, by("lottery_then_confirmed", count=2))
    given = decision("2023-08-28", seed="20231027", pool=["jyj", "kjj", "mzj"], units=["jyj", "mzj"])
    choose(campaign, given, "2023-08-28T10:00")
    shown = world.visitor("four-teams").get(PAGE).text
    assert "已经足额，不再登记" in world.visitor("office-1").get(PAGE).text
    for text in ("抽签种子：<code>20231027</code>", "SHA-256", "市教育局 <code>jyj</code>", "未抽中"):
        assert text in shown


def test_page_of_a_method_that_names_its_units_says_so(world: World) -> None:
    shown = world.visitor("office-1").get("/campaigns/work-2023/selection").text
    assert "方案点名" in shown
    assert "启动时列入" in shown
