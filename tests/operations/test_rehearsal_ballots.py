"""A rehearsal votes through the sitting, the urn and the tellers, whatever the method asks to be marked and by whom."""

from datetime import date
from pathlib import Path

import pytest

from appraisal.method.load import read_method
from appraisal.operations.rehearsal import rehearse
from appraisal.operations.rehearsal_cast import Plan
from appraisal.settings import settings
from tests.operations.world import LADDERS

HERE = Path(__file__).parent
METHODS = [*sorted((HERE.parent / "method/data").glob("ballots-*.yaml")), HERE / "data/ballots.yaml"]


@pytest.mark.parametrize("method", METHODS, ids=lambda path: path.stem)
def test_rehearsal_holds_every_ballot_that_the_system_counts(method: Path) -> None:
    found = rehearse(settings(), Plan(read_method(method, LADDERS), date(2023, 9, 4), units=5))
    assert [fault.what for fault in found.faults if fault.kind in ("refused", "stuck")] == []


def test_rehearsal_delivers_the_opinions_that_the_method_measures() -> None:
    method = read_method(HERE / "data/review-opinions.yaml", LADDERS)
    found = rehearse(settings(), Plan(method, date(2023, 9, 4), units=3))
    assert [fault.what for fault in found.faults if fault.kind in ("refused", "stuck")] == []
    assert len([duty for duty in found.obligations if duty.title == "整改方案"]) == 3
