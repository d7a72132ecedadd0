"""The director is away and somebody stands in: asked, told and deciding in the director's place, until the return."""

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.operations import objections
from appraisal.operations.letters import letters_of
from appraisal.operations.loading import campaign_by
from appraisal.operations.objections import Ruling
from appraisal.operations.office import Office
from appraisal.store.record_tables import LedgerRow
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import Course, course
from tests.operations.world import refused

STAND_IN = "panel-head"


def object_and_rule(told: Course) -> None:
    """The bureau says that the problem is not its own; whoever stands in finds that it is."""
    with told.office.store.reading() as session:
        letter = letters_of(session, campaign_by(session, told.slug))[0].id
    with told.desk("jyj-handler", "2023-09-05T10:00") as desk:
        objections.object_to(desk, letter, 1, told.person("jyj-handler"), "校车由交通部门审批")
    with told.desk(STAND_IN, "2023-09-06T10:00") as desk:
        objections.rule_on(
            desk, letter, 1, told.person(STAND_IN), Ruling(granted=False, remarks="校车使用由教育部门管理")
        )


def in_whose_name(told: Course) -> list[tuple[str, str, str | None]]:
    """What the director, or somebody instead, decided: by whom, and on whose behalf."""
    decided = (Action.PETITION_GRANTED, Action.PETITION_REFUSED, Action.APPROVAL_GRANTED)
    query = select(LedgerRow.action, LedgerRow.actor, LedgerRow.on_behalf_of).order_by(LedgerRow.link)
    with told.office.store.reading() as session:
        rows = session.execute(query.where(LedgerRow.chain == told.slug, LedgerRow.action.in_(decided)))
        return [(action, actor, behalf) for action, actor, behalf in rows]


def test_leader_who_is_absent_is_stood_in_for(office: Office) -> None:
    told = course(office, "absent")
    told.absence("director", STAND_IN, "2023-09-04", "2023-10-13")
    told.assign()
    assert told.told("2023-09-04") == """"""
    object_and_rule(told)
    told.sign("2023-09-07T10:00")
    told.report("2023-09-20T10:00", 40, "已更换两辆")
    assert told.told("2023-10-11") == """"""
    assert told.last("【请裁定】") == """"""
    petition = told.petition_for(
        told.owed("rectification")[0].id, "2023-11-20", "2023-10-11T10:00", reason="车辆十一月中旬到货"
    )
    told.grant(petition, "2023-10-12T10:00", STAND_IN)
    told.report("2023-10-12T15:00", 40, "已签合同")
    assert told.told("2023-10-16") == """"""
    told.hand_in("2023-10-23T10:00")
    told.verify_on_site("2023-10-24T10:00")
    told.agree("2023-10-25T10:00", LEADER, "jyj-head")
    told.close_out("2023-10-26T10:00")
    assert told.told("2023-10-30") == """"""
    with refused("approval.not_yours", phase="整改落实"):
        told.decide("rectify", "2023-10-30T09:45", who=STAND_IN)
    told.decide("rectify", "2023-10-30T10:00")
    assert in_whose_name(told) == [
        ("petition:refused", f"person:{STAND_IN}", "person:director"),
        ("petition:granted", f"person:{STAND_IN}", "person:director"),
        ("approval:granted", "person:director", None),
    ]
    assert told.told("2023-10-31") == """"""
