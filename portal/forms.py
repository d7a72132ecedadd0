"""Forms: read only for somebody who is signed in, and taken only when they come from a page of ours."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from appraisal.domain.refusal import Refusal
from appraisal.operations.uploads import Offered
from portal import sessions
from portal.visits import Here

LONGEST_TEXT = 20_000
MOST_PARTS = 40
MOST_FIELDS = 3000
"""A sheet of a teller has a field for every mark of every unit."""
LARGEST_PART = 256 * 1024


@dataclass(frozen=True)
class Form:
    """What was typed and what was attached."""

    data: FormData

    def value(self, name: str) -> str:
        """A field without what no database keeps, or nothing."""
        found = self.data.get(name, "")
        return found.replace("\x00", "") if isinstance(found, str) else ""

    def text(self, name: str) -> str:
        """What somebody typed, with plain line ends."""
        return self.value(name).replace("\r\n", "\n").strip()

    def ticked(self, name: str) -> list[str]:
        """The boxes of that name that were ticked."""
        return [found for found in self.data.getlist(name) if isinstance(found, str)]

    def texts(self, prefix: str) -> dict[str, str]:
        """What was typed in all fields whose names begin so, by the rest of their names."""
        return {name.removeprefix(prefix): self.text(name) for name in self.data if name.startswith(prefix)}

    def files(self, name: str) -> list[Offered]:
        """What was attached; a file field left empty is none."""
        found = (part for part in self.data.getlist(name) if isinstance(part, UploadFile))
        return [Offered(part.filename, part.file) for part in found if part.filename]


def not_too_long(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Refusal("portal.too_long", length=len(text), most=LONGEST_TEXT)
    return text


async def form(request: Request, here: Here) -> AsyncIterator[Form]:
    """The form of a request; its files are closed when the answer is made."""
    async with request.form(max_files=MOST_PARTS, max_fields=MOST_FIELDS, max_part_size=LARGEST_PART) as data:
        read = Form(data)
        if not sessions.is_form_mark(here.office.keyring, here.session, read.value("form_mark")):
            raise Refusal("portal.form_stale")
        yield read


Posted = Annotated[Form, Depends(form)]
