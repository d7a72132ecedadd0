"""Campaigns whose methods let the report of a unit be put off."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from appraisal.method.load import Edition, read_method
from appraisal.operations import extensions
from appraisal.operations.extensions import petitions_of
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.rectification_tables import PetitionRow
from tests.operations.listing import LIST
from tests.operations.world import LADDERS, SMALL, STARTS, Campaign, begin, instant, open_phase

REPORT = "rectification_report"
WHY = "立项批复十一月才能下达"
TWICE = f"consent: director, ceiling: 30d, counted_from: due, asked_before: 10d, times: 2, duties: [{REPORT}]"


@dataclass(frozen=True)
class Extending(Campaign):
    """A campaign in which more time is asked for."""

    def petition(
        self,
        until: str,
        at: str,
        *,
        key: str = REPORT,
        reason: str = WHY,
        who: str = "jyj-handler",
        offline: bool = False,
    ) -> UUID:
        return self.petition_for(self.duty(key), until, at, reason=reason, who=who, offline=offline)

    def petition_for(
        self, duty: UUID, until: str, at: str, *, reason: str = WHY, who: str = "jyj-handler", offline: bool = False
    ) -> UUID:
        with self.desk(who, at) as desk:
            by = self.by(who, offline=offline)
            return extensions.ask(desk, duty, by, date.fromisoformat(until), reason).id

    def grant(self, petition: UUID, at: str, who: str = "director") -> None:
        with self.desk(who, at) as desk:
            extensions.decide(desk, petition, self.by(who), granted=True, remarks="同意")

    def refuse(self, petition: UUID, at: str, remarks: str = "理由不充分", who: str = "director") -> None:
        with self.desk(who, at) as desk:
            extensions.decide(desk, petition, self.by(who), granted=False, remarks=remarks)

    def withdraw(self, petition: UUID, at: str, who: str = "jyj-handler") -> None:
        with self.desk(who, at) as desk:
            extensions.withdraw(desk, petition, self.by(who))

    def petitions(self, key: str = REPORT) -> list[tuple[str, date | None]]:
        with self.office.store.reading() as session:
            found = petitions_of(session, session.get_one(ObligationRow, self.duty(key)))
            return [(row.status, row.until) for row in found]

    def asked(self, petition: UUID) -> PetitionRow:
        with self.office.store.reading() as session:
            return session.get_one(PetitionRow, petition)


def extended_edition(rule: str = TWICE, base: Path = SMALL, *changes: tuple[str, str]) -> Edition:
    """A method of the tests with a rule on more time."""
    text = base.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "method.yaml"
        path.write_text(f"{text}\nextension: {{{rule}, basis: 第十三条}}\n", encoding="utf-8")
        return read_method(path, LADDERS)


def extending(office: Office, slug: str, rule: str = TWICE, *changes: tuple[str, str]) -> Extending:
    """The opinion is signed for on 31 August 2023, so the report is due on Tuesday, 31 October."""
    begin(office, extended_edition(rule, SMALL, *changes), slug, "2023年部门工作评议", ("jyj", "kjj"), instant(STARTS))
    for key in ("prepare", "rectify"):
        open_phase(office, slug, key, instant(STARTS))
    campaign = Extending(office, slug)
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    return campaign


def extending_list(office: Office, slug: str) -> Extending:
    """The same with a problem list, where the report on a problem is due on the problem's own date."""
    rule = "consent: director, ceiling: 30d, counted_from: first_due, asked_before: 5d, duties: [rectification]"
    begin(office, extended_edition(rule, LIST), slug, "2023年营商环境评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, slug, "investigate", instant(STARTS))
    return Extending(office, slug)
