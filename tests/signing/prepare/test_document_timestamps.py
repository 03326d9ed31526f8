"""A document timestamp and evidence behind the seal: ours and other programs' readers hold everything valid."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

import signing
from signing import Conclusion, Reason, TimeSource
from signing.errors import SignatureRefused
from signing.pdf import read
from signing.prepare import Store, embed_stamp, prepare_stamp
from signing.prepare.lasting import Rests, lasts, rests_on
from signing.testing import TSA_ROOT, Authority, Identity, timestamp_token
from signing.verification.context import Question
from signing.verification.document import judge_carefully
from signing.verification.embedded import with_store
from tests.signing.prepare.conftest import Office
from tests.signing.prepare.test_second_opinions import (
    NAMES,
    mutool_opinion,
    pdfsig_opinions,
    pyhanko_opinions,
    with_arrival_stamp,
)

QUARTER = timedelta(days=90)


@dataclass(frozen=True)
class Stamps:
    """An authority for timestamps, an hour after the seal, and lists of the day after."""

    office: Office
    issued: bytes
    root: Authority
    tsa: Identity

    @property
    def at(self) -> datetime:
        return self.office.now + timedelta(hours=1)

    @property
    def later(self) -> datetime:
        return self.office.now + timedelta(days=1)

    @property
    def trust(self) -> signing.TrustStore:
        return signing.TrustStore.of(self.office.root.der, self.root.der)

    def lists(self, of: datetime) -> signing.Evidence:
        """The roots' lists are of last week, as they are in life; the issuing authority's is of `of`."""
        week = self.office.now - timedelta(days=7)
        roots = (self.office.root, self.root)
        slow = [one.crl(this_update=week, next_update=week + QUARTER) for one in roots]
        return signing.Evidence(crls=(*slow, self.office.issuing.crl(this_update=of)))

    def stamp(self, data: bytes, at: datetime, store: Store | None = None) -> bytes:
        prepared = prepare_stamp(data, store=store)
        assert prepared.document.startswith(data)
        return embed_stamp(prepared.document, timestamp_token(self.tsa, prepared.digest, at=at))

    def stamped(self) -> bytes:
        return self.stamp(self.issued, self.at)

    def lasting(self) -> bytes:
        data = self.stamped()
        found = self.rests_on(data, self.later)
        assert found.lacks == ()
        return self.stamp(data, self.later, found.store)

    def rests_on(self, data: bytes, lists_of: datetime) -> Rests:
        evidence = self.lists(lists_of)
        return rests_on(data, trust=self.trust, evidence=evidence, at=self.later, policy=signing.DAILY)

    def judge(self, data: bytes, evidence: signing.Evidence, at: datetime | None = None) -> signing.DocumentVerdict:
        return signing.verify(data, trust=self.trust, at=at or self.later, evidence=evidence)


@pytest.fixture(scope="module")
def stamps(office: Office, issued: bytes) -> Stamps:
    root = Authority.root(TSA_ROOT, now=office.now - timedelta(days=400))
    return Stamps(office, issued, root, root.tsa(now=office.now - timedelta(days=100)))


def test_every_signature_gains_a_proven_time(stamps: Stamps) -> None:
    """One revision; the strict reading explains it, and the time is the token's for all three."""
    data = stamps.stamped()
    fresh = stamps.lists(stamps.later).plus(crls=(stamps.root.crl(this_update=stamps.later),))
    verdict = stamps.judge(data, fresh)
    assert (verdict.verdict, verdict.basis, verdict.reasons) == (Conclusion.PASSED, "fast", ())
    assert [(item.field, item.verdict) for item in verdict.signatures] == [
        (name, Conclusion.PASSED) for name in (*NAMES, "Timestamp1")
    ]
    for name in NAMES:
        item = verdict.signature(name)
        assert item is not None
        assert (item.times.source, item.times.best) == (TimeSource.TIMESTAMP, stamps.at)
    assert len(verdict.revisions) == len(stamps.judge(stamps.issued, fresh).revisions) + 1


def test_without_a_current_word_about_its_authority_the_stamp_is_a_remark(stamps: Stamps) -> None:
    """Signatures that pass by our receipt do not become undecided because we stamped them."""
    receipt = signing.Receipt(stamps.at - timedelta(minutes=30), TimeSource.ANCHORED_RECEIPT)
    evidence = replace(stamps.lists(stamps.later), receipt=None, older_receipts=(
        replace(receipt, size=len(stamps.issued), sha256=stamps.judge(stamps.issued, signing.Evidence()).sha256),
    ))  # fmt: skip
    verdict = stamps.judge(stamps.stamped(), evidence)
    assert (verdict.verdict, verdict.reason) == (Conclusion.PASSED, Reason.TIMESTAMP_NOT_PROVEN)
    assert [item.verdict for item in verdict.signatures] == [*[Conclusion.PASSED] * 3, Conclusion.INDETERMINATE]
    without = stamps.judge(stamps.stamped(), stamps.lists(stamps.later), stamps.later + timedelta(days=30))
    assert without.verdict is Conclusion.INDETERMINATE


def test_a_lasting_file_needs_nobodys_lists(stamps: Stamps) -> None:
    """Two added revisions. Years later a word about the last stamp's authority is all that is asked for."""
    data = stamps.lasting()
    assert lasts(data, trust=stamps.trust, at=stamps.later, policy=signing.DAILY)
    assert not lasts(stamps.stamped(), trust=stamps.trust, at=stamps.later, policy=signing.DAILY)
    year = stamps.later + timedelta(days=700)
    verdict = stamps.judge(data, signing.Evidence(crls=(stamps.root.crl(this_update=year),)), at=year)
    assert (verdict.verdict, verdict.basis) == (Conclusion.PASSED, "fast")
    assert verdict.signatures[0].times.best == stamps.at
    assert len(verdict.revisions) == len(stamps.judge(stamps.issued, signing.Evidence()).revisions) + 2


def test_a_third_timestamp_goes_over_a_word_about_the_second(stamps: Stamps) -> None:
    """The store keeps what it has, in its place, and grows by what is new and no more; both paths explain it."""
    data, year = stamps.lasting(), stamps.later + timedelta(days=600)
    fresh = signing.Evidence(crls=(stamps.root.crl(this_update=year),))
    found = rests_on(data, trust=stamps.trust, evidence=fresh, at=year, policy=signing.DAILY, again=True)
    assert (found.lacks, found.store.crls, found.store.ocsps) == ((), fresh.crls, ())
    assert rests_on(
        data, trust=stamps.trust, evidence=signing.Evidence(), at=year, policy=signing.DAILY, again=True
    ).lacks[0] in {Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH}  # fmt: skip
    longer = stamps.stamp(data, year, found.store)
    before, after = (carried(one) for one in (data, longer))
    assert after.certificates == before.certificates
    assert after.crls == before.crls + fresh.crls
    twice = stamps.stamp(longer, year + timedelta(days=1), found.store)
    assert carried(twice) == after
    late = year + timedelta(days=300)
    word = signing.Evidence(crls=(stamps.root.crl(this_update=late),))
    verdict = stamps.judge(longer, word, at=late)
    assert (verdict.verdict, verdict.basis) == (Conclusion.PASSED, "fast")
    assert verdict.signatures[0].times.best == stamps.at
    careful = judge_carefully(longer, Question(stamps.trust, late, word, signing.STRICT, None, {}, {}))
    assert (careful.verdict, careful.basis) == (Conclusion.PASSED, "careful")


def carried(data: bytes) -> signing.Evidence:
    """What a file's own store holds."""
    return with_store(signing.Evidence(), read(data).last)[0]


def test_lists_from_before_the_stamp_prove_nothing_about_it(stamps: Stamps) -> None:
    """Whatever grace the office's policy gives at signing."""
    found = stamps.rests_on(stamps.stamped(), stamps.at - timedelta(hours=2))
    assert found.lacks == (Reason.REVOCATION_NOT_FRESH,)
    bare = stamps.rests_on(stamps.issued, stamps.later)
    assert Reason.TIMESTAMP_NOT_PROVEN in bare.lacks


def test_only_the_token_over_exactly_these_bytes_is_taken(stamps: Stamps) -> None:
    prepared = prepare_stamp(stamps.issued)
    other = timestamp_token(stamps.tsa, b"\x01" * 32, at=stamps.at)
    for token, code in ((other, "document_changed"), (b"\x30\x00", "not_a_token")):
        with pytest.raises(SignatureRefused, match=code):
            embed_stamp(prepared.document, token)
    token = timestamp_token(stamps.tsa, prepared.digest, at=stamps.at)
    narrow = prepare_stamp(stamps.issued, room=200)
    small = timestamp_token(stamps.tsa, narrow.digest, at=stamps.at)
    with pytest.raises(SignatureRefused, match="too_large"):
        embed_stamp(narrow.document, small)
    with pytest.raises(signing.SigningError):
        embed_stamp(prepared.document[:-1] + b" ", token)


@pytest.mark.slow
def test_the_careful_path_and_pyhanko_agree(stamps: Stamps) -> None:
    """Also after a recipient's arrival stamp behind ours, made by another program."""
    data = stamps.lasting()
    found = pyhanko_opinions(data, stamps.office)
    assert all(found[name].bottom_line for name in NAMES)
    names = {one.field_name for one in PdfFileReader(io.BytesIO(data), strict=True).embedded_timestamp_signatures}
    assert names == {"Timestamp1", "Timestamp2"}
    evidence = stamps.lists(stamps.later).plus(crls=(stamps.root.crl(this_update=stamps.later),))
    verdict = judge_carefully(data, Question(stamps.trust, stamps.later, evidence, signing.STRICT, None, {}, {}))
    assert (verdict.verdict, verdict.basis, verdict.reasons) == (Conclusion.PASSED, "careful", ())
    assert [item.times.source for item in verdict.signatures] == [TimeSource.TIMESTAMP] * 5
    arrived = with_arrival_stamp(data, stamps.office)
    assert all(pyhanko_opinions(arrived, stamps.office)[name].bottom_line for name in NAMES)


@pytest.mark.slow
@pytest.mark.tools("pdfsig", "mutool")
def test_poppler_and_mupdf_hold_the_signatures_valid(stamps: Stamps, tmp_path: Path) -> None:
    for data in (stamps.stamped(), stamps.lasting()):
        said = pdfsig_opinions(data, tmp_path)
        assert {name: said[name] for name in NAMES} == dict.fromkeys(NAMES, "Signature is Valid.")
        text = mutool_opinion(data, tmp_path)
        assert text.count("The signature is valid but there have been edits since signing.") >= len(NAMES)
        assert "Digest" not in text
    spoiled = stamps.lasting().replace(b"841.89", b"841.88", 1)
    assert {pdfsig_opinions(spoiled, tmp_path)[name] for name in NAMES} == {"Digest Mismatch."}
