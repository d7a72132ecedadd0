"""The sheets of the register and their columns, as the office fills them in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from appraisal.documents.cells import Kind

MARKER = "已登记，不导出"
REMOVE = "删除"
YES, NO = "是", "否"


class Title(StrEnum):
    """The sheets, in the order in which they build on each other."""

    UNITS = "单位"
    PEOPLE = "人员"
    POSTS = "任职"
    CONTACTS = "联系方式"
    STAND_INS = "代班"


@dataclass(frozen=True)
class Column:
    title: str
    field: str
    kind: Kind
    required: bool = True
    width: int = 14


@dataclass(frozen=True)
class Sheet:
    """A sheet; what stands in a secret one is never repeated in a message."""

    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    secret: bool = False

    @property
    def headings(self) -> list[str]:
        return [column.title for column in self.columns]

    def heading(self, field: str) -> str:
        return next(column.title for column in self.columns if column.field == field)


@dataclass(frozen=True)
class UnitLine:
    row: int
    code: str
    name: str
    kind: str
    position: int
    stopped: bool


@dataclass(frozen=True)
class PersonLine:
    row: int
    code: str
    name: str
    stopped: bool


@dataclass(frozen=True)
class PostLine:
    row: int
    person: str
    role: str
    unit: str
    title: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class ContactLine:
    row: int
    person: str
    rank: int
    label: str
    address: str


@dataclass(frozen=True)
class StandInLine:
    row: int
    person: str
    stand_in: str
    since: date
    until: date


@dataclass(frozen=True)
class Book:
    """A register as read from a file, every line of it sound."""

    units: tuple[UnitLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    posts: tuple[PostLine, ...] = ()
    contacts: tuple[ContactLine, ...] = ()
    stand_ins: tuple[StandInLine, ...] = ()


STOPPED = Column("停用", "stopped", Kind.FLAG, required=False, width=8)

SHEETS = (
    Sheet(
        Title.UNITS,
        (
            Column("代码", "code", Kind.CODE),
            Column("名称", "name", Kind.NAME, width=30),
            Column("类别", "kind", Kind.NAME),
            Column("序号", "position", Kind.NUMBER, width=8),
            STOPPED,
        ),
        key=("code",),
    ),
    Sheet(
        Title.PEOPLE,
        (Column("代码", "code", Kind.CODE), Column("姓名", "name", Kind.NAME), STOPPED),
        key=("code",),
    ),
    Sheet(
        Title.POSTS,
        (
            Column("人员代码", "person", Kind.CODE),
            Column("角色", "role", Kind.CODE, width=24),
            Column("单位代码", "unit", Kind.CODE, required=False),
            Column("职务", "title", Kind.NAME, required=False, width=30),
            Column("起", "since", Kind.DATE, required=False),
            Column("止", "until", Kind.DATE, required=False),
        ),
        key=("person", "role", "unit"),
    ),
    Sheet(
        Title.CONTACTS,
        (
            Column("人员代码", "person", Kind.CODE),
            Column("顺序", "rank", Kind.NUMBER, width=8),
            Column("名目", "label", Kind.NAME),
            Column("地址", "address", Kind.ADDRESS, width=40),
        ),
        key=("person", "rank"),
        secret=True,
    ),
    Sheet(
        Title.STAND_INS,
        (
            Column("人员代码", "person", Kind.CODE),
            Column("代班人代码", "stand_in", Kind.CODE),
            Column("起", "since", Kind.DATE),
            Column("止", "until", Kind.DATE),
        ),
        key=("person", "stand_in", "since"),
    ),
)
