from dataclasses import replace
from datetime import date
from uuid import uuid4

from appraisal.domain.problems import Draft
from appraisal.operations.assigning import assign
from appraisal.operations.gathering import drop, merge
from appraisal.operations.loading import campaign_by
from appraisal.operations.problem_list import (
    ProblemsSought,
    own_problems,
    problem_lines,
    problem_of,
    ranking_of,
    sees,
    status_counts,
)
from tests.operations.listing import AT, DUE, FULL, Listing
from tests.operations.world import refused

ON = date(2023, 9, 1)


def numbers(listing: Listing, **what: object) -> list[int]:
    with listing.office.store.reading() as session:
        lines = problem_lines(session, listing.slug, ProblemsSought(**what))  # type: ignore[arg-type]
        return [line.row.number for line in lines]


def own(listing: Listing, who: str) -> list[int]:
    with listing.office.store.reading() as session:
        return [line.row.number for line in own_problems(session, listing.slug, listing.person(who), ON)]


def test_list_is_narrowed_by_what_is_sought(listing: Listing) -> None:
    listing.record()
    listing.record(Draft("校舍老旧", "kjj", detail="农村小学", classes={"时间": "立行立改"}))
    listing.record(Draft("统一清单", "jyj", leader="王局长", due_on=DUE, kind="suggestion"))
    assert numbers(listing) == [1, 2, 3]
    assert numbers(listing, text="农村 校舍") == [2]
    assert numbers(listing, unit="jyj") == [1, 3]
    assert numbers(listing, kind="suggestion") == [3]
    assert numbers(listing, classes={"time": "long"}) == [1]
    assert numbers(listing, status="lacking") == [2]


def test_what_was_merged_or_dropped_is_listed_only_when_asked_for(listing: Listing) -> None:
    for title in ("甲", "乙", "丙"):
        listing.record(Draft(title, "jyj"))
    with listing.desk("office-1", AT) as desk:
        merge(desk, listing.slug, 2, 1)
        drop(desk, listing.slug, 3, "不属实")
    assert (numbers(listing), numbers(listing, status="merged"), numbers(listing, status="dropped")) == ([1], [2], [3])
    with listing.office.store.reading() as session:
        counts = status_counts(session, campaign_by(session, listing.slug))
    assert {status: count for status, count in counts.items() if count} == {"found": 1, "merged": 1, "dropped": 1}


def test_unit_sees_its_own_problems_once_they_are_assigned(listing: Listing) -> None:
    listing.record(replace(FULL, supporting=["kjj"]))
    listing.record(replace(FULL, title="校舍老旧"))
    assert own(listing, "jyj-handler") == []
    with listing.desk("office-1", AT) as desk:
        assign(desk, listing.slug, [1])
    for who, theirs in {"jyj-handler": [1], "jyj-head": [1], "kjj-handler": [1], "czj-handler": []}.items():
        assert own(listing, who) == theirs
    with listing.office.store.reading() as session:
        seen = {
            (who, number): sees(session, listing.problem(number), listing.person(who), ON)
            for who in ("jyj-handler", "czj-handler", "office-1")
            for number in (1, 2)
        }
    assert [key for key, may in seen.items() if may] == [("jyj-handler", 1), ("office-1", 1), ("office-1", 2)]


def test_problem_that_is_not_there_is_refused(listing: Listing) -> None:
    with refused("problem.missing"), listing.office.store.reading() as session:
        problem_of(session, uuid4())


def test_units_are_ranked_by_the_problems_they_lead_on(listing: Listing) -> None:
    listing.record()
    listing.record(replace(FULL, title="校舍老旧"))
    for unit in ("czj", "mzj"):
        listing.record(replace(FULL, unit=unit, title="办件超时"))
    listing.record(Draft("统一清单", "czj", leader="王局长", due_on=DUE, kind="suggestion"))
    listing.record(Draft("无人认领"))
    with listing.desk("office-1", AT) as desk:
        assign(desk, listing.slug, [1])
    listing.close_problem(AT, 2)
    with listing.office.store.reading() as session:
        lines = ranking_of(session, listing.slug)
    figures = [(line.rank, line.tied, line.code, line.count, line.assigned, line.closed) for line in lines]
    assert figures == [
        (1, False, "jyj", 2, 1, 1),
        (2, True, "mzj", 1, 0, 0),
        (2, True, "czj", 1, 0, 0),
        (4, False, "kjj", 0, 0, 0),
    ]
    assert [line.appraised for line in lines] == [True, False, False, True]
