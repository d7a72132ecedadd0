"""Files that pretend to be photos: each is refused by its place, or only its picture is kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from appraisal.store.work import Store
from tests.portal.hearing import Heard, make_heard, photo

Move = Callable[[str], datetime]
MEGABYTE = 1024 * 1024


@pytest.fixture
def heard(sqlite: Store, home: Path, move_clock: Move) -> Heard:
    world = make_heard(sqlite, home, move_clock("2023-08-28T10:00+08:00"))
    move_clock("2023-09-05T15:04:37.123+08:00")
    return world


def count(heard: Heard) -> int:
    return len(heard.hearing.opinions())


def bomb(side: int) -> bytes:
    """A PNG of so many pixels in a square, all alike: a few kilobytes that unpack to gigabytes."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * MEGABYTE)) + part(b"IEND", b"")
    )


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("0.jpg", b"\0" * MEGABYTE)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.png", bomb(50_000), "尺寸过大"),
        ("bigger.png", bomb(2_000_000), "尺寸过大"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是能识别的图片"),
        ("page.jpg", b"<html><script>alert(1)</script></html>", "不是能识别的图片"),
        ("packed.jpg", archive(), "不是能识别的图片"),
        ("run.exe", b"MZ\x90\x00", "不是能识别的图片"),
        ("empty.jpg", b"", "不是能识别的图片"),
        ("half.jpg", photo((800, 600))[:2000], "已损坏"),
        ("script.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "不是能识别的图片"),
        ("moving.gif", b"GIF89a" + b"\0" * 100, "不是能识别的图片"),
        ("huge.jpg", photo() + b"\0" * (10 * MEGABYTE), "超过单张上限 10 MB"),
    ],
)
def test_file_that_is_no_photo_is_refused_by_its_place_and_nothing_is_kept(
    heard: Heard, name: str, content: bytes, words: str
) -> None:
    answer = heard.stranger().give("排队<时间>", photos=[("good.jpg", photo()), (name, content)])
    assert (answer.status_code in (409, 413), "第2张照片没有收下：" in answer.text, words in answer.text) == (True,) * 3
    assert "排队&lt;时间&gt;</textarea>" in answer.text
    assert (count(heard), list(heard.office.uploads.glob("*")), name in answer.text) == (0, [], False)


def test_fourth_photo_is_refused(heard: Heard) -> None:
    answer = heard.stranger().give("排队", photos=[(f"{n}.jpg", photo()) for n in range(4)])
    assert (answer.status_code, "照片共4张，超过上限3张" in answer.text) == (409, True)
    many = heard.stranger().give("排队", photos=[(f"{n}.jpg", photo()) for n in range(11)])
    assert (many.status_code, count(heard)) == (400, 0)


def test_photo_that_is_a_page_as_well_keeps_its_picture_alone(heard: Heard) -> None:
    trick = b"<html><script>alert(1)</script></html>"
    marked = photo(comment=trick) + trick + archive()
    assert heard.stranger().give("排队", photos=[("page.html.jpg", marked)]).status_code == 200
    (kept,) = heard.office.uploads.iterdir()
    assert b"script" not in kept.read_bytes()
    assert b"PK" not in kept.read_bytes()[-200:]
    with Image.open(kept) as image:
        assert (image.format, image.size, image.info.get("comment")) == ("JPEG", (64, 48), None)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\a.jpg", "/etc/cron.d/a.jpg", "a\x00.jpg", "a" * 255 + ".jpg"]
)
def test_path_in_the_name_of_a_photo_leads_nowhere(heard: Heard, name: str) -> None:
    before = {path for path in heard.office.settings.home.parent.rglob("*") if "pingyi.db" not in path.name}
    answer = heard.stranger().give("排队", photos=[(name, photo())])
    assert answer.status_code == 200
    after = {path for path in heard.office.settings.home.parent.rglob("*") if "pingyi.db" not in path.name}
    (new,) = {path for path in after - before if path.is_file()}
    assert (new.parent, len(new.name)) == (heard.office.uploads, 32)
