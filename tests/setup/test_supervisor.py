"""However the launcher is told to stop, nothing of it is left four seconds later."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.family import TOY, Family, watched
from workflow.supervisor import Child, Supervisor, obituary

pytestmark = [pytest.mark.slow, pytest.mark.alone]  # mostly waiting for stubborn children

LIMIT_S = 4.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_stubborn_grandchildren_included(number: signal.Signals) -> None:
    """To the launcher alone or to its group; both families wait for their stubborn ones at the same time."""
    with watched() as told, watched() as group:
        launchers = [family.toy("stubborn", "plain") for family in (told, group)]
        assert told.grown_to(5)
        assert group.grown_to(5)
        os.kill(launchers[0].pid, number)
        os.killpg(launchers[1].pid, number)
        assert told.gone_within(LIMIT_S)
        assert group.gone_within(LIMIT_S)
        assert [launcher.returncode for launcher in launchers] == [0, 0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_inherited_ignore_of_interrupt_does_not_hold(family: Family, number: signal.Signals) -> None:
    """A script that starts `trinhky demo &` hands down an ignored SIGINT."""
    launcher = family.toy("plain", "plain", ignoring="INT")
    launcher.send_signal(number)
    assert family.gone_within(LIMIT_S)


def test_after_nohup_a_hangup_is_survived_and_terminate_is_not(family: Family) -> None:
    """The person said that it should outlive the terminal."""
    launcher = family.toy("plain", ignoring="HUP")
    launcher.send_signal(signal.SIGHUP)
    assert not family.gone_within(0.5)
    launcher.terminate()
    assert family.gone_within(LIMIT_S)


def test_killing_the_launcher_ends_the_children(family: Family) -> None:
    """The kernel tells them."""
    launcher = family.toy("plain", "plain")
    launcher.kill()
    assert family.gone_within(LIMIT_S)


def test_a_child_that_ends_takes_the_others_along(family: Family) -> None:
    """And is named."""
    launcher = family.toy("stubborn", "short")
    assert family.gone_within(LIMIT_S)
    assert launcher.returncode == 1
    assert launcher.stderr is not None
    assert "short1 ended by itself (exit status 7)" in launcher.stderr.read()


def test_losing_the_process_that_started_the_launcher_ends_everything(family: Family) -> None:
    """`make` killed by force cannot pass anything on."""
    middle = family.start(["/bin/sh", "-c", f'"{sys.executable}" "{TOY}" plain; true'])
    assert middle.stdout is not None
    assert middle.stdout.readline() == "running\n"
    middle.kill()
    assert family.gone_within(LIMIT_S)


def test_a_terminal_that_goes_away_ends_everything(family: Family) -> None:
    """A closed window tells only the leader of its session, which may be make."""
    master, slave = pty.openpty()
    family.toy("plain", stdin=slave)
    os.close(slave)
    os.close(master)
    assert family.gone_within(LIMIT_S)


def test_children_find_default_signal_handling(family: Family) -> None:
    """A child that inherits an ignored SIGINT could never be interrupted by hand."""
    sleeper = family.sleeper_of(family.toy("plain", ignoring="INT"))
    with open(f"/proc/{sleeper}/status") as status:
        ignored = next(int(line.split()[1], 16) for line in status if line.startswith("SigIgn"))
    assert not ignored & (1 << (signal.SIGINT - 1))


def test_stdin_is_not_shared(family: Family) -> None:
    """No child competes for what the person types."""
    sleeper = family.sleeper_of(family.toy("plain", stdin=subprocess.PIPE))
    assert os.readlink(f"/proc/{sleeper}/fd/0") == "/dev/null"


def test_the_last_words_of_a_child_are_shown(tmp_path: Path) -> None:
    """With the file that holds all of them."""
    log = tmp_path / "web.log"
    log.write_text("".join(f"line {number}\n" for number in range(40)))
    told = obituary(Child(name="web", command=("true",), log=log), 3)
    assert "line 24\n" not in told
    assert "line 25\n" in told
    assert told.endswith(f"web ended by itself (exit status 3); stopping the rest. All its words: {log}")


def test_a_log_is_kept_over_starts(tmp_path: Path) -> None:
    """What was said before a restart is often the reason for it."""
    log = tmp_path / "child.log"
    child = Child(name="child", command=("/bin/sh", "-c", "echo hello; echo trouble >&2"), log=log)
    for _ in range(2):
        with Supervisor(say=lambda sentence: None) as parent:
            assert parent.run([child]) == 1
    assert log.read_text() == "hello\ntrouble\n" * 2
