"""Somebody at a browser without scripts: follows links and sends the forms that are on the page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from httpx import Response
from starlette.testclient import TestClient

MARK = re.compile(r'name="form_mark" value="([0-9a-f]+)"')
SEEN = re.compile(r'name="seen" value="([^"]+)"')
Attached = tuple[str, bytes]


@dataclass(frozen=True)
class Visitor:
    client: TestClient

    def get(self, page: str) -> Response:
        answer: Response = self.client.get(page)
        return answer

    def send(
        self, page: str, action: str, fields: Mapping[str, Sequence[str]] | None = None, files: Sequence[Attached] = ()
    ) -> Response:
        """Read a page, then send one of its forms as the page marked it."""
        shown = self.client.get(page).text
        marks = {"form_mark": MARK, "seen": SEEN}
        hidden = {name: found[1] for name, mark in marks.items() if (found := mark.search(shown))}
        attached = [("files", (name, content)) for name, content in files]
        answer: Response = self.client.post(action, data=hidden | dict(fields or {}), files=attached or None)
        return answer
