"""Texts as vectors of the pairs and triples of signs in them, and how near two of these are.

Importing this takes a second and 100 MB: see ``operations.similar``.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import HashingVectorizer

LONGEST = 600
"""Signs of a text that are looked at: an opinion says what it is about before that."""

Vectors: TypeAlias = csr_matrix  # One text a row.

_VECTORIZER = HashingVectorizer(
    analyzer="char",
    ngram_range=(2, 3),
    n_features=2**18,
    binary=True,
    alternate_sign=False,
    norm="l2",
    dtype=np.float32,
)


def vectors(texts: Iterable[str]) -> Vectors:
    """A row a text."""
    return _VECTORIZER.transform(text[:LONGEST] for text in texts)


def stacked(parts: Sequence[Vectors]) -> Vectors:
    """All rows in one."""
    return vstack(parts, format="csr")


def nearest(text: str, parts: Sequence[Vectors], most: int) -> list[tuple[int, float]]:
    """The places (counted through all parts) of the rows nearest to a text, with their cosine, the nearest first."""
    asked = vectors([text]).toarray().ravel()
    cosines = np.concatenate([part @ asked for part in parts])
    few = np.arange(len(cosines)) if len(cosines) <= most else np.argpartition(-cosines, most)[:most]
    found = [(int(place), round(float(cosines[place]), 3)) for place in few]
    return sorted(found, key=lambda each: (-each[1], each[0]))
