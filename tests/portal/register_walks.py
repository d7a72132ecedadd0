"""The register of rectification sent back: what somebody does to come to its preview and its result."""

import io
from collections.abc import Mapping

from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page

from tests.portal.walks import XLSX, C, Walk, filled_book, press


def edited_register(page: Page, base: str) -> FilePayload:
    """The register as it can be downloaded, with edits that can be taken in and some that cannot."""
    book = load_workbook(io.BytesIO(page.context.request.get(f"{base}{C}/rectification/register").body()))
    sheet = book.worksheets[0]
    sheet["F4"], sheet["G4"] = "王副市长", "招聘教师四十名\n调剂编制二十名"
    sheet["I4"] = "60% 已招聘二十名，其余正在公示"
    sheet["L4"] = "编制由市委编办核定"
    sheet["D6"], sheet["I6"], sheet["B9"] = "市科学技术局", "快办完了", "填表人：赵示例"
    saved = io.BytesIO()
    book.save(saved)
    return {"name": "整改台账.xlsx", "mimeType": XLSX, "buffer": saved.getvalue()}


def register_previewed(page: Page, base: str, at: Mapping[str, object]) -> None:
    book = edited_register(page, base)
    page.goto(f"{base}{C}/rectification")
    page.get_by_label("改好的整改台账").set_input_files(book)
    press(page, "检查并预览")


def register_taken(page: Page, base: str, at: Mapping[str, object]) -> None:
    register_previewed(page, base, at)
    page.locator("main form button.main").click()


def register_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    book = filled_book(page, f"{base}{C}/problems/import/template", [])
    page.goto(f"{base}{C}/rectification")
    page.get_by_label("改好的整改台账").set_input_files(book)
    press(page, "检查并预览")


REGISTER_WALKS: dict[str, tuple[str, Walk]] = {
    "rectification-previewed": ("office-1", register_previewed),
    "rectification-taken": ("office-1", register_taken),
    "rectification-refused": ("office-1", register_refused),
}
