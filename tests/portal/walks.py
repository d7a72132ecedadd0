"""Pages that answer something: what somebody does to come to them.  Each walk gets a page and where it leads to."""

import io
from collections.abc import Callable, Mapping

from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page

from tests.portal.rich_world import SLUG
from tests.portal.screens import NOBODY

Row = list[str | int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
C = f"/campaigns/{SLUG}"
Walk = Callable[[Page, str, Mapping[str, object]], None]


def filled_book(page: Page, template: str, rows: list[Row]) -> FilePayload:
    """The template as it can be downloaded, with these rows under its headings."""
    book = load_workbook(io.BytesIO(page.context.request.get(template).body()))
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            book.worksheets[0].cell(number, column, value)
    saved = io.BytesIO()
    book.save(saved)
    return {"name": "表格.xlsx", "mimeType": XLSX, "buffer": saved.getvalue()}


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.click()


def thanked(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/o/{at['point']}")
    page.get_by_label("意见内容").fill("办事大厅中午没有人值班。")
    press(page, "提交意见")


def refused_opinion(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/o/{at['point']}")
    page.get_by_label("意见内容").fill("办事大厅中午没有人值班。")
    page.get_by_label("实名", exact=True).check()
    press(page, "提交意见")


def followed(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/follow")
    page.get_by_role("textbox", name="查询码").fill(str(at["follow_up"]))
    press(page, "查看")


def followed_wrongly(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/follow")
    page.get_by_role("textbox", name="查询码").fill("0000-0000-0000")
    press(page, "查看")


def answered_in_part(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/q/{at['slip']}")
    press(page, "提交问卷")


def asked_for_more(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/q/{at['slip']}")
    page.get_by_label("遇到过", exact=True).check()
    press(page, "提交问卷")


def signed(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/duties/{at['plan']}")
    press(page, "签收")


def opinion_entered(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}{C}/opinions/new")
    page.get_by_label("意见内容").fill("来信反映停车难。")
    press(page, "录入")


def import_opinions(page: Page, base: str, rows: list[Row]) -> None:
    book = filled_book(page, f"{base}{C}/opinions/import/template", rows)
    page.goto(f"{base}{C}/opinions/import")
    page.get_by_label("表格文件").set_input_files(book)
    press(page, "检查并预览")


def opinions_previewed(page: Page, base: str, at: Mapping[str, object]) -> None:
    import_opinions(page, base, [["1", "2023-09-05", "企业", "纸质", "市教育局", "审批", "材料太多"]])


def opinions_faulty(page: Page, base: str, at: Mapping[str, object]) -> None:
    import_opinions(page, base, [["1", "2023-09-31", "企业", "纸质", "市教育厅", "审批", "材料太多"], ["2"]])


def import_problems(page: Page, base: str, rows: list[Row]) -> None:
    book = filled_book(page, f"{base}{C}/problems/import/template", rows)
    page.goto(f"{base}{C}/problems/import")
    page.get_by_label("表格文件").set_input_files(book)
    press(page, "检查并预览")


def problems_previewed(page: Page, base: str, at: Mapping[str, object]) -> None:
    import_problems(
        page, base, [[1, "办件超时", "承诺五日，实际九日", "按时办结", "立行立改", "政务服务环境", "市教育局"]]
    )


def problems_faulty(page: Page, base: str, at: Mapping[str, object]) -> None:
    import_problems(page, base, [[1, "办件超时", "", "", "马上改", "政务服务环境", "市教育厅"], [2, ""]])


def panels_faulty(page: Page, base: str, at: Mapping[str, object]) -> None:
    book = filled_book(
        page, f"{base}{C}/panels/import/book", [["第三评议组", "评议组", "无此人", "组长", "组长", "市教育厅"]]
    )
    page.goto(f"{base}{C}/panels/import")
    page.get_by_label("表格文件").set_input_files(book)
    press(page, "检查并预览")


def papers_faulty(page: Page, base: str, at: Mapping[str, object]) -> None:
    here = f"{base}/questionnaires/{at['codes']}/papers"
    page.goto(here)
    page.get_by_label("填好的录入表").set_input_files(
        filled_book(page, f"{here}/template", [["1", "市教育厅", "巨型企业"]])
    )
    press(page, "上传并核对")


def papers_previewed(page: Page, base: str, at: Mapping[str, object]) -> None:
    here = f"{base}/questionnaires/{at['codes']}/papers"
    page.goto(here)
    page.get_by_label("填好的录入表").set_input_files(
        filled_book(page, f"{here}/template", [["1", "市教育局", "小型企业"]])
    )
    press(page, "上传并核对")


def slips_made(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/questionnaires/{at['codes']}/sheet")
    page.get_by_label("或者逐行注明发给谁").fill("兰江水泵厂\n金穗粮油股份有限公司\n横山光电科技有限公司")
    press(page, "生成编码")


def suggestion_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}{C}/problems/new?kind=suggestion")
    page.locator("input[name=title]").fill("设立帮办窗口")
    page.locator("main form button.main").first.click()


def contact_seen(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/opinions/{at['named']}")
    page.locator("form[action$='/contact'] button").click()


def refused_approval(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/approvals/{SLUG}/investigate")
    press(page, "不同意")


def left(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/")
    press(page, "退出")


WALKS: dict[str, tuple[str, Walk]] = {
    "intake-thanks": (NOBODY, thanked),
    "intake-refused": (NOBODY, refused_opinion),
    "follow-thread": (NOBODY, followed),
    "follow-wrong": (NOBODY, followed_wrongly),
    "answering-flawed": (NOBODY, answered_in_part),
    "answering-more": (NOBODY, asked_for_more),
    "duty-signed": ("jyj-handler", signed),
    "opinion-entered": ("office-1", opinion_entered),
    "opinions-previewed": ("office-1", opinions_previewed),
    "opinions-faulty": ("office-1", opinions_faulty),
    "problems-previewed": ("office-1", problems_previewed),
    "problems-faulty": ("office-1", problems_faulty),
    "panels-faulty": ("office-1", panels_faulty),
    "papers-faulty": ("office-1", papers_faulty),
    "papers-previewed": ("office-1", papers_previewed),
    "slips": ("office-1", slips_made),
    "suggestion-refused": ("office-1", suggestion_refused),
    "contact-seen": ("office-1", contact_seen),
    "approval-refused": ("director", refused_approval),
    "left": ("four-teams", left),
}
