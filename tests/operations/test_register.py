import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.method.words import Scope
from appraisal.notices.channels import load_channels
from appraisal.notices.wording import phrase
from appraisal.operations.register import BadRegister, ImportReport, export_register, import_register
from appraisal.operations.register_taken import Tally
from appraisal.places import root
from appraisal.store import ledger
from appraisal.store.record_tables import LedgerRow
from appraisal.store.register_tables import PersonRow, PostRow, UnitRow
from appraisal.store.work import Store
from tests.documents.registers import as_csv, as_xlsx, small

NOW = datetime.fromisoformat("2023-04-03T09:00:00+08:00")
ROLES = {"head": Scope.UNIT, "handler": Scope.UNIT, "director": Scope.BODY}
NOTHING = Tally()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring("a-secret-of-more-than-thirty-two-characters")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return as_xlsx(small(), tmp_path / "register.xlsx")


def take(store: Store, keyring: Keyring, path: Path, roles: Mapping[str, Scope] | None = ROLES) -> ImportReport:
    with store.work("cli") as work:
        return import_register(
            work, keyring, path, NOW, roles=roles, valid_address=lambda address: address.startswith("demo:")
        )


def take_again(store: Store, keyring: Keyring, path: Path, **changes: list[list[object]]) -> ImportReport:
    return take(store, keyring, as_xlsx(small(**changes), path.with_name("changed.xlsx")))


def addresses(store: Store, keyring: Keyring, person: str) -> list[str]:
    with store.reading() as session:
        found = session.scalars(select(PersonRow).where(PersonRow.code == person)).one()
        return [keyring.unseal(contact.sealed) for contact in found.contacts]


def facts(store: Store) -> list[LedgerRow]:
    with store.reading() as session:
        assert ledger.verify(session) == []
        return list(session.scalars(select(LedgerRow).order_by(LedgerRow.seq)))


def test_import_adds_every_line(store: Store, keyring: Keyring, file: Path) -> None:
    report = take(store, keyring, file)
    assert report == ImportReport(Tally(added=2), Tally(added=3), Tally(added=3), Tally(added=2), Tally(added=1))
    assert addresses(store, keyring, "zhang") == ["demo:zhang"]
    assert [(fact.chain, fact.action, fact.actor) for fact in facts(store)] == [
        ("register", "register:imported", "cli")
    ]


def test_import_of_the_same_file_twice_changes_nothing(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    report = take(store, keyring, file)
    assert report == ImportReport(
        Tally(unchanged=2), Tally(unchanged=3), Tally(unchanged=3), Tally(unchanged=2), Tally(unchanged=1)
    )
    assert not report.changed_anything
    assert len(facts(store)) == 1


def test_import_of_csv_changes_nothing_after_the_same_workbook(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    assert not take(store, keyring, as_csv(small(), file.with_name("register"), "gb18030")).changed_anything


def test_import_takes_nothing_when_one_row_is_bad(store: Store, keyring: Keyring, tmp_path: Path) -> None:
    bad = small(任职=[["zhang", "haed", "jyj"], ["ma", "head", "jyj"]], 代班=[["zhang", "zhang", "2023-09-31", None]])
    with pytest.raises(BadRegister) as refused:
        take(store, keyring, as_xlsx(bad, tmp_path / "register.xlsx"))
    assert [str(fault) for fault in refused.value.faults] == [
        "任职表第2行“角色”列：评议办法里没有角色“haed”；是否应为“head”？可填的角色：head、handler、director",
        "任职表第3行“人员代码”列：人员表和登记册里都没有这个代码“ma”；请先在人员表里登记此人",
        "代班表第2行“起”列：“2023-09-31”是不存在的日期；请核对月份和日数",
        "代班表第2行“止”列：必填而没有填；请填写；整行不要的，请删去整行",
    ]
    assert "4 处" in phrase(refused.value.code, **refused.value.facts)
    with store.reading() as session:
        assert list(session.scalars(select(UnitRow))) == []
    assert facts(store) == []


def test_import_leaves_alone_what_the_file_does_not_name(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    only_new: list[list[object]] = [["zhao", "赵样例"]]
    report = take_again(store, keyring, file, 单位=[], 人员=only_new, 任职=[], 联系方式=[], 代班=[])
    assert report == ImportReport(NOTHING, Tally(added=1), NOTHING, NOTHING, NOTHING)
    with store.reading() as session:
        assert len(list(session.scalars(select(PersonRow)))) == 4


def test_import_deactivates_and_brings_back(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    stopped: list[list[object]] = [["zhang", "张样例", "是"], ["wang", "王样例", ""]]
    assert take_again(store, keyring, file, 人员=stopped).people == Tally(unchanged=1, deactivated=1)
    assert take_again(store, keyring, file, 人员=stopped).people == Tally(unchanged=2)
    assert take(store, keyring, file).people == Tally(changed=1, unchanged=2)


def test_import_changes_a_post_rather_than_adding_one(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    post: list[list[object]] = [["zhang", "head", "jyj", "党组书记、局长", "2023-01-01", "2023-12-31"]]
    assert take_again(store, keyring, file, 任职=post).posts == Tally(changed=1)
    with store.reading() as session:
        assert len(list(session.scalars(select(PostRow)))) == 3


def test_import_lets_two_units_swap_names(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    swapped: list[list[object]] = [["jyj", "市财政局", "政府部门", 1], ["czj", "市教育局", "政府部门", 2]]
    assert take_again(store, keyring, file, 单位=swapped).units == Tally(changed=2)
    assert take_again(store, keyring, file, 单位=swapped).units == Tally(unchanged=2)


def test_import_changes_and_removes_an_address(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    moved: list[list[object]] = [["zhang", 1, "演示", "demo:elsewhere"], ["wang", 1, "演示", "删除"]]
    assert take_again(store, keyring, file, 联系方式=moved).contacts == Tally(changed=1, deactivated=1)
    assert take_again(store, keyring, file, 联系方式=moved).contacts == Tally(unchanged=2)
    assert addresses(store, keyring, "zhang") == ["demo:elsewhere"]
    assert addresses(store, keyring, "wang") == []


def test_import_mends_addresses_whose_key_was_lost(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, Keyring("another-secret-of-more-than-thirty-two-characters"), file)
    assert take(store, keyring, file).contacts == Tally(changed=2)
    assert addresses(store, keyring, "zhang") == ["demo:zhang"]


def test_import_puts_no_address_on_the_ledger_or_in_the_tables(store: Store, keyring: Keyring, file: Path) -> None:
    take_again(store, keyring, file, 联系方式=[["zhang", 1, "手机", "demo:13800000000"]])
    (fact,) = facts(store)
    assert "13800000000" not in fact.payload
    assert json.loads(fact.payload)["contacts"] == {"added": 1, "changed": 0, "unchanged": 0, "deactivated": 0}
    with store.reading() as session:
        zhang = session.scalars(select(PersonRow).where(PersonRow.code == "zhang")).one()
        assert b"13800000000" not in zhang.contacts[0].sealed


def test_import_takes_any_role_where_no_method_limits_them(store: Store, keyring: Keyring, file: Path) -> None:
    assert take(store, keyring, file, roles=None).posts == Tally(added=3)


@pytest.mark.parametrize("name", ["again.xlsx", "again"])
@pytest.mark.parametrize("with_addresses", [True, False])
def test_export_imports_again_without_a_change(
    store: Store, keyring: Keyring, file: Path, name: str, *, with_addresses: bool
) -> None:
    take(store, keyring, file)
    path = file.with_name(name)
    with store.reading() as session:
        export_register(session, keyring, path, with_addresses=with_addresses)
    assert not take(store, keyring, path).changed_anything
    assert addresses(store, keyring, "zhang") == ["demo:zhang"]
    assert len(facts(store)) == 1


def test_export_shows_addresses_only_when_asked(store: Store, keyring: Keyring, file: Path) -> None:
    take(store, keyring, file)
    with store.reading() as session:
        export_register(session, keyring, file.with_name("plain"), with_addresses=False)
        export_register(session, keyring, file.with_name("full"), with_addresses=True)
    contacts = [(file.with_name(name) / "联系方式.csv").read_text(encoding="utf-8-sig") for name in ("plain", "full")]
    assert ["demo:" in text for text in contacts] == [False, True]
    assert contacts[0].splitlines()[1] == "wang,1,演示,已登记，不导出"


def test_import_refuses_what_is_no_register(store: Store, keyring: Keyring, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        take(store, keyring, tmp_path / "nothing.xlsx")
    assert refused.value.code == "register.unreadable"


@pytest.mark.parametrize(
    ("case", "method", "units"),
    [
        ("lanxi", "lanxi-2023", 12),
        ("suqian", "suqian-investment", 12),
        ("danjiangkou", "danjiangkou", 46),
        ("district-cppcc", "district-cppcc", 37),
        ("donggang-livelihood", "donggang-livelihood", 6),
    ],
)
def test_sample_register_imports_and_fills_the_roles_of_its_method(
    store: Store, keyring: Keyring, case: str, method: str, units: int
) -> None:
    roles = roles_of(root() / "config" / "methods" / f"{method}.yaml")
    with store.work("cli") as work:
        report = import_register(
            work,
            keyring,
            root() / "config" / "sample" / case,
            NOW,
            roles=roles,
            valid_address=load_channels(root() / "config" / "channels.yaml").accepts,
        )
    assert report.units == Tally(added=units)
    with store.reading() as session:
        held = {(post.role, post.unit_id) for post in session.scalars(select(PostRow))}
        known = list(session.scalars(select(UnitRow.id)))
    assert {role for role, _ in held} == {role for role, scope in roles.items() if scope is not Scope.PANEL}
    per_unit = [role for role, scope in roles.items() if scope is Scope.UNIT]
    assert [(role, unit) for role in per_unit for unit in known if (role, unit) not in held] == []


def roles_of(path: Path) -> dict[str, Scope]:
    method = YAML(typ="safe", pure=True).load(path)
    return {role["key"]: Scope(role["scope"]) for role in method["roles"]}
