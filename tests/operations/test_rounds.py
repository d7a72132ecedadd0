"""Rounds of a ballot: what must be so before one opens, who may open it, and who comes late."""

from itertools import count

import pytest

from appraisal.domain.count import SITTING
from appraisal.operations import rounds, sittings
from appraisal.operations.office import Office
from appraisal.operations.sittings import SittingDraft
from appraisal.operations.turnouts import SmallGroup
from appraisal.operations.voting import receipts_of
from appraisal.store.base import identity
from tests.operations.ballot_world import AWARE, HELD_ON, VOTING, Given, Hall, Issued, hall, obstacles, whole
from tests.operations.world import refused

SLUGS = count(1)
BALLOT = "满意度测评"
UNITS = ["市教育局", "市科学技术局"]


@pytest.fixture
def here(office: Office) -> Hall:
    return hall(office, f"rounds-{next(SLUGS)}")


@pytest.fixture
def full(here: Hall) -> tuple[Hall, dict[str, list[str]]]:
    """Three members and four deputies, all with codes."""
    return here, here.phones(member=3, deputy=4)


def test_round_is_opened_cast_closed_and_graded(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = here.open()
    marks = ["satisfied", "satisfied", "dissatisfied", "satisfied", "satisfied", "basic", "satisfied"]
    receipts = [
        here.cast(row, code, whole(jyj=mark, kjj="basic"))
        for code, mark in zip([*codes["member"], *codes["deputy"]], marks, strict=True)
    ]
    closed = here.close_round(row)
    assert (closed.status, closed.urn_key, receipts_of(closed)) == ("closed", None, sorted(receipts))
    assert here.kept(row) == (0, 7, 6)
    assert {result.unit.code: (result.grade, result.counts) for result in here.results()} == {
        "jyj": ("满意", {"satisfied": 5, "basic": 1, "dissatisfied": 1}),
        "kjj": ("基本满意", {"satisfied": 0, "basic": 7, "dissatisfied": 0}),
    }
    (jyj,) = [result for result in here.results() if result.unit.code == "jyj"]
    assert (jyj.issued, jyj.returned, jyj.valid, jyj.detail["share"], jyj.released) == (7, 7, 7, "5/7", True)
    assert here.letters("result-recorded", "市教育局") == ["jyj-head"]


def test_round_opened_twice_is_one_and_closed_twice_is_counted_once(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    first, second = here.open(), here.open()
    assert first.id == second.id
    here.cast(first, codes["member"][0], whole(jyj="satisfied"))
    once, twice = here.close_round(first), here.close_round(first, "2023-09-28T11:00")
    assert (once.digest, once.closed_at, len(here.results())) == (twice.digest, twice.closed_at, 2)
    assert [len(here.facts(action)) for action in ("round:opened", "round:closed", "result:recorded")] == [1, 1, 2]


def test_opening_tells_units_turnout_and_quorum(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, _ = full
    found = here.opening()
    assert (found.number, [unit.code for unit in found.units], found.obstacles) == (1, ["jyj", "kjj"], [])
    assert [(each.voters, each.due, each.present, each.phone, each.paper) for each in found.turnout] == [
        ("member", 3, 3, 3, 0),
        ("deputy", 4, 4, 4, 0),
        ("citizen", 0, 0, 0, 0),
    ]
    assert found.quorum is not None
    assert (found.quorum.met, found.quorum.needed, found.quorum.present) == (True, 4, 7)


def test_every_obstacle_is_named_at_once(here: Hall) -> None:
    here.seat(member=3)
    here.close_sitting()
    facts = {"ballot": "回头看测评"}
    assert obstacles(here, "afterwards") == [
        ("round.sitting_not_open", {**facts, "sitting": "第十四次会议", "status": "closed"}),
        ("round.phase_not_open", {**facts, "phase": "整改"}),
    ]
    assert obstacles(here)[-1] == ("round.no_quorum", {"ballot": BALLOT, "present": 0, "needed": 2})
    with refused("round.sitting_not_open", **facts, sitting="第十四次会议", status="closed"):
        here.open("afterwards")


def test_ballot_that_is_read_out_is_not_opened(here: Hall) -> None:
    with refused("round.not_counted", ballot="宣布的测评"):
        here.open("read_out")
    known = ["满意度测评（satisfaction）", "分维度测评（dimensions）", "记名表决（named）", "打分测评（scored）"]
    known += [
        "纸质票测评（paper_only）",
        "宣布的测评（read_out）",
        "回头看测评（afterwards）",
        "全体过半测评（of_all）",
    ]
    with refused("ballot.unknown", ballot="nothing", known=known):
        here.open("nothing")


@pytest.mark.parametrize(("present", "met"), [(2, False), (3, True)])
def test_quorum_is_looked_at_before_opening(here: Hall, present: int, met: bool) -> None:
    """More than half of four that are due."""
    here.seat(member=4)
    for number in range(1, present + 1):
        here.phone(f"member{number}")
    if met:
        assert here.open().status == "open"
        return
    with refused("round.no_quorum", ballot=BALLOT, present=2, needed=3):
        here.open()


@pytest.mark.parametrize(
    ("present", "issued", "groups"),
    [
        ({"member": 3, "citizen": 2}, {}, ["市民代表2人"]),
        ({"member": 3, "citizen": 1}, {}, ["市民代表1人"]),
        ({"member": 5}, {("sitting", "member"): Issued(3, 2)}, ["常委会组成人员（纸质票）2人"]),
        ({"member": 5}, {("sitting", "member"): Issued(1, 4)}, ["常委会组成人员（手机）1人"]),
    ],
)
def test_few_voters_are_warned_of_before_the_vote_opens(
    here: Hall, present: dict[str, int], issued: dict[tuple[str, str], Issued], groups: list[str]
) -> None:
    here.phones(**present)
    with refused("round.too_small", groups=groups):
        here.open(given=Given(issued))
    assert here.open(given=Given(issued, aware=True)).status == "open"


def test_round_opens_with_as_many_scrutineers_as_the_method_asks_for(here: Hall) -> None:
    here.phones(member=3)
    with refused("round.scrutineers", ballot="满意度测评", wanted=2, named=1):
        here.open(given=Given(scrutineers="监票人甲、监票人甲"))
    assert here.open(given=Given(scrutineers="监票人甲 监票人乙")).scrutineers == "监票人甲 监票人乙"


def test_opening_names_the_groups_that_are_too_small(here: Hall) -> None:
    here.phones(member=3, citizen=2)
    assert here.opening().small == [SmallGroup("citizen", None, 2)]


def test_nobody_is_warned_of_few_voters_who_vote_by_name(here: Hall) -> None:
    here.phones(member=2)
    assert here.open("named", Given()).status == "open"


@pytest.mark.parametrize(
    ("ballot", "given", "code", "facts"),
    [
        ("satisfaction", Given(units=("gaj",)), "round.units_unknown", {"units": ["gaj"], "known": UNITS}),
        ("satisfaction", Given({(SITTING, "member"): Issued(-1)}), "round.issued_negative", {}),
        ("paper_only", Given({(SITTING, "member"): Issued(3)}), "round.medium",
         {"ballot": "纸质票测评", "medium": "phone", "count": 3}),
        ("scored", Given({(SITTING, "deputy"): Issued(4, 1)}), "round.medium",
         {"ballot": "打分测评", "medium": "paper", "count": 1}),
        ("paper_only", Given(), "round.nothing_issued", {"ballot": "纸质票测评"}),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_out_is_refused(
    full: tuple[Hall, dict[str, list[str]]], ballot: str, given: Given, code: str, facts: dict[str, object]
) -> None:
    with refused(code, **facts):
        full[0].open(ballot, given)


def test_only_one_round_of_a_ballot_is_open(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, _ = full
    here.open()
    with refused("round.open_already", ballot=BALLOT, number=1, sitting="第十四次会议"):
        here.open(given=Given(units=("jyj",), aware=True))
    assert here.open("dimensions").number == 1


def test_round_that_could_not_be_graded_is_not_opened(full: tuple[Hall, dict[str, list[str]]]) -> None:
    """The share is one of all members, and nobody has said how many there are."""
    here, codes = full
    missing = {"base": "all_members", "place": "", "channel": SITTING, "voters": "member"}
    assert obstacles(here, "of_all") == [("grading.base_missing", missing)]
    with refused("grading.base_missing", **missing):
        here.open("of_all")
    with here.desk("office-1", VOTING) as desk:
        draft = SittingDraft("first", "第十四次会议", HELD_ON, members={"member": 5})
        sittings.set_sitting(desk, here.slug, draft)
    row = here.open("of_all")
    for code in codes["member"]:
        here.cast(row, code, whole(jyj="satisfied"))
    here.close_round(row)
    found = {each.unit.code: (each.grade, each.detail["share"]) for each in here.results("of_all")}
    assert found["jyj"] == ("满意", "3/5")


def test_units_may_be_voted_on_in_turns(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    first = here.open(given=Given(units=("kjj",), aware=True))
    here.cast(first, codes["member"][0], whole(kjj="satisfied"))
    here.close_round(first)
    assert [unit.code for unit in here.opening().units] == ["jyj"]
    second = here.open()
    assert (second.number, second.units) == (2, ["jyj"])
    here.close_round(second)
    assert obstacles(here) == [("round.no_units", {"ballot": BALLOT})]


def test_late_arrivals_are_issued_more(here: Hall) -> None:
    here.seat(member=4)
    codes = [here.phone(f"member{number}") for number in (1, 2, 3)]
    row = here.open()
    late = here.phone("member4", VOTING)
    for _ in range(2):
        row = here.issue(row, "member", 4, 0)
    for code in [*codes, late]:
        here.cast(row, code, whole(jyj="satisfied", kjj="basic"))
    closed = here.close_round(row)
    (member, *_) = closed.turnout
    assert (member["voters"], member["present"], member["issued"], member["returned"]) == ("member", 4, 4, 4)
    assert len(here.facts("round:issued")) == 1
    assert (closed.status, here.results()[0].returned) == ("closed", 4)


def test_what_was_issued_is_not_taken_back(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, _ = full
    row = here.open()
    with refused("round.issued_less", phone=3, paper=0):
        here.issue(row, "member", 2, 0)
    with refused("round.class_unknown", ballot=BALLOT):
        here.issue(row, "nobody", 2, 0)


@pytest.mark.parametrize("deed", ["open", "close", "void", "issue"])
def test_rounds_are_for_the_office_alone(full: tuple[Hall, dict[str, list[str]]], deed: str) -> None:
    here, _ = full
    row = here.open()
    with here.desk("jyj-head", VOTING) as desk, refused("portal.staff_only.not_yours"):
        match deed:
            case "open":
                rounds.open_round(desk, here.sitting_id, "satisfaction", AWARE)
            case "close":
                rounds.close_round(desk, row.id)
            case "void":
                rounds.void_round(desk, row.id, "断网")
            case _:
                rounds.issue_more(desk, row.id, "member", 4, 0)


def test_round_that_is_not_there_is_refused(here: Hall) -> None:
    with here.desk("office-1", VOTING) as desk, refused("round.unknown"):
        rounds.close_round(desk, identity("round", "nowhere"))
