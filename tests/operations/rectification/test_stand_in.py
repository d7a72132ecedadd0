"""The director is away and somebody stands in: asked, told and deciding in the director's place, until the return."""

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.operations import objections
from appraisal.operations.letters import letters_of
from appraisal.operations.loading import campaign_by
from appraisal.operations.objections import Ruling
from appraisal.operations.office import Office
from appraisal.store.record_tables import LedgerRow
from tests.operations.closing_world import LEADER
from tests.operations.rectification.course import Course, course
from tests.operations.world import refused

STAND_IN = "panel-head"


def object_and_rule(told: Course) -> None:
    """The bureau says that the problem is not its own; whoever stands in finds that it is."""
    with told.office.store.reading() as session:
        letter = letters_of(session, campaign_by(session, told.slug))[0].id
    with told.desk("jyj-handler", "2023-09-05T10:00") as desk:
        objections.object_to(desk, letter, 1, told.person("jyj-handler"), "校车由交通部门审批")
    with told.desk(STAND_IN, "2023-09-06T10:00") as desk:
        objections.rule_on(
            desk, letter, 1, told.person(STAND_IN), Ruling(granted=False, remarks="校车使用由教育部门管理")
        )


def in_whose_name(told: Course) -> list[tuple[str, str, str | None]]:
    """What the director, or somebody instead, decided: by whom, and on whose behalf."""
    decided = (Action.PETITION_GRANTED, Action.PETITION_REFUSED, Action.APPROVAL_GRANTED)
    query = select(LedgerRow.action, LedgerRow.actor, LedgerRow.on_behalf_of).order_by(LedgerRow.link)
    with told.office.store.reading() as session:
        rows = session.execute(query.where(LedgerRow.chain == told.slug, LedgerRow.action.in_(decided)))
        return [(action, actor, behalf) for action, actor, behalf in rows]


def test_leader_who_is_absent_is_stood_in_for(office: Office) -> None:
    told = course(office, "absent")
    told.absence("director", STAND_IN, "2023-09-04", "2023-10-13")
    told.assign()
    assert (
        told.told("2023-09-04")
        == """
2023年8月28日（星期一）
  10:00 【评议组】2023年整改评议：您已编入第一评议组
        → 组员林示例、组长朱示例
2023年9月1日（星期五）
  10:00 【交办】市教育局整改报告：第1号问题 校车超员，2023年10月31日（星期二）前办理
        → 主要负责人李样例、承办人郭示例
  10:00 【交办】市教育局签收交办函：兰人评交〔2023〕1号，2023年9月8日（星期五）前办理
        → 承办人郭示例
  10:00 【交办】市教育局：牵头整改问题 1 个
        → 主要负责人李样例、承办人郭示例
  10:05 【交办】市教育局整改进展（2023年9月1日起一期）：第1号问题 校车超员，2023年9月22日（星期五）前办理
        → 承办人郭示例
2023年9月4日（星期一）
  08:30 【周报】2023年9月4日（星期一）：没有停滞事项
        → 主任试用丁（代试用丙）、办公室试用乙、办公室试用甲
"""
    )
    object_and_rule(told)
    told.sign("2023-09-07T10:00")
    told.report("2023-09-20T10:00", 40, "已更换两辆")
    assert (
        told.told("2023-10-11")
        == """
2023年9月5日（星期二）
  10:00 【请裁定】市教育局提出第1号问题交办有误
        → 主任试用丁（代试用丙）
2023年9月6日（星期三）
  10:00 【裁定】市教育局：第1号问题维持交办
        → 主要负责人李样例、承办人郭示例
2023年9月7日（星期四）
  09:00 【提醒】市教育局签收交办函：兰人评交〔2023〕1号：2023年9月8日（星期五）到期
        → 承办人郭示例
2023年9月11日（星期一）
  08:30 【周报】2023年9月11日（星期一）：没有停滞事项
        → 主任试用丁（代试用丙）、办公室试用乙、办公室试用甲
2023年9月18日（星期一）
  08:30 【周报】2023年9月18日（星期一）：没有停滞事项
        → 主任试用丁（代试用丙）、办公室试用乙、办公室试用甲
2023年9月19日（星期二）
  09:00 【提醒】市教育局整改进展（2023年9月1日起一期）：第1号问题 校车超员：2023年9月22日（星期五）到期
        → 承办人郭示例
2023年9月22日（星期五）
  08:00 【交办】市教育局整改进展（2023年9月22日起一期）：第1号问题 校车超员，2023年10月13日（星期五）前办理
        → 承办人郭示例
2023年9月25日（星期一）
  08:30 【周报】2023年9月25日（星期一）：没有停滞事项
        → 主任试用丁（代试用丙）、办公室试用乙、办公室试用甲
2023年10月7日（星期六）
  08:30 【周报】2023年10月7日（星期六）：没有停滞事项
        → 主任试用丁（代试用丙）、办公室试用乙、办公室试用甲
2023年10月9日（星期一）
  08:30 【周报】2023年10月9日（星期一）：没有停滞事项
        → 主任试用丁（代试用丙）、办公室试用乙、办公室试用甲
2023年10月10日（星期二）
  09:00 【提醒】市教育局整改进展（2023年9月22日起一期）：第1号问题 校车超员：2023年10月13日（星期五）到期
        → 承办人郭示例
"""
    )
    assert (
        told.last("【请裁定】")
        == """
2023年整改评议：市教育局收到兰人评交〔2023〕1号后提出，其中第1号问题“校车超员”不应由本单位牵头。
理由：校车由交通部门审批

请裁定：维持交办的，请写明理由；同意的，请指定新的牵头单位。裁定之前，签收和整改的期限照常计算。

（试用丙现不在岗，由您代行职责，特此通知您。）
"""
    )
    petition = told.petition_for(
        told.owed("rectification")[0].id, "2023-11-20", "2023-10-11T10:00", reason="车辆十一月中旬到货"
    )
    told.grant(petition, "2023-10-12T10:00", STAND_IN)
    told.report("2023-10-12T15:00", 40, "已签合同")
    assert (
        told.told("2023-10-16")
        == """
2023年10月11日（星期三）
  10:00 【待批延期】市教育局整改报告：第1号问题 校车超员：申请延至2023年11月20日（星期一）
        → 主任试用丁（代试用丙）
2023年10月12日（星期四）
  10:00 【延期已同意】市教育局整改报告：第1号问题 校车超员
        → 主要负责人李样例、承办人郭示例
2023年10月13日（星期五）
  08:00 【交办】市教育局整改进展（2023年10月13日起一期）：第1号问题 校车超员，2023年11月3日（星期五）前办理
        → 承办人郭示例
2023年10月16日（星期一）
  08:30 【周报】2023年10月16日（星期一）：没有停滞事项
        → 主任试用丙、办公室试用乙、办公室试用甲
"""
    )
    told.hand_in("2023-10-23T10:00")
    told.verify_on_site("2023-10-24T10:00")
    told.agree("2023-10-25T10:00", LEADER, "jyj-head")
    told.close_out("2023-10-26T10:00")
    assert (
        told.told("2023-10-30")
        == """
2023年10月23日（星期一）
  08:30 【周报】2023年10月23日（星期一）：没有停滞事项
        → 主任试用丙、办公室试用乙、办公室试用甲
  10:00 【待审核】市教育局已提交整改报告：第1号问题 校车超员
        → 组长朱示例
2023年10月24日（星期二）
  10:00 【已通过】市教育局整改报告：第1号问题 校车超员
        → 承办人郭示例
  10:00 【待销号】市教育局第1号问题已核查
        → 主要负责人李样例、办公室试用乙、办公室试用甲、组长朱示例
2023年10月26日（星期四）
  10:00 【交办】市教育局回头看：第1号问题 校车超员，2023年12月26日（星期二）前办理
        → 组长朱示例
  10:00 【销号】第1号问题已经销号
        → 主要负责人李样例、承办人郭示例、组员林示例、组长朱示例
  10:05 【待审批】2023年整改评议：关闭“整改落实”阶段
        → 主任试用丙
2023年10月30日（星期一）
  08:30 【周报】2023年10月30日（星期一）：没有停滞事项
        → 主任试用丙、办公室试用乙、办公室试用甲
"""
    )
    with refused("approval.not_yours", phase="整改落实"):
        told.decide("rectify", "2023-10-30T09:45", who=STAND_IN)
    told.decide("rectify", "2023-10-30T10:00")
    assert in_whose_name(told) == [
        ("petition:refused", f"person:{STAND_IN}", "person:director"),
        ("petition:granted", f"person:{STAND_IN}", "person:director"),
        ("approval:granted", "person:director", None),
    ]
    assert (
        told.told("2023-10-31")
        == """
2023年10月30日（星期一）
  10:00 【审批结果】关闭“整改落实”阶段：已同意
        → 办公室试用乙、办公室试用甲
"""
    )
