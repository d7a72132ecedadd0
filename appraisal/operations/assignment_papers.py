"""A letter of assignment as an official paper: its sentences and its name as a file."""

from collections.abc import Iterator

from appraisal.documents.assignment_paper import AssignmentPaper, ProblemInLetter, assignment_docx
from appraisal.notices.wording import day, phrase
from appraisal.operations.assignment_views import ItemView, LetterView
from appraisal.operations.loading import method_of


def assignment_paper(view: LetterView) -> tuple[str, bytes]:
    """The name of the file and the paper itself."""
    row, method = view.row, method_of(view.campaign)
    leads = [_problem(item) for item in view.items if item.leads]
    supports = [_problem(item) for item in view.items if not item.leads]
    paper = AssignmentPaper(
        title=phrase("assignment.paper.title", again=row.again),
        mark=row.mark,
        body=method.body,
        unit=row.unit.name,
        opening=phrase("assignment.paper.opening", campaign=view.campaign.title, method=method.title),
        heading_leads=phrase("assignment.paper.leads"),
        leads=leads,
        heading_supports=phrase("assignment.paper.supports", both=bool(leads)),
        supports=supports,
        closing=list(_closing(view)),
        dated=day(row.sent_at.date()),
    )
    return phrase("assignment.paper.name", mark=row.mark, unit=row.unit.name), assignment_docx(paper)


def _problem(item: ItemView) -> ProblemInLetter:
    row = item.problem
    said = {"detail": row.detail, "aim": row.aim, "leader": row.leader if item.leads else ""}
    lines = [phrase(f"assignment.paper.{part}", text=text) for part, text in said.items() if text]
    lead = row.unit.name if row.unit and not item.leads else ""
    lines += [phrase("assignment.paper.lead", text=lead)] if lead else []
    helping = "、".join(unit.name for unit in row.supporting) if item.leads else ""
    lines += [phrase("assignment.paper.supporting", text=helping)] if helping else []
    lines += [phrase("assignment.paper.due", text=day(row.due_on))] if row.due_on else []
    return ProblemInLetter(row.number, row.title, lines)


def _closing(view: LetterView) -> Iterator[str]:
    method = method_of(view.campaign)
    for row in view.duties:
        if row.due_on:
            yield phrase("assignment.paper.duty", duty=method.duty(row.key).title, due_on=row.due_on)
    if view.until:
        yield phrase("assignment.paper.objection", until=view.until)
