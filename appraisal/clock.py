"""The one place that asks what time it is.

A rehearsal or a test moves the clock by naming a file in PINGYI_CLOCK. The file holds one ISO instant with its
offset and is read on every call, so that all processes that share it move together.
"""

import os
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import pendulum

ZONE = pendulum.timezone("Asia/Shanghai")
MOVED_BY = "PINGYI_CLOCK"


def now() -> datetime:
    moved = os.environ.get(MOVED_BY)
    return read_clock(Path(moved)) if moved else datetime.now(ZONE)


def read_clock(path: Path) -> datetime:
    text = path.read_text(encoding="utf-8").strip()
    return _in_zone(datetime.fromisoformat(text), where=str(path))


def set_clock(path: Path, instant: datetime) -> None:
    """Replace the file in one step: a reader sees the old instant or the new one, never half of it."""
    text = _in_zone(instant, where="set_clock").isoformat()
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8") as draft:
        draft.write(text + "\n")
    Path(draft.name).replace(path)


def _in_zone(instant: datetime, where: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{where}: the instant {instant.isoformat()} has no offset; write 2023-10-27T09:00:00+08:00")
    return instant.astimezone(ZONE)
