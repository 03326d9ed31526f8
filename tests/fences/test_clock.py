"""Below the doors nobody looks at a clock: `now` is a parameter, so that every figure can be made again."""

from __future__ import annotations

import ast
import re

import pytest

from tests.support import tree

BELOW = (
    "workflow/domain",
    "workflow/services",
    "workflow/store",
    "workflow/adapters",
    "workflow/config.py",
    "signing",
)

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "func": {"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp"},
}
"""By the last word before the dot: `dt.datetime.now`, `time.time`, `func.now` of SQL. Monotonic clocks measure
how long something takes and may be used."""

SQLITE = frozenset({"strftime", "datetime", "date", "julianday", "unixepoch"})
SQL = re.compile(
    r"\b(clock_timestamp|now|statement_timestamp)\s*\(|\bcurrent_(timestamp|date|time)\b", re.IGNORECASE
)

READERS = {
    "signing/__main__.py": "the shell's own door to the library: `at` is now where nobody says otherwise",
    "workflow/store/clock.py": "leases of jobs are compared by the database's clock, which all hosts share",
    "workflow/store/migrations/versions/0056_standing.py": "inspectors' posts end a year after its own day",
    "workflow/store/health.py": "`trinhky doctor` compares the database's clock with this machine's",
}


def clocks(source: ast.Module) -> list[str]:
    """Every clock that is read, or handed on to be read (`default=datetime.now`), as written."""
    found = []
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS.get(_last_word(node.value), ()):
            found.append(ast.unparse(node))
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [f"time.{alias.name}" for alias in node.names if alias.name in CLOCKS["time"]]
        if isinstance(node, ast.Call) and (_is_sqlite_now(node) or _is_sql_text(node)):
            found.append(ast.unparse(node))
    return found


def _last_word(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_sqlite_now(node: ast.Call) -> bool:
    """SQLite's `strftime(…, 'now')` and its relatives."""
    words = {value.value for value in node.args if isinstance(value, ast.Constant)}
    return "now" in words and _last_word(node.func) in SQLITE


def _is_sql_text(node: ast.Call) -> bool:
    written = [value.value for value in node.args if isinstance(value, ast.Constant)]
    return _last_word(node.func) in {"text", "exec_driver_sql"} and any(SQL.search(str(one)) for one in written)


def test_nobody_below_the_doors_reads_a_clock() -> None:
    """The exceptions are listed with their reason, and only while they need it."""
    found = {path.as_posix(): clocks(tree.parsed(path)) for path in tree.python(*BELOW)}
    assert {name for name, read in found.items() if read} == set(READERS), found


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now()",
        "dt.datetime.now(dt.UTC)",
        "column(default=datetime.utcnow)",
        "dt.date.today()",
        "time.time()",
        "from time import time",
        "select(func.now())",
        "func.strftime('%Y', 'now')",
        "text('SELECT CURRENT_TIMESTAMP')",
    ],
)
def test_every_clock_is_seen(line: str) -> None:
    """The positive control."""
    assert clocks(ast.parse(line))


@pytest.mark.parametrize("line", ["time.monotonic()", "journal.now", "now.date()", "bindparam('now')"])
def test_other_times_are_not_taken_for_clocks(line: str) -> None:
    """A stop watch is no clock, and a moment that came as a parameter is what we want."""
    assert clocks(ast.parse(line)) == []
