"""Methods as files, and what is found wrong with one after some of its text is replaced."""

from pathlib import Path

from appraisal.method.check import check, check_ladders
from appraisal.method.faults import Fault
from appraisal.method.load import read_method
from appraisal.method.schema import Method
from appraisal.method.source import parse, read_source
from appraisal.places import root

LADDERS = root() / "config" / "ladders.yaml"
DATA = Path(__file__).parent / "data"
WRITTEN = {path.stem: path for path in sorted((root() / "config" / "methods").glob("*.yaml"))} | {
    name: DATA / f"{name}.yaml" for name in ("overlapping", "smallest")
}


def method(name: str) -> Method:
    return read_method(WRITTEN[name], LADDERS).method


def faults(text: str) -> tuple[Fault, ...]:
    return check(parse("method.yaml", text), check_ladders(read_source(LADDERS))).faults


def spoilt(name: str, *replacements: tuple[str, str]) -> str:
    text = WRITTEN[name].read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def codes(text: str) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in faults(text)]
