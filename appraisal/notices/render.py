"""A letter as it is read: subject and body from templates/notices/<template>/, refused where a value is missing."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from ruamel.yaml import YAML

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import day, days, instant, phrase
from appraisal.places import root

DIGEST = "digest"
ALARM = "alarm-undelivered"


@dataclass(frozen=True)
class Rendered:
    """A message ready to go; ``kind`` is info, success, warning or failure."""

    subject: str
    body: str
    kind: str


def render(template: str, context: Mapping[str, Any], link: str, key: str, today: date) -> Rendered:
    """Word a letter; how many days are left or over is told as of ``today``, the day it goes out.

    Refuses ``notice.unknown`` for a template that does not exist and ``notice.incomplete`` for a missing or
    unfit value.
    """
    given = {"acting_for": "", **context, "link": link, "number": number(key), "today": today}
    try:
        subject = _environment(_folder()).get_template(f"{template}/subject.txt.j2").render(given)
        body = _environment(_folder()).get_template(f"{template}/body.txt.j2").render(given)
    except TemplateNotFound:
        raise Refusal("notice.unknown", template=template) from None
    except (TemplateError, TypeError, ValueError) as error:
        raise Refusal("notice.incomplete", template=template, why=str(error)) from None
    return Rendered(" ".join(subject.split()), _tidy(body), _declared(_folder(), template)["kind"])


def subject_of(template: str, context: Mapping[str, Any], today: date) -> str:
    """The subject alone, as boards and digests list it."""
    return render(template, context, "", "", today).subject


def number(key: str) -> str:
    """消息编号: the same message has the same number however often it arrives."""
    digits = hashlib.sha256(key.encode()).hexdigest()[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def templates() -> list[str]:
    """The names of all templates."""
    return sorted(path.parent.name for path in _folder().glob("*/context.yaml"))


def sample(template: str) -> dict[str, Any]:
    """The values that the template declares beside itself, as an example of what it must be given."""
    declared: dict[str, Any] = _declared(_folder(), template)["sample"]
    return declared


def time_left(due_on: date | str, today: date) -> str:
    """还有3天, 今天到期, 已逾期2天."""
    due = date.fromisoformat(due_on) if isinstance(due_on, str) else due_on
    return phrase("notice.time_left", days=(due - today).days)


def _tidy(body: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in body.splitlines())).strip()


def _folder() -> Path:
    return root() / "templates" / "notices"


@cache
def _environment(folder: Path) -> Environment:
    # Messages are plain text on every channel; Apprise escapes them where a channel wants HTML.
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - see above
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day, "days": days, "instant": instant, "phrase": phrase, "time_left": time_left}
    return environment


@cache
def _declared(folder: Path, template: str) -> dict[str, Any]:
    declared: dict[str, Any] = YAML(typ="safe", pure=True).load(folder / template / "context.yaml")
    return declared
