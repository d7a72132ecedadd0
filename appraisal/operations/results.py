"""Results of a vote, as the meeting announced them and staff enter them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.registry import GRADERS
from appraisal.method.schema import Method
from appraisal.operations.events import happen
from appraisal.operations.loading import campaign_by, method_of, target_by
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ResultRow


@dataclass(frozen=True)
class Tally:
    """The papers of one unit as the tellers read them out (张), and the marks by option key."""

    issued: int
    returned: int
    valid: int
    counts: Mapping[str, int]


def record_result(desk: Desk, slug: str, ballot: str, unit: str, read_out: Tally, grade: str) -> ResultRow:
    """Enter the result of one unit; the same result again does nothing, another one is refused.

    Refuses counts that do not add up (回收 ≤ 发出, 有效 ≤ 回收, 各项之和 = 有效), an option or a grade that the
    ballot does not have, and a unit that is not appraised.
    """
    campaign = campaign_by(desk.session, slug)
    terms = _ballot(method_of(campaign), ballot)
    target = target_by(campaign, unit)
    _phase_is_open(campaign, terms)
    tally = _by_key(terms, read_out)
    full = {option.key: tally.counts.get(option.key, 0) for option in terms.options}
    _adds_up(terms, tally)
    graded = GRADERS[terms.grading.rule](terms, grade)
    key = identity("result", slug, ballot, target.code)
    existing = desk.session.get(ResultRow, key)
    same = (tally.issued, tally.returned, tally.valid, full, graded)
    if existing is not None:
        if (existing.issued, existing.returned, existing.valid, existing.counts, existing.grade) == same:
            return existing
        raise Refusal("result.recorded_already", unit=target.name, ballot=terms.title, grade=existing.grade)
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
        recorded_by=desk.work.actor,
        recorded_at=desk.now,
    )
    desk.session.add(row)
    facts = asdict(tally) | {"ballot": ballot, "unit": target.code, "counts": full, "grade": graded}
    desk.record(slug, f"result:{key}", Action.RESULT_RECORDED, **facts)
    happen(desk, campaign, [f"{ballot}.recorded", "result.recorded"], desk.now, target)
    _show(desk, campaign, terms, row)
    return row


def counts_text(terms: Ballot, counts: Mapping[str, int]) -> str:
    """The counts in words: 满意 28、基本满意 3、不满意 0."""
    return "、".join(f"{option.title} {counts.get(option.key, 0)}" for option in terms.options)


def _ballot(method: Method, key: str) -> Ballot:
    for ballot in method.ballots:
        if ballot.key == key:
            return ballot
    raise Refusal("ballot.unknown", ballot=key, known=[f"{ballot.title}（{ballot.key}）" for ballot in method.ballots])


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
    facts = {"what": terms.title, "grade": row.grade, "counts_text": counts_text(terms, row.counts)}
    paper = letter(
        campaign, "result-recorded", f"{terms.key}/{row.unit.code}", terms.shown.to, page, facts, owner=row.unit
    )
    tell(desk, campaign, [paper])
