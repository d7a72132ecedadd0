"""What is left behind by an opinion: nothing that tells who wrote it or when, in any file or log of the office."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from appraisal.operations.noting import note_received
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.work import Store
from tests.operations.world import instant
from tests.portal.hearing import Heard, make_heard, photo

Move = Callable[[str], datetime]
ADDRESS, DEVICE = "203.0.113.77", "Mozilla/5.0 (Linux; Android 13; SECRET-PHONE-X)"


@pytest.fixture
def heard(sqlite: Store, home: Path, move_clock: Move) -> Heard:
    world = make_heard(sqlite, home, move_clock("2023-08-28T10:00+08:00"))
    move_clock("2023-09-05T15:04:37.123+08:00")
    return world


def test_nothing_in_the_data_folder_tells_who_wrote_or_when(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stranger = heard.stranger()
    stranger.client.headers.update({"User-Agent": DEVICE, "X-Forwarded-For": ADDRESS, "X-Real-IP": ADDRESS})
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "SECRET-CAMERA", "2023:09:05 15:04:37"
    exif[0x8825] = {1: "N", 2: (29.0, 12.0, 31.0)}
    marked = photo(exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE" * 20)
    answer = stranger.give(
        "排队", {"named": "yes", "name": "王芳", "contact": "13812345678"}, [("SECRET-NAME.jpg", marked)]
    )
    code = stranger.code(answer)
    stranger.say(code, "补充")
    with heard.office.desk("engine", instant("2023-09-06T03:00")) as desk:
        assert note_received(desk) == 1
    hidden = [ADDRESS, "203.0.113", DEVICE, "SECRET", "Android", "13812345678", "王芳", code, code.replace("-", "")]
    hidden += [
        "15:04",
        "07:04",
        "15:04:37",
        "2023:09:05",
        "testclient",
        "Exif",
        str(int(instant("2023-09-05T15:04").timestamp()))[:8],
    ]
    assert found_in(heard, hidden) == []
    assert [each for each in hidden if each in caplog.text] == []


def found_in(heard: Heard, hidden: list[str]) -> list[tuple[str, str]]:
    """In which file of the office which of these is found; the write-ahead log is read too."""
    store = Path(heard.office.store.url.removeprefix("sqlite:///"))
    files = [
        path
        for path in (*heard.office.settings.home.rglob("*"), *store.parent.glob(f"{store.name}*"))
        if path.is_file()
    ]
    assert {"pingyi.db", "pingyi.db-wal"} <= {path.name for path in files}
    return [(path.name, each) for path in files for each in hidden if each.encode() in path.read_bytes()]


def test_file_of_a_photo_tells_the_day_at_most(heard: Heard) -> None:
    heard.stranger().give("排队", photos=[("a.jpg", photo())])
    (before,) = heard.office.uploads.iterdir()
    inode, midnight = before.stat().st_ino, instant("2023-09-05T00:00").timestamp()
    assert (before.stat().st_mtime, before.stat().st_mode & 0o777) == (midnight, 0o600)
    with heard.office.desk("engine", instant("2023-09-06T03:00")) as desk:
        note_received(desk)
    (after,) = heard.office.uploads.iterdir()
    assert (after.name, after.stat().st_mtime) == (before.name, midnight)
    assert after.stat().st_ino != inode or os.name != "posix"


def test_rows_of_a_day_do_not_tell_their_order(heard: Heard) -> None:
    stranger = heard.stranger()
    for number in range(12):
        stranger.give(f"意见{number}")
    with heard.office.store.reading() as session:
        texts = [row.text for row in session.query(OpinionRow).all()]
        days = {str(row.received_on) for row in session.query(OpinionRow)}
    assert texts != [f"意见{number}" for number in range(12)]
    assert days == {"2023-09-05"}
