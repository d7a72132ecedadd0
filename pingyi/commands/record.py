"""`ledger verify`: whether the record holds."""

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.ending import REFUSED
from pingyi.speech import say, tell_json, working

app = Commands("台账：核验")


@app.add("verify", "核验台账：逐条核对前后衔接，并按台账重放，与各表的状态比对")
def verify(as_json: AsJson = False) -> None:
    from dataclasses import asdict

    from appraisal.operations import audit
    from appraisal.store.ledger import length
    from pingyi.installation import need_database, open_office

    with working("cli.ledger.working"), open_office() as office:
        need_database(office)
        with office.store.reading() as session:
            findings, count = audit.verify(session), length(session)
    if as_json:
        tell_json({"ok": not findings, "facts": count, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            say(finding.code, where=finding.where, found=finding.found, expected=finding.expected)
        say("cli.ledger.broken" if findings else "cli.ledger.whole", facts=count, findings=len(findings))
    raise typer.Exit(REFUSED if findings else 0)
