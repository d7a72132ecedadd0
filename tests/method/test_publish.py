"""What is published of the schema: complete, in Chinese, and current."""

import importlib.util
import json
import re
from enum import StrEnum

import pytest
from pydantic import BaseModel

from appraisal.method.faults import field_words, words
from appraisal.method.ladders import SharedLadders
from appraisal.method.publish import parts, planned, reference, schema_text, word_kinds
from appraisal.method.schema import Method
from appraisal.places import root
from tests.method.written import SHIPPED

HAN = re.compile(r"[\u4e00-\u9fff]")
SCHEMA = root() / "config" / "methods" / "method.schema.json"
PAGE = root() / "docs" / "method.md"


def test_committed_json_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run scripts/make_method_docs.py"


def test_committed_reference_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_method_docs", root() / "scripts" / "make_method_docs.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = PAGE.read_text(encoding="utf-8")
    assert page == script.made(page), "run scripts/make_method_docs.py"
    assert reference() in page


@pytest.mark.parametrize("part", [*parts(Method), SharedLadders], ids=lambda part: str(part.__name__))
def test_part_and_each_of_its_fields_is_told_in_chinese(part: type[BaseModel]) -> None:
    assert HAN.search(words(part.__name__))
    assert [name for name in part.model_fields if not HAN.search(field_words(part, name))] == []


@pytest.mark.parametrize("kind", word_kinds(Method), ids=lambda kind: str(kind.__name__))
def test_word_of_each_kind_is_told_in_chinese(kind: type[StrEnum]) -> None:
    assert [word for word in kind if not HAN.search(words(f"{kind.__name__}.{word}"))] == []


def test_json_schema_describes_every_field_in_chinese() -> None:
    schema = json.loads(schema_text())
    for definition in (schema, *schema["$defs"].values()):
        assert HAN.search(definition["title"])
        for described in definition.get("properties", {}).values():
            assert HAN.search(described["title"])
            assert HAN.search(described["description"])


def test_json_schema_says_what_is_not_supported_yet() -> None:
    schema = json.loads(schema_text())
    marked = {name for name, field in schema["properties"].items() if "尚未支持" in field["description"]}
    assert marked == {name for name, field in Method.model_fields.items() if planned(field)}
    assert "look_back 回头看；" in schema["$defs"]["PhaseKind"]["description"]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_method_names_its_schema_for_editors(name: str) -> None:
    first, *_ = (root() / "config" / "methods" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=method.schema.json"
