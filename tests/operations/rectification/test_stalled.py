"""A unit whose reports say the same time and again: the lights go from yellow to red, and the board says it all."""

from datetime import date

from appraisal.operations.office import Office
from tests.operations.rectification.course import course
from tests.operations.stall_world import stalls


def test_unit_that_stalls_is_shown_and_pressed_until_it_moves(office: Office) -> None:
    told = course(office, "stalled")
    told.assign(due_on=date(2023, 12, 29))
    told.sign("2023-09-05T10:00")
    told.report("2023-09-20T10:00", 20, "正在招标")
    assert told.told("2023-09-22") == """"""
    told.report("2023-10-12T10:00", 20, "仍在招标")
    assert told.told("2023-11-01") == """"""
    told.report("2023-11-02T10:00", 20, "招标未成")
    assert told.told("2023-11-20") == """"""
    (line,) = stalls(told, "2023-11-20T10:00")
    assert (line.unit, line.what, line.kind) == ("市教育局", "整改报告：第1号问题 校车超员", StallKind.UNMOVED)
    assert (line.since, line.why) == (date(2023, 11, 2), "连续2次报送没有新的进展。")
    assert line.told == Told("yellow", instant("2023-11-02T10:05"))
    assert line.next == RungAhead(instant("2023-12-30T09:00"), "urge", ("承办人", "主要负责人"))
    assert told.last("【黄牌警示】") == """"""
    told.report("2023-11-23T10:00", 20, "重新招标")
    assert told.told("2023-11-27") == """"""
    assert told.last("【周报】") == """"""
    told.report("2023-11-28T10:00", 70, "已更换四辆")
    assert stalls(told, "2023-11-29T10:00") == []
    assert told.told("2023-12-04") == """"""
