"""What a rung waits for and what it costs, in words."""

from collections.abc import Sequence

from appraisal.domain.ladder import Rung
from appraisal.method.words import RungAct
from appraisal.notices.wording import phrase


def waits_for(rung: Rung) -> str:
    """The condition of a rung as a clause (连续15日没有报送); empty where it stands at a place."""
    when = rung.when
    if when is None:
        return ""
    if when.silent is not None:
        return phrase("rung.when.silent", count=when.silent.count, unit=when.silent.unit.value)
    if when.unmoved is not None:
        return phrase("rung.when.unmoved", times=when.unmoved)
    if when.returned is not None:
        return phrase("rung.when.returned", times=when.returned)
    if when.fired is not None:
        return phrase("rung.when.fired", act=phrase(f"portal.act.{RungAct(when.fired)}"), times=when.times)
    return phrase("rung.when.held_up")


def notes(rung: Rung, late: Sequence[str] = ()) -> list[str]:
    """What a letter says besides: why the rung fired where no date says so, and the points it costs.

    ``late`` are the supporting units for which a rung on them fired.
    """
    because = [phrase("rung.because", what=waits_for(rung))] if rung.when else []
    waiting = [phrase("rung.held_up_by", units=late)] if late else []
    return [*because, *waiting, *costs(rung)]


def costs(rung: Rung) -> list[str]:
    """The points that a rung takes off, where it takes any."""
    return [phrase("rung.points", points=rung.points)] if rung.points else []
