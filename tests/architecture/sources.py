"""The files of the house, as the architecture tests read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("appraisal", "flows", "pingyi", "portal", "tasks")


@cache
def kept_files() -> tuple[Path, ...]:
    """Every text file that is or would be committed; all but caches where the tree is no git checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _is_ours_alone(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file() and b"\0" not in path.read_bytes()[:4096]))


def _is_ours_alone(path: Path) -> bool:
    hidden = any(part.startswith(".") and part != ".ci" for part in path.parts[:-1])
    return hidden or "__pycache__" in path.parts


@cache
def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(text(path)) for path in kept_files() if path.suffix == ".py"}


def packaged(*packages: str) -> dict[Path, ast.Module]:
    wanted = packages or PACKAGES
    return {path: tree for path, tree in modules().items() if path.relative_to(ROOT).parts[0] in wanted}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
