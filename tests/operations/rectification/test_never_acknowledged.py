"""A unit that never signs for its letter: the whole ladder, up to the circular, and the summons with its record."""

from datetime import date

from appraisal.operations.office import Office
from tests.operations.rectification.course import course


def test_unit_that_never_signs_climbs_the_whole_ladder(office: Office) -> None:
    told = course(office, "unsigned")
    told.assign(due_on=date(2023, 12, 29))
    assert told.told("2023-09-08") == """"""
    assert told.told("2023-09-25") == """"""
    assert told.last("【约谈通知】") == """"""
    told.talk("2023-09-26T15:00", "交办函逾期未签收")
    assert told.told("2023-10-16") == """"""
    assert told.orders() == [
        ("supervise", "兰人评督〔2023〕1号"),
        ("list", "兰人评挂〔2023〕1号"),
        ("summon", "兰人评约〔2023〕1号"),
        ("circular", "兰人评通〔2023〕1号"),
    ]
    told.sign("2023-10-16T10:00")
    assert told.told("2023-10-20") == """"""
