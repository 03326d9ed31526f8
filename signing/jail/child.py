"""Inside the jail: one task, one answer, then the process ends."""

from __future__ import annotations

import errno
import importlib
import os
import socket
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from typing import Any

from signing.jail import confine, wire
from signing.jail.limits import Bounds

MAX_TEXT = 2000
ALLOWED = ("signing.", "workflow.adapters.")


@dataclass(frozen=True, slots=True)
class JailResult:
    """What a task gives back: something JSON can hold, and byte strings beside it."""

    json: Any = None
    blobs: tuple[bytes, ...] = field(default_factory=tuple)


def load(task: str) -> Any:
    """The function behind `module:function`; only modules of ours may be named."""
    module, _, name = task.partition(":")
    if not module.startswith(ALLOWED) or not name:
        raise ImportError(f"not a task: {task}")
    return getattr(importlib.import_module(module), name)


def become(data: socket.socket, bounds: Bounds, *, task: str, work: str) -> None:
    """Confine this freshly forked process, do the task, answer. Never returns."""
    status = 1
    try:
        confine.die_with_parent()
        _redirect()
        os.chdir(work)
        tempfile.tempdir = work
        os.environ.clear()
        os.environ.update({"TMPDIR": work, "HOME": work, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
        confine.cut_files(work, bounds.readable)
        confine.limit_resources(bounds)
        answer, blobs = _attempt(data, task, size=bounds.output)
        wire.send(data, answer, blobs)
        status = 0
    except BaseException:  # noqa: BLE001  a door: nothing may escape into the forking process
        status = 1
    finally:
        os._exit(status)


def _redirect() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)


def _attempt(data: socket.socket, task: str, *, size: int) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """The task's answer, or what went wrong as plain words."""
    request, blobs = wire.receive(data, sys.maxsize)
    try:
        result = load(task)(blobs[0], request["arguments"])
        if not isinstance(result, JailResult):
            raise TypeError("a task returns JailResult")
        if sum(len(blob) for blob in result.blobs) > size:
            return {"limit": "output"}, ()
        return {"json": result.json}, result.blobs
    except MemoryError:
        return {"limit": "memory"}, ()
    except RecursionError:
        return {"limit": "recursion"}, ()
    except Exception as error:  # noqa: BLE001  a door: every failure becomes an answer
        return _failure(error), ()


def _failure(error: Exception) -> dict[str, Any]:
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return {"limit": "file_size"}
    code = getattr(error, "code", None)
    details = getattr(error, "details", None)
    if isinstance(code, str) and isinstance(details, dict):
        plain = {
            key: value if isinstance(value, str | int | float) else str(value) for key, value in details.items()
        }
        return {"refused": code, "details": plain}
    where = "".join(traceback.format_exception(error))[-MAX_TEXT:]
    return {"crashed": type(error).__name__, "text": str(error)[:MAX_TEXT], "where": where}
