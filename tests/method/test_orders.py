"""Letters and the duties that answer them: what is contradictory is named."""

import pytest

from tests.method.written import codes, spoilt


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("kind: list, mark: 兰人评挂", "kind: supervise, mark: 兰人评挂", "order-kind-twice"),
        ("answers: [instruct]\n", "answers: []\n", "answers-nothing"),
        ("owed_by: each_order\n        answers: [instruct]", "answers: [instruct]", "answers-stray"),
        ("兰人评报, tell: [city_committee]", "兰人评报", "order-up-to-nobody"),
        (
            "  - {kind: instruct, mark: 兰人评批, given_by: [director], tell: [office], basis: 未载明；检验用}\n",
            "",
            "answers-unlisted",
        ),
        ("answers: [instruct]", "answers: [instruct, circular]", "answers-undated"),
        ("given_by: [director]", "given_by: [head]", "role-not-body"),
        ("due: {after: phase.rectify.opened, within: 10d}", "due: {after: order.given, within: 10d}", "own-event"),
        ("due: {at: decided}", "due: {at: decided}\n        rhythm: {every: 1w, basis: 未载明}", "answers-rhythm"),
        ("answers: [instruct]\n        role: handler", "answers: [instruct]\n        role: director", "role-not-unit"),
    ],
)
def test_what_does_not_fit_is_named(old: str, new: str, code: str) -> None:
    assert code in [found for _, found in codes(spoilt("orders", (old, new)))]
