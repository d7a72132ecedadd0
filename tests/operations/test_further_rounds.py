"""Two rounds at most, and rounds until nobody is dissatisfied: through the sitting, the urn and the tellers."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from appraisal.operations import rounds
from appraisal.operations.briefs import brief_of
from appraisal.operations.consequences import awaiting_round, units_for
from appraisal.operations.further_rounds import rounds_due
from appraisal.operations.loading import campaign_by, method_of, phase_by
from appraisal.operations.office import Office
from appraisal.operations.overview import overview
from appraisal.store.ballot_tables import RoundRow
from tests.operations.hall import Counts, Hall, Seats
from tests.operations.world import Campaign, begin, edition, instant, open_phase, refused

METHOD = Path(__file__).parents[1] / "method/data/ballots-rounds.yaml"
SLUG = "rounds"
UNITS = ("jyj", "kjj", "wjj")
MEMBERS = Seats("members", "常委会组成人员", 20, phones=10, papers=8)
DEPUTIES = Seats("deputies", "人大代表", 10, phones=6, papers=4)
AT = "2023-09-08T10:00"
FIRST: Counts = {
    "jyj": {"satisfied": 20, "basic": 5, "dissatisfied": 3},
    "kjj": {"satisfied": 10, "basic": 6, "dissatisfied": 12},
    "wjj": {"satisfied": 5, "basic": 5, "dissatisfied": 18},
}
AGAIN: Counts = {"wjj": {"satisfied": 3, "basic": 3, "dissatisfied": 12}}


class Votes:
    """The votes of one sitting; whoever came has a code that is good for every round."""

    def __init__(self, office: Office) -> None:
        self.campaign = Campaign(office, SLUG)
        self.hall = self._hall(MEMBERS, DEPUTIES)
        self.sitting: UUID = self.hall.convene("sitting", "常委会会议", date(2023, 9, 8), None)
        self.codes = self.hall.begin(self.sitting)

    def hold(self, ballot: str, counts: Counts) -> RoundRow:
        return self.hall.vote(self.sitting, ballot, counts, self.codes)

    def hold_among_members(self, ballot: str, counts: Counts) -> RoundRow:
        return self._hall(MEMBERS).vote(self.sitting, ballot, counts, {"members": self.codes["members"]})

    def release(self, row: RoundRow) -> None:
        for _ in range(2):
            with self.campaign.desk("office-1", AT) as desk:
                rounds.release(desk, row.id)

    def awaiting(self, ballot: str) -> list[str]:
        with self.campaign.office.store.reading() as session:
            row = campaign_by(session, SLUG)
            return [unit.code for unit in awaiting_round(session, row, method_of(row).ballot(ballot))]

    def left(self, ballot: str) -> list[tuple[int, int | None, bool]]:
        with self.campaign.office.store.reading() as session:
            row = campaign_by(session, SLUG)
            found = rounds_due(session, row, method_of(row).ballot(ballot))
            return [(due.number, due.left, due.ready(instant(AT))) for due in found]

    def about(self, ballot: str) -> list[str]:
        with self.campaign.office.store.reading() as session:
            row = campaign_by(session, SLUG)
            return [unit.code for unit in units_for(session, row, method_of(row).ballot(ballot))]

    def obstacles(self) -> list[tuple[str, str, str]]:
        with self.campaign.office.store.reading() as session:
            found = brief_of(session, phase_by(session, SLUG, "vote")).obstacles
            return [(each.code, each.unit, each.what) for each in found]

    def shown(self, ballot: str) -> list[tuple[str, str, int]]:
        with self.campaign.office.store.reading() as session:
            lines = overview(session, SLUG, instant(AT)).results
            return [(line.unit, line.grade, line.round) for line in lines if line.ballot == ballot]

    def _hall(self, *seats: Seats) -> Hall:
        return Hall(self.campaign.office, SLUG, lambda: self.campaign.desk("office-1", AT), lambda: instant(AT), seats)


@pytest.fixture(scope="module")
def votes(office: Office) -> Votes:
    begin(office, edition(METHOD), SLUG, "2023年满意度测评", UNITS, instant("2023-09-04T10:00"))
    open_phase(office, SLUG, "vote", instant("2023-09-04T10:00"))
    return Votes(office)


def test_rounds_go_as_far_as_the_method_says(votes: Votes) -> None:
    two_rounds_and_no_third(votes)
    until_nobody_is_dissatisfied(votes)
    assert votes.obstacles() == []


def two_rounds_and_no_third(votes: Votes) -> None:
    """Only the members vote again on the one department that failed; a second failure has its consequence."""
    votes.hold("satisfaction", FIRST)
    assert votes.shown("satisfaction") == [
        ("市教育局", "满意", 1),
        ("市科学技术局", "基本满意", 1),
        ("市卫生健康局", "不满意", 1),
    ]
    assert (votes.awaiting("satisfaction"), votes.left("satisfaction")) == (["wjj"], [(2, 1, True)])
    assert ("gate.round_due", "市卫生健康局", "满意度测评") in votes.obstacles()
    assert votes.campaign.facts("consequence:found") == []

    row = votes.hold_among_members("satisfaction", AGAIN)
    assert (row.number, row.units) == (2, ["wjj"])
    assert votes.awaiting("satisfaction") == []
    (found,) = votes.campaign.facts("consequence:found")
    assert (found["consequence"], found["unit"], found["round"]) == ("failed_twice", "wjj", 2)
    assert votes.campaign.letters("consequence-found") == ["wjj-handler"]
    assert votes.shown("satisfaction")[-1] == ("市卫生健康局", "不满意", 2)
    with refused("round.no_units", ballot="满意度测评"):
        votes.hold("satisfaction", AGAIN)


def until_nobody_is_dissatisfied(votes: Votes) -> None:
    """The repeated vote is about those that were not satisfactory; sealed, it says nothing until it is released."""
    assert votes.about("until") == ["kjj", "wjj"]
    good = {"satisfied": 28, "basic": 0, "dissatisfied": 0}
    bad = {"satisfied": 8, "basic": 0, "dissatisfied": 20}
    first = votes.hold("until", {"kjj": good, "wjj": bad})
    assert votes.shown("until") == [("市科学技术局", "已封存", 1), ("市卫生健康局", "已封存", 1)]
    assert votes.awaiting("until") == []
    assert ("gate.result_sealed", "市卫生健康局", "整改满意度测评") in votes.obstacles()
    assert [fact for fact in votes.campaign.facts("result:recorded") if fact["ballot"] == "until"] == []
    votes.release(first)
    for number in (2, 3, 4):
        assert (votes.awaiting("until"), votes.left("until")) == (["wjj"], [(number, None, True)])
        votes.release(votes.hold("until", {"wjj": bad if number < 4 else good}))
    assert votes.awaiting("until") == []
    assert votes.shown("until") == [("市科学技术局", "满意", 1), ("市卫生健康局", "满意", 4)]
