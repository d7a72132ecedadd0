"""Results of a vote, as the meeting announced them and staff enter them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from appraisal.domain.count import SITTING, VOTERS, WHOLE, Count, Line, Turnout, Verdict
from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.registry import announced
from appraisal.method.schema import Method
from appraisal.method.vote_words import Recording
from appraisal.operations.consequences import follow
from appraisal.operations.events import happen
from appraisal.operations.further_rounds import rounds_due, standing
from appraisal.operations.loading import campaign_by, method_of, target_by
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ResultRow
from appraisal.store.register_tables import UnitRow


@dataclass(frozen=True)
class Tally:
    """The papers of one unit as the tellers read them out (张), and the marks by option key."""

    issued: int
    returned: int
    valid: int
    counts: Mapping[str, int]


def record_result(
    desk: Desk, slug: str, ballot: str, unit: str, read_out: Tally, grade: str, number: int = 1
) -> ResultRow:
    """Enter the result of one unit in a round; the same result again does nothing, another one is refused.

    Refuses counts that do not add up (回收 ≤ 发出, 有效 ≤ 回收, 各项之和 = 有效), an option or a grade that the
    ballot does not have, a unit that is not appraised, a round that is not due, and a ballot that is counted here.
    """
    campaign = campaign_by(desk.session, slug)
    terms = _entered(method_of(campaign), ballot)
    target = target_by(campaign, unit)
    _phase_is_open(campaign, terms)
    tally = _by_key(terms, read_out)
    full = {option.key: tally.counts.get(option.key, 0) for option in terms.options}
    _adds_up(terms, tally)
    graded = announced(terms, grade)
    key = identity("result", slug, ballot, target.code, *([number] if number > 1 else []))
    existing = desk.session.get(ResultRow, key)
    same = (tally.issued, tally.returned, tally.valid, full, graded)
    if existing is not None:
        if (existing.issued, existing.returned, existing.valid, existing.counts, existing.grade) == same:
            return existing
        raise Refusal("result.recorded_already", unit=target.name, ballot=terms.title, grade=existing.grade)
    _supersede(desk, campaign, terms, target, number)
    row = ResultRow(
        id=key,
        campaign_id=campaign.id,
        ballot=ballot,
        unit=target,
        issued=tally.issued,
        returned=tally.returned,
        valid=tally.valid,
        counts=full,
        grade=graded,
        round=number,
        stands=True,
        released=True,
        detail={},
        recorded_by=desk.work.actor,
        recorded_at=desk.now,
    )
    desk.session.add(row)
    facts = asdict(tally) | {"ballot": ballot, "unit": target.code, "counts": full, "grade": graded, "round": number}
    desk.record(slug, f"result:{key}", Action.RESULT_RECORDED, **facts)
    happen(desk, campaign, [f"{ballot}.recorded", "result.recorded"], desk.now, target)
    _show(desk, campaign, terms, row)
    rows = standing(desk.session, campaign, ballot)
    follow(desk, campaign, terms, read_out_count(rows), rows)
    return row


def read_out_count(rows: Sequence[ResultRow]) -> Count:
    """The count of a vote of which only the marks of each unit were read out: one channel, one class."""
    lines = tuple(
        Line(SITTING, VOTERS, row.unit.code, WHOLE, mark, Verdict.VALID, int(count))
        for row in rows
        for mark, count in row.counts.items()
        if count
    )
    issued, returned = (max((getattr(row, name) for row in rows), default=0) for name in ("issued", "returned"))
    return Count(lines, {(SITTING, VOTERS): Turnout(issued=issued, returned=returned)})


def counts_text(terms: Ballot, counts: Mapping[str, int]) -> str:
    """The counts in words: 满意 28、基本满意 3、不满意 0; empty where there are none, as of a sealed result."""
    if not counts:
        return ""
    return "、".join(f"{option.title} {counts.get(option.key, 0)}" for option in terms.options)


def _entered(method: Method, key: str) -> Ballot:
    for ballot in method.ballots:
        if ballot.key == key:
            if ballot.recording is Recording.COUNTED:
                raise Refusal("result.counted", ballot=ballot.title)
            return ballot
    raise Refusal("ballot.unknown", ballot=key, known=[f"{ballot.title}（{ballot.key}）" for ballot in method.ballots])


def _supersede(desk: Desk, campaign: CampaignRow, terms: Ballot, unit: UnitRow, number: int) -> None:
    """The result of the round before stands no more; Refusal where none calls for this round."""
    before = next((row for row in standing(desk.session, campaign, terms.key) if row.unit.id == unit.id), None)
    due = {due.unit.id: due.number for due in rounds_due(desk.session, campaign, terms)}
    if number != (due.get(unit.id) if before else 1):
        last = before.round if before else 0
        raise Refusal("result.round_not_due", unit=unit.name, ballot=terms.title, round=number, last=last)
    if before is not None:
        before.stands = False


def _phase_is_open(campaign: CampaignRow, terms: Ballot) -> None:
    phase = next(row for row in campaign.phases if row.key == terms.held_in)
    if phase.status != "open":
        raise Refusal("result.phase_not_open", phase=phase.title, ballot=terms.title)


def _by_key(terms: Ballot, tally: Tally) -> Tally:
    """The marks under the keys of the options: the tellers read out titles."""
    keys = {option.title: option.key for option in terms.options}
    counts: dict[str, int] = {}
    for option, count in tally.counts.items():
        key = keys.get(option, option)
        counts[key] = counts.get(key, 0) + count
    return replace(tally, counts=counts)


def _adds_up(terms: Ballot, tally: Tally) -> None:
    unknown = sorted(set(tally.counts) - {option.key for option in terms.options})
    if unknown:
        raise Refusal("result.unknown_option", options=unknown, known=[option.title for option in terms.options])
    if min(tally.issued, tally.returned, tally.valid, *tally.counts.values(), 0) < 0:
        raise Refusal("result.negative")
    if tally.returned > tally.issued:
        raise Refusal("result.returned_exceeds_issued", issued=tally.issued, returned=tally.returned)
    if tally.valid > tally.returned:
        raise Refusal("result.valid_exceeds_returned", returned=tally.returned, valid=tally.valid)
    if sum(tally.counts.values()) != tally.valid:
        raise Refusal("result.counts_differ", valid=tally.valid, total=sum(tally.counts.values()))


def _show(desk: Desk, campaign: CampaignRow, terms: Ballot, row: ResultRow) -> None:
    page = f"/campaigns/{campaign.slug}"
    key = "/".join([terms.key, row.unit.code, *([str(row.round)] if row.round > 1 else [])])
    facts = {"what": terms.title, "grade": row.grade, "counts_text": counts_text(terms, row.counts)}
    paper = letter(campaign, "result-recorded", key, terms.shown.to, page, facts, owner=row.unit)
    tell(desk, campaign, [paper])
