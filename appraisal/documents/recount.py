"""The recount file (复核文件): the lines of a round, and the way from them to every grade as plain steps.

Each step is ``[name, operation, argument, …]``.  An argument is the name of an earlier step, a number (``[28, 45]`` is
28/45), or for ``papers`` what the lines to be counted are like.  An operation whose name ends in ``?`` goes on where
something before it is not decided; any other is undecided then.  ``scripts/recount.py`` knows nothing but these.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict

from appraisal.documents.recount_steps import Steps
from appraisal.domain.count import Count
from appraisal.domain.figuring import look
from appraisal.domain.grading import Graded
from appraisal.domain.grading_terms import Terms
from appraisal.notices.wording import phrase, reason


def recount_text(terms: Terms, count: Count, graded: Mapping[str, Graded], names: Mapping[str, str]) -> str:
    """The file of a round; ``names`` are those of the units by their codes, where they are called otherwise."""
    book = Steps(look(terms, count, list(graded)))
    published = {unit: found.grade for unit, found in graded.items()}
    undecided = phrase("grading.none")
    grades = [*(grade.title for grade in terms.grades), undecided]
    units = [
        [names.get(unit, unit), book.grade(unit), terms.grade_title(grade) if grade is not None else undecided]
        for unit, grade in published.items()
    ]
    file = {
        "title": terms.title,
        "lines": [asdict(line) for line in count.lines],
        "turnout": [{"channel": key[0], "voters": key[1], **asdict(told)} for key, told in count.turnouts.items()],
        "grades": grades,
        "steps": book.written,
        "units": units,
        "working": {names.get(unit, unit): reason(found.working) for unit, found in graded.items()},
    }
    return _written(file)


def _written(file: Mapping[str, object]) -> str:
    """One line of the file for every line of the vote and every step, so that people can read it."""
    parts = []
    for name, value in file.items():
        if isinstance(value, list):
            rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in value)
            parts.append(f"{json.dumps(name)}: [\n{rows}\n]")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, indent=1)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
