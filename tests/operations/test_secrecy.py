"""What nobody may read in the database or in the logs: addresses, links, codes and the key they come from."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from appraisal.keys import SECRET_FILE
from appraisal.operations.answering import Answer, answer_closing
from appraisal.operations.office import Office
from appraisal.operations.sending import send_waiting
from appraisal.store.base import Base
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import ContactRow, PersonRow
from appraisal.store.work import Store
from tests.notices.sink import SECRET, Sink, open_sink
from tests.operations.world import STARTS, Campaign, close_everything, instant, open_office, running

LEASE = timedelta(minutes=2)
SENT_AT = instant("2024-01-02T10:00")


@pytest.fixture
def campaign(store: Store, home: Path) -> Campaign:
    return running(open_office(store, home, instant(STARTS)), "secret")


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Breaks down on the first message and refuses the second for good."""
    with open_sink(500, 404, 200) as opened:
        yield opened


def reach_everybody_at(office: Office, sink: Sink) -> None:
    with office.desk("cli", instant(STARTS)) as desk:
        for contact in desk.session.scalars(select(ContactRow)):
            contact.sealed = office.keyring.seal(f"{sink.url}/{contact.person_id}")


def codes(office: Office) -> list[str]:
    with office.store.reading() as session:
        people = list(session.scalars(select(PersonRow)))
    return [office.keyring.approval_code(person.code, person.code_epoch) for person in people]


def answer(campaign: Campaign, round_number: int, code: str) -> str:
    closing = Answer(round_number, agreed=True, code=code, remarks="同意")
    return answer_closing(campaign.office, campaign.slug, "prepare", closing, instant("2023-08-31T10:00"))


def everything_stored(store: Store) -> str:
    with store.reading() as session:
        tables = [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    return "\n".join(str(row) for rows in tables for row in rows)


def failures(office: Office) -> list[str]:
    with office.store.reading() as session:
        kept = session.scalars(select(OutboxRow.failure).where(OutboxRow.failure.is_not(None)))
        return sorted(filter(None, kept))


def test_whole_campaign_leaves_no_secret_in_the_database_or_the_logs(
    campaign: Campaign, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office, known = campaign.office, codes(campaign.office)
    reach_everybody_at(office, sink)
    campaign.ask("prepare", "2023-08-28T11:00")
    wrong = answer(campaign, 1, known[0])
    close_everything(campaign)
    settled = send_waiting(office, lambda: SENT_AT, 500, LEASE)
    assert settled is not None
    links = {link for got in sink.got for link in re.findall(r"/go/([a-z2-7]+)", got["message"])}
    assert (settled.waiting, settled.given_up, len(links) > 5, "审批码" in wrong) == (1, 1, True, True)
    key = (office.settings.home / SECRET_FILE).read_text(encoding="ascii").strip()
    plain = [code.replace("-", "") for code in known]
    secrets = [SECRET, f"127.0.0.1:{sink.port}", key, *known, *plain, *links]
    for where in (everything_stored(campaign.office.store), caplog.text, repr(office.keyring), wrong):
        assert [secret for secret in secrets if secret in where] == []
    assert failures(office) == ["http:404", "http:500"]
