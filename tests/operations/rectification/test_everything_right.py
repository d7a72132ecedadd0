"""A unit that does everything right: it hears of each step once, and nothing above a reminder is ever sent."""

from appraisal.operations.office import Office
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import course


def test_unit_that_does_everything_right_is_never_urged(office: Office) -> None:
    told = course(office, "right")
    told.assign()
    assert told.told("2023-09-05") == """"""
    told.sign("2023-09-05T10:00")
    told.report("2023-09-20T10:00", 40, "已更换两辆")
    told.report("2023-10-12T10:00", 80, "已更换四辆")
    assert told.told("2023-10-20") == """"""
    told.hand_in("2023-10-20T10:00")
    told.verify_on_site("2023-10-24T10:00")
    told.agree("2023-10-25T10:00", LEADER, "jyj-head")
    told.close_out("2023-10-26T10:00")
    assert told.told("2023-10-30") == """"""
    told.decide("rectify", "2023-10-30T10:00")
    assert told.close("rectify", "2023-10-30T10:05") == "closed"
    assert told.told("2023-11-06") == """"""
    assert told.course() == [("verified", LEADER, "属实"), ("closed", "office-1", "整改到位")]
