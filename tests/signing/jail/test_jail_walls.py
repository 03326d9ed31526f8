"""The jail holds: every way out ends as a named answer, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.jail import Crashed, Jail, JailError, Limits, ResourceLimit, TaskRefused
from signing.jail.confine import landlock_version

BIRDS = "signing.testing.jailbirds:"
SHORT = Limits(cpu=1, wall=5)


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    own = Jail(parallel=4)
    yield own
    own.close()


def alive(pid: int) -> bool:
    """Running, not merely a zombie that waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until_dead(pid: int, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not alive(pid)


def test_a_task_gets_its_bytes_and_arguments_and_answers(jail: Jail) -> None:
    """Bytes and JSON travel both ways unharmed, also several megabytes."""
    payload = os.urandom(3 << 20)
    result = jail.run(BIRDS + "echo", payload, arguments={"tên": ["Đà Nẵng", 1, None]})
    assert result.json == {"tên": ["Đà Nẵng", 1, None]}
    assert result.blobs == (payload,)


def test_no_secret_of_the_host_is_in_the_environment(jail: Jail, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh jail started by a process with secrets sees four harmless variables."""
    monkeypatch.setenv("TRINHKY_SECRET_KEY", "x" * 40)
    fresh = Jail()
    seen = fresh.run(BIRDS + "environment", b"").json
    fresh.close()
    assert set(seen["environ"]) == {"HOME", "LC_ALL", "PATH", "TMPDIR"}
    assert seen["folder"] == seen["temp"] != os.getcwd()


@pytest.mark.parametrize(
    ("bird", "arguments", "code"),
    [
        ("spin", {}, "cpu"),
        ("swallow", {}, "memory"),
        ("recurse", {}, "recursion"),
        ("shout", {"size": 80 << 20}, "output"),
        ("shout_json", {"size": 80 << 20}, "output"),
        ("fill_disk", {}, "file_size"),
    ],
)
def test_using_too_much_is_a_resource_limit(jail: Jail, bird: str, arguments: dict[str, int], code: str) -> None:
    """Each resource has its own code; none of them is called a crash or hangs."""
    with pytest.raises(ResourceLimit) as caught:
        jail.run(BIRDS + bird, b"", arguments=arguments, limits=SHORT)
    assert caught.value.code == code


def test_a_sleeping_task_ends_at_the_wall_limit(jail: Jail) -> None:
    """A task that uses no processor time is ended by the clock."""
    start = time.monotonic()
    with pytest.raises(ResourceLimit, match="wall"):
        jail.run(BIRDS + "sleep", b"", arguments={"seconds": 60}, limits=Limits(wall=0.3))
    assert time.monotonic() - start < 30


@pytest.mark.parametrize(("bird", "number"), [("segfault", signal.SIGSEGV), ("leave", 0)])
def test_a_parser_that_dies_is_a_crash(jail: Jail, bird: str, number: int) -> None:
    """Signal and silent exit are told apart from limits."""
    with pytest.raises(Crashed) as caught:
        jail.run(BIRDS + bird, b"")
    assert caught.value.details["signal"] == number


def test_an_exception_is_a_crash_with_its_name(jail: Jail) -> None:
    """Name and place for the log; the caller sees only the code."""
    with pytest.raises(Crashed) as caught:
        jail.run(BIRDS + "stumble", b"")
    assert caught.value.code == "exception"
    assert caught.value.details["kind"] == "KeyError"


def test_a_refusal_keeps_its_code_and_details(jail: Jail) -> None:
    """A task may say no with a reason."""
    with pytest.raises(TaskRefused) as caught:
        jail.run(BIRDS + "refuse", b"")
    assert (caught.value.code, caught.value.details) == ("not_pdf", {"found": "zip"})


@pytest.mark.parametrize("task", ["os:system", "signingx:run", "subprocess:run", "workflow.store.session:x"])
def test_only_tasks_of_ours_may_be_named(jail: Jail, task: str) -> None:
    """The allow-list is by module prefix."""
    with pytest.raises(ValueError, match="not a task"):
        jail.run(task, b"")


def test_an_unknown_task_is_named_in_the_error(jail: Jail) -> None:
    """A wrong name is our mistake and says so."""
    with pytest.raises(Crashed, match="task_not_found"):
        jail.run(BIRDS + "nobody", b"")


def test_the_network_is_out_of_reach(jail: Jail) -> None:
    """Even a listener on loopback of the host cannot be reached from inside."""
    walls = jail.walls()
    assert walls.network_cut or landlock_version() >= 4
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Crashed) as caught:
        jail.run(BIRDS + "connect", b"", arguments={"port": server.getsockname()[1]})
    assert caught.value.details["kind"] in {"OSError", "PermissionError", "ConnectionRefusedError"}


def test_files_of_the_service_cannot_be_read_or_written(jail: Jail, tmp_path: Path) -> None:
    """Neither a secret file, nor the environment of the host in /proc, nor anything outside its own folder."""
    assert jail.walls().files_cut
    secret = tmp_path / "secret"
    secret.write_text("key")
    for path in (str(secret), f"/proc/{os.getpid()}/environ"):
        with pytest.raises(Crashed) as caught:
            jail.run(BIRDS + "read", b"", arguments={"path": path})
        assert caught.value.details["kind"] == "PermissionError"
    with pytest.raises(Crashed):
        jail.run(BIRDS + "write", b"", arguments={"path": str(tmp_path / "mine")})
    assert list(tmp_path.iterdir()) == [secret]
    assert jail.run(BIRDS + "write", b"", arguments={"path": "mine"}).json == "mine"


def test_a_folder_may_be_opened_to_a_task(jail: Jail, tmp_path: Path) -> None:
    """`readable` adds reading, not writing."""
    (tmp_path / "font").write_bytes(b"font")
    allowed = Limits(readable=(str(tmp_path),))
    result = jail.run(BIRDS + "read", b"", arguments={"path": str(tmp_path / "font")}, limits=allowed)
    assert result.blobs == (b"font",)
    with pytest.raises(Crashed):
        jail.run(BIRDS + "write", b"", arguments={"path": str(tmp_path / "x")}, limits=allowed)


def test_grandchildren_die_with_the_task(jail: Jail) -> None:
    """The whole group is ended, not only the child."""
    left = jail.run(BIRDS + "leave_a_child_behind", b"", limits=Limits(processes=8)).json
    assert wait_until_dead(left)


def test_calls_from_many_threads_do_not_mix(jail: Jail) -> None:
    """Every thread gets its own bytes back."""
    wrong: list[int] = []

    def call(number: int) -> None:
        for turn in range(5):
            own = f"{number}-{turn}".encode() * 1000
            if jail.run(BIRDS + "echo", own, arguments={"n": number}).blobs != (own,):
                wrong.append(number)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_warm_call_costs_milliseconds(jail: Jail) -> None:
    """The best of several, against a cold interpreter that takes a hundred times longer to import a parser."""
    jail.warm(BIRDS + "echo")
    best = min(_timed(jail) for _ in range(10))
    assert best < 0.1


def _timed(jail: Jail) -> float:
    start = time.perf_counter()
    jail.run(BIRDS + "echo", b"")
    return time.perf_counter() - start


def test_a_killed_forking_process_is_replaced() -> None:
    """The next call starts a new one; the folders of either are gone with it."""
    own = Jail()
    first = Path(own.run(BIRDS + "environment", b"").json["folder"]).parent
    process = own._process
    assert process is not None
    process.kill()
    process.wait()
    second = Path(own.run(BIRDS + "environment", b"").json["folder"]).parent
    assert first != second
    own.close()
    assert not first.exists()
    assert not second.exists()


def test_work_folders_are_removed(jail: Jail) -> None:
    """Also that of a task that crashed."""
    folder = Path(jail.run(BIRDS + "environment", b"").json["folder"])
    with pytest.raises(JailError):
        jail.run(BIRDS + "segfault", b"")
    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists()


HOST = """
import os, sys, threading, time
from signing.jail import host, run
run("signing.testing.jailbirds:echo", b"")
folder = run("signing.testing.jailbirds:environment", b"").json["folder"]
sleep = lambda: run("signing.testing.jailbirds:sleep", b"", arguments={"seconds": 60})
threading.Thread(target=sleep, daemon=True).start()
zygote = host._default._process.pid
while not open(f"/proc/{zygote}/task/{zygote}/children").read():
    time.sleep(0.01)
print(host._default._process.pid, os.path.dirname(folder), flush=True)
if sys.argv[1] == "exit":
    sys.exit(0)
time.sleep(60)
"""


@pytest.mark.parametrize("how", ["exit", "kill"])
def test_nothing_outlives_the_host(how: str) -> None:
    """Whether the host exits or is killed, the forking process, its running child and its folder are gone."""
    with subprocess.Popen([sys.executable, "-c", HOST, how], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        said, folder = host.stdout.readline().split(maxsplit=1)
        zygote = int(said)
        if how == "kill":
            children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
            host.kill()
            assert children
            assert all(wait_until_dead(int(child)) for child in children)
        host.wait(timeout=10)
    assert wait_until_dead(zygote)
    assert not Path(folder.strip()).exists()


def test_a_forked_host_gets_a_jail_of_its_own() -> None:
    """A forked child must not talk through its parent's control socket."""
    program = (
        "import os, sys\n"
        "from signing.jail import host, run\n"
        "run('signing.testing.jailbirds:echo', b'')\n"
        "first = host._default._process.pid\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    run('signing.testing.jailbirds:echo', b'')\n"
        "    same = host._default._process.pid == first\n"
        "    host.close()\n"
        "    os._exit(3 if same else 0)\n"
        "code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
        "assert run('signing.testing.jailbirds:echo', b'x').blobs == (b'x',)\n"
        "sys.exit(code)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=30, check=False).returncode == 0
