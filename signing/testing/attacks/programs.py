"""Our own verifier, and the programs that read signatures: pdfsig (Poppler) and mutool (MuPDF)."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from signing import DocumentVerdict, Evidence, TrustStore, verify, verify_detached
from signing.reasons import Conclusion
from signing.testing.attacks.answers import SECONDS, Answer, Said, Task, Validator
from signing.testing.attacks.rivals import PyHanko, is_there

_STATE = re.compile(r"Signature Validation: (.*)")
_SELF_SIGNED = "Certificate error: Self-signed certificate in chain."


def ask(task: Task) -> DocumentVerdict:
    """Our own verdict, as `python -m signing verify` gives it."""
    trust, evidence = TrustStore.of(*task.roots), Evidence(crls=task.crls)
    data = task.path.read_bytes()
    if task.content is None:
        return verify(data, trust=trust, at=task.at, evidence=evidence)
    return verify_detached(data, task.content.read_bytes(), trust=trust, at=task.at, evidence=evidence)


@dataclass(frozen=True, slots=True)
class Ours:
    name: str = "ours"
    version: str = "this tree"
    note: str = "roots, lists and time as in the index, policy `strict`; yes: `passed`"

    def judge(self, task: Task) -> Said:
        try:
            found = ask(task)
        except Exception as error:  # noqa: BLE001  what escapes is the answer
            return Said(Answer.BROKE, type(error).__name__)
        why = f"{found.verdict}: {found.reason}" if found.reason is not None else str(found.verdict)
        answers = {Conclusion.PASSED: Answer.YES, Conclusion.UNSIGNED: Answer.NONE}
        return Said(answers.get(found.verdict, Answer.NO), why)

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Pdfsig:
    version: str
    name: str = "pdfsig"
    note: str = (
        "`-nocert`: it cannot be given roots or lists; yes: every signature is valid, and one covers the whole file"
    )

    def judge(self, task: Task) -> Said:
        if task.content is not None:
            return Said(Answer.UNASKED)
        text = _output("pdfsig", "-nocert", str(task.path))
        if isinstance(text, Said):
            return text
        states = _STATE.findall(text)
        if not states:
            return Said(Answer.NONE)
        is_good = all(state == "Signature is Valid." for state in states) and "  - Total document signed" in text
        return Said(Answer.YES if is_good else Answer.NO)

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Mutool:
    version: str
    name: str = "mutool"
    note: str = (
        "`sign -v`: it cannot be given roots or lists, so a self-signed root is no error; yes: no other error, and "
        "one signature says that nothing changed since"
    )

    def judge(self, task: Task) -> Said:
        if task.content is not None:
            return Said(Answer.UNASKED)
        text = _output("mutool", "sign", "-v", str(task.path))
        if isinstance(text, Said):
            return text
        lines = [line.strip() for line in text.splitlines()]
        if not any("since signing" in line or " error:" in line for line in lines):
            return Said(Answer.NONE)
        errors = [line for line in lines if " error:" in line and line != _SELF_SIGNED]
        is_whole = "The document is unchanged since signing." in lines
        return Said(Answer.YES if is_whole and not errors else Answer.NO)

    def close(self) -> None:
        """Nothing is held."""


def _output(*command: str) -> str | Said:
    """What a program says on standard output, or that it ended badly."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Said(Answer.GAVE_UP)
    if done.returncode < 0:
        return Said(Answer.BROKE, f"signal {-done.returncode}")
    return done.stdout.decode(errors="replace")


def _version(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    found = re.search(rb"version (\S+)", done.stdout + done.stderr)
    return found[1].decode() if found else "unknown"


def found() -> tuple[list[Validator], list[str]]:
    """The validators that this machine has, ours first, and the names of those that it has not."""
    there: list[Validator] = [Ours()]
    missing: list[str] = []
    if is_there():
        there += [PyHanko(strict=True), PyHanko(strict=False)]
    else:
        missing.append("pyHanko")
    for program, arguments, kind in (("pdfsig", ("-v",), Pdfsig), ("mutool", ("-v",), Mutool)):
        if shutil.which(program):
            there.append(kind(_version(program, *arguments)))
        else:
            missing.append(program)
    return there, missing
