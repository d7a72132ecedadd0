"""Whatever is done in whatever order: statuses stay legal, no rung fires twice or at what is settled, none is lost."""

from pathlib import Path

import pytest

from tests.operations.sequence_problems import run_sequences
from tests.operations.world import edition

METHOD = Path(__file__).parent / "data/sequences.yaml"


@pytest.mark.slow
def test_no_sequence_of_deeds_breaks_the_record_or_loses_a_rung(home: Path) -> None:
    run_sequences(home, edition(METHOD))
