"""How many people and papers there were, as typed: ``30``, ``members=30,deputies=100``, ``meeting/members=30``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from appraisal.documents.paper_columns import normal
from appraisal.domain.count import VOTERS, Turnout
from appraisal.domain.grading_terms import Terms, Titled
from appraisal.domain.refusal import Refusal

Key = tuple[str, str]


def read_turnouts(terms: Terms, typed: Mapping[str, Sequence[str]]) -> dict[Key, Turnout]:
    """By channel and class; ``typed`` has what stands behind ``--members`` and its kin, by the name of the number.

    A number without a class is that of all classes together.
    """
    found: dict[Key, dict[str, int]] = {}
    for name, words in typed.items():
        for key, number in _numbers(terms, f"--{name}", words):
            if name in found.setdefault(key, {}):
                raise Refusal("turnout.twice", option=f"--{name}")
            found[key][name] = number
    return {key: Turnout(**{**asdict(Turnout()), **numbers}) for key, numbers in found.items()}


def _numbers(terms: Terms, option: str, words: Sequence[str]) -> Iterator[tuple[Key, int]]:
    for word in ",".join(words).replace("，", ",").split(",") if words else ():
        whose, separator, number = word.rpartition("=")
        digits = normal(number)
        if not (digits.isascii() and digits.isdigit()) or (separator and not whose.strip()):
            raise Refusal("turnout.not_a_number", option=option, text=word, example=terms.classes[0].key)
        yield _key(terms, option, whose), int(digits)


def _key(terms: Terms, option: str, whose: str) -> Key:
    channel, separator, voters = whose.rpartition("/")
    if not separator and voters and _found(terms.channels, voters) and not _found(terms.classes, voters):
        channel, voters = voters, ""
    return _channel(terms, option, channel), _class(terms, option, voters)


def _class(terms: Terms, option: str, text: str) -> str:
    if not text.strip():
        return terms.classes[0].key if len(terms.classes) == 1 else VOTERS
    key = _found(terms.classes, text)
    if key is None:
        known = [each.title for each in terms.classes]
        raise Refusal("turnout.class_unknown", option=option, text=text.strip(), known=known)
    return key


def _channel(terms: Terms, option: str, text: str) -> str:
    if text.strip():
        key = _found(terms.channels, text)
        if key is None:
            known = [each.title for each in terms.channels]
            raise Refusal("turnout.channel_unknown", option=option, text=text.strip(), known=known)
        return key
    here = [way.key for way in terms.channels if way.here]
    if len(here) != 1:
        example = f"{terms.channels[0].key}/{terms.classes[0].key}"
        raise Refusal("turnout.channel_open", option=option, example=example)
    return here[0]


def _found(known: Sequence[Titled], text: str) -> str | None:
    return next((each.key for each in known if normal(text) in (normal(each.key), normal(each.title))), None)
