import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from pingyi.sample import load_sample
from tests.cli.commands import run


def test_up_beside_another_one_is_refused_with_a_status_of_its_own(home: Path) -> None:
    home.mkdir()
    with FileLock(home / "up.lock"):
        ran = run("up")
    assert ran.status == 3
    assert "不能再次启动：评议系统已在运行" in ran.err


def test_sample_is_loaded_once(home: Path, move_clock: Callable[[str], datetime]) -> None:
    move_clock("2023-04-03T09:00+08:00")
    run("init")
    for _ in range(2):
        load_sample()
    assert [each["slug"] for each in run("campaign", "list", "--json").told["campaigns"]] == [
        "practice",
        "rectify",
        "sample",
    ]
    assert len({duty["unit"] for duty in run("campaign", "status", "sample", "--json").told["duties"]}) == 0


def test_module_explains_as_the_command_does() -> None:
    words = ("explain", "--method", "lanxi-2023", "--obligation", "rectification_report")
    event = ("--event", "opinion.received=2023-08-31")
    ran = subprocess.run([sys.executable, "-m", "pingyi", *words, *event], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[0] == "整改落实报告：2023年10月31日（星期二）"


def test_module_ends_with_the_status_of_the_refusal() -> None:
    words = ("explain", "--method", "lanxi-2023", "--obligation", "rectification_report", "--json")
    ran = subprocess.run([sys.executable, "-m", "pingyi", *words], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "--event opinion.received=日期" in ran.stderr
