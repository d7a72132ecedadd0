import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.notices.delivery import DELIVERED, Outcome, failure_text, passing, permanent, send
from appraisal.notices.render import Rendered
from tests.notices.sink import SECRET, open_sink

MESSAGE = Rendered("【提醒】整改方案", "请按期办理。\n消息编号：1A2B-3C4D", "warning")


def test_message_is_delivered_as_it_was_written() -> None:
    with open_sink() as sink:
        assert send(sink.url, MESSAGE, 5) == DELIVERED
        assert [(got["title"], got["message"], got["type"]) for got in sink.got] == [
            (MESSAGE.subject, MESSAGE.body, "warning")
        ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (400, permanent("http:400")),
        (401, permanent("http:401")),
        (404, permanent("http:404")),
        (408, passing("http:408")),
        (425, passing("http:425")),
        (429, passing("http:429")),
        (500, passing("http:500")),
        (503, passing("http:503")),
    ],
)
def test_error_passes_or_lasts_by_its_status(answer: int, expected: Outcome) -> None:
    with open_sink(answer) as sink:
        assert send(sink.url, MESSAGE, 5) == expected


def test_channel_that_hangs_is_a_passing_error() -> None:
    with open_sink(0) as sink:
        assert send(sink.url, MESSAGE, 0.2) in (passing("timeout"), passing("unreachable"))


def test_channel_that_refuses_the_connection_is_a_passing_error() -> None:
    with open_sink() as sink:
        gone = sink.url
    assert send(gone, MESSAGE, 5) == passing("unreachable")


@pytest.mark.parametrize("url", ["nosuch://127.0.0.1", "json://", "not a url", ""])
def test_address_that_is_none_is_a_permanent_error(url: str) -> None:
    assert send(url, MESSAGE, 5) == permanent("bad_address")


@pytest.mark.parametrize("answer", [200, 404, 500])
def test_secret_of_an_address_reaches_no_log(caplog: pytest.LogCaptureFixture, answer: int) -> None:
    caplog.set_level(logging.NOTSET)
    with open_sink(answer) as sink:
        send(sink.url, MESSAGE, 5)
    send(f"nosuch://127.0.0.1/{SECRET}", MESSAGE, 5)
    assert SECRET not in caplog.text


def test_demo_channel_writes_each_message_to_a_file(home: Path, move_clock: Callable[[str], datetime]) -> None:
    move_clock("2023-10-16T09:00:00+08:00")
    assert send("pingyi://%E5%BC%A0%2F..%2F01", MESSAGE, 5) == DELIVERED
    assert send("pingyi://%E5%BC%A0%2F..%2F01", MESSAGE, 5) == DELIVERED
    assert {file.name: file.read_text(encoding="utf-8") for file in (home / "sent").iterdir()} == {
        f"20231016-090000-张_01-{copy}.txt": f"{MESSAGE.subject}\n\n{MESSAGE.body}\n" for copy in (1, 2)
    }


@pytest.mark.parametrize(
    "failure",
    [
        "bad_address",
        "channel_off",
        "channel_unset",
        "failed:ValueError",
        "http:404",
        "key_wrong",
        "no_channel",
        "no_contact",
        "nobody_holds_role",
        "person_inactive",
        "template_faulty:copy",
        "timeout",
        "unreachable",
    ],
)
def test_every_failure_is_told_in_chinese(failure: str) -> None:
    told, detail = failure_text(failure), failure.partition(":")[2]
    assert told.replace(detail, "").isascii() is False
    assert detail in told
