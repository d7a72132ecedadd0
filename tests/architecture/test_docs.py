import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, kept_files, name, text

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:appraisal|config|docs|flows|pingyi|portal|tasks|templates|tests)/[\w./-]*)`")


def test_every_link_between_our_pages_leads_somewhere() -> None:
    assert [f"{name(page)}: {link}" for page, link in _found(LINK) if not (page.parent / link).exists()] == []


def test_every_file_named_in_our_pages_exists() -> None:
    assert [f"{name(page)}: {path}" for page, path in _found(PATH) if not (ROOT / path).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page.suffix == ".md" and page not in reached and page.is_file():
            reached.add(page)
            ahead += [(page.parent / link).resolve() for link in LINK.findall(text(page))]
    decisions = {page for page in _pages() if page.parent.name == "decisions"}
    assert sorted(name(page) for page in set(_pages()) - decisions - reached) == []


def _found(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    for page in _pages():
        yield from ((page, found) for found in pattern.findall(text(page)))


def _pages() -> list[Path]:
    return [page for page in kept_files() if page.suffix == ".md"]
