from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import count

import pytest
from openpyxl import Workbook, load_workbook

from appraisal.domain.opinions import Channel, Source
from appraisal.operations.drafts import draft, drop_draft, keep_draft
from appraisal.operations.intake import TakenIn
from appraisal.operations.office import Office
from appraisal.operations.offline_opinions import Preview, enter_opinion, import_opinions, preview, template
from tests.operations.hearing import SAID, Hearing, also, hearing
from tests.operations.world import instant, refused

SLUGS = count(1)
AT = "2023-09-06T10:00"
HEADINGS = ["编号", "收到日期", "来源", "方式", "单位", "方面", "意见内容", "姓名", "联系方式"]
LINE = ["1", "2023-09-01", "群众", "纸质", "市教育局", "服务态度", "校门口\n没有护栏", "王芳", "13800000000"]


@pytest.fixture
def heard(office: Office) -> Hearing:
    return hearing(office, f"o{next(SLUGS)}")


def enter(
    heard: Hearing, day: str = "2023-09-01", nonce: str = "n", who: str = "office-1", text: str = SAID.text
) -> TakenIn:
    with heard.desk(who, AT) as desk:
        said = also(text=text, source=Source.ENTERPRISE)
        return enter_opinion(desk, heard.slug, said, Channel.PHONE, date.fromisoformat(day), nonce)


def workbook(*lines: Sequence[object], headings: Sequence[str] = HEADINGS, title: str = "意见") -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = title
    for line in (headings, *lines):
        page.append(list(line))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def changed(**cells: object) -> list[object]:
    return [cells.get(heading, value) for heading, value in zip(HEADINGS, LINE, strict=True)]


def look(heard: Hearing, content: bytes) -> Preview:
    with heard.office.store.reading() as session:
        return preview(session, heard.office, heard.slug, content, "意见.xlsx", instant(AT).date())


def take(heard: Hearing, content: bytes) -> tuple[int, int]:
    with heard.desk("office-1", AT) as desk:
        done = import_opinions(desk, heard.slug, content, "意见.xlsx")
    return done.added, done.known


def test_opinion_from_a_call_is_entered_once_and_noted_at_once(heard: Hearing) -> None:
    first, second = enter(heard), enter(heard)
    (row,) = heard.opinions()
    assert (first.id, first.fresh, second.fresh) == (second.id, True, False)
    assert (row.channel, row.source, row.entered_by, row.noted) == ("phone", "enterprise", "office-1", True)
    assert str(row.received_on) == "2023-09-01"
    assert len(heard.facts("opinion:received")) == 1


def test_opinion_is_entered_after_the_phase_has_closed(heard: Hearing) -> None:
    heard.decide("listen", "2023-09-05T09:00")
    heard.close("listen", "2023-09-05T09:05")
    assert enter(heard).fresh


@pytest.mark.parametrize("day", ["2023-08-27", "2023-09-07"])
def test_day_before_the_campaign_or_after_today_is_refused(heard: Hearing, day: str) -> None:
    with refused("intake.day", since=date(2023, 8, 28), until=date(2023, 9, 6)):
        enter(heard, day)


def test_only_the_office_enters_opinions(heard: Hearing) -> None:
    with refused("portal.staff_only.not_yours"):
        enter(heard, who="jyj-handler")
    with refused("portal.staff_only.not_yours"), heard.desk("director", AT) as desk:
        import_opinions(desk, heard.slug, workbook(LINE), "意见.xlsx")


def test_same_words_from_another_paper_are_held(heard: Hearing) -> None:
    assert (enter(heard).why_held, enter(heard, nonce="other").why_held) == (None, "duplicate")


def test_workbook_is_taken_in_and_the_same_file_again_adds_nothing(heard: Hearing) -> None:
    other = changed(编号="2", 方式="座谈会", 来源="企业", 单位="kjj", 方面=None, 意见内容="补贴没有到账", 姓名=None)
    content = workbook(LINE, other)
    seen = look(heard, content)
    assert (len(seen.lines), seen.faults, seen.known, seen.fresh) == (2, (), 0, 2)
    assert [take(heard, content), take(heard, content)] == [(2, 0), (0, 2)]
    assert look(heard, content).known == 2
    rows = {row.text: row for row in heard.opinions()}
    paper, seminar = rows["校门口\n没有护栏"], rows["补贴没有到账"]
    assert (paper.channel, paper.named, str(paper.received_on), paper.noted) == ("paper", True, "2023-09-01", True)
    assert (seminar.source, seminar.unit and seminar.unit.code, seminar.aspect) == ("enterprise", "kjj", None)
    assert len(heard.facts("opinion:received")) == 2


def test_every_fault_is_named_by_row_and_column_at_once(heard: Hearing) -> None:
    lines = [
        changed(收到日期="2023-09-31"),
        changed(编号="2", 来源="邻居", 方式="传真"),
        changed(编号="3", 单位="市教育居", 方面="态度"),
        changed(编号="4", 意见内容=None, 姓名="名" * 51),
        changed(编号="5", 收到日期="2023-09-07"),
        changed(编号="6", 意见内容="长" * 5001),
        changed(编号="7"),
        changed(编号="7"),
    ]
    seen = look(heard, workbook(*lines))
    said = [str(fault).split("：")[0] for fault in seen.faults]
    assert said == [
        "意见表第2行“收到日期”列",
        "意见表第3行“来源”列",
        "意见表第3行“方式”列",
        "意见表第4行“单位”列",
        "意见表第4行“方面”列",
        "意见表第5行“意见内容”列",
        "意见表第5行“姓名”列",
        "意见表第6行“收到日期”列",
        "意见表第7行“意见内容”列",
        "意见表第9行“意见内容”列",
    ]
    assert "是否应为“市教育局”？可填：市教育局、市科学技术局" in str(seen.faults[3])
    assert "jyj" not in str(seen.faults[3])
    with refused("intake.faulty", count=10):
        take(heard, workbook(*lines))
    assert heard.opinions() == []


def test_missing_sheet_and_column_are_named(heard: Hearing) -> None:
    assert "缺少这张表" in str(look(heard, workbook(LINE, title="Sheet1")).faults[0])
    assert "缺少这一列" in str(look(heard, workbook(LINE[:-1], headings=HEADINGS[:-1])).faults[0])


def test_file_that_is_no_workbook_or_too_long_is_refused(heard: Hearing) -> None:
    with refused("register.not_a_workbook", file="意见.xlsx"):
        look(heard, b"%PDF-1.7")
    with refused("intake.too_many_lines", count=2001, most=2000):
        look(heard, workbook(*(changed(编号=str(number)) for number in range(2001))))


def test_template_reads_without_a_fault_and_offers_the_units(heard: Hearing) -> None:
    with heard.office.store.reading() as session:
        content = template(session, heard.slug, instant(AT).date())
    assert look(heard, content).faults == ()
    choices = [
        [cell.value for cell in column if cell.value] for column in load_workbook(BytesIO(content))["选项"].columns
    ]
    assert choices == [
        ["来源", "群众", "企业", "代表"],
        ["方式", "纸质", "电话", "座谈会"],
        ["单位", "市教育局", "市科学技术局"],
        ["方面", "服务态度", "办事效率"],
    ]


def test_draft_is_sealed_found_again_and_forgotten(heard: Hearing) -> None:
    name = keep_draft(heard.office, b"names and numbers", instant(AT))
    kept = heard.office.settings.home / "drafts" / name
    assert b"names" not in kept.read_bytes()
    assert draft(heard.office, name) == b"names and numbers"
    for _ in range(2):
        drop_draft(heard.office, name)
    for gone in (name, "../secret.key", ""):
        with refused("draft.missing"):
            draft(heard.office, gone)
