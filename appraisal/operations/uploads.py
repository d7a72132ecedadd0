"""Files handed in: checked, kept under random names, and given back only if they are what was handed in."""

import hashlib
import logging
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from appraisal.documents.file_kinds import CHUNK, Kind, kind_of
from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Office
from appraisal.operations.papers import StoredFile
from appraisal.store.campaign_tables import AttachmentRow

logger = logging.getLogger(__name__)

MOST_FILES = 10
LONGEST_NAME = 120
MEGABYTE = 1024 * 1024
_STORED_NAME = re.compile(r"[0-9a-f]{32}")
_NOT_FOR_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')


@dataclass(frozen=True)
class Offered:
    """A file as somebody offers it: the name it had on their device, its bytes, and the day it is evidence of."""

    name: str
    content: BinaryIO
    speaks_of: date | None = None


@dataclass(frozen=True)
class _Checked:
    name: str
    kind: Kind
    size: int
    digest: str
    content: BinaryIO
    speaks_of: date | None


@contextmanager
def keeping(office: Office, offered: Sequence[Offered]) -> Iterator[list[StoredFile]]:
    """Keep files around the transaction that names them.

    Every file is checked before any is kept.  Afterwards whatever the record does not name is removed again: the
    transaction failed, or the same paper had been handed in before.
    """
    stored = _keep_all(office.uploads, check_all(offered, office.settings.upload_limit_mb * MEGABYTE))
    try:
        yield stored
    finally:
        _drop_unnamed(office, stored)


def check_all(offered: Sequence[Offered], limit: int) -> list[_Checked]:
    """Every file with its kind and digest; Refusal names every file that is wrong at once."""
    if len(offered) > MOST_FILES:
        raise Refusal("upload.too_many", count=len(offered), most=MOST_FILES)
    checked: list[_Checked] = []
    refused: list[Refusal] = []
    for each in offered:
        try:
            checked.append(_check(each, limit, checked))
        except Refusal as refusal:
            refused.append(refusal)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise Refusal("upload.several", faults=[{"code": each.code, "facts": each.facts} for each in refused])
    return checked


def fetch(office: Office, attachment: AttachmentRow) -> Path:
    """Where the file lies; refused when it is gone or is no longer what was handed in."""
    if not _STORED_NAME.fullmatch(attachment.stored_as):
        raise Refusal("upload.missing", file=attachment.name)
    path = office.uploads / attachment.stored_as
    try:
        with path.open("rb") as content:
            found = _digest(content)
    except OSError:
        raise Refusal("upload.missing", file=attachment.name) from None
    if found != attachment.digest:
        raise Refusal("upload.changed", file=attachment.name)
    return path


def shown_name(written: str) -> str:
    """A name that is safe to show and to save under: no path, no control or direction marks, not overlong."""
    last = unicodedata.normalize("NFC", written).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    clean = _NOT_FOR_NAMES.sub("_", visible).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if not dot:
        return clean[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if len(ending) < LONGEST_NAME else ""


def _check(offered: Offered, limit: int, before: Sequence[_Checked]) -> _Checked:
    name = shown_name(offered.name)
    size = offered.content.seek(0, os.SEEK_END)
    if size == 0:
        raise Refusal("upload.empty", file=name)
    if size > limit:
        raise Refusal("upload.too_large", file=name, limit_mb=limit // MEGABYTE)
    kind = kind_of(name, offered.content)
    digest = _digest(offered.content)
    twin = next((other.name for other in before if other.digest == digest), None)
    if twin is not None:
        raise Refusal("upload.twice", file=name, twin=twin)
    return _Checked(name, kind, size, digest, offered.content, offered.speaks_of)


def _digest(content: BinaryIO) -> str:
    content.seek(0)
    running = hashlib.sha256()
    while chunk := content.read(CHUNK):
        running.update(chunk)
    return running.hexdigest()


def _keep_all(folder: Path, checked: Sequence[_Checked]) -> list[StoredFile]:
    stored: list[StoredFile] = []
    try:
        for file in checked:
            stored.append(_keep(folder, file))
    except OSError:
        remove(folder, [file.stored_as for file in stored])
        raise
    return stored


def _keep(folder: Path, file: _Checked) -> StoredFile:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    draft = folder / f".{name}"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:  # noqa: PTH123 - the mode is set as the file is made, not after.
            file.content.seek(0)
            while chunk := file.content.read(CHUNK):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    sync(folder)
    return StoredFile(file.name, file.kind.media_type, file.size, file.digest, name, file.speaks_of)


def sync(folder: Path) -> None:
    """The name of a new file outlives a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop_unnamed(office: Office, stored: Sequence[StoredFile]) -> None:
    """Asked of the record and not of the exception: a commit may have gone through though its answer was lost."""
    if not stored:
        return
    names = {file.stored_as for file in stored}
    try:
        with office.store.reading() as session:
            named = set(session.scalars(select(AttachmentRow.stored_as).where(AttachmentRow.stored_as.in_(names))))
    except SQLAlchemyError as error:
        logger.warning("uploads left in place, the record cannot be read: %s", type(error).__name__)
        return
    remove(office.uploads, sorted(names - named))


def remove(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
