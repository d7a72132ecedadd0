"""Where the checkout keeps what is data: config/ and templates/ lie beside the packages."""

import os
from functools import lru_cache
from pathlib import Path

ROOT_SET_BY = "PINGYI_ROOT"


def root() -> Path:
    return _resolved(os.environ.get(ROOT_SET_BY))


@lru_cache(maxsize=16)
def _resolved(chosen: str | None) -> Path:
    """Kept, for every phrase asks; resolving goes to the disk."""
    return Path(chosen).expanduser().resolve() if chosen else Path(__file__).resolve().parents[1]
