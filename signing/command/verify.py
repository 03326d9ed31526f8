"""`python -m signing verify`: many files, one answer each, in the order given."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

from signing.cms.mime import MAX_HEADER, may_be_signature
from signing.command import inputs
from signing.command.crew import Crew
from signing.command.inputs import NotReadable, mapped
from signing.errors import SigningError
from signing.json_lines import as_json
from signing.path import given
from signing.path.evidence import Evidence
from signing.path.policy import DAILY, STRICT, Policy
from signing.path.trust import TrustAnchor, TrustStore
from signing.reasons import Conclusion, Reason
from signing.report import as_lines, as_plain, unjudged
from signing.verification.detached import verify_detached
from signing.verification.document import verify
from signing.verification.verdict import DocumentVerdict

POLICIES = {policy.name: policy for policy in (STRICT, DAILY)}
MAX_DOCUMENT = 1 << 29
"""Bytes of a PDF, which is read whole; what lies beside a signature is only mapped and may be of any size."""
MAX_JOBS = 64
_YEARS = range(1990, 2200)
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every file of one call. `content`: the file that signatures beside it are about."""

    trust: TrustStore
    evidence: Evidence
    at: datetime
    policy: Policy
    as_json: bool
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The answer about one file, as it is printed."""

    text: str
    passed: bool


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("verify", help="verify the signatures of PDF and CMS files")
    repeated = partial(check.add_argument, action="append", default=[])
    repeated("--trust", metavar="PEM|DER|DIR", help="listed roots")
    repeated("--crl", metavar="FILE", help="revocation list, PEM or DER")
    repeated("--ocsp", metavar="FILE", help="OCSP response, DER")
    repeated("--cert", metavar="FILE", help="further certificates for the path, PEM or DER")
    check.add_argument("--at", metavar="ISO8601", help="the time to judge at (default: now); it proves nothing")
    check.add_argument("--policy", choices=sorted(POLICIES), default=STRICT.name)
    check.add_argument("--offline", action="store_true", help="never fetch anything (nothing is fetched anyway)")
    check.add_argument("--detached", metavar="DATA", help="the file that the signatures (.p7s) are about")
    check.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    check.add_argument("--json", action="store_true", help="one JSON object per file")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.set_defaults(run=run, refuse=check.error)


def run(options: argparse.Namespace) -> int:
    """Exit 0: all passed; 1: something did not; 2, before anything is judged: wrong usage."""
    try:
        settings, size = _settings(options), _size(options)
    except (OSError, ValueError, SigningError) as error:
        options.refuse(str(error))
        return 2
    crew = Crew(partial(judge, settings), partial(_lost, settings), size=size)
    passed = True
    for index, said in enumerate(crew.run(options.files), start=1):
        sys.stdout.write(said.text + "\n")
        sys.stdout.flush()
        passed = passed and said.passed
        _progress(index, len(options.files))
    return 0 if passed else 1


def _size(options: argparse.Namespace) -> int:
    wanted: int = options.jobs
    if wanted < 1:
        raise ValueError("--jobs must be 1 or more")
    return min(wanted, len(options.files), MAX_JOBS)


def _settings(options: argparse.Namespace) -> Settings:
    if options.detached is not None:
        _hold_readable(options.detached)
    return Settings(
        trust=TrustStore(tuple(TrustAnchor(der) for der in _all(map(given.roots, options.trust)))),
        evidence=Evidence(
            certificates=_all(map(given.certificates, options.cert)),
            crls=_all(map(inputs.crls, options.crl)),
            ocsps=_all(map(inputs.answers, options.ocsp)),
        ),
        at=options.now if options.at is None else _time(options.at),
        policy=POLICIES[options.policy],
        as_json=options.json,
        content=options.detached,
    )


def _hold_readable(file: str) -> None:
    try:
        with mapped(file):
            return
    except NotReadable as error:
        raise ValueError(f"{file}: {error}") from error


def _all(found: Iterable[Iterable[bytes]]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def _time(text: str) -> datetime:
    at = given.moment(text)
    if at.year not in _YEARS:
        raise ValueError(f"--at: the year {at.year} is out of range")
    return at


def judge(settings: Settings, file: str) -> Said:
    """The answer about one file, whatever it is: this is the door behind which nothing may be a traceback."""
    try:
        verdict = _verdict(settings, file)
    except NotReadable as error:
        return _unjudged(settings, file, Conclusion.MALFORMED, Reason.FILE_UNREADABLE, detail=str(error))
    except MemoryError:
        return _lost(settings, file, "memory")
    except Exception as error:  # noqa: BLE001  the door: an error of ours is an open answer about one file
        return _unjudged(
            settings, file, Conclusion.INDETERMINATE, Reason.NEEDS_CAREFUL_CHECK, detail=type(error).__name__
        )
    text = as_json(as_plain(file, verdict)) if settings.as_json else None
    return Said(text or "\n".join(as_lines(file, verdict)), verdict.verdict is Conclusion.PASSED)


def _verdict(settings: Settings, file: str) -> DocumentVerdict:
    """What a file is, its first bytes say; with `--detached` it must be a signature."""
    with mapped(file) as view:
        beside = partial(
            verify_detached, view, trust=settings.trust, at=settings.at, evidence=settings.evidence,
            policy=settings.policy,
        )  # fmt: skip
        if settings.content is not None:
            with mapped(settings.content) as content:
                return beside(content)
        if may_be_signature(view[:MAX_HEADER]):
            return beside()
        if len(view) > MAX_DOCUMENT and b"%PDF-" in view[:_HEAD]:
            raise MemoryError
        document = view[: MAX_DOCUMENT if len(view) <= MAX_DOCUMENT else _HEAD]  # enough to see that it is no PDF
        return verify(
            document, trust=settings.trust, at=settings.at, evidence=settings.evidence, policy=settings.policy
        )


def _lost(settings: Settings, file: str, why: str) -> Said:
    """`why`: memory, timeout, died."""
    return _unjudged(settings, file, Conclusion.INDETERMINATE, Reason.RESOURCE_LIMIT, detail=why)


def _unjudged(settings: Settings, file: str, verdict: Conclusion, reason: Reason, *, detail: str) -> Said:
    plain, lines = unjudged(file, verdict, reason, detail=detail)
    return Said(as_json(plain) if settings.as_json else "\n".join(lines), passed=False)


def _progress(done: int, total: int) -> None:
    """On a terminal only, a hundred times at most."""
    if (
        total > 1
        and sys.stderr is not None
        and sys.stderr.isatty()
        and (done == total or done % max(1, total // 100) == 0)
    ):
        sys.stderr.write(f"\r{done}/{total}" + ("\n" if done == total else ""))
        sys.stderr.flush()
