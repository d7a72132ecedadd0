"""How the parts of a ballot are called when a refusal names them: classes, channels, units, subjects, marks."""

from dataclasses import dataclass

from appraisal.method.ballots import Ballot
from appraisal.method.grading_rules import channels_of, subjects_of
from appraisal.notices.wording import phrase
from appraisal.operations.loading import method_of
from appraisal.operations.presence import voters_of
from appraisal.store.campaign_tables import CampaignRow

INVALID, ABSTAINED = "~invalid", "~abstained"
"""Marks of a teller's sheet for lines that count as such."""
_VERDICTS = {INVALID: "sheet.mark.invalid", ABSTAINED: "sheet.mark.abstained"}


@dataclass(frozen=True)
class Words:
    """The words of one ballot of a campaign."""

    campaign: CampaignRow
    ballot: Ballot

    def voters(self, key: str) -> str:
        """The title of a class."""
        return dict(voters_of(method_of(self.campaign))).get(key, key)

    def place(self, channel: str, voters: str) -> str:
        """A class, with its channel where there are several."""
        channels = {key: title for key, title, _ in channels_of(self.ballot)}
        name = self.voters(voters)
        return f"{channels.get(channel, channel)}·{name}" if len(channels) > 1 else name

    def line(self, unit: str, subject: str, mark: str = "") -> str:
        """A unit and what of it is rated, with a mark: 市教育局·服务态度·满意."""
        units = {target.unit.code: target.unit.name for target in self.campaign.targets}
        subjects = dict(subjects_of(self.ballot))
        whole = len(subjects) == 1
        parts = [units.get(unit, unit), "" if whole else subjects.get(subject, subject), self.mark(mark)]
        return "·".join(part for part in parts if part)

    def mark(self, mark: str) -> str:
        """The title of an option; a score or a place as it is."""
        if mark in _VERDICTS:
            return phrase(_VERDICTS[mark])
        return next((option.title for option in self.ballot.options if option.key == mark), mark)
