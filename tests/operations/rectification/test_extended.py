"""A unit that asks for more time twice: granted once with both dates kept, refused the second time with the reason."""

from datetime import date

from appraisal.operations.office import Office
from tests.operations.rectification.course import course
from tests.operations.world import refused


def test_unit_that_asks_twice_gets_more_time_once(office: Office) -> None:
    told = course(office, "extended")
    told.assign("kjj")
    told.sign("2023-09-05T10:00")
    told.sign("2023-09-05T10:00", "kjj")
    told.report("2023-09-20T10:00", 20, "正在招标")
    told.report("2023-10-12T10:00", 40, "已签合同")
    assert told.told("2023-10-12") == """"""
    first = told.petition_for(
        told.owed("rectification")[0].id, "2023-11-20", "2023-10-12T15:00", reason="车辆十一月中旬到货"
    )
    told.grant(first, "2023-10-13T10:00")
    (report,) = told.owed("rectification")
    assert (report.first_due_on, report.due_on) == (date(2023, 10, 31), date(2023, 11, 20))
    assert (told.problem().due_on, told.standing("help")[0].due_on) == (date(2023, 11, 20), date(2023, 11, 10))
    assert told.told("2023-11-01") == """"""
    told.report("2023-11-02T10:00", 60, "首批到货")
    told.answer("help", "2023-11-08T10:00", "已配合检测", "kjj")
    told.judge("2023-11-09T10:00", told.standing("help")[0].id)
    second = told.petition_for(told.owed("rectification")[0].id, "2023-11-30", "2023-11-14T10:00", reason="末批未到")
    told.refuse(second, "2023-11-15T10:00", "可先行租用合规车辆")
    assert told.told("2023-11-20") == """"""
    with refused("extension.beyond_ceiling", until=date(2023, 12, 8), latest=date(2023, 11, 30)):
        told.petition_for(told.owed("rectification")[0].id, "2023-12-08", "2023-11-15T15:00", reason="末批未到")
    assert [(row.status, row.before, row.until) for row in map(told.asked, (first, second))] == [
        ("granted", date(2023, 10, 31), date(2023, 11, 20)),
        ("refused", date(2023, 11, 20), date(2023, 11, 30)),
    ]
    told.hand_in("2023-11-20T10:00")
    assert told.told("2023-11-22") == """"""
