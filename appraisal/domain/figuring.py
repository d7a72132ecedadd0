"""A count looked at unit by unit, and figures of it put together by weight: of classes, of channels, of dimensions.

A figure is a fraction that keeps its parts, so that the meeting can follow how it came about.  Nothing is rounded here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from appraisal.domain.count import VOTERS, WHOLE, Count, Turnout, Verdict
from appraisal.domain.grading_terms import Terms, Way, Weighed
from appraisal.domain.refusal import Refusal

Key = tuple[str, str]
"""Channel and class of voters."""


@dataclass
class Cell:
    """The lines of one channel and class on one unit and subject: valid marks, and how many count as what."""

    marks: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)

    def valid(self, terms: Terms) -> int:
        """With the abstentions where these count as valid."""
        abstained = self.verdicts[Verdict.ABSTAINED] if terms.validity.abstentions_are_valid else 0
        return self.verdicts[Verdict.VALID] + abstained


@dataclass(frozen=True)
class Look:
    """A count, found by unit and subject; ``units`` are all the units that the vote is about.

    ``ranked`` keeps what units are ranked by, once it was worked out.
    """

    terms: Terms
    units: tuple[str, ...]
    cells: Mapping[tuple[str, str], Mapping[Key, Cell]]
    turnouts: Mapping[Key, Turnout]
    ranked: dict[str, dict[str, tuple[Fraction, ...] | None]] = field(default_factory=dict)

    def at(self, unit: str, subject: str) -> Mapping[Key, Cell]:
        """The cells of a unit in one subject that has lines."""
        return self.cells.get((unit, subject), {})

    def lined(self, subject: str) -> list[str]:
        """The subjects whose lines a subject stands for: itself, or for a whole without lines all the others."""
        if subject == WHOLE and not self.terms.marks_whole:
            return [each.key for each in self.terms.subjects]
        return [subject]


@dataclass(frozen=True)
class Among:
    """Whose papers are looked at: of some classes alone, of one channel alone; without a word of all."""

    voters: tuple[str, ...] = ()
    channel: str | None = None

    def admits(self, key: Key) -> bool:
        """Whether the papers of that channel and class are looked at."""
        return self.channel in (None, key[0]) and (not self.voters or key[1] in self.voters)


@dataclass(frozen=True)
class Part:
    """A figure that another is made of, with its weight out of one."""

    kind: str
    key: str
    weight: Fraction
    figure: "Figure"


@dataclass(frozen=True)
class Figure:
    """A share or a score; ``top`` over ``bottom`` where it is not put together from parts.

    ``value`` is None where nothing decides it; ``valid`` is the number of valid lines that it comes from.
    """

    value: Fraction | None
    valid: int
    top: Fraction = Fraction(0)
    bottom: Fraction = Fraction(0)
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Of which cells a figure is made, each with the weight of its papers, or of which parts; ``kind`` is theirs."""

    subject: str
    cells: tuple[tuple[Key, Fraction], ...] = ()
    kind: str = ""
    parts: tuple[tuple[Weighed, "Plan"], ...] = ()


Leaf = Callable[[Look, str, str, Sequence[tuple[Key, Fraction]]], Figure]
"""The figure of a unit in one subject from some cells, each with the weight of its papers."""


def look(terms: Terms, count: Count, units: Sequence[str]) -> Look:
    """Every line in its cell."""
    cells: dict[tuple[str, str], dict[Key, Cell]] = {}
    for line in count.lines:
        cell = cells.setdefault((line.unit, line.subject), {}).setdefault((line.channel, line.voters), Cell())
        cell.verdicts[line.verdict] += line.count
        if line.verdict is Verdict.VALID:
            cell.marks[line.mark] += line.count
    return Look(terms, tuple(units), cells, count.turnouts)


def figure(seen: Look, unit: str, subject: str, among: Among, leaf: Leaf) -> Figure:
    """A figure of a unit, put together from its dimensions, channels and classes as the terms weigh them."""
    return _made(seen, unit, plan(seen, unit, subject, among), leaf)


def plan(seen: Look, unit: str, subject: str, among: Among) -> Plan:
    """What a figure is put together from, before anything is computed."""
    if seen.lined(subject) == [subject]:
        return _of_channels(seen, unit, subject, among)
    parts = [(each, _of_channels(seen, unit, each.key, among)) for each in seen.terms.subjects]
    return Plan(subject, kind="subject", parts=tuple(parts))


def votes(seen: Look, unit: str, subject: str, among: Among, counts: Sequence[str]) -> int:
    """How many valid lines have one of the marks; for a whole without lines those of all its parts."""
    return sum(
        cell.marks[mark]
        for each in seen.lined(subject)
        for key, cell in seen.at(unit, each).items()
        if among.admits(key)
        for mark in counts
    )


def _made(seen: Look, unit: str, planned: Plan, leaf: Leaf) -> Figure:
    if not planned.kind:
        return leaf(seen, unit, planned.subject, planned.cells)
    parts = [(each, _made(seen, unit, inner, leaf)) for each, inner in planned.parts]
    return _together(planned.kind, parts, seen.terms)


def _of_channels(seen: Look, unit: str, subject: str, among: Among) -> Plan:
    channels = [way for way in seen.terms.channels if among.channel in (None, way.key)]
    if among.voters:
        heard = [way for way in channels if way.here or set(_heard(seen, way)) & set(among.voters)]
        channels = heard or channels
    parts = [(way, _of_classes(seen, unit, subject, way, among.voters)) for way in channels]
    return parts[0][1] if len(parts) == 1 else Plan(subject, kind="channel", parts=tuple(parts))


def _of_classes(seen: Look, unit: str, subject: str, way: Way, voters: tuple[str, ...]) -> Plan:
    terms, heard = seen.terms, _heard(seen, way)
    classes = [each.key for each in terms.classes]
    unnamed = heard == [VOTERS] and VOTERS not in classes and not way.here
    if terms.weighing is None or unnamed:
        keys = [key for key in dict.fromkeys([*classes, *heard]) if not voters or key in voters]
        return Plan(subject, tuple(((way.key, key), Fraction(1)) for key in keys))
    if any(key not in classes and seen.at(unit, subject).get((way.key, key)) for key in heard):
        raise Refusal("grading.class_missing", channel=way.title)
    expected = [each for each in terms.classes if way.here or each.key in heard]
    chosen = [each for each in expected if not voters or each.key in voters]
    if terms.weighing == "papers":
        return Plan(subject, tuple(((way.key, each.key), weight_of(each)) for each in chosen))
    parts = [(each, Plan(subject, (((way.key, each.key), Fraction(1)),))) for each in chosen]
    return parts[0][1] if len(parts) == 1 else Plan(subject, kind="class", parts=tuple(parts))


def _heard(seen: Look, way: Way) -> list[str]:
    """The classes of which a channel brought papers, or at least figures."""
    found = {key[1]: None for key in seen.turnouts if key[0] == way.key}
    for cells in seen.cells.values():
        found |= {key[1]: None for key in cells if key[0] == way.key}
    return sorted(found)


def _together(kind: str, parts: Sequence[tuple[Weighed, Figure]], terms: Terms) -> Figure:
    """By weight; a part without a valid line is spread, counts as nothing, or leaves the whole undecided."""
    filled = [(each, made) for each, made in parts if made.valid and made.value is not None]
    kept = filled if terms.if_empty == "spread" else list(parts)
    whole = sum((weight_of(each) for each, _ in kept), Fraction(0))
    shown = tuple(Part(kind, each.key, weight_of(each) / whole, made) for each, made in kept)
    valid = sum(made.valid for _, made in parts)
    if not shown or (terms.if_empty == "undecided" and len(filled) < len(parts)):
        return Figure(None, valid, parts=shown)
    value = sum((part.weight * (part.figure.value or 0) for part in shown if part.figure.valid), Fraction(0))
    return Figure(value, valid, parts=shown)


def weight_of(each: Weighed) -> Fraction:
    """Its own weight; equals where nothing has one."""
    return each.weight if each.weight is not None else Fraction(1)


def base_of(seen: Look, unit: str, subject: str, base: str, keys: Sequence[Key]) -> Iterator[tuple[Key, int]]:
    """The number that a share is taken of, cell by cell; Refusal naming what the turnout does not tell."""
    cells = seen.at(unit, subject)
    if base in _PEOPLE:
        yield from _told(seen, base, keys, cells)
        return
    excluded = [option.key for option in seen.terms.options if option.excluded] if base == "known" else []
    for key in keys:
        cell = cells.get(key, Cell())
        turnout = seen.turnouts.get(key)
        if base != "returned":
            yield key, cell.valid(seen.terms) - sum(cell.marks[mark] for mark in excluded)
        elif turnout is not None and turnout.returned is not None:
            yield key, turnout.returned
        else:
            yield key, cell.verdicts.total()


_PEOPLE = {"all_members": "members", "due": "due", "present": "present", "issued": "issued"}


def _told(seen: Look, base: str, keys: Sequence[Key], cells: Mapping[Key, Cell]) -> Iterator[tuple[Key, int]]:
    """A number told for a whole channel stands for its classes."""
    numbers = {key: getattr(seen.turnouts.get(key, Turnout()), _PEOPLE[base]) for key in keys}
    for key, number in numbers.items():
        total = (key[0], VOTERS)
        if key == total or numbers.get(total) is None:
            if number is None and (key != total or len(numbers) == 1 or key in cells):
                place = seen.terms.place_title(*key)
                raise Refusal("grading.base_missing", base=base, place=place, channel=key[0], voters=key[1])
            yield key, number or 0
