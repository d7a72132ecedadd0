"""Pages from templates/pages/*.html: everything shown is escaped, and a value that is missing is an error."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from appraisal.documents.file_kinds import KINDS
from appraisal.notices.wording import clock_time, day, instant, phrase
from appraisal.operations.uploads import MEGABYTE, MOST_FILES
from appraisal.places import root

STATIC = Path(__file__).parent / "static"


class Pages:
    """The templates of one portal."""

    def __init__(self, upload_limit_mb: int) -> None:
        self._templates = _environment(upload_limit_mb)

    def render(self, page: str, status: int = 200, /, **shown: object) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self._templates.get_template(f"{page}.html").render(shown), status)


def size(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{max(round(count / 1024), 1)} KB"


def days_until(due_on: date, today: date) -> int:
    return (due_on - today).days


def _version() -> str:
    """Part of the address of what is static, so that a new edition is fetched at once."""
    content = b"".join(file.read_bytes() for file in sorted(STATIC.iterdir()) if file.is_file())
    return hashlib.sha256(content).hexdigest()[:12]


@cache
def _environment(upload_limit_mb: int) -> Environment:
    """Templates are compiled once a process, however many portals it has."""
    environment = Environment(
        loader=FileSystemLoader(root() / "templates" / "pages"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day, "instant": instant, "clock": clock_time}
    environment.filters |= {"size": size, "days_until": days_until}
    environment.globals |= {
        "phrase": phrase,
        "version": _version(),
        "upload_limit_mb": upload_limit_mb,
        "most_files": MOST_FILES,
        "endings": "、".join(sorted(KINDS)),
        "accept": ",".join(f".{ending}" for ending in sorted(KINDS)),
    }
    return environment
