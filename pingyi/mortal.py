"""Run a command that does not outlive its parent: `python -m pingyi.mortal KILL python -m prefect.engine`.

Linux tells a process of its parent's death only if it asked for a signal; the wish survives the exec. Elsewhere the
command simply runs, and the sweep at the next start finds what was left over.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PARENT = "PINGYI_PARENT"


def main(arguments: list[str]) -> None:
    name, *command = arguments
    if sys.platform == "linux":
        _die_with_parent(signal.Signals[f"SIG{name}"])
    os.environ[PARENT] = str(os.getpid())
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted; the command is ours


def _die_with_parent(sent: signal.Signals) -> None:
    """The parent may have died before it could be asked for; it told us its number if it was mortal, or started one."""
    parent = int(os.environ.get(PARENT) or os.getppid())
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
