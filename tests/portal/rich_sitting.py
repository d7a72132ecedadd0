"""A sitting of the rich world, on the afternoon of its day: some have come, one has left, an item is running."""

from dataclasses import replace
from datetime import date

from appraisal.domain.agenda import AgendaKind
from appraisal.method.vote_words import Medium
from appraisal.operations import agenda
from appraisal.operations.agenda import ItemDraft
from appraisal.operations.office import Office
from appraisal.operations.sittings import SittingDraft
from appraisal.store.base import identity
from tests.operations.sitting_world import DRAFT, Sat, sat

SITTING_SLUG = "work-2023"
NEXT = SittingDraft("next", "市人大常委会第十五次会议", date(2023, 11, 28), "人大会议中心", "second", {"member": 9})
ITEMS = (
    ItemDraft(AgendaKind.REPORT, "听取市教育局工作情况汇报", "市教育局局长 李样例", "jyj", 15),
    ItemDraft(AgendaKind.SPEECH, "分组审议"),
    ItemDraft(AgendaKind.VOTE, "对被评议部门进行满意度测评", ballot="satisfaction", minutes=20),
)
ROLL = "\n".join(
    [
        f"{name}\t市人大常委会委员\t常委会组成人员\t"
        for name in ("甲委员", "乙委员", "丙委员", "丁委员", "戊委员", "己委员")
    ]
    + ["庚委员\t市人大常委会委员，法制工作委员会副主任委员\t常委会组成人员\t请假"]
    + [f"{name}\t市人大代表\t人大代表\t" for name in ("辛代表", "壬代表", "癸代表")]
    + ["子局长\t市教育局局长\t列席\t"]
)


def sit(office: Office) -> Sat:
    """The office opens the sitting at 14:30; it is 15:30 now."""
    campaign = sat(office, SITTING_SLUG, text=ROLL)
    campaign.set(replace(DRAFT, title="市人大常委会第十四次会议", held_on=date(2023, 9, 8), members={"member": 9}))
    campaign.set(NEXT)
    with campaign.desk("office-1", "2023-09-07T10:00") as desk:
        items = [agenda.add_item(desk, campaign.id, draft, draft.title).id for draft in ITEMS]
    campaign.come("甲委员", Medium.PAPER, "2023-09-08T14:10")
    campaign.scan("乙委员", "2023-09-08T14:12")
    campaign.open("2023-09-08T14:30")
    campaign.scan("辛代表", "2023-09-08T14:41")
    campaign.come("子局长", at="2023-09-08T14:42")
    campaign.leave("乙委员", "2023-09-08T15:05")
    with campaign.desk("office-1", "2023-09-08T14:35") as desk:
        agenda.begin_item(desk, items[0])
        agenda.write_record(desk, items[0], "市教育局汇报2023年重点工作。")
    with campaign.desk("office-1", "2023-09-08T15:02") as desk:
        agenda.begin_item(desk, items[1])
    return campaign


def next_sitting() -> str:
    return str(identity("sitting", SITTING_SLUG, NEXT.key))
