import re
import subprocess
import sys

import pytest

from tests.cli.commands import all_commands, run

COMMANDS = list(all_commands())
# Names that are written so in Chinese text too: commands, options, codes, file kinds, units of the interface.
ENGLISH_SENTENCE = re.compile(r"(?<![-\w./<])[A-Za-z]+(?: +[A-Za-z]+){2,}")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_every_command_is_chinese(command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert ran.status == 0
    assert "用法：pingyi" in ran.out
    assert "显示这一页说明" in ran.out
    assert _english(ran.out) == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_wrong_option_is_refused_in_chinese(command: tuple[str, ...]) -> None:
    ran = run(*command, "--nonsense")
    assert ran.status == 2
    assert "没有“--nonsense”这个选项" in ran.err
    assert ran.out == ""
    assert _english(ran.err) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rehearse",), "缺少参数“办法”"),
        (("rehearse", "x.yaml"), "缺少选项“--from”"),
        (("rehearse", "x.yaml", "--from"), "选项“--from”后面要写上内容"),
        (("rehearse", "x.yaml", "--from", "2023-04-03", "--units", "many"), "“--units”填写的内容不合要求；应当是整数"),
        (("rehearse", "x.yaml", "--from", "2023-04-03", "--units", "0"), "“--units”填写的内容不合要求；应当是整数"),
        (("rehearse", "x.yaml", "--from", "2023-04-03", "--json=1"), "选项“--json”后面不需要写内容"),
        (("init", "twice"), "多写了“twice”，这个命令用不到"),
        (("rehears",), "没有“rehears”这个命令；是不是想用 rehearse"),
        (("method", "chek"), "没有“chek”这个命令；是不是想用 check"),
        (("method", "schema", "--ouut", "x"), "没有“--ouut”这个选项；是不是想用 --out"),
    ],
)
def test_misuse_is_told_in_chinese(words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert ran.status == 2
    assert said in ran.err
    assert "写法说明：pingyi" in ran.err
    assert ran.out == ""
    assert _english(ran.err) == []


def test_bare_command_shows_its_help() -> None:
    ran = run()
    assert ran.status == 2
    assert "命令：" in ran.out


def test_help_needs_neither_prefect_nor_the_store() -> None:
    code = (
        "import sys; sys.argv = ['pingyi', '--help']\n"
        "from pingyi.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print(sorted({'prefect', 'sqlalchemy', 'fastapi', 'apprise', 'alembic', 'openpyxl'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def _english(text: str) -> list[str]:
    """What is left of English once the commands themselves are taken away, the longest first."""
    for command in sorted(COMMANDS, key=len, reverse=True):
        text = text.replace(" ".join(("pingyi", *command)), "")
    return ENGLISH_SENTENCE.findall(text)
