"""What can be asked of the bootstrap, and the one place that turns a `Stop` into a sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from workflow.bootstrap import assets, environment, locks, running, system
from workflow.bootstrap.stop import Stop

ROOT = Path(__file__).resolve().parents[2]


def setup(root: Path) -> None:
    """Everything a developer needs, into `.venv` and `workflow/web/static/dist`."""
    changed = environment.ensure(root)
    try:
        assets.ensure_in_environment(root)
    except Stop as missing:
        say(f"{missing} Pages will show page images and system fonts meanwhile; the next `make setup` tries again.")
    if changed:
        say("Ready. `make demo` starts the demo province, `make` lists the rest.")


def tools(root: Path) -> None:
    """The programs that some tests drive (Chromium, poppler, …), from apt."""
    if left_out := system.ensure(root / ".ci" / "apt-packages.txt"):
        say(left_out)


COMMANDS: dict[str, Callable[[Path], None]] = {
    "setup": setup,
    "tools": tools,
    "locks": locks.write,
    "sums": assets.accept,
}


def run(arguments: Sequence[str], *, root: Path = ROOT) -> int:
    """0, or 1 after one sentence on stderr."""
    (root / running.LOG).unlink(missing_ok=True)
    for name in arguments or ["setup"]:
        command = COMMANDS.get(name)
        if command is None:
            say(f"no such command: {name}; there is {', '.join(COMMANDS)}")
            return 2
        try:
            command(root)
        except Stop as stop:
            say(str(stop))
            return 1
        except PermissionError as error:
            say(f"Cannot write {error.filename}: it belongs to somebody else or the disk is read-only.")
            return 1
        except KeyboardInterrupt:
            say("Stopped; run the same command again to go on.")
            return 130
    return 0


def say(sentence: str) -> None:
    """To the person at the terminal, visible even where stdout is a file."""
    print(sentence, file=sys.stderr, flush=True)
