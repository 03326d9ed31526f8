"""How far revocation evidence reaches: for each authority whose certificates are enrolled, and those that the
timestamp authority depends on, its newest list, and where that decides nothing answers about each certificate."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import signing
from workflow.services.proofs import authority as stamping
from workflow.services.signing import trust
from workflow.services.signing.chains import split
from workflow.store import certificates, trust_changes
from workflow.store import evidence as store
from workflow.store.models import Crl
from workflow.store.session import UnitOfWork


class Reach(StrEnum):
    """What an authority's newest list is good for at a moment."""

    MISSING = "missing"
    """There is none: signatures with its certificates wait."""
    AGED = "aged"
    """Older than the policy lets one be for a signature of now."""
    OVERDUE = "overdue"
    """Its successor was due. Lists about authorities, which come out months apart, decide nothing from then on."""
    FRESH = "fresh"
    ANSWERED = "answered"
    """No list decides, but there is a young answer (OCSP) about every certificate that it issued."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The newest list of a series. `due`: when it says that its successor comes."""

    issuer: str
    published: dt.datetime
    due: dt.datetime | None
    entries: int
    source: str
    der: bytes

    @classmethod
    def of(cls, row: Crl) -> RevocationList:
        """What lives on when the row's transaction has ended."""
        return cls(row.issuer_name, row.this_update, row.next_update, row.entries, row.source, row.der)


@dataclass(frozen=True, slots=True)
class Authority:
    """One whose lists enrolled certificates depend on.

    `of_signers`: it issued some of them itself, else only authorities below it. `decides_until`: signatures made
    until then can be decided with the list that is here, later ones wait for the next; None: there is no end to it,
    or no list. `ends`: when what is here decides nothing any more. `lists_wait`: a signature made now would have to
    wait if there were lists alone. `stamps`: the timestamp authority by name, where nobody's certificate depends on
    this one but its own; then it is lasting proof that waits.
    """

    name: str
    certificates: int
    of_signers: bool
    list: RevocationList | None
    reach: Reach
    decides_until: dt.datetime | None
    ends: dt.datetime | None = None
    lists_wait: bool = False
    key_id: str = ""
    stamps: str = ""

    @property
    def issuer(self) -> Issuer:
        """Whom the certificates below it name."""
        return self.name, self.key_id

    @property
    def waits(self) -> bool:
        """Whether a signature made now, or lasting proof, would have to wait."""
        return self.lists_wait and self.reach is not Reach.ANSWERED


def _stops(reach: Reach, *, of_signers: bool) -> bool:
    stopped = {Reach.MISSING, Reach.AGED} if of_signers else {Reach.MISSING, Reach.OVERDUE}
    return reach in stopped


Issuer = tuple[str, str]
"""(name, key identifier): an authority may change its key and keep its name."""


Need = tuple[int, int]
"""(certificates that depend on an issuer, how many of them it issued itself)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Certificates of an issuer about which there is an answer: how many, and the dates of the oldest."""

    many: int
    published: dt.datetime
    due: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Ageing:
    """Authorities that enrolled certificates depend on, those first that keep signatures waiting; and the lists
    that none of these certificates needs."""

    authorities: tuple[Authority, ...]
    others: tuple[RevocationList, ...]


def ageing(uow: UnitOfWork, *, now: dt.datetime) -> Ageing:
    """What can be decided at a moment, and until when, with the lists that are here."""
    policy = trust.policy(uow)
    groups = [(row.der, split(row.chain), row.many) for row in trust_changes.enrolled_chains(uow.session, at=now)]
    lists = [RevocationList.of(row) for row in certificates.newest_crls(uow.session, until=now)]
    answers = [(row.der, Answered(row.many, row.published, row.due)) for row in store.answered(uow.session, at=now)]
    signers = uow.compute(_signers, lists)
    needs = uow.compute(_needed, groups)
    answered = uow.compute(_by_issuer, answers)
    found = [
        _with_answers(
            _authority(issuer, need, _list_of(issuer, lists, signers), policy=policy, now=now),
            need, answered.get(issuer), policy=policy, now=now,
        )
        for issuer, need in needs.items()
    ]  # fmt: skip
    found += _about_stamps(uow, needs, lists, signers, policy=policy, now=now)
    used = {one.list for one in found}
    others = sorted((one for one in lists if one not in used), key=lambda one: (one.issuer, one.published))
    return Ageing(tuple(sorted(found, key=lambda one: (not one.waits, one.name))), tuple(others))


def _about_stamps(
    uow: UnitOfWork, needs: Collection[Issuer], lists: Sequence[RevocationList], signers: Sequence[str], *,
    policy: signing.Policy, now: dt.datetime,
) -> list[Authority]:  # fmt: skip
    """Those that only the timestamp authority depends on. Lasting proof wants of it what it wants of any authority:
    a list, or an answer, that was current then."""
    given = stamping.certificates(uow)
    if not given:
        return []
    told = store.dates_about(uow.session, hashlib.sha256(given[0]).hexdigest(), until=now)
    name, issuers = uow.compute(_above_stamps, given, now)
    found = []
    for place, issuer in enumerate(issuers):
        if issuer in needs:
            continue
        one = _authority(issuer, (1, 0), _list_of(issuer, lists, signers), policy=policy, now=now)
        one = replace(one, stamps=name)
        if place == 0 and one.lists_wait and told is not None and (told.due is None or told.due >= now):
            one = replace(one, reach=Reach.ANSWERED, decides_until=told.due, ends=told.due)
        found.append(one)
    return found


def _above_stamps(given: Sequence[bytes], now: dt.datetime) -> tuple[str, tuple[Issuer, ...]]:
    """The timestamp authority's name, and who issued it and those above it; nobody once it has ended."""
    facts = [signing.inspect_certificate(one) for one in given]
    issued = [
        one for one in facts if one.subject != one.issuer or one.authority_key_id not in ("", one.subject_key_id)
    ]
    issuers = dict.fromkeys(_issuer(one) for one in issued) if facts[0].not_after > now else {}
    return facts[0].common_name, tuple(issuers)


def _needed(groups: Iterable[tuple[bytes, tuple[bytes, ...], int]]) -> dict[Issuer, Need]:
    """What depends on each issuer: the enrolled certificates, and those whose authorities it issued."""
    found: dict[Issuer, Need] = {}
    for der, chain, many in groups:
        own = _issuer(signing.inspect_certificate(der))
        for issuer in {own, *(_issuer(signing.inspect_certificate(one)) for one in chain)}:
            before, direct = found.get(issuer, (0, 0))
            found[issuer] = (before + many, direct + (many if issuer == own else 0))
    return found


def _by_issuer(answers: Iterable[tuple[bytes, Answered]]) -> dict[Issuer, Answered]:
    """Chains of one issuer together."""
    found: dict[Issuer, Answered] = {}
    for der, one in answers:
        issuer = _issuer(signing.inspect_certificate(der))
        if (before := found.get(issuer)) is not None:
            dues = [due for due in (before.due, one.due) if due is not None]
            one = Answered(before.many + one.many, min(before.published, one.published), min(dues, default=None))
        found[issuer] = one
    return found


def _issuer(facts: signing.CertificateFacts) -> Issuer:
    return facts.issuer_name, facts.authority_key_id


def _signers(lists: Sequence[RevocationList]) -> list[str]:
    return [signing.parse_crl(one.der).authority_key_id for one in lists]


def _list_of(issuer: Issuer, lists: Sequence[RevocationList], signers: Sequence[str]) -> RevocationList | None:
    """The newest list by name and key; where either names no key, the name must do."""
    name, key = issuer
    fitting = [
        one
        for one, signer in zip(lists, signers, strict=True)
        if one.issuer == name and (signer == key or not signer or not key)
    ]
    return max(fitting, key=lambda one: one.published, default=None)


def _authority(
    issuer: Issuer, need: Need, newest: RevocationList | None, *, policy: signing.Policy, now: dt.datetime
) -> Authority:
    (name, key), (many, direct) = issuer, need
    signs = direct > 0
    if newest is None:
        return Authority(name, many, signs, None, Reach.MISSING, None, lists_wait=True, key_id=key)
    until = newest.published + policy.revocation_grace if signs else newest.due
    ends = newest.published + policy.max_answer_age if signs else newest.due
    overdue = newest.due is not None and newest.due < now
    reach = Reach.OVERDUE if overdue else Reach.FRESH
    if signs and now - newest.published > policy.max_answer_age:
        reach = Reach.AGED
    return Authority(
        name, many, signs, newest, reach, until, ends, lists_wait=_stops(reach, of_signers=signs), key_id=key
    )  # fmt: skip


def _with_answers(
    one: Authority, need: Need, answered: Answered | None, *, policy: signing.Policy, now: dt.datetime
) -> Authority:
    """The same where its lists decide; else what the answers about its certificates are good for, once there is one
    about each."""
    if not one.lists_wait or not one.of_signers or answered is None or answered.many < need[1]:
        return one
    ends = min(filter(None, (answered.published + policy.max_answer_age, answered.due)))
    if ends < now:
        return one
    until = answered.published + policy.revocation_grace
    return replace(one, reach=Reach.ANSWERED, decides_until=until, ends=ends)
