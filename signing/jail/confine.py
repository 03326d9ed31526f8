"""What the kernel takes away from a child: network, files, privileges, resources. Linux, best effort.

Only the resource limits are certain everywhere; `network_cut` and `files_cut` say whether the rest took hold.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from signing.jail.limits import Bounds

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# The Landlock system calls have the same numbers on every architecture.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIR, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
_ALL_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_TCP_RIGHTS = 0b11
_FILE_ONLY = _EXECUTE | (1 << 1) | _READ_FILE | (1 << 14)
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Be killed when the process that forked us ends."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def cut_network() -> bool:
    """An empty network namespace for us and everything forked later; False where that is not permitted."""
    if _libc is None:
        return False
    tries = (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    return any(int(_libc.unshare(flags)) == 0 for flags in tries)


def limit_resources(bounds: Bounds) -> None:
    """Processor time, address space, file size, no core dump, no processes."""
    seconds = max(1, int(bounds.cpu + 0.999))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file_size, bounds.file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if bounds.processes == 0:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def landlock_version() -> int:
    """0 where the kernel has none."""
    if _libc is None:
        return 0
    return max(0, int(_libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def cut_files(work: str, readable: Iterable[str]) -> bool:
    """Reading only below the interpreter, our code and the system's libraries; writing only below `work`.

    Files of the service (database, keys, settings, other processes in /proc) become unreachable, and so does
    TCP where the kernel knows how (Landlock 4). False where the kernel cannot.
    """
    version = landlock_version()
    if _libc is None or version == 0:
        return False
    rights = _ALL_FILE_RIGHTS[min(version, 3)]
    attributes = struct.pack("=QQ", rights, _TCP_RIGHTS) if version >= 4 else struct.pack("=Q", rights)
    ruleset = _libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    reading = _READ_FILE | _READ_DIR | _EXECUTE
    for path in (*_code_folders(), *_SYSTEM, "/proc/self", *readable):
        _allow(ruleset, path, reading)
    for folder in sys.path:
        _allow(ruleset, folder, _READ_DIR)
    for device in _DEVICES:
        _allow(ruleset, device, _READ_FILE | 1 << 1)
    _allow(ruleset, work, rights)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = int(_libc.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))) == 0
    os.close(ruleset)
    return held


def _code_folders() -> tuple[str, ...]:
    """The interpreter, its packages, and the packages of this project (not the folder they lie in)."""
    root = Path(__file__).resolve().parents[2]
    ours = (str(root / name) for name in ("signing", "workflow"))
    packages = (path for path in sys.path if path.endswith(("site-packages", "dist-packages")))
    return (sys.prefix, sys.base_prefix, *packages, *ours)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if os.path.isdir(path) else rights & _FILE_ONLY
        rule = struct.pack("=Qi", allowed, place)
        if _libc is not None:
            _libc.syscall(_LANDLOCK_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0))
    finally:
        os.close(place)
