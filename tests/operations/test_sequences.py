"""Whatever is done in whatever order: statuses stay legal, no rung fires twice or at what is settled, none is lost."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from appraisal.method.load import Edition
from tests.operations.memory import Memory
from tests.operations.sequence_problems import Problems
from tests.operations.sequence_world import prepare
from tests.operations.world import edition

METHOD = Path(__file__).parent / "data/sequences.yaml"
SEQUENCES = settings(
    max_examples=20,
    stateful_step_count=16,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def machine(memory: Memory, method: Edition) -> type[Problems]:
    prepare(memory, method)
    return type("Sequence", (Problems,), {"memory": memory, "edition": method})


@pytest.mark.slow
def test_no_sequence_of_deeds_breaks_the_record_or_loses_a_rung(home: Path) -> None:
    home.mkdir()
    memory = Memory(home)
    run_state_machine_as_test(machine(memory, edition(METHOD)), settings=SEQUENCES)
    memory.close()
