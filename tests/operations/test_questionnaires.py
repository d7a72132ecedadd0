"""Questionnaires opened, handed out, reminded of, counted and closed."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from appraisal.domain.survey import Access, Medium, Returned, percent
from appraisal.method.questionnaires import pinned, read_questionnaire
from appraisal.operations.office import Desk
from appraisal.operations.questionnaire_codes import (
    INVITED,
    REMINDER,
    code_of_page,
    issue_to_people,
    issue_to_role,
    remind_due,
    remind_unanswered,
    unanswered,
)
from appraisal.operations.questionnaires import (
    close_questionnaire,
    edition_of,
    issue_papers,
    open_questionnaire,
    questionnaires_of,
    seal,
    shelf,
)
from appraisal.operations.sending import personal_link
from appraisal.places import root
from appraisal.store.campaign_tables import CampaignRow
from tests.operations.surveys import MONDAY, SURVEY, TUESDAY, Asked, opened, sheet
from tests.operations.world import Campaign, instant, refused


@pytest.fixture
def asked(campaign: Campaign) -> Asked:
    return opened(campaign)


@pytest.fixture
def office_desk(asked: Asked) -> Iterator[Desk]:
    with asked.campaign.desk("office-1", MONDAY) as desk:
        yield desk


def issue_to(asked: Asked, *people: str, at: str = MONDAY) -> int:
    with asked.campaign.desk("office-1", at) as desk:
        return issue_to_people(desk, asked.id, [asked.campaign.person(person) for person in people])


def remind(asked: Asked, at: str) -> int:
    with asked.campaign.desk("office-1", at) as desk:
        return remind_unanswered(desk, asked.id)


def test_questionnaire_is_opened_once_and_pinned(campaign: Campaign) -> None:
    first, again = opened(campaign), opened(campaign, at=TUESDAY)
    assert first == again
    row = first.row()
    assert (row.title, row.digest, row.status) == ("企业问卷", read_questionnaire(SURVEY).digest, "open")
    assert len(first.facts("questionnaire:opened")) == 1


def test_questionnaire_of_another_text_under_the_same_key_is_refused(asked: Asked) -> None:
    changed = read_questionnaire(SURVEY).questionnaire.model_copy(update={"intro": "另一段前言"})
    slug = asked.campaign.slug
    with refused("questionnaire.exists", questionnaire="企业问卷"), asked.campaign.desk("office-1", MONDAY) as desk:
        open_questionnaire(desk, slug, pinned(changed), Access.CODES)
    with refused("questionnaire.exists", questionnaire="企业问卷"), asked.campaign.desk("office-1", MONDAY) as desk:
        open_questionnaire(desk, slug, read_questionnaire(SURVEY), Access.OPEN)


def test_questionnaire_about_aspects_that_the_method_does_not_know_is_refused(campaign: Campaign) -> None:
    edition = read_questionnaire(root() / "config/questionnaires/business-environment.yaml")
    aspects = ["approval", "complaints", "costs", "enforcement", "market", "policy", "service"]
    with refused("questionnaire.aspects", aspects=aspects, known=[]), campaign.desk("office-1", MONDAY) as desk:
        open_questionnaire(desk, campaign.slug, edition, Access.OPEN)


def test_questionnaire_that_closes_in_the_past_is_refused(campaign: Campaign) -> None:
    with refused("questionnaire.closes_before", closes_on=date(2023, 8, 27)):
        opened(campaign, closes_on=date(2023, 8, 27))


def test_shelf_holds_the_questionnaires_of_the_house(campaign: Campaign) -> None:
    keys = ["business-environment", "deputies-on-department"]
    assert [file.edition.questionnaire.key for file in shelf(campaign.office) if file.edition] == keys
    assert edition_of(campaign.office, keys[0]).questionnaire.title == "经济发展软环境企业问卷"
    with refused("questionnaire.file.unknown", key="nothing", known=keys):
        edition_of(campaign.office, "nothing")


def test_codes_are_issued_once_each_and_kept_as_hashes(asked: Asked) -> None:
    codes = asked.codes(3)
    assert len(set(codes)) == 3
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
    assert [row.position for row in asked.code_rows()] == [1, 2, 3]
    assert not {row.code_hash for row in asked.code_rows()} & set(codes)
    assert asked.codes(2)[0] not in codes
    assert asked.counts().handed_out.issued == 5


def test_form_for_codes_sent_twice_gives_the_same_slips(asked: Asked) -> None:
    first = asked.codes(3, after=0)
    assert asked.codes(3, after=0) == first
    assert len(asked.code_rows()) == 3
    asked.codes(1, after=3)
    with refused("questionnaire.issued_meanwhile", questionnaire="企业问卷", issued=4, before=0):
        asked.codes(3, after=0)
    with refused("questionnaire.issued_meanwhile", questionnaire="企业问卷", issued=4, before=3):
        asked.codes(1, at=TUESDAY, after=3)


def test_label_gets_one_code_however_often_it_is_named(asked: Asked) -> None:
    assert len(asked.codes(0, "东方纺织", "兰江机械", "东方纺织")) == 2
    assert len(asked.codes(0, "兰江机械", "诸葛食品")) == 1
    assert [row.label for row in asked.code_rows()] == ["东方纺织", "兰江机械", "诸葛食品"]


@pytest.mark.parametrize("count", [0, -1, 501])
def test_senseless_number_of_codes_is_refused(asked: Asked, count: int) -> None:
    with refused("questionnaire.how_many", most=500):
        asked.codes(count)


def test_open_questionnaire_has_no_codes(campaign: Campaign) -> None:
    with refused("questionnaire.no_codes", questionnaire="企业问卷"):
        opened(campaign, Access.OPEN).codes(1)


def test_people_are_sent_their_code_once(asked: Asked) -> None:
    assert issue_to(asked, "deputy-1", "director") == 2
    assert issue_to(asked, "deputy-1", "director", "office-2") == 1
    assert asked.campaign.letters(INVITED) == ["deputy-1", "director", "office-2"]
    assert asked.campaign.letters(INVITED).count("deputy-1") == 1


def test_role_is_sent_its_codes_once(asked: Asked) -> None:
    with asked.campaign.desk("office-1", MONDAY) as desk:
        assert issue_to_role(desk, asked.id, "office") == 2
        assert issue_to_role(desk, asked.id, "office") == 0
    with refused("questionnaire.nobody", role="nobody"), asked.campaign.desk("office-1", MONDAY) as desk:
        issue_to_role(desk, asked.id, "nobody")


def test_link_in_a_letter_is_the_code_and_stands_nowhere_in_clear(asked: Asked) -> None:
    issue_to(asked, "deputy-1")
    office = asked.campaign.office
    [(_, letter)] = asked.campaign.posted(INVITED)
    code = code_of_page(office.keyring, letter.page)
    link = personal_link(office, instant(MONDAY))("deputy-1", 0, letter.page)
    assert link == f"{office.settings.portal}/q/{code}"
    assert code is not None
    kept = str([letter.page, letter.context, letter.key, *asked.facts("questionnaire:issued"), asked.code_rows()[0]])
    assert code not in kept
    assert code.replace("-", "") not in kept
    asked.answer(code, sheet())
    assert asked.counts().by_medium[Medium.CODE] == Returned(1, 1, 1)


def test_other_pages_of_the_outbox_are_links_as_ever(asked: Asked) -> None:
    office = asked.campaign.office
    assert code_of_page(office.keyring, "/duties/1") is None
    assert "/go/" in personal_link(office, instant(MONDAY))("director", 0, "/duties/1")


def test_who_has_not_answered_is_reminded_once_a_day(asked: Asked) -> None:
    issue_to(asked, "deputy-1", "director")
    assert remind(asked, MONDAY) == 0
    assert (remind(asked, TUESDAY), remind(asked, "2023-08-29T16:00")) == (2, 0)
    [(_, letter)] = [found for found in asked.campaign.posted(INVITED) if found[0] == "director"]
    asked.answer(str(code_of_page(asked.campaign.office.keyring, letter.page)), sheet(), "2023-08-29T17:00")
    assert remind(asked, "2023-08-30T10:00") == 1
    assert asked.campaign.letters(REMINDER) == ["deputy-1", "director", "deputy-1"]
    assert [fact["count"] for fact in asked.facts("questionnaire:reminded")] == [2, 1]
    with asked.campaign.office.store.reading() as session:
        assert [row.person.code for row in unanswered(session, asked.row()) if row.person] == ["deputy-1"]


def test_reminders_go_out_by_themselves_before_the_last_day(alone: Campaign) -> None:
    """The last day is Monday, 9 October 2023; the holiday ends on the 6th, and the weekend after it is worked."""
    asked = opened(alone, closes_on=date(2023, 10, 9))
    issue_to(asked, "deputy-1")
    days = ["2023-09-28", "2023-10-06", "2023-10-07", "2023-10-08", "2023-10-09", "2023-10-09", "2023-10-10"]
    reminded = []
    for day in days:
        with alone.desk("engine", f"{day}T10:00") as desk:
            reminded.append(remind_due(desk))
    assert dict(zip(days[:4], reminded[:4], strict=True)) == {
        "2023-09-28": 0,
        "2023-10-06": 0,
        "2023-10-07": 1,
        "2023-10-08": 0,
    }
    assert reminded[4:] == [1, 0, 0]


def test_codes_on_slips_are_nobody_to_be_reminded(asked: Asked) -> None:
    asked.codes(2, "东方纺织")
    assert remind(asked, TUESDAY) == 0


def test_500_issued_and_473_returned_is_a_rate_of_94_6_percent(asked: Asked) -> None:
    codes = asked.codes(60)
    asked.papers_out(440)
    for code in codes[:50]:
        asked.answer(code, sheet())
    asked.papers([sheet()] * 423)
    counts = asked.counts()
    assert counts.handed_out == Returned(500, 473, 473)
    assert counts.handed_out.rate is not None
    assert percent(counts.handed_out.rate) == "94.6%"
    asked.close()
    [closed] = asked.facts("questionnaire:closed")
    assert (closed["issued"], closed["returned"], closed["valid"]) == (500, 473, 473)


def test_number_of_papers_is_noted_once_and_never_below_those_returned(asked: Asked) -> None:
    asked.papers_out(10)
    asked.papers_out(10)
    asked.papers([sheet(), sheet()])
    assert [fact["total"] for fact in asked.facts("questionnaire:issued")] == [10]
    with refused("questionnaire.papers", total=1, returned=2, most=1_000_000):
        asked.papers_out(1)


def test_closed_questionnaire_is_sealed_and_stays_closed(asked: Asked) -> None:
    code = asked.codes(2)[0]
    asked.answer(code, sheet())
    asked.close()
    asked.close("2023-08-30T10:00")
    [closed] = asked.facts("questionnaire:closed")
    with asked.campaign.office.store.reading() as session:
        assert closed["sheets"] == seal(session, asked.row())
    assert asked.row().closed_at == instant(TUESDAY)
    for act in (lambda: asked.codes(1), lambda: remind(asked, TUESDAY)):
        with refused("questionnaire.closed", questionnaire="企业问卷"):
            act()


def test_questionnaires_of_a_campaign_are_listed(asked: Asked) -> None:
    with asked.campaign.office.store.reading() as session:
        campaign = session.get_one(CampaignRow, asked.row().campaign_id)
        assert [row.id for row in questionnaires_of(session, campaign)] == [asked.id]


def test_unknown_questionnaire_is_refused(campaign: Campaign) -> None:
    nobody = UUID(int=0)
    for act in (close_questionnaire, lambda desk, at: issue_papers(desk, at, 1)):
        with refused("questionnaire.unknown"), campaign.desk("office-1", MONDAY) as desk:
            act(desk, nobody)
