"""What the engine offers, and how it is called in the staff's screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from appraisal.method.words import PhaseKind

Slug = Annotated[str, Field(title="评议活动代号")]
Key = Annotated[str, Field(title="阶段代号")]


@dataclass(frozen=True)
class Entry:
    """A flow as staff see it; the entry point is a module path, so that a worker on any machine finds it."""

    entrypoint: str
    flow: str
    title: str
    about: str
    tags: tuple[str, ...]
    every_minutes: str | None = None

    @property
    def deployment(self) -> str:
        """The name by which the engine finds the deployment."""
        return f"{self.flow}/{self.title}"


PHASES: Mapping[PhaseKind, Entry] = {
    PhaseKind.MOBILISE: Entry(
        "flows.mobilise.mobilise", "宣传发动", "阶段：宣传发动", "下达动员阶段的事项并等待关闭审批。", ("阶段",)
    ),
    PhaseKind.SELF_REVIEW: Entry(
        "flows.self_review.self_review",
        "自查自纠",
        "阶段：自查自纠",
        "收取各单位的自查材料并等待关闭审批。",
        ("阶段",),
    ),
    PhaseKind.INVESTIGATE: Entry(
        "flows.investigate.investigate", "集中调研", "阶段：集中调研", "下达调研事项并等待关闭审批。", ("阶段",)
    ),
    PhaseKind.REVIEW: Entry(
        "flows.review.review", "会议评议", "阶段：会议评议", "等待会议测评结果登记并等待关闭审批。", ("阶段",)
    ),
    PhaseKind.RECTIFY: Entry(
        "flows.rectify.rectify",
        "整改落实",
        "阶段：整改落实",
        "跟踪整改计划和整改报告，整改不到位、评议不收场。",
        ("阶段",),
    ),
    PhaseKind.LOOK_BACK: Entry(
        "flows.look_back.look_back", "回头看", "阶段：回头看", "跟踪检查整改成效，逐条核查销号后评议结束。", ("阶段",)
    ),
    PhaseKind.SUPERVISE: Entry(
        "flows.supervise.supervise",
        "实施监督",
        "阶段：实施监督",
        "把选定的项目逐件交办，由代表小组监督实施。",
        ("阶段",),
    ),
    PhaseKind.EVALUATE: Entry(
        "flows.evaluate.evaluate",
        "成效评议",
        "阶段：成效评议",
        "核定办结件数，未办结的逐件说明，等待代表测评结果登记并等待关闭审批。",
        ("阶段",),
    ),
}

STAFF = (
    Entry(
        "flows.start.start_campaign",
        "启动评议活动",
        "办公室：启动评议活动",
        "选择办法、填写起始日期和被评议单位，启动一次评议活动。",
        ("办公室",),
    ),
    Entry(
        "flows.choosing.choose_units",
        "确定评议对象",
        "办公室：确定评议对象",
        "评议对象不是事先点名的，按办法规定的方式确定后在此登记。",
        ("办公室",),
    ),
    Entry(
        "flows.entries.set_event",
        "设定会议等日期",
        "办公室：设定会议等日期",
        "填写或更改会议日期；所有据此推算的期限随之重新计算并通知有关人员。",
        ("办公室",),
    ),
    Entry(
        "flows.entries.record_result",
        "登记测评结果",
        "办公室：登记测评结果",
        "按会上宣布的票数逐个单位登记测评结果；由系统计票的测评在门户的会议页面进行，不在这里登记。",
        ("办公室",),
    ),
    Entry(
        "flows.entries.record_problem",
        "登记问题",
        "办公室：登记问题",
        "把评议中指出的问题和整改目标逐条登记到单位名下。",
        ("办公室",),
    ),
    Entry(
        "flows.rectifying.assign_problems",
        "交办问题",
        "办公室：交办问题",
        "把问题交办给责任单位，每个单位一份编号的交办函；签收和整改的期限随之起算。",
        ("办公室",),
    ),
    Entry(
        "flows.entries.close_problem",
        "问题销号",
        "办公室：问题销号",
        "核查属实后，由办公室工作人员为问题销号；办法规定由另一人复核的，用“办公室：复核销号”。",
        ("办公室",),
    ),
    Entry(
        "flows.signing.decide_closing_out",
        "复核销号",
        "办公室：复核销号",
        "核查通过的问题，由复核人填写本人的审批码，销号、部分销号或者退回整改。",
        ("办公室",),
    ),
    Entry(
        "flows.signing.reopen_problem",
        "重新整改",
        "办公室：重新整改",
        "已经销号的问题又出现的，由办公室或评议组的人填写本人的审批码，重新交由责任单位整改。",
        ("办公室",),
    ),
    Entry(
        "flows.rectifying.hand_on_problems",
        "结转跟踪",
        "办公室：结转跟踪",
        "把年内改不完、办法允许结转的问题转入下一年度跟踪。",
        ("办公室",),
    ),
    Entry(
        "flows.signing.decide_extension",
        "审批延期",
        "办公室：审批延期",
        "批准人填写本人的审批码，同意或者不同意单位的延期申请。",
        ("办公室",),
    ),
    Entry(
        "flows.rectifying.give_order",
        "下达督办文书",
        "办公室：下达督办文书",
        "下达督办单、挂牌督办通知、约谈通知、通报，或者向上反映；自动编号并通知收文单位。",
        ("办公室",),
    ),
    Entry(
        "flows.entries.record_instruction",
        "登记批示",
        "办公室：登记批示",
        "登记领导批示，编号并通知承办单位；批示随即成为有期限、可催办的事项。",
        ("办公室",),
    ),
    Entry(
        "flows.choosing.record_summons",
        "登记约谈",
        "办公室：登记约谈",
        "登记对单位负责人的约谈和议定事项，并通知该单位。",
        ("办公室",),
    ),
)

CLOCKWORK = (
    Entry(
        "flows.patrol.patrol",
        "巡查",
        "自动：巡查",
        "提醒和升级到期事项，提请审批，修复中断的流程，更新看板。",
        ("自动",),
        "patrol_minutes",
    ),
    Entry(
        "flows.notices.notices",
        "发送消息",
        "自动：发送消息",
        "把待发消息经各渠道发给本人。",
        ("自动",),
        "dispatch_minutes",
    ),
)

ALL = (*PHASES.values(), *STAFF, *CLOCKWORK)


def phase_deployment(kind: str) -> str:
    """The deployment that runs phases of the kind."""
    return PHASES[PhaseKind(kind)].deployment
