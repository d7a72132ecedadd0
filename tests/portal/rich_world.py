"""An office in the middle of an investigation, with something of everything on its pages.

Friday, 8 September 2023, 15:30: two panels and one undercover panel are out, opinions and answers have come in, the
problem list stands, the units are chosen, and the first problems are assigned and closed.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from starlette.testclient import TestClient

from appraisal.domain.opinions import Channel, Source
from appraisal.domain.problems import Draft, FindingKind, Found, ProblemKind
from appraisal.domain.survey import Access
from appraisal.method.questionnaires import pinned
from appraisal.operations import (
    answers,
    assigning,
    deputies,
    duties,
    follow_ups,
    gathering,
    handling,
    intake,
    orders,
    panel_log,
    panels,
    patrol,
    points,
    problems,
    questionnaire_codes,
    questionnaires,
    recurring,
    results,
    roundups,
    selecting,
    self_review,
    summonses,
)
from appraisal.operations.answers import Filled
from appraisal.operations.intake import Origin, Said
from appraisal.operations.intake_guard import Pace
from appraisal.operations.loading import opinion_by
from appraisal.operations.panel_log import Entry
from appraisal.operations.photos import keeping_photos
from appraisal.operations.selection_inputs import Decision
from appraisal.operations.uploads import Offered
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.opinion_tables import PointRow
from appraisal.store.panel_tables import LogEntryRow
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.sitting_world import Sat
from tests.operations.world import Campaign, begin, edition, instant, open_office, open_phase, paper
from tests.portal.hearing import photo
from tests.portal.rich_carried import beside
from tests.portal.rich_opinions import opine
from tests.portal.rich_sitting import sit
from tests.portal.rich_time import ask_twice
from tests.portal.rich_votes import Polled, poll
from tests.portal.rich_words import DUE, LISTED, OPINIONS, ORDER, PANELS, SELF_FOUND, TALK, TALLY, VISITED, filled
from tests.portal.test_campaigns import fail_one
from tests.portal.world import World

SLUG = "business-2023"
TITLE = "2023年优化营商环境专项工作评议"
METHOD = Path(__file__).parent / "data/everything.yaml"
STARTS, NOW = "2023-08-28T10:00", "2023-09-08T15:30"


@dataclass(frozen=True)
class Rich(World):
    """The world of the portal, with what the table of pages has to name."""

    opinions: tuple[UUID, ...]
    follow_up: str
    surveys: dict[str, UUID]
    slips: tuple[str, ...]
    sat: Sat
    polled: Polled

    def point(self, scope: str, of: str = "") -> str:
        with self.office.store.reading() as session:
            return session.get_one(PointRow, identity("point", SLUG, scope, of, 1)).token

    def problem(self, number: int) -> UUID:
        with self.office.store.reading() as session:
            return problems.problem_by(session, SLUG, number).id

    def entry(self, title: str) -> UUID:
        with self.office.store.reading() as session:
            return session.scalars(select(LogEntryRow.id).where(LogEntryRow.title == title)).first() or UUID(int=0)

    def owed(self, key: str, unit: str = "", panel: str = "") -> UUID:
        """The newest obligation of a duty, of a unit or a panel."""
        query = select(ObligationRow.id).where(ObligationRow.key == key).order_by(ObligationRow.period.desc())
        theirs = ObligationRow.panel_id == identity("panel", SLUG, panel)
        mine = theirs if panel else ObligationRow.unit_id == identity("unit", unit)
        with self.office.store.reading() as session:
            return session.scalars(query.where(mine).limit(1)).one()


def make_rich_world(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rich:
    office = open_office(store, home, move_clock(f"{STARTS}+08:00"), upload_limit_mb=1)
    begin(office, edition(METHOD), SLUG, TITLE, (), instant(STARTS))
    campaign = Campaign(office, SLUG)
    _begin_work(campaign)
    opinions, code = _hear(campaign)
    surveys, slips = _ask(campaign)
    _list_problems(campaign, opinions)
    _choose(campaign)
    _rectify(campaign)
    beside(office, SLUG)
    move_clock(f"{NOW}+08:00")
    rich = Rich(office, TestClient(create_app(office)), [], opinions, code, surveys, slips, sit(office), poll(office))
    fail_one(rich)
    return rich


def _begin_work(campaign: Campaign) -> None:
    """Three panels, both phases open, codes printed, a week of visits with daily reports but for one panel."""
    for draft in PANELS:
        with campaign.desk("office-1", STARTS) as desk:
            panels.set_panel(desk, SLUG, draft)
    for key in ("mobilise", "self_review", "investigate"):
        open_phase(campaign.office, SLUG, key, instant(STARTS))
        campaign.ask(key, STARTS)
    with campaign.desk("office-1", STARTS) as desk:
        points.make_points(desk, SLUG)
    for day in (4, 5, 6, 7):
        at = f"2023-09-0{day}T"
        with campaign.office.desk("engine", instant(f"{at}08:30")) as desk:
            recurring.issue_recurring(desk)
            roundups.send_roundups(desk)
        _visit(campaign, date(2023, 9, day), f"{at}15:00")
        _report(campaign, date(2023, 9, day), f"{at}17:00")
    with campaign.office.desk("engine", instant("2023-09-08T08:31")) as desk:
        recurring.issue_recurring(desk)
        roundups.send_roundups(desk)


def _visit(campaign: Campaign, on: date, at: str) -> None:
    first, head = identity("panel", SLUG, "g1"), campaign.person("fgj-handler")
    seen = Entry(
        f"visit-{on}",
        "visit",
        on,
        first,
        unit="jyj",
        place="兰江街道",
        title="走访民营企业",
        text="企业反映校外培训许可多头跑、材料反复补正。",
        enterprises=VISITED[: on.day - 3],
        people=6,
    )
    pictures = [Offered(f"{number}.jpg", io.BytesIO(photo((640, 480)))) for number in range(2)]
    office = campaign.office
    with keeping_photos(office, pictures, on=on) as photos, campaign.desk("fgj-handler", at) as desk:
        panel_log.enter(desk, SLUG, seen, head, photos)
        if on.day == 5:
            talk = replace(seen, once="talk", kind="seminar", title="企业家座谈会", enterprises=(), people=15)
            panel_log.enter(desk, SLUG, talk, head)
            wrong = panel_log.enter(desk, SLUG, replace(talk, once="wrong", title="重复登记"), head)
            panel_log.withdraw(desk, wrong.id, head, "与上一条重复")
    with campaign.desk("nyj-handler", at) as desk:
        dark = replace(seen, once=f"dark-{on}", kind="undercover", panel=identity("panel", SLUG, "dark"))
        panel_log.enter(desk, SLUG, replace(dark, announced=False, enterprises=()), campaign.person("nyj-handler"))
    with campaign.desk("office-1", at) as desk:
        own = Entry(f"own-{on}", "seminar", on, title="评议工作推进会", people=30, place="市人大常委会会议室")
        panel_log.enter(desk, SLUG, own, campaign.person("office-1"))


def _report(campaign: Campaign, on: date, at: str) -> None:
    query = select(ObligationRow.id).where(ObligationRow.key == "daily_report", ObligationRow.period == on)
    with campaign.desk("fgj-handler", at) as desk:
        mine = desk.session.scalars(query.where(ObligationRow.panel_id == identity("panel", SLUG, "g1"))).one()
        duties.submit(desk, mine, campaign.by("fgj-handler"), "走访四家企业，收集意见五条，主要反映审批环节多。")


def _hear(campaign: Campaign) -> tuple[tuple[UUID, ...], str]:
    """Opinions through printed codes and from deputies; some held back, one asked back, one rejected."""
    office, taken = campaign.office, []
    for number in range(30):
        text, unit, aspect = OPINIONS[number % len(OPINIONS)]
        text += "" if number < len(OPINIONS) else f"（{number}号企业也有同样的情况）"
        said = Said(text, unit, aspect, Source.ENTERPRISE if number % 3 else Source.PUBLIC)
        if number == 4:
            said = replace(said, named=True, name="王某某", contact="13800000000")
        on = date(2023, 8, 29 + number % 3) if number % 2 else date(2023, 9, 1 + number % 7)
        pace = Pace.HELD if number % 11 == 10 else Pace.TAKEN
        pictures = [Offered("照片.jpg", io.BytesIO(photo((640, 480))))] if number in (0, 3) else []
        with keeping_photos(office, pictures, on=on) as photos, office.desk("public", instant(f"{on}T12:00")) as desk:
            point = desk.session.get_one(PointRow, identity("point", SLUG, "campaign", "", 1))
            form = intake.form_at(desk.session, point.token)
            taken.append(intake.take_in(desk, form, said, Origin(Channel.CODE, f"n{number}", on, pace=pace), photos))
    with campaign.desk("deputy-1", "2023-09-06T10:00") as desk:
        given = Said("建议把涉企检查纳入统一计划。", "jyj", "enforcement")
        deputies.give_opinion(desk, SLUG, campaign.person("deputy-1"), given, "own")
    with campaign.desk("office-1", "2023-09-06T10:00") as desk:
        handling.ask(desk, taken[0].id, "请问您办理的是哪一类培训许可？")
        handling.reject(desk, taken[9].id, "不属于本次评议的范围，已转市人力资源和社会保障局。")
    with office.desk("public", instant("2023-09-07T10:00")) as desk:
        follow_ups.add_message(desk, opinion_by(desk.session, taken[0].id), "m", "是艺术类培训，五月办的。")
    return tuple(each.id for each in taken), taken[0].code


def _ask(campaign: Campaign) -> tuple[dict[str, UUID], tuple[str, ...]]:
    """One questionnaire by code, closed with its results; one that everyone may answer."""
    office, found = campaign.office, {}
    with campaign.desk("office-1", "2023-09-01T10:00") as desk:
        asked = questionnaires.open_questionnaire(
            desk, SLUG, questionnaires.edition_of(office, "business-environment"), Access.CODES, date(2023, 9, 30)
        )
        found["codes"] = asked.id
        slips = questionnaire_codes.issue_codes(desk, asked.id, labels=[f"企业{number}" for number in range(1, 16)])
        questionnaire_codes.issue_to_role(desk, asked.id, "deputy")
        questionnaires.issue_papers(desk, asked.id, 20)
        other = questionnaires.edition_of(office, "deputies-on-department")
        found["open"] = questionnaires.open_questionnaire(desk, SLUG, other, Access.OPEN).id
    for number, slip in enumerate(slips[:9]):
        with office.desk("public", instant("2023-09-05T10:00")) as desk:
            answers.answer(desk, slip.code, filled(number))
    with campaign.desk("office-1", "2023-09-06T10:00") as desk:
        answers.enter_papers(desk, found["codes"], [filled(9), Filled({}, "jyj", "字迹无法辨认")], "paper")
    found["closed"] = _asked_in_spring(campaign)
    return found, tuple(slip.code for slip in slips)


def _asked_in_spring(campaign: Campaign) -> UUID:
    """A questionnaire on paper that is over: 40 sheets went out, 30 came back."""
    asked = questionnaires.edition_of(campaign.office, "business-environment").questionnaire
    spring = pinned(asked.model_copy(update={"key": "spring", "title": "企业问卷（春季）"}))
    with campaign.desk("office-1", "2023-09-06T11:00") as desk:
        row = questionnaires.open_questionnaire(desk, SLUG, spring, Access.CODES)
        questionnaires.issue_papers(desk, row.id, 40)
        answers.enter_papers(desk, row.id, [filled(number) for number in range(30)], "spring")
        questionnaires.close_questionnaire(desk, row.id)
    return row.id


def _list_problems(campaign: Campaign, opinions: tuple[UUID, ...]) -> None:
    """Problems from opinions, by hand, from a seminar and from a unit itself; one merged, one dropped."""
    at = "2023-09-06T14:00"
    with campaign.desk("office-1", at) as desk:
        for draft, opinion in zip(LISTED, opinions, strict=False):
            found = gathering.found_by(opinion_by(desk.session, opinion), "office-1")
            by_hand = Found(FindingKind.ENTERED, draft.title, "office-1")
            problems.record(desk, SLUG, draft, found if draft.title[0] in "校高入" else by_hand)
        gathering.gather(desk, SLUG, 1, [opinions[11], opinions[13], opinions[14]], "office-1")
        gathering.merge(desk, SLUG, 9, 1)
        gathering.drop(desk, SLUG, 8, "不属于评议范围，已转市城管局")
        raised = Draft("建议设立企业开办帮办窗口", "kjj", leader="赵样例", due_on=DUE, kind=ProblemKind.SUGGESTION)
        problems.record(desk, SLUG, raised, Found(FindingKind.SEMINAR, raised.title, "office-1"))


def _choose(campaign: Campaign) -> None:
    with campaign.desk("office-1", "2023-09-07T10:00") as desk:
        votes = {"jyj": 26, "kjj": 24, "wjj": 20, "rsj": 9}
        sitting = Decision(date(2023, 9, 7), "市人大常委会第十四次会议", "常人〔2023〕18号", votes=votes, base=29)
        selecting.choose(desk, SLUG, sitting)
    with campaign.desk("jyj-handler", "2023-09-07T11:00") as desk:
        self_review.list_self_found(desk, SLUG, "jyj", campaign.person("jyj-handler"), SELF_FOUND)


def _rectify(campaign: Campaign) -> None:
    """边评边改: some assigned, one of them closed; signed, handed in, returned; one result and one summons."""
    open_phase(campaign.office, SLUG, "rectify", instant("2023-09-07T11:00"))
    campaign.ask("rectify", "2023-09-07T11:00")
    with campaign.desk("office-1", "2023-09-07T12:00") as desk:
        assigning.assign(desk, SLUG, [1, 2, 3, 5])
        summonses.record_summons(desk, SLUG, TALK)
        orders.give(desk, SLUG, ORDER)
    opine(campaign)
    ask_twice(campaign)
    campaign.acknowledge("opinion", "2023-09-07T14:00")
    campaign.submit("rectification_report", "2023-09-07T15:00", paper())
    campaign.give_back("rectification_report", "2023-09-07T16:00", "缺少佐证材料")
    campaign.submit("rectification_report", "2023-09-08T09:00", paper("佐证材料.pdf"))
    _close(campaign, 2)
    with campaign.desk("office-1", "2023-09-08T10:00") as desk:
        results.record_result(desk, SLUG, "revote", "市教育局", TALLY, "满意")
    with campaign.office.desk("engine", instant("2023-09-08T10:00")) as desk:
        patrol.fire_due(desk)


def _close(campaign: Campaign, number: int) -> None:
    """The unit hands in what it did about a problem, the office accepts."""
    with campaign.office.store.reading() as session:
        problem = problems.problem_by(session, SLUG, number).id
        solve = session.scalars(select(ObligationRow.id).where(ObligationRow.problem_id == problem)).one()
    with campaign.desk("kjj-handler", "2023-09-08T09:00") as desk:
        duties.submit(desk, solve, campaign.by("kjj-handler"), "已安排每月一期培训", [paper("培训计划.pdf")])
    with campaign.desk("office-1", "2023-09-08T09:30") as desk:
        duties.accept(desk, solve, campaign.by("office-1"))
