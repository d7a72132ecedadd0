"""A problem whose closing is returned twice: the second failure calls the head of the unit in."""

from appraisal.operations.office import Office
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import course


def test_problem_returned_twice_leads_to_a_summons(office: Office) -> None:
    told = course(office, "returned")
    told.assign()
    told.sign("2023-09-05T10:00")
    told.report("2023-09-20T10:00", 60, "已更换三辆")
    assert told.told("2023-09-21") == """"""
    told.hand_in("2023-09-25T10:00")
    told.verify_on_site("2023-09-26T10:00")
    told.send_back("2023-09-27T10:00", "两所学校仍超员")
    assert told.told("2023-10-12") == """"""
    told.report("2023-10-11T10:00", 80, "已更换五辆")
    told.hand_in("2023-10-12T10:00")
    told.verify_on_site("2023-10-13T10:00")
    told.send_back("2023-10-16T10:00", "一所学校仍超员")
    assert told.told("2023-10-17") == """"""
    assert told.last("【退回整改】") == """"""
    assert told.last("【约谈通知】") == """"""
    told.talk("2023-10-18T15:00", "整改两次退回")
    told.hand_in("2023-10-25T10:00")
    told.verify_on_site("2023-10-26T10:00")
    told.agree("2023-10-26T15:00", LEADER, "jyj-head")
    told.close_out("2023-10-27T10:00")
    assert told.told("2023-10-30") == """"""
    assert [(kind, text) for kind, _, text in told.course()] == [
        ("verified", "属实"),
        ("returned", "两所学校仍超员"),
        ("verified", "属实"),
        ("returned", "一所学校仍超员"),
        ("verified", "属实"),
        ("closed", "整改到位"),
    ]
    assert [row.returns for row in told.owed("rectification")] == [0, 1, 2]
