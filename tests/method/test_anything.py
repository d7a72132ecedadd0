"""However a written method is mutilated, the check gives faults or a method, and never anything else."""

import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.method.check import check, check_ladders
from appraisal.method.faults import Loc
from appraisal.method.source import Source, parse, read_source
from tests.method.written import LADDERS, WRITTEN

TREES = {name: read_source(path).tree for name, path in WRITTEN.items()}
SHARED = check_ladders(read_source(LADDERS))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["office", "handler", "1m", "-7d", "phase.rectify.closed", "year_end", "panel", "2023-02-29", "decided"]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


def nodes(tree: object, at: Loc = ()) -> list[Loc]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [found for key, value in inside for found in [(*at, key), *nodes(value, (*at, key))]]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(WRITTEN)))
def test_check_of_a_mutilated_method_gives_faults_or_a_method(data: st.DataObject, name: str) -> None:
    tree = deepcopy(TREES[name])
    assert tree is not None
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        _mutilate(tree, data)
    checked = check(Source("method.yaml", tree, {}, ()), SHARED)
    assert (checked.method is None) == bool(checked.faults)
    for fault in checked.faults:
        assert re.search(r"[\u4e00-\u9fff]", fault.what)
        assert fault.mend
        assert fault.code != "invalid"


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=":-#[]{}&*!|>'\"%@` \n\ta1é国?,", max_size=60))
def test_any_text_gives_a_tree_or_faults(text: str) -> None:
    source = parse("method.yaml", text)
    assert (source.tree is None) <= bool(source.found)


def _mutilate(tree: dict[str, object], data: st.DataObject) -> None:
    places = nodes(tree)
    if not places:
        return
    *path, last = data.draw(st.sampled_from(places), label="place")
    holder: Any = tree
    for step in path:
        holder = holder[step]
    match data.draw(st.sampled_from(["delete", "replace", "repeat", "rename"]), label="how"):
        case "delete":
            del holder[last]
        case "repeat" if isinstance(holder, list):
            holder.append(deepcopy(holder[int(last)]))
        case "rename" if isinstance(holder, dict):
            holder[data.draw(st.text(max_size=8))] = holder.pop(last)
        case _:
            holder[last] = data.draw(VALUES, label="value")


def test_names_of_every_kind_survive_repetition_of_the_whole_method() -> None:
    text = WRITTEN["smallest"].read_text(encoding="utf-8")
    source = parse("method.yaml", text + text)
    assert {found.code for found in source.found} == {"yaml-duplicate"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "x" * 100_000, "{{ 1/0 }}", "'; DROP TABLE"])
def test_odd_value_is_quoted_and_not_obeyed(value: object) -> None:
    tree = deepcopy(TREES["lanxi-2023"])
    assert tree is not None
    tree["year"] = tree["kind"] = value
    checked = check(Source("method.yaml", tree, {}, ()), SHARED)
    assert [fault.path for fault in checked.faults] == ["kind", "year"]
    assert all(len(fault.what) < 200 for fault in checked.faults)
