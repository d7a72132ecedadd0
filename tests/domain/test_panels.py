from datetime import date

from appraisal.domain.panels import Absence, Conflict, Held, Member, Ties, conflicts, heads

HEAD = Member("a", "甲", "panel_head", "组长")
DEPUTY = Member("b", "乙", "panel_member", "副组长")
EXPERT = Member("c", "丙", "panel_member", "专家")
NAMES = {"a": "甲", "b": "乙", "c": "丙", "x": "某甲", "y": "某乙"}
JYJ = Held("c", "jyj", "市教育局", "督学")


def absence(person: str, stand_in: str, since: str = "2023-09-01", until: str = "2023-09-30") -> Absence:
    return Absence(person, stand_in, date.fromisoformat(since), date.fromisoformat(until))


def found(*absences: Absence, posts: tuple[Held, ...] = (JYJ,), units: tuple[str, ...] = ("jyj",)) -> list[Conflict]:
    return conflicts((HEAD, DEPUTY, EXPERT), units, Ties(posts, absences, NAMES))


def test_head_is_whoever_is_called_so_and_not_the_deputy() -> None:
    assert heads((HEAD, DEPUTY, EXPERT)) == ["甲"]
    assert heads((HEAD, Member("a", "甲", "panel_member", "组长（主持）"))) == ["甲"]
    assert heads((HEAD, Member("d", "丁", "panel_head", "第一评议组组长"))) == ["甲", "丁"]
    assert heads((Member("d", "丁", "panel_head", "主任", "评议组组长"), DEPUTY)) == ["丁"]
    assert heads((Member("d", "丁", "panel_head", "副组长", "评议组组长"), EXPERT)) == []


def test_expert_with_a_post_in_a_covered_unit_is_in_conflict() -> None:
    assert found() == [Conflict("丙", "市教育局", "督学")]


def test_post_in_a_unit_that_is_not_covered_is_no_conflict() -> None:
    assert found(units=("kjj",)) == []


def test_member_who_acts_for_somebody_of_the_unit_is_in_conflict() -> None:
    post = Held("x", "jyj", "市教育局", "局长")
    assert found(absence("x", "a"), posts=(post,)) == [Conflict("甲", "市教育局", "局长", "某甲")]


def test_member_for_whom_somebody_of_the_unit_acts_is_in_conflict() -> None:
    post = Held("x", "jyj", "市教育局", "局长")
    assert found(absence("a", "x"), posts=(post,)) == [Conflict("甲", "市教育局", "局长", "某甲")]


def test_chain_of_arrangements_ties_where_they_hold_on_one_day() -> None:
    post = Held("y", "jyj", "市教育局", "局长")
    first, second = absence("a", "x"), absence("x", "y", "2023-09-30", "2023-10-31")
    assert found(first, second, posts=(post,)) == [Conflict("甲", "市教育局", "局长", "某乙")]
    apart = absence("x", "y", "2023-10-01", "2023-10-31")
    assert found(first, apart, posts=(post,)) == []


def test_two_members_who_stand_in_for_the_same_person_are_not_tied_to_each_other() -> None:
    assert found(absence("x", "a"), absence("x", "c"), posts=(JYJ,)) == [Conflict("丙", "市教育局", "督学")]


def test_arrangements_that_run_in_a_circle_end() -> None:
    assert found(absence("a", "x"), absence("x", "a"), posts=()) == []
