from itertools import count

import pytest

from appraisal.operations.office import Office
from appraisal.operations.points import close_point, make_points, point_address, points, renew_point
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import PointRow
from tests.operations.hearing import Hearing, hearing
from tests.operations.world import refused, running

SLUGS = count(1)
AT = "2023-09-01T10:00"


@pytest.fixture
def heard(office: Office) -> Hearing:
    return hearing(office, f"p{next(SLUGS)}")


def listed(heard: Hearing) -> list[PointRow]:
    with heard.office.store.reading() as session:
        return list(points(session, session.get_one(CampaignRow, identity("campaign", heard.slug))))


def make(heard: Hearing) -> int:
    with heard.desk("office-1", AT) as desk:
        return len(make_points(desk, heard.slug))


def test_there_is_a_code_for_the_campaign_each_unit_each_panel_and_each_deputy(heard: Hearing) -> None:
    assert [(row.scope, row.title) for row in listed(heard)] == [
        ("campaign", "2023年部门工作评议意见码"),
        ("unit", "市教育局评议码"),
        ("unit", "市科学技术局评议码"),
        ("panel", "第一评议组意见码"),
        ("deputy", "代表码·林代表"),
        ("deputy", "代表码·陈代表"),
    ]
    assert len(heard.facts("point:made")) == 6


def test_codes_are_made_once(heard: Hearing) -> None:
    before = [row.token for row in listed(heard)]
    assert (make(heard), make(heard)) == (0, 0)
    assert [row.token for row in listed(heard)] == before


def test_tokens_are_short_distinct_and_not_on_the_ledger(heard: Hearing) -> None:
    tokens = {row.token for row in listed(heard)}
    assert (len(tokens), {len(token) for token in tokens}) == (6, {10})
    facts = str(heard.facts("point:made"))
    assert [token for token in tokens if token in facts] == []


def test_closed_code_stays_closed_and_is_closed_once(heard: Hearing) -> None:
    point = heard.point("unit", "jyj")
    for _ in range(2):
        with heard.desk("office-1", AT) as desk:
            close_point(desk, heard.slug, point.id)
    assert make(heard) == 0
    assert (heard.point("unit", "jyj").active, len(heard.facts("point:closed"))) == (False, 1)
    with refused("point.closed"):
        heard.take(scope="unit", of="jyj")


def test_renewed_code_is_another_and_renewing_the_old_one_again_gives_the_same(heard: Hearing) -> None:
    old = heard.point("unit", "jyj")
    renewed = []
    for _ in range(2):
        with heard.desk("office-1", AT) as desk:
            renewed.append(renew_point(desk, heard.slug, old.id).token)
    new = heard.point("unit", "jyj", 2)
    assert (renewed, new.title, new.active) == ([new.token, new.token], old.title, True)
    assert (new.token == old.token, heard.point("unit", "jyj").active) == (False, False)


def test_code_of_another_campaign_is_unknown(heard: Hearing) -> None:
    other = hearing(heard.office, f"p{next(SLUGS)}")
    with refused("point.unknown"), heard.desk("office-1", AT) as desk:
        close_point(desk, heard.slug, other.point("campaign").id)


def test_method_without_intake_has_no_codes(heard: Hearing) -> None:
    plain = running(heard.office, f"p{next(SLUGS)}")
    with refused("intake.none", campaign="2023年部门工作评议"), plain.desk("office-1", AT) as desk:
        make_points(desk, plain.slug)


def test_address_is_that_of_the_portal(heard: Hearing) -> None:
    point = heard.point("campaign")
    assert point_address("https://pingyi.example", point) == f"https://pingyi.example/o/{point.token}"
