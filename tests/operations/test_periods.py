"""A report on a problem is that of its period: every week from Tuesday, 5 September 2023, each due a week later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from appraisal.operations import duties, progress_reports
from appraisal.operations.office import Office
from appraisal.operations.papers import StoredFile
from appraisal.store.campaign_tables import ObligationRow, SubmissionRow
from appraisal.store.rectification_tables import ProgressRow
from tests.method.written import DATA
from tests.operations.conftest import SLUGS
from tests.operations.tracking import LARGE, NOW, TIMED, Tracking, tracking_at
from tests.operations.varying import duty_in, varied
from tests.operations.world import STARTS, begin, edition, instant, open_phase, paper, refused

WEEKS = ("2023-09-05T12:00", "2023-09-12T09:00", "2023-09-19T09:00")
SAID = "正在招聘"


@pytest.fixture
def tracking(office: Office) -> Tracking:
    """Problem 1 is to be rectified in time: a report every week, and no other that asks how far it is."""
    campaign = tracking_at(office, f"w{next(SLUGS)}")
    campaign.assigned(TIMED)
    return campaign


def begun(tracking: Tracking, weeks: int) -> None:
    for at in WEEKS[:weeks]:
        tracking.issue_recurring(at)


def report(
    tracking: Tracking,
    at: str,
    percent: int = 30,
    text: str = SAID,
    who: str = "jyj-handler",
    files: Sequence[StoredFile] = (),
    unit: str | None = None,
    *,
    offline: bool = False,
) -> ProgressRow:
    with tracking.desk(who, at) as desk:
        by = tracking.by(who, offline=offline)
        return progress_reports.report(desk, tracking.slug, 1, by, percent, text, unit, files)


def periods(tracking: Tracking) -> list[tuple[str, str]]:
    return [(f"{row.period:%m-%d}", row.status) for row in tracking.obligations(1) if row.period]


def submissions(tracking: Tracking) -> list[tuple[str, int | None, str, int]]:
    """Of each period what was handed in, with how many files."""
    query = select(ObligationRow.period, SubmissionRow).join(ObligationRow.submissions)
    with tracking.office.store.reading() as session:
        mine = query.where(ObligationRow.problem_id == tracking.problem(1).id, ObligationRow.period.is_not(None))
        rows = session.execute(mine.order_by(ObligationRow.period, SubmissionRow.round)).all()
        return [(f"{day:%m-%d}", row.percent, row.text, len(row.attachments)) for day, row in rows]


def reports(tracking: Tracking) -> int:
    with tracking.office.store.reading() as session:
        return len(session.scalars(select(ProgressRow).where(ProgressRow.problem_id == tracking.problem(1).id)).all())


def otherwise(office: Office, **terms: object) -> Tracking:
    """The same campaign with other terms for the weekly report."""
    path = varied(DATA / "tracks.yaml", office.settings.home, lambda tree: duty_in(tree, "progress").update(terms))
    slug = f"w{next(SLUGS)}"
    begin(office, edition(path), slug, "2023年部门工作评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    tracking = Tracking(office, slug)
    tracking.assigned(TIMED)
    return tracking


def test_report_on_a_problem_is_handed_in_for_its_period_once(tracking: Tracking) -> None:
    begun(tracking, 1)
    made = [report(tracking, "2023-09-08T10:00") for _ in range(2)]
    assert periods(tracking) == [("09-05", "settled")]
    assert (submissions(tracking), reports(tracking)) == ([("09-05", 30, SAID, 0)], 1)
    assert {row.obligation_id for row in made} == {tracking.obligations(1)[0].id}
    (fact,) = tracking.facts("obligation:fulfilled")
    assert (fact["by"], fact["late"]) == ("jyj-handler", False)


def test_report_says_as_much_as_one_on_the_page_of_the_duty(tracking: Tracking) -> None:
    begun(tracking, 1)
    report(tracking, "2023-09-08T10:00")
    begun(tracking, 2)
    second = next(row for row in tracking.obligations(1) if row.period == date(2023, 9, 12))
    with tracking.desk("jyj-handler", "2023-09-15T10:00") as desk:
        duties.submit(desk, second.id, tracking.by("jyj-handler"), SAID, percent=30)
    assert periods(tracking) == [("09-05", "settled"), ("09-12", "settled")]
    assert submissions(tracking) == [("09-05", 30, SAID, 0), ("09-12", 30, SAID, 0)]
    assert [fact["late"] for fact in tracking.facts("obligation:fulfilled")] == [False, False]


def test_report_before_any_period_begins_settles_none(tracking: Tracking) -> None:
    made = report(tracking, "2023-09-05T11:00")
    begun(tracking, 1)
    assert (made.obligation_id, periods(tracking)) == (None, [("09-05", "issued")])


def test_same_report_counts_for_a_period_that_began_after_it(tracking: Tracking) -> None:
    report(tracking, "2023-09-05T11:00")
    begun(tracking, 1)
    for _ in range(2):
        report(tracking, "2023-09-05T15:00")
    assert (periods(tracking), reports(tracking)) == ([("09-05", "settled")], 2)


def test_period_that_has_just_begun_waits_while_the_one_before_is_due(tracking: Tracking) -> None:
    """On Tuesday, 12 September the first report is due and the second week begins: two reports, not one."""
    begun(tracking, 2)
    for _ in range(2):
        report(tracking, "2023-09-12T23:59")
    assert periods(tracking) == [("09-05", "settled"), ("09-12", "issued")]
    report(tracking, "2023-09-13T00:00", 35)
    assert periods(tracking) == [("09-05", "settled"), ("09-12", "settled")]


def test_report_makes_up_for_what_was_missed_which_stays_late(tracking: Tracking) -> None:
    begun(tracking, 2)
    for _ in range(2):
        report(tracking, "2023-09-13T00:00")
    assert periods(tracking) == [("09-05", "settled"), ("09-12", "settled")]
    assert (submissions(tracking), reports(tracking)) == ([("09-05", 30, SAID, 0), ("09-12", 30, SAID, 0)], 1)
    assert [fact["late"] for fact in tracking.facts("obligation:fulfilled")] == [True, False]
    assert [row.unmoved for row in tracking.obligations(1)] == [0, 0, 0]


def test_late_report_is_handed_in_for_the_last_period_where_all_are_overdue(tracking: Tracking) -> None:
    begun(tracking, 2)
    made = report(tracking, "2023-09-20T10:00")
    assert periods(tracking) == [("09-05", "settled"), ("09-12", "settled")]
    assert made.obligation_id == next(row.id for row in tracking.obligations(1) if row.period == date(2023, 9, 12))


def test_paper_for_a_missed_period_leaves_the_next_one_owed(tracking: Tracking) -> None:
    begun(tracking, 2)
    with tracking.desk("jyj-handler", "2023-09-13T10:00") as desk:
        first = next(row for row in tracking.obligations(1) if row.period == date(2023, 9, 5))
        duties.submit(desk, first.id, tracking.by("jyj-handler"), SAID, percent=30)
    assert periods(tracking) == [("09-05", "settled"), ("09-12", "issued")]


def test_report_of_somebody_who_may_not_hand_it_in_settles_none(office: Office) -> None:
    campaign = otherwise(office, tell=["head"])
    begun(campaign, 1)
    made = report(campaign, "2023-09-08T10:00", who="jyj-head")
    assert (made.obligation_id, periods(campaign)) == (None, [("09-05", "issued")])
    report(campaign, "2023-09-08T10:05")
    assert periods(campaign) == [("09-05", "settled")]


def test_office_hands_in_the_report_that_came_on_paper(tracking: Tracking) -> None:
    begun(tracking, 1)
    report(tracking, "2023-09-08T10:00", who="office-1", offline=True)
    (fact,) = tracking.facts("obligation:fulfilled")
    assert (periods(tracking), fact["offline"]) == ([("09-05", "settled")], True)


def test_supporting_unit_reports_for_itself_alone(tracking: Tracking) -> None:
    begun(tracking, 1)
    made = report(tracking, "2023-09-08T10:00", who="czj-handler", unit="czj")
    assert (made.obligation_id, periods(tracking)) == (None, [("09-05", "issued")])


def test_what_is_asked_once_is_handed_in_on_its_own_page(office: Office) -> None:
    campaign = tracking_at(office, f"w{next(SLUGS)}")
    campaign.assigned(LARGE)
    begun(campaign, 1)
    report(campaign, "2023-09-08T10:00")
    assert campaign.owed(1) == [("halfway", "issued"), ("progress", "settled"), ("report", "issued")]


def test_problem_that_is_rectified_at_once_owes_no_period(office: Office) -> None:
    campaign = tracking_at(office, f"w{next(SLUGS)}")
    campaign.assigned(NOW)
    begun(campaign, 1)
    assert report(campaign, "2023-09-08T10:00").obligation_id is None
    with refused("progress.no_period_for_files", number=1):
        report(campaign, "2023-09-08T11:00", 40, files=[paper()])


def test_report_without_the_evidence_that_is_asked_for_settles_none(office: Office) -> None:
    campaign = otherwise(office, evidence="required")
    begun(campaign, 2)
    made = report(campaign, "2023-09-13T10:00")
    assert (made.obligation_id, periods(campaign)) == (None, [("09-05", "issued"), ("09-12", "issued")])
    proof = replace(paper(), speaks_of=date(2023, 9, 12))
    report(campaign, "2023-09-13T11:00", files=[proof])
    assert periods(campaign) == [("09-05", "settled"), ("09-12", "settled")]
    assert submissions(campaign) == [("09-05", 30, SAID, 0), ("09-12", 30, SAID, 1)]
    with campaign.office.store.reading() as session:
        mine = select(ProgressRow.obligation_id).where(ProgressRow.problem_id == campaign.problem(1).id)
        about = session.scalars(mine.order_by(ProgressRow.position)).all()
    assert [each is not None for each in about] == [False, True]


def test_report_that_was_returned_is_handed_in_again_with_the_same_words(office: Office) -> None:
    campaign = otherwise(office, evidence="none", accepted_by="office")
    begun(campaign, 1)
    report(campaign, "2023-09-08T10:00")
    assert periods(campaign) == [("09-05", "submitted")]
    assert campaign.letters("submission-received") == ["office-1", "office-2"]
    with campaign.desk("office-1", "2023-09-08T11:00") as desk:
        duties.give_back(desk, campaign.only(1, "progress"), campaign.by("office-1"), "请写明人数")
    for _ in range(2):
        report(campaign, "2023-09-08T14:00")
    assert (periods(campaign), reports(campaign)) == ([("09-05", "submitted")], 2)
