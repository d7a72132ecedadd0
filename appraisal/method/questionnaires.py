"""A questionnaire as it is written in a file: its schema, its faults, and the pinned text of one that was opened."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field

from appraisal.domain import digest as digests
from appraisal.domain.survey import Choice, Condition, Line, QuestionKind, Scale, Survey
from appraisal.domain.survey import Question as Asked
from appraisal.method.base import Slug, Strict, Text
from appraisal.method.faults import Fault, Faulty, told
from appraisal.method.questionnaire_sense import faults_of_questions
from appraisal.method.shape import stand
from appraisal.method.source import read_source

LONGEST_TEXT = 2000
Mark = Annotated[Decimal, Field(ge=-1000, le=1000, decimal_places=2)]


class SurveyOption(Strict):
    """An option of a question, or of every row of a matrix."""

    key: Slug
    title: Text
    satisfied: bool = False
    excluded: bool = False


class SurveyRow(Strict):
    """A row of a matrix."""

    key: Slug
    title: Text
    aspect: Slug | None = None


class ShowIf(Strict):
    """A question is put only to whoever chose one of these options of an earlier question."""

    question: Slug
    options: Annotated[list[Slug], Field(min_length=1)]


class Question(Strict):
    """One question; the fields that go with its type, and no others, are set."""

    key: Slug
    type: QuestionKind
    title: Text
    required: bool = True
    aspect: Slug | None = None
    options: Annotated[list[SurveyOption], Field(max_length=50)] = []
    rows: Annotated[list[SurveyRow], Field(max_length=50)] = []
    at_least: Annotated[int | None, Field(ge=1)] = None
    at_most: Annotated[int | None, Field(ge=1)] = None
    lowest: Mark | None = None
    highest: Mark | None = None
    step: Annotated[Decimal | None, Field(gt=0, le=1000, decimal_places=2)] = None
    longest: Annotated[int | None, Field(ge=1, le=LONGEST_TEXT)] = None
    show_if: ShowIf | None = None

    def scale(self) -> Scale:
        """From 0 to 100 by ones where nothing else is written."""
        whole = Scale()
        return Scale(
            whole.lowest if self.lowest is None else self.lowest,
            whole.highest if self.highest is None else self.highest,
            self.step or whole.step,
        )

    def asked(self) -> Asked:
        """The question as the domain knows it."""
        return Asked(
            self.key,
            self.type,
            self.title,
            self.required,
            self.aspect,
            tuple(Choice(each.key, each.title, each.satisfied, each.excluded) for each in self.options),
            tuple(Line(each.key, each.title, each.aspect) for each in self.rows),
            self.at_least or 1,
            self.at_most or len(self.options),
            self.scale(),
            self.longest or LONGEST_TEXT,
            Condition(self.show_if.question, frozenset(self.show_if.options)) if self.show_if else None,
        )


class Questionnaire(Strict):
    """A questionnaire; ``asks_unit`` is the question which unit it is filled in about, where it asks that."""

    key: Slug
    title: Text
    intro: Text
    asks_unit: Text | None = None
    questions: Annotated[list[Question], Field(min_length=1, max_length=100)]

    def survey(self) -> Survey:
        """The questionnaire as the domain knows it."""
        asked = tuple(question.asked() for question in self.questions)
        return Survey(self.key, self.title, self.intro, asked, self.asks_unit or "")


@dataclass(frozen=True)
class QuestionnaireEdition:
    """A questionnaire as it stands; ``text`` is canonical JSON and ``digest`` its hash."""

    questionnaire: Questionnaire
    text: str
    digest: str


@dataclass(frozen=True)
class QuestionnaireFile:
    """A file of the folder: an edition, or the faults why it is none."""

    path: Path
    edition: QuestionnaireEdition | None
    faults: tuple[Fault, ...]


def read_questionnaire(path: Path) -> QuestionnaireEdition:
    """The edition in a file; Faulty with every fault at once."""
    file = check_questionnaire(path)
    if file.edition is None:
        raise Faulty(file.faults)
    return file.edition


def check_questionnaire(path: Path) -> QuestionnaireFile:
    """The edition, or every fault of the file: of writing, of shape and of sense."""
    source = read_source(path)
    found = list(source.found)
    standing = stand(Questionnaire, source.tree) if source.tree is not None else None
    if source.tree is not None and standing:
        found += [*standing.found, *faults_of_questions(source.tree, standing.found, source.line)]
    faults = {told(fault, source.file, source.line(fault.loc)) for fault in found}
    ordered = tuple(sorted(faults, key=lambda fault: (fault.line, fault.path, fault.code)))
    sound = standing.part if standing and not ordered else None
    return QuestionnaireFile(path, pinned(sound) if sound else None, ordered)


def questionnaires_in(folder: Path) -> list[QuestionnaireFile]:
    """Every questionnaire of a folder, by file name, the faulty ones with their faults."""
    return [check_questionnaire(path) for path in sorted(folder.glob("*.yaml"))]


def pinned(questionnaire: Questionnaire) -> QuestionnaireEdition:
    """The edition of a questionnaire; what is not said is left out, so that later words change no digest."""
    plain = questionnaire.model_dump(mode="json", exclude_none=True)
    return QuestionnaireEdition(questionnaire, digests.canonical(plain), digests.digest(plain))


def survey_from(text: str) -> Survey:
    """The questions of a pinned text; it was checked when it was pinned."""
    return Questionnaire.model_validate(json.loads(text)).survey()
