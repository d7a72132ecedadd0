"""Photos handed in: drawn anew, kept under random names, and given back only if they are what was kept.

A file tells the day at most: its time is set to midnight, and ``renew`` puts a new file in its place when the day is
over, for the file system keeps a time of its own that nobody can set.
"""

import hashlib
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from appraisal import clock
from appraisal.documents.photos import MEDIA_TYPE, Drawn, draw_anew
from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Office
from appraisal.operations.uploads import MEGABYTE, Offered, remove, sync
from appraisal.store.panel_tables import PhotoRow

logger = logging.getLogger(__name__)

MOST_PHOTOS = 3
LARGEST_PHOTO = 10 * MEGABYTE
_STORED_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class StoredPhoto:
    """A photo that lies under a random name among the uploads; ``size`` in bytes, sides in pixels."""

    media_type: str
    width: int
    height: int
    size: int
    digest: str
    stored_as: str

    def row(self, **owner: object) -> PhotoRow:
        """The row that names it; ``owner`` gives ``id``, ``position``, and ``opinion_id`` or ``log_entry_id``."""
        kept = {name: getattr(self, name) for name in ("media_type", "width", "height", "size", "digest", "stored_as")}
        return PhotoRow(**kept, **owner)


@contextmanager
def keeping_photos(
    office: Office, offered: Sequence[Offered], most: int = MOST_PHOTOS, on: date | None = None
) -> Iterator[list[StoredPhoto]]:
    """Keep photos around the transaction that names them; ``on`` is the day their files tell (without it, today).

    All are drawn before any is kept; Refusal names the first that is wrong.  Afterwards whatever the record does not
    name is removed again: the transaction failed, or the same had been handed in before.
    """
    if len(offered) > most:
        raise Refusal("photo.too_many", count=len(offered), most=most)
    drawn = [_draw(each, number) for number, each in enumerate(offered, start=1)]
    stored = _keep_all(office.uploads, drawn, on or clock.now().date())
    try:
        yield stored
    finally:
        _drop_unnamed(office, stored)


def photo_file(office: Office, photo: PhotoRow) -> Path:
    """Where the photo lies; Refusal ``photo.missing`` when it is gone, ``photo.changed`` when it is another one."""
    path = office.uploads / photo.stored_as
    if not _STORED_NAME.fullmatch(photo.stored_as) or not path.is_file():
        raise Refusal("photo.missing")
    if hashlib.sha256(path.read_bytes()).hexdigest() != photo.digest:
        raise Refusal("photo.changed")
    return path


def renew(office: Office, photos: Iterable[PhotoRow], on: date) -> None:
    """Put a new file in the place of each, in the order given; one that is gone is passed over."""
    for photo in photos:
        path = office.uploads / photo.stored_as
        if _STORED_NAME.fullmatch(photo.stored_as) and path.is_file():
            _put(office.uploads, photo.stored_as, path.read_bytes(), on)


def _draw(offered: Offered, number: int) -> Drawn:
    size = offered.content.seek(0, os.SEEK_END)
    if size > LARGEST_PHOTO:
        raise Refusal("photo.too_large", number=number, most_mb=LARGEST_PHOTO // MEGABYTE)
    return draw_anew(offered.content, number)


def _keep_all(folder: Path, drawn: Sequence[Drawn], on: date) -> list[StoredPhoto]:
    stored: list[StoredPhoto] = []
    try:
        for photo in drawn:
            name = secrets.token_hex(16)
            _put(folder, name, photo.content, on)
            digest = hashlib.sha256(photo.content).hexdigest()
            stored.append(StoredPhoto(MEDIA_TYPE, photo.width, photo.height, len(photo.content), digest, name))
    except OSError:
        remove(folder, [photo.stored_as for photo in stored])
        raise
    return stored


def _put(folder: Path, name: str, content: bytes, on: date) -> None:
    """A reader sees the old file or the new one, and nobody but the owner reads either."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    midnight = datetime.combine(on, time(), clock.ZONE).timestamp()
    draft = folder / f".{secrets.token_hex(16)}"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:  # noqa: PTH123 - the mode is set as the file is made, not after.
            target.write(content)
            target.flush()
            os.utime(target.fileno(), (midnight, midnight))
            os.fsync(target.fileno())
        draft.replace(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    sync(folder)


def _drop_unnamed(office: Office, stored: Sequence[StoredPhoto]) -> None:
    """Asked of the record and not of the exception: a commit may have gone through though its answer was lost."""
    if not stored:
        return
    names = {photo.stored_as for photo in stored}
    try:
        with office.store.reading() as session:
            named = set(session.scalars(select(PhotoRow.stored_as).where(PhotoRow.stored_as.in_(names))))
    except SQLAlchemyError as error:
        logger.warning("photos left in place, the record cannot be read: %s", type(error).__name__)
        return
    remove(office.uploads, sorted(names - named))
