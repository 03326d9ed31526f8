"""What pyHanko adds to our files: an arrival stamp, validation evidence, a document timestamp."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pytest
import time_machine
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.reasons import Conclusion, Reason
from signing.testing import TSA, Identity, KeyKind, Subject
from signing.verification.verdict import ChangesAfter
from tests.signing.verification.office import ISSUED, NOW, Office

pytestmark = pytest.mark.slow
LATER = NOW + timedelta(hours=1)


def _store(who: Identity) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(one) for one in who.chain_der)
    return store


def _stamped(data: bytes, who: Identity, box: tuple[int, int, int, int]) -> bytes:
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der),
        signing_key=asn1_keys.PrivateKeyInfo.load(who.key_der),
        cert_registry=_store(who),
    )
    stamping = PdfSigner(
        PdfSignatureMetadata(field_name="CongVanDen", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"),
        signer=signer,
        stamp_style=TextStampStyle(stamp_text="DEN  So: 77"),
        new_field_spec=SigFieldSpec("CongVanDen", on_page=0, box=box),
    )
    out = io.BytesIO()
    with time_machine.travel(LATER, tick=False):
        asyncio.run(stamping.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out))
    return out.getvalue()


@pytest.fixture(scope="module")
def clerk(office: Office) -> Identity:
    subject = Subject(common_name="Văn thư Sở Nội vụ", organisation="SỞ NỘI VỤ")
    return office.issuer.issue(subject, now=ISSUED)


def test_arrival_stamp_is_named_and_harmless(office: Office, clerk: Identity) -> None:
    """It also rewrites the catalog, the form, the page and the XMP packet: all of it is explained."""
    verdict = office.judge(_stamped(office.issued, clerk, (30, 560, 160, 620)))
    assert (verdict.verdict, verdict.reason) == (Conclusion.PASSED, Reason.LATER_VISIBLE_SIGNATURE)
    leader = verdict.signature("leader")
    assert leader is not None
    assert "Văn thư Sở Nội vụ" in {change.by for change in leader.changes}


def test_arrival_stamp_over_the_leader_fails_the_leader(office: Office, clerk: Identity) -> None:
    """The same stamp, in the wrong place."""
    verdict = office.judge(_stamped(office.issued, clerk, (350, 135, 450, 180)))
    leader = verdict.signature("leader")
    assert leader is not None
    assert leader.reason is Reason.COVERS_EARLIER_SIGNATURE


def test_validation_evidence_is_no_change(office: Office) -> None:
    """/DSS written by another program, with certificates and lists."""
    out = io.BytesIO(office.issued)
    fresh = office.issuer.crl(this_update=NOW + timedelta(hours=4))
    DocumentSecurityStore.add_dss(
        out,
        sig_contents=None,
        certs=[asn1_x509.Certificate.load(one) for one in office.leader.chain_der],
        crls=[asn1_crl.CertificateList.load(fresh)],
    )
    verdict = office.judge(out.getvalue(), evidence=type(office.evidence)(crls=office.root_lists()))
    assert [item.changes_after for item in verdict.signatures] == ["signing", "signing", "evidence"]
    assert (verdict.verdict, verdict.reason) == (Conclusion.PASSED, None)


def test_document_timestamp_is_evidence(office: Office) -> None:
    """An archive timestamp by another program proves our signatures."""
    tsa = office.tsa_root.tsa(TSA, now=ISSUED, kind=KeyKind.RSA_2048)
    stamper = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(tsa.der),
        tsa_key=asn1_keys.PrivateKeyInfo.load(tsa.key_der),
        certs_to_embed=_store(tsa),
        fixed_dt=LATER,
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(office.issued))
    with time_machine.travel(LATER, tick=False):
        asyncio.run(
            PdfTimeStamper(stamper).async_timestamp_pdf(
                writer, md_algorithm="sha256", validation_context=None, output=out
            )
        )
    verdict = office.judge(out.getvalue())
    seal = verdict.signature("seal")
    assert seal is not None
    assert (seal.changes_after, seal.times.best) == (ChangesAfter.EVIDENCE, LATER)
    assert verdict.verdict is Conclusion.PASSED
