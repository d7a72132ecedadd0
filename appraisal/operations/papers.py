"""Papers as they are handed in: words and files, how far a problem is, and what a look-back found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.domain.lifecycle import ObligationStatus
from appraisal.domain.problems import LookBack
from appraisal.domain.refusal import Refusal
from appraisal.method.duties import Duty
from appraisal.method.words import Evidence
from appraisal.operations.office import Desk
from appraisal.operations.progress_notes import asked_percent
from appraisal.operations.verdicts import check_finding, check_ripe
from appraisal.store.base import identity
from appraisal.store.campaign_tables import AttachmentRow, ObligationRow, SubmissionRow


@dataclass(frozen=True)
class StoredFile:
    """A file that has been checked and kept under a random name (see ``operations.uploads``).

    ``speaks_of`` is the day that it is evidence of.
    """

    name: str
    media_type: str
    size: int
    digest: str
    stored_as: str
    speaks_of: date | None = None


@dataclass(frozen=True)
class Paper:
    """What is handed in; ``percent`` where the duty asks how far the problem is, ``finding`` of a look-back."""

    text: str
    files: Sequence[StoredFile] = ()
    percent: int | None = None
    finding: LookBack | None = None


def is_last_paper(row: ObligationRow, paper: Paper) -> bool:
    """Whether this very paper was handed in last, and nothing has come of it that asks for another."""
    if row.status not in (ObligationStatus.SUBMITTED, ObligationStatus.SETTLED) or not row.submissions:
        return False
    last = row.submissions[-1]
    if (last.text, last.percent, last.finding) != (paper.text, paper.percent, paper.finding):
        return False
    kept = [(each.digest, each.speaks_of) for each in last.attachments]
    return kept == [(file.digest, file.speaks_of) for file in paper.files]


def check_paper(desk: Desk, duty: Duty, row: ObligationRow, paper: Paper) -> None:
    """Refuse a paper that is not what the duty asks for, or evidence of a day that is still to come."""
    if not paper.text.strip() and not paper.files:
        raise Refusal("submission.empty", duty=row.title)
    if duty.evidence is Evidence.REQUIRED and not paper.files:
        raise Refusal("submission.needs_attachment", duty=row.title)
    if duty.evidence is Evidence.NONE and paper.files:
        raise Refusal("submission.no_attachment", duty=row.title)
    today = desk.office.hours.day_of(desk.now)
    for file in paper.files:
        if file.speaks_of and file.speaks_of > today:
            raise Refusal("submission.speaks_of_later", file=file.name, day=str(file.speaks_of))
    asked_percent(duty, paper.percent)
    check_finding(duty, row, paper.finding)
    check_ripe(desk, duty, row, paper.finding)


def keep_paper(desk: Desk, row: ObligationRow, paper: Paper, by: str) -> None:
    """Keep the paper as the next submission of the obligation."""
    row.moved_at = desk.now
    round_number = len(row.submissions) + 1
    submission = SubmissionRow(
        id=identity("submission", row.id, round_number),
        obligation_id=row.id,
        round=round_number,
        text=paper.text,
        by=by,
        at=desk.now,
        percent=paper.percent,
        finding=paper.finding,
        attachments=[
            AttachmentRow(
                id=identity("attachment", row.id, round_number, number),
                position=number,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                digest=file.digest,
                speaks_of=file.speaks_of,
                stored_as=file.stored_as,
            )
            for number, file in enumerate(paper.files)
        ],
    )
    desk.session.add(submission)
    row.submissions.append(submission)
