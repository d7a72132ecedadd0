"""A problem that a supporting unit holds up: its ladder, a word to the lead unit, and a board that says who waits."""

from datetime import date

from appraisal.domain.stalls import StallKind
from appraisal.operations.office import Office
from appraisal.operations.stalls import Told
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import course
from tests.operations.stall_world import stalls
from tests.operations.world import instant


def test_problem_held_up_by_a_supporting_unit(office: Office) -> None:
    told = course(office, "held-up")
    told.assign("kjj")
    told.sign("2023-09-05T10:00")
    told.sign("2023-09-06T10:00", "kjj")
    told.report("2023-09-20T10:00", 40, "已更换两辆")
    told.report("2023-10-12T10:00", 60, "等候检测")
    assert told.told("2023-10-16") == """"""
    assert told.told("2023-10-25") == """"""
    (line,) = stalls(told, "2023-10-25T10:00")
    assert (line.unit, line.what, line.kind) == ("市科学技术局", "配合整改：第1号问题 校车超员", StallKind.HELD_UP)
    assert (line.since, line.holds_up) == (date(2023, 10, 21), "市教育局")
    assert line.why == "配合事项2023年10月20日（星期五）到期没有办结，拖住了牵头单位市教育局。"
    assert (line.told, line.next) == (Told("red", instant("2023-10-25T09:00")), None)
    assert told.last("【催办】市教育局") == """"""
    told.answer("help", "2023-10-26T10:00", "检测完毕", "kjj")
    told.judge("2023-10-27T10:00", told.standing("help")[0].id)
    assert stalls(told, "2023-10-27T15:00") == []
    told.hand_in("2023-10-30T10:00")
    told.verify_on_site("2023-10-31T10:00")
    told.agree("2023-10-31T15:00", LEADER, "jyj-head")
    told.close_out("2023-11-01T10:00", who="office-2")  # The other clerk has accepted the paper of 市科学技术局.
    assert told.told("2023-11-02") == """"""
