"""What is planned is refused, and what is not planned is written in some method that runs."""

from copy import deepcopy
from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel

from appraisal.method import registry
from appraisal.method.faults import Loc
from appraisal.method.publish import _expected, planned
from appraisal.method.schema import Method
from appraisal.method.source import parse, read_source
from appraisal.method.support import supported, unsupported
from appraisal.method.vote_words import Base, GradingRule
from appraisal.method.walk import is_part, walk
from appraisal.method.words import SelectionWay, is_planned
from tests.method.written import CHOICES, WRITTEN, choosing, codes

ACTED_ON = _expected(Method, beyond_planned=False)
KINDS = [kind for kind in ACTED_ON if isinstance(kind, type) and issubclass(kind, StrEnum)]
FIELDS = [(part, name) for part in ACTED_ON if is_part(part) for name in part.model_fields]
CHOSEN = {way: choosing(way) for way in CHOICES}
VOTED = [CHOSEN["committee_vote"].replace("base: all_members", f"base: {base}") for base in Base]
TREES = [
    *(read_source(path).tree for path in WRITTEN.values()),
    *(parse("chosen.yaml", text).tree for text in (*CHOSEN.values(), *VOTED)),
]
MET = [met for tree in TREES for met in walk(Method, tree)]


def test_written_methods_use_nothing_that_is_planned() -> None:
    assert [found for tree in TREES for found in unsupported(tree or {})] == []


def test_method_may_choose_its_units_in_every_way() -> None:
    assert {way: codes(text) for way, text in CHOSEN.items()} == {way: [] for way in SelectionWay}
    assert [codes(text) for text in VOTED] == [[] for _ in Base]


@pytest.mark.parametrize("word", [word for kind in KINDS for word in kind if is_planned(word)], ids=repr)
def test_planned_word_is_refused_wherever_it_may_stand(word: StrEnum) -> None:
    places = [(tree, met.loc) for tree in TREES for met in walk(Method, tree) if met.expected is type(word)]
    assert places
    for tree, loc in places:
        changed = _with(tree, loc, word.value)
        assert [(found.loc, found.code) for found in unsupported(changed)] == [(loc, "not-supported-word")]


@pytest.mark.parametrize(("part", "name"), [(part, name) for part, name in FIELDS if planned(part.model_fields[name])])
def test_planned_field_is_refused_wherever_it_may_stand(part: type[BaseModel], name: str) -> None:
    places = [(tree, met.loc) for tree in TREES for met in walk(Method, tree) if met.expected is part]
    assert places
    for tree, loc in places:
        changed = _with(tree, (*loc, name), [{"key": "x"}])
        assert [(found.loc, found.code) for found in unsupported(changed)] == [((*loc, name), "not-supported-field")]


def test_planned_field_that_says_no_is_not_refused() -> None:
    assert list(unsupported({"voters": [], "targets": {"selection": {"carried_over": False}}})) == []


@pytest.mark.parametrize("word", [word for kind in KINDS for word in kind if not is_planned(word)], ids=repr)
def test_supported_word_is_written_in_some_method(word: StrEnum) -> None:
    assert any(met.expected is type(word) and met.value == word.value for met in MET)


@pytest.mark.parametrize(
    ("part", "name"), [(part, name) for part, name in FIELDS if not planned(part.model_fields[name])]
)
def test_supported_field_is_written_in_some_method(part: type[BaseModel], name: str) -> None:
    assert any(met.expected is part and isinstance(met.value, dict) and name in met.value for met in MET)


def test_word_spelt_like_a_planned_one_of_another_kind_is_not_planned() -> None:
    assert [str(kind.__name__) for kind in KINDS if "vote" in supported(kind)] == []
    assert supported(GradingRule) == [rule.value for rule in GradingRule]


def test_every_supported_grading_rule_has_its_code() -> None:
    assert [rule.value for rule in registry.GRADERS] == supported(GradingRule)


def _with(tree: dict[str, Any] | None, loc: Loc, value: object) -> dict[str, object]:
    changed: Any = deepcopy(tree)
    holder = changed
    for step in loc[:-1]:
        holder = holder[step]
    holder[loc[-1]] = value
    assert isinstance(changed, dict)
    return changed
