"""Codes to vote by: random, shown once, for a class and for nobody in it."""

import re
from itertools import count

import pytest
from sqlalchemy import select

from appraisal.operations import ballot_codes
from appraisal.operations.office import Office
from appraisal.store.ballot_tables import BallotCodeRow
from appraisal.store.base import identity
from appraisal.store.sitting_tables import SittingRow
from tests.operations.ballot_world import EVENING, MORNING, Hall, hall
from tests.operations.world import refused

SLUGS = count(1)
TITLES = ["常委会组成人员", "人大代表", "市民代表"]


@pytest.fixture
def here(office: Office) -> Hall:
    return hall(office, f"codes-{next(SLUGS)}")


def kept(here: Hall) -> list[BallotCodeRow]:
    with here.office.store.reading() as session:
        query = select(BallotCodeRow).where(BallotCodeRow.sitting_id == here.sitting_id)
        return list(session.scalars(query))


def test_codes_are_random_and_only_their_hash_is_kept(here: Hall) -> None:
    codes = [*here.codes("member", 40), *here.codes("deputy", 40)]
    rows = kept(here)
    assert (len(set(codes)), len(rows)) == (80, 80)
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    stored = " ".join(row.code_hash for row in rows)
    assert [code for code in codes if code in stored or code.replace("-", "") in stored] == []
    assert here.facts("ballot:codes_made") == [{"voters": "member", "count": 40}, {"voters": "deputy", "count": 40}]


def test_code_is_known_again_however_it_is_written(here: Hall) -> None:
    [code] = here.codes("deputy", 1)
    with here.office.store.reading() as session:
        ways = (code, code.lower(), f" {code.replace('-', '')} ")
        found = [ballot_codes.code_by(session, here.office.keyring, written) for written in ways]
        assert [each.voters for each in found if each] == ["deputy"] * 3
        assert ballot_codes.code_by(session, here.office.keyring, "AAAA-BBBB-CCCC") is None


def test_code_drawn_at_check_in_leaves_no_fact(here: Hall) -> None:
    with here.desk("office-1", MORNING) as desk:
        drawn = ballot_codes.draw(desk, desk.session.get_one(SittingRow, here.sitting_id), "citizen")
    assert (len(drawn), len(kept(here)), here.facts("ballot:codes_made")) == (14, 1, [])


@pytest.mark.parametrize("number", [0, -1, 501])
def test_codes_are_made_in_reasonable_numbers(here: Hall, number: int) -> None:
    with refused("ballot_code.how_many", most=500):
        here.codes("member", number)


def test_codes_are_for_classes_of_the_method_and_sittings_that_are_not_over(here: Hall) -> None:
    with refused("ballot_code.class_unknown", known=TITLES):
        here.codes("visitor", 1)
    here.close_sitting()
    with refused("ballot_code.sitting_closed", sitting="第十四次会议"):
        here.codes("member", 1, EVENING)
    with here.desk("office-1", MORNING) as desk, refused("sitting.unknown"):
        ballot_codes.make_codes(desk, identity("sitting", "nowhere"), "member", 1)


def test_codes_are_made_by_the_office_alone(here: Hall) -> None:
    with here.desk("jyj-head", MORNING) as desk, refused("portal.staff_only.not_yours"):
        ballot_codes.make_codes(desk, here.sitting_id, "member", 1)
