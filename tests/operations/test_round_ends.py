"""How a round ends: counted, sealed by its hash, void, broken off, released; and the round that follows it."""

from itertools import count

import pytest
from sqlalchemy import update

from appraisal.domain.count import SITTING, Line, Turnout, Verdict
from appraisal.operations import audit, events, rounds
from appraisal.operations.counting import count_of
from appraisal.operations.office import Office
from appraisal.operations.voting import receipts_of
from appraisal.store.ballot_tables import CountRow, RoundRow
from tests.operations.ballot_world import AWARE, COUNTING, VOTING, Given, Hall, Issued, hall, obstacles, vote, whole
from tests.operations.world import instant, refused

SLUGS = count(1)
BALLOT = "满意度测评"
UNITS = ["市教育局", "市科学技术局"]


@pytest.fixture
def here(office: Office) -> Hall:
    return hall(office, f"ends-{next(SLUGS)}")


@pytest.fixture
def full(here: Hall) -> tuple[Hall, dict[str, list[str]]]:
    """Three members and four deputies, all with codes."""
    return here, here.phones(member=3, deputy=4)


def test_nothing_of_a_vote_is_seen_before_it_is_closed(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = here.open()
    here.cast(row, codes["member"][0], whole(jyj="satisfied"))
    with here.office.store.reading() as session:
        open_row = session.get_one(RoundRow, row.id)
        with refused("round.not_closed", ballot=BALLOT):
            count_of(session, open_row)
        with refused("round.not_closed", ballot=BALLOT):
            receipts_of(open_row)
    progress = here.progress(row)
    assert [(each.voters, each.phone, each.in_by_phone) for each in progress.classes] == [
        ("member", 3, 1),
        ("deputy", 4, 0),
        ("citizen", 0, 0),
    ]
    assert (progress.issued, progress.in_by_phone, progress.ready, here.results()) == (7, 1, True, [])
    with here.desk("office-1", VOTING) as desk, refused("round.not_closed", ballot=BALLOT):
        rounds.release(desk, row.id)


def test_count_keeps_equal_lines_together_and_what_was_handed_out(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = here.open(given=Given(units=("jyj",), aware=True))
    for code in codes["member"]:
        here.cast(row, code, whole(jyj="satisfied"))
    here.cast(row, codes["deputy"][0], whole(jyj="basic"))
    here.cast(row, codes["deputy"][1], {})
    here.cast(row, codes["deputy"][2], {"jyj": {"": ("basic", "satisfied")}})
    closed = here.close_round(row)
    with here.office.store.reading() as session:
        found = count_of(session, closed)
    assert found.lines == (
        Line(SITTING, "deputy", "jyj", "", "", Verdict.ABSTAINED, 1),
        Line(SITTING, "deputy", "jyj", "", "", Verdict.INVALID, 1),
        Line(SITTING, "deputy", "jyj", "", "basic", Verdict.VALID, 1),
        Line(SITTING, "member", "jyj", "", "satisfied", Verdict.VALID, 3),
    )
    assert found.turnouts == {
        (SITTING, "member"): Turnout(None, 3, 3, 3, 3),
        (SITTING, "deputy"): Turnout(None, 4, 4, 4, 3),
        (SITTING, "citizen"): Turnout(None, 0, 0, 0, 0),
    }


def test_count_that_was_changed_after_the_round_closed_is_found(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    closed = vote(here, codes["member"], "satisfied")
    (fact,) = here.facts("round:closed")
    assert fact["digest"] == closed.digest
    assert broken_seals(here) == []
    change_count(here, closed, 2)
    assert broken_seals(here) == [(f"round:{closed.id}", closed.digest)]
    change_count(here, closed, 3)
    assert broken_seals(here) == []


def broken_seals(here: Hall) -> list[tuple[str, str]]:
    with here.office.store.reading() as session:
        return [(each.where, each.expected) for each in audit.verify(session) if each.code == "round.seal_broken"]


def change_count(here: Hall, row: RoundRow, count: int) -> None:
    """What whoever owns the database could do."""
    with here.office.desk("cli", instant(COUNTING)) as desk:
        kept = update(CountRow).where(CountRow.round_id == row.id, CountRow.mark == "satisfied")
        desk.session.execute(kept.values(count=count))


def test_vote_in_which_more_came_back_than_was_handed_out_is_void_and_held_again(here: Hall) -> None:
    codes = here.phones(member=3)["member"]
    row = here.open(given=Given({(SITTING, "member"): Issued(3)}))
    for code in [*codes, *here.codes("member", 1)]:
        here.cast(row, code, whole(jyj="satisfied", kjj="satisfied"))
    void = here.close_round(row)
    assert (void.status, bool(void.digest), void.urn_key, here.results()) == ("void", True, None, [])
    assert "4" in void.why_void
    assert here.close_round(row).status == "void"
    again = here.open()
    assert (again.number, again.units) == (2, ["jyj", "kjj"])


def test_round_that_is_broken_off_counts_nothing_and_is_held_again(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = here.open()
    here.cast(row, codes["member"][0], whole(jyj="satisfied"))
    for _ in range(2):
        void = here.void(row)
    assert (void.status, void.why_void, void.urn_key, void.digest) == ("void", "投票系统断网", None, "")
    assert (here.kept(row), len(here.facts("round:voided"))) == ((0, 1, 0), 1)
    with refused("round.closed", ballot=BALLOT, number=1, status="void"):
        here.close_round(row)
    again = here.open()
    here.cast(again, codes["member"][0], whole(jyj="satisfied"))
    assert (again.number, here.kept(again)) == (2, (1, 1, 0))


@pytest.mark.parametrize("why", ["", "  ", "长" * 2001])
def test_round_is_not_broken_off_without_a_reason(full: tuple[Hall, dict[str, list[str]]], why: str) -> None:
    row = full[0].open()
    with refused("round.why", most=2000):
        full[0].void(row, why)


def test_closed_round_is_neither_voided_nor_added_to(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = vote(here, codes["member"], "satisfied")
    with refused("round.closed", ballot=BALLOT, number=1, status="closed"):
        here.void(row)
    with refused("round.closed", ballot=BALLOT, number=1, status="closed"):
        here.issue(row, "member", 4, 0)


def test_second_round_waits_for_its_event_and_replaces_the_result(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = here.open()
    for code in codes["deputy"]:
        here.cast(row, code, whole(jyj="dissatisfied", kjj="satisfied"))
    here.close_round(row)
    assert obstacles(here) == [("round.too_early", {"ballot": BALLOT, "units": ["市教育局"]})]
    here.set_event("reported", "2023-09-28", "2023-09-28T11:00", "jyj")
    assert obstacles(here, at="2023-09-28T11:00")[0][0] == "round.too_early"
    with here.desk("office-1", "2023-09-28T11:00") as desk:
        events.set_event(desk, here.slug, "reported", instant("2023-09-28T10:50"), "jyj")
    second = here.open(at="2023-09-28T11:00")
    assert (second.number, second.units) == (2, ["jyj"])
    for code in codes["deputy"]:
        here.cast(second, code, whole(jyj="dissatisfied"), "2023-09-28T11:05")
    here.close_round(second, "2023-09-28T11:10")
    found = [(each.unit.code, each.round, each.grade, each.stands) for each in here.results()]
    assert sorted(found) == [("jyj", 1, "不满意", False), ("jyj", 2, "不满意", True), ("kjj", 1, "满意", True)]
    assert obstacles(here, at="2023-09-28T12:00") == [("round.no_units", {"ballot": BALLOT})]


def test_sealed_result_is_recorded_and_shown_to_nobody_until_it_is_released(
    full: tuple[Hall, dict[str, list[str]]],
) -> None:
    here, codes = full
    row = here.open("dimensions", AWARE)
    for code in codes["member"]:
        here.cast(row, code, {"jyj": {"": ("satisfied",), "work": ("basic",), "style": ("satisfied",)}})
    for voters in ("member", "deputy", "citizen"):
        line = {subject: {"satisfied": 2} for subject in ("", "work", "style")}
        here.tell_twice(row, voters, (3, 2), {"jyj": line, "kjj": line}, "survey")
    closed = here.close_round(row)
    assert (closed.status, closed.released_at, [each.released for each in here.results("dimensions")]) == (
        "closed", None, [False, False]
    )  # fmt: skip
    assert (here.facts("result:recorded"), here.letters("result-recorded")) == ([], [])
    with refused("round.not_yours_to_release", role="主任"):
        here.release(closed, who="office-1")
    for _ in range(2):
        shown = here.release(closed)
    assert shown.released_at == instant("2023-09-28T18:00")
    assert [each.released for each in here.results("dimensions")] == [True, True]
    assert (len(here.facts("result:recorded")), len(here.facts("round:released"))) == (2, 1)
    assert here.letters("result-recorded", "市教育局") == ["jyj-head"]


def test_scores_are_counted_exactly(full: tuple[Hall, dict[str, list[str]]]) -> None:
    here, codes = full
    row = here.open("scored")
    for code, score in zip(codes["deputy"], ["79.5", "80", "80.0", "80.5"], strict=True):
        here.cast(row, code, whole(jyj=score, kjj="0"))
    here.close_round(row)
    found = {each.unit.code: (each.grade, each.detail["score"], each.counts) for each in here.results("scored")}
    assert found == {
        "jyj": ("好", "80", {"79.5": 1, "80": 2, "80.5": 1}),
        "kjj": ("一般", "0", {"0": 4}),
    }


def test_ballot_by_name_keeps_who_voted_what(here: Hall) -> None:
    here.phones(member=2)
    row = here.open("named", Given())
    mine = here.own_code("member1")
    receipts = {here.cast(row, mine, whole(jyj="satisfied", kjj="basic")) for _ in range(2)}
    assert len(receipts) == 1
    with refused("ballot.spent", ballot="记名表决"):
        here.cast(row, mine, whole(jyj="basic", kjj="basic"))
    closed = here.close_round(row)
    assert (closed.status, receipts_of(closed), [each.returned for each in here.results("named")]) == (
        "closed", [], [1, 1]
    )  # fmt: skip
