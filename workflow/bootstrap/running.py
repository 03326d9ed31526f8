"""Run an installing program: its words go to a log, and a failure becomes one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflow.bootstrap.stop import Stop

LOG = Path(".setup") / "log.txt"
NO_NETWORK = (
    "dns error", "failed to lookup", "name resolution", "name or service not known", "getaddrinfo", "enotfound",
    "eai_again", "error sending request", "connection refused", "econnrefused", "network is unreachable",
    "enetunreach", "could not connect", "tunnel", "timed out", "etimedout", "newconnectionerror",
    "proxyerror", "connection reset", "econnreset", "no matching distribution found", "failed to fetch", "offline",
)  # fmt: skip
"""How uv, pip and npm say, somewhere in a chain of causes, that there was no network. In lower case."""
UNTRUSTED = ("unknownissuer", "invalid peer certificate", "certificate verify failed", "self-signed certificate",
             "unable_to_get_issuer_cert", "unable to get local issuer")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How it ended, and what it was for."""

    what: str
    failed: bool
    network: bool = False
    certificate: bool = False
    full_disk: bool = False
    last_words: str = ""

    def stop_if_failed(self, root: Path) -> None:
        """One sentence; everything that was said stands in the log."""
        if not self.failed:
            return
        if self.certificate:
            raise Stop(
                f"A certificate was not trusted while {self.what} (a proxy looks into TLS?): set SSL_CERT_FILE "
                f"to the file of your office's certificates, then run the same command again. Details: {LOG}"
            )
        if self.network:
            raise Stop(
                f"No network while {self.what}: connect once, or name your office's package index "
                f"(see CONTRIBUTING.md, “A private index”), then run the same command again. Details: {LOG}"
            )
        if self.full_disk:
            raise Stop(f"The disk is full while {self.what}; about 2 GB are needed.")
        raise Stop(f"Failed while {self.what}: {self.last_words} Details: {root / LOG}")


def run(
    command: Sequence[str | Path],
    root: Path,
    *,
    what: str,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
    timeout: int = 1800,
) -> Result:
    """Run in `folder` (else `root`), tell the person what is going on, keep the output in the log."""
    print(f"… {what}", file=sys.stderr, flush=True)
    log = root / LOG
    log.parent.mkdir(exist_ok=True)
    try:
        done = subprocess.run(
            command,
            cwd=folder or root,
            env={**os.environ, **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
        code, output = done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        code, output = 1, (late.stdout or b"").decode(errors="replace") + f"\ntimed out after {timeout} s"
    with log.open("a") as file:
        file.write(f"$ {' '.join(map(str, command))}\n{output}\nexit {code}\n\n")
    return judge(what, code, output)


def judge(what: str, code: int, output: str) -> Result:
    """Read the program's words for the causes that have a sentence of their own."""
    lower = output.lower()
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return Result(
        what=what,
        failed=code != 0,
        network=any(sign in lower for sign in NO_NETWORK),
        certificate=any(sign in lower for sign in UNTRUSTED),
        full_disk="no space left" in lower or "enospc" in lower,
        last_words=lines[-1][:300] if lines else f"exit status {code}.",
    )
