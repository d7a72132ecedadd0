"""The same where what is accepted is closed out, and a phase closes with its problems."""

from pathlib import Path

import pytest

from appraisal.method.load import read_method
from tests.operations.sequence_problems import run_sequences
from tests.operations.test_sequences import METHOD
from tests.operations.world import LADDERS

SECOND_HAND = "  closing: {by: office, agreed_by: [head], partial: true, basis: 第六条}\n"
CLOSING = "    closing: {by: director, basis: 第十条}\n"
GATE = "    gate: [{rule: problems_closed, basis: 第十条}]\n"


@pytest.mark.slow
def test_no_sequence_of_deeds_breaks_the_record_where_one_hand_closes_out(home: Path, tmp_path: Path) -> None:
    written = tmp_path / "in-one-hand.yaml"
    text = METHOD.read_text(encoding="utf-8")
    assert SECOND_HAND in text
    written.write_text(text.replace(SECOND_HAND, "").replace(CLOSING, GATE + CLOSING, 1), encoding="utf-8")
    run_sequences(home, read_method(written, LADDERS))
