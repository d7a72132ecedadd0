"""The recount file: a script that knows nothing of ours comes to the same grades, whatever the papers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.documents.recount import recount_text
from appraisal.domain.count import Count, Paper, Turnout
from appraisal.domain.grading import graded, undecided
from appraisal.domain.grading_terms import APPROVE, Terms
from appraisal.domain.marking import judged_together
from appraisal.method.grading_rules import terms_of
from appraisal.places import root
from tests.method.written import BALLOTS, method

SCRIPT = root() / "scripts" / "recount.py"
UNITS = ["甲局", "乙局", "丙局", "丁局"]
TERMS: dict[str, Terms] = {
    f"{name}/{ballot.key}": terms_of(method(name), ballot) for name in BALLOTS for ballot in method(name).ballots
}


def test_script_has_at_most_twenty_lines_and_the_standard_library_alone() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 20
    assert [line for line in lines if line.startswith(("import", "from"))] == [
        "import json",
        "import sys",
        "from fractions import Fraction",
        "from pathlib import Path",
    ]


@pytest.mark.parametrize("name", sorted(TERMS))
def test_script_recomputes_the_published_grades(name: str, tmp_path: Path) -> None:
    terms = TERMS[name]
    papers = [(paper, 3 + at) for at, paper in enumerate(_some_papers(terms))]
    assert _recounted(terms, Count(judged_together(terms, papers), _turnouts(terms)), tmp_path) == {}


@settings(max_examples=250, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(TERMS)))
def test_steps_come_to_the_same_grades_as_the_rule(data: st.DataObject, name: str) -> None:
    terms = TERMS[name]
    papers = data.draw(st.lists(st.tuples(_papers(terms), st.integers(1, 6)), max_size=8))
    count = Count(judged_together(terms, papers), _turnouts(terms))
    found = graded(terms, count, UNITS)
    book = json.loads(recount_text(terms, count, found, {}))
    recounted = {unit: book["grades"][number] for unit, number in _follow(book).items()}
    titles = {grade.key: grade.title for grade in terms.grades}
    assert recounted == {unit: titles.get(each.grade or "", "不定等") for unit, each in found.items()}


def test_grade_of_an_announced_vote_is_not_decided_by_its_count() -> None:
    assert undecided(TERMS["ballots-named/satisfaction"], None, "", "").grade is None  # type: ignore[arg-type]  # nothing is looked at


def _recounted(terms: Terms, count: Count, folder: Path) -> dict[str, str]:
    """What the script prints where the two differ."""
    found = graded(terms, count, UNITS)
    file = folder / "recount.json"
    file.write_text(recount_text(terms, count, found, {"甲局": "市甲局"}), encoding="utf-8")
    ran = subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True, text=True, check=True)
    lines = ran.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["市甲局", *UNITS[1:]]
    pairs = {line: line.partition(": ")[2].split(" = ") for line in lines}
    return {line: recomputed for line, (recomputed, published) in pairs.items() if recomputed != published}


def _follow(book: dict[str, object]) -> dict[str, int]:
    """The script in this process: it is run on a file of its own words, and its names are read."""
    script = SCRIPT.read_text(encoding="utf-8").splitlines()
    text = json.dumps(book)
    body = [line for line in script if not line.startswith(("import", "from", "#", "print"))]
    body = [line.replace('Path(sys.argv[1]).read_text(encoding="utf-8")', "TEXT") for line in body]
    space: dict[str, object] = {"TEXT": text}
    exec("import json\nfrom fractions import Fraction\n" + "\n".join(body), space)
    got, units = space["got"], book["units"]
    assert isinstance(got, dict)
    assert isinstance(units, list)
    return {unit: got[name] for unit, name, _ in units}


def _turnouts(terms: Terms) -> dict[tuple[str, str], Turnout]:
    numbers = Turnout(members=40, due=36, present=31, issued=60)
    return {(way.key, each.key): numbers for way in terms.channels if way.here for each in terms.classes}


def _marks(terms: Terms) -> list[tuple[str, ...]]:
    match terms.marking:
        case "score":
            return [("9.5",), ("6",), ("0",), ("8.5",), (), ("11",)]
        case "ranking":
            return [("1",), ("2",), ("3",), ("4",), ()]
        case "approve":
            return [(APPROVE,), (), ()]
    keys = [option.key for option in terms.options]
    return [*((key,) for key in keys), (), tuple(keys[:2])]


def _paper(terms: Terms, channel: str, voters: str, marks: list[tuple[str, ...]]) -> Paper:
    given = iter(marks * 100)
    return Paper(channel, voters, {unit: {each.key: next(given) for each in terms.subjects} for unit in UNITS})


def _some_papers(terms: Terms) -> list[Paper]:
    marks = _marks(terms)
    return [
        _paper(terms, way.key, each.key, marks[at % len(marks) :] + marks)
        for at, (way, each) in enumerate((way, each) for way in terms.channels for each in terms.classes)
    ]


def _papers(terms: Terms) -> st.SearchStrategy[Paper]:
    lines = len(UNITS) * len(terms.subjects)
    return st.builds(
        lambda way, each, marks: _paper(terms, way.key, each.key, marks),
        st.sampled_from(terms.channels),
        st.sampled_from(terms.classes),
        st.lists(st.sampled_from(_marks(terms)), min_size=lines, max_size=lines),
    )
