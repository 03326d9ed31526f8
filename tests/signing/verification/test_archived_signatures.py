"""Signatures that outlive their certificates: each timestamp proves what is before it (ETSI EN 319 102-1, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

import signing
from signing.path.evidence import TimeSource
from signing.pdf import read
from signing.prepare.algorithms import HashFunction, digest
from signing.reasons import Conclusion, Reason
from signing.testing import TSA, Identity, Profile, Revoked, timestamp_token
from signing.testing.paper import CATALOG, Box, Way, add_and_sign, append, stream
from tests.signing.verification.office import NOW, Office
from tests.signing.verification.test_time_and_revocation import HOUR, MINUTE, stamped

DAY = timedelta(days=1)
SECOND, LATER = NOW + 300 * DAY, NOW + 1200 * DAY
"""When the second timestamp is made; when the question is asked: leader and first authority have run out."""


@dataclass(frozen=True)
class Round:
    """How the file is kept; each field may be missing. `revoked`: the first authority, in days."""

    first_list: bool = True
    signer_list: bool = True
    second: bool = True
    revoked: float | None = None
    listed: timedelta = -2 * DAY


def first_authority(office: Office) -> Identity:
    return office.tsa_root.issue(TSA, Profile.TSA, now=NOW - DAY, days=400)


def with_lists(data: bytes, *crls: bytes) -> bytes:
    """/DSS with these lists, in a revision of its own."""
    store = read(data).size
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/DSS %d 0 R>>" % store
    numbers = b" ".join(b"%d 0 R" % (store + 1 + index) for index in range(len(crls)))
    objects = {store + 1 + index: stream(crl) for index, crl in enumerate(crls)}
    return append(data, {CATALOG: catalog, store: b"<</Type/DSS/CRLs[%s]>>" % numbers, **objects})


def with_stamp(
    data: bytes, tsa: Identity, name: str, *, at: datetime, imprint: HashFunction = HashFunction.SHA256
) -> bytes:
    way = Way(
        message=lambda who, content: timestamp_token(
            who, digest(imprint, content), at=at, imprint_function=imprint
        ),
        subfilter=b"ETSI.RFC3161",
        kind=b"DocTimeStamp",
    )
    return add_and_sign(data, Box(name, (0.0, 0.0, 0.0, 0.0)), tsa, at=at, way=way)


def archived(office: Office, kept: Round) -> bytes:
    """Signed and stamped, lists, a document timestamp; a year later lists and a timestamp of another authority."""
    tsa, root = first_authority(office), office.tsa_root
    signer = (office.root_lists()[0], office.issuer.crl(this_update=NOW + HOUR))
    listed = NOW + kept.listed
    about_first = (root.crl(this_update=listed, next_update=listed + 30 * DAY),) if kept.first_list else ()
    lists = (*(signer if kept.signer_list else ()), *about_first)
    data = with_stamp(with_lists(stamped(office, tsa, at=NOW + MINUTE), *lists), tsa, "first", at=NOW + 2 * HOUR)
    if not kept.second:
        return data
    about_first = (root.crl(this_update=SECOND - DAY, next_update=SECOND + DAY),) if kept.first_list else ()
    newer = office.tsa_root.issue(TSA, Profile.TSA, now=SECOND - DAY, serial=77)
    return with_stamp(with_lists(data, *lists, *about_first), newer, "second", at=SECOND)


def asked(office: Office, data: bytes, *, revoked: float | None = None) -> signing.DocumentVerdict:
    """At `LATER`, with nothing from outside but the newest list about timestamp authorities."""
    told = [Revoked(first_authority(office).serial, NOW + revoked * DAY, "keyCompromise")] if revoked else []
    evidence = signing.Evidence(crls=(office.tsa_root.crl(this_update=LATER - HOUR, revoked=told),))
    return office.judge(data, evidence=evidence, at=LATER, plan=None)


GOOD = {
    "kept": Round(),
    "the first authority is revoked after the second timestamp": Round(revoked=310),
}
BAD = {
    "no second timestamp": Round(second=False),
    "no list about the first authority": Round(first_list=False),
    "a list about it that had run out": Round(listed=-40 * DAY, second=False),
    "no list about the signer": Round(signer_list=False),
    "the first authority is revoked before the second timestamp": Round(revoked=290),
}


@pytest.mark.parametrize("name", GOOD)
def test_kept_signature_passes(office: Office, name: str) -> None:
    """Leader and first authority have run out; the chain of timestamps leads back to the day of signing."""
    verdict = asked(office, archived(office, GOOD[name]), revoked=GOOD[name].revoked)
    leader = verdict.signature("leader")
    assert verdict.verdict is Conclusion.PASSED, verdict.reasons
    assert leader is not None
    assert (leader.times.best, leader.times.source) == (NOW + MINUTE, TimeSource.TIMESTAMP)


@pytest.mark.parametrize("name", BAD)
def test_broken_chain_proves_nothing(office: Office, name: str) -> None:
    """One link is missing."""
    verdict = asked(office, archived(office, BAD[name]), revoked=BAD[name].revoked)
    assert verdict.verdict is Conclusion.INDETERMINATE, verdict.reasons
    leader = verdict.signature("leader")
    assert leader is not None
    assert leader.verdict is Conclusion.INDETERMINATE


def test_receipt_keeps_a_timestamp_too(office: Office) -> None:
    """What the journal held while the authority was in force needs no second timestamp."""
    data = archived(office, Round(second=False))
    evidence = signing.Evidence(receipt=signing.Receipt(NOW + 3 * HOUR))
    verdict = office.judge(data, evidence=evidence, at=LATER, plan=None)
    leader = verdict.signature("leader")
    assert leader is not None
    assert (leader.verdict, leader.times.best) == (Conclusion.PASSED, NOW + MINUTE), leader.reasons


def test_second_timestamp_over_something_else_proves_nothing(office: Office) -> None:
    """The link must cover what it proves."""
    data = archived(office, Round(second=False))
    newer = office.tsa_root.issue(TSA, Profile.TSA, now=SECOND - DAY, serial=77)
    way = Way(
        message=lambda who, _: timestamp_token(who, digest(HashFunction.SHA256, b"another"), at=SECOND),
        subfilter=b"ETSI.RFC3161",
        kind=b"DocTimeStamp",
    )
    made = add_and_sign(data, Box("second", (0.0, 0.0, 0.0, 0.0)), newer, at=SECOND, way=way)
    leader = asked(office, made).signature("leader")
    assert leader is not None
    assert Reason.EXPIRED_NO_PROOF in leader.reasons
