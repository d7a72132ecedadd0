import os
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.operations.office import Office
from appraisal.store.ledger import length
from tests.cli.commands import run
from tests.cli.conftest import SLUG, START


def test_init_twice_leaves_what_is_there(home: Path) -> None:
    assert run("init").status == 0
    secret = (home / "secret.key").read_bytes()
    assert run("init").status == 0
    assert (home / "secret.key").read_bytes() == secret
    assert (home / "pingyi.db").exists()


def test_commands_before_init_say_what_to_do() -> None:
    for words in (("campaign", "list"), ("ledger", "verify"), ("campaign", "status", "x")):
        ran = run(*words)
        assert (ran.status, ran.out) == (1, "")
        assert "请先运行 pingyi init" in ran.err


def test_register_import_twice_changes_nothing(prepared: Path) -> None:
    ran = run("register", "import", "config/sample/lanxi")
    assert (ran.status, ran.out) == (0, "与登记册完全相同，没有改动\n")


def test_register_import_names_every_bad_row(prepared: Path, tmp_path: Path) -> None:
    for source in Path("config/sample/lanxi").iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    with (tmp_path / "任职.csv").open("a", encoding="utf-8") as posts:
        posts.write("nobody,head,fgj,局长,,\nfgj-head,head,nowhere,局长,,\n")
    ran = run("register", "import", str(tmp_path))
    assert ran.status == 1
    assert ran.err.count("任职表第") == 2


def test_register_export_comes_back_unchanged(prepared: Path, tmp_path: Path) -> None:
    assert run("register", "export", str(tmp_path / "register.xlsx")).status == 0
    ran = run("register", "import", str(tmp_path / "register.xlsx"))
    assert (ran.status, ran.out) == (0, "与登记册完全相同，没有改动\n")


def test_register_codes_go_to_a_private_file_and_not_to_the_terminal(prepared: Path) -> None:
    ran = run("register", "codes", "--role", "director")
    file = prepared / "codes-2023-04-03.txt"
    codes = file.read_text(encoding="utf-8")
    assert ran.status == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code = codes.splitlines()[1].split()[-1]
    assert code not in ran.out + ran.err
    assert code in run("register", "codes", "--role", "director", "--show").out


def test_campaign_start_twice_is_one_campaign(office: Office) -> None:
    first = run(*START, "--unit", "fgj")
    assert (first.status, first.out) == (0, "已启动“2023年部门工作评议”（lanxi-2023），自2023年4月3日（星期一）起\n")
    with office.store.reading() as session:
        facts = length(session)
    assert run(*START, "--unit", "fgj").status == 0
    with office.store.reading() as session:
        assert length(session) == facts
    other = run(*START, "--unit", "jxj")
    assert other.status == 1
    assert "已经启动" in other.err
    assert [each["slug"] for each in run("campaign", "list", "--json").told["campaigns"]] == [SLUG]


def test_campaign_status_shows_phases_and_duties(under_way: Office) -> None:
    told = run("campaign", "status", SLUG, "--json").told
    assert [(phase["key"], phase["status"]) for phase in told["phases"]][:2] == [
        ("mobilise", "open"),
        ("self-review", "planned"),
    ]
    assert [(duty["key"], duty["due_on"]) for duty in told["duties"]] == [("launch_notice", "2023-04-11")]
    shown = run("campaign", "status", SLUG)
    assert shown.status == 0
    assert "印发评议通知" in shown.out


def test_campaign_status_of_an_unknown_campaign_names_those_there_are(under_way: Office) -> None:
    ran = run("campaign", "status", "lanxi-2024")
    assert ran.status == 1
    assert "现有：lanxi-2023" in ran.err


def test_explain_of_a_live_obligation_gives_its_reason(under_way: Office) -> None:
    told = run("explain", "--campaign", SLUG, "--obligation", "launch_notice", "--json").told
    assert (told["due_on"], told["steps"][3]["text"]) == ("2023-04-11", "清明节放假1天不计入：2023年4月5日（星期三）")
    ran = run("explain", "--campaign", SLUG, "--obligation", "opinion", "--unit", "fgj")
    assert ran.status == 1
    assert "尚未交办" in ran.err


def test_entries_that_cannot_be_taken_are_refused(under_way: Office) -> None:
    votes = ("--issued", "30", "--returned", "30", "--valid", "30", "--count", "satisfied=30", "--grade", "满意")
    result = run("result", "record", SLUG, "satisfaction", "--unit", "fgj", *votes)
    assert result.status == 1
    assert "“满意度测评”由系统计票，结果在门户的会议页面投票、计票后自动得出，不能手工填写" in result.err
    event = run("event", "set", SLUG, "sitting.oral", "2023-08-30")
    assert event.status == 1
    assert "可以设定的有：items.decided、sitting.review、sitting.revote" in event.err
    assert run("problem", "record", SLUG, "--unit", "nobody", "--title", "问题", "--aim", "目标").status == 1


def test_problem_is_recorded_once_and_closed_once(under_way: Office) -> None:
    record = ("problem", "record", SLUG, "--unit", "fgj", "--title", "办件超时", "--aim", "按期办结")
    for _ in range(2):
        assert run(*record).out == "已登记第1号问题（市发展和改革局）\n"
    close = ("problem", "close", SLUG, "--number", "1", "--by", _staff())
    for _ in range(2):
        assert run(*close).out == "已销号：第1号问题 办件超时\n"


def test_ledger_verify_finds_the_record_whole_and_then_broken(under_way: Office) -> None:
    assert run("ledger", "verify", "--json").told["ok"] is True
    with under_way.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE phase SET status = 'closed' WHERE key = 'mobilise'")
    ran = run("ledger", "verify", "--json")
    assert (ran.status, ran.told["findings"][0]["code"]) == (1, "replay.differs")
    assert run("ledger", "verify").status == 1


def test_person_gets_a_new_code_and_a_new_link_in_private_files(prepared: Path) -> None:
    for command, file in (("new-code", "code-fgj-head.txt"), ("new-link", "link-fgj-head.txt")):
        before = _ran_to_file("person", command, prepared / file)
        assert before != _ran_to_file("person", command, prepared / file)
        assert stat.S_IMODE((prepared / file).stat().st_mode) == 0o600


def test_doctor_finds_a_prepared_office_in_order(
    prepared: Path, move_clock: Callable[[str], datetime], free_ports: None
) -> None:
    checks = run("doctor", "--json").told
    wrong = [(check["subject"], check["what"]) for check in checks["checks"] if check["state"] == "wrong"]
    assert wrong == []
    assert ("时钟", "care") in [(check["subject"], check["state"]) for check in checks["checks"]]


def test_doctor_names_what_is_wrong_and_the_mend(prepared: Path, free_ports: None) -> None:
    (prepared / "secret.key").chmod(0o644)
    ran = run("doctor")
    assert ran.status == 1
    assert f"【有误】密钥：{prepared / 'secret.key'} 其他用户也能读取；请运行 chmod 600" in ran.out


def test_doctor_of_an_empty_office_says_init(home: Path, free_ports: None) -> None:
    ran = run("doctor")
    assert ran.status == 1
    assert "【有误】数据库：还没有建立；请运行 pingyi init" in ran.out
    assert not home.exists()


def test_doctor_names_a_setting_that_is_not_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGYI_PORTAL_PORT", "ninety")
    ran = run("doctor", "--json")
    assert (ran.status, ran.told["checks"][0]["state"]) == (1, "wrong")
    assert "portal_port" in ran.told["checks"][0]["what"]


def test_crash_is_one_line_with_its_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret-in-the-message")

    monkeypatch.setattr("appraisal.operations.library.shelf", broken)
    ran = run("method", "list")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (70, "", 1)
    assert "程序出错，没有办成（RuntimeError）" in ran.err
    assert "Traceback" in (home / "logs" / "cli.log").read_text(encoding="utf-8")
    assert "Traceback" in run("--debug", "method", "list").err


def _ran_to_file(group: str, command: str, file: Path) -> str:
    ran = run(group, command, "fgj-head")
    assert ran.status == 0
    secret = file.read_text(encoding="utf-8").strip()
    assert secret not in ran.out + ran.err
    return secret


def _staff() -> str:
    posts = Path("config/sample/lanxi/任职.csv").read_text(encoding="utf-8-sig").splitlines()
    return next(line.split(",")[0] for line in posts if line.split(",")[1] == "office")


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports of this test process, far from those of an installation that may be running here."""
    base = 20000 + os.getpid() % 20000
    monkeypatch.setenv("PINGYI_PORTAL_PORT", str(base))
    monkeypatch.setenv("PINGYI_PREFECT_PORT", str(base + 1))
