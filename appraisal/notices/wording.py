"""Codes into Chinese sentences, from templates/phrases/*.yaml."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined
from ruamel.yaml import YAML

from appraisal.clock import ZONE
from appraisal.domain.reasoning import Step
from appraisal.places import root

WEEKDAYS = "一二三四五六日"


def phrase(code: str, /, **facts: object) -> str:
    """Raises LookupError for a code without a phrase, and jinja2.UndefinedError for a fact that is not given."""
    return _environment(root() / "templates" / "phrases").get_template(code).render(facts)


def has_phrase(code: str) -> bool:
    return code in _phrases(root() / "templates" / "phrases")


def reason(steps: Iterable[Step], events: Mapping[str, str] | None = None) -> list[str]:
    """One sentence a step; `events` gives the method's titles for its events, without which the name is shown."""
    titles = events or {}
    return [phrase(step.code, **_titled(step.facts, titles)) for step in steps]


def day(given: date | str) -> str:
    on = date.fromisoformat(given) if isinstance(given, str) else given
    return f"{on.year}年{on.month}月{on.day}日（星期{WEEKDAYS[on.weekday()]}）"


def days(given: str) -> str:
    return "、".join(day(each) for each in given.split(","))


def instant(given: datetime | str) -> str:
    """In the zone of the clock; midnight is shown as 24:00 of the day it ends."""
    at = datetime.fromisoformat(given) if isinstance(given, str) else given
    if at.tzinfo is None:
        raise ValueError(f"the instant {at.isoformat()} has no offset")
    local = at.astimezone(ZONE)
    if local.time() == time():
        return f"{day(local.date() - timedelta(days=1))}24:00"
    return f"{day(local.date())}{local:%H:%M}"


def clock_time(at: datetime) -> str:
    """The time of day, where the day is known."""
    return f"{at.astimezone(ZONE):%H:%M}"


def _titled(facts: Mapping[str, str | int], titles: Mapping[str, str]) -> Mapping[str, str | int]:
    event = facts.get("event")
    return {**facts, "event": titles[event]} if isinstance(event, str) and event in titles else facts


@cache
def _environment(folder: Path) -> Environment:
    # Plain text for messages of every kind; a page escapes it when it shows it.
    environment = Environment(
        loader=DictLoader(_phrases(folder)),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - see above
        cache_size=-1,
    )
    environment.filters |= {"day": day, "days": days, "instant": instant}
    environment.globals["phrase"] = phrase
    return environment


@cache
def _phrases(folder: Path) -> dict[str, str]:
    """Raises ValueError for a code given twice or a phrase that is not text."""
    phrases: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for code, text in (YAML(typ="safe", pure=True).load(path) or {}).items():
            if code in phrases:
                raise ValueError(f"{path.name}: the phrase {code} is given in another file already")
            if not isinstance(text, str):
                raise ValueError(f"{path.name}: the phrase {code} is not text: {text!r}")
            phrases[code] = text
    return phrases
