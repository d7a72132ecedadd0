"""A campaign does not close over a problem: the phase that ends it waits for what relapsed after rectification."""

from datetime import date
from itertools import count

import pytest

from appraisal.method.words import Manner
from appraisal.operations import results
from appraisal.operations.briefs import brief_of
from appraisal.operations.final_report import final_report
from appraisal.operations.loading import campaign_by, phase_by
from appraisal.operations.office import Office
from appraisal.operations.rectification_figures import figures_of
from appraisal.operations.results import Tally
from appraisal.operations.verdicts import Verified
from tests.operations.closing_world import TwoHands, two_hands
from tests.operations.world import instant, open_phase, refused

SLUGS = count(1)
OPEN = {
    "code": "gate.problem_open",
    "unit": "市教育局",
    "what": "1. 校车超员",
    "status": "assigned",
    "due_on": None,
}

NO_RESULT = {"code": "gate.result_missing", "what": "满意度测评", "status": "missing", "due_on": None}
UNITS = ("市教育局", "市科学技术局")


@pytest.fixture
def hands(office: Office) -> TwoHands:
    """One problem is closed out, both units are voted on, rectification is closed; the look-back goes on."""
    hands = two_hands(office, f"last{next(SLUGS)}")
    hands.assigned("校车超员")
    hands.closed()
    open_phase(office, hands.slug, "look_back", instant("2023-10-28T10:00"))
    for unit in ("jyj", "kjj"):
        with hands.desk("office-1", "2023-11-03T10:00") as desk:
            tally = Tally(31, 31, 31, {"satisfied": 31})
            results.record_result(desk, hands.slug, "satisfaction", unit, tally, "满意")
    hands.decide("rectify", "2023-11-06T10:00")
    assert hands.close("rectify", "2023-11-06T10:05") == "closed"
    return hands


def in_the_way(hands: TwoHands, key: str) -> list[tuple[str, str, str]]:
    with hands.office.store.reading() as session:
        obstacles = brief_of(session, phase_by(session, hands.slug, key)).obstacles
    return [(each.code, each.what, each.status) for each in obstacles]


def test_phase_that_ends_the_campaign_waits_for_what_relapsed_though_its_gate_says_nothing(hands: TwoHands) -> None:
    assert in_the_way(hands, "look_back") == []
    hands.reopen("2023-12-01T10:00", "又超员", due_on=date(2023, 12, 29))
    assert in_the_way(hands, "look_back") == [("gate.problem_open", "1. 校车超员", "assigned")]
    hands.hand_in("2023-12-04T10:00")
    hands.verify("2023-12-05T10:00", verified=Verified(Manner.ON_PAPER, date(2023, 12, 5)))
    assert in_the_way(hands, "look_back") == [("gate.problem_open", "1. 校车超员", "verified")]


def test_phase_that_closes_by_itself_stays_open_over_a_problem(hands: TwoHands) -> None:
    hands.reopen("2023-12-01T10:00", "又超员", due_on=date(2023, 12, 29))
    assert hands.close("look_back", "2024-05-06T10:00") == "open"


def test_problem_is_named_while_another_phase_is_still_open_only_by_the_gate_that_asks(office: Office) -> None:
    hands = two_hands(office, f"last{next(SLUGS)}")
    hands.assigned("校车超员")
    open_phase(office, hands.slug, "look_back", instant("2023-10-28T10:00"))
    assert in_the_way(hands, "look_back") == []
    with refused(
        "phase.gate_unmet", phase="整改落实", obstacles=[OPEN, *(NO_RESULT | {"unit": unit} for unit in UNITS)]
    ):
        hands.decide("rectify", "2023-11-06T10:00")


def test_report_is_final_once_the_campaign_is_closed_and_says_what_stood_then(hands: TwoHands) -> None:
    assert hands.close("look_back", "2024-04-28T10:00") == "closed"
    with hands.office.store.reading() as session:
        campaign = campaign_by(session, hands.slug)
        assert campaign.status == "closed"
        figures = figures_of(session, hands.slug, instant("2024-06-01T10:00"))
        report = final_report(session, campaign, figures, instant("2024-06-01T10:00"))
    assert (report.draft, report.dated) == ("", "2024年4月28日（星期日）")
    assert [list(section.paragraphs) for section in report.sections][-1] == [
        "全部问题均已销号，没有结转和未办结的问题。"
    ]
