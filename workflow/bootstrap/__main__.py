"""`python3 workflow/bootstrap COMMAND`: find a Python that is new enough and go on with it.

This file must run on any Python 3, to be able to say in one sentence that it is too old.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST_TRIED = 15
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def newer_python() -> "str | None":
    """A Python 3.11 or newer on the path, the oldest last; None where there is none."""
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031  must run on any Python 3
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def main() -> None:
    """Re-run with a newer Python where this one is too old."""
    if sys.version_info < OLDEST:
        found = newer_python()
        if found is None:
            sys.exit(
                "Trình Ký needs Python 3.11 or newer; this is %d.%d. On Debian 12, Ubuntu 24.04 or newer: "  # noqa: UP031
                "sudo apt-get install python3 python3-venv" % sys.version_info[:2]
            )
        os.execv(found, [found, *sys.argv])  # noqa: S606  the same program, a newer Python
    sys.path[0] = ROOT
    os.chdir(ROOT)
    from workflow.bootstrap.commands import run  # noqa: PLC0415  its syntax needs the version checked above

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
