"""Sending one message to one address through Apprise, and telling errors that pass from those that do not."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apprise import Apprise, AppriseAsset, AppriseResultStatus, NotifyFormat, NotifyType, PersistentStoreMode

from appraisal.notices import sent_folder
from appraisal.notices.render import Rendered
from appraisal.notices.wording import phrase

_STATUS_CODE = re.compile(r"(?:error=|error:? ?|failed: )(\d{3})\b")
_PASSING_CODES = frozenset({408, 425, 429})


class _StatusAlone(logging.Filter):
    """Leaves of a record the HTTP status and nothing else, before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = _STATUS_CODE.search(record.getMessage())
        record.msg, record.args, record.exc_info = (f"error={found[1]}" if found else "failed"), (), None
        return True


# A URL is a password, and these two print URLs, paths and answers: no word of theirs reaches a log.
_LOGGER = logging.getLogger("apprise")
_LOGGER.addFilter(_StatusAlone())
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class Verdict(StrEnum):
    """How an attempt ended; a permanent failure is not tried again, and what was untried has cost no attempt."""

    DELIVERED = "delivered"
    PASSING = "passing"
    PERMANENT = "permanent"
    UNTRIED = "untried"


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended and, where it failed, a code for why (``http:503``)."""

    verdict: Verdict
    failure: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the channel took the message."""
        return self.verdict is Verdict.DELIVERED


DELIVERED = Outcome(Verdict.DELIVERED)
UNTRIED = Outcome(Verdict.UNTRIED)


def passing(failure: str) -> Outcome:
    """Worth trying again later."""
    return Outcome(Verdict.PASSING, failure)


def permanent(failure: str) -> Outcome:
    """Not worth trying again before somebody mends it."""
    return Outcome(Verdict.PERMANENT, failure)


def is_address(url: str) -> bool:
    """Whether Apprise knows what to do with the URL."""
    sent_folder.register()
    return Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True) is not None


def send(url: str, message: Rendered, timeout: float) -> Outcome:
    """Send once; whatever a plugin raises is an outcome, and its words, which may hold the URL, go nowhere."""
    sent_folder.register()
    try:
        return _send(url, message, timeout)
    except Exception as error:
        return passing(f"failed:{type(error).__name__}")


def _send(url: str, message: Rendered, timeout: float) -> Outcome:
    _LOGGER.disabled = False  # Whoever configures logging may have silenced it, and the status with it.
    _LOGGER.setLevel(logging.WARNING)
    service = Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
    if service is None:
        return permanent("bad_address")
    service.socket_connect_timeout = service.socket_read_timeout = timeout
    apprise = Apprise(asset=_asset())
    apprise.add(service)
    with apprise.notify(
        message.body,
        title=message.subject,
        notify_type=NotifyType(message.kind),
        body_format=NotifyFormat.TEXT,
        timeout=timeout,
    ) as result:
        if result.status is AppriseResultStatus.SUCCESS:
            return DELIVERED
        if result.status is AppriseResultStatus.TIMEOUT:
            return passing("timeout")
        return _why(entry.message for entry in result.logs())


def _why(lines: Iterable[str]) -> Outcome:
    codes = [int(found[1]) for line in lines if (found := _STATUS_CODE.search(line))]
    if not codes:
        return passing("unreachable")
    code = codes[-1]
    lasting = 400 <= code < 500 and code not in _PASSING_CODES
    return permanent(f"http:{code}") if lasting else passing(f"http:{code}")


def _asset() -> AppriseAsset:
    return AppriseAsset(app_id="pingyi", app_desc="评议", storage_mode=PersistentStoreMode.MEMORY)


def failure_text(failure: str) -> str:
    """A failure code as staff read it."""
    code, _, detail = failure.partition(":")
    return phrase(f"delivery.{code}", detail=detail)
