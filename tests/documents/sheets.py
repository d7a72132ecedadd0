"""A result sheet that tests share: one unit, one class of voters."""

from fractions import Fraction

from appraisal.documents.result_sheet import Part, ResultSheet, TurnoutLine, UnitSheet

WHOLE = Part(
    "总体", (28, 3, 1, 0, 1), "满意 28　基本满意 3　不满意 1", (Fraction(7, 8), Fraction(3, 32), Fraction(1, 32))
)
WORK = Part("工作实绩", (20, 10, 2, 0, 1), "满意 20　基本满意 10　不满意 2")
UNIT = UnitSheet("市教育局", "满意", WHOLE, (WHOLE,), ("满意 28 票，占 32 票的 87.5%。", "定为“满意”。"))
SHEET = ResultSheet(
    body="兰溪市人大常委会",
    campaign="2023年部门工作评议",
    ballot="满意度测评",
    number=1,
    sitting="市人大常委会第十四次会议",
    place="人大会议中心",
    held_on="2023年10月27日（星期五）",
    turnout=(TurnoutLine("常委会<组成>人员", 33, 33, 32, 33, 33),),
    columns=("满意", "基本满意", "不满意", "无效", "弃权"),
    options=("满意", "基本满意", "不满意"),
    units=(UNIT,),
    scrutineers="张监票",
    tellers="王计票、李计票",
    digest="ab12" * 16,
)
