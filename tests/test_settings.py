from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from appraisal.domain.refusal import Refusal
from appraisal.places import root
from appraisal.settings import Settings, settings


def test_settings_keep_their_defaults_when_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PINGYI_HOME")
    assert Settings().home == root() / ".pingyi"
    assert Settings().database == f"sqlite:///{root() / '.pingyi' / 'pingyi.db'}"
    assert Settings().portal == "http://127.0.0.1:8000"
    assert Settings().prefect_api == "http://127.0.0.1:4200/api"
    assert Settings().quiet_from == time(20, 0)


def test_settings_go_by_environment_then_file_then_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('portal_port = 8100\ndigest_at = "07:45"\n', encoding="utf-8")
    monkeypatch.setenv("PINGYI_ROOT", str(tmp_path))
    monkeypatch.setenv("PINGYI_PORTAL_PORT", "8200")
    found = Settings()
    assert (found.portal_port, found.digest_at, found.rung_at) == (8200, time(7, 45), time(9, 0))


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings()
    monkeypatch.setenv("PINGYI_PORTAL_PORT", "8200")
    assert settings() is first


def test_settings_refuse_naming_every_wrong_one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGYI_PORTAL_PORT", "0")
    monkeypatch.setenv("PINGYI_PORTAL_URL", "pingyi.example.cn")
    with pytest.raises(Refusal) as refused:
        settings()
    assert refused.value.code == "settings.invalid"
    assert refused.value.facts == {"settings": ["portal_port", "portal_url"]}


def test_settings_refuse_a_name_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("portal_prot = 8100\n", encoding="utf-8")
    monkeypatch.setenv("PINGYI_ROOT", str(tmp_path))
    with pytest.raises(Refusal) as refused:
        settings()
    assert refused.value.facts == {"settings": ["portal_prot"]}


def test_settings_refuse_a_file_that_is_no_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("portal_port 8100\n", encoding="utf-8")
    monkeypatch.setenv("PINGYI_ROOT", str(tmp_path))
    with pytest.raises(Refusal) as refused:
        settings()
    assert refused.value.code == "settings.unreadable"


def test_secrets_are_not_shown() -> None:
    found = Settings(
        prefect_auth=SecretStr("office:hidden"), database_url="postgresql+psycopg://pingyi:hidden@db/pingyi"
    )
    assert "hidden" not in repr(found)
