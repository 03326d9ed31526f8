"""`python -m tests check|test|soak`: linters, types, contracts and pytest, in steps.

With `CI=true` a skipped test fails the run. `test` runs two processes; a browser test keeps little more than one
core busy, so browser tests are among the others. Linters run beside; beside tests that are `alone`, nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support import report, shares

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".setup" / "reports"
BYTECODE_KEPT = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / ".setup" / "bytecode")}
"""Where bytecode is forbidden, each of some hundred processes of a run compiles SQLAlchemy, Flask and our modules
anew, and each pytest rewrites every assertion once more. It is kept out of the tree."""
NO_TESTS = 5
"""pytest's exit status where nothing was selected."""
LINTERS = (
    ("ruff", ["-m", "ruff", "check", "--quiet", "."]),
    ("format", ["-m", "ruff", "format", "--quiet", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("contracts", ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]),
)
FAST = "not browser and not postgresql and not slow"


@dataclass(frozen=True, slots=True)
class Pytest:
    """One run of pytest."""

    name: str
    arguments: tuple[str, ...]


PLANS = {
    "check": (Pytest("fast", ("-m", FAST)),),
    "test": (
        Pytest("main", ("-m", "not alone", "-n", "2")),
        Pytest("alone", ("-m", "alone", *shares.alone_in(ROOT))),
    ),
    "soak": (Pytest("soak", ("-m", "soak", "--timeout=7200", "-s")),),
}


def main(arguments: list[str]) -> int:
    """Run one plan; every step runs even where an earlier one failed, so one run tells everything."""
    plan = arguments[0] if arguments else "check"
    if plan not in PLANS:
        print(f"there is {', '.join(PLANS)}", file=sys.stderr)
        return 2
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    started = time.monotonic()
    failed = []
    with tempfile.TemporaryDirectory(prefix="trinhky-tests-") as shared, ThreadPoolExecutor(1) as beside:
        linted = [] if plan == "soak" else [(name, beside.submit(lint, command)) for name, command in LINTERS]
        for step in PLANS[plan]:
            if not run_pytest(step, soak=plan == "soak", shared=shared, more=arguments[1:]):
                failed.append(step.name)
            while linted:
                name, words = linted.pop(0)
                if words.result():
                    failed.append(name)
                    print(f"== {name}\n{words.result()}")
    cases = report.read(REPORTS)
    print(report.over_budget(cases), end="")
    left_out = report.skipped(cases)
    print(left_out, end="")
    if left_out and os.environ.get("CI") == "true":
        failed.append("skipped tests (none may be left out in CI)")
    print(
        f"{plan}: {'FAILED: ' + ', '.join(failed) if failed else 'all green'} in {time.monotonic() - started:.0f} s"
    )
    return 1 if failed else 0


def lint(command: list[str]) -> str:
    """What it has to say; silent where all is well."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr + f"(exit status {done.returncode})" if done.returncode else ""


def run_pytest(step: Pytest, *, soak: bool, shared: str, more: list[str]) -> bool:
    """Its own words go to the terminal; the JUnit file feeds the budgets and the skips. `shared`: a folder for what
    is made once for all steps, the demo province."""
    print(f"== tests: {step.name}", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rfEs",
        f"--junitxml={REPORTS / step.name}.xml",
        *step.arguments,
        *more,
    ]
    environ = {
        **os.environ,
        **BYTECODE_KEPT,
        "TRINHKY_TESTS_SHARED": shared,
        **({"TRINHKY_SOAK": "1"} if soak else {}),
    }
    code = subprocess.run(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, check=False).returncode
    return code in (0, NO_TESTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
