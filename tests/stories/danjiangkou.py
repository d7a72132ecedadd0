"""The people and the hall of 丹江口: panels, units, the list of problems, and what the record says of them."""

from collections import Counter

from sqlalchemy import select

from appraisal.domain.problems import LookBack
from appraisal.operations import duties, problems
from appraisal.operations.inquiry_figures import Figures, figures
from appraisal.operations.letters import LEADS, letters_of
from appraisal.operations.panels import PanelDraft
from appraisal.operations.points import points
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.panel_tables import CoverageRow, PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow
from tests.operations.hall import Hall, Seats
from tests.operations.world import instant
from tests.portal.hearing import TICKET
from tests.stories.inquiry import Inquiry

UNDERCOVER = "undercover"


def the_hall(story: Inquiry) -> Hall:
    """66 ballots; how many of each class there were is not published."""
    seats = (
        Seats("member", "常委会委员", 29, phones=14, papers=13),
        Seats("deputy", "人大代表", 15, phones=8, papers=7),
        Seats("public", "群众代表", 12, phones=6, papers=6),
        Seats("entrepreneur", "企业家代表", 12, phones=6, papers=6),
    )
    at = "2023-09-28T15:00"
    return Hall(story.office, story.slug, lambda: story.desk("office-1", at), lambda: instant(at), seats)


def unit_codes(story: Inquiry) -> dict[str, str]:
    """The names of the units by their codes."""
    with story.office.store.reading() as session:
        return {unit.code: unit.name for unit in active_units(session)}


def everything(story: Inquiry) -> str:
    """Every byte that the office has on its disk."""
    home = story.office.settings.home
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()).decode("utf-8", "replace")


def panel(key: str, title: str, units: list[str], kind: str = "panel") -> PanelDraft:
    members = [
        (f"{key}-head", "panel_head", "组长"),
        (f"{key}-m1", "panel_member", "组员"),
        (f"{key}-m2", "panel_member", "专家"),
    ]
    return PanelDraft(key, title, kind, members, units)


def unit_names(story: Inquiry) -> list[str]:
    with story.office.store.reading() as session:
        return [unit.name for unit in active_units(session)]


def targets(story: Inquiry) -> list[str]:
    with story.record() as (_, campaign):
        return [target.unit.code for target in campaign.targets]


def seen(story: Inquiry, at: str) -> Figures:
    with story.office.store.reading() as session:
        return figures(session, story.slug, instant(at))


def listed(story: Inquiry) -> list[ProblemRow]:
    with story.office.store.reading() as session:
        return list(session.scalars(select(ProblemRow).order_by(ProblemRow.number)))


def hand_in_the_reports(story: Inquiry) -> None:
    for owed in story.owed("panel_report"):
        key = owed.panel.key if owed.panel else ""
        story.hand_in(owed.id, f"{key}-head", "2023-07-14T10:00", "调查情况", "office-1")


def solve(story: Inquiry, owed: ObligationRow, at: str) -> None:
    """Handed in by the unit, verified by the panel that handed it over, closed out by the office."""
    unit, key = (owed.unit.code, coverage(story)[owed.unit.name]) if owed.unit else ("", "")
    story.hand_in(owed.id, f"{unit}-handler", at, "已整改到位", f"{key}-head")
    with story.desk("office-1", at) as desk:
        number = desk.session.get_one(ProblemRow, owed.problem_id).number
        problems.close_problem(desk, story.slug, number, "office-1")


def support(story: Inquiry, at: str) -> int:
    """Every supporting unit hands in its part; returns how many parts there are."""
    parts = story.owed("support")
    for owed in parts:
        story.hand_in(owed.id, f"{owed.unit.code}-handler" if owed.unit else "", at, "已配合到位")
    return len(parts)


def handed_over(story: Inquiry) -> dict[str, int]:
    """How many problems each panel handed over to lead units, by the letters of assignment to the units it covers."""
    by, found = coverage(story), Counter[str]()
    with story.record() as (session, campaign):
        for letter in letters_of(session, campaign):
            found[by[letter.unit.name]] += sum(item.part == LEADS for item in letter.items)
    return found


def look_again(story: Inquiry, at: str, relapsed: int | None = None) -> None:
    """The team looks at each problem that it has to, and finds that it holds or, of that number, has come back."""
    for owed in story.owed("recheck"):
        with story.desk("followup", at) as desk:
            if desk.session.get_one(ObligationRow, owed.id).status != "issued":
                continue
            number = desk.session.get_one(ProblemRow, owed.problem_id).number
            finding = LookBack.RELAPSED if number == relapsed else LookBack.HOLDS
            duties.submit(desk, owed.id, story.by("followup"), "现场查看", finding=finding)


def coverage(story: Inquiry) -> dict[str, str]:
    """The panel, other than the undercover one, that covers each unit."""
    with story.office.store.reading() as session:
        query = select(UnitRow.name, PanelRow.key).join(CoverageRow, CoverageRow.unit_id == UnitRow.id)
        found = session.execute(query.join(PanelRow, PanelRow.id == CoverageRow.panel_id))
        return {unit: key for unit, key in found if key != UNDERCOVER}


def window(story: Inquiry) -> str:
    """The address that the printed code of the campaign says."""
    with story.record() as (session, campaign):
        (point,) = [row for row in points(session, campaign) if row.scope == "campaign"]
    return f"/o/{point.token}"


def give(story: Inquiry, page: str, text: str, unit: str) -> None:
    found = TICKET.search(story.client.get(page).text)
    assert found
    given = {"ticket": found[1], "text": text, "unit": unit, "aspect": "government_service"}
    assert story.client.post(page, data=given).status_code == 200
