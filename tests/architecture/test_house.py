import ast
import re

from tests.architecture.sources import kept_files, modules, name, packaged, text

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
# Each pattern is written so that it does not find itself.
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b")
FOREIGN = re.compile(r"(--(extra-)?index|index[-_]url|find[-_]links|file:[/]{3}|[/](work|farm|root)[/]|[/]opt[/])")
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}


def test_file_holds_one_idea() -> None:
    long = {name(path): size for path in modules() if (size := len(text(path).splitlines())) > LONGEST_FILE}
    assert long == {}


def test_function_fits_on_a_screen() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in packaged().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_module_is_named_for_what_it_does() -> None:
    vague = [name(path) for path in modules() if VAGUE & set(path.with_suffix("").parts[-2:])]
    assert vague == []


def test_nothing_is_left_for_later() -> None:
    assert _lines_with(UNFINISHED) == []


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    assert _lines_with(FOREIGN) == []


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name(path)}:{number}"
        for path in kept_files()
        for number, line in enumerate(text(path).splitlines(), start=1)
        if pattern.search(line)
    ]
