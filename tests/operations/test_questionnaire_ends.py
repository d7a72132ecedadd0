"""How a questionnaire ends: its last day, the paper that comes in later, and the end of its campaign."""

from datetime import date

import pytest

from appraisal.domain.survey import Medium, Returned
from appraisal.operations.questionnaires import close_due, close_questionnaire, for_answers, takes_answers
from appraisal.store.opinion_tables import QuestionnaireRow
from tests.operations.surveys import MONDAY, Asked, opened, sheet
from tests.operations.world import Campaign, close_everything, instant, refused

LAST = date(2023, 8, 29)
LAST_MINUTE, DAY_AFTER, LATER = "2023-08-29T23:59", "2023-08-30T00:01", "2023-09-04T10:00"


def close_by_itself(campaign: Campaign, at: str) -> int:
    with campaign.office.desk("engine", instant(at)) as desk:
        return close_due(desk)


def with_paper(campaign: Campaign, out: int, back: int) -> Asked:
    asked = opened(campaign, closes_on=LAST)
    asked.papers_out(out)
    asked.papers([sheet()] * back)
    return asked


@pytest.mark.parametrize("paper", [0, 2])
def test_questionnaire_closes_by_itself_when_its_last_day_is_over_and_no_paper_is_missing(
    alone: Campaign, paper: int
) -> None:
    asked = with_paper(alone, paper, paper) if paper else opened(alone, closes_on=LAST)
    assert [close_by_itself(alone, at) for at in (LAST_MINUTE, DAY_AFTER, DAY_AFTER)] == [0, 1, 0]
    assert asked.row().status == "closed"


def test_questionnaire_stays_open_for_the_paper_that_is_missing_until_the_office_closes_it(alone: Campaign) -> None:
    asked = with_paper(alone, 3, 2)
    assert [close_by_itself(alone, at) for at in (DAY_AFTER, LATER)] == [0, 0]
    assert (asked.row().status, takes_answers(asked.row(), LAST), takes_answers(asked.row(), date(2023, 8, 30))) == (
        "open",
        True,
        False,
    )
    asked.close(LATER)
    asked.close(LATER)
    [closed] = asked.facts("questionnaire:closed")
    assert (closed["issued"], closed["returned"]) == (3, 2)


def test_questionnaire_closes_by_itself_when_the_last_paper_is_entered_late(alone: Campaign) -> None:
    asked = with_paper(alone, 3, 2)
    assert close_by_itself(alone, DAY_AFTER) == 0
    for _ in range(2):
        asked.papers([sheet("bad")], LATER, mark="late")
    assert asked.counts().by_medium[Medium.PAPER] == Returned(3, 3, 3)
    assert [close_by_itself(alone, at) for at in (LATER, LATER)] == [1, 0]


def test_number_of_papers_may_be_put_right_after_the_last_day(alone: Campaign) -> None:
    asked = with_paper(alone, 3, 2)
    asked.papers_out(4, LATER)
    asked.papers_out(2, LATER)
    assert close_by_itself(alone, LATER) == 1


def test_codes_are_neither_issued_nor_answered_after_the_last_day_though_paper_is_entered(campaign: Campaign) -> None:
    asked = with_paper(campaign, 2, 1)
    [code] = asked.codes(1)
    for act in (lambda: asked.codes(1, at=DAY_AFTER), lambda: asked.answer(code, sheet(), DAY_AFTER)):
        with refused("questionnaire.closed", questionnaire="企业问卷"):
            act()
    assert asked.papers([sheet()], DAY_AFTER) == 1


def test_paper_is_refused_once_it_is_closed(campaign: Campaign) -> None:
    asked = with_paper(campaign, 2, 1)
    asked.close(LATER)
    for act in (lambda: asked.papers([sheet()], LATER), lambda: asked.papers_out(5, LATER)):
        with refused("questionnaire.ended", questionnaire="企业问卷"):
            act()


def test_questionnaires_close_with_their_campaign_whatever_paper_is_missing(campaign: Campaign) -> None:
    asked = opened(campaign)
    asked.papers_out(5)
    code = asked.codes(1)[0]
    close_everything(campaign)
    assert campaign.close("publish", "2023-12-11T09:30") == "closed"
    [closed] = asked.facts("questionnaire:closed")
    assert (asked.row().status, asked.row().closed_at) == ("closed", instant("2023-12-11T09:00"))
    assert (closed["issued"], closed["returned"]) == (6, 0)
    with refused("questionnaire.closed", questionnaire="企业问卷"):
        asked.answer(code, sheet(), "2023-12-11T10:00")


def test_answer_that_comes_as_it_closes_is_refused(campaign: Campaign) -> None:
    """On PostgreSQL the office may close it after somebody has seen it open; on SQLite one waits for the other."""
    asked = opened(campaign)
    with refused("questionnaire.closed", questionnaire="企业问卷"), campaign.desk("office-1", MONDAY) as desk:
        assert desk.session.get_one(QuestionnaireRow, asked.id).status == "open"
        if campaign.office.store.engine.dialect.name == "sqlite":
            close_questionnaire(desk, asked.id)
        else:
            asked.close(MONDAY)
        for_answers(desk, asked.id)
