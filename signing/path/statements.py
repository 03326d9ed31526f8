"""Everything that the evidence says about one certificate of a chain, from those who may say it (RFC 5280, 6.3.3).

A list is believed when its scope takes the certificate in, nothing critical in it is unknown, and it is signed by
a certificate of the issuer's name above the certificate in the chain, or by one with a good path of its own to the
same root (separate keys, indirect lists). A delta counts together with the complete list it builds on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from signing.errors import BrokenInput, NeedsCare
from signing.path import crl as lists
from signing.path.answers import Answer, AnswerSource, is_list_of
from signing.path.building import Chain, Pool, effective_key, find_chains
from signing.path.clock import Clock, Moment, shifted
from signing.path.crl import Crl, Entry, read_crl
from signing.path.evidence import Evidence
from signing.path.model import Certificate
from signing.path.ocsp import Single, is_about, read_response, responder_of
from signing.path.policy import Policy
from signing.path.processing import walk
from signing.path.scope import reasons_covered
from signing.path.usage import check_strength

MAX_DEPTH = 3
"""How far a list's signer may itself depend on lists of other signers."""
MAX_LISTS = 2048
"""Lists and answers looked at, in the order given: what the caller holds comes before what a file brings."""
MAX_TRIED = 512
"""Signatures of lists and responses tried in one inquiry; a bound on hostile heaps of look-alikes."""
_HOLD, _REMOVED = "certificateHold", "removeFromCRL"


@dataclass(slots=True)
class Inquiry:
    """One question about one leaf: what is at hand, and what was found out on the way.

    `is_good` decides about a certificate inside another chain (the signer of a list); it is given by the caller,
    because judging answers is his.
    """

    clock: Clock
    policy: Policy
    evidence: Evidence
    pool: Pool
    is_good: Callable[[Inquiry, Chain, int], bool]
    under_way: tuple[Certificate, ...] = ()
    known: dict[tuple[str, str, bool], bool] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    tried: list[int] = field(default_factory=lambda: [0])
    read: list[Crl] = field(default_factory=list)

    def lists(self) -> list[Crl]:
        """Every list that can be read, read once."""
        if not self.read:
            for data in self.evidence.crls[:MAX_LISTS]:
                try:
                    self.read.append(read_crl(data))
                except BrokenInput as error:
                    self.notes["unreadable list"] = str(error)
        return self.read

    def may_try(self) -> bool:
        self.tried[0] += 1
        return self.tried[0] <= MAX_TRIED


def answers_about(inquiry: Inquiry, chain: Chain, depth: int) -> list[Answer]:
    """About `chain.certificates[depth]`, which is not the root."""
    found = list(_from_lists(inquiry, chain, depth))
    for data in inquiry.evidence.ocsps[:MAX_LISTS]:
        found += _from_response(inquiry, data, chain, depth)
    return found


def _from_lists(inquiry: Inquiry, chain: Chain, depth: int) -> Iterator[Answer]:
    usable = []
    for found in inquiry.lists():
        try:
            stated = _stated(inquiry, found, chain, depth)
        except NeedsCare as error:
            inquiry.notes["unreadable list"] = str(error)
            continue
        if stated is not None:
            usable.append((found, *stated))
    for found, covered, entry in usable:
        if not found.is_delta:
            yield _answer(found, covered, entry)
        elif entry is not None and entry.reason != _REMOVED:
            yield _answer(found, covered, entry)  # revoked, whatever it builds on
        else:
            yield from _with_bases(found, usable, removed=entry is not None)


def _stated(inquiry: Inquiry, found: Crl, chain: Chain, depth: int) -> tuple[frozenset[str], Entry | None] | None:
    """(reasons covered, entry); None when this list may not speak here, or not yet."""
    certificate = chain.certificates[depth]
    covered = reasons_covered(found, certificate)
    if not covered or not _has_come(inquiry, found):
        return None
    if not lists.is_understood(found):
        inquiry.notes[f"list {found.digest[:16]}"] = "unknown critical extension"
        return None
    if not _is_believed(inquiry, found, chain, depth):
        inquiry.notes[f"list {found.digest[:16]}"] = "not signed by somebody who may"
        return None
    return covered, lists.entry_of(found, certificate.serial, certificate.issuer)


def _has_come(inquiry: Inquiry, found: Crl | Single) -> bool:
    """An answer from the future is not there yet."""
    return inquiry.clock.reached(Clock.AT, shifted(found.this_update, -inquiry.policy.clock_skew))


def _answer(found: Crl, covered: frozenset[str], entry: Entry | None) -> Answer:
    base = (AnswerSource.CRL, found.digest, found.this_update, found.next_update)
    if entry is None:
        return Answer(*base, None, reasons=covered)
    since = entry.revoked_at if entry.invalid_since is None else min(entry.revoked_at, entry.invalid_since)
    return Answer(*base, since, entry.reason == _HOLD, entry.reason, covered)


def _with_bases(
    delta: Crl, usable: list[tuple[Crl, frozenset[str], Entry | None]], *, removed: bool
) -> Iterator[Answer]:
    """Complete lists brought up to the delta's date (RFC 5280, 5.2.4)."""
    for found, covered, entry in usable:
        if not _fits(delta, found):
            continue
        lifted = removed and entry is not None and entry.reason == _HOLD
        told = _answer(found, covered, None if lifted else entry)
        yield replace(told, this_update=delta.this_update, next_update=delta.next_update)


def _fits(delta: Crl, complete: Crl) -> bool:
    """The same issuer, key and scope; complete up to where the delta begins, and older than it."""
    if complete.is_delta or delta.base is None or complete.number is None:
        return False
    same = (complete.issuer, complete.point_raw) == (delta.issuer, delta.point_raw)
    if complete.authority.key_id is not None and delta.authority.key_id is not None:
        same = same and complete.authority.key_id == delta.authority.key_id
    return same and delta.base <= complete.number and (delta.number is None or complete.number < delta.number)


def _may_sign_lists(certificate: Certificate) -> bool:
    return certificate.usages is None or "cRLSign" in certificate.usages


def _is_believed(inquiry: Inquiry, found: Crl, chain: Chain, depth: int) -> bool:
    strong = inquiry.policy.signer_profile
    above = chain.certificates[depth + 1 :]
    for signer, key in zip(above, chain.keys[depth + 1 :], strict=True):
        may = signer.subject == found.issuer and _may_sign_lists(signer) and inquiry.may_try()
        if may and is_list_of(found, signer, key=key, strong=strong):
            return True
    for signer in inquiry.pool.named(found.issuer.key):
        if signer in above or not _may_sign_lists(signer) or signer.critical or not inquiry.may_try():
            continue
        is_signed = is_list_of(found, signer, key=effective_key(signer, inquiry.pool), strong=strong)
        if is_signed and _is_trusted(inquiry, signer, found, chain, depth=depth):
            return True
    return False


def _is_trusted(inquiry: Inquiry, signer: Certificate, found: Crl, chain: Chain, *, depth: int) -> bool:
    """A good path to the same root for somebody outside the chain. A list that is in scope for its own signer is
    taken for it: such an issuer names nobody else who could say."""
    target = chain.certificates[depth]
    key = (signer.fingerprint, found.digest, signer == target)
    if inquiry.under_way:  # what is found out on the way down depends on the way
        return _has_good_path(inquiry, signer, found, chain=chain, is_own=signer == target)
    if key not in inquiry.known:
        inquiry.known[key] = _has_good_path(inquiry, signer, found, chain=chain, is_own=signer == target)
    return inquiry.known[key]


def _has_good_path(inquiry: Inquiry, signer: Certificate, found: Crl, *, chain: Chain, is_own: bool) -> bool:
    if signer in inquiry.under_way:
        return is_own
    if len(inquiry.under_way) >= MAX_DEPTH:
        return False
    plain = replace(inquiry.policy, policies=(), explicit_policy=False)
    then = Clock(Moment(found.this_update, found.this_update, proven=False))
    nested = replace(inquiry, under_way=(*inquiry.under_way, signer))
    for way in find_chains(signer, pool=inquiry.pool, longest=inquiry.policy.max_path_length):
        if way.anchor is None or way.anchor != chain.anchor or walk(way, policy=plain, clock=then).reasons:
            continue
        if inquiry.policy.signer_profile and check_strength(way):
            continue
        first = 1 if is_own else 0
        if all(inquiry.is_good(nested, way, index) for index in range(first, len(way.certificates) - 1)):
            return True
    return False


def _from_response(inquiry: Inquiry, data: bytes, chain: Chain, depth: int) -> list[Answer]:
    certificate, issuer, key = chain.certificates[depth], chain.certificates[depth + 1], chain.keys[depth + 1]
    try:
        response = read_response(data)
    except BrokenInput as error:
        inquiry.notes["unreadable answer"] = str(error)
        return []
    singles = [item for item in response.answers if item.is_understood and is_about(item, certificate, issuer)]
    singles = [item for item in singles if item.status != "unknown" and _has_come(inquiry, item)]
    if not singles or not response.is_understood:
        return []
    strong = inquiry.policy.signer_profile
    responder = responder_of(response, issuer, key=key, strong=strong)
    if responder is None or not _may_answer(inquiry, responder, chain, depth=depth):
        inquiry.notes[f"answer {response.digest[:16]}"] = "not signed by somebody who may"
        return []
    return [
        Answer(
            AnswerSource.OCSP, response.digest, item.this_update, item.next_update, item.revoked_at,
            item.reason == _HOLD, item.reason,
        )
        for item in singles
    ]  # fmt: skip


def _may_answer(inquiry: Inquiry, responder: Certificate, chain: Chain, *, depth: int) -> bool:
    """The issuer itself; or a delegate marked nocheck, or known to be good by a list (RFC 6960, 4.2.2.2.1). One
    that a list calls revoked answers for nobody, marked or not."""
    if responder == chain.certificates[depth + 1]:
        return True
    own = Chain(
        (responder, *chain.certificates[depth + 1 :]), (responder.key_info, *chain.keys[depth + 1 :]), chain.anchor
    )
    lists_only = replace(inquiry, evidence=replace(inquiry.evidence, ocsps=()))
    if responder.has_no_check:
        return not any(answer.revoked_at is not None for answer in answers_about(lists_only, own, 0))
    return inquiry.is_good(lists_only, own, 0)
