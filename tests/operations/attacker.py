"""An attacker who reads everything an installation keeps, and tries to tell who cast which paper.

They watched the hall: who checked in after whom, and who cast after whom.  They have the bytes of the database, of its
journal, every row with what PostgreSQL notes about it, and the logs; and, where they are given it, the secret of the
installation too.  From these they draw up orders in which papers and codes may have come, lay each beside the order
they saw, and say for every voter what they think that voter marked.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import sqrt
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken

from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.store.urn import Urn

FERNET = re.compile(rb"gAAAAA[A-Za-z0-9_-]{60,}={0,2}")
PLAIN = re.compile(rb'\{"mark":.*?"voters":"\w+"\}')
Marks = str
"""What a paper says, as one text."""
Papers = Mapping[str, tuple[str, Marks]]
"""The class and the marks of papers, by the number under which they lie."""


@dataclass(frozen=True)
class Seen:
    """What was seen in the hall: the class of everybody, the order of check-in and that of casting."""

    classes: Mapping[str, str]
    came: Sequence[str]
    cast: Sequence[str]


@dataclass(frozen=True)
class Loot:
    """What was taken.

    ``files`` are raw bytes by name; the journal is read frame by frame.  ``urn``, ``spent`` and ``codes`` are live rows
    in the order in which the database gives them, each with whatever else it says: a key, a transaction, a place.
    """

    round_id: str
    files: Mapping[str, bytes]
    urn: Sequence[Mapping[str, object]]
    spent: Sequence[Mapping[str, object]]
    codes: Sequence[Mapping[str, object]]
    counts: Sequence[tuple[str, str]]
    keys: Sequence[bytes]
    logs: str = ""
    keyring: Keyring | None = field(default=None, repr=False)
    page: int = 4096
    frame: int = 4120

    _places: dict[tuple[str, str], list[int]] = field(default_factory=dict, repr=False)

    def places_of(self, identifier: str, name: str) -> list[int]:
        """Where it is written in a file, in letters or in bytes; looked for once, for several ways ask."""
        if (identifier, name) not in self._places:
            self._places[identifier, name] = _everywhere(identifier, self.files[name])
        return self._places[identifier, name]

    @property
    def classes_of_codes(self) -> dict[str, str]:
        return {str(row["id"]): str(row["voters"]) for row in self.codes}


@dataclass(frozen=True)
class Guess:
    """How one way of guessing did: how many it links rightly, of how many; how near its order is to the true one."""

    way: str
    hits: int
    voters: int
    closeness: float = 0.0


def attack(loot: Loot, seen: Seen, truth: Mapping[str, Marks], papers: Papers) -> list[Guess]:
    """Try every way.

    The guesses are judged by ``truth``, what each voter marked, and by ``papers``, what is in each paper, though the
    attacker may not be able to read it: to say whose an unreadable paper is would be a link as well.
    """
    return [*_by_order(loot, seen, truth, papers), *_by_code(loot, seen, truth, papers), _by_counts(loot, seen, truth)]


def readable(loot: Loot) -> Papers:
    """The papers that the attacker can read at all, of whomever they may be."""
    return _read(loot)


def _by_order(loot: Loot, seen: Seen, truth: Mapping[str, Marks], papers: Papers) -> Iterator[Guess]:
    """Papers in an order that something tells, beside the order of casting, class by class."""
    for way, order in _orders(loot, list(papers), loot.urn):
        for name, sequence in ((way, order), (f"{way}, backwards", order[::-1])):
            guessed = dict(_zipped(seen, seen.cast, [(papers[each][0], papers[each][1]) for each in sequence]))
            hits = sum(truth[voter] == marks for voter, marks in guessed.items())
            yield Guess(f"papers by {name}", hits, len(truth), _closeness(seen, truth, sequence, papers))


def _by_code(loot: Loot, seen: Seen, truth: Mapping[str, Marks], papers: Papers) -> Iterator[Guess]:
    """From the voter to the code by the order of check-in, and from the code to the paper by the order of casting."""
    classes = loot.classes_of_codes
    drawn = dict(_orders(loot, list(classes), loot.codes))
    spent_ids = [str(row["code_id"]) for row in loot.spent]
    spent = dict(_orders(loot, spent_ids, [{**row, "id": row["code_id"]} for row in loot.spent]))
    cast = dict(_orders(loot, list(papers), loot.urn))
    for way in sorted(drawn.keys() & spent.keys() & cast.keys()):
        codes = dict(_zipped(seen, seen.came, [(classes[each], each) for each in drawn[way]]))
        of_code = dict(zip(spent[way], (papers[each][1] for each in cast[way]), strict=False))
        hits = sum(of_code.get(codes.get(voter, "")) == marks for voter, marks in truth.items())
        yield Guess(f"codes by {way}", hits, len(truth))
    for name, pairs in _same_transaction(loot, papers):
        codes = dict(_zipped(seen, seen.cast, [(classes[code], code) for code, _ in pairs if code in classes]))
        of_code = dict(pairs)
        hits = sum(of_code.get(codes.get(voter, "")) == marks for voter, marks in truth.items())
        yield Guess(name, hits, len(truth))


def _by_counts(loot: Loot, seen: Seen, truth: Mapping[str, Marks]) -> Guess:
    """The lines that are left after the count, beside the order of casting: each paper's marks as they lie there."""
    guessed = dict(_zipped(seen, seen.cast, loot.counts))
    hits = sum(guessed.get(voter) == marks for voter, marks in truth.items())
    return Guess("lines of the count", hits, len(truth))


def _same_transaction(loot: Loot, papers: Papers) -> Iterator[tuple[str, list[tuple[str, Marks]]]]:
    """A code and a paper that one transaction wrote, by PostgreSQL's number or by the frame of the journal."""
    by_number: dict[object, list[str]] = {}
    for row in loot.spent:
        if "xmin" in row:
            by_number.setdefault(row["xmin"], []).append(str(row["code_id"]))
    pairs = [
        (by_number[row["xmin"]][-1], papers[str(row["id"])][1])
        for row in loot.urn
        if row.get("xmin") in by_number and str(row["id"]) in papers
    ]
    yield "codes by transaction", pairs


def _read(loot: Loot) -> dict[str, tuple[str, Marks]]:
    """Papers that can be read: the class and the marks, by where they lay."""
    found: dict[str, tuple[str, Marks]] = {}
    sealed = dict(_sealed(loot))
    for place, blob in sealed.items():
        with suppress(ValueError, KeyError):
            found[place] = _content(_json(blob))
    for key in _keys(loot):
        for place, blob in sealed.items():
            content = _unsealed(loot, key, blob)
            if content is not None:
                found[place] = content
    return found


def _sealed(loot: Loot) -> Iterator[tuple[str, bytes]]:
    """Sealed papers by place: live rows, and what lies in any file behind the number of the round."""
    sizes = {len(bytes(row["sealed"])) for row in loot.urn} or set(range(256 + 32, 2048, 256))  # type: ignore[call-overload]
    for row in loot.urn:
        yield str(row["id"]), bytes(row["sealed"])  # type: ignore[call-overload]
    for raw in loot.files.values():
        for match in re.finditer(_pattern(loot.round_id), raw):
            letters = len(match[0])  # PostgreSQL puts the length of the paper between the two.
            place, begins = raw[match.start() - letters : match.start()], match.end() + (0 if letters == 32 else 4)
            if letters == 16 or re.fullmatch(rb"[0-9a-f]{32}", place):
                for size in sizes:
                    yield place.decode() if letters == 32 else place.hex(), raw[begins : begins + size]


def _keys(loot: Loot) -> set[bytes]:
    """Keys that open papers: what is kept as one, and whatever looks like one in any file, tried with the secret."""
    carved = {match for raw in loot.files.values() for match in FERNET.findall(raw)}
    found = set(loot.keys)
    for token in {*carved, *loot.keys}:
        if loot.keyring is not None:
            try:
                found.add(bytes.fromhex(loot.keyring.unseal(token)))
            except (Refusal, ValueError):
                continue
    return found


def _unsealed(loot: Loot, key: bytes, blob: bytes) -> tuple[str, Marks] | None:
    try:
        return _content(_json(Urn(UUID(loot.round_id), key)._unlocked(blob)))
    except (InvalidTag, ValueError, KeyError):
        pass
    try:
        return _content(_json(Fernet(key).decrypt(blob)))
    except (InvalidToken, ValueError):
        return None


def _json(raw: bytes) -> dict[str, object]:
    found = PLAIN.search(raw)
    return dict(json.loads(found[0])) if found else {}


def _content(read: Mapping[str, object]) -> tuple[str, Marks]:
    return str(read["voters"]), as_text(read["marks"])


def as_text(marks: object) -> Marks:
    return json.dumps(marks, sort_keys=True)


def _orders(loot: Loot, wanted: Sequence[str], rows: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, list[str]]]:
    """Orders in which these may have been written, by name."""
    known = [str(row["id"]) for row in rows if str(row["id"]) in set(wanted)]
    yield "rows as given", known
    yield "key", sorted(wanted)
    for column in ("xmin", "ctid", "rowid", "size"):
        if rows and column in rows[0]:
            placed = {str(row["id"]): row[column] for row in rows}
            yield column, sorted((each for each in wanted if each in placed), key=lambda each: placed[each])  # type: ignore[arg-type,return-value]
    for name in loot.files:
        yield from _places(loot, name, wanted)


def _places(loot: Loot, name: str, wanted: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """By where the bytes lie: in the file, in their page from its end, in the first or the last frame or record."""
    found = {each: loot.places_of(each, name) for each in wanted}
    there = [each for each in wanted if found[each]]
    size = loot.frame if "wal" in name else loot.page
    ways: dict[str, Callable[[str], tuple[int, ...]]] = {
        "first byte": lambda each: (found[each][0],),
        "last byte": lambda each: (found[each][-1],),
        "place in page": lambda each: (found[each][0] // size, -found[each][0]),
        "place in last page": lambda each: (found[each][-1] // size, -found[each][-1]),
        "times written": lambda each: (-len(found[each]),),
    }
    for way, key in ways.items():
        yield f"{way} of {name}", sorted(there, key=key)


def _everywhere(identifier: str, raw: bytes) -> list[int]:
    found = []
    for written in (identifier.encode(), bytes.fromhex(identifier)):
        at = raw.find(written)
        while at >= 0:
            found.append(at)
            at = raw.find(written, at + 1)
    return sorted(found)


def _pattern(identifier: str) -> bytes:
    """As SQLite keeps it, in letters, or as PostgreSQL does, in bytes."""
    return re.escape(identifier.encode()) + b"|" + re.escape(bytes.fromhex(identifier))


def _zipped(seen: Seen, order: Sequence[str], found: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Voters of each class in the order they were seen in, beside what was found of that class in its order."""
    for voters in sorted(set(seen.classes.values())):
        people = [each for each in order if seen.classes[each] == voters]
        yield from zip(people, (what for whose, what in found if whose == voters), strict=False)


def _closeness(seen: Seen, truth: Mapping[str, Marks], sequence: Sequence[str], papers: Papers) -> float:
    """How near an order is to that of casting, in standard deviations of a shuffled one (Spearman's, by class)."""
    total, classes = 0.0, 0
    at = {voter: place for place, voter in enumerate(seen.cast)}
    for voters in set(seen.classes.values()):
        whose = {truth[voter]: at[voter] for voter in truth if seen.classes[voter] == voters}
        order = [whose[papers[each][1]] for each in sequence if papers[each][0] == voters and papers[each][1] in whose]
        count = len(order)
        if count < 3:
            continue
        ranks = {place: rank for rank, place in enumerate(sorted(order))}
        apart = sum((rank - ranks[place]) ** 2 for rank, place in enumerate(order))
        total += (1 - 6 * apart / (count * (count**2 - 1))) * sqrt(count - 1)
        classes += 1
    return total / sqrt(classes) if classes else 0.0
