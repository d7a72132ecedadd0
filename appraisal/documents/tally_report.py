"""A tally in plain data, as a program reads it: counts, bases, shares as exact fractions, grades, the working."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from appraisal.domain.count import VOTERS, WHOLE, Count, Verdict
from appraisal.domain.grading import Graded
from appraisal.domain.grading_terms import Terms
from appraisal.domain.numerals import decimal, percent
from appraisal.notices.wording import phrase, reason

Plain = dict[str, object]


def turnout_told(terms: Terms, count: Count) -> list[Plain]:
    """People and papers of every channel and class that has any."""
    there = {*count.turnouts, *((line.channel, line.voters) for line in count.lines)}
    order = [(way.key, voters) for way in terms.channels for voters in (VOTERS, *(each.key for each in terms.classes))]
    keys = [key for key in dict.fromkeys(order) if key in there]
    whose = {each.key: {each.key} for each in terms.classes}
    whose.setdefault(VOTERS, {*whose, VOTERS})
    return [
        {
            "channel": channel,
            "class": voters,
            "title": terms.place_title(channel, voters),
            "members": turnout.members if turnout else None,
            "due": turnout.due if turnout else None,
            "present": turnout.present if turnout else None,
            "issued": turnout.issued if turnout else None,
            "returned": turnout.returned
            if turnout and turnout.returned is not None
            else _papers(count, channel, whose[voters]),
        }
        for channel, voters, turnout in ((*key, count.turnouts.get(key)) for key in keys)
    ]


def unit_told(terms: Terms, count: Count, graded: Graded, *, void: bool) -> Plain:
    """One unit; of a void vote nothing but the counts."""
    if void:
        graded = replace(graded, grade=None, base=None, base_word=None, share=None, score=None, place=None)
        graded = replace(graded, satisfaction=None, shares={}, parts={}, working=graded.working[: len(terms.subjects)])
    grade = graded.grade
    issued = [turnout.issued for turnout in count.turnouts.values() if turnout.issued is not None]
    return {
        "unit": graded.unit,
        "issued": sum(issued) if issued else None,
        "returned": _returned(count, graded.unit, terms.subjects[0].key),
        "valid": graded.valid,
        "invalid": graded.invalid,
        "abstained": graded.abstained,
        "counts": graded.counts[terms.subjects[0].key],
        "subjects": [_subject(terms, count, graded, subject.key) for subject in terms.subjects],
        "base": base_told(graded),
        "share": share_told(graded.share),
        "shares": _shares(graded, WHOLE),
        "score": score_told(graded.score),
        "place": graded.place,
        "satisfaction": share_told(graded.satisfaction),
        "grade": {"key": grade, "title": terms.grade_title(grade)} if grade is not None else None,
        "working": reason(graded.working),
    }


def base_told(graded: Graded) -> Plain | None:
    """What the deciding share was taken of; without a number where shares were weighed."""
    if graded.base_word is None:
        return None
    title = phrase(f"grading.base.{graded.base_word}")
    return {"key": graded.base_word, "title": title, "number": graded.base}


def share_told(share: Fraction | None) -> Plain | None:
    """Exactly, and in per cent."""
    return {"fraction": str(share), "percent": percent(share)} if share is not None else None


def score_told(score: Fraction | None) -> Plain | None:
    """Exactly, and in decimals."""
    return {"fraction": str(score), "decimal": decimal(score)} if score is not None else None


def _subject(terms: Terms, count: Count, graded: Graded, subject: str) -> Plain:
    parts: Mapping[str, str | None] = graded.parts
    grade = parts.get(subject)
    verdicts = dict.fromkeys(Verdict, 0)
    for line in count.lines:
        if (line.unit, line.subject) == (graded.unit, subject):
            verdicts[line.verdict] += line.count
    return {
        "subject": subject or "whole",
        "title": next(each.title for each in terms.subjects if each.key == subject),
        "valid": verdicts[Verdict.VALID] + (verdicts[Verdict.ABSTAINED] * terms.validity.abstentions_are_valid),
        "invalid": verdicts[Verdict.INVALID],
        "abstained": verdicts[Verdict.ABSTAINED],
        "counts": graded.counts[subject],
        "shares": _shares(graded, subject),
        "grade": {"key": grade, "title": terms.grade_title(grade)} if grade is not None else None,
    }


def _shares(graded: Graded, subject: str) -> dict[str, Plain | None]:
    """Of every mark in the base of the grading, by weight where the method weighs."""
    return {mark: share_told(share) for mark, share in graded.shares.get(subject, {}).items()}


def _returned(count: Count, unit: str, subject: str) -> int:
    told = [turnout.returned for turnout in count.turnouts.values()]
    known = [number for number in told if number is not None]
    if known and len(known) == len(told):
        return sum(known)
    return sum(line.count for line in count.lines if (line.unit, line.subject) == (unit, subject))


def _papers(count: Count, channel: str, classes: Collection[str]) -> int:
    """As many papers as stand on the subject of a unit with most lines."""
    found: dict[tuple[str, str], int] = {}
    for line in count.lines:
        if line.channel == channel and line.voters in classes:
            key = line.unit, line.subject
            found[key] = found.get(key, 0) + line.count
    return max(found.values(), default=0)
