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
SHIPPED = [
    "danjiangkou",
    "district-cppcc",
    "donggang-livelihood",
    "lanxi-2023",
    "practice-rectify",
    "practice-vote",
    "suqian-investment",
]
BALLOTS = {path.stem: path for path in sorted(DATA.glob("ballots-*.yaml"))}
EXTENSIONS = {path.stem: path for path in sorted(DATA.glob("extension-*.yaml"))}
WRITTEN = (
    {path.stem: path for path in sorted((root() / "config" / "methods").glob("*.yaml"))}
    | {
        name: DATA / f"{name}.yaml"
        for name in (
            *("assignments", "closing", "consultation", "county", "orders", "overlapping"),
            *("rectification", "smallest", "tracks"),
        )
    }
    | BALLOTS
    | EXTENSIONS
)

DECIDED = "decided_by: office"
PASSED = "passing: {{share: {}, boundary: {}, base: {}, basis: 未载明；检验用}}".format
CHOICES = {
    "named": "",
    "council_decision": DECIDED,
    "committee_vote": f"{DECIDED}, {PASSED('1/2', 'exceed', 'all_members')}",
    "ranked_then_voted": f"{DECIDED}, {PASSED('60%', 'reach', 'present')}",
    "lottery_then_confirmed": f"{DECIDED}, count: 3",
    "public_vote": "count: 3",
    "deputies_vote": "count: 3",
    "term_rotation": DECIDED,
    "carried_over": "carried_over: true",
}


def choosing(way: str) -> str:
    """The smallest method, its units chosen in that way, with everything that the way asks for."""
    gate = "" if way == "named" else "\n    gate: [{rule: targets_chosen, basis: 未载明；检验用}]"
    return spoilt(
        "smallest",
        ("{way: named, basis: 未载明；检验用}", f"{{way: {way}, basis: 未载明；检验用, {CHOICES[way]}}}"),
        ("kind: review", f"kind: review{gate}"),
    )


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
