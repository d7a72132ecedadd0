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


def opinion_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/review-opinions/{at['opined']}")
    press(page, "退回修改")


def opinion_too_kind(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}{C}/review-opinions/wjj")
    page.get_by_label("成绩").fill("成绩突出。" * 60)
    press(page, "保存并提请审定")


def roll_faulty(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/sittings/{at['sitting']}/roll/import")
    page.get_by_label("名单", exact=True).fill("丑局长,局长,嘉宾\n,局长,列席,请假,电话")
    press(page, "检查并预览")


def roll_previewed(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/sittings/{at['sitting']}/roll/import")
    page.get_by_label("名单", exact=True).fill("丑局长\t市科学技术局局长\t列席\n庚委员\t委员\t常委会组成人员\t请假")
    press(page, "检查并预览")


def noted_as_come(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/sittings/{at['sitting']}/desk?text=丙委员")
    press(page, "签到，发纸质票")


def checked_in(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/c")
    page.get_by_role("textbox", name="签到码").fill(str(at["coming_code"]))
    press(page, "下一步")
    press(page, "签到")
    page.get_by_text("用另一部手机投票").click()


def sitting_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/sittings/{at['sitting']}/edit")
    page.get_by_label("召开日期").fill("2023-10-26")
    press(page, "保存")


def vote_checked(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/v/{at['vote_code']}/{at['round_open']}")
    page.locator("input[name='mark/fgj/work'][value=basic]").check()
    press(page, "填好了，去核对")


def vote_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/v/{at['vote_code']}/{at['round_scored']}")
    page.locator("input[name='mark/fgj/']").fill("120")
    press(page, "填好了，去核对")


def vote_cast(page: Page, base: str, at: Mapping[str, object]) -> None:
    vote_refused(page, base, at)
    page.locator("input[name='mark/fgj/']").fill("92.5")
    press(page, "填好了，去核对")
    press(page, "投票")


def vote_code_wrong(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/v")
    page.get_by_role("textbox", name="投票码").fill("ABCD-EFGH-JKMN")
    press(page, "进入投票")


def ballot_slips(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/sittings/{at['voted_sitting']}/codes")
    page.get_by_label("个数").fill("3")
    press(page, "生成投票码")


def opening_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/sittings/{at['voted_sitting']}/ballots/approved")
    page.get_by_label("手机票").first.fill("2")
    press(page, "开始投票")


def sheet_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/rounds/{at['round_open']}/tellers/1/sitting/deputy")
    page.get_by_label("计票人姓名").fill("辰计票")
    page.get_by_label("收回张数").fill("3")
    press(page, "录入计票表")


def closing_refused(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}/rounds/{at['round_open']}")
    press(page, "结束投票并计票")


def taken_over(page: Page, base: str, at: Mapping[str, object]) -> None:
    page.goto(f"{base}{C}/carried")
    press(page, "承接这")


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
    "review-opinion-refused": ("director", opinion_refused),
    "review-opinion-too-kind": ("office-1", opinion_too_kind),
    "roll-faulty": ("office-1", roll_faulty),
    "roll-previewed": ("office-1", roll_previewed),
    "noted-as-come": ("office-1", noted_as_come),
    "checked-in": (NOBODY, checked_in),
    "sitting-refused": ("office-1", sitting_refused),
    "vote-checked": (NOBODY, vote_checked),
    "vote-refused": (NOBODY, vote_refused),
    "vote-cast": (NOBODY, vote_cast),
    "vote-code-wrong": (NOBODY, vote_code_wrong),
    "ballot-slips": ("office-1", ballot_slips),
    "opening-refused": ("office-1", opening_refused),
    "sheet-refused": ("office-1", sheet_refused),
    "closing-refused": ("office-1", closing_refused),
    "taken-over": ("office-1", taken_over),
    "left": ("four-teams", left),
}
