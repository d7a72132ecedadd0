"""Results of a round that the system counted: graded, recorded unit by unit, shown at once or sealed until released."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.count import WHOLE, Count
from appraisal.domain.facts import Action
from appraisal.domain.grading import Graded, graded
from appraisal.domain.numerals import decimal
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.grading_rules import grade_title, subjects_of, terms_of
from appraisal.notices.recipients import holders
from appraisal.notices.wording import phrase
from appraisal.operations.clerks import PERSON, clerk_at
from appraisal.operations.consequences import follow
from appraisal.operations.counting import count_of
from appraisal.operations.events import happen
from appraisal.operations.further_rounds import shown_grade, standing
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.results import counts_text
from appraisal.operations.round_records import ballot_of, sealed
from appraisal.operations.telling import letter, tell
from appraisal.operations.turnouts import turnout_of
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ResultRow


def record_results(desk: Desk, row: RoundRow, count: Count) -> list[ResultRow]:
    """A result for every unit of the round; those of earlier rounds stand no more."""
    method, ballot = method_of(row.campaign), ballot_of(row)
    found = graded(terms_of(method, ballot), count, row.units)
    units = {target.unit.code: target.unit for target in row.campaign.targets}
    for earlier in standing(desk.session, row.campaign, ballot.key):
        if earlier.unit.code in row.units:
            earlier.stands = False
    issued, returned = (sum(getattr(each, name) or 0 for each in turnout_of(row)) for name in ("issued", "returned"))
    results = [
        ResultRow(
            id=identity("result", row.campaign.slug, ballot.key, code, row.number),
            campaign_id=row.campaign_id,
            ballot=ballot.key,
            unit=units[code],
            issued=issued,
            returned=returned,
            valid=found[code].valid,
            counts=_first(ballot, found[code]),
            grade=grade_title(ballot, found[code].grade or "") if found[code].grade else "",
            round=row.number,
            stands=True,
            released=not sealed(row),
            detail=_detail(found[code]),
            recorded_by=desk.work.actor,
            recorded_at=desk.now,
        )
        for code in row.units
    ]
    desk.session.add_all(results)
    desk.session.flush()
    if not sealed(row):
        _publish(desk, row, results, count)
    return results


def release_results(desk: Desk, row: RoundRow) -> None:
    """Show the results of a round that was sealed, and have follow what follows from them."""
    results = results_of(desk.session, row)
    for result in results:
        result.released = True
    desk.session.flush()
    _publish(desk, row, results, count_of(desk.session, row))


def results_of(session: Session, row: RoundRow) -> Sequence[ResultRow]:
    """The results of one round, in the order of its units."""
    mine = ResultRow.campaign_id == row.campaign_id, ResultRow.ballot == row.ballot, ResultRow.round == row.number
    found = session.scalars(select(ResultRow).where(*mine))
    return sorted(found, key=lambda result: row.units.index(result.unit.code))


def may_release(desk: Desk, row: RoundRow) -> None:
    """Whoever holds the role that the method names, or the office where it names none; Refusal for others."""
    role = ballot_of(row).shown.released_by
    if role is None:
        clerk_at(desk)
        return
    actor = desk.work.actor
    people = {found.person.code for found in holders(desk.session, role, None, desk.now.date())}
    if actor.startswith(PERSON) and actor.removeprefix(PERSON) not in people:
        raise Refusal("round.not_yours_to_release", role=method_of(row.campaign).role(role).title)


def _publish(desk: Desk, row: RoundRow, results: Sequence[ResultRow], count: Count) -> None:
    ballot, slug = ballot_of(row), row.campaign.slug
    for result in results:
        facts = {"ballot": ballot.key, "unit": result.unit.code, "round": row.number, "grade": result.grade}
        papers = {"issued": result.issued, "returned": result.returned, "valid": result.valid}
        desk.record(slug, f"result:{result.id}", Action.RESULT_RECORDED, **facts, **papers, counts=result.counts)
        happen(desk, row.campaign, [f"{ballot.key}.recorded", "result.recorded"], desk.now, result.unit)
        _show(desk, row, ballot, result)
    follow(desk, row.campaign, ballot, count, results)


def _show(desk: Desk, row: RoundRow, ballot: Ballot, result: ResultRow) -> None:
    if not ballot.shown.to:
        return
    key = "/".join([ballot.key, result.unit.code, *([str(row.number)] if row.number > 1 else [])])
    facts = {"what": ballot.title, "grade": shown_grade(result), "counts_text": _counts_text(ballot, result)}
    page = f"/campaigns/{row.campaign.slug}"
    paper = letter(row.campaign, "result-recorded", key, ballot.shown.to, page, facts, owner=result.unit)
    tell(desk, row.campaign, [paper])


def _counts_text(ballot: Ballot, result: ResultRow) -> str:
    papers = phrase("result.papers", issued=result.issued, returned=result.returned, valid=result.valid)
    score = result.detail["score"]
    if ballot.options:
        return f"{papers}；{counts_text(ballot, result.counts)}"
    return f"{papers}；{phrase('result.score', score=decimal(Fraction(score)))}" if score else papers


def _first(ballot: Ballot, found: Graded) -> dict[str, int]:
    """The marks on the whole, or on the first subject where nothing is marked on the whole; every option is there."""
    subjects = [key for key, _ in subjects_of(ballot)]
    shown = WHOLE if WHOLE in subjects else subjects[0]
    return dict.fromkeys([option.key for option in ballot.options], 0) | dict(found.counts.get(shown, {}))


def _detail(found: Graded) -> dict[str, Any]:
    return {
        "working": [{"code": step.code, "facts": dict(step.facts)} for step in found.working],
        "score": _plain(found.score),
        "place": found.place,
        "satisfaction": _plain(found.satisfaction),
        "base": found.base,
        "share": _plain(found.share),
        "valid": found.valid,
        "invalid": found.invalid,
        "abstained": found.abstained,
        "counts": _by_subject(found.counts),
    }


def _by_subject(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {subject: dict(marks) for subject, marks in counts.items()}


def _plain(value: Fraction | None) -> str | None:
    """Exactly, as 7/8."""
    return None if value is None else str(value)
