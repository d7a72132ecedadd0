"""Who works with questionnaires in the portal, and what they fill in."""

import re
from html import unescape
from io import BytesIO

from openpyxl import load_workbook
from starlette.testclient import TestClient

from appraisal.operations.questionnaires import issue_papers
from tests.operations.surveys import Asked
from tests.operations.world import instant
from tests.portal.visitor import Visitor
from tests.portal.world import World

GOOD = {"unit": "jyj", "q.work": "good", "q.parts.service": "good", "q.parts.law": "good", "q.mark": "80"}
ASKED = re.compile(r'name="asked" value="([^"]*)"')
TICKET = re.compile(r'name="ticket" value="([^"]*)"')


def anybody(world: World) -> Visitor:
    return Visitor(TestClient(world.client.app, raise_server_exceptions=False))


def staff(world: World) -> Visitor:
    return world.visitor("office-1")


def sent(visitor: Visitor, page: str, fields: dict[str, str | list[str]]) -> tuple[int, str]:
    """What is on the form goes along with what is filled in."""
    shown = visitor.get(page).text
    hidden = {"asked": ASKED.search(shown), "ticket": TICKET.search(shown)}
    data = {name: found[1] for name, found in hidden.items() if found} | fields
    answer = visitor.client.post(page, data=data)
    return answer.status_code, unescape(answer.text)


def issue(asked: Asked, total: int) -> None:
    with asked.campaign.office.desk("person:office-1", instant("2023-08-28T10:00")) as desk:
        issue_papers(desk, asked.id, total)


def enter(visitor: Visitor, page: str, book: bytes) -> None:
    preview = visitor.send(f"{page}/papers", f"{page}/papers/import", files=[("录入.xlsx", book)])
    [packed] = re.findall(r'name="packed" value="([^"]+)"', preview.text)
    visitor.send(f"{page}/papers", f"{page}/papers/confirmation", {"packed": packed})


def filled(blank: bytes, *grades: list[str | None]) -> bytes:
    """A sheet of paper a row: how satisfied somebody is, and why not."""
    book = load_workbook(BytesIO(blank))
    for work, why in grades:
        book["纸质问卷"].append([None, "市教育局", work, why, "满意", "满意", 80, None, None])
    content = BytesIO()
    book.save(content)
    return content.getvalue()
