"""pyHanko's full validation, strict and lenient, in a process of its own that may hang or grow.

The only module of this package that imports pyHanko, a development dependency, and only when it is asked.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import logging
import multiprocessing
import resource
from datetime import datetime
from importlib.metadata import version
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from signing.testing.attacks.answers import SECONDS, Answer, Said, Task

MEMORY = 2 << 30
"""Bytes of address space that one validation may take."""
_Question = tuple[bytes, bytes | None, tuple[bytes, ...], tuple[bytes, ...], str, bool]


def is_there() -> bool:
    """Whether pyHanko is installed, which only development needs."""
    return importlib.util.find_spec("pyhanko") is not None


class PyHanko:
    """Every signature and document timestamp must have a good `bottom_line`, with revocation required."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def name(self) -> str:
        return f"pyHanko {'strict' if self.strict else 'lenient'}"

    @property
    def version(self) -> str:
        return version("pyhanko")

    @property
    def note(self) -> str:
        given = f"`strict={self.strict}`, roots, lists and time as in the index, revocation `require`"
        return f"{given}; yes: every signature's bottom line is good, every timestamp's as well"

    def judge(self, task: Task) -> Said:
        pipe = self._open()
        content = None if task.content is None else task.content.read_bytes()
        pipe.send((task.path.read_bytes(), content, task.roots, task.crls, task.at.isoformat(), self.strict))
        try:
            if not pipe.poll(SECONDS):
                self.close()
                return Said(Answer.GAVE_UP)
            found: Said = pipe.recv()
            return found
        except (EOFError, ConnectionError):
            self.close()
            return Said(Answer.BROKE, "process ended")

    def _open(self) -> Connection:
        if self._pipe is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, far = context.Pipe()
            self._process = context.Process(target=_serve, args=(far,), daemon=True)
            self._process.start()
            far.close()
        return self._pipe

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    """The other process: one answer for each question."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)
    while True:
        try:
            question: _Question = pipe.recv()
        except EOFError:
            return
        try:
            said = _validate(*question)
        except Exception as error:  # noqa: BLE001  what escapes is the answer
            said = Said(Answer.NO if _is_own(error) else Answer.BROKE, type(error).__name__)
        pipe.send(said)


def _is_own(error: Exception) -> bool:
    """Its own kinds of exception are how it refuses; others got away from it."""
    return type(error).__module__.startswith("pyhanko")


def _validate(
    data: bytes, content: bytes | None, roots: tuple[bytes, ...], crls: tuple[bytes, ...], at: str, strict: bool
) -> Said:
    from asn1crypto import cms, pem, x509  # noqa: PLC0415  development only
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  development only
    from pyhanko.sign import validation  # noqa: PLC0415  as above
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415  as above

    def context() -> Any:
        return ValidationContext(
            trust_roots=[x509.Certificate.load(root) for root in roots],
            crls=list(crls),
            moment=datetime.fromisoformat(at),
            allow_fetching=False,
            revocation_mode="require",
        )

    if content is not None:
        plain = pem.unarmor(data)[2] if pem.detect(data) else data
        signed = cms.ContentInfo.load(plain)["content"]
        made = validation.async_validate_detached_cms(io.BytesIO(content), signed, context(), context())
        return Said(Answer.YES if asyncio.run(made).bottom_line else Answer.NO)
    reader = PdfFileReader(io.BytesIO(data), strict=strict)
    regular, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    if not regular and not stamps:
        return Said(Answer.NONE)
    lines = [validation.validate_pdf_signature(item, context(), context()).bottom_line for item in regular]
    lines += [_is_good(validation.validate_pdf_timestamp(item, context())) for item in stamps]
    return Said(Answer.YES if regular and all(lines) else Answer.NO)


def _is_good(stamp: Any) -> bool:
    """What a bottom line would be; a document timestamp has none."""
    return bool(stamp.valid and stamp.intact and stamp.trusted and stamp.modification_level.name != "OTHER")
