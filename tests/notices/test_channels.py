from pathlib import Path

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.notices.channels import STRAIGHT, Channels, Target, load_channels
from appraisal.places import root


def written(folder: Path, text: str) -> Path:
    file = folder / "channels.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def channels(folder: Path) -> Channels:
    return load_channels(
        written(
            folder,
            'channels:\n  demo:\n    url: "pingyi://{address}"\n'
            '  mail:\n    url: "mailtos://${TEST_USER}:${TEST_PASSWORD}@smtp.example.cn?to={address}"\n'
            '  off:\n    url: "pingyi://{address}"\n    on: false\n    concurrency: 1\n'
            '  odd:\n    url: "nosuch://{address}"\n',
        )
    )


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("demo:zhang01", Target("demo", "pingyi://zhang01")),
        ("demo: 张/样例 ", Target("demo", "pingyi://%E5%BC%A0%2F%E6%A0%B7%E4%BE%8B")),
        ("json://127.0.0.1/hook", Target(STRAIGHT, "json://127.0.0.1/hook")),
        ("nosuch://127.0.0.1", Target(STRAIGHT, "", "bad_address")),
        ("odd:zhang01", Target("odd", "", "bad_address")),
        ("demo:", Target("demo", "", "bad_address")),
        ("off:zhang01", Target("off", "", "channel_off")),
        ("fax:zhang01", Target("fax", "", "no_channel")),
        ("13800000000", Target("13800000000", "", "no_channel")),
        ("mail:a@example.cn", Target("mail", "", "channel_unset")),
    ],
)
def test_contact_comes_to_an_address_or_to_why_there_is_none(tmp_path: Path, contact: str, expected: Target) -> None:
    assert channels(tmp_path).target(contact) == expected


def test_secret_is_taken_from_the_environment_and_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_USER", "office@example.cn")
    monkeypatch.setenv("TEST_PASSWORD", "a/b:c@d")
    target = channels(tmp_path).target("mail:zhang@example.cn")
    assert target.url == "mailtos://office%40example.cn:a%2Fb%3Ac%40d@smtp.example.cn?to=zhang%40example.cn"
    assert target.fault is None
    assert "example.cn" not in repr(target)


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("demo:zhang01", True),
        ("mail:a@example.cn", True),
        ("off:zhang01", True),
        ("json://127.0.0.1/hook", True),
        ("nosuch://127.0.0.1", False),
        ("fax:zhang01", False),
        ("demo:", False),
        ("", False),
    ],
)
def test_channels_accept_what_could_be_reached_once_all_is_set(tmp_path: Path, contact: str, expected: bool) -> None:
    assert channels(tmp_path).accepts(contact) is expected


def test_concurrency_is_that_of_the_channel(tmp_path: Path) -> None:
    found = channels(tmp_path)
    assert [found.concurrency(name) for name in ("off", "demo", STRAIGHT)] == [1, 4, 4]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('channels:\n  demo:\n    url: "token-nobody-may-see"\n', ["channels.demo.url"]),
        ("channels:\n  demo:\n    link: x\n", ["channels.demo.link", "channels.demo.url"]),
        ('channels:\n  demo:\n    url: "a://b"\n    concurrency: 0\n', ["channels.demo.concurrency"]),
        ("- demo\n", [""]),
        ("", [""]),
    ],
)
def test_channels_file_is_refused_naming_every_place(tmp_path: Path, text: str, places: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        load_channels(written(tmp_path, text))
    assert refused.value.code == "channels.invalid"
    assert refused.value.facts == {"file": "channels.yaml", "places": places}


@pytest.mark.parametrize("text", ["channels: [", "a: 1\na: 2\n", None])
def test_channels_file_is_refused_when_it_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    file = written(tmp_path, text) if text else tmp_path / "channels.yaml"
    with pytest.raises(Refusal) as refused:
        load_channels(file)
    assert refused.value.code == "channels.unreadable"


def test_shipped_channels_can_all_be_sent_by(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMTP_USER", "SMTP_PASSWORD", "SMTP_HOST", "SMS_HOST", "SMS_TOKEN"):
        monkeypatch.setenv(f"PINGYI_{name}", "example.cn")
    shipped = load_channels(root() / "config" / "channels.yaml").named
    switched_on = Channels({name: channel.model_copy(update={"on": True}) for name, channel in shipped.items()})
    address = "0123456789abcdef0123456789abcdef0123"
    assert {name: switched_on.target(f"{name}:{address}").fault for name in shipped} == dict.fromkeys(shipped)
    assert [name for name, channel in shipped.items() if channel.on] == ["demo"]
