"""The one text and the one hash of a value, by which papers are bound and facts are chained."""

import hashlib
import json

# Kept, for to make one takes as long as to write what it writes.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, Chinese as it is."""
    return _ENCODER.encode(value)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
