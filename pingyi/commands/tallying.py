"""`tally`: a file of papers graded by a method, to try out a rule; no database is needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.ending import REFUSED
from pingyi.speech import say, tell_json, warn

if TYPE_CHECKING:
    from appraisal.documents.paper_files import FaultyPapers
    from appraisal.domain.count import Count
    from appraisal.domain.grading import Graded
    from appraisal.domain.grading_terms import Terms
    from appraisal.method.load import Edition

HELP = """用一部办法给一个文件里的票定等，并列出演算；不用数据库，供采用规则之前试算

票的文件是 csv（UTF-8 或 GBK），第一行是表头。
长表，一行是一张票对一个单位的评价：单位、票，另可有类别、渠道、票号、张数、评价项；分项的每项一列。
宽表，一行是一张票，每个单位一列，另可有类别、渠道、票号、张数；分项的列名写“单位·评价项”。
格内写选项的代号或名称、分数、名次；赞成写 1；空格是空白票；多选用分号隔开；已判的写“弃权”“无效”。
人数按类别写：--present members=30,deputies=100；有几个渠道的写 渠道/类别=人数。"""

_OPTIONS = {"all_members": "--members", "due": "--due", "present": "--present", "issued": "--issued"}

MethodFile = Annotated[str, typer.Option("--method", help="办法文件，或办法代号", metavar="办法")]
BallotKey = Annotated[str, typer.Option("--ballot", help="测评代号，如 satisfaction", metavar="测评")]
PapersFile = Annotated[Path, typer.Option("--papers", help="票的文件（csv）", metavar="文件")]
Members = Annotated[list[str] | None, typer.Option("--members", help="全体组成人员人数，可按类别写", metavar="人数")]
Due = Annotated[list[str] | None, typer.Option("--due", help="应到人数，可按类别写", metavar="人数")]
Present = Annotated[list[str] | None, typer.Option("--present", help="实到人数，可按类别写", metavar="人数")]
Issued = Annotated[list[str] | None, typer.Option("--issued", help="发出票数，可按类别写", metavar="票数")]
Recount = Annotated[Path | None, typer.Option("--recount", help="另把复核文件写到这里", metavar="文件")]


def add_to(app: Commands) -> None:
    """Put the command under the root."""
    app.add("tally", HELP)(_tally)


def _tally(  # noqa: PLR0913 - one argument an option
    method: MethodFile,
    ballot: BallotKey,
    papers: PapersFile,
    *,
    members: Members = None,
    due: Due = None,
    present: Present = None,
    issued: Issued = None,
    recount: Recount = None,
    as_json: AsJson = False,
) -> None:
    from appraisal.documents.paper_files import FaultyPapers, read_papers
    from appraisal.domain.count import Count
    from appraisal.method.grading_rules import terms_of
    from appraisal.notices.wording import phrase
    from pingyi.commands.turnout_options import read_turnouts
    from pingyi.installation import read_edition

    edition = read_edition(method)
    chosen = _ballot(edition, ballot)
    terms = terms_of(edition.method, chosen)
    typed = {"members": members or [], "due": due or [], "present": present or [], "issued": issued or []}
    turnouts = read_turnouts(terms, typed)
    try:
        read = read_papers(papers, terms, phrase("papers.one_unit"))
    except FaultyPapers as faulty:
        _tell_faults(faulty, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    count = Count(read.lines, turnouts)
    found = _graded(terms, count, read.units)
    _write_recount(recount, terms, count, found)
    told = _told(edition, terms, ballot, count, found)
    if as_json:
        tell_json(told)
    else:
        _show(told)


def _ballot(edition: "Edition", key: str) -> Any:  # noqa: ANN401 - imported when it runs
    from appraisal.domain.refusal import Refusal
    from appraisal.method.vote_words import Recording

    ballots = edition.method.ballots
    for ballot in ballots:
        if key in (ballot.key, ballot.title):
            if ballot.recording is Recording.ENTERED:
                raise Refusal("cli.tally.entered", ballot=ballot.title)
            return ballot
    raise Refusal("ballot.unknown", ballot=key, known=[f"{ballot.title}（{ballot.key}）" for ballot in ballots])


def _graded(terms: "Terms", count: "Count", units: Sequence[str]) -> "dict[str, Graded]":
    """Where a number is missing, the option that takes it is named."""
    from appraisal.domain.grading import graded
    from appraisal.domain.refusal import Refusal

    try:
        return graded(terms, count, units)
    except Refusal as refusal:
        option = _OPTIONS.get(str(refusal.facts.get("base")))
        if refusal.code != "grading.base_missing" or option is None:
            raise
        channel = [str(refusal.facts["channel"])] if len(terms.channels) > 1 else []
        voters = [str(refusal.facts["voters"])] if len(terms.classes) > 1 else []
        facts = {"base": refusal.facts["base"], "place": refusal.facts["place"], "option": option}
        raise Refusal("cli.tally.base_missing", **facts, example="/".join([*channel, *voters])) from None


def _write_recount(path: Path | None, terms: "Terms", count: "Count", found: "dict[str, Graded]") -> None:
    if path is not None:
        from appraisal.documents.recount import recount_text

        path.write_text(recount_text(terms, count, found, {}), encoding="utf-8")


def _told(
    edition: "Edition", terms: "Terms", ballot: str, count: "Count", found: "dict[str, Graded]"
) -> dict[str, object]:
    from appraisal.documents.tally_report import turnout_told, unit_told
    from appraisal.domain.grading import is_void
    from appraisal.notices.wording import reason

    void = is_void(terms, count)
    return {
        "method": edition.method.method,
        "ballot": ballot,
        "title": terms.title,
        "digest": edition.digest,
        "void": bool(void),
        "why_void": reason(void),
        "turnout": turnout_told(terms, count),
        "units": [unit_told(terms, count, unit, void=bool(void)) for unit in found.values()],
    }


def _tell_faults(faulty: "FaultyPapers", *, as_json: bool) -> None:
    from appraisal.notices.wording import phrase

    lines = [(fault, phrase(fault.code, **fault.facts)) for fault in faulty.found]
    if as_json:
        faults = [{"row": fault.row, "code": fault.code, "what": what} for fault, what in lines]
        tell_json({"ok": False, "faults": faults})
        return
    warn(faulty.code, **faulty.facts)
    for fault, what in lines:
        warn("cli.fault", fault=phrase("papers.row", row=fault.row, what=what))


def _show(told: dict[str, Any]) -> None:
    say("cli.tally.title", title=told["title"], units=len(told["units"]))
    for turnout in told["turnout"]:
        say("cli.tally.turnout", **turnout)
    for why in told["why_void"]:
        say("cli.tally.void", why=why)
    for unit in told["units"]:
        say("cli.tally.unit", **unit, void=told["void"])
        for subject in unit["subjects"] if len(unit["subjects"]) > 1 else []:
            if subject["grade"]:
                say("cli.tally.part", title=subject["title"], grade=subject["grade"]["title"])
        _steps(unit["working"])


def _steps(working: Sequence[str]) -> None:
    for number, text in enumerate(working, start=1):
        say("cli.step", number=number, text=text)
