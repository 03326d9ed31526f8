"""Checks that ask the database. What its driver raises is told in words, whatever it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from workflow.checks import Finding, Installation, fine, refuse, warn
from workflow.store import health, migrate
from workflow.store.session import make_engine

LARGEST_DRIFT_S = 5


def shape(at: Installation) -> Iterator[Finding]:
    """Reachable, and at this version's newest revision."""
    try:
        current = migrate.current(at.settings.database_url)
    except Exception as error:  # noqa: BLE001  a door: any driver's failure becomes a sentence
        yield refuse("database", f"cannot be reached: {first_line(error)}")
        return
    if current == migrate.head():
        yield fine("database", f"at revision {current}")
    else:
        yield refuse(
            "database", f"is at revision {current}, this version needs {migrate.head()}: run `trinhky migrate`"
        )


def demo_mark(at: Installation) -> Iterator[Finding]:
    """A demo's data must never be served as an office's."""
    if ask(at, health.is_demo):
        yield refuse("demo", "this database is marked as a demo: use one of its own for the office")


def demo_roots(at: Installation) -> Iterator[Finding]:
    """Whoever has the demo's keys could sign as anybody."""
    if labels := ask(at, health.demo_roots):
        yield refuse("trust", f"made-up trust roots are believed ({', '.join(labels)}): retire them")


def web_role(at: Installation) -> Iterator[Finding]:
    """The role of the web must not be able to switch off the triggers that keep the journal."""
    if role := ask(at, health.role_that_owns_tables):
        yield refuse(
            "database role",
            f"the role {role!r} owns tables: `trinhky migrate --roles` prints how to make two roles, one that "
            "migrates and one that serves",
        )
    elif wide := ask(at, health.rights_too_wide):
        yield warn(
            "database role",
            f"the role of the web has rights it does not need ({', '.join(wide)}): migrate as the owner, which "
            "grants what is needed, and take the rest away",
        )


def drift(at: Installation) -> Iterator[Finding]:
    """Between this machine's clock and the database server's."""
    before = dt.datetime.now(dt.UTC)
    theirs = ask(at, health.clock)
    if theirs is None:
        return
    seconds = abs((theirs - before).total_seconds())
    if seconds > LARGEST_DRIFT_S:
        yield warn("clock", f"this machine and the database differ by {seconds:.0f} s: set up NTP on both")
    else:
        yield fine("clock", "agrees with the database server's")


def ask(at: Installation, question: Callable[..., Any]) -> Any:
    """None where the database cannot answer; `shape` has then said why."""
    engine = make_engine(at.settings.database_url)
    try:
        return question(engine) if health.tables(engine) else None
    except Exception:  # noqa: BLE001  as in `shape`, which reports it
        return None
    finally:
        engine.dispose()


def first_line(error: BaseException) -> str:
    """Drivers write paragraphs."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
