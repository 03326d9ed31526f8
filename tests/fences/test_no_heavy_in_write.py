"""Heavy work (signing, files, typesetting) stays out of write transactions: services reach it by `uow.compute`.

With 50 ms of work inside a write transaction, four writers of one SQLite file wait for seconds.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.support import tree
from workflow.store.session import unit_of_work

HEAVY = ("signing", "workflow.adapters", "zlib")
"""Packages whose functions may take long; a month's list is a megabyte, packed. Their classes, enumerations and
errors are values and may be used."""

STORES = frozenset({"blobs"})
"""The name that services give to the blob storage: each of its methods reaches a disk or a network."""

ALLOWED = {
    "workflow/services/arrival_channels.py:MailServer.from_url": "parses a setting",
    "workflow/services/arrival_channels.py:Mark.from_json": "reads a row's value",
    "workflow/services/returned.py:Mark.from_json": "reads a row's value",
    "workflow/services/returned.py:bounces.told": "between units of work; each mail is marked in its own",
    "workflow/services/intake.py:DocumentVerdict.from_json": "reads a stored verdict, a few kilobytes",
    "workflow/services/exchange/delivering.py:DocumentVerdict.from_json": "the same",
    "workflow/services/copies/rechecking.py:DocumentVerdict.from_json": "the same",
    "workflow/services/verification/answers.py:DocumentVerdict.from_json": "the same",
    "workflow/services/verification/rechecking.py:DocumentVerdict.from_json": "the same",
    "workflow/services/verification/rechecking_attached.py:DocumentVerdict.from_json": "the same",
    "workflow/services/channels.py:MailServer.from_url": "parses a setting",
    "workflow/services/channels.py:Server.from_url": "parses a setting",
    "workflow/services/channels.py:by_mail": "parses a setting",
    "workflow/services/channels.py:Gateway.from_setting": "parses a setting",
    "workflow/services/channels.py:Sender.from_setting": "parses a setting",
    "workflow/services/channels.py:hooks": "parses a setting",
    "workflow/services/anchor_stamps.py:stamp": "the job hands `ask` to `compute`",
    "workflow/services/anchor_stamps.py:check_token": "in a pass over the journal, handed to `compute`",
    "workflow/services/anchor_stamps.py:inspect_certificate": "the same",
    "workflow/services/evidence_fetching.py:fetch": "`ask` is given no unit of work: the job runs it in a thread",
    "workflow/services/evidence_fetching.py:ocsp_question": "the same",
    "workflow/services/evidence_places.py:signing.check_certificate": "within `_of_batch`, which compute runs",
    "workflow/services/evidence_places.py:signing.inspect_certificate": "the same, and `_never_asked`",
    "workflow/services/signing/remote/services.py:providers": "parses a setting",
    "workflow/services/figures/recounting.py:zlib.decompress": "within `_held_against`, which compute runs; pages",
    "workflow/services/fetching.py:parse": "parses a setting",
    "workflow/services/sunsets.py:DocumentVerdict.from_json": "within `_one_by_one`, which compute runs",
    "workflow/services/sunsets.py:names_of": "within `_using`, which compute runs",
    "workflow/services/sunsets.py:signing.check_certificate": "the same",
    "workflow/services/sunsets.py:signing.inspect_certificate": "the same",
    "workflow/services/notice_words.py:of_feature": "one small file of words, read once in a process",
    "workflow/services/report_texts.py:of_feature": "the same",
}


@dataclass(slots=True)
class Service:
    """One module of services: what it imports, calls, and hands to `compute`."""

    path: Path
    source: ast.Module
    names: dict[str, str] = field(default_factory=dict)
    """Name in the module → where it comes from: a module, or module and name."""

    def read_imports(self) -> None:
        """Fill `names` with everything that comes from a heavy package."""
        for node in ast.walk(self.source):
            if isinstance(node, ast.Import):
                self.names |= {a.asname or a.name.split(".")[0]: a.name for a in node.names if is_heavy(a.name)}
            if isinstance(node, ast.ImportFrom) and is_heavy(node.module or ""):
                self.names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}

    def handed_over(self) -> set[str]:
        """Names of functions given to `compute`: inside of them heavy calls are at home."""
        return {
            call.args[0].id
            for call in calls(self.source)
            if _is_compute(call) and call.args and isinstance(call.args[0], ast.Name)
        }

    def heavy_calls(self, at_home: set[str]) -> Iterator[str]:
        """Direct calls of heavy functions, as written, outside the functions that `compute` runs."""
        for call in _outside(self.source, at_home):
            written = ast.unparse(call.func)
            first, _dot, rest = written.partition(".")
            if (first in STORES and rest) or (first in self.names and is_function(self.names[first], rest)):
                yield f"{self.path.as_posix()}:{written}"


def is_heavy(module: str) -> bool:
    """Within one of the heavy packages."""
    return any(module == one or module.startswith(f"{one}.") for one in HEAVY)


def is_function(origin: str, rest: str) -> bool:
    """Whether `origin` (a module, or a name in one) and the words after it are a function and not a class."""
    found: Any = _import(origin)
    for word in filter(None, rest.split(".")):
        found = getattr(found, word)
    return inspect.isroutine(found)


def _import(origin: str) -> Any:
    try:
        return importlib.import_module(origin)
    except ModuleNotFoundError:
        module, _dot, name = origin.rpartition(".")
        return getattr(importlib.import_module(module), name)


def calls(source: ast.AST) -> Iterator[ast.Call]:
    """Every call below a node."""
    return (node for node in ast.walk(source) if isinstance(node, ast.Call))


def _is_compute(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "compute"


def _outside(node: ast.AST, at_home: set[str]) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef) and child.name in at_home:
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _outside(child, at_home)


def services() -> list[Service]:
    """Every module of `workflow/services`."""
    found = [Service(path, tree.parsed(path)) for path in tree.python("workflow/services")]
    for service in found:
        service.read_imports()
    return found


def test_services_reach_heavy_work_by_compute_only() -> None:
    """The exceptions are listed with their reason, and only while they are needed."""
    every = services()
    at_home = set().union(*(service.handed_over() for service in every))
    assert {call for service in every for call in service.heavy_calls(at_home)} == set(ALLOWED)


def test_what_compute_runs_is_never_called_directly() -> None:
    """A function that may do heavy work because `compute` runs it must not be taken into a write by the hand."""
    every = services()
    at_home = set().union(*(service.handed_over() for service in every))
    direct = {
        f"{service.path.as_posix()}:{call.func.id}"
        for service in every
        for call in _outside(service.source, at_home)
        if isinstance(call.func, ast.Name) and call.func.id in at_home
    }
    assert direct == set()


def test_a_direct_call_is_seen() -> None:
    """The positive control: library, adapter and storage are seen; values, errors and `compute` are not."""
    source = ast.parse(
        "import signing\nfrom workflow.adapters import render\n"
        "def act(uow, blobs):\n"
        "    uow.compute(signing.verify, b'')\n    signing.Receipt(1, 2)\n"
        "    signing.verify(b'')\n    render.seal_stamp()\n    blobs.get('x')\n"
        "def work():\n    signing.verify(b'')\n"
    )
    service = Service(Path("act.py"), source)
    service.read_imports()
    assert list(service.heavy_calls({"work"})) == [
        "act.py:signing.verify",
        "act.py:render.seal_stamp",
        "act.py:blobs.get",
    ]


def test_heavy_work_is_refused_inside_a_write(engine: Engine) -> None:
    """And it is not begun: the refusal comes before the first instruction of it."""
    begun: list[str] = []
    with unit_of_work(engine) as uow:
        uow.begin_write()
        with pytest.raises(RuntimeError, match="append: heavy work was asked for inside a write transaction"):
            uow.compute(begun.append, "verify")
    assert begun == []


def test_heavy_work_runs_with_no_transaction_open(engine: Engine) -> None:
    """Not even a read snapshot is held through it, and after a commit the next act may compute again."""
    with unit_of_work(engine) as uow:
        uow.session.execute(text("SELECT 1"))
        assert uow.session.in_transaction()
        assert uow.compute(uow.session.in_transaction) is False
        uow.begin_write()
        uow.commit()
        assert uow.compute(sum, [20, 22]) == 42
