import ast
import sys
from collections.abc import Iterator

from importlinter import configuration
from importlinter.application import use_cases

from tests.architecture.sources import ROOT, modules, name, packaged


def test_imports_follow_the_arrows() -> None:
    # Its command configures logging, which silences every logger that is there; what the command calls does not.
    configuration.configure()
    assert use_cases.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)


def test_every_folder_of_modules_is_a_package() -> None:
    """A folder without `__init__.py` is no package to import-linter, and its arrows go unchecked."""
    folders = {path.parent for path in packaged()}
    assert sorted(name(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_domain_imports_the_standard_library_and_pendulum_alone() -> None:
    allowed = sys.stdlib_module_names | {"pendulum"}
    strangers = [
        f"{name(path)}: {module}"
        for path, tree in modules().items()
        if name(path).startswith("appraisal/domain/")
        for module in _imported(tree)
        if module.split(".")[0] not in allowed and not module.startswith("appraisal.domain")
    ]
    assert strangers == []


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            yield from (f"{source}.{alias.name}" for alias in node.names)
