"""The figures of a questionnaire as tables to take away; what pages do not show, tables do not show either."""

from collections.abc import Iterator
from decimal import Decimal

from appraisal.documents.rehearsal_book import Cell, Grid
from appraisal.domain.survey import Returned, percent
from appraisal.notices.wording import phrase
from appraisal.operations.survey_results import QuestionLine, Results


def result_grids(results: Results) -> list[Grid]:
    """Counts, questions, aspects, units and texts, each where there are any."""
    grids = [_counts(results), question_grid(results)]
    if results.aspects:
        rows = tuple((line.title, _shown(line.share), _shown(line.mark)) for line in results.aspects)
        grids.append(Grid(phrase("survey.table.aspects"), _headings("aspect", "share", "mark"), rows))
    if results.units:
        grids.append(_units(results))
    texts = tuple((line.number, line.title, text) for line in results.questions for text in line.texts)
    if texts:
        grids.append(Grid(phrase("survey.table.texts"), _headings("number", "question", "text"), texts))
    return grids


def question_grid(results: Results) -> Grid:
    """Every count of every question, a line each."""
    rows = tuple(row for line in results.questions for row in _question(line))
    return Grid(phrase("survey.table.questions"), _headings("number", "question", "option", "count"), rows)


def _question(line: QuestionLine) -> Iterator[tuple[Cell, ...]]:
    title = f"{line.under}：{line.title}" if line.under else line.title
    if line.withheld:
        yield line.number, title, phrase("survey.withheld"), phrase("figure.hidden")
    for label, count in line.counts:
        yield line.number, title, label, phrase("figure.hidden") if count is None else count
    if line.has_share:
        yield line.number, title, phrase("survey.share"), line.share or phrase("figure.hidden")
    if line.mean is not None:
        yield line.number, title, phrase("survey.mean"), str(line.mean)


def _counts(results: Results) -> Grid:
    counts = results.counts
    media = [(phrase(f"survey.medium.{medium}"), found) for medium, found in counts.by_medium.items()]
    rows = [_returned(name, found) for name, found in media if found.issued or found.returned]
    rows.append(_returned(phrase("survey.whole"), counts.whole, counts.handed_out))
    headings = _headings("medium", "issued", "returned", "valid", "invalid", "rate")
    return Grid(phrase("survey.table.counts"), headings, tuple(rows))


def _returned(name: str, found: Returned, rated: Returned | None = None) -> tuple[Cell, ...]:
    rate = (rated or found).rate
    return name, found.issued, found.returned, found.valid, found.invalid, "—" if rate is None else percent(rate)


def _units(results: Results) -> Grid:
    shares = [line.title for line in results.aspects if line.has_share]
    marks = [line.title for line in results.aspects if line.has_mark]
    headings = (
        phrase("survey.column.unit"),
        phrase("survey.column.valid"),
        *(phrase("survey.share_of", what=title) for title in shares),
        *(phrase("survey.mark_of", what=title) for title in marks),
    )
    rows = tuple(
        (
            unit.name,
            phrase("figure.hidden") if unit.sheets is None else unit.sheets,
            *(_shown(share) for share, line in zip(unit.shares, results.aspects, strict=True) if line.has_share),
            *(_shown(mark) for mark, line in zip(unit.marks, results.aspects, strict=True) if line.has_mark),
        )
        for unit in results.units
    )
    return Grid(phrase("survey.table.units"), headings, rows)


def _headings(*names: str) -> tuple[str, ...]:
    return tuple(phrase(f"survey.column.{name}") for name in names)


def _shown(figure: Decimal | None) -> Cell:
    return phrase("figure.hidden") if figure is None else str(figure)
