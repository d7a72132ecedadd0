"""Opinions on paper, by telephone and from seminars, as one sheet of a workbook: to fill in, and to read."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook

from appraisal.documents.cells import Kind
from appraisal.documents.register_export import fill_sheet, offer_choices
from appraisal.documents.register_layout import Column, Sheet
from appraisal.documents.register_sheets import Draft, Found, closest, first_words, missing_sheet, quote, read_sheet
from appraisal.documents.tables import tables_in
from appraisal.domain.opinions import LONGEST_NAME
from appraisal.domain.refusal import Refusal

MOST_LINES = 2000

SHEET = Sheet(
    "意见",
    (
        Column("编号", "number", Kind.CODE, required=False, width=10),
        Column("收到日期", "received_on", Kind.DATE, width=12),
        Column("来源", "source", Kind.NAME, width=8),
        Column("方式", "channel", Kind.NAME, width=8),
        Column("单位", "unit", Kind.NAME, required=False, width=20),
        Column("方面", "aspect", Kind.NAME, required=False, width=14),
        Column("意见内容", "text", Kind.TEXT, width=60),
        Column("姓名", "name", Kind.NAME, required=False, width=10),
        Column("联系方式", "contact", Kind.NAME, required=False, width=18),
    ),
    key=("number", "received_on", "source", "channel", "unit", "aspect", "text", "name"),
)
CHOSEN = ("source", "channel", "unit", "aspect")


@dataclass(frozen=True)
class Offered:
    """What may stand in a column of choices: the word that is written, and what it means to the system."""

    source: Mapping[str, str]
    channel: Mapping[str, str]
    unit: Mapping[str, str]
    aspect: Mapping[str, str]
    since: date
    until: date

    def of(self, field: str) -> Mapping[str, str]:
        """The choices of a column."""
        choices: Mapping[str, str] = getattr(self, field)
        return choices


@dataclass(frozen=True)
class OpinionLine:
    """One row, with keys in the place of words; what was left empty is empty."""

    row: int
    number: str
    received_on: date
    source: str
    channel: str
    unit: str
    aspect: str
    text: str
    name: str
    contact: str


def opinion_template(offered: Offered) -> bytes:
    """A workbook to fill in."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    fill_sheet(workbook.create_sheet(SHEET.title), SHEET, [])
    for field in CHOSEN:
        offer_choices(workbook, SHEET.title, SHEET.heading(field), first_words(offered.of(field)))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def read_opinions(content: bytes, name: str, offered: Offered) -> tuple[list[OpinionLine], list[Found]]:
    """Every line, or (with none) all that is wrong with any; Refusal for a file that is no workbook."""
    tables = tables_in(content, name)
    if SHEET.title not in tables:
        return [], [missing_sheet(SHEET, sorted(tables))]
    if len(tables[SHEET.title].rows) > MOST_LINES:
        raise Refusal("intake.too_many_lines", count=len(tables[SHEET.title].rows), most=MOST_LINES)
    drafts, found = read_sheet(SHEET, tables[SHEET.title])
    found += [fault for draft in drafts for fault in _choices(draft, offered)]
    found += [fault for draft in drafts for fault in _days(draft, offered)]
    found += [fault for draft in drafts for fault in _names(draft)]
    found += list(_repeated(drafts))
    if found:
        return [], sorted(found, key=lambda fault: fault.row)
    return [_line(draft, offered) for draft in drafts], []


def _choices(draft: Draft, offered: Offered) -> Iterator[Found]:
    for field in CHOSEN:
        written, known = draft.text(field), offered.of(field)
        if written and written not in known:
            words = first_words(known)
            facts = {"text": quote(SHEET, written), "meant": closest(written, words), "known": words[:20]}
            yield Found(SHEET.title, draft.row, SHEET.heading(field), "unknown_choice", facts)


def _days(draft: Draft, offered: Offered) -> Iterator[Found]:
    on = draft.values.get("received_on")
    if isinstance(on, date) and not offered.since <= on <= offered.until:
        facts = {"on": on, "since": offered.since, "until": offered.until}
        yield Found(SHEET.title, draft.row, SHEET.heading("received_on"), "day_outside", facts)


def _names(draft: Draft) -> Iterator[Found]:
    if len(draft.text("name")) > LONGEST_NAME:
        facts = {"length": len(draft.text("name")), "most": LONGEST_NAME}
        yield Found(SHEET.title, draft.row, SHEET.heading("name"), "cell.too_long", facts)


def _repeated(drafts: list[Draft]) -> Iterator[Found]:
    """Rows that are the same from end to end; two papers of the same words have numbers of their own."""
    first: dict[tuple[object, ...], int] = {}
    for draft in drafts:
        key = tuple(draft.values.get(field) for field in SHEET.key)
        if draft.text("text") and first.setdefault(key, draft.row) != draft.row:
            yield Found(SHEET.title, draft.row, SHEET.heading("text"), "said_twice", {"first": first[key]})


def _line(draft: Draft, offered: Offered) -> OpinionLine:
    on = draft.values["received_on"]
    if not isinstance(on, date):
        raise TypeError("received_on")
    meant = {field: offered.of(field).get(draft.text(field), "") for field in CHOSEN}
    written = {field: draft.text(field) for field in ("number", "text", "name", "contact")}
    return OpinionLine(row=draft.row, received_on=on, **meant, **written)
