"""Where the checkout keeps what is data: config/ and templates/ lie beside the packages."""

import os
from pathlib import Path

ROOT_SET_BY = "PINGYI_ROOT"


def root() -> Path:
    chosen = os.environ.get(ROOT_SET_BY)
    return Path(chosen).expanduser().resolve() if chosen else Path(__file__).resolve().parents[1]
