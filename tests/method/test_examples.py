"""The examples of docs/method.md: each of them, put into the smallest method, is without a fault."""

import re

import pytest

from appraisal.places import root
from tests.method.written import WRITTEN, codes

PAGE = (root() / "docs" / "method.md").read_text(encoding="utf-8")
EXAMPLES = [text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if re.match(r"(voters|ballots):", text)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: str(re.findall(r"key: ([\w-]+)", text)[0]))
def test_example_of_a_vote_is_without_a_fault(example: str) -> None:
    text = WRITTEN["smallest"].read_text(encoding="utf-8").replace("key: only", "key: review")
    assert codes(text + example) == []


def test_page_shows_examples_of_votes() -> None:
    assert len(EXAMPLES) == 4
