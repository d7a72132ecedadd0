from sqlalchemy import text
from sqlalchemy.orm import Session

from appraisal.operations import audit
from appraisal.operations.audit import Finding
from tests.operations.world import Campaign, close_everything, running

UNGUARD = {
    "sqlite": ("DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete"),
    "postgresql": ("DROP TRIGGER ledger_no_change ON ledger",),
}


def tamper(campaign: Campaign, *statements: str) -> None:
    """What somebody could do who owns the database."""
    engine = campaign.office.store.engine
    with engine.begin() as connection:
        for statement in (*UNGUARD[engine.dialect.name], *statements):
            connection.execute(text(statement))


def behind(campaign: Campaign, statement: str) -> list[Finding]:
    with campaign.office.store.engine.begin() as connection:
        connection.execute(text(statement))
    return found(campaign)


def found(campaign: Campaign) -> list[Finding]:
    with campaign.office.store.reading() as session:
        return audit.verify(session)


def places(session: Session, action: str) -> list[tuple[str, int]]:
    rows = session.execute(
        text("SELECT chain, link FROM ledger WHERE action = :action ORDER BY link"), {"action": action}
    )
    return [(row.chain, row.link) for row in rows]


def test_record_of_a_whole_campaign_holds(alone: Campaign) -> None:
    close_everything(alone)
    assert found(alone) == []


def test_changed_payload_is_found(alone: Campaign) -> None:
    tamper(alone, "UPDATE ledger SET payload = '{}' WHERE chain = 'alone' AND link = 1")
    assert found(alone) == [Finding("alone#1", "ledger.payload_changed")]


def test_changed_actor_is_found(alone: Campaign) -> None:
    tamper(alone, "UPDATE ledger SET actor = 'person:nobody' WHERE chain = 'alone' AND link = 2")
    assert found(alone) == [Finding("alone#2", "ledger.entry_changed")]


def test_missing_link_is_found(alone: Campaign) -> None:
    with alone.office.store.reading() as session:
        ((chain, link), *_) = places(session, "event:set")
    tamper(alone, f"DELETE FROM ledger WHERE chain = '{chain}' AND link = {link}")
    after = f"{chain}#{link + 1}"
    assert found(alone) == [Finding(after, "ledger.link_missing"), Finding(after, "ledger.parent_differs")]


def test_end_that_was_cut_off_is_found_by_the_replay(alone: Campaign) -> None:
    alone.confirm("launch_notice", "2023-08-30T10:00")
    with alone.office.store.reading() as session:
        ((_, link),) = places(session, "obligation:fulfilled")
    tamper(alone, f"DELETE FROM ledger WHERE chain = 'alone' AND link >= {link}")
    subject = f"obligation:{alone.duty('launch_notice', '')}"
    assert found(alone) == [Finding(subject, "replay.differs", "settled", "issued")]


def test_status_changed_behind_the_ledgers_back_is_found(alone: Campaign) -> None:
    subject = f"phase:{alone.phase('prepare').id}"
    changed = behind(alone, "UPDATE phase SET status = 'closed' WHERE key = 'prepare'")
    assert changed == [Finding(subject, "replay.differs", "closed", "open")]


def test_row_that_is_gone_is_found(alone: Campaign) -> None:
    alone.record_problem("2023-09-01T10:00")
    assert behind(alone, "DELETE FROM finding") == []
    (finding,) = behind(alone, "DELETE FROM problem")
    assert (finding.code, finding.expected) == ("replay.row_missing", "found")


def test_row_that_nobody_recorded_is_found(alone: Campaign) -> None:
    alone.record_problem("2023-09-01T10:00")
    with alone.office.store.engine.begin() as connection:
        same = "campaign_id, kind, title, detail, aim, classes, leader, status, recorded_at"
        copied = f"INSERT INTO problem (id, number, {same}) SELECT :id, 9, {same} FROM problem"
        connection.execute(text(copied), {"id": "9" * 32})
    (finding,) = found(alone)
    assert (finding.code, finding.found, finding.expected) == ("replay.differs", "found", "")


def test_break_in_one_chain_leaves_the_others_whole(alone: Campaign) -> None:
    running(alone.office, "other", ["jyj"])
    tamper(alone, "UPDATE ledger SET action = 'event:moved' WHERE chain = 'other' AND action = 'campaign:started'")
    assert {finding.where.split("#")[0] for finding in found(alone) if finding.code.startswith("ledger")} == {"other"}
