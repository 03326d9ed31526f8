"""Only doors commit: a service that committed would cut somebody's act in two."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.support import tree

ENGINE_ROOM = "workflow/store/session.py"
"""Where the unit of work itself does it; everywhere else `uow.commit()` is called."""

DOORS = {
    "workflow/web/context.py": "people: one commit for every request",
    "schedulers/due.py": "the clock: what was missed, written once under its job's lock",
    "schedulers/runner.py": "the clock: claim, results and failure of a period",
    "schedulers/jobs/anchor.py": "the clock: each anchor is durable before it is stamped",
    "schedulers/jobs/audit_pass.py": "the clock: what is mended, apart from what was found",
    "schedulers/jobs/backup.py": "the clock: that one was broken off is kept, whatever becomes of its turn",
    "schedulers/watch.py": "the clock: how far a run is, beside its transaction",
    "schedulers/jobs/bounces.py": "the clock: each message that came back, and how far the mailbox was read",
    "schedulers/jobs/bundles.py": "the clock: a bundle is taken first, how far it is told, then it is ready",
    "schedulers/jobs/collect.py": "the clock: each file from a folder or mailbox, and how far a mailbox was taken",
    "schedulers/jobs/explanations.py": "the clock: one unit of work an item that became late",
    "schedulers/jobs/freeze.py": "the clock: each agency's month is closed by itself, whole or not at all",
    "schedulers/jobs/monthly_reports.py": "the clock: a draft is opened, then its words are set",
    "schedulers/jobs/recount.py": "the clock: each closed month's recount is kept by itself",
    "schedulers/jobs/housekeeping.py": "the clock: each file is marked before it is deleted, and noted after",
    "schedulers/jobs/index_texts.py": "the clock: a document is taken first, each file's text is kept at once",
    "schedulers/jobs/outbox.py": "the clock: each message is marked at once, so that a kill repeats one at most",
    "schedulers/jobs/read_scans.py": "the clock: a scan is taken first, each page kept at once, each document told",
    "schedulers/jobs/recheck.py": "one unit of work a document",
    "schedulers/jobs/timestamps.py": "the clock: takes a document, then keeps its longer file, one after the other",
    "schedulers/jobs/revocation.py": "the clock: each list or answer that came, with when to ask again",
    "schedulers/jobs/remote_signatures.py": "the clock: each step of a request, each file of it by itself",
    "schedulers/jobs/settle.py": "the clock: a loop of acts, one signature each",
    "schedulers/jobs/trust_report.py": "the clock: each batch of a count is kept at once, so that a kill costs one",
    "workflow/sealer.py": "the seal process: its three acts on one document",
    "workflow/commands/backup.py": "the shell: what came of it, for the page",
    "workflow/commands/create_admin.py": "the shell",
    "workflow/commands/crl.py": "the shell",
    "workflow/commands/drill.py": "the shell: what came of it, for the page",
    "workflow/commands/migrate.py": "the shell: reference data after the migration",
    "workflow/commands/proof.py": "the shell: that a bundle was taken",
    "workflow/commands/restore.py": "the shell: logins are ended, then search is written a batch at a time",
    "workflow/commands/search.py": "the shell: a batch of rows at a time",
    "workflow/commands/trust.py": "the shell",
    "workflow/demo/closing.py": "the demo: each closed month, each recount",
    "workflow/demo/arrivals.py": "the demo: it lives through the services",
    "workflow/demo/inside.py": "the demo: heads open what their parts were given",
    "workflow/demo/at_once.py": "the demo: runs, one commit for each document",
    "workflow/demo/authority.py": "the demo: its revocation lists",
    "workflow/demo/dossiers.py": "the demo: plans and dossiers",
    "workflow/demo/inspecting.py": "the demo: an inspection, targets, entered figures",
    "workflow/demo/lateness.py": "the demo: what became late, and who answers for it",
    "workflow/demo/life.py": "the demo: every act of its people",
    "workflow/demo/misbehaving.py": "the demo logs in and goes away at past times",
    "workflow/demo/seed.py": "the demo: its founding and its end",
    "workflow/demo/waiting.py": "the demo: signers open what waits for them",
}
BELOW = ("workflow", "signing", "schedulers", "wsgi.py", "bench")


def commits(source: ast.Module) -> Counter[str]:
    """What `.commit` is taken of, as written."""
    return Counter(
        ast.unparse(node.value)
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    )


def found() -> dict[str, Counter[str]]:
    """File → its commits."""
    every = {path.as_posix(): commits(tree.parsed(path)) for path in tree.python(*BELOW)}
    return {name: count for name, count in every.items() if count and not name.startswith("bench/")}


def test_only_the_listed_doors_commit() -> None:
    """A new door needs a line and a second look; a file that stops committing loses its line."""
    assert set(found()) - {ENGINE_ROOM} == set(DOORS)


def test_doors_commit_units_of_work_and_nothing_else() -> None:
    """A session committed behind the back of its unit of work would leave that believing that it writes."""
    elsewhere = {name: dict(count) for name, count in found().items() if name != ENGINE_ROOM}
    wrong = {name: count for name, count in elsewhere.items() if set(count) - {"uow", "current().uow"}}
    assert wrong == {}


def test_one_line_of_the_program_commits_a_session() -> None:
    """`UnitOfWork.commit` is the only way to make something durable."""
    assert found()[ENGINE_ROOM] == Counter({"self.session": 1})


def test_a_commit_is_seen_in_every_dress() -> None:
    """The positive control: called, or handed on to be called."""
    source = ast.parse("def f(uow, s):\n    s.commit()\n    later(uow.commit)\n")
    assert commits(source) == Counter({"s": 1, "uow": 1})
    assert Path(tree.ROOT, ENGINE_ROOM).is_file()
