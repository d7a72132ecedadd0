"""Letters with numbers, and the dates of units that support a lead unit."""

from dataclasses import replace
from datetime import date

from appraisal.operations import duties, revising
from tests.operations.assigned_world import FRIDAY, Assigned
from tests.operations.world import paper


def _hand_in(assigned: Assigned, key: str, who: str, at: str) -> None:
    unit = who.partition("-")[0]
    row = next(each for each in assigned.owed(key) if each.unit and each.unit.code == unit)
    with assigned.desk(who, at) as desk:
        duties.submit(desk, row.id, assigned.by(who), "已办结", [paper()])
    with assigned.desk("office-1", at) as desk:
        duties.accept(desk, row.id, assigned.by("office-1"))


def _dates(assigned: Assigned, *keys: str) -> dict[str, date | None]:
    return {row.key: row.due_on for row in assigned.owed(*keys)}


def test_each_unit_gets_one_numbered_letter_with_its_parts(assigned: Assigned) -> None:
    assert [assigned.assign(1, 2, 3) for _ in range(2)] == [[1, 2, 3], []]
    assert [
        (sent.mark, sent.unit.code, sent.again, [(item.problem.number, item.part) for item in sent.items])
        for sent in assigned.letters_sent()
    ] == [
        ("兰人评交〔2023〕1号", "jyj", False, [(1, "leads"), (2, "leads"), (3, "leads")]),
        ("兰人评交〔2023〕2号", "kjj", False, [(1, "supports"), (2, "supports")]),
    ]
    assert [fact["mark"] for fact in assigned.facts("assignment:sent")] == [
        "兰人评交〔2023〕1号",
        "兰人评交〔2023〕2号",
    ]
    letters = assigned.posted("problem-assigned")
    assert [(code, row.page) for code, row in letters] == [
        (f"{sent.unit.code}-handler", f"/assignments/{sent.id}") for sent in assigned.letters_sent()
    ]


def test_letter_is_signed_for_within_working_days_of_its_own(assigned: Assigned) -> None:
    assigned.assign(1)
    assigned.assign(3, at="2023-09-11T10:00")
    assert [(row.title, row.due_on) for row in assigned.owed("sign") if row.unit and row.unit.code == "jyj"] == [
        ("签收交办函：兰人评交〔2023〕1号", date(2023, 9, 8)),
        ("签收交办函：兰人评交〔2023〕3号", date(2023, 9, 18)),
    ]


def test_supporting_unit_is_due_before_the_lead_and_moves_with_it(assigned: Assigned) -> None:
    assigned.assign(1)
    assert [(row.key, row.waits_for) for row in assigned.owed("help")] == [("help", "solve.due")]
    assigned.set_event("plan_agreed", "2023-09-05", "2023-09-05T09:00", "jyj")
    # 5 October is in the National Day holiday: the lead has until the make-up Saturday, the support until before it.
    assert _dates(assigned, "solve", "help") == {"solve": date(2023, 10, 7), "help": date(2023, 9, 28)}
    assigned.set_event("plan_agreed", "2023-09-12", "2023-09-12T09:00", "jyj")
    assert _dates(assigned, "solve", "help") == {"solve": date(2023, 10, 12), "help": date(2023, 10, 7)}
    assert assigned.letters("due-set", "市科学技术局") == ["kjj-handler"]
    assert assigned.letters("due-moved", "市科学技术局") == ["kjj-handler"]


def test_supporting_unit_has_its_date_at_once_where_the_lead_has_one(assigned: Assigned) -> None:
    assigned.set_event("plan_agreed", "2023-09-12", "2023-08-30T09:00", "jyj")
    assigned.assign(2)
    assert _dates(assigned, "solve", "help") == {"solve": date(2023, 10, 12), "help": date(2023, 10, 7)}


def test_problem_closes_only_when_its_supporting_unit_has_done_its_part(assigned: Assigned) -> None:
    assigned.assign(1)
    _hand_in(assigned, "solve", "jyj-handler", "2023-09-20T10:00")
    assert assigned.problem(1).status == "assigned"
    _hand_in(assigned, "help", "kjj-handler", "2023-09-21T10:00")
    assert assigned.problem(1).status == "closed"


def test_problem_without_supporting_units_closes_with_its_lead(assigned: Assigned) -> None:
    assigned.assign(3)
    assert assigned.standing("help") == []
    _hand_in(assigned, "solve", "jyj-handler", "2023-09-20T10:00")
    assert assigned.problem(3).status == "closed"


def test_version_of_a_problem_counts_its_assignment(assigned: Assigned) -> None:
    before = assigned.problem(1).version
    assigned.assign(1, at=FRIDAY)
    assert assigned.problem(1).version == before + 1


def _support(assigned: Assigned, units: tuple[str, ...], at: str) -> None:
    with assigned.desk("office-1", at) as desk:
        for _ in range(2):
            draft = replace(revising.draft_of(assigned.problem(1)), supporting=units)
            revising.revise(desk, assigned.slug, 1, draft)


def test_unit_that_comes_to_support_later_gets_its_letter_and_its_date(assigned: Assigned) -> None:
    assigned.assign(1)
    assigned.set_event("plan_agreed", "2023-09-05", "2023-09-05T09:00", "jyj")
    _support(assigned, ("kjj", "mzj"), "2023-09-06T10:00")
    sent = assigned.letters_sent()[-1]
    assert (sent.unit.code, [(item.problem.number, item.part) for item in sent.items]) == ("mzj", [(1, "supports")])
    assert len(assigned.letters_sent()) == 3
    assert assigned.letters("problem-assigned", "市民政局") == ["mzj-handler"]
    assert {(unit, key) for unit, key, _ in assigned.standing("help", "sign") if unit == "mzj"} == {
        ("mzj", "help"),
        ("mzj", "sign"),
    }
    dates = {row.unit.code: row.due_on for row in assigned.owed("help") if row.unit}
    assert dates == {"kjj": date(2023, 9, 28), "mzj": date(2023, 9, 28)}


def test_unit_that_supports_no_more_owes_nothing_and_hears_of_it(assigned: Assigned) -> None:
    assigned.assign(1, 2)
    _support(assigned, (), "2023-09-06T10:00")
    assert [(unit, key, status) for unit, key, status in assigned.standing("help", "sign") if unit == "kjj"] == [
        ("kjj", "sign", "issued"),
        ("kjj", "help", "withdrawn"),
        ("kjj", "help", "issued"),
    ]
    assert assigned.letters("support-ended") == ["kjj-handler"]
    _support(assigned, ("kjj",), "2023-09-07T10:00")
    assert [status for unit, key, status in assigned.standing("help") if unit == "kjj"].count("issued") == 2


def test_last_letter_of_a_unit_that_supports_no_more_need_not_be_signed_for(assigned: Assigned) -> None:
    assigned.assign(1)
    _support(assigned, (), "2023-09-06T10:00")
    assert {status for unit, _, status in assigned.standing("help", "sign") if unit == "kjj"} == {"withdrawn"}


def test_problem_that_waits_for_its_supporting_unit_alone_is_closed_when_nobody_supports_it(assigned: Assigned) -> None:
    assigned.assign(1)
    _hand_in(assigned, "solve", "jyj-handler", "2023-09-02T10:00")
    _support(assigned, (), "2023-09-06T10:00")
    assert (assigned.problem(1).status, assigned.problem(1).closed_by) == ("closed", "office-1")
