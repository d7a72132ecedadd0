"""Loading a method: a file that is checked in full, or the pinned text of a campaign."""

import json
from dataclasses import dataclass
from pathlib import Path

from appraisal.domain import digest as digests
from appraisal.method.check import Checked, check, check_ladders
from appraisal.method.faults import Fault, Faulty
from appraisal.method.schema import Method
from appraisal.method.source import read_source

PLANNED_ONCE = (("problems", "statuses"), ("ballots", "media"))
"""Words that an earlier version planned and wrote, empty, into every edition; no method could say a thing with them."""


@dataclass(frozen=True)
class Edition:
    """A method as it stands; ``text`` is canonical JSON, complete with the shared ladders, and ``digest`` its hash."""

    method: Method
    text: str
    digest: str


@dataclass(frozen=True)
class Available:
    """A file of the folder: an edition, or the faults why it is none."""

    path: Path
    edition: Edition | None
    faults: tuple[Fault, ...]


def read_method(path: Path, ladders: Path) -> Edition:
    """The edition in a file; Faulty with every fault at once."""
    checked = _checked(path, ladders)
    if checked.method is None:
        raise Faulty(checked.faults)
    return edition(checked.method)


def edition(method: Method) -> Edition:
    """The edition of a method; what is not said is left out, so that later words of the schema change no digest."""
    plain = method.model_dump(mode="json", exclude_none=True)
    return Edition(method, digests.canonical(plain), digests.digest(plain))


def from_text(text: str) -> Method:
    """The method of a pinned text; it was checked when it was pinned, though perhaps by an earlier version."""
    plain = json.loads(text)
    for part, word in PLANNED_ONCE:
        found = plain.get(part) or []
        for each in found if isinstance(found, list) else [found]:
            if not each.get(word):
                each.pop(word, None)
    return Method.model_validate(plain)


def available(folder: Path, ladders: Path) -> list[Available]:
    """Every method of a folder, by file name, the faulty ones with their faults."""
    listed = []
    for path in sorted(folder.glob("*.yaml")):
        checked = _checked(path, ladders)
        listed.append(Available(path, edition(checked.method) if checked.method else None, checked.faults))
    return listed


def _checked(path: Path, ladders: Path) -> Checked:
    return check(read_source(path), check_ladders(read_source(ladders)))
