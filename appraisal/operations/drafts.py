"""Files between their preview and the click that takes them in: sealed, under random names, for a day at most."""

import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Office

LASTS = timedelta(days=1)
_NAME = re.compile(r"[0-9a-f]{32}")


def keep_draft(office: Office, content: bytes, now: datetime) -> str:
    """Keep a file for later and forget those that nobody came back for; gives its name."""
    folder = _folder(office)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < (now - LASTS).timestamp():
            old.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    (folder / name).write_bytes(office.keyring.seal(content.hex()))
    return name


def draft(office: Office, name: str) -> bytes:
    """The file of that name, or Refusal ``draft.missing``."""
    path = _folder(office) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Refusal("draft.missing")
    return bytes.fromhex(office.keyring.unseal(path.read_bytes()))


def drop_draft(office: Office, name: str) -> None:
    """Forget a file; a second time does nothing."""
    if _NAME.fullmatch(name):
        (_folder(office) / name).unlink(missing_ok=True)


def _folder(office: Office) -> Path:
    return office.settings.home / "drafts"
