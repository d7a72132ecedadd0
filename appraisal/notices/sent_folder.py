"""The demo channel: ``pingyi://<who>`` writes the message as a text file to ``sent/`` in the data folder.

A newcomer sees every message without an account anywhere.  The files hold personal links, so the folder is
closed to other users; a real installation switches the channel off.
"""

import re
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from apprise.decorators.base import CustomNotifyPlugin

from appraisal import clock
from appraisal.settings import settings

FOLDER = "sent"


@cache
def register() -> None:
    """Make ``pingyi://`` known to Apprise, once a process."""
    # Apprise leaves this one function untyped.
    CustomNotifyPlugin.instantiate_plugin("pingyi://", _write, name="pingyi")  # type: ignore[no-untyped-call]


def _write(body: str, title: str, notify_type: str, meta: dict[str, Any], *args: object, **kwargs: object) -> bool:
    to = re.sub(r"[^\w-]+", "_", unquote(str(meta.get("host", ""))))
    folder = settings().home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_new(folder, f"{clock.now():%Y%m%d-%H%M%S}-{to}", f"{title}\n\n{body}\n")
    return True


def _write_new(folder: Path, stem: str, text: str) -> None:
    """Two messages of one second to one person are two files."""
    for copy in count(1):
        try:
            with (folder / f"{stem}-{copy}.txt").open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return
