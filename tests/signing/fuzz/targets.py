"""What is fuzzed: a function for each kind of input, which raises where something is wrong with the answer.

`tests/assets/fuzz/NAME/` holds the seeds of target NAME: one file of every shape, and whatever was once found bad.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import signing
from signing import pdf
from signing.errors import BrokenInput, NeedsCare
from signing.path import crl as lists
from signing.path.check import check_certificate
from signing.path.crl import read_crl
from signing.path.model import read_certificate
from signing.path.ocsp import read_response
from signing.path.policy import STRICT
from signing.pdf.lexer import Lexer, read_object
from signing.pdf.objects import IndirectObject, PdfArray, PdfDict, PdfString, Stream
from signing.pdf.plain import read_plain
from signing.pdf.structure import check
from signing.reasons import Conclusion
from signing.verification.context import Question
from signing.verification.document import judge_carefully, judge_fast
from tests.signing.cms import harness as messages
from tests.signing.verification.office import AT, NOW, PLAN, Office

SEEDS = Path(__file__).parents[2] / "assets" / "fuzz"
_OBJECT = re.compile(rb"\d+[\x00\t\n\x0c\r ]+\d+[\x00\t\n\x0c\r ]+obj")
_MOST_OBJECTS = 200


@cache
def office() -> Office:
    return messages.office()


def documents(data: bytes) -> None:
    """Both paths: an answer, and no yes of the fast one that the careful one would not give."""
    place = office()
    question = Question(place.trust, AT, place.evidence, STRICT, PLAN, {})
    fast, careful = judge_fast(data, question), judge_carefully(data, question)
    if fast.verdict is Conclusion.PASSED:
        assert careful.verdict is Conclusion.PASSED, (careful.reasons, careful.detail)
        assert [item.coverage for item in fast.signatures] == [item.coverage for item in careful.signatures]
    verdict = signing.verify(data, trust=place.trust, at=AT, evidence=place.evidence)
    assert not verdict.detail.startswith("internal"), verdict.detail
    assert signing.DocumentVerdict.from_json(verdict.to_json()) == verdict


def readers(data: bytes) -> None:
    """The strict reader names its errors, and what its quick way takes, the long way reads just so."""
    with suppress(NeedsCare, BrokenInput):
        check(pdf.read(data))
    found = list(_OBJECT.finditer(data))[:_MOST_OBJECTS]
    limits = [*(match.start() for match in found[1:]), len(data)]
    for match, limit in zip(found, limits, strict=False):
        quick, slow = read_plain(data, match.start()), _slowly(data, match.start())
        bounded = read_plain(data, match.start(), limit)
        assert (quick is None) == (bounded is None)
        if quick is not None and bounded is not None:
            assert (quick.num, quick.end, quick.refs) == (bounded.num, bounded.end, bounded.refs)
            assert slow is not None, data[match.start() : match.start() + 200]
            assert (quick.num, quick.gen, quick.end, quick.refs) == (slow.num, slow.gen, slow.end, slow.refs)
            assert not slow.is_active
            assert is_same(quick.value, slow.value), data[quick.start : quick.end]


def _slowly(data: bytes, offset: int) -> IndirectObject | None:
    """By the lexer that takes one token after the other."""
    try:
        return read_object(data, offset, length_of=_no_length, lexer=Lexer)
    except NeedsCare:
        return None


def _no_length(ref: pdf.Ref) -> int:
    raise NeedsCare("stream_length", num=ref.num)


def is_same(one: Any, other: Any) -> bool:
    """The same kinds of values, at the same places."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Stream):
        return (one.start, one.end) == (other.start, other.end) and is_same(one.dict, other.dict)
    if isinstance(one, PdfDict | PdfArray | PdfString) and (one.start, one.end) != (other.start, other.end):
        return False
    if isinstance(one, PdfDict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, PdfArray):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def paths(data: bytes) -> None:
    """As a certificate, as its issuer, as a list and as an OCSP answer: never more than the true ones say."""
    place = office()
    for reader in (read_certificate, lambda raw: lists.count(read_crl(raw)), read_response):
        with suppress(BrokenInput, NeedsCare):
            reader(data)
    true = {place.leader.der, place.agency.der, place.tsa.der}
    found = _judged(data, (place.issuer.der,), place.evidence)
    assert found is not Conclusion.PASSED or data in true or _is_known(data, true), data.hex()
    _judged(place.leader.der, (data,), place.evidence)
    bare = signing.Evidence(crls=place.root_lists())
    believed = _judged(place.leader.der, (place.issuer.der,), bare.plus(crls=(data,), ocsps=(data,)))
    assert believed is not Conclusion.PASSED or _is_ours(data), data.hex()


def _judged(leaf: bytes, chain: tuple[bytes, ...], evidence: signing.Evidence) -> Conclusion:
    return check_certificate(leaf, chain=chain, trust=office().trust, evidence=evidence, at=AT).verdict


def _is_known(data: bytes, true: set[bytes]) -> bool:
    """The kept seeds were made by another run: signed by the same authorities (their keys are known), so good."""
    kept = {path.read_bytes() for path in (SEEDS / "path").iterdir()}
    return data in kept | true


def _is_ours(data: bytes) -> bool:
    """A list or answer whose signed part is untouched; its unsigned envelope may have been."""
    return any(part in data for part in _signed_parts())


@cache
def _signed_parts() -> frozenset[bytes]:
    found = set()
    for path in (SEEDS / "path").iterdir():
        for reader in (read_crl, read_response):
            with suppress(BrokenInput, NeedsCare):
                found.add(bytes(reader(path.read_bytes()).tbs))
    return frozenset(found)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "cms": messages.one, "path": paths, "pdf": documents, "readers": readers,
}  # fmt: skip


def seeds(name: str) -> list[Path]:
    """Of one target; the readers start from what documents start from."""
    return sorted((SEEDS / ("pdf" if name == "readers" else name)).iterdir())


def write_seeds() -> None:
    """A signed paper, two certificates, a list and an answer; run by hand after a change of their maker."""
    place = office()
    (SEEDS / "pdf" / "signed.pdf").write_bytes(place.signed)
    lists_ = {"list": place.evidence.crls[-1], "leader": place.leader.der, "issuer": place.issuer.der}
    answer = place.issuer.ocsp(place.leader.certificate, this_update=AT, responder=place.issuer.responder(now=NOW))
    for name, made in (lists_ | {"answer": answer}).items():
        (SEEDS / "path" / f"{name}.der").write_bytes(made)
