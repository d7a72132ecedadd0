"""A problem that comes back after it was closed out: opened again, closed out again, looked back at again."""

from datetime import date

from appraisal.domain.problems import LookBack
from appraisal.operations.office import Office
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import course


def test_problem_that_relapses_is_closed_out_and_looked_back_at_twice(office: Office) -> None:
    told = course(office, "relapsed")
    told.assign()
    told.sign("2023-09-05T10:00")
    told.report("2023-09-20T10:00", 60, "已更换三辆")
    told.report("2023-10-12T10:00", 100, "全部更换")
    told.hand_in("2023-10-16T10:00")
    told.verify_on_site("2023-10-18T10:00")
    told.agree("2023-10-19T10:00", LEADER, "jyj-head")
    told.close_out("2023-10-20T10:00")
    assert told.told("2023-10-20") == """"""
    assert told.told("2023-12-18") == """"""
    told.look_back("2023-12-18T15:00", "spot_check", LEADER, LookBack.RELAPSED)
    assert told.told("2024-01-03") == """"""
    told.report("2024-01-04T10:00", 100, "重新核定线路")
    told.hand_in("2024-01-10T10:00")
    told.verify_on_site("2024-01-12T10:00")
    told.agree("2024-01-15T10:00", LEADER, "jyj-head")
    told.close_out("2024-01-16T10:00")
    assert told.told("2024-01-16") == """"""
    assert told.told("2024-03-15") == """"""
    told.look_back("2024-03-15T15:00", "spot_check", LEADER, LookBack.HOLDS)
    assert told.told("2024-03-18") == """"""
    assert [(row.times, row.status, row.due_on) for row in told.owed("rectification")] == [
        (1, "settled", date(2023, 10, 31)),
        (2, "settled", date(2024, 2, 18)),
    ]
    assert [(row.times, row.status, row.due_on) for row in told.owed("spot_check")] == [
        (1, "settled", date(2023, 12, 20)),
        (2, "settled", date(2024, 3, 18)),
    ]
    assert [kind for kind, _, _ in told.course()] == ["verified", "closed", "reopened", "verified", "closed"]
    assert (told.problem().status, told.problem().reopened) == ("closed", 1)
