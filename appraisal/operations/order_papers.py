"""An order as an official paper: its parts in words, and its name as a file."""

from appraisal.documents.order_paper import OrderPaper, order_docx
from appraisal.method.faults import words
from appraisal.notices.wording import day, phrase
from appraisal.operations.loading import method_of
from appraisal.operations.order_views import OrderView


def kind_title(kind: str) -> str:
    """What letters of this kind are called."""
    return words(f"OrderKind.{kind}")


def order_paper(view: OrderView) -> tuple[str, bytes]:
    """The name of the file and the paper itself."""
    row = view.row
    paper = OrderPaper(
        body=method_of(view.campaign).body,
        kind=kind_title(row.kind),
        mark=row.mark,
        unit=row.unit.name if row.unit else "",
        campaign=view.campaign.title,
        by=view.by,
        problem=f"{row.problem.number}. {row.problem.title}" if row.problem else "",
        due=day(row.due_on) if row.due_on else "",
        text=[line for line in row.text.splitlines() if line.strip()],
        dated=day(row.given_at.date()),
    )
    return phrase("order.paper.name", mark=row.mark, kind=paper.kind), order_docx(paper)
