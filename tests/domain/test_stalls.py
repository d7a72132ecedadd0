from dataclasses import replace
from datetime import datetime

import pytest

from appraisal.domain.lifecycle import OWED, ObligationStatus
from appraisal.domain.stalls import Owing, Stall, StallKind, stall_of
from tests.domain.calendars import at

DUE = at(2023, 10, 8, 0)
"""The end of 7 October, the make-up Saturday after the National Day holiday."""
BEFORE, ASKED = at(2023, 10, 7, 23, 59), at(2023, 9, 28, 9)
SIGNED = Owing(ObligationStatus.ACKNOWLEDGED, DUE, signs=True)
UNSIGNED = replace(SIGNED, status=ObligationStatus.ISSUED)


@pytest.mark.parametrize(
    ("owing", "kind"),
    [
        (SIGNED, StallKind.OVERDUE),
        (UNSIGNED, StallKind.UNACKNOWLEDGED),
        (replace(UNSIGNED, signs=False), StallKind.OVERDUE),
        (replace(SIGNED, status=ObligationStatus.RETURNED), StallKind.OVERDUE),
        (replace(UNSIGNED, recurs=True), StallKind.SILENT),
        (replace(UNSIGNED, supports=True), StallKind.HELD_UP),
        (replace(UNSIGNED, supports=True, asked_at=ASKED), StallKind.UNDECIDED),
    ],
)
def test_obligation_is_stalled_from_the_instant_it_is_overdue(owing: Owing, kind: StallKind) -> None:
    assert (stall_of(owing, BEFORE), stall_of(owing, DUE)) == (None, Stall(kind, DUE))


def test_what_is_overdue_is_told_as_overdue_though_it_did_not_move_before() -> None:
    assert stall_of(replace(SIGNED, unmoved=2, moved_at=ASKED), DUE) == Stall(StallKind.OVERDUE, DUE)


@pytest.mark.parametrize(("unmoved", "stalls"), [(0, False), (1, False), (2, True), (3, True)])
def test_second_report_that_says_nothing_new_is_a_stall(unmoved: int, stalls: bool) -> None:
    owing = replace(SIGNED, unmoved=unmoved, moved_at=ASKED)
    assert stall_of(owing, BEFORE) == (Stall(StallKind.UNMOVED, ASKED) if stalls else None)


@pytest.mark.parametrize("due_at", [DUE, None])
@pytest.mark.parametrize("status", sorted(set(ObligationStatus) - OWED))
def test_what_is_not_owed_is_never_stalled(status: str, due_at: datetime | None) -> None:
    assert stall_of(replace(SIGNED, status=status, due_at=due_at, unmoved=5), DUE) is None


def test_what_waits_for_its_date_is_not_stalled() -> None:
    assert stall_of(replace(UNSIGNED, due_at=None), DUE) is None
