"""CAdES signatures that outlive their certificates (ETSI EN 319 122-1, 5.5.3; EN 319 102-1, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

import signing
from signing.path.evidence import TimeSource
from signing.prepare.algorithms import HashFunction, digest
from signing.reasons import Conclusion, Reason
from signing.testing import TSA, Identity, Profile, Revoked, timestamp_attribute, timestamp_token
from signing.testing.archives import archived, with_unsigned
from tests.signing.cms.maker import Plan, make, reader
from tests.signing.verification.office import NOW, Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, SECOND, LATER = NOW + 2 * HOUR, NOW + 300 * DAY, NOW + 1200 * DAY
CONTENT = b"Quyet dinh 12/QD"


@dataclass(frozen=True)
class Kept:
    """One message; each field is one thing that is missing or wrong. `revoked`: the first authority, in days."""

    second: bool = True
    list_of_authorities: bool = True
    names_token: bool = True
    whole: bool = True
    over: bytes | None = None
    revoked: float | None = None


def authority(office: Office) -> Identity:
    return office.tsa_root.issue(TSA, Profile.TSA, now=NOW - DAY, days=400)


def kept(office: Office, how: Kept) -> bytes:
    """Signature, its timestamp, an archive timestamp over both; 300 days later one of another authority."""
    tsa, root = authority(office), office.tsa_root
    lists = [office.root_lists()[0], office.issuer.crl(this_update=NOW + HOUR)]
    if how.list_of_authorities:
        lists += [root.crl(this_update=at, next_update=at + 30 * DAY) for at in (NOW - DAY, SECOND - DAY)]
    plain = make(CONTENT, Plan(office.agency), crls=tuple(lists))
    signature = reader.read(plain).children()[1].only().children()[-1].first().children()[-1].content
    stamp = timestamp_attribute(timestamp_token(tsa, digest(HashFunction.SHA256, signature), at=NOW + HOUR / 2))
    left_out = () if how.names_token else (stamp,)
    data = archived(with_unsigned(plain, stamp), CONTENT, tsa, at=FIRST, leaving_out=left_out)
    if not how.second:
        return data
    newer = office.tsa_root.issue(TSA, Profile.TSA, now=SECOND - DAY, serial=78)
    also = () if how.whole else (bytes(32),)
    return archived(data, CONTENT, newer, at=SECOND, also=also, over=how.over)


def judge(office: Office, how: Kept) -> signing.SignatureVerdict:
    told = [Revoked(authority(office).serial, NOW + how.revoked * DAY, "keyCompromise")] if how.revoked else []
    evidence = signing.Evidence(crls=(office.tsa_root.crl(this_update=LATER - HOUR, revoked=told),))
    data = kept(office, how)
    return signing.verify_detached(data, CONTENT, trust=office.trust, at=LATER, evidence=evidence).signatures[0]


GOOD = {
    "kept": Kept(),
    "authority revoked afterwards": Kept(revoked=310),
    "token named by the second list only": Kept(names_token=False),
}
BAD = {
    "no second timestamp": Kept(second=False),
    "no list about timestamp authorities": Kept(list_of_authorities=False),
    "second over another content": Kept(over=b"another"),
    "second lists what is not there": Kept(whole=False),
    "first authority revoked before the second": Kept(revoked=290),
}


@pytest.mark.parametrize("name", GOOD)
def test_kept_signature_passes(office: Office, name: str) -> None:
    """Signer and first authority have run out; the second timestamp proves the first, that one the signature's."""
    found = judge(office, GOOD[name])
    assert found.verdict is Conclusion.PASSED, found.reasons
    assert (found.times.best, found.times.source) == (NOW + HOUR / 2, TimeSource.TIMESTAMP)


@pytest.mark.parametrize("name", BAD)
def test_broken_chain_proves_nothing(office: Office, name: str) -> None:
    """One link is missing."""
    found = judge(office, BAD[name])
    assert found.verdict is Conclusion.INDETERMINATE
    assert {Reason.EXPIRED_NO_PROOF, Reason.REVOCATION_NOT_FRESH} & set(found.reasons)
