from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from appraisal.operations import duties, progress_reports
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import AttachmentRow, SubmissionRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import ProgressRow
from tests.operations.conftest import SLUGS
from tests.operations.tracking import LARGE, Tracking, tracking_at
from tests.operations.world import instant, paper, refused

FIRST, SECOND, THIRD = "2023-09-11T10:00", "2023-09-18T10:00", "2023-09-25T10:00"


@pytest.fixture
def tracking(office: Office) -> Tracking:
    campaign = tracking_at(office, f"p{next(SLUGS)}")
    campaign.assigned(LARGE)
    return campaign


def report(
    tracking: Tracking, at: str, percent: int | None, text: str = "正在招聘", unit: str = "jyj", who: str = ""
) -> None:
    who = who or f"{unit}-handler"
    with tracking.desk(who, at) as desk:
        progress_reports.report(desk, tracking.slug, 1, tracking.by(who), percent, text, unit)


def hand_in(
    tracking: Tracking,
    at: str,
    percent: int | None,
    text: str = "正在招聘",
    key: str = "halfway",
    day: date | None = None,
) -> None:
    with tracking.desk("jyj-handler", at) as desk:
        files = [replace(paper(), speaks_of=day)] if day else []
        duty = tracking.only(1, key)
        duties.submit(desk, duty, tracking.by("jyj-handler"), text, files, percent)


def moved(tracking: Tracking) -> dict[str, tuple[str, int]]:
    rows = [row for row in tracking.obligations(1) if row.moved_at]
    return {row.key: (row.moved_at.isoformat()[:16] if row.moved_at else "", row.unmoved) for row in rows}


def course(tracking: Tracking) -> list[tuple[str, int, str]]:
    query = select(ProgressRow).where(ProgressRow.problem_id == tracking.problem(1).id).order_by(ProgressRow.position)
    with tracking.office.store.reading() as session:
        return [(row.unit.code if row.unit else "", row.percent, row.text) for row in session.scalars(query)]


def test_report_says_how_far_the_problem_is_once(tracking: Tracking) -> None:
    for _ in range(2):
        report(tracking, FIRST, 30)
    row: ProblemRow = tracking.problem(1)
    assert (row.percent, row.moved_at, row.version) == (30, instant(FIRST), 3)
    assert course(tracking) == [("jyj", 30, "正在招聘")]
    assert [(fact["before"], fact["percent"]) for fact in tracking.facts("problem:progressed")] == [(0, 30)]


def test_reports_that_say_nothing_new_are_counted_on_all_that_is_owed(tracking: Tracking) -> None:
    report(tracking, FIRST, 0)
    assert moved(tracking) == {"halfway": (FIRST, 0), "report": (FIRST, 0)}
    report(tracking, SECOND, 0)
    report(tracking, THIRD, 0, "仍在招聘")
    assert moved(tracking) == {"halfway": (THIRD, 2), "report": (THIRD, 2)}
    report(tracking, THIRD, 40, "到岗十六名")
    assert moved(tracking) == {"halfway": (THIRD, 0), "report": (THIRD, 0)}
    report(tracking, THIRD, 30, "四名离职")
    assert (tracking.problem(1).percent, moved(tracking)["report"]) == (30, (THIRD, 1))


def test_paper_that_asks_how_far_the_problem_is_reports_it(tracking: Tracking) -> None:
    tracking.issue_recurring(FIRST)
    for _ in range(2):
        hand_in(tracking, FIRST, 20, key="progress")
    assert tracking.owed(1) == [("halfway", "issued"), ("progress", "settled"), ("report", "issued")]
    assert course(tracking) == [("jyj", 20, "正在招聘")]
    hand_in(tracking, SECOND, 20)
    assert moved(tracking) == {"progress": (FIRST, 0), "halfway": (SECOND, 1), "report": (SECOND, 1)}
    with tracking.office.store.reading() as session:
        query = select(SubmissionRow.percent).where(SubmissionRow.obligation_id == tracking.only(1, "halfway"))
        assert session.scalars(query).all() == [20]


def test_every_paper_counts_as_news_of_its_duty(tracking: Tracking) -> None:
    hand_in(tracking, FIRST, None, key="report")
    assert moved(tracking) == {"report": (FIRST, 0)}
    assert course(tracking) == []


def test_paper_without_a_percentage_is_refused_where_one_is_asked_for(tracking: Tracking) -> None:
    with refused("progress.no_percent"):
        hand_in(tracking, FIRST, None)
    for percent in (-1, 101):
        with refused("progress.not_percent", percent=percent):
            hand_in(tracking, FIRST, percent)
    with refused("progress.not_asked", duty="整改报告"):
        hand_in(tracking, FIRST, 30, key="report")
    assert tracking.owed(1) == [("halfway", "issued"), ("report", "issued")]


def test_supporting_unit_speaks_of_its_own_part(tracking: Tracking) -> None:
    report(tracking, FIRST, 50)
    report(tracking, SECOND, 10, "经费已下达", "czj")
    assert (tracking.problem(1).percent, tracking.problem(1).moved_at) == (50, instant(SECOND))
    assert moved(tracking)["report"] == (FIRST, 0)
    assert course(tracking) == [("jyj", 50, "正在招聘"), ("czj", 10, "经费已下达")]


def test_report_is_refused_without_words_or_right(tracking: Tracking) -> None:
    with refused("progress.no_text", number=1):
        report(tracking, FIRST, 30, " ")
    with refused("progress.no_percent"):
        report(tracking, FIRST, None)
    with refused("measure.not_yours", unit="市教育局"):
        report(tracking, FIRST, 30, who="kjj-handler")
    with refused("measure.not_its_problem", number=1, unit="市科学技术局"):
        report(tracking, FIRST, 30, unit="kjj")
    tracking.close_problem(FIRST, 1)
    with refused("measure.not_assigned", number=1, status="closed"):
        report(tracking, SECOND, 30)


def test_evidence_has_the_day_it_speaks_of_which_is_not_to_come(tracking: Tracking) -> None:
    with refused("submission.speaks_of_later", file="报告.pdf", day="2023-09-12"):
        hand_in(tracking, FIRST, 20, day=date(2023, 9, 12))
    hand_in(tracking, FIRST, 20, day=date(2023, 9, 11))
    query = select(AttachmentRow.speaks_of).join(SubmissionRow, SubmissionRow.id == AttachmentRow.submission_id)
    with tracking.office.store.reading() as session:
        mine = query.where(SubmissionRow.obligation_id == tracking.only(1, "halfway"))
        assert session.scalars(mine).all() == [date(2023, 9, 11)]
