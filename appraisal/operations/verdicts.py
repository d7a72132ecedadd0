"""How a verdict was come to (现场、书面核查), and what a look-back found (回头看)."""

from dataclasses import dataclass
from datetime import date

from appraisal.domain.counting import count
from appraisal.domain.problems import LookBack
from appraisal.domain.refusal import Refusal
from appraisal.method.duties import Duty
from appraisal.method.words import Manner, OwedBy
from appraisal.operations.office import Desk
from appraisal.operations.relapsing import relapse
from appraisal.store.campaign_tables import ObligationRow


@dataclass(frozen=True)
class Verified:
    """In which manner, and on which day, what was handed in was looked at."""

    manner: Manner | None = None
    on: date | None = None

    @property
    def facts(self) -> dict[str, str]:
        """As the ledger keeps it; nothing where nothing was said."""
        return {"manner": str(self.manner), "verified_on": str(self.on)} if self.manner else {}


UNSAID = Verified()


def check_verified(desk: Desk, duty: Duty, row: ObligationRow, verified: Verified) -> None:
    """Refuse a manner that the method does not allow or that is missing, and a day that cannot be.

    The day of verification is not before the paper was handed in, and not in the future.
    """
    if not duty.manners:
        if verified != UNSAID:
            raise Refusal("verdict.no_manner", duty=row.title)
        return
    if verified.manner is None or verified.on is None:
        raise Refusal("verdict.needs_manner", duty=row.title, allowed=[str(manner) for manner in duty.manners])
    if verified.manner not in duty.manners:
        allowed = [str(manner) for manner in duty.manners]
        raise Refusal("verdict.manner_not_allowed", duty=row.title, manner=str(verified.manner), allowed=allowed)
    if verified.on > desk.office.hours.day_of(desk.now):
        raise Refusal("verdict.in_future", duty=row.title, on=verified.on.isoformat())
    handed_in = desk.office.hours.day_of(row.submissions[-1].at) if row.submissions else verified.on
    if verified.on < handed_in:
        facts = {"on": verified.on.isoformat(), "handed_in": handed_in.isoformat()}
        raise Refusal("verdict.before_submission", duty=row.title, **facts)


def check_finding(duty: Duty, row: ObligationRow, finding: LookBack | None) -> None:
    """A look-back says what it found, and nothing else does."""
    if (duty.owed_by is OwedBy.EACH_CLOSED) == (finding is not None):
        return
    raise Refusal("submission.no_finding" if finding else "submission.needs_finding", duty=row.title)


def check_ripe(desk: Desk, duty: Duty, row: ObligationRow, finding: LookBack | None) -> None:
    """That it holds is found no sooner than the method says; a relapse may be found at any time."""
    closed_at = row.problem.closed_at if row.problem else None
    if duty.not_before is None or closed_at is None or finding is not LookBack.HOLDS:
        return
    hours = desk.office.hours
    first = count(hours.day_of(closed_at), duty.not_before, 1, False, desk.office.calendar).day
    if hours.day_of(desk.now) < first:
        raise Refusal("submission.too_early", duty=row.title, closed_on=hours.day_of(closed_at), first=first)


def relapsed(desk: Desk, row: ObligationRow) -> None:
    """Open the problem again where the look-back, now that it stands, has found a relapse."""
    last = row.submissions[-1]
    if row.problem is not None and last.finding == LookBack.RELAPSED:
        relapse(desk, row.campaign, row.problem, last.by, last.text)
