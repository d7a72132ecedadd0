"""A supervisor with tiny children in place of Prefect and the portal: `python -m tests.pingyi.stand_in HOME PORT`."""

import os
import sys
from pathlib import Path

from appraisal.domain.refusal import Refusal
from pingyi.children import Child, Patience
from pingyi.processes import MARK
from pingyi.watch import Listener, watch

# Writes its own pid and that of a child of its own, then stays.
FAMILY = """
import os, pathlib, subprocess, sys, time
mortal = [sys.executable, "-m", "pingyi.mortal", "KILL"]
child = subprocess.Popen([*mortal, sys.executable, "-c", "import time; time.sleep(600)"])
new = pathlib.Path(sys.argv[1] + ".new")
new.write_text(f"{os.getpid()} {child.pid}")
new.rename(sys.argv[1])
time.sleep(600)
"""


def main(home: Path, port: int) -> None:
    env = {**os.environ, MARK: str(home)}
    python = sys.executable
    watch(
        home,
        [
            Child(
                "server",
                "引擎",
                (python, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(home / "logs")),
                env,
                f"http://127.0.0.1:{port}/",
            ),
            Child("deploy", "登记", (python, "-c", "print('registered')"), env, once=True),
            Child("worker", "执行", (python, "-c", FAMILY, str(home / "family")), env),
        ],
        [Listener("127.0.0.1", port, "prefect_port")],
        [f"http://127.0.0.1:{port}"],
        lambda code, /, **facts: print(code, facts, flush=True),
        Patience(
            first_pause=0.1, longest_pause=0.4, grace=2, last_words=1, check_every=0.5, check_timeout=1, checks_missed=2
        ),
    )


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    except Refusal as refusal:
        print(refusal, flush=True)
        sys.exit(3)
