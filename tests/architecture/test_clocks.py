import json
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

ASKING = {
    "datetime": "from datetime import datetime\n\nnow = datetime.now()\n",
    "date": "from datetime import date\n\ntoday = date.today()\n",
    "pendulum": "import pendulum\n\nnow = pendulum.now()\n",
    "time": "import time\n\nnow = time.time()\n",
}


@pytest.mark.parametrize("source", ASKING.values(), ids=ASKING.keys())
def test_clock_is_banned_outside_its_module(source: str) -> None:
    assert "TID251" in _faults(source, "appraisal/operations/anything.py")


def test_clock_is_allowed_in_its_module() -> None:
    assert "TID251" not in _faults(ASKING["datetime"], "appraisal/clock.py")


def _faults(source: str, filename: str) -> set[str]:
    command = [sys.executable, "-m", "ruff", "check", "--output-format=json", "--stdin-filename", filename, "-"]
    result = subprocess.run(command, input=source, cwd=ROOT, capture_output=True, text=True, check=False)
    return {fault["code"] for fault in json.loads(result.stdout)}
