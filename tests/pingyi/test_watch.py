import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.eventually import eventually

pytestmark = pytest.mark.slow


class Supervisor:
    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.told = home.parent / f"told-{len(list(home.parent.glob('told-*')))}"
        command = [sys.executable, "-m", "tests.pingyi.stand_in", str(home), str(port)]
        with self.told.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)

    def says(self, code: str, times: int = 1) -> bool:
        lines = self.told.read_text(encoding="utf-8").splitlines()
        return sum(line.split()[0] == code for line in lines) >= times

    def family(self) -> tuple[int, int]:
        """The worker and its child."""
        worker, child = eventually((self.home / "family").read_text).split()
        return int(worker), int(child)

    def has_another(self, family: tuple[int, int]) -> bool:
        return self.family() != family

    def runs(self) -> bool:
        return eventually(lambda: self.says("up.running")) and eventually((self.home / "family").exists)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    started = Supervisor(tmp_path / "data", free_port())
    try:
        assert started.runs(), started.told.read_text(encoding="utf-8")
        yield started
    finally:
        started.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gone(pid: int) -> bool:
    """A process that ended but was not collected yet is gone, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_children_start_in_order_and_their_output_goes_to_logs(supervisor: Supervisor) -> None:
    told = [line.split()[0] for line in supervisor.told.read_text(encoding="utf-8").splitlines()]
    assert told == ["up.starting", "up.ready", "up.starting", "up.done", "up.starting", "up.ready", "up.running"]
    assert (supervisor.home / "logs" / "deploy.log").read_text(encoding="utf-8") == "registered\n"


def test_child_is_started_again_when_killed_and_its_own_child_goes_with_it(supervisor: Supervisor) -> None:
    for death in (1, 2):
        family = supervisor.family()
        os.kill(family[0], signal.SIGKILL)
        assert eventually(partial(supervisor.says, "up.died", death))
        assert eventually(partial(supervisor.has_another, family))
        assert eventually(partial(gone, family[1]))


def test_child_that_keeps_dying_is_told_loudly_and_still_started_again(supervisor: Supervisor) -> None:
    for _ in range(5):
        family = supervisor.family()
        os.kill(family[0], signal.SIGKILL)
        assert eventually(partial(supervisor.has_another, family))
    assert supervisor.says("up.keeps_dying")


def test_child_that_no_longer_answers_is_started_again(supervisor: Supervisor) -> None:
    server = listening_on(supervisor)
    os.kill(server, signal.SIGSTOP)
    assert eventually(lambda: supervisor.says("up.silent"), 40)
    assert eventually(lambda: gone(server))
    assert eventually(lambda: supervisor.says("up.ready", 3))


def listening_on(supervisor: Supervisor) -> int:
    children = Path(f"/proc/{supervisor.process.pid}/task/{supervisor.process.pid}/children").read_text().split()
    return next(int(pid) for pid in children if b"http.server" in Path(f"/proc/{pid}/cmdline").read_bytes())


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_everything_ends_when_told_to_stop(supervisor: Supervisor, sent: signal.Signals) -> None:
    family = supervisor.family()
    supervisor.process.send_signal(sent)
    assert supervisor.process.wait(20) == 0
    assert [gone(pid) for pid in family] == [True, True]
    assert supervisor.says("up.stopped")
    assert not (supervisor.home / "up.json").exists()


def test_everything_ends_when_the_supervisor_is_killed(supervisor: Supervisor) -> None:
    family = (*supervisor.family(), listening_on(supervisor))
    supervisor.kill()
    assert eventually(lambda: all(gone(pid) for pid in family))


def test_what_a_killed_supervisor_left_behind_is_cleared_at_the_next_start(supervisor: Supervisor) -> None:
    env = {**os.environ, "PINGYI_UP_HOME": str(supervisor.home)}
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env=env)
    supervisor.kill()
    second = Supervisor(supervisor.home, supervisor.port)
    try:
        assert eventually(lambda: second.says("up.running"))
        assert second.says("up.cleared")
        assert left.wait(10) == -signal.SIGKILL
    finally:
        second.kill()
        left.kill()


def test_second_supervisor_of_the_same_data_is_refused_twice(supervisor: Supervisor) -> None:
    for _ in range(2):
        second = Supervisor(supervisor.home, free_port())
        assert second.process.wait(20) == 3
        told = second.told.read_text(encoding="utf-8")
        assert told == (
            f"up.already_running (pid={supervisor.process.pid}, addresses=['http://127.0.0.1:{supervisor.port}'])\n"
        )
    assert not gone(supervisor.family()[0])


def test_supervisor_is_refused_when_a_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Supervisor(tmp_path / "data", port)
        assert refused.process.wait(20) == 3
    told = refused.told.read_text(encoding="utf-8")
    assert told == f"up.port_taken (host='127.0.0.1', port={port}, setting='prefect_port')\n"
