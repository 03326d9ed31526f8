"""Run by the supervisor's tests: a table of toy children under a real supervisor.

Arguments: a kind of child each. `stubborn` ignores SIGTERM and has a child of its own that does, `plain` sleeps,
`short` ends by itself.
"""

from __future__ import annotations

import os
import sys

from workflow.supervisor import Child, Supervisor

SHELL = {
    "stubborn": "trap '' TERM INT HUP; sleep 600 & sleep 600 & wait; sleep 600",
    "plain": "exec sleep 600",
    "short": "sleep 0.3; exit 7",
}

if __name__ == "__main__":
    table = [
        Child(name=f"{kind}{number}", command=("/bin/sh", "-c", SHELL[kind]))
        for number, kind in enumerate(sys.argv[1:])
    ]
    with Supervisor(say=lambda sentence: sys.stderr.write(sentence)) as parent:
        sys.exit(parent.run(table, announce=lambda: os.write(1, b"running\n")))
