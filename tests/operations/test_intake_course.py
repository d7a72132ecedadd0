from itertools import count

import pytest

from appraisal.operations.intake import form_at
from appraisal.operations.intake_course import close_intake, open_intake
from appraisal.operations.office import Office
from tests.operations.hearing import Hearing, hearing
from tests.operations.world import instant, refused, running

SLUGS = count(1)
AT = "2023-10-27T10:00"


@pytest.fixture
def heard(office: Office) -> Hearing:
    return hearing(office, f"i{next(SLUGS)}")


def opened(office: Office, slug: str, phase: str) -> int:
    with office.desk("engine", instant(AT)) as desk:
        return open_intake(desk, slug, phase)


def closed(office: Office, slug: str, phase: str) -> int:
    with office.desk("engine", instant(AT)) as desk:
        return close_intake(desk, slug, phase)


def test_codes_that_are_there_are_not_made_again(heard: Hearing) -> None:
    assert [opened(heard.office, heard.slug, "listen") for _ in range(2)] == [0, 0]


def test_phase_without_intake_makes_and_closes_no_codes(heard: Hearing) -> None:
    assert opened(heard.office, heard.slug, "prepare") == 0
    assert closed(heard.office, heard.slug, "prepare") == 0


def test_method_that_hears_nobody_has_no_codes(office: Office) -> None:
    campaign = running(office, f"i{next(SLUGS)}")
    assert opened(office, campaign.slug, "prepare") == 0
    assert closed(office, campaign.slug, "prepare") == 0


def test_codes_stay_while_the_phase_of_the_intake_is_open(heard: Hearing) -> None:
    assert closed(heard.office, heard.slug, "listen") == 0


def test_last_phase_of_the_intake_takes_its_codes_with_it(heard: Hearing) -> None:
    heard.decide("listen", AT)
    assert heard.close("listen", AT) == "closed"
    assert [closed(heard.office, heard.slug, "listen") for _ in range(2)] == [6, 0]
    with refused("point.closed"), heard.office.store.reading() as session:
        form_at(session, heard.point("campaign").token)
