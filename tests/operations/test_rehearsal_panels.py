from datetime import date

from appraisal.operations.rehearsal import rehearse
from appraisal.operations.rehearsal_cast import Plan
from appraisal.settings import Settings
from tests.operations.panel_world import METHOD
from tests.operations.world import edition


def test_rehearsal_reports_daily_over_the_holiday_and_closes_what_hangs_on_findings() -> None:
    found = rehearse(Settings(), Plan(edition(METHOD), date(2023, 9, 27), units=2))
    reports = [(duty.due_on, duty.settled_on) for duty in found.obligations if duty.key == "daily_report"]
    first = [date(2023, 9, 27), date(2023, 9, 28), date(2023, 10, 7), date(2023, 10, 8), date(2023, 10, 9)]
    assert reports[:5] == [(day, day) for day in first]
    briefs = [notice.on for notice in found.notices if notice.template == "roundup"]
    assert briefs[:4] == [date(2023, 9, 28), date(2023, 10, 7), date(2023, 10, 8), date(2023, 10, 9)]
    assert [phase.closes_on for phase in found.phases][:1] == [date(2023, 11, 8)]
    assert [fault.kind for fault in found.faults if fault.kind in ("stuck", "refused", "undeliverable")] == []
    assert "supposed" in {fault.kind for fault in found.faults}
