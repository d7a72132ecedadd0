"""Every page in a real browser, on a phone and on a desk, light and dark, as far as a machine can judge it.

Set PINGYI_SCREENSHOTS to a folder to look at them yourself.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Literal

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from appraisal import clock
from portal import rooms
from tests.databases import sqlite_store
from tests.portal.chromium import PHONE, SIZES, running_browser, served
from tests.portal.register_walks import REGISTER_WALKS
from tests.portal.rich_rectify import rectify_all
from tests.portal.rich_world import NOW, Rich, make_rich_world
from tests.portal.screens import NO_PAGE, NOBODY, SCREENS, Screen, places
from tests.portal.walks import WALKS

pytestmark = pytest.mark.browser

EVERY_WALK = WALKS | REGISTER_WALKS
HALL: ViewportSize = {"width": 1920, "height": 1080}
CUT_OFF = """() => {
  const edge = (name) => document.querySelector(name).getBoundingClientRect();
  const outside = (box) => box.top < edge("header").bottom || box.bottom > edge("footer").top || box.right > innerWidth;
  return [...document.querySelectorAll("main *")]
    .filter((el) => outside(el.getBoundingClientRect()) || (el.matches("h2, p") && el.scrollWidth > el.clientWidth))
    .map((el) => el.outerHTML);
}"""
OTHER_LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("phone", "dark"), ("desk", "dark"), ("desk", "light"))
LOOKS = (Path(__file__).parent / "data/looks.js").read_text(encoding="utf-8")


class Portal:
    """The rich world behind an address, and a browser with a profile of its own for everyone who comes."""

    def __init__(self, rich: Rich, base: str, browser: Browser, pictures: Path) -> None:
        self.rich, self.base, self.pictures = rich, base, pictures
        self.places = places(rich)
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._walked: set[str] = set()
        self.troubles: list[str] = []

    def page(self, who: str) -> Page:
        """A phone in the hands of somebody."""
        if who not in self._contexts:
            context = self._contexts[who] = self._browser.new_context(viewport=PHONE)
            context.set_default_timeout(30_000)
            if who:
                context.request.get(f"{self.base}/go/{self.rich.token(who)}")
        page = self._contexts[who].new_page()
        self.troubles = []
        page.on("request", lambda request: self._is_ours(request.url))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        return page

    def open(self, screen: Screen) -> Page:
        page = self.page(screen.who)
        answer = page.goto(self.base + screen.path.format_map(self.places))
        assert answer
        assert answer.status == screen.status
        return page

    def faults(self, name: str, page: Page) -> list[str]:
        """What somebody would stumble over in any of the four looks of a page; leaves pictures behind.

        The tab key is walked through the first of the pages that bear a title.
        """
        found = self._look(name, page, "phone", "light")
        if page.title() not in self._walked:
            self._walked.add(page.title())
            found += unreached(page)
        looks: tuple[tuple[str, Literal["light", "dark"]], ...] = (
            ("phone", "dark"),
            ("desk", "dark"),
            ("desk", "light"),
        )
        for size, scheme in looks:
            found += self._look(name, page, size, scheme)
        found += self.troubles
        page.close()
        return found

    def _look(self, name: str, page: Page, size: str, scheme: Literal["light", "dark"]) -> list[str]:
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme=scheme)
        if "PINGYI_SCREENSHOTS" in os.environ or (size, scheme) == ("phone", "light"):
            page.screenshot(path=self.pictures / f"{name}-{size}-{scheme}.png", full_page=True)
        return [f"{size}-{scheme}: {fault}" for fault in page.evaluate(LOOKS)]

    def _is_ours(self, address: str) -> None:
        if not address.startswith((self.base, "data:")):
            self.troubles.append(f"asks another host: {address}")

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.troubles.append(f"console: {text}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture(scope="module")
def portal(browser: Browser, pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("screens")
    pictures = Path(os.environ.get("PINGYI_SCREENSHOTS", folder / "pictures"))
    pictures.mkdir(parents=True, exist_ok=True)

    def move(moment: str) -> datetime:
        clock.set_clock(folder / "clock", datetime.fromisoformat(moment))
        return clock.now()

    with pytest.MonkeyPatch.context() as patch, sqlite_store(pristine, folder / "pingyi.db") as store:
        patch.setenv(clock.MOVED_BY, str(folder / "clock"))
        rich = make_rich_world(store, folder / "home", move)
        rectify_all(rich.office)
        with served(rich) as base:
            yield Portal(rich, base, browser, pictures)


@pytest.fixture(autouse=True)
def now(portal: Portal, move_clock: Callable[[str], datetime]) -> None:
    """Friday, 8 September 2023, 15:30: the server of the module runs in this process and reads this clock."""
    move_clock(f"{NOW}+08:00")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_page_fits_and_can_be_read_and_reached(portal: Portal, screen: Screen) -> None:
    assert portal.faults(screen.name, portal.open(screen)) == []


@pytest.mark.parametrize("name", EVERY_WALK)
def test_answer_fits_and_can_be_read(portal: Portal, name: str) -> None:
    who, walk = EVERY_WALK[name]
    page = portal.page(who)
    walk(page, portal.base, portal.places)
    assert portal.faults(name, page) == []


@pytest.mark.parametrize("key", ["open", "counted", "sealed", "void", "sitting"])
def test_screen_in_the_hall_fits_as_it_is(portal: Portal, key: str) -> None:
    """Nobody scrolls there, and nothing may be cut off."""
    page = portal.page(NOBODY)
    page.set_viewport_size(HALL)
    page.goto(f"{portal.base}/screen/{portal.places[f'screen_{key}']}")
    page.screenshot(path=portal.pictures / f"hall-{key}.png")
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1920,
        1080,
    ]
    assert page.evaluate(CUT_OFF) == []
    page.close()


def test_every_page_is_in_the_table(portal: Portal) -> None:
    opened = [screen.path.format_map(portal.places).partition("?")[0] for screen in SCREENS if screen.status != 404]
    unseen = {route.path for route in pages() if not any(route.path_regex.match(path) for path in opened)}
    assert sorted(unseen ^ set(NO_PAGE)) == []


def pages() -> Iterator[APIRoute]:
    """What can be opened in any room; FastAPI does not list the routes of routers that it includes."""
    for room in iter_modules(rooms.__path__):
        router = getattr(import_module(f"portal.rooms.{room.name}"), "router", None)
        for route in router.routes if router else ():
            if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
                yield route


def unreached(page: Page) -> list[str]:
    """What the tab key does not come to, or comes to without showing it."""
    for _ in range(page.evaluate("stops()")):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("unreached()")
    return found
