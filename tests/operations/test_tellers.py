"""Tellers: two count by themselves, a difference stops the count and says where, never by how much."""

from dataclasses import replace
from itertools import count

import pytest

from appraisal.domain.count import SITTING
from appraisal.operations.office import Office
from appraisal.operations.tellers import ABSTAINED, INVALID, Difference, Sheet, differences
from appraisal.store.ballot_tables import RoundRow
from tests.operations.ballot_world import AWARE, Hall, hall, whole
from tests.operations.world import refused

SLUGS = count(1)
BALLOT = "满意度测评"
COUNTS = {
    "jyj": {"": {"satisfied": 2, "basic": 1, INVALID: 1}},
    "kjj": {"": {"dissatisfied": 3, ABSTAINED: 1}},
}
FIRST = Sheet(SITTING, "member", 1, "计票人甲", 4, 4, COUNTS)
SECOND = replace(FIRST, teller=2, name="计票人乙")


@pytest.fixture
def here(office: Office) -> Hall:
    return hall(office, f"tellers-{next(SLUGS)}")


@pytest.fixture
def on_paper(here: Hall) -> tuple[Hall, RoundRow]:
    """Four members with papers, three deputies with phones."""
    here.phones(deputy=3)
    here.seat(member=4)
    for number in range(1, 5):
        here.take_paper(f"member{number}")
    return here, here.open()


def differing(here: Hall, row: RoundRow) -> list[Difference]:
    with here.office.store.reading() as session:
        return differences(session, session.get_one(RoundRow, row.id))


def test_papers_are_counted_once_two_tellers_agree(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    with refused("round.sheets_missing", ballot=BALLOT, places=["常委会组成人员"]):
        here.close_round(row)
    for _ in range(2):
        here.tell(row, FIRST)
    assert [(each.sheets, each.sheets_due, each.agree) for each in here.progress(row).classes] == [
        (1, 2, None),
        (0, 0, None),
        (0, 0, None),
    ]
    with refused("round.sheets_missing", ballot=BALLOT, places=["常委会组成人员"]):
        here.close_round(row)
    here.tell(row, SECOND)
    assert (here.progress(row).classes[0].agree, here.progress(row).ready, differing(here, row)) == (True, True, [])
    here.close_round(row)
    found = {each.unit.code: (each.issued, each.returned, each.valid, each.counts) for each in here.results()}
    assert found == {
        "jyj": (7, 4, 3, {"satisfied": 2, "basic": 1, "dissatisfied": 0}),
        "kjj": (7, 4, 3, {"satisfied": 0, "basic": 0, "dissatisfied": 3}),
    }
    assert len(here.facts("round:told")) == 2


def test_difference_between_tellers_stops_the_count_and_says_where(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    other = {**COUNTS, "kjj": {"": {"dissatisfied": 2, "basic": 1, ABSTAINED: 1}}}
    here.tell(row, FIRST)
    here.tell(row, replace(SECOND, counts=other))
    assert differing(here, row) == [
        Difference(SITTING, "member", "kjj", "", "basic"),
        Difference(SITTING, "member", "kjj", "", "dissatisfied"),
    ]
    where = ["常委会组成人员：市科学技术局·基本满意", "常委会组成人员：市科学技术局·不满意"]
    with refused("round.sheets_differ", ballot=BALLOT, where=where):
        here.close_round(row)
    assert here.progress(row).classes[0].agree is False
    here.tell(row, SECOND)
    assert here.close_round(row).status == "closed"


@pytest.mark.parametrize("papers", [(4, 3), (5, 4), (5, 3)])
def test_tellers_who_differ_in_papers_stop_the_count(on_paper: tuple[Hall, RoundRow], papers: tuple[int, int]) -> None:
    here, row = on_paper
    here.tell(row, replace(FIRST, counts={}, returned=0))
    issued, returned = papers
    lines = {unit: {"": {"satisfied": returned}} for unit in ("jyj", "kjj")}
    here.tell(row, replace(SECOND, issued=issued, returned=returned, counts=lines))
    with refused("round.sheets_differ", ballot=BALLOT, where=[
        "常委会组成人员：发出或收回的张数",
        "常委会组成人员：市教育局·满意",
        "常委会组成人员：市科学技术局·满意",
    ]):  # fmt: skip
        here.close_round(row)


def test_papers_that_were_not_handed_out_stop_the_count_though_tellers_agree(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    for sheet in (FIRST, SECOND):
        here.tell(row, replace(sheet, issued=5))
    with refused("round.sheets_differ", ballot=BALLOT, where=["常委会组成人员：发出或收回的张数"]):
        here.close_round(row)


def test_paper_that_came_back_and_was_not_handed_out_voids_the_vote(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    lines = {unit: {"": {"satisfied": 5}} for unit in ("jyj", "kjj")}
    here.tell_twice(row, "member", (4, 5), lines)
    assert (here.close_round(row).status, here.results()) == ("void", [])


def test_phones_and_papers_are_one_tally(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    for code in here.codes("deputy", 3):
        here.cast(row, code, whole(jyj="satisfied", kjj="satisfied"))
    here.tell(row, FIRST)
    here.tell(row, SECOND)
    closed = here.close_round(row)
    assert [(each["voters"], each["issued"], each["returned"]) for each in closed.turnout] == [
        ("member", 4, 4),
        ("deputy", 3, 3),
        ("citizen", 0, 0),
    ]
    assert {each.unit.code: each.counts["satisfied"] for each in here.results()} == {"jyj": 5, "kjj": 3}


def test_channel_counted_elsewhere_is_entered_by_two_tellers(here: Hall) -> None:
    here.phones(member=3)
    row = here.open("dimensions", AWARE)
    places = ["问卷测评·常委会组成人员", "问卷测评·人大代表", "问卷测评·市民代表"]
    with refused("round.sheets_missing", ballot="分维度测评", places=places):
        here.close_round(row)
    line = {subject: {"satisfied": 30, "basic": 10} for subject in ("", "work", "style")}
    for voters in ("member", "deputy", "citizen"):
        here.tell_twice(row, voters, (50, 40), {"jyj": line, "kjj": line}, "survey")
    closed = here.close_round(row)
    assert [(each["channel"], each["issued"], each["returned"]) for each in closed.turnout[3:]] == [
        ("survey", 50, 40)
    ] * 3  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "code", "facts"),
    [
        (replace(FIRST, voters="deputy"), "sheet.not_expected", {"ballot": BALLOT, "known": ["常委会组成人员"]}),
        (replace(FIRST, channel="survey"), "sheet.not_expected", {"ballot": BALLOT, "known": ["常委会组成人员"]}),
        (replace(FIRST, teller=3), "sheet.teller", {"most": 2}),
        (replace(FIRST, name=" "), "sheet.nameless", {"most": 40}),
        (replace(FIRST, name="长" * 41), "sheet.nameless", {"most": 40}),
        (replace(FIRST, returned=-1), "sheet.papers", {"most": 10_000_000}),
        (replace(FIRST, issued=10_000_001), "sheet.papers", {"most": 10_000_000}),
        (replace(FIRST, counts=COUNTS | {"gaj": {"": {"satisfied": 4}}}), "sheet.lines_unknown",
         {"ballot": BALLOT, "lines": ["gaj"]}),
        (replace(FIRST, counts=COUNTS | {"kjj": {"": {"excellent": 4}}}), "sheet.marks_unknown",
         {"line": "市科学技术局", "mark": "excellent"}),
        (replace(FIRST, counts=COUNTS | {"kjj": {"": {"satisfied": 5, "basic": -1}}}), "sheet.negative",
         {"line": "市科学技术局·基本满意"}),
        (replace(FIRST, counts=COUNTS | {"kjj": {"": {"satisfied": 3}}}), "sheet.adds_up",
         {"line": "市科学技术局", "total": 3, "returned": 4}),
        (replace(FIRST, counts={}), "sheet.adds_up", {"line": "市教育局", "total": 0, "returned": 4}),
    ],
)  # fmt: skip
def test_sheet_that_cannot_be_is_refused(
    on_paper: tuple[Hall, RoundRow], sheet: Sheet, code: str, facts: dict[str, object]
) -> None:
    here, row = on_paper
    with refused(code, **facts):
        here.tell(row, sheet)
    assert here.facts("round:told") == []


def test_one_teller_does_not_enter_both_sheets(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    here.tell(row, FIRST)
    with refused("sheet.same_teller", name="计票人甲"):
        here.tell(row, replace(SECOND, name=" 计票人甲 "))


def test_sheet_is_not_entered_once_the_round_is_closed(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    here.tell(row, FIRST)
    here.tell(row, SECOND)
    here.close_round(row)
    with refused("round.closed", ballot=BALLOT, number=1, status="closed"):
        here.tell(row, FIRST)


def test_ledger_tells_that_a_sheet_is_there_and_not_what_it_says(on_paper: tuple[Hall, RoundRow]) -> None:
    here, row = on_paper
    here.tell(row, FIRST)
    told = {"channel": SITTING, "voters": "member", "teller": 1, "name": "计票人甲"}
    assert here.facts("round:told") == [{"ballot": "satisfaction", "number": 1, **told}]
