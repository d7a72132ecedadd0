"""A problem that a supporting unit holds up: its ladder, a word to the lead unit, and a board that says who waits."""

from appraisal.operations.office import Office
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import course
from tests.operations.stall_world import stalls


def test_problem_held_up_by_a_supporting_unit(office: Office) -> None:
    told = course(office, "held-up")
    told.assign("kjj")
    told.sign("2023-09-05T10:00")
    told.sign("2023-09-06T10:00", "kjj")
    told.report("2023-09-20T10:00", 40, "已更换两辆")
    told.report("2023-10-12T10:00", 60, "等候检测")
    assert told.told("2023-10-16") == """"""
    assert told.told("2023-10-25") == """"""
    print(
        [(x.unit, x.what, x.kind, x.since, x.why, x.holds_up, x.told, x.next) for x in stalls(told, "2023-10-25T10:00")]
    )
    told.answer("help", "2023-10-26T10:00", "检测完毕", "kjj")
    told.judge("2023-10-27T10:00", told.standing("help")[0].id)
    assert stalls(told, "2023-10-27T15:00") == []
    told.hand_in("2023-10-30T10:00")
    told.verify_on_site("2023-10-31T10:00")
    told.agree("2023-10-31T15:00", LEADER, "jyj-head")
    told.close_out("2023-11-01T10:00")
    assert told.told("2023-11-02") == """"""
