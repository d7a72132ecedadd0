import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from appraisal.notices.wording import phrase
from appraisal.settings import Settings
from pingyi import embedded
from pingyi.children import Patience
from pingyi.ending import ended
from pingyi.logs import open_log, put_aside
from pingyi.up import up
from pingyi.watch import only_one


def test_pause_doubles_from_one_second_to_sixty() -> None:
    assert [Patience().pause(deaths) for deaths in (1, 2, 3, 4, 5, 6, 7, 8, 1000)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_log_is_put_aside_when_too_large_and_an_open_one_is_written_on(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "worker.log"
    with open_log(path) as log:
        for text in (b"first.", b"second.", b"third."):
            log.write(text)
            log.flush()
            put_aside(path, largest=5)
            put_aside(path, largest=5)
    assert [path.with_name(name).read_bytes() for name in ("worker.log", "worker.log.1", "worker.log.2")] == [
        b"",
        b"third.",
        b"second.",
    ]


def test_embedded_children_are_the_server_the_registering_the_worker_and_the_portal() -> None:
    settings = Settings(prefect_port=4333, portal_port=8111, portal_host="0.0.0.0")
    children = embedded.children(settings)
    assert [(child.name, child.health) for child in children] == [
        ("server", "http://127.0.0.1:4333/api/health"),
        ("deploy", None),
        ("worker", None),
        ("portal", "http://127.0.0.1:8111/health"),
    ]


def test_no_server_is_started_when_one_is_run_elsewhere() -> None:
    settings = Settings(prefect_api_url="https://engine.example/api")
    assert [child.name for child in embedded.children(settings)] == ["deploy", "worker", "portal"]
    assert [listener.setting for listener in embedded.listeners(settings)] == ["portal_port"]


def test_prefect_password_reaches_children_by_environment_and_never_by_arguments() -> None:
    children = embedded.children(Settings(prefect_auth=SecretStr("staff:let-me-in")))
    assert {child.env["PREFECT_API_AUTH_STRING"] for child in children} == {"staff:let-me-in"}
    assert [word for child in children for word in child.argv if "let-me-in" in word] == []


def test_environment_goes_around_proxies_and_keeps_prefect_quiet_in_its_own_home() -> None:
    settings = Settings(prefect_port=4333)
    env = embedded.environment(settings, {"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "example.org"})
    assert env["NO_PROXY"] == "127.0.0.1,localhost,example.org"
    assert env["PREFECT_HOME"] == str(settings.home / "prefect")
    assert env["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_up_is_refused_in_chinese_with_status_3_while_another_runs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_one(home, ["http://127.0.0.1:4200"]):
        assert [ended(lambda: up(Settings()), debug=False) for _ in range(2)] == [3, 3]
    line = capsys.readouterr().err.splitlines()[0]
    assert line.startswith("不能再次启动：评议系统已在运行（进程号 ")
    assert line.endswith("），地址 http://127.0.0.1:4200；请直接使用，或先停止它再启动")


def test_taken_port_is_told_with_its_setting() -> None:
    assert phrase("up.port_taken", host="127.0.0.1", port=4200, setting="prefect_port") == (
        "不能启动：端口 4200（127.0.0.1）已被其他程序占用；请停止占用它的程序，"
        "或修改设置 prefect_port（环境变量 PINGYI_PREFECT_PORT）后再启动"
    )


def test_command_is_not_run_when_its_parent_is_gone_already(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pingyi.mortal", "KILL", sys.executable, "-c", "print('ran')"]
    for parent, ran in ((os.getpid(), "ran\n"), (1, "")):
        env = {**os.environ, "PINGYI_PARENT": str(parent)}
        assert subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout == ran
