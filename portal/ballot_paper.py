"""A ballot as a form: the lines that stand on it, what was filled in, and the same in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from appraisal.method.ballots import Ballot, Scale
from appraisal.method.grading_rules import subjects_of
from appraisal.method.vote_words import BlankRule, LineRule, Marking
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_marks import APPROVE, MarkRule, Marks, known_marks
from portal.forms import Form

LONGEST_MARK = 20


@dataclass(frozen=True)
class PaperLine:
    """One line: what is rated of which unit, what was typed there, and what is wrong with that."""

    unit: str
    subject: str
    title: str
    typed: str = ""
    flaw: str = ""

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"mark/{self.unit}/{self.subject}"


@dataclass(frozen=True)
class PaperForm:
    """A paper on a page.  ``flaw`` is what is wrong with the paper as a whole."""

    ballot: Ballot
    units: Sequence[tuple[str, str]]
    lines: Mapping[str, Sequence[PaperLine]]
    flaw: str = ""

    @property
    def flaws(self) -> int:
        """How many things have to be put right."""
        return sum(bool(line.flaw) for line in self._all()) + bool(self.flaw)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What was typed, as fields that are not seen."""
        return [(line.name, line.typed) for line in self._all() if line.typed]

    def said(self, line: PaperLine) -> str:
        """What a line says, in words; nothing where it is blank."""
        if not line.typed:
            return ""
        match self.ballot.marking:
            case Marking.ONE_OF_OPTIONS:
                return next(option.title for option in self.ballot.options if option.key == line.typed)
            case Marking.SCORE:
                return phrase("vote.said.score", score=line.typed)
            case Marking.RANKING:
                return phrase("vote.said.place", place=line.typed)
            case Marking.APPROVE:
                return phrase("vote.said.approve")

    def marks(self) -> Marks:
        """What is cast."""
        return {
            unit: {line.subject: (line.typed,) for line in lines if line.typed} for unit, lines in self.lines.items()
        }

    def rules(self) -> str:
        """How it is filled in, and what blank lines count as."""
        scale, limits = self.ballot.scale or Scale(), self.ballot.limits
        facts: dict[str, object] = {"lowest": scale.lowest, "highest": scale.highest, "step": scale.step}
        facts |= {"least": limits.at_least if limits else 0, "most": (limits and limits.at_most) or 0}
        return phrase(f"vote.rules.{self.ballot.marking}", **facts) + phrase(f"vote.rules.blank.{self._blank_rule}")

    def blanks(self) -> str:
        """What is left blank and counts as what; of an approval, how many were chosen."""
        blank = sum(not line.typed for line in self._all())
        marked = len(self.hidden)
        if not marked or (blank and self._spoils_paper):
            return phrase(f"vote.blank.paper.{self._blank_rule}", count=blank)
        if self.ballot.marking is Marking.APPROVE:
            return phrase("vote.approved", count=marked)
        return phrase(f"vote.blank.{self._blank_rule}", count=blank) if blank else phrase("vote.full")

    @property
    def _blank_rule(self) -> str:
        validity = self.ballot.validity
        if validity is None:
            return "none"
        if validity.blank is BlankRule.INVALID and self._spoils_paper:
            return "spoils"
        return str(validity.blank)

    @property
    def _spoils_paper(self) -> bool:
        """Whether one blank line makes the whole paper invalid."""
        validity = self.ballot.validity
        asked = self.ballot.marking in (Marking.ONE_OF_OPTIONS, Marking.SCORE)
        return bool(asked and validity and validity.judged is LineRule.PAPER and validity.blank is BlankRule.INVALID)

    def _all(self) -> Iterator[PaperLine]:
        for lines in self.lines.values():
            yield from lines


def read_paper(form: Form | None, ballot: Ballot, units: Sequence[tuple[str, str]]) -> PaperForm:
    """The paper as it was filled in, each line looked at; what does not stand on it is not read."""
    rules = known_marks(ballot, [code for code, _ in units])
    subjects = subjects_of(ballot)
    lines = {
        unit: [_read(form, ballot, PaperLine(unit, key, title), rules[unit][key]) for key, title in subjects]
        for unit, _ in units
    }
    paper = PaperForm(ballot, units, lines)
    return paper if paper.flaws else replace(paper, flaw=_together(ballot, [typed for _, typed in paper.hidden]))


def _read(form: Form | None, ballot: Ballot, line: PaperLine, rule: MarkRule) -> PaperLine:
    """A box that is ticked approves; an option that is not offered, as no page of ours sends it, is none."""
    typed = normalize("NFKC", form.text(line.name))[:LONGEST_MARK] if form else ""
    if not typed:
        return line
    if ballot.marking is Marking.APPROVE:
        return replace(line, typed=APPROVE)
    mark = rule.read(typed.lstrip("0") if ballot.marking is Marking.RANKING else typed)
    if mark is not None:
        return replace(line, typed=mark)
    if ballot.marking is Marking.ONE_OF_OPTIONS:
        return line
    return replace(line, typed=typed, flaw=_flaw(ballot, rule))


def _flaw(ballot: Ballot, rule: MarkRule) -> str:
    if rule.scale is None:
        return phrase("vote.flaw.place", most=len(rule.keys))
    return phrase("vote.flaw.score", lowest=rule.scale.lowest, highest=rule.scale.highest, step=rule.scale.step)


def _together(ballot: Ballot, marked: Sequence[str]) -> str:
    """What is wrong with the lines together: a place given twice, too many or too few of them."""
    if ballot.marking not in (Marking.RANKING, Marking.APPROVE):
        return ""
    limits = ballot.limits
    if ballot.marking is Marking.RANKING and len(set(marked)) < len(marked):
        return phrase("vote.flaw.twice")
    if limits and 0 < len(marked) < limits.at_least:
        return phrase("vote.flaw.too_few", marked=len(marked), least=limits.at_least)
    if limits and limits.at_most and len(marked) > limits.at_most:
        return phrase("vote.flaw.too_many", marked=len(marked), most=limits.at_most)
    return ""
