from datetime import date

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.method.words import RungAct
from appraisal.notices.render import number, render, sample, subject_of, templates, time_left

LINK = "https://pingyi.example.cn/duties/1"
TODAY = date(2023, 10, 4)
EXPECTED = {
    "problem-moved",
    "objection-raised",
    "objection-ruled",
    "phase-opened",
    "phase-closed",
    "duty-issued",
    "due-set",
    "due-moved",
    "submission-received",
    "submission-accepted",
    "submission-returned",
    "approval-asked",
    "approval-decided",
    "result-recorded",
    "copy",
    "consequence-found",
    "campaign-closed",
    "digest",
    "alarm-undelivered",
    "extension-asked",
    "extension-decided",
    "order-given",
    "panel-set",
    "problem-assigned",
    "problem-closed",
    "problem-handed-on",
    "projects-counted",
    "problem-reopened",
    "problem-returned",
    "problem-verified",
    "questionnaire-invited",
    "questionnaire-reminder",
    "review-opinion-asked",
    "review-opinion-decided",
    "review-opinion-delivered",
    "roundup",
    "summons-recorded",
    "support-ended",
    "weekly-brief",
} | {f"rung-{act}" for act in RungAct}


def test_every_notice_and_every_rung_has_its_template() -> None:
    assert set(templates()) == EXPECTED


@pytest.mark.parametrize("template", sorted(EXPECTED))
def test_notice_renders_with_its_sample(template: str) -> None:
    message = render(template, sample(template), LINK, "lanxi/key", TODAY)
    assert message.subject
    assert message.body.splitlines()[-2].endswith(f"：{LINK}")
    assert message.body.splitlines()[-1] == f"消息编号：{number('lanxi/key')}"
    assert message.kind in ("info", "success", "warning", "failure")
    assert "{" not in message.subject + message.body


@pytest.mark.parametrize(("template", "missing"), [(name, key) for name in sorted(EXPECTED) for key in sample(name)])
def test_notice_is_refused_when_a_value_is_missing(template: str, missing: str) -> None:
    context = {key: value for key, value in sample(template).items() if key != missing}
    with pytest.raises(Refusal) as refused:
        render(template, context, LINK, "key", TODAY)
    assert refused.value.code == "notice.incomplete"
    assert refused.value.facts["template"] == template


def test_notice_is_refused_when_a_date_is_none() -> None:
    with pytest.raises(Refusal) as refused:
        render("due-set", sample("due-set") | {"due_on": "soon"}, LINK, "key", TODAY)
    assert refused.value.code == "notice.incomplete"


def test_notice_is_refused_when_no_template_has_its_name() -> None:
    with pytest.raises(Refusal) as refused:
        render("no-such", {}, LINK, "key", TODAY)
    assert refused.value.code == "notice.unknown"


def test_reminder_says_who_owes_what_by_when_and_why() -> None:
    message = render("rung-remind", sample("rung-remind"), LINK, "lanxi/rung-remind/1", TODAY)
    assert message.subject == "【提醒】市教育局整改方案：2023年10月7日（星期六）到期"
    assert message.body == (
        "兰溪市人大常委会2023年工作评议：\n"
        "\n"
        "事项：整改方案\n"
        "责任人：市教育局 张样例\n"
        "期限：2023年10月7日（星期六），还有3天\n"
        "\n"
        "请责任人合理安排进度，按期办理；如已办理，不必理会本提醒。\n"
        "\n"
        "期限依据：\n"
        "· 自2023年8月31日（星期四）收到评议意见之日起，一个月内提交\n"
        "· 届满日2023年9月30日（星期六）为国庆节假期，顺延至2023年10月7日（星期六）\n"
        "\n"
        "办理入口：https://pingyi.example.cn/duties/1\n"
        f"消息编号：{number('lanxi/rung-remind/1')}"
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2023, 10, 6), "还有1天"),
        (date(2023, 10, 7), "今天到期"),
        (date(2023, 10, 8), "已逾期1天"),
    ],
)
def test_time_left_is_told_as_of_the_day_the_notice_goes_out(today: date, expected: str) -> None:
    assert time_left("2023-10-07", today) == expected
    assert (
        f"期限：2023年10月7日（星期六），{expected}\n" in render("rung-urge", sample("rung-urge"), "", "", today).body
    )


def test_duty_without_a_date_says_that_it_is_to_come() -> None:
    message = render("duty-issued", sample("duty-issued") | {"due_on": "", "reason": []}, LINK, "key", TODAY)
    assert message.subject == "【交办】市教育局整改方案"
    assert "期限：待前一环节完成后确定，届时另行通知\n" in message.body


def test_stand_in_reads_for_whom_they_act() -> None:
    message = render("copy", sample("copy") | {"acting_for": "张样例"}, LINK, "key", TODAY)
    assert "（张样例现不在岗，由您代行职责，特此通知您。）\n" in message.body


def test_number_is_the_same_for_the_same_message() -> None:
    assert number("lanxi/rung-remind/1:zhang") == number("lanxi/rung-remind/1:zhang") == "CD8C-9BAD"


def test_subject_is_that_of_the_message() -> None:
    assert subject_of("copy", sample("copy"), TODAY) == "【抄送】兰溪市人大常委会2023年工作评议：市教育局整改方案已提交"
