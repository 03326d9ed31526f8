"""Tasks that misbehave, one way each, to prove the walls of `signing.jail`."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from signing.errors import BrokenInput
from signing.jail.child import JailResult


def echo(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    return JailResult(arguments, (payload,))


def environment(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    """What a parser gone bad could see of its surroundings."""
    return JailResult({"environ": dict(os.environ), "folder": os.getcwd(), "temp": tempfile.gettempdir()})


def spin(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    while True:
        pass


def sleep(_payload: bytes, arguments: dict[str, Any]) -> JailResult:
    time.sleep(arguments["seconds"])
    return JailResult(os.getpid())


def swallow(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    return JailResult(len(b"x" * (8 << 30)))


def recurse(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    return recurse(payload, arguments)


def shout(_payload: bytes, arguments: dict[str, Any]) -> JailResult:
    return JailResult(None, (b"x" * arguments["size"],))


def shout_json(_payload: bytes, arguments: dict[str, Any]) -> JailResult:
    return JailResult("x" * arguments["size"])


def fill_disk(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    with open("big", "wb") as file:
        for _ in range(4096):
            file.write(bytes(1 << 20))
    return JailResult()


def segfault(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    ctypes.string_at(0)
    return JailResult()


def leave(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    """Ends the process without an answer."""
    os._exit(0)


def stumble(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    raise KeyError("unexpected")


def refuse(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    raise BrokenInput("not_pdf", found="zip")


def read(_payload: bytes, arguments: dict[str, Any]) -> JailResult:
    return JailResult(None, (Path(arguments["path"]).read_bytes(),))


def write(_payload: bytes, arguments: dict[str, Any]) -> JailResult:
    Path(arguments["path"]).write_bytes(b"mine")
    return JailResult(Path(arguments["path"]).read_bytes().decode())


def connect(_payload: bytes, arguments: dict[str, Any]) -> JailResult:
    with socket.create_connection(("127.0.0.1", arguments["port"]), timeout=2):
        return JailResult("connected")


def leave_a_child_behind(_payload: bytes, _arguments: dict[str, Any]) -> JailResult:
    """Needs `processes`; the grandchild outlives its parent unless the group is killed."""
    left = subprocess.Popen(["/bin/sleep", "60"])
    return JailResult(left.pid)
