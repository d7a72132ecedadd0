"""An opinion as text: what is kept of it, when two are the same, and what makes one look like abuse."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

LONGEST = 5000
LONGEST_NAME = 50
LONGEST_CONTACT = 200
_LINK = re.compile(
    r"https?://[^\s，。；、）]+|(?<![a-z0-9.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|vip|cc|club)(?![a-z0-9])",
    re.IGNORECASE,
)
_LETTERS = ("L", "N")


class Source(StrEnum):
    """Who gave an opinion."""

    PUBLIC = "public"
    ENTERPRISE = "enterprise"
    DEPUTY = "deputy"


class Channel(StrEnum):
    """How an opinion came."""

    CODE = "code"
    LINK = "link"
    PAPER = "paper"
    PHONE = "phone"
    SEMINAR = "seminar"


@dataclass(frozen=True)
class Signs:
    """What an opinion is held back for: so many links, one of these words, a sign repeated so often in a row, too
    small a share of letters (from 0 to 1)."""

    links: int
    words: tuple[str, ...]
    repeats: int
    letters: float


def cleaned(text: str) -> str:
    """Without signs that nobody sees, which hide words or turn their order round; lines and tabs stay."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter in "\n\t" or unicodedata.category(letter)[0] != "C").strip()


def normalised(text: str) -> str:
    """What two texts have in common that differ in spaces, punctuation, width and case alone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(letter for letter in folded if unicodedata.category(letter)[0] in _LETTERS)
    return letters or "".join(folded.split())


def suspicion(text: str, signs: Signs) -> str | None:
    """``links``, ``words`` or ``gibberish``; None for what looks like an opinion."""
    if len(_LINK.findall(text)) >= signs.links:
        return "links"
    letters = normalised(text)
    if any(normalised(word) in letters for word in signs.words):
        return "words"
    return "gibberish" if _is_gibberish(text, signs) else None


def _is_gibberish(text: str, signs: Signs) -> bool:
    visible = [letter for letter in text if not letter.isspace()]
    letters = sum(unicodedata.category(letter)[0] in _LETTERS for letter in visible)
    longest = max((len(list(run)) for _, run in groupby(visible)), default=0)
    return longest >= signs.repeats or letters < signs.letters * len(visible)
