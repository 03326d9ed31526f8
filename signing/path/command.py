"""`python -m signing path`: is the path of a certificate good? RFC 5280, and with a profile what a signer needs.

Exit 0: passed; 1: it is not, or that cannot be said; 2: wrong usage. The answer is the last line on stdout.
Revocation is always asked: without a list for every certificate of the path the answer is indeterminate. `--at`
sets the clock; lists issued later than that are not there yet. `--policy` demands that the path is valid under one
of the policies named (initial-explicit-policy); 2.5.29.32.0 stands for any.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from signing.errors import BrokenInput, SigningError
from signing.json_lines import as_json
from signing.path.certificates import SHORT, mask
from signing.path.chain import PathState
from signing.path.check import PathResult, check_certificate
from signing.path.evidence import Evidence
from signing.path.files import CERTIFICATES, LISTS, ders
from signing.path.given import moment, read, roots
from signing.path.model import read_certificate
from signing.path.names import Name
from signing.path.policy import RFC5280, Policy
from signing.path.revocation import RevocationState
from signing.path.trust import TrustAnchor, TrustStore
from signing.reasons import Conclusion, Reason

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_OID = re.compile(r"[0-9]+(\.[0-9]+)+")
PROFILES = {"signer": replace(RFC5280, name="signer", signer_profile=True)}


@dataclass(frozen=True, slots=True)
class Question:
    leaf: bytes
    chain: tuple[bytes, ...]
    trust: TrustStore
    evidence: Evidence
    at: datetime
    policy: Policy


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("path", help="check a certificate's path (RFC 5280)", description=__doc__)
    parser.add_argument(
        "--trust", action="append", required=True, metavar="ROOT", help="listed root: PEM, DER or a folder"
    )
    parser.add_argument("--crl", action="append", default=[], metavar="FILE", help="revocation list, PEM or DER")
    parser.add_argument("--at", metavar="TIME", help="the time to judge at, ISO 8601 (default: now)")
    parser.add_argument("--policy", action="append", default=[], metavar="OID", help="a policy that is accepted")
    parser.add_argument("--explicit-policy", action="store_true", help="some policy must hold for the whole path")
    parser.add_argument("--inhibit-mapping", action="store_true", help="policies may not be mapped")
    parser.add_argument("--inhibit-any-policy", action="store_true", help="anyPolicy counts for nothing")
    parser.add_argument("--profile", choices=sorted(PROFILES), help="demand more than RFC 5280 does")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("certificate", metavar="CERT", help="PEM or DER; what follows it in a PEM is its chain")
    parser.add_argument("intermediates", nargs="*", metavar="INTERMEDIATE")
    parser.set_defaults(run=run, refuse=parser.error)


def run(options: argparse.Namespace) -> int:
    try:
        question = _question(options)
    except (OSError, ValueError, SigningError) as error:
        options.refuse(str(error))
        return 2
    result = _result(question)
    known = _by_fingerprint(
        (question.leaf, *question.chain, *(item.certificate for item in question.trust.anchors))
    )
    answer = as_plain(result, known)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    text = as_json(answer) if options.json else "\n".join(_lines(answer))
    sys.stdout.write(text + "\n")
    return 0 if result.verdict is Conclusion.PASSED else 1


def _result(question: Question) -> PathResult:
    """A door: what a hostile certificate provokes is an open answer, never a traceback."""
    try:
        return check_certificate(
            question.leaf,
            chain=question.chain,
            trust=question.trust,
            evidence=question.evidence,
            at=question.at,
            policy=question.policy,
        )
    except Exception as error:  # noqa: BLE001  see above
        return PathResult(
            Conclusion.INDETERMINATE,
            Reason.CERTIFICATE_UNREADABLE,
            (Reason.CERTIFICATE_UNREADABLE,),
            PathState.INCOMPLETE,
            RevocationState.NOT_CHECKED,
            details=(f"internal {type(error).__name__}",),
        )


def _question(options: argparse.Namespace) -> Question:
    first = _in(options.certificate, CERTIFICATES)
    rest = [item for given in options.intermediates for item in _in(given, CERTIFICATES)]
    trusted = dict.fromkeys(item for given in options.trust for item in roots(given))
    return Question(
        leaf=first[0],
        chain=(*first[1:], *rest),
        trust=TrustStore(tuple(TrustAnchor(item) for item in trusted)),
        evidence=Evidence(crls=tuple(item for given in options.crl for item in _in(given, LISTS))),
        at=options.now if options.at is None else moment(options.at),
        policy=_policy(options),
    )


def _in(given: str, labels: frozenset[bytes]) -> tuple[bytes, ...]:
    """What is asked about may be malformed, in PEM as in DER: the bytes as they are, which nothing can read."""
    data = read(given)
    try:
        return ders(data, labels)
    except BrokenInput:
        return (data,)


def _policy(options: argparse.Namespace) -> Policy:
    for given in options.policy:
        if not _OID.fullmatch(given):
            raise ValueError(f"--policy: not an object identifier: {given}")
    return replace(
        PROFILES[options.profile] if options.profile else RFC5280,
        policies=tuple(dict.fromkeys(options.policy)),
        explicit_policy=options.explicit_policy or bool(options.policy),
        inhibit_mapping=options.inhibit_mapping,
        inhibit_any_policy=options.inhibit_any_policy,
    )


def as_plain(result: PathResult, known: dict[str, dict[str, str]]) -> dict[str, object]:
    """`chain` goes from the certificate to the root, as far as it was found."""
    return {
        "verdict": result.verdict,
        "reason": result.reason,
        "chain": [known.get(item, {"sha256": item}) for item in result.chain],
        "policies": list(result.policies),
        "reasons": list(result.reasons),
        "path": result.path,
        "revocation": result.revocation,
        "details": list(result.details),
    }


def _by_fingerprint(certificates: Iterable[bytes]) -> dict[str, dict[str, str]]:
    found = {}
    for data in certificates:
        try:
            item = read_certificate(data)
        except BrokenInput:
            continue  # it is in no chain
        found[item.fingerprint] = {
            "subject": in_words(item.subject),
            "issuer": in_words(item.issuer),
            "serial": f"{item.serial:x}",
            "sha256": item.fingerprint,
        }
    return found


def in_words(name: Name) -> str:
    """In the order of the certificate, for reading only: separators are not escaped, personal numbers masked."""
    return ", ".join(f"{SHORT.get(kind, kind)}={mask(value)}" for kind, value in name.written())


def _lines(answer: dict[str, object]) -> list[str]:
    lines = [f"{answer['verdict']}" + (f": {answer['reason']}" if answer["reason"] else "")]
    for key in ("reasons", "policies", "details"):
        value = answer[key]
        lines += [f"  {key[:-1] if key != 'policies' else 'policy'}: {item}" for item in value]  # type: ignore[attr-defined]
    return lines
