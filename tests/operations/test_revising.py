from dataclasses import replace

from appraisal.domain.problems import Draft
from appraisal.operations import revising
from appraisal.operations.classifying import what_is_missing
from appraisal.operations.loading import campaign_by, method_of
from tests.operations.listing import AT, DUE, FULL, Listing
from tests.operations.world import refused


def revise(listing: Listing, number: int, draft: Draft, seen: str = "") -> None:
    with listing.desk("office-1", AT) as desk:
        revising.revise(desk, listing.slug, number, draft, seen)


def classify(listing: Listing, numbers: list[int], classes: dict[str, str], unit: str | None = None) -> None:
    with listing.desk("office-1", AT) as desk:
        revising.classify(desk, listing.slug, numbers, classes, unit)


def missing(listing: Listing, number: int) -> list[str]:
    with listing.office.store.reading() as session:
        return what_is_missing(method_of(campaign_by(session, listing.slug)), listing.problem(number))


def test_problem_says_what_it_lacks_until_it_lacks_nothing(listing: Listing) -> None:
    listing.record(Draft("教师编制不足"))
    assert missing(listing, 1) == ["time", "element", "lead", "leader", "due"]
    revise(listing, 1, replace(FULL, due_on=None))
    assert missing(listing, 1) == ["due"]
    revise(listing, 1, FULL)
    assert missing(listing, 1) == []


def test_suggestion_has_its_place_on_no_axis(listing: Listing) -> None:
    listing.record(Draft("统一清单", "jyj", leader="王局长", due_on=DUE, kind="suggestion"))
    assert missing(listing, 1) == []


def test_head_of_the_lead_unit_is_responsible_unless_another_is_named(listing: Listing) -> None:
    heads = {unit: listing.person(f"{unit}-head").name for unit in ("jyj", "kjj")}
    listing.record()
    assert listing.problem(1).leader == heads["jyj"]
    revise(listing, 1, replace(FULL, unit="kjj", leader=heads["jyj"]))
    assert listing.problem(1).leader == heads["kjj"]
    revise(listing, 1, replace(FULL, unit="jyj", leader="副市长"))
    assert listing.problem(1).leader == "副市长"


def test_same_revision_is_recorded_once(listing: Listing) -> None:
    listing.record()
    for _ in range(2):
        revise(listing, 1, replace(FULL, supporting=["czj", "市科学技术局", "kjj"], detail="城区小学"))
    assert [unit.code for unit in listing.problem(1).supporting] == ["kjj", "czj"]
    assert [fact["changed"] for fact in listing.facts("problem:classified")] == [["detail", "supporting"]]


def test_revision_of_what_has_changed_since_is_refused(listing: Listing) -> None:
    listing.record()
    seen = revising.mark_of(listing.problem(1))
    for _ in range(2):
        revise(listing, 1, replace(FULL, detail="城区小学"), seen)
    with refused("problem.changed", number=1):
        revise(listing, 1, replace(FULL, detail="农村小学"), seen)


def test_many_problems_are_classified_at_once(listing: Listing) -> None:
    for title in ("甲", "乙", "丙"):
        listing.record(Draft(title))
    for _ in range(2):
        classify(listing, [1, 3], {"time": "立行立改", "要素": ""}, "市教育局")
    assert [listing.problem(number).classes for number in (1, 2, 3)] == [{"time": "now"}, {}, {"time": "now"}]
    assert listing.problem(3).leader == listing.person("jyj-head").name
    assert len(listing.facts("problem:classified")) == 2


def test_classes_that_the_method_does_not_have_are_refused_with_those_it_has(listing: Listing) -> None:
    listing.record()
    with refused("problem.axis_unknown", axis="大小", known=["时间", "要素"]):
        classify(listing, [1], {"大小": "小"})
    with refused("problem.class_unknown", axis="时间", value="马上", known=["立行立改", "长期整改"]):
        classify(listing, [1], {"时间": "马上"})
    with refused("problem.none_chosen"):
        classify(listing, [], {"时间": "立行立改"})
    with refused("problem.nothing_to_set"):
        classify(listing, [1], {"时间": ""})


def test_problem_that_is_over_is_not_revised(listing: Listing) -> None:
    listing.record()
    listing.close_problem(AT)
    with refused("problem.not_open", number=1, status="closed"):
        revise(listing, 1, replace(FULL, title="别的"))


def test_overlong_title_is_refused(listing: Listing) -> None:
    with refused("problem.too_long", part="title", length=201, most=200):
        listing.record(Draft("长" * 201, "jyj"))


def test_nothing_unclassified_passes_the_gate(listing: Listing) -> None:
    listing.record(replace(FULL, classes={"时间": "立行立改"}))
    listing.record(Draft("无人认领"))
    obstacles = listing.ask("investigate", AT).brief.obstacles
    assert [(each.unit, each.what, each.status) for each in obstacles] == [
        ("市教育局", "1. 教师编制不足", "要素"),
        ("", "2. 无人认领", "时间、要素、牵头单位、责任领导、整改时限"),
    ]
    revise(listing, 1, FULL)
    revise(listing, 2, replace(FULL, title="无人认领"))
    assert listing.ask("investigate", AT).brief.obstacles == ()
