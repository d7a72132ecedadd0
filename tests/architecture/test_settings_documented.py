import re
import tomllib
from pathlib import Path

import pytest

from appraisal.settings import Settings
from tests.architecture.sources import ROOT, text

SECRETS = {"prefect_auth"}
FIELDS = Settings.model_fields


@pytest.mark.parametrize("setting", FIELDS)
def test_setting_has_its_line_in_operations(setting: str) -> None:
    rows = re.findall(rf"^\| `{setting}` \| (.+?) \| (.+?) \|$", text(ROOT / "docs/operations.md"), re.MULTILINE)
    assert rows == [(_shown(FIELDS[setting].default), FIELDS[setting].description)]


def test_settings_file_shows_every_setting_but_secrets() -> None:
    commented = text(ROOT / "config/settings.toml")
    shown = tomllib.loads("\n".join(re.findall(r"^# (\w+ = .+)$", commented, re.MULTILINE)))
    assert shown.keys() == FIELDS.keys() - SECRETS
    assert Settings.model_validate(shown)


def _shown(default: object) -> str:
    match default:
        case None:
            return "–"
        case Path() | str() | int():
            return f"`{default}`"
        case _:
            return f"`{default:%H:%M}`"
