"""How a count becomes grades (定等): exact, by the rules of the method, with the working that the meeting follows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from appraisal.domain.count import VOTERS, WHOLE, Count, Verdict
from appraisal.domain.figuring import Among, Figure, Key, Look, look, votes
from appraisal.domain.grading_terms import APPROVE, Condition, Terms
from appraisal.domain.judging import Judged, judge, score_steps
from appraisal.domain.numerals import percent
from appraisal.domain.placing import place_of
from appraisal.domain.reasoning import Step
from appraisal.domain.shares import gives_scores, rounded, score, share

__all__ = [
    "Condition",
    "Decided",
    "Graded",
    "Terms",
    "by_thresholds",
    "graded",
    "holds",
    "is_void",
    "most_votes",
    "undecided",
]


@dataclass(frozen=True)
class Decided:
    """What a rule decides: the key of a grade, None where nothing decides it; the share that decided, and its base."""

    grade: str | None
    steps: tuple[Step, ...]
    share: Figure | None = None
    base: str | None = None


@dataclass(frozen=True)
class Graded:
    """One unit.

    ``grade`` is the key of a grade, None where it is not decided (the working says why).  ``counts`` are valid marks by
    subject, of all channels and classes together.  ``valid``, ``invalid`` and ``abstained`` are lines of the whole, or
    of the first subject where the whole has none; abstentions are among ``valid`` where the method counts them so.
    ``base`` and ``share`` are those of the threshold that decided, or where none did of the first one; ``base`` is None
    where shares were weighed, its word is ``base_word``.  ``shares`` has the share of every mark in the base of the
    grading, by subject; ``parts`` the grade of every dimension or item by the same rule.
    """

    unit: str
    grade: str | None
    counts: Mapping[str, Mapping[str, int]]
    valid: int
    invalid: int
    abstained: int
    base: int | None
    share: Fraction | None
    score: Fraction | None
    place: int | None
    satisfaction: Fraction | None
    working: tuple[Step, ...]
    parts: Mapping[str, str | None] = field(default_factory=dict)
    base_word: str | None = None
    shares: Mapping[str, Mapping[str, Fraction | None]] = field(default_factory=dict)


def graded(terms: Terms, count: Count, units: Sequence[str]) -> dict[str, Graded]:
    """Every unit, by the rule of the terms; Refusal where the turnout lacks a number that the rule needs."""
    seen = look(terms, count, units)
    return {unit: _graded(seen, unit) for unit in units}


def holds(terms: Terms, count: Count, units: Sequence[str], unit: str, condition: Condition) -> bool:
    """Whether a unit meets a condition; not where nothing decides it."""
    return judge(look(terms, count, units), unit, WHOLE, condition).met is True


def is_void(terms: Terms, count: Count) -> list[Step]:
    """Why the vote counts for nothing: more papers came back than went out, by channel and class; empty if none did."""
    if not terms.validity.void_if_exceeds:
        return []
    lines: dict[Key, Counter[Key]] = {}
    classes = {each.key for each in terms.classes}
    for line in count.lines:
        for key in {(line.channel, line.voters), (line.channel, line.voters if VOTERS in classes else VOTERS)}:
            lines.setdefault(key, Counter())[line.unit, line.subject] += line.count
    found = []
    for key, turnout in count.turnouts.items():
        returned = turnout.returned if turnout.returned is not None else max(lines.get(key, {}).values(), default=0)
        if turnout.issued is not None and returned > turnout.issued:
            facts: dict[str, str | int] = {"place": terms.place_title(*key), "issued": turnout.issued}
            found.append(Step("grading.void", facts | {"returned": returned}))
    return found


def undecided(terms: Terms, seen: Look, unit: str, subject: str) -> Decided:
    """The rule of a grade that the meeting announces: counts decide nothing."""
    return Decided(None, (Step("grading.announced", {}),))


def by_thresholds(terms: Terms, seen: Look, unit: str, subject: str) -> Decided:
    """The first threshold that is met, else ``otherwise``; then whatever veto lowers it most.

    Where a threshold is not decided, nothing below it is either.
    """
    steps: list[Step] = []
    looked: list[Judged] = []
    grade = terms.otherwise
    for threshold in terms.thresholds:
        decided = judge(seen, unit, subject, threshold.condition)
        steps += decided.steps
        looked.append(decided)
        if decided.met is None:
            return Decided(None, (*steps, Step("grading.undecided", {"grade": terms.grade_title(threshold.grade)})))
        if decided.met:
            grade = threshold.grade
            steps.append(Step("grading.grade", {"grade": terms.grade_title(grade)}))
            break
    else:
        otherwise = terms.grade_title(grade) if grade is not None else ""
        steps.append(Step("grading.otherwise", {"grade": otherwise, "number": len(terms.thresholds)}))
    # Where none is met, or what is met asks for no share, the first share tells most: that of the best grade.
    last = [judged for judged in looked if judged.met]
    shown = next((judged for judged in (*last, *looked) if judged.share), Judged(None, ()))
    return _lowered(seen, unit, subject, Decided(grade, tuple(steps), shown.share, shown.base))


def most_votes(terms: Terms, seen: Look, unit: str, subject: str) -> Decided:
    """The option with the largest share; of equals the better or the worse, as the terms say."""
    options = [option.key for option in terms.options if not option.excluded]
    shares = {key: share(seen, unit, subject, Among(), [key], terms.base) for key in options}
    known = {key: made.value for key, made in shares.items() if made.value is not None}
    if len(known) < len(options):
        return Decided(None, (Step("grading.most.none", {}),))
    if not any(known.values()):
        grade = terms.otherwise
        title = terms.grade_title(grade) if grade is not None else ""
        return Decided(grade, (Step("grading.otherwise", {"grade": title, "number": 0}),))
    largest = max(known.values())
    level = sorted((key for key, value in known.items() if value == largest), key=terms.rank_of_grade)
    grade = level[0] if terms.ties == "better" else level[-1]
    facts: dict[str, str | int] = {
        "options": terms.option_titles(tuple(level)),
        "percent": percent(largest),
        "votes": votes(seen, unit, subject, Among(), [grade]),
        "level": len(level),
        "ties": terms.ties,
        "grade": terms.grade_title(grade),
    }
    return _lowered(seen, unit, subject, Decided(grade, (Step("grading.most", facts),), shares[grade], terms.base))


def _lowered(seen: Look, unit: str, subject: str, decided: Decided) -> Decided:
    terms = seen.terms
    for veto in terms.vetoes:
        if decided.grade is None or terms.rank_of_grade(veto.grade) <= terms.rank_of_grade(decided.grade):
            continue
        found = judge(seen, unit, subject, veto.condition)
        steps = (*decided.steps, *found.steps)
        if found.met is None:
            open_ = Step("grading.undecided", {"grade": terms.grade_title(veto.grade)})
            return Decided(None, (*steps, open_), decided.share, decided.base)
        if found.met:
            lowered = Step("grading.veto", {"grade": terms.grade_title(veto.grade)})
            decided = Decided(veto.grade, (*steps, lowered), found.share or decided.share, found.base or decided.base)
        else:
            decided = replace(decided, steps=steps)
    return decided


def _graded(seen: Look, unit: str) -> Graded:
    terms = seen.terms
    decided = terms.rule(terms, seen, unit, WHOLE)
    scored = score(seen, unit, WHOLE, Among()) if gives_scores(terms) else None
    place = place_of(seen, unit, WHOLE)
    made = decided.share
    score_told = score_steps(seen, unit, WHOLE, Among(), scored) if scored else []
    first = WHOLE if terms.marks_whole else terms.subjects[0].key
    verdicts = _verdicts(seen, unit, first)
    return Graded(
        unit=unit,
        grade=decided.grade,
        counts={subject.key: _marks(seen, unit, subject.key) for subject in terms.subjects},
        valid=sum(cell.valid(terms) for cell in seen.at(unit, first).values()),
        invalid=verdicts[Verdict.INVALID],
        abstained=verdicts[Verdict.ABSTAINED],
        base=int(made.bottom) if made is not None and not made.parts and made.bottom.denominator == 1 else None,
        share=made.value if made else None,
        score=rounded(scored.value, terms.decimals) if scored and scored.value is not None else None,
        place=place.number if place else None,
        satisfaction=_satisfaction(seen, unit),
        working=(*_counted(seen, unit), *score_told, *decided.steps),
        parts=_parts(seen, unit),
        base_word=decided.base if made is not None else None,
        shares=_shares(seen, unit),
    )


def _parts(seen: Look, unit: str) -> dict[str, str | None]:
    """Nothing where the rule itself speaks of single dimensions or items: it decides no grade of one of them."""
    terms = seen.terms
    conditions = [threshold.condition for threshold in (*terms.thresholds, *terms.vetoes)]
    if any(_names_subject(condition) for condition in conditions) or any(by.of is not None for by in terms.ranked_by):
        return {}
    parts = [subject.key for subject in terms.subjects if subject.key != WHOLE]
    return {key: terms.rule(terms, seen, unit, key).grade for key in parts}


def _names_subject(condition: Condition) -> bool:
    return condition.of is not None or any(_names_subject(inner) for inner in (*condition.all, *condition.any))


def _marks(seen: Look, unit: str, subject: str) -> dict[str, int]:
    """Of all channels and classes together: every option, else what was marked."""
    found = {option.key: 0 for option in seen.terms.options}
    for cell in seen.at(unit, subject).values():
        for mark, lines in cell.marks.items():
            if mark:
                found[mark] = found.get(mark, 0) + lines
    return found


def _shares(seen: Look, unit: str) -> dict[str, dict[str, Fraction | None]]:
    terms = seen.terms
    marks = [APPROVE] if terms.marking == APPROVE else [option.key for option in terms.options]
    subjects = dict.fromkeys([WHOLE, *(subject.key for subject in terms.subjects)])
    return {
        subject: {mark: share(seen, unit, subject, Among(), [mark], terms.base).value for mark in marks}
        for subject in (subjects if marks else [])
    }


def _verdicts(seen: Look, unit: str, subject: str) -> dict[Verdict, int]:
    cells = seen.at(unit, subject).values()
    return {verdict: sum(cell.verdicts[verdict] for cell in cells) for verdict in Verdict}


def _counted(seen: Look, unit: str) -> list[Step]:
    terms = seen.terms
    steps = []
    for subject in terms.subjects:
        verdicts, marks = _verdicts(seen, unit, subject.key), _marks(seen, unit, subject.key)
        options = "、".join(f"{option.title} {marks[option.key]}" for option in terms.options)
        facts: dict[str, str | int] = {
            "subject": terms.subject_title(subject.key),
            "marks": options,
            "approving": marks.get(APPROVE, 0) if terms.marking == APPROVE else -1,
            "valid": sum(cell.valid(terms) for cell in seen.at(unit, subject.key).values()),
            "abstained": verdicts[Verdict.ABSTAINED],
            "invalid": verdicts[Verdict.INVALID],
            "abstentions_are_valid": int(terms.validity.abstentions_are_valid),
        }
        steps.append(Step("grading.counted", facts))
    return steps


def _satisfaction(seen: Look, unit: str) -> Fraction | None:
    """The share of the best option, or of the best two, in the base of the grading."""
    terms = seen.terms
    options = [option.key for option in terms.options if not option.excluded]
    if terms.satisfaction is None or not options:
        return None
    counts = options[: 1 if terms.satisfaction == "satisfied" else 2]
    return share(seen, unit, WHOLE, Among(), counts, terms.base).value
