from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from appraisal.operations import panel_checks, panels
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.panel_access import secret_titles
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.register_tables import PostRow
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import FIRST, HEADS, SECOND, panel, panel_id, set_panel, with_panels
from tests.operations.world import STARTS, Campaign, instant, refused

ON = "2023-09-04T10:00"


@pytest.fixture
def campaign(office: Office) -> Campaign:
    return with_panels(office, f"a{next(SLUGS)}")


@pytest.fixture(scope="module")
def unchanged(office: Office) -> Campaign:
    return with_panels(office, f"a{next(SLUGS)}")


def duties_of(campaign: Campaign, key: str) -> dict[str, str]:
    with campaign.office.store.reading() as session:
        rows = session.scalars(select(ObligationRow).where(ObligationRow.panel_id == panel_id(campaign, key)))
        return {row.key: row.status for row in rows}


def test_panel_is_set_once_and_its_members_are_told(campaign: Campaign) -> None:
    set_panel(campaign, FIRST)
    row = panel(campaign)
    assert [(each.person.name, each.role, each.title) for each in row.members] == [
        ("朱示例", "panel_head", "组长"),
        ("林示例", "panel_member", "专家"),
    ]
    assert ([unit.name for unit in panels.covered(row)], row.since) == (["市教育局"], date(2023, 8, 28))
    assert len(campaign.facts("panel:set")) == 2
    assert campaign.letters("panel-set") == ["czj-handler", "fgj-handler", "wjj-handler"]


def test_panel_that_is_changed_keeps_its_place_and_tells_its_members_again(campaign: Campaign) -> None:
    changed = replace(FIRST, members=[*FIRST.members[:1], ("朱示例", "panel_member", "组长")], units=["jyj", "mzj"])
    for _ in range(2):
        set_panel(campaign, changed, ON)
    assert [unit.name for unit in panels.covered(panel(campaign))] == ["市教育局", "市民政局"]
    assert len(campaign.facts("panel:set")) == 3
    assert campaign.letters("panel-set").count("fgj-handler") == 2
    assert panel(campaign).since == date(2023, 8, 28)


def test_panel_that_is_set_late_gets_the_duties_of_the_open_phase(office: Office) -> None:
    campaign = with_panels(office, f"a{next(SLUGS)}", drafts=(FIRST,))
    assert duties_of(campaign, "g2") == {}
    set_panel(campaign, SECOND, ON)
    assert duties_of(campaign, "g2") == {"visits": "issued"}


def test_panel_that_is_dissolved_owes_nothing_more_and_may_be_set_again(campaign: Campaign) -> None:
    for _ in range(2):
        with campaign.desk("office-1", ON) as desk:
            panels.dissolve_panel(desk, campaign.slug, "g1")
    assert duties_of(campaign, "g1") == {"visits": "withdrawn"}
    assert len(campaign.facts("panel:dissolved")) == 1
    set_panel(campaign, replace(SECOND, units=["kjj", "jyj"]), ON)
    with refused("panel.covered_already", panel="第一评议组", units=["市教育局"], other="第二评议组"):
        set_panel(campaign, FIRST, ON)
    set_panel(campaign, replace(FIRST, units=[]), "2023-09-05T10:00")
    assert panel(campaign).since == date(2023, 9, 5)


def test_unit_is_covered_by_one_panel_but_by_undercover_ones_besides(campaign: Campaign) -> None:
    third = replace(SECOND, key="g3", title="第三评议组", units=["jyj"])
    with refused("panel.covered_already", panel="第三评议组", units=["市教育局"], other="第一评议组"):
        set_panel(campaign, third, ON)
    set_panel(campaign, replace(third, title="暗访组", kind="undercover", units=["jyj", "kjj"]), ON)
    assert panel(campaign, "g3").kind == "undercover"


def test_undercover_panel_is_known_to_the_office_its_members_and_whoever_gets_the_briefs(campaign: Campaign) -> None:
    set_panel(campaign, replace(SECOND, key="g3", title="暗访组", kind="undercover", units=["jyj", "kjj"]), ON)
    people = ("office-1", "director", "wjj-handler", "fgj-handler", "jyj-handler", "jyj-head")
    with campaign.office.store.reading() as session:
        row = campaign_by(session, campaign.slug)
        secret = {who: secret_titles(session, row, campaign.person(who), date(2023, 9, 4)) for who in people}
    hidden = frozenset({"暗访组"})
    assert {who: bool(titles) for who, titles in secret.items()} == {
        "office-1": False,
        "director": False,
        "wjj-handler": False,
        "fgj-handler": True,
        "jyj-handler": True,
        "jyj-head": True,
    }
    assert set(secret.values()) == {frozenset(), hidden}


def test_member_or_expert_of_a_covered_unit_is_refused_by_name_and_post(unchanged: Campaign) -> None:
    expert = replace(FIRST, members=[*FIRST.members, ("jyj-head", "panel_member", "专家")])
    conflict = {"member": "李样例", "unit": "市教育局", "post": "局长", "through": ""}
    with refused("panel.conflict", panel="第一评议组", conflicts=[conflict]):
        set_panel(unchanged, expert, ON)


def test_conflict_is_refused_when_the_coverage_changes_later(unchanged: Campaign) -> None:
    conflict = {"member": "林示例", "unit": "市财政局", "post": "办公室主任", "through": ""}
    with refused("panel.conflict", panel="第一评议组", conflicts=[conflict]):
        set_panel(unchanged, replace(FIRST, units=["jyj", "czj"]), ON)


def test_leader_who_supervises_a_covered_unit_is_in_conflict(unchanged: Campaign) -> None:
    conflict = {"member": "曾样本", "unit": "市教育局", "post": "副市长", "through": ""}
    with refused("panel.conflict", panel="第一评议组", conflicts=[conflict]):
        set_panel(unchanged, replace(FIRST, members=[("leader-3", "panel_head", "组长")]), ON)


def test_stand_in_arrangement_is_a_conflict_while_it_lasts(office: Office) -> None:
    campaign = with_panels(office, f"a{next(SLUGS)}", drafts=())
    campaign.absence("jyj-head", "rsj-handler", "2023-09-01", "2023-09-15")
    draft = replace(FIRST, members=[("rsj-handler", "panel_head", "组长")])
    conflict = {"member": "罗示例", "unit": "市教育局", "post": "局长", "through": "李样例"}
    with refused("panel.conflict", panel="第一评议组", conflicts=[conflict]):
        set_panel(campaign, draft, "2023-09-15T10:00")
    set_panel(campaign, draft, "2023-09-16T10:00")


def test_conflict_that_the_register_brings_later_is_found(campaign: Campaign) -> None:
    def found(at: str) -> list[str]:
        with campaign.office.store.reading() as session:
            row = campaign_by(session, campaign.slug)
            return [each.post for each in panel_checks.findings(session, row, panel(campaign), instant(at).date())]

    assert found(ON) == []
    with campaign.desk("office-1", ON) as desk:
        post = {"role": "handler", "title": "副局长", "until": date(2023, 9, 30)}
        person, unit = campaign.person("czj-handler").id, identity("unit", "jyj")
        desk.session.add(PostRow(id=identity("post", "later"), person_id=person, unit_id=unit, **post))
    assert [found(at) for at in ("2023-09-30T10:00", "2023-10-01T10:00")] == [["副局长"], []]
    with campaign.desk("office-1", ON) as desk:
        desk.session.delete(desk.session.get_one(PostRow, identity("post", "later")))


@pytest.mark.parametrize(
    ("members", "code", "facts"),
    [
        ([("fgj-handler", "panel_head", "副组长")], "panel.no_head", {"panel": "第一评议组"}),
        (
            [("fgj-handler", "panel_head", "组长"), ("czj-handler", "panel_member", "组长")],
            "panel.several_heads",
            {"panel": "第一评议组", "heads": ["朱示例", "林示例"]},
        ),
        (
            [("fgj-handler", "panel_member", "组长")],
            "panel.unheld",
            {"panel": "第一评议组", "roles": ["组长"]},
        ),
        ([("fgj-handler", "director", "组长")], "panel.role_unknown", {"role": "director", "known": ["组长", "组员"]}),
        ([("nobody", "panel_head", "组长")], "panel.person_unknown", {"person": "nobody"}),
        ([("fgj-handler", "panel_head", "组长")] * 2, "panel.member_twice", {"person": "朱示例"}),
    ],
)
def test_panel_that_must_not_be_is_refused(
    unchanged: Campaign, members: list[tuple[str, str, str]], code: str, facts: dict[str, object]
) -> None:
    with refused(code, **facts):
        set_panel(unchanged, replace(FIRST, members=members), ON)


def test_member_without_a_title_is_called_by_the_role(campaign: Campaign) -> None:
    set_panel(campaign, replace(FIRST, members=[("朱示例", "panel_head", ""), ("林示例", "panel_member", " ")]), ON)
    assert [each.title for each in panel(campaign).members] == ["组长", "组员"]


def test_title_is_needed_and_taken_once(unchanged: Campaign) -> None:
    with refused("panel.no_title"):
        set_panel(unchanged, replace(FIRST, title=" "), ON)
    with refused("panel.title_taken", panel="第二评议组"):
        set_panel(unchanged, replace(FIRST, title="第二评议组"), ON)
    with refused("panel.kind_unknown", kind="committee"):
        set_panel(unchanged, replace(FIRST, kind="committee"), ON)


def test_key_of_a_title_stays_and_a_new_one_is_free(unchanged: Campaign) -> None:
    with unchanged.office.store.reading() as session:
        keys = [panels.panel_key(session, unchanged.slug, title) for title in ("第二评议组", "第三评议组")]
    assert keys == ["g2", "p1"]


def test_members_sit_where_they_were_set(unchanged: Campaign) -> None:
    assert {key: panel(unchanged, key).members[0].person.code for key in HEADS} == HEADS
    assert STARTS.startswith(str(panel(unchanged).since))
