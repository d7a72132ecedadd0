from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from appraisal.domain.measures import Measure, Milestone
from appraisal.operations import measures
from appraisal.operations.office import Office
from appraisal.operations.revising import draft_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.rectification_tables import MeasureRow
from tests.operations.conftest import SLUGS
from tests.operations.tracking import TIMED, Tracking, tracking_at
from tests.operations.world import refused

AT = "2023-09-11T10:00"
STEPS = (
    Milestone("制定方案", date(2023, 9, 30), date(2023, 9, 8)),
    Milestone("补充教师", date(2023, 11, 30)),
)
MEASURE = Measure((1, 2), "招聘教师四十名", "王副局长", date(2023, 11, 30), 30, None, STEPS)


@pytest.fixture
def tracking(office: Office) -> Tracking:
    campaign = tracking_at(office, f"m{next(SLUGS)}")
    campaign.assigned(TIMED)
    campaign.assigned(TIMED, "校舍老旧")
    campaign.assigned(TIMED, "科研经费不足", "kjj")
    return campaign


def set_measure(
    tracking: Tracking,
    measure: Measure = MEASURE,
    number: int | None = None,
    seen: int | None = None,
    who: str = "jyj-handler",
    *,
    unit: str = "jyj",
    offline: bool = False,
) -> int:
    with tracking.desk(who, AT) as desk:
        by = tracking.by(who, offline=offline)
        return measures.set_measure(desk, tracking.slug, unit, measure, by, number, seen).number


def drop(tracking: Tracking, reason: str = "改为调剂", seen: int | None = None) -> None:
    with tracking.desk("jyj-handler", AT) as desk:
        measures.drop_measure(desk, tracking.slug, "jyj", 1, reason, tracking.by("jyj-handler"), seen)


def listed(tracking: Tracking) -> list[tuple[int, int, bool, Measure]]:
    query = select(MeasureRow).join(CampaignRow, CampaignRow.id == MeasureRow.campaign_id)
    with tracking.office.store.reading() as session:
        rows = session.scalars(query.where(CampaignRow.slug == tracking.slug).order_by(MeasureRow.number))
        return [(row.number, row.version, row.dropped, measures.measure_of(row)) for row in rows]


def test_one_measure_serves_several_problems_and_is_kept_once(tracking: Tracking) -> None:
    assert [set_measure(tracking) for _ in range(2)] == [1, 1]
    assert listed(tracking) == [(1, 1, False, MEASURE)]
    assert [fact["problems"] for fact in tracking.facts("measure:set")] == [[1, 2]]


def test_measure_is_changed_with_its_steps_and_counts_its_versions(tracking: Tracking) -> None:
    set_measure(tracking)
    later = replace(MEASURE, percent=100, done_on=date(2023, 9, 10), milestones=STEPS[:1], problems=(2,))
    for _ in range(2):
        set_measure(tracking, later, 1, 1)
    assert listed(tracking) == [(1, 2, False, later)]
    assert set_measure(tracking, replace(MEASURE, text="校舍加固")) == 2


def test_change_of_what_somebody_changed_since_names_who_did(tracking: Tracking) -> None:
    set_measure(tracking)
    set_measure(tracking, replace(MEASURE, percent=40), 1, 1)
    with refused("measure.changed", number=1, by=tracking.person("jyj-handler").name):
        set_measure(tracking, replace(MEASURE, percent=50), 1, 1)
    with refused("measure.changed", number=1, by=tracking.person("jyj-handler").name):
        drop(tracking, seen=1)


def test_measure_that_is_given_up_stays_readable_and_is_not_changed(tracking: Tracking) -> None:
    set_measure(tracking)
    with refused("measure.drop_needs_reason", number=1):
        drop(tracking, " ")
    for _ in range(2):
        drop(tracking, seen=1)
    assert listed(tracking) == [(1, 2, True, MEASURE)]
    assert [fact["reason"] for fact in tracking.facts("measure:dropped")] == ["改为调剂"]
    with refused("measure.dropped", number=1):
        set_measure(tracking, replace(MEASURE, percent=40), 1)
    assert set_measure(tracking) == 2


def test_unit_has_measures_for_its_own_assigned_problems_alone(tracking: Tracking) -> None:
    with refused("measure.not_its_problem", number=3, unit="市教育局"):
        set_measure(tracking, replace(MEASURE, problems=(1, 3)))
    tracking.record(replace(draft_of(tracking.problem(1)), title="没有交办"))
    with refused("measure.not_assigned", number=4, status="found"):
        set_measure(tracking, replace(MEASURE, problems=(4,)))
    with refused("measure.unknown", unit="市教育局", number=9):
        set_measure(tracking, MEASURE, 9)


def test_supporting_unit_numbers_its_measures_by_itself(tracking: Tracking) -> None:
    set_measure(tracking)
    assert set_measure(tracking, replace(MEASURE, problems=(1, 3)), unit="czj", who="czj-handler") == 1


def test_measure_goes_on_when_one_of_its_problems_is_closed(tracking: Tracking) -> None:
    set_measure(tracking)
    tracking.close_problem(AT, 1)
    set_measure(tracking, replace(MEASURE, percent=60), 1, 1)
    assert [measure.percent for *_, measure in listed(tracking)] == [60]


def test_measure_is_set_by_whoever_acts_for_the_unit_or_by_the_office_from_paper(tracking: Tracking) -> None:
    for who in ("kjj-handler", "office-1"):
        with refused("measure.not_yours", unit="市教育局"):
            set_measure(tracking, who=who)
    with refused("measure.not_yours", unit="市教育局"):
        set_measure(tracking, who="kjj-handler", offline=True)
    assert set_measure(tracking, who="office-1", offline=True) == 1


@pytest.mark.parametrize(
    ("change", "code", "facts"),
    [
        ({"problems": ()}, "measure.no_problem", {}),
        ({"text": " "}, "measure.no_text", {}),
        ({"milestones": (Milestone(" "),)}, "measure.no_text", {}),
        ({"percent": 101}, "progress.not_percent", {"percent": 101}),
        ({"percent": -1}, "progress.not_percent", {"percent": -1}),
        ({"done_on": date(2023, 9, 12)}, "measure.done_later", {"day": "2023-09-12"}),
        ({"leader": "王" * 101}, "measure.too_long", {"part": "leader", "length": 101, "most": 100}),
        ({"milestones": (Milestone("步"),) * 21}, "measure.too_many_steps", {"count": 21, "most": 20}),
    ],
)
def test_faulty_measure_is_refused(
    tracking: Tracking, change: dict[str, object], code: str, facts: dict[str, object]
) -> None:
    with refused(code, **facts):
        set_measure(tracking, Measure(**{**vars(MEASURE), **change}))
    assert listed(tracking) == []
