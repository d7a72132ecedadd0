"""Whom a questionnaire reaches when it is sent to a role: in the body, in the units and on the panels."""

from itertools import count

import pytest

from appraisal.operations import panels
from appraisal.operations.office import Office
from appraisal.operations.questionnaire_codes import INVITED, issue_to_role
from tests.operations.choosing import begun, by
from tests.operations.panel_world import SECOND, set_panel, with_panels
from tests.operations.surveys import MONDAY, TUESDAY, Asked, opened
from tests.operations.world import Campaign, refused

SLUGS = count(1)


@pytest.fixture
def on_panels(office: Office) -> Campaign:
    """Two panels with a head each; the first has a member besides."""
    return with_panels(office, f"p{next(SLUGS)}")


def send(asked: Asked, role: str, at: str = MONDAY) -> int:
    with asked.campaign.desk("office-1", at) as desk:
        return issue_to_role(desk, asked.id, role)


def test_role_of_panels_reaches_the_members_of_the_panels_once(on_panels: Campaign) -> None:
    asked = opened(on_panels)
    assert [send(asked, "panel_head"), send(asked, "panel_head"), send(asked, "panel_member")] == [2, 0, 1]
    assert on_panels.letters(INVITED) == ["czj-handler", "fgj-handler", "wjj-handler"]


def test_role_of_panels_passes_over_a_panel_that_was_dissolved(on_panels: Campaign) -> None:
    with on_panels.desk("office-1", MONDAY) as desk:
        panels.dissolve_panel(desk, on_panels.slug, "g2")
    asked = opened(on_panels)
    assert send(asked, "panel_head") == 1
    set_panel(on_panels, SECOND, TUESDAY)
    assert [send(asked, "panel_head", TUESDAY), send(asked, "panel_head", TUESDAY)] == [1, 0]
    assert on_panels.letters(INVITED) == ["fgj-handler", "wjj-handler"]


def test_role_of_units_reaches_the_appraised_units_alone(campaign: Campaign) -> None:
    asked = opened(campaign)
    assert [send(asked, "handler"), send(asked, "handler")] == [2, 0]
    assert campaign.letters(INVITED) == ["jyj-handler", "kjj-handler"]


def test_role_of_units_reaches_every_unit_while_none_is_chosen(office: Office) -> None:
    asked = opened(begun(office, f"u{next(SLUGS)}", by("council_decision")))
    assert [send(asked, "handler"), send(asked, "handler")] == [12, 0]


def test_role_of_the_body_reaches_who_holds_it_there(campaign: Campaign) -> None:
    asked = opened(campaign)
    assert [send(asked, "office"), send(asked, "office")] == [2, 0]
    assert campaign.letters(INVITED) == ["office-1", "office-2"]


def test_who_stands_in_is_sent_the_code_of_an_absent_member(alone: Campaign) -> None:
    alone.absence("jyj-handler", "jyj-head", "2023-08-28", "2023-09-10")
    asked = opened(alone)
    assert [send(asked, "handler"), send(asked, "handler")] == [2, 0]
    assert alone.letters(INVITED) == ["jyj-head", "kjj-handler"]


def test_role_that_nobody_holds_is_refused_by_its_title(office: Office) -> None:
    asked = opened(with_panels(office, f"n{next(SLUGS)}", drafts=()))
    with refused("questionnaire.nobody", role="组员"):
        send(asked, "panel_member")
    with refused("questionnaire.nobody", role="nobody"):
        send(asked, "nobody")
