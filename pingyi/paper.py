"""Lists to print and hand over in person: files for their owner alone."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from appraisal.notices.wording import phrase
from appraisal.operations.identity import HandOut
from appraisal.operations.library import shelf
from appraisal.operations.office import Office


def approving_roles(office: Office) -> dict[str, str]:
    """The roles that approve something under one of the office's methods, with their titles."""
    methods = [found.edition.method for found in shelf(office) if found.edition]
    return {
        phase.closing.by: method.role(phase.closing.by).title
        for method in methods
        for phase in method.phases
        if phase.closing
    }


def code_list(found: Iterable[HandOut], titles: Mapping[str, str]) -> str:
    """One slip a person, to be cut apart."""
    slips = [
        phrase("cli.codes.slip", name=each.person.name, role=titles.get(each.role, each.role), code=each.code)
        for each in found
    ]
    return "".join(f"{slip}\n" for slip in [phrase("cli.codes.head"), *slips])


def keep_private(path: Path, text: str) -> None:
    """A temporary file is its owner's alone from its first moment, and takes the place of the old one in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8") as draft:
        draft.write(text)
    Path(draft.name).replace(path)
