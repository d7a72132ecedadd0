"""Problems that were wrongly addressed: said in time, ruled on, and given to another unit."""

from datetime import date
from uuid import uuid4

import pytest

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import PHASE
from appraisal.operations.loading import phase_by
from appraisal.operations.objections import Ruling
from appraisal.store.register_tables import StandInRow
from tests.operations.assigned_world import Assigned
from tests.operations.world import instant, refused

GIVEN = Ruling(granted=True, to_unit="kjj", remarks="校车由市科技局管")
KEPT = Ruling(granted=False, remarks="教育局职责")


def test_problem_given_to_another_unit_is_owed_by_that_one_alone(assigned: Assigned) -> None:
    assigned.assign(3)
    for _ in range(2):
        assigned.reassign(3, "mzj", "2023-09-05T10:00")
        assert assigned.leads(3) == "mzj"
    assert assigned.standing("solve", "sign") == [
        ("jyj", "sign", "withdrawn"),
        ("jyj", "solve", "withdrawn"),
        ("mzj", "sign", "issued"),
        ("mzj", "solve", "issued"),
    ]
    assert [(sent.mark, sent.unit.code, sent.again) for sent in assigned.letters_sent()] == [
        ("兰人评交〔2023〕1号", "jyj", False),
        ("兰人评交〔2023〕2号", "mzj", True),
    ]
    assert [fact["to"] for fact in assigned.facts("problem:taken_back")] == ["mzj"]
    assert [row.due_on for row in assigned.owed("sign")] == [date(2023, 9, 8), date(2023, 9, 12)]
    assert assigned.letters("problem-moved") == ["jyj-handler"]


def test_letter_that_speaks_of_more_is_still_to_be_signed_for(assigned: Assigned) -> None:
    assigned.assign(1, 3)
    assigned.reassign(3, "mzj", "2023-09-05T10:00")
    assert ("jyj", "sign", "issued") in assigned.standing("sign")


def test_what_was_owed_in_a_phase_that_is_closed_goes_with_the_problem(assigned: Assigned) -> None:
    assigned.assign(3)
    with assigned.office.desk("engine", instant("2023-09-04T10:00")) as desk:
        phase = phase_by(desk.session, assigned.slug, "rectify")
        phase.status = PHASE.move(phase.status, Action.PHASE_CLOSED)
        desk.record(assigned.slug, f"phase:{phase.id}", Action.PHASE_CLOSED, phase="rectify")
    assigned.reassign(3, "mzj", "2023-09-05T10:00")
    assert assigned.standing("solve") == [("jyj", "solve", "withdrawn"), ("mzj", "solve", "issued")]


def test_supporting_unit_follows_the_date_of_the_new_lead(assigned: Assigned) -> None:
    assigned.set_event("plan_agreed", "2023-09-12", "2023-08-30T09:00", "jyj")
    assigned.set_event("plan_agreed", "2023-09-19", "2023-08-30T09:00", "mzj")
    assigned.assign(1)
    assert [row.due_on for row in assigned.owed("help")] == [date(2023, 10, 7)]
    assigned.reassign(1, "mzj", "2023-09-05T10:00")
    # From 19 October five days back is Saturday, the 14th: the day before it that is worked on.
    assert [(row.status, row.due_on) for row in assigned.owed("help")] == [("issued", date(2023, 10, 13))]


def test_supporting_unit_that_comes_to_lead_supports_no_more(assigned: Assigned) -> None:
    assigned.assign(1)
    assigned.reassign(1, "kjj", "2023-09-05T10:00")
    assert assigned.problem(1).supporting == []
    assert assigned.standing("help") == [("kjj", "help", "withdrawn")]


def test_problem_that_comes_back_to_a_unit_is_owed_anew(assigned: Assigned) -> None:
    assigned.assign(3)
    assigned.reassign(3, "mzj", "2023-09-05T10:00")
    assigned.reassign(3, "jyj", "2023-09-06T10:00")
    assert assigned.standing("solve") == [
        ("jyj", "solve", "withdrawn"),
        ("mzj", "solve", "withdrawn"),
        ("jyj", "solve", "issued"),
    ]


def test_only_a_problem_that_is_being_rectified_goes_to_another_unit(assigned: Assigned) -> None:
    with refused("reassign.not_assigned", number=3, status="found"):
        assigned.reassign(3, "mzj", "2023-09-05T10:00")
    assigned.assign(3)
    with refused("reassign.no_reason", number=3):
        assigned.reassign(3, "mzj", "2023-09-05T10:00", why=" ")


def test_objection_is_one_however_often_it_is_said_and_the_clock_of_signing_goes_on(assigned: Assigned) -> None:
    assigned.assign(3)
    ids = {assigned.object_to(3, "2023-09-05T10:00").id for _ in range(2)}
    assert len(ids) == 1
    assert assigned.letters("objection-raised") == ["director"]
    assert [(row.status, row.due_on) for row in assigned.owed("sign")] == [("issued", date(2023, 9, 8))]


def test_objection_is_in_time_to_the_last_minute_and_too_late_the_day_after(assigned: Assigned) -> None:
    assigned.assign(1, 3)
    assert assigned.object_to(3, "2023-09-06T23:59").asked_at == instant("2023-09-06T23:59")
    with refused("objection.too_late", mark="兰人评交〔2023〕1号", due_on=date(2023, 9, 6)):
        assigned.object_to(1, "2023-09-07T00:00")


def test_objection_wants_a_reason_a_lead_and_somebody_of_the_unit(assigned: Assigned) -> None:
    assigned.assign(1)
    with refused("objection.no_reason", number=1):
        assigned.object_to(1, "2023-09-05T10:00", reason=" ")
    with refused("objection.not_yours", unit="市教育局"):
        assigned.object_to(1, "2023-09-05T10:00", who="kjj-handler")
    with refused("objection.not_in_letter", number=2, mark="兰人评交〔2023〕1号", unit="市教育局"):
        assigned.object_to(2, "2023-09-05T10:00")
    assigned.reassign(1, "mzj", "2023-09-05T10:00")
    with refused("objection.gone", number=1, unit="市教育局"):
        assigned.object_to(1, "2023-09-05T11:00")


def test_granted_objection_gives_the_problem_to_the_unit_named(assigned: Assigned) -> None:
    assigned.assign(3)
    assigned.object_to(3, "2023-09-05T10:00")
    for _ in range(2):
        row = assigned.rule(3, GIVEN, "2023-09-06T10:00")
    assert (row.status, row.decided_by, row.to_unit.code if row.to_unit else "") == ("granted", "director", "kjj")
    assert assigned.leads(3) == "kjj"
    assert assigned.letters("objection-ruled") == ["jyj-handler"]
    assert len(assigned.facts("petition:granted")) == 1
    with refused("objection.ruled_already", unit="市教育局", number=3, status="granted"):
        assigned.object_to(3, "2023-09-06T11:00")


def test_dismissed_objection_leaves_the_problem_where_it_is(assigned: Assigned) -> None:
    assigned.assign(3)
    assigned.object_to(3, "2023-09-05T10:00")
    assert assigned.rule(3, KEPT, "2023-09-06T10:00").status == "refused"
    assert assigned.leads(3) == "jyj"
    assert assigned.standing("solve") == [("jyj", "solve", "issued")]


@pytest.mark.parametrize(
    ("ruling", "code", "facts"),
    [
        (Ruling(granted=False), "objection.ruling.no_reason", {}),
        (Ruling(granted=True), "objection.ruling.no_unit", {}),
        (Ruling(granted=True, to_unit="jyj"), "objection.ruling.same_unit", {"unit": "市教育局"}),
    ],
)
def test_ruling_says_why_or_to_whom(assigned: Assigned, ruling: Ruling, code: str, facts: dict[str, object]) -> None:
    assigned.assign(3)
    with refused("objection.unknown"):
        assigned.rule(3, ruling, "2023-09-05T09:00")
    assigned.object_to(3, "2023-09-05T10:00")
    with refused(code, **facts):
        assigned.rule(3, ruling, "2023-09-06T10:00")
    with refused("objection.ruling.not_yours", role="主任"):
        assigned.rule(3, ruling, "2023-09-06T10:00", who="office-1")


def test_problem_given_away_by_hand_settles_what_its_unit_had_objected(assigned: Assigned) -> None:
    assigned.assign(3)
    assigned.object_to(3, "2023-09-05T10:00")
    assigned.reassign(3, "mzj", "2023-09-05T11:00")
    assert [fact["to"] for fact in assigned.facts("petition:granted")] == ["mzj"]


def test_nobody_of_the_unit_rules_on_what_it_asks_even_standing_in_for_whoever_does(assigned: Assigned) -> None:
    assigned.assign(3)
    assigned.object_to(3, "2023-09-05T10:00")
    absent, other = assigned.person("director"), assigned.person("jyj-handler")
    with assigned.office.store.work("test") as work:
        days = {"since": date(2023, 9, 1), "until": date(2023, 9, 30)}
        work.session.add(StandInRow(id=uuid4(), person_id=absent.id, stand_in_id=other.id, **days))
    with refused("objection.ruling.own_hand", unit="市教育局"):
        assigned.rule(3, GIVEN, "2023-09-06T10:00", "jyj-handler")
