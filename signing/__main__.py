"""`python -m signing verify FILE...`. Exit 0: all passed; 1: something did not; 2: wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import SigningError
from signing.path.answers import load_crl
from signing.path.evidence import Evidence
from signing.path.policy import DAILY, STRICT, Policy
from signing.path.trust import TrustAnchor, TrustStore, split_certificates
from signing.reasons import Conclusion, Reason
from signing.report import as_lines, as_plain
from signing.verification.document import verify

_POLICIES = {policy.name: policy for policy in (STRICT, DAILY)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every file of one call."""

    trust: TrustStore
    evidence: Evidence
    at: datetime
    policy: Policy
    as_json: bool


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        settings = _settings(options)
    except (OSError, ValueError, SigningError) as error:
        parser.error(str(error))
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    passed = True
    with _results(options.files, settings, jobs=options.jobs) as results:
        for index, (text, good) in enumerate(results, start=1):
            print(text, flush=True)
            passed = passed and good
            _progress(index, len(options.files))
    return 0 if passed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m signing")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("verify", help="verify the signatures of PDF files")
    check.add_argument("--trust", action="append", default=[], metavar="PEM|DER|DIR", help="listed roots")
    check.add_argument("--crl", action="append", default=[], metavar="FILE", help="revocation list, PEM or DER")
    check.add_argument("--at", metavar="ISO8601", help="the time to judge at (default: now); it proves nothing")
    check.add_argument("--policy", choices=sorted(_POLICIES), default=STRICT.name)
    check.add_argument("--offline", action="store_true", help="never fetch anything (nothing is fetched anyway)")
    check.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    check.add_argument("--json", action="store_true", help="one JSON object per file")
    check.add_argument("files", nargs="+", metavar="FILE")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    at = datetime.fromisoformat(options.at) if options.at else datetime.now(UTC)
    if options.jobs < 1:
        raise ValueError("--jobs must be 1 or more")
    return Settings(
        trust=TrustStore(tuple(TrustAnchor(der) for given in options.trust for der in _roots(Path(given)))),
        evidence=Evidence(crls=tuple(_crl(Path(given)) for given in options.crl)),
        at=at if at.tzinfo is not None else at.replace(tzinfo=UTC),
        policy=_POLICIES[options.policy],
        as_json=options.json,
    )


def _roots(path: Path) -> Iterator[bytes]:
    """The certificates of a file, or of every certificate file in a folder."""
    if path.is_dir():
        for item in sorted(path.iterdir()):
            if item.suffix.lower() in (".pem", ".crt", ".cer", ".der"):
                yield from split_certificates(item.read_bytes())
        return
    yield from split_certificates(path.read_bytes())


def _crl(path: Path) -> bytes:
    data = path.read_bytes()
    if b"-----BEGIN" in data:
        data = x509.load_pem_x509_crl(data).public_bytes(Encoding.DER)
    load_crl(data)
    return data


@contextmanager
def _results(files: Sequence[str], settings: Settings, *, jobs: int) -> Iterator[Iterator[tuple[str, bool]]]:
    """(text, passed) for each file, in the order given; each process holds one file at a time."""
    work = partial(_judge, settings)
    if jobs == 1 or len(files) == 1:
        yield map(work, files)
        return
    with ProcessPoolExecutor(min(jobs, len(files))) as pool:
        yield pool.map(work, files, chunksize=8)


def _judge(settings: Settings, file: str) -> tuple[str, bool]:
    try:
        document = Path(file).read_bytes()
    except OSError:
        return _unreadable(settings, file), False
    verdict = verify(
        document, trust=settings.trust, at=settings.at, evidence=settings.evidence, policy=settings.policy
    )
    if settings.as_json:
        text = json.dumps(as_plain(file, verdict), ensure_ascii=False)
    else:
        text = "\n".join(as_lines(file, verdict))
    return text, verdict.verdict is Conclusion.PASSED


def _unreadable(settings: Settings, file: str) -> str:
    if not settings.as_json:
        return f"{file}: cannot be read"
    answer = {"file": file, "verdict": Conclusion.MALFORMED, "reason": Reason.FILE_UNREADABLE, "signatures": []}
    return json.dumps(answer, ensure_ascii=False)


def _progress(done: int, total: int) -> None:
    if total > 1 and sys.stderr.isatty():
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
