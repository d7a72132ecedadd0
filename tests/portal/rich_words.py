"""What is said in the rich world: panels, opinions, problems, and answers to a questionnaire."""

from datetime import date

from appraisal.domain.problems import Draft
from appraisal.method.words import OrderKind
from appraisal.operations.answers import Filled
from appraisal.operations.orders import Order
from appraisal.operations.panels import PanelDraft
from appraisal.operations.results import Tally
from appraisal.operations.self_review import SelfFound
from appraisal.operations.summonses import Talk

DUE = date(2023, 10, 31)
VISITED = ("兰溪市蓝天纺织有限公司", "兰江水泵厂", "金穗粮油股份有限公司", "横山光电科技有限公司")
PANELS = (
    PanelDraft(
        "g1",
        "第一评议组",
        members=[("fgj-handler", "panel_head", "组长"), ("czj-handler", "panel_member", "专家")],
        units=["jyj"],
    ),
    PanelDraft("g2", "第二评议组", members=[("wjj-handler", "panel_head", "组长")], units=["kjj"]),
    PanelDraft(
        "dark", "暗访组", kind="undercover", members=[("nyj-handler", "panel_head", "组长")], units=["jyj", "kjj"]
    ),
)
OPINIONS = (
    ("办理校外培训许可要跑三个窗口，材料反复补正，前后跑了六趟。", "jyj", "approval"),
    ("校外培训机构检查太频繁，一个月来了四批人，内容都一样。", "jyj", "enforcement"),
    ("幼儿园普惠补助拖了半年没有到账，问了几次都说在走流程。", "jyj", "policy"),
    ("窗口工作人员态度生硬，问两句就不耐烦。", "jyj", "service"),
    ("高新技术企业认定的辅导太少，材料退回不说明原因。", "kjj", "service"),
    ("研发费用加计扣除政策不会用，希望多办几期培训。", "kjj", "policy"),
    ("科技项目验收排队要等四个月，影响资金回笼。", "kjj", "approval"),
    ("投诉以后没有人回复，打电话互相推。", "wjj", "complaints"),
    ("招工难，希望多组织几场专场招聘会。", "", "market"),
    ("园区用电成本偏高，错峰电价什么时候能落实？", "", "costs"),
    ("表扬一下教育局：转学手续一天就办好了。", "jyj", "service"),
    ("材料清单网上和窗口不一样，按网上准备的被退回来。", "jyj", "approval"),
    ("科技特派员一年没来过企业。", "kjj", "service"),
    ("民办学校年检要交十七份纸质材料，能不能网上交？", "jyj", "approval"),
)
SELF_FOUND = (
    SelfFound("行政许可事项材料清单没有统一公开", "线上线下两套清单", "九月底前统一"),
    SelfFound("普惠性幼儿园补助拨付不及时", "上半年补助八月才拨付", "与市财政局建立按月对账"),
)
CLASSES = {"时间": "立行立改", "要素": "政务服务环境"}
LISTED = (
    Draft("校外培训许可多头跑、反复补正", "jyj", "许可涉及三个科室", "一窗受理", CLASSES, ["kjj"], due_on=DUE),
    Draft("高新技术企业认定辅导不足", "kjj", "一年仅办两期培训", "每月一期", CLASSES, due_on=DUE),
    Draft(
        "入企检查多头重复", "jyj", "四批检查内容雷同", "联合检查", {"时间": "长期整改", "要素": "法治环境"}, due_on=DUE
    ),
    Draft("医疗机构投诉无人回复", "wjj", "热线转办后无回音", "限时回复", CLASSES, due_on=DUE),
    Draft("科技项目验收周期过长", "kjj", "平均四个月", "两个月内办结", CLASSES, due_on=DUE),
    Draft("园区用电成本偏高"),
    Draft("企业招工难", "rsj", "缺普工约三百人", "专场招聘", {"时间": "长期整改", "要素": "要素保障"}),
    Draft("路灯不亮"),
    Draft("校外培训许可材料多", "jyj"),
)
TALLY = Tally(33, 33, 32, {"satisfied": 28, "basic": 3, "dissatisfied": 1})
ORDER = Order(OrderKind.SUPERVISE, "整改报告两次补正，请主要负责人过问，一周内报送佐证材料。", "jyj")
TALK = Talk(
    "jyj",
    "李样例",
    date(2023, 9, 7),
    "常委会副主任",
    reason="普惠补助拖欠半年",
    record="当面核对拨付流程",
    agreed="九月底前拨付到位",
    problems=(1,),
)


def filled(number: int) -> Filled:
    """A sheet of the questionnaire for enterprises, each number another one."""
    grades = ("satisfied", "basic", "dissatisfied", "satisfied", "unknown")
    rows = ("approval", "complaints", "policy", "service", "enforcement", "market", "costs")
    given: dict[str, object] = {
        "size": ("micro", "small", "medium", "large")[number % 4],
        "satisfaction": {row: grades[(number + at) % 5] for at, row in enumerate(rows)},
        "met": "yes" if number % 2 else "no",
        "efficiency": str(60 + number),
        "suggestion": "希望材料清单线上线下统一。" if number % 3 else "",
    }
    if number % 2:
        given |= {"obstacles": ["materials", "slow"], "obstacle": "补正了三次。"}
    return Filled(given, "jyj" if number % 2 else "kjj")
