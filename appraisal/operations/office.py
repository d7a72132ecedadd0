"""The office at work: its record, its rules, and the desk at which an operation is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property, lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.calendar import Calendar
from appraisal.domain.deadlines import Hours
from appraisal.domain.digest import digest
from appraisal.domain.facts import Action, Fact
from appraisal.domain.quiet import QuietHours
from appraisal.keys import Keyring
from appraisal.method.calendars import load_calendar
from appraisal.settings import Settings
from appraisal.store.work import Store, Work


@dataclass(frozen=True)
class Desk:
    """What an operation works at: its transaction, the office's rules, and what time it is."""

    work: Work
    office: "Office"
    now: datetime

    @property
    def session(self) -> Session:
        """The session of the transaction."""
        return self.work.session

    def record(self, chain: str, subject: str, action: Action, behalf: str | None = None, /, **payload: object) -> None:
        """Put a fact on the ledger, by whoever sits at the desk; ``behalf`` is whom they stand in for."""
        self.work.record(chain, Fact(subject, action, payload), self.now, behalf=behalf)


class Office:
    """One installation: opened once a process, handed to whatever calls operations."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self.settings = settings
        self.store = store or Store(settings.database)

    @property
    def calendar(self) -> Calendar:
        """The working days this office keeps, local holidays included; read again when a file has changed."""
        return _calendar(self.settings.calendars, self.settings.local_holidays, self._calendar_stamp())

    @property
    def calendar_digest(self) -> str:
        """Changes whenever a year is published or a local holiday is added."""
        return _digest(self._calendar_stamp())

    def _calendar_stamp(self) -> "Stamp":
        local = [self.settings.local_holidays] if self.settings.local_holidays else []
        files = [*sorted(self.settings.calendars.glob("*.yaml")), *local]
        return tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files)

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of this installation."""
        return Keyring.at(self.settings.home)

    @property
    def hours(self) -> Hours:
        """When business closes, and in which zone."""
        return Hours(self.settings.close_of_business, str(ZONE.name))

    @property
    def quiet(self) -> QuietHours:
        """When messages that are not urgent wait."""
        return QuietHours(self.settings.quiet_from, self.settings.quiet_until, self.settings.digest_at)

    @property
    def rung_at(self) -> time:
        """The time of day at which rungs fire."""
        return self.settings.rung_at

    @property
    def uploads(self) -> Path:
        """Where attachments are kept."""
        return self.settings.home / "uploads"

    @contextmanager
    def desk(self, actor: str, now: datetime) -> Iterator[Desk]:
        """One transaction of ``actor`` at ``now``; it commits when the block ends well."""
        with self.store.work(actor) as work:
            yield Desk(work, _AtDesk(self), now)


class _AtDesk(Office):
    """The same office for one transaction: it looks at the files of its calendar once, and keeps to what it saw."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.settings, office.store)
        self._office = office

    @property
    def keyring(self) -> Keyring:
        return self._office.keyring

    @cached_property
    def calendar(self) -> Calendar:
        return super().calendar

    @cached_property
    def hours(self) -> Hours:
        return super().hours

    def _calendar_stamp(self) -> "Stamp":
        return self._seen

    @cached_property
    def _seen(self) -> "Stamp":
        return self._office._calendar_stamp()


Stamp = tuple[tuple[Path, int, int], ...]


@lru_cache(maxsize=8)
def _calendar(folder: Path, local: Path | None, _: Stamp) -> Calendar:
    return load_calendar(folder, local)


@lru_cache(maxsize=8)
def _digest(stamp: Stamp) -> str:
    return digest([file.read_text(encoding="utf-8") for file, _, _ in stamp])
