"""The way from the lines of a count to every grade, written down as steps that need no rule of ours to be followed."""

import json
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from appraisal.domain.count import WHOLE, Verdict
from appraisal.domain.figuring import Among, Key, Look, Plan, base_of, plan, weight_of
from appraisal.domain.grading import by_thresholds, most_votes
from appraisal.domain.grading_terms import Condition, RankedBy
from appraisal.domain.placing import places
from appraisal.domain.shares import score_of_mark

Name = str
Leaf = Callable[[Plan], Name]


class Steps:
    """The steps from the lines of a count to its grades, in their order; the same step is written once."""

    def __init__(self, seen: Look) -> None:
        self.seen = seen
        self.written: list[list[object]] = []
        self._names: dict[str, Name] = {}

    def step(self, operation: str, *given: object) -> Name:
        key = json.dumps([operation, *given], sort_keys=True)
        if key not in self._names:
            self._names[key] = f"#{len(self.written) + 1}"
            self.written.append([self._names[key], operation, *given])
        return self._names[key]

    def grade(self, unit: str) -> Name:
        """The number of the unit's grade; the last one where nothing decides it."""
        terms, end = self.seen.terms, len(self.seen.terms.grades)
        rules = {by_thresholds: self._by_thresholds, most_votes: self._most_votes}
        found = self._lowered(unit, rules[terms.rule](unit)) if terms.rule in rules else end
        return self.step("if?", self.step("known?", found), found, end)

    def _by_thresholds(self, unit: str) -> object:
        terms = self.seen.terms
        found = self._number(terms.otherwise)
        for threshold in reversed(terms.thresholds):
            condition = self.condition(unit, threshold.condition)
            found = self.step("if?", condition, self._number(threshold.grade), found)
        return found

    def _most_votes(self, unit: str) -> object:
        terms = self.seen.terms
        options = sorted((each.key for each in terms.options if not each.excluded), key=terms.rank_of_grade)
        shares = {key: self.share(unit, WHOLE, Among(), [key], terms.base) for key in options}
        nothing = [self.step("reach", 0, shares[key]) for key in options]
        found: object = self._number(terms.otherwise)
        for key in options if terms.ties == "worse" else reversed(options):
            largest = self.step("all?", *(self.step("reach", shares[key], shares[other]) for other in options))
            found = self.step("if?", largest, self._number(key), found)
        return self.step("if?", self.step("all?", *nothing), self._number(terms.otherwise), found)

    def _lowered(self, unit: str, grade: object) -> object:
        for veto in self.seen.terms.vetoes:
            number = self._number(veto.grade)
            lowers = self.step("not", self.step("reach", grade, number))
            met = self.step("all?", self.condition(unit, veto.condition), lowers)
            grade = self.step("if?", met, number, grade)
        return grade

    def _number(self, grade: str | None) -> object:
        return self.seen.terms.rank_of_grade(grade) if grade is not None else None

    def condition(self, unit: str, condition: Condition) -> Name:
        about = condition.of if condition.of is not None else WHOLE
        among = Among(condition.voters, condition.channel)
        if condition.all:
            return self.step("all?", *(self.condition(unit, inner) for inner in condition.all))
        if condition.any:
            unmet = (self._not(self.condition(unit, inner)) for inner in condition.any)
            return self._not(self.step("all?", *unmet))
        if condition.share is not None:
            base = condition.base or self.seen.terms.base
            return self._stands(self.share(unit, about, among, condition.counts, base), condition, condition.share)
        if condition.votes is not None:
            votes = self._votes(unit, about, among, condition.counts)
            return self._stands(votes, condition, Fraction(condition.votes))
        if condition.score is not None:
            return self._stands(self._rounded(self.score(unit, about, among)), condition, condition.score)
        return self._placed(unit, about, condition)

    def _not(self, name: Name) -> Name:
        return self.step("not", name)

    def _stands(self, figure: Name, condition: Condition, line: Fraction) -> Name:
        match condition.boundary:
            case "reach":
                return self.step("reach", figure, _number(line))
            case "exceed":
                return self._not(self.step("reach", _number(line), figure))
            case "within":
                return self.step("reach", _number(line), figure)
        return self._not(self.step("reach", figure, _number(line)))

    def _placed(self, unit: str, about: str, condition: Condition) -> Name:
        """Of those before (or behind) and those level, as many as there are places; or of those before, fewer."""
        terms, units = self.seen.terms, self.seen.units
        portion = condition.first or condition.last
        number = places(portion, len(units), terms.rounding) if portion else 0
        sign = Fraction(1 if condition.first else -1)
        keys = [self._ranked_by(other, about, sign) for other in units]
        own = self._ranked_by(unit, about, sign)
        if terms.ties == "in":
            return self._not(self.step("reach", self.step("before?", False, own, *keys), number))
        return self.step("reach", number, self.step("before?", True, own, *keys))

    def _ranked_by(self, unit: str, about: str, sign: Fraction) -> Name:
        figures = []
        for by in self.seen.terms.ranked_by or (RankedBy(),):
            subject = by.of if by.of is not None else about
            if by.counts:
                figure = self.share(unit, subject, Among(), by.counts, by.base or self.seen.terms.base)
            else:
                figure = self._rounded(self.score(unit, subject, Among()))
            turned = sign * (-1 if by.fewest else 1)
            figures.append(figure if turned > 0 else self.step("times", _number(turned), figure))
        return self.step("key", *figures)

    def _rounded(self, figure: Name) -> Name:
        decimals = self.seen.terms.decimals
        return figure if decimals is None else self.step("round", figure, decimals)

    def share(self, unit: str, subject: str, among: Among, counts: Sequence[str], base: str) -> Name:
        def leaf(planned: Plan) -> Name:
            tops = [(weight, self._papers(unit, planned.subject, [key], list(counts))) for key, weight in planned.cells]
            bottoms = self._bases(unit, planned, base)
            return self.step("over", self._added(tops), bottoms)

        return self._figure(unit, plan(self.seen, unit, subject, among), leaf)

    def score(self, unit: str, subject: str, among: Among) -> Name:
        """The mean of the scores, or of those that are not dropped."""
        terms = self.seen.terms

        def leaf(planned: Plan) -> Name:
            given = list(self._scores(unit, planned))
            if terms.drop.highest or terms.drop.lowest:
                copies = (self.step("copies", _number(value), number) for _, value, number in given)
                return self.step("mean", self.step("sort", terms.drop.highest, terms.drop.lowest, *copies))
            top = self._added((weight * value, number) for weight, value, number in given)
            return self.step("over", top, self._added((weight, number) for weight, _, number in given))

        return self._figure(unit, plan(self.seen, unit, subject, among), leaf)

    def _scores(self, unit: str, planned: Plan) -> Iterable[tuple[Fraction, Fraction, Name]]:
        """Weight, score and number of lines for every mark that gives a score."""
        for key, weight in planned.cells:
            cell = self.seen.at(unit, planned.subject).get(key)
            for mark in sorted(cell.marks) if cell else []:
                value = score_of_mark(self.seen, mark)
                if value is not None:
                    yield weight, value, self._papers(unit, planned.subject, [key], [mark])

    def _figure(self, unit: str, planned: Plan, leaf: Leaf) -> Name:
        """Parts by weight; what becomes of one without a valid line is what the method says."""
        if not planned.kind:
            return leaf(planned)
        parts = [
            (weight_of(each), self.step("only", self._valid(unit, inner), self._figure(unit, inner, leaf)))
            for each, inner in planned.parts
        ]
        rule = self.seen.terms.if_empty
        if not parts:
            return self.step("over", 0, 0)
        if rule == "spread":
            top = self._added((weight, self.step("or0?", part)) for weight, part in parts)
            return self.step("over", top, self._added((weight, self.step("known?", part)) for weight, part in parts))
        whole = sum(weight for weight, _ in parts)
        return self._added(
            (weight / whole, self.step("or0?", part) if rule == "zero" else part) for weight, part in parts
        )

    def _votes(self, unit: str, subject: str, among: Among, counts: Sequence[str]) -> Name:
        found = [
            self._papers(unit, each, [key], list(counts))
            for each in self.seen.lined(subject)
            for key in self.seen.at(unit, each)
            if among.admits(key)
        ]
        return self._added((Fraction(1), name) for name in found)

    def _bases(self, unit: str, planned: Plan, base: str) -> Name:
        """People are told by the turnout, papers by the lines."""
        weights = dict(planned.cells)
        if base not in ("valid", "known"):
            told = base_of(self.seen, unit, planned.subject, base, list(weights))
            return self._added((weights[key], number) for key, number in told)
        excluded = [option.key for option in self.seen.terms.options if option.excluded] if base == "known" else []
        found = [(weight, self._valid(unit, Plan(planned.subject, ((key, weight),)))) for key, weight in planned.cells]
        if excluded:
            minus = [(-weight, self._papers(unit, planned.subject, [key], excluded)) for key, weight in planned.cells]
            found += minus
        return self._added(found)

    def _valid(self, unit: str, planned: Plan) -> Name:
        if planned.kind:
            return self._added((Fraction(1), self._valid(unit, inner)) for _, inner in planned.parts)
        verdicts = [Verdict.VALID]
        if self.seen.terms.validity.abstentions_are_valid:
            verdicts.append(Verdict.ABSTAINED)
        return self._papers(unit, planned.subject, [key for key, _ in planned.cells], verdicts=verdicts)

    def _papers(
        self,
        unit: str,
        subject: str,
        keys: Sequence[Key],
        marks: Sequence[str] | None = None,
        verdicts: Sequence[Verdict] = (Verdict.VALID,),
    ) -> Name:
        where = {
            "unit": [unit],
            "subject": [subject],
            "channel": sorted({channel for channel, _ in keys}),
            "voters": sorted({voters for _, voters in keys}),
            "verdict": [verdict.value for verdict in verdicts],
        }
        return self.step("papers", where | ({"mark": sorted(marks)} if marks is not None else {}))

    def _added(self, terms: Iterable[tuple[Fraction, Name | int]]) -> Name:
        """Everything times its weight, added up."""
        parts = [name if weight == 1 else self.step("times", _number(weight), name) for weight, name in terms]
        return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else self.step("plus", *parts)


def _number(number: Fraction) -> list[int]:
    return [number.numerator, number.denominator]
