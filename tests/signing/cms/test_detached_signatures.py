"""`.p7s` and `.p7m` of any file: accepted and refused twins, each named by what is unusual or wrong about it."""

from __future__ import annotations

import mmap
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import signing
from signing.path.evidence import TimeSource
from signing.prepare import der
from signing.prepare.algorithms import HashFunction, digest
from signing.prepare.cms import attribute
from signing.reasons import Conclusion, Reason
from signing.testing import LEADER, Profile, timestamp_attribute, timestamp_token
from signing.testing.messages import MessageDefect, message
from signing.verification.verdict import Coverage, Integrity, SignatureRole
from tests.signing.cms import maker
from tests.signing.cms.maker import Plan, countersigned, loosened, make
from tests.signing.verification.office import AT, ISSUED, NOW, Office

CONTENT = b"Quyet dinh so 12/QD-UBND\n" * 40
PASSED, OPEN, FAILED = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED


def judge(office: Office, data: bytes, content: bytes | None = CONTENT, **changes: Any) -> signing.DocumentVerdict:
    question: dict[str, Any] = {"trust": office.trust, "at": AT, "evidence": office.evidence}
    return signing.verify_detached(data, content, **(question | changes))


def said(verdict: signing.DocumentVerdict) -> tuple[Conclusion, Reason | None]:
    return verdict.verdict, verdict.reason


def test_detached_signature_passes(office: Office) -> None:
    """Every facet, and the length of what was signed."""
    verdict = judge(office, make(CONTENT, Plan(office.agency, claimed=NOW)))
    assert said(verdict) == (PASSED, None)
    (signature,) = verdict.signatures
    assert (signature.field, signature.kind) == ("signer-1", SignatureRole.APPROVAL)
    assert (signature.integrity, signature.coverage) == (Integrity.INTACT, Coverage.WHOLE_FILE)
    assert (signature.signed_bytes, signature.times.claimed) == (len(CONTENT), NOW)
    assert signing.DocumentVerdict.from_json(verdict.to_json()) == verdict


ACCEPTED = {
    "attached": lambda office: (make(CONTENT, Plan(office.agency), attached=True), None),
    "attached, and the same file beside it": lambda office: (
        make(CONTENT, Plan(office.agency), attached=True),
        CONTENT,
    ),
    "streamed": lambda office: (loosened(make(CONTENT, Plan(office.agency))), CONTENT),
    "streamed, attached": lambda office: (loosened(make(CONTENT, Plan(office.agency), attached=True)), None),
    "empty content": lambda office: (make(b"", Plan(office.agency)), b""),
    "empty content, attached": lambda office: (make(b"", Plan(office.agency), attached=True), None),
    "elliptic key": lambda office: (make(CONTENT, Plan(office.leader)), CONTENT),
    "zeros behind": lambda office: (make(CONTENT, Plan(office.agency)) + bytes(100), CONTENT),
    "certificate named twice, in both ways": lambda office: (
        make(
            CONTENT,
            Plan(
                office.agency,
                essential=((maker.ESS_V2, office.agency.der), (maker.ESS_V1, office.agency.der)),
            ),
        ),
        CONTENT,
    ),
    "certificate named the old way": lambda office: (
        make(CONTENT, Plan(office.agency, essential=((maker.ESS_V1, office.agency.der),))),
        CONTENT,
    ),
    "key identifier": lambda office: (
        make(CONTENT, Plan(office.agency, by_key=_key_id(office.agency.der))),
        CONTENT,
    ),
    "attributes as they came": lambda office: (make(CONTENT, Plan(office.agency, as_sent=True)), CONTENT),
    "digest called by the signature's name": lambda office: (
        make(CONTENT, Plan(office.agency, digest_named=_named("1.2.840.113549.1.1.11"))),
        CONTENT,
    ),
    "unreadable certificate beside": lambda office: (
        make(
            CONTENT, Plan(office.agency), certificates=(office.agency.der, office.issuer.der, b"\x30\x02\x05\x00")
        ),
        CONTENT,
    ),
}


def _named(algorithm: str) -> bytes:
    return der.sequence(der.oid(algorithm), der.null())


def _key_id(certificate: bytes) -> bytes:
    return bytes.fromhex(signing.inspect_certificate(certificate).subject_key_id)


@pytest.mark.parametrize("name", ACCEPTED)
def test_good_twins_pass(office: Office, name: str) -> None:
    """Unusual, and right."""
    data, content = ACCEPTED[name](office)
    assert said(judge(office, data, content)) == (PASSED, None)


ALLOWED = {
    "signed_attributes_absent": lambda office: Plan(office.agency, with_attributes=False),
    "signing_certificate_unnamed": lambda office: Plan(office.agency, essential=()),
}


@pytest.mark.parametrize("code", ALLOWED)
def test_plain_cms_passes_with_a_remark(office: Office, code: str) -> None:
    """RFC 5652 asks for neither; CAdES asks for both."""
    verdict = judge(office, make(CONTENT, ALLOWED[code](office)))
    assert said(verdict) == (PASSED, Reason(code))


REFUSED = {
    "other content": (lambda office: make(CONTENT + b".", Plan(office.agency)), FAILED, "digest_mismatch"),
    "attached content differs from the file": (
        lambda office: make(CONTENT + b".", Plan(office.agency), attached=True),
        FAILED,
        "digest_mismatch",
    ),
    "wrong certificate named": (
        lambda office: make(CONTENT, Plan(office.agency, essential=((maker.ESS_V2, office.leader.der),))),
        FAILED,
        "signing_certificate_mismatch",
    ),
    "right and wrong certificate named": (
        lambda office: make(
            CONTENT,
            Plan(office.agency, essential=((maker.ESS_V2, office.agency.der), (maker.ESS_V1, office.leader.der))),
        ),
        FAILED,
        "signing_certificate_mismatch",
    ),
    "CAdES without a certificate named": (
        lambda office: make(
            CONTENT, Plan(office.agency, essential=(), extra=(attribute(maker.COMMITMENT, der.sequence()),))
        ),
        FAILED,
        "signing_certificate_missing",
    ),
    "signature over something else": (
        lambda office: make(CONTENT, Plan(office.agency, over=b"something else")),
        FAILED,
        "signature_wrong",
    ),
    "no attributes, signed something else": (
        lambda office: make(CONTENT, Plan(office.agency, with_attributes=False, over=b"something else")),
        FAILED,
        "signature_wrong",
    ),
    "no attributes, other kind of content": (
        lambda office: make(CONTENT, Plan(office.agency, with_attributes=False), content_type="1.2.3.4"),
        FAILED,
        "signed_attributes_missing",
    ),
    "attribute doubled": (
        lambda office: make(
            CONTENT,
            Plan(office.agency, extra=(attribute(maker.SIGNING_TIME, der.generalized_time(NOW)),), claimed=NOW),
        ),
        FAILED,
        "attribute_doubled",
    ),
    "something behind the message": (
        lambda office: make(CONTENT, Plan(office.agency)) + b"<script>",
        FAILED,
        "padding_not_zero",
    ),
    "attributes as they came, others signed": (
        lambda office: make(CONTENT, Plan(office.agency, as_sent=True, over=b"something else")),
        FAILED,
        "signature_wrong",
    ),
    "digest called by another signature's name": (
        lambda office: make(CONTENT, Plan(office.agency, digest_named=_named("1.2.840.113549.1.1.13"))),
        FAILED,
        "digest_mismatch",
    ),
    "certificate left out": (
        lambda office: make(CONTENT, Plan(office.agency), certificates=(office.issuer.der,)),
        OPEN,
        "certificate_not_found",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_twins_do_not_pass(office: Office, name: str) -> None:
    """One thing wrong with each."""
    build, conclusion, code = REFUSED[name]
    assert said(judge(office, build(office))) == (conclusion, Reason(code))


DEFECTS = {
    MessageDefect.NO_DIGEST: (FAILED, "digest_missing"),
    MessageDefect.DOUBLED_DIGEST: (FAILED, "attribute_doubled"),
    MessageDefect.WRONG_DIGEST: (FAILED, "digest_mismatch"),
    MessageDefect.WRONG_CONTENT_TYPE: (FAILED, "content_type_wrong"),
    MessageDefect.DIGEST_DISAGREES: (FAILED, "algorithms_disagree"),
    MessageDefect.PROTECTION_DISAGREES: (FAILED, "algorithms_disagree"),
    MessageDefect.PSS_WITHOUT_SALT: (FAILED, "algorithms_disagree"),
    MessageDefect.PSS_MASK_SHA1: (FAILED, "algorithms_disagree"),
    MessageDefect.SHA1: (FAILED, "algorithm_weak"),
    MessageDefect.FLIPPED_BIT: (FAILED, "signature_wrong"),
    MessageDefect.UNSORTED_ATTRIBUTES: (Conclusion.PASSED, None),  # the same attributes, signed as they came
    MessageDefect.GARBAGE: (Conclusion.MALFORMED, "not_a_signature"),
    MessageDefect.NO_SIGNER: (Conclusion.UNSIGNED, None),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_message_defects_are_refused_beside_a_file_too(office: Office, defect: MessageDefect) -> None:
    """The same as inside a PDF."""
    conclusion, code = DEFECTS[defect]
    verdict = judge(office, message(office.agency, CONTENT, defect=defect))
    assert (verdict.verdict, verdict.reason) == (conclusion, code and Reason(code))


def test_signed_attributes_passed_off_as_content_are_refused(office: Office) -> None:
    """A signature over DER(SET OF Attribute) fits a message without attributes whose content is just that."""
    plan = Plan(office.agency)
    stolen = maker.signed_attributes(plan, CONTENT)
    forged = make(stolen, replace(plan, with_attributes=False))
    assert said(judge(office, forged, stolen)) == (FAILED, Reason.CONTENT_IS_ATTRIBUTES)
    attached = make(stolen, replace(plan, with_attributes=False), attached=True)
    assert said(judge(office, loosened(attached, piece=3), None)) == (FAILED, Reason.CONTENT_IS_ATTRIBUTES)


def test_without_the_file_the_signature_stays_open(office: Office) -> None:
    """Its mathematics hold, but what they are about was not seen."""
    verdict = judge(office, make(CONTENT, Plan(office.agency)), None)
    assert said(verdict) == (OPEN, Reason.CONTENT_MISSING)
    assert verdict.signatures[0].integrity is Integrity.UNREADABLE
    bare = judge(office, make(CONTENT, Plan(office.agency, with_attributes=False)), None)
    assert said(bare) == (OPEN, Reason.CONTENT_MISSING)


def test_each_signer_has_a_verdict_of_its_own(office: Office) -> None:
    """One good, one over other content: the document takes the worse, the good one stays good."""
    bad = Plan(office.agency, over=b"other")
    verdict = judge(office, make(CONTENT, Plan(office.leader), bad))
    found = {item.signer.name: item.verdict for item in verdict.signatures if item.signer is not None}
    assert sorted(found.values()) == [FAILED, PASSED]
    assert {item.field for item in verdict.signatures} == {"signer-1", "signer-2"}
    assert verdict.verdict is FAILED


def test_countersignatures_are_no_signers(office: Office) -> None:
    """They sign a signature and stand in its attributes."""
    plan = countersigned(Plan(office.agency), CONTENT, office.leader)
    verdict = judge(office, make(CONTENT, plan))
    assert [item.signer.name for item in verdict.signatures if item.signer] == [
        signing.inspect_certificate(office.agency.der).common_name
    ]
    assert said(verdict) == (PASSED, None)


def test_missing_certificate_may_come_beside(office: Office) -> None:
    """A signature that carries none, with those of the caller."""
    data = make(CONTENT, Plan(office.agency), certificates=())
    evidence = office.evidence.plus(certificates=(office.agency.der, office.issuer.der))
    assert said(judge(office, data)) == (OPEN, Reason.CERTIFICATE_NOT_FOUND)
    assert said(judge(office, data, evidence=evidence)) == (PASSED, None)


def test_timestamp_over_the_signature_proves_its_time(office: Office) -> None:
    """CAdES-T: the certificate may have been revoked since."""
    plan = Plan(office.agency)
    data = make(CONTENT, plan)
    signature = signing_value(data)
    token = timestamp_token(office.tsa, digest(HashFunction.SHA256, signature), at=NOW)
    stamped = with_unsigned(data, timestamp_attribute(token))
    (found,) = judge(office, stamped).signatures
    assert (found.verdict, found.times.source, found.times.best) == (PASSED, TimeSource.TIMESTAMP, NOW)
    wrong = timestamp_token(office.tsa, digest(HashFunction.SHA256, b"other"), at=NOW)
    assert said(judge(office, with_unsigned(data, timestamp_attribute(wrong)))) == (OPEN, Reason.TIMESTAMP_INVALID)


def test_carried_lists_and_answers_are_used(office: Office) -> None:
    """Beside the signers, in revocation-values, and OCSP without its response around it."""
    fresh = office.issuer.crl(this_update=AT - timedelta(hours=1))
    root = signing.Evidence(crls=office.root_lists())
    assert said(judge(office, make(CONTENT, Plan(office.agency)), evidence=root))[0] is OPEN
    assert said(judge(office, make(CONTENT, Plan(office.agency), crls=(fresh,)), evidence=root)) == (PASSED, None)
    values = der.sequence(der.explicit(0, der.sequence(fresh)))
    plan = Plan(office.agency, unsigned=(attribute(maker.REVOCATION_VALUES, values),))
    assert said(judge(office, make(CONTENT, plan), evidence=root)) == (PASSED, None)
    answer = office.issuer.ocsp(office.agency.certificate, this_update=AT - timedelta(hours=1))
    values = der.sequence(der.explicit(1, der.sequence(basic_of(answer))))
    plan = Plan(office.agency, unsigned=(attribute(maker.REVOCATION_VALUES, values),))
    verdict = judge(office, make(CONTENT, plan), evidence=root)
    assert (said(verdict), verdict.signatures[0].revocation_source) == ((PASSED, None), "ocsp")


def test_carried_certificates_complete_the_path(office: Office) -> None:
    """The issuing authority in certificate-values only."""
    unsigned = (attribute(maker.CERTIFICATE_VALUES, der.sequence(office.issuer.der)),)
    data = make(CONTENT, Plan(office.agency, unsigned=unsigned), certificates=(office.agency.der,))
    assert said(judge(office, data)) == (PASSED, None)


def test_unreadable_evidence_is_a_remark(office: Office) -> None:
    """It could only have helped."""
    plan = Plan(office.agency, unsigned=(attribute(maker.REVOCATION_VALUES, der.octets(b"x")),))
    assert said(judge(office, make(CONTENT, plan))) == (PASSED, Reason.EVIDENCE_UNREADABLE)


def test_of_two_certificates_with_one_name_the_named_one_counts(office: Office) -> None:
    """Issuer and number may be claimed by anybody; the signature says which certificate it means."""
    double = office.issuer.issue(LEADER, Profile.PERSON, now=ISSUED, serial=office.agency.serial)
    data = make(CONTENT, Plan(office.agency), certificates=(double.der, office.agency.der, office.issuer.der))
    assert said(judge(office, data)) == (PASSED, None)


def test_without_trust_all_other_facets_stand(office: Office) -> None:
    """As for PDF."""
    verdict = judge(office, make(CONTENT, Plan(office.agency)), trust=signing.TrustStore())
    (signature,) = verdict.signatures
    assert (signature.integrity, signature.path) == (Integrity.INTACT, "incomplete")
    assert said(verdict) == (OPEN, Reason.NO_TRUST_GIVEN)


def test_a_mapped_file_is_never_held(office: Office, tmp_path: Path) -> None:
    """The content is hashed where the system maps it."""
    (tmp_path / "data").write_bytes(CONTENT)
    with (tmp_path / "data").open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    data = make(CONTENT, Plan(office.agency))
    assert (
        signing.verify_detached(data, mapped, trust=office.trust, at=AT, evidence=office.evidence).verdict is PASSED
    )


def signing_value(data: bytes) -> bytes:
    signer = maker.reader.read(data).children()[1].only().children()[-1].only()
    return next(part.content for part in signer.children() if part.tag == maker.reader.OCTET_STRING)


def with_unsigned(data: bytes, attribute_der: bytes) -> bytes:
    """The message with one more unsigned attribute under its only signer."""
    body = maker.reader.read(data).children()[1].only().children()
    signer = body[-1].only()
    grown = der.sequence(signer.content, der.set_of((attribute_der,), tag=0xA1))
    parts = [item.raw for item in body[:-1]] + [der.set_of((grown,))]
    return der.sequence(der.oid(maker.SIGNED_DATA), der.explicit(0, der.sequence(*parts)))


def basic_of(response: bytes) -> bytes:
    return maker.reader.read(response).children()[1].only().children()[1].content
