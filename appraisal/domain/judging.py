"""Whether a unit meets a condition, and how that came about, step by step."""

from dataclasses import dataclass
from fractions import Fraction
from operator import ge, gt, le, lt

from appraisal.domain.figuring import Among, Figure, Look, votes
from appraisal.domain.grading_terms import Condition, Portion
from appraisal.domain.numerals import decimal, fraction, percent
from appraisal.domain.placing import is_among_first, is_among_last, place_of, places
from appraisal.domain.reasoning import Step
from appraisal.domain.shares import rounded, score, share

Facts = dict[str, str | int]

BOUNDS = {"reach": ge, "exceed": gt, "within": le, "below": lt}


@dataclass(frozen=True)
class Judged:
    """Whether a condition is met, None where nothing decides it; the share that was looked at, if any, and its base."""

    met: bool | None
    steps: tuple[Step, ...]
    share: Figure | None = None
    base: str | None = None


def judge(seen: Look, unit: str, subject: str, condition: Condition) -> Judged:
    """The condition, looked at in the subject unless it names another."""
    about = condition.of if condition.of is not None else subject
    if condition.all or condition.any:
        return _joined(seen, unit, subject, condition)
    if condition.share is not None:
        return _share(seen, unit, about, condition, condition.share)
    if condition.votes is not None:
        return _votes(seen, unit, about, condition, condition.votes)
    if condition.score is not None:
        return _score(seen, unit, about, condition, condition.score)
    return _place(seen, unit, about, condition)


def _joined(seen: Look, unit: str, subject: str, condition: Condition) -> Judged:
    """Undecided only where what is not decided could still turn it."""
    inner = [judge(seen, unit, subject, each) for each in condition.all or condition.any]
    turning = bool(condition.any)
    found = [each.met for each in inner]
    met = turning if turning in found else (None if None in found else not turning)
    steps = tuple(step for each in inner for step in each.steps)
    word = "any" if turning else "all"
    joined = Step(f"grading.{word}", {"number": len(inner), "met": _told(met)})
    shared = next((each for each in inner if each.share), Judged(None, ()))
    return Judged(met, (*steps, joined), shared.share, shared.base)


def _share(seen: Look, unit: str, about: str, condition: Condition, line: Fraction) -> Judged:
    among = Among(condition.voters, condition.channel)
    base = condition.base or seen.terms.base
    made = share(seen, unit, about, among, condition.counts, base)
    met = None if made.value is None else BOUNDS[condition.boundary](made.value, line)
    facts: Facts = _where(seen, about, among) | {
        "options": seen.terms.option_titles(condition.counts),
        "votes": votes(seen, unit, about, among, condition.counts),
        "base": base,
    }
    steps = _share_parts(seen, made, facts)
    if made.value is not None:
        figures: Facts = {"share": fraction(made.value), "percent": percent(made.value, line)}
        if not made.parts:
            figures |= {"top": fraction(made.top), "bottom": fraction(made.bottom)}
        compared: Facts = {"line": percent(line), "exact_line": fraction(line), "boundary": condition.boundary}
        code = "grading.share.weighed" if made.parts else "grading.share"
        steps.append(Step(code, facts | figures | compared | {"met": int(bool(met))}))
    else:
        steps.append(Step("grading.share.none", facts))
    return Judged(met, tuple(steps), made, base)


def _share_parts(seen: Look, made: Figure, facts: Facts, names: str = "") -> list[Step]:
    """One step for every part with papers of its own, each with its weight within the part that it belongs to."""
    steps: list[Step] = []
    for part in made.parts:
        name = names + _part_title(seen, part.kind, part.key)
        inner = part.figure
        told = {"name": name, "weight": percent(part.weight), "options": facts["options"], "base": facts["base"]}
        if inner.parts:
            steps += _share_parts(seen, inner, facts, name)
        if inner.value is None or not inner.valid:
            steps.append(Step("grading.part.none", {**told, "rule": seen.terms.if_empty}))
        elif inner.parts:
            steps.append(Step("grading.part.weighed", {**told, "percent": percent(inner.value)}))
        else:
            figures = {"top": fraction(inner.top), "bottom": fraction(inner.bottom), "percent": percent(inner.value)}
            steps.append(Step("grading.part", {**told, **figures}))
    return steps


def score_steps(seen: Look, unit: str, about: str, among: Among, made: Figure) -> list[Step]:
    """How a score came about."""
    steps = _score_parts(seen, made)
    facts: Facts = _where(seen, about, among) | {"dropped": _dropped(seen)}
    if made.value is None:
        return [*steps, Step("grading.score.none", facts)]
    facts |= {"score": decimal(rounded(made.value, seen.terms.decimals)), "exact": fraction(made.value)}
    if made.parts:
        return [*steps, Step("grading.score.weighed", facts)]
    return [*steps, Step("grading.score", facts | {"top": decimal(made.top), "bottom": decimal(made.bottom)})]


def _score_parts(seen: Look, made: Figure, names: str = "") -> list[Step]:
    steps: list[Step] = []
    for part in made.parts:
        name = names + _part_title(seen, part.kind, part.key)
        inner = part.figure
        told: Facts = {"name": name, "weight": percent(part.weight)}
        steps += _score_parts(seen, inner, name) if inner.parts else []
        if inner.value is None:
            steps.append(Step("grading.part.none", {**told, "rule": seen.terms.if_empty}))
        elif inner.parts:
            steps.append(Step("grading.part.score.weighed", {**told, "score": decimal(inner.value)}))
        else:
            figures = {"top": decimal(inner.top), "bottom": decimal(inner.bottom), "score": decimal(inner.value)}
            steps.append(Step("grading.part.score", {**told, **figures}))
    return steps


def _votes(seen: Look, unit: str, about: str, condition: Condition, line: int) -> Judged:
    among = Among(condition.voters, condition.channel)
    number = votes(seen, unit, about, among, condition.counts)
    met = BOUNDS[condition.boundary](number, line)
    facts = _where(seen, about, among) | {"options": seen.terms.option_titles(condition.counts), "votes": number}
    step = Step("grading.votes", facts | {"line": line, "boundary": condition.boundary, "met": int(met)})
    return Judged(met, (step,))


def _score(seen: Look, unit: str, about: str, condition: Condition, line: Fraction) -> Judged:
    among = Among(condition.voters, condition.channel)
    made = score(seen, unit, about, among)
    facts: Facts = _where(seen, about, among) | {"dropped": _dropped(seen)}
    if made.value is None:
        return Judged(None, (Step("grading.score.none", facts),))
    value = rounded(made.value, seen.terms.decimals)
    met = BOUNDS[condition.boundary](value, line)
    facts |= {"score": decimal(value, line), "line": decimal(line), "boundary": condition.boundary, "met": int(met)}
    return Judged(met, (Step("grading.score.line", facts),))


def _place(seen: Look, unit: str, about: str, condition: Condition) -> Judged:
    place = place_of(seen, unit, about)
    if place is None:
        return Judged(None, (Step("grading.place.none", _where(seen, about, Among())),))
    end = "first" if condition.first is not None else "last"
    portion = condition.first or condition.last or Portion(Fraction(0))
    number = places(portion, len(seen.units), seen.terms.rounding)
    test = is_among_first if end == "first" else is_among_last
    met = test(place, number, seen.terms.ties)
    facts: Facts = {
        "place": place.number,
        "level": place.level,
        "units": len(seen.units),
        "portion": percent(portion.amount / 100) if portion.percent else "",
        "places": number,
        "ties": seen.terms.ties,
        "met": int(met),
    }
    return Judged(met, (Step(f"grading.place.{end}", _where(seen, about, Among()) | facts),))


def _where(seen: Look, about: str, among: Among) -> Facts:
    return {
        "subject": seen.terms.subject_title(about),
        "voters": "、".join(seen.terms.class_title(key) for key in among.voters),
        "channel": seen.terms.channel_title(among.channel) if among.channel else "",
    }


def _part_title(seen: Look, kind: str, key: str) -> str:
    terms = seen.terms
    titles = {"subject": terms.subject_title, "channel": terms.channel_title, "class": terms.class_title}
    return f"“{titles[kind](key)}”"


def _dropped(seen: Look) -> int:
    return seen.terms.drop.highest + seen.terms.drop.lowest


def _told(met: bool | None) -> str:
    return "open" if met is None else "yes" if met else "no"
