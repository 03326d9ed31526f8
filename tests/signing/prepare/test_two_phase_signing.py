"""Prepare, sign elsewhere, embed: for every kind of key; and what must not get through."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from asn1crypto import cms as asn1
from asn1crypto import tsp

from signing.errors import BrokenInput, SignatureRefused, SigningError
from signing.pdf import read
from signing.prepare import (
    CannotPrepare,
    Claims,
    HashFunction,
    PreparedSignature,
    SignatureAlgorithm,
    embed,
    is_extension_of,
    prepare_signature,
)
from signing.testing import (
    LEADER,
    Identity,
    KeyKind,
    Subject,
    key,
    timestamp_attribute,
    timestamp_token,
)
from signing.testing.drawings import appearance
from tests.signing.prepare.conftest import Office

assert tsp.SigningCertificateV2, "its import names signing_certificate_v2 among the attributes"
P1, PSS, EC = SignatureAlgorithm.RSA_PKCS1, SignatureAlgorithm.RSA_PSS, SignatureAlgorithm.ECDSA


def prepared(office: Office, who: Identity | None = None, **options: object) -> PreparedSignature:
    signer = who or office.leader
    return prepare_signature(
        office.document,
        field="Leader",
        certificate=signer.der,
        at=office.now,
        **options,  # type: ignore[arg-type]
    )


def finish(item: PreparedSignature, who: Identity, **changes: object) -> bytes:
    raw = who.sign(item.to_be_signed, function=item.hash_function)
    arguments: dict[str, object] = {
        "to_be_signed": item.to_be_signed,
        "signature": raw,
        "certificate": who.der,
        "chain": who.chain_der,
    }
    return embed(item.document, **(arguments | changes))  # type: ignore[arg-type]


def embedded_cms(data: bytes, item: PreparedSignature) -> asn1.ContentInfo:
    _, first, second, _ = item.byte_range
    raw = bytes.fromhex(data[first + 1 : second - 1].decode())
    return asn1.ContentInfo.load(raw.rstrip(b"\0") + bytes(0))


@pytest.mark.parametrize(
    ("kind", "algorithm", "raw"),
    [
        (KeyKind.RSA_2048, P1, False),
        (KeyKind.RSA_2048, PSS, False),
        (KeyKind.RSA_3072, P1, False),
        (KeyKind.P256, EC, False),
        (KeyKind.P256, EC, True),
        (KeyKind.P384, EC, False),
        (KeyKind.P384, EC, True),
    ],
)
def test_every_key_holder_can_sign(office: Office, kind: KeyKind, algorithm: SignatureAlgorithm, raw: bool) -> None:
    """RSA both ways, both curves, ECDSA as DER and as WebCrypto's r‖s; the hash follows the key."""
    who = office.issuing.issue(LEADER, now=office.now - timedelta(days=1), kind=kind)
    item = prepared(office, who)
    signature = who.sign(item.to_be_signed, algorithm, function=item.hash_function, raw=raw)
    signed = finish(item, who, signature=signature, signature_algorithm=algorithm)
    assert item.hash_function is (HashFunction.SHA384 if kind is KeyKind.P384 else HashFunction.SHA256)
    assert is_extension_of(signed, office.document)
    assert len(signed) == len(item.document)
    content = embedded_cms(signed, item)["content"]
    assert {one.chosen.dump() for one in content["certificates"]} == {who.der, *who.chain_der}
    if not raw:
        assert content["signer_infos"][0]["signature"].native == signature


def test_signed_attributes_are_the_three_of_pades(office: Office) -> None:
    """contentType, messageDigest, signingCertificateV2; sorted DER; no time (it stands in /M)."""
    item = prepared(office)
    attributes = asn1.CMSAttributes.load(item.to_be_signed, strict=True)
    names = sorted(one["type"].native for one in attributes)
    assert names == ["content_type", "message_digest", "signing_certificate_v2"]
    assert attributes.dump(force=True) == item.to_be_signed
    assert item.hash == hashlib.sha256(item.to_be_signed).digest()
    by_name = {one["type"].native: one["values"][0].native for one in attributes}
    assert by_name["content_type"] == "data"
    _, first, second, _ = item.byte_range
    outside = item.document[:first] + item.document[second:]
    assert by_name["message_digest"] == hashlib.sha256(outside).digest()
    certificate = by_name["signing_certificate_v2"]["certs"][0]
    assert certificate["cert_hash"] == hashlib.sha256(office.leader.der).digest()
    assert certificate["issuer_serial"]["serial_number"] == office.leader.serial


def test_the_byte_range_covers_all_but_the_contents(office: Office) -> None:
    """From 0 to the end with one gap, exactly the hexadecimal string; four plain integers in the file."""
    item = prepared(office)
    start, first, second, rest = item.byte_range
    assert (start, second + rest) == (0, len(item.document))
    assert set(item.document[first + 1 : second - 1]) == {ord("0")}
    assert item.document[first : first + 1] + item.document[second - 1 : second] == b"<>"
    value = next(field.value for field in read(item.document).signature_fields() if field.name == "Leader")
    assert value is not None
    assert tuple(value["ByteRange"]) == item.byte_range
    assert value["SubFilter"] == "ETSI.CAdES.detached"
    assert value["M"] == b"D:20261122165949+07'00'"


def test_claims_are_written_as_text(office: Office) -> None:
    """Vietnamese letters in name, reason and place survive."""
    said = Claims(name="Nguyễn Văn Hiền", reason="Phát hành", location="Đà Nẵng")
    item = prepared(office, claims=said)
    value = next(field.value for field in read(item.document).signature_fields() if field.name == "Leader")
    assert value is not None
    assert [value[key].text() for key in ("Name", "Reason", "Location")] == [
        "Nguyễn Văn Hiền",
        "Phát hành",
        "Đà Nẵng",
    ]


def test_preparing_again_gives_the_same_bytes(office: Office) -> None:
    """Same document, certificate, time and drawing: a resumed session signs the same bytes."""
    drawing = appearance("Nguyễn Văn Hiền", office.field("Leader").size)
    assert prepared(office, appearance_pdf=drawing) == prepared(office, appearance_pdf=drawing)


def test_a_timestamp_can_be_embedded_with_the_signature(office: Office) -> None:
    """An unsigned attribute; the reserved room holds it beside a chain of three."""
    item = prepared(office)
    raw = office.leader.sign(item.to_be_signed)
    token = timestamp_token(
        office.root.tsa(now=office.now), hashlib.sha256(raw).digest(), at=office.now + timedelta(seconds=1)
    )
    signed = finish(item, office.leader, unsigned_attributes=[timestamp_attribute(token)])
    info = embedded_cms(signed, item)["content"]["signer_infos"][0]
    assert [one["type"].native for one in info["unsigned_attrs"]] == ["signature_time_stamp_token"]


def test_room_that_is_too_small_is_said(office: Office) -> None:
    """Never a truncated signature."""
    with pytest.raises(SignatureRefused, match="too_large"):
        finish(prepared(office, reserved=512), office.leader)


def other_leader(office: Office) -> Identity:
    return office.issuing.issue(Subject(common_name="Trần Thị B"), now=office.now - timedelta(days=1))


def test_the_signature_of_one_document_does_not_fit_another(office: Office) -> None:
    """A's signature posted for B: attributes and document must belong together."""
    first = prepared(office)
    second = prepared(office, claims=Claims(reason="khác"))
    with pytest.raises(SignatureRefused, match="document_changed"):
        embed(
            second.document,
            to_be_signed=first.to_be_signed,
            signature=office.leader.sign(first.to_be_signed),
            certificate=office.leader.der,
        )
    with pytest.raises(SignatureRefused, match="wrong_signature"):
        finish(second, office.leader, signature=office.leader.sign(first.to_be_signed))


def test_a_prepared_file_that_was_swapped_is_refused(office: Office) -> None:
    """One byte of the letter changed after preparing."""
    item = prepared(office)
    swapped = item.document.replace(b"841.89", b"841.88", 1)
    with pytest.raises(SignatureRefused, match="document_changed"):
        finish(replace(item, document=swapped), office.leader)


def test_somebody_elses_certificate_is_refused(office: Office) -> None:
    """The attributes name one certificate; neither another one nor another key passes."""
    item, other = prepared(office), other_leader(office)
    with pytest.raises(SignatureRefused, match="certificate_mismatch"):
        finish(item, other, signature_algorithm=None)
    with pytest.raises(SignatureRefused, match="wrong_signature"):
        finish(item, office.leader, signature=bytes(256))


@pytest.mark.parametrize("algorithm", [PSS, EC])
def test_a_signature_made_another_way_than_said_is_refused(office: Office, algorithm: SignatureAlgorithm) -> None:
    """PKCS#1 posted as PSS or as ECDSA."""
    with pytest.raises(SignatureRefused, match=r"wrong_signature|algorithm_mismatch"):
        finish(prepared(office), office.leader, signature_algorithm=algorithm)


def test_ecdsa_garbage_of_any_length_is_refused(office: Office) -> None:
    """r‖s of zeros, short and long strings."""
    who = other_leader(office)
    item = prepared(office, who)
    for garbage in (b"", bytes(64), bytes(70), b"\xff" * 64, b"0" * 71):
        with pytest.raises(SignatureRefused, match="wrong_signature"):
            finish(item, who, signature=garbage)


@pytest.mark.parametrize("change", ["extra", "cut", "empty", "doubled", "not_der"])
def test_other_attributes_than_prepared_are_refused(office: Office, change: str) -> None:
    """Only exactly the prepared attributes, however well signed."""
    item = prepared(office)
    attributes = asn1.CMSAttributes.load(item.to_be_signed)
    if change == "extra":
        time = asn1.CMSAttribute({"type": "signing_time", "values": [asn1.Time({"utc_time": datetime.now(UTC)})]})
        attributes.append(time)
    bad = {
        "extra": attributes.dump(force=True),
        "cut": item.to_be_signed[:-1],
        "empty": b"1\0",
        "doubled": asn1.CMSAttributes([*attributes, attributes[0]]).dump(),
        "not_der": b"0" * 90,
    }[change]
    with pytest.raises(SigningError) as caught:
        finish(replace(item, to_be_signed=bad), office.leader)
    assert caught.value.code in {"certificate_mismatch", "signed_attributes"}


@pytest.mark.parametrize("kind", [KeyKind.RSA_1024, KeyKind.BRAINPOOL_256])
def test_keys_that_new_signatures_may_not_use_are_refused(office: Office, kind: KeyKind) -> None:
    """Short RSA and curves that are not named by the circular."""
    weak = office.issuing.issue(LEADER, now=office.now, private=key(kind))
    with pytest.raises(SignatureRefused, match=r"weak_key|key_kind"):
        prepared(office, weak)


def test_fields_are_signed_once_and_by_their_name(office: Office, issued: bytes) -> None:
    """An unknown field and a signed one are told apart."""
    arguments = {"certificate": office.leader.der, "at": office.now}
    with pytest.raises(CannotPrepare, match="no_such_field"):
        prepare_signature(office.document, field="Nobody", **arguments)  # type: ignore[arg-type]
    with pytest.raises(CannotPrepare, match="already_signed"):
        prepare_signature(issued, field="Leader", **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [lambda office: office.document, lambda office: office.issued()])
def test_only_a_prepared_file_takes_a_signature(office: Office, make: object) -> None:
    """Neither an unprepared file nor a signed one has zeros to fill."""
    item = prepared(office)
    with pytest.raises(BrokenInput, match="not_prepared"):
        finish(replace(item, document=make(office)), office.leader)  # type: ignore[operator]


def test_a_draft_that_says_where_to_put_the_signature_is_not_believed(office: Office) -> None:
    """Within a picture: numbers of a range that ends with the prepared file, over zeros that are no /Contents."""
    plain, plan = len(prepared(office).document), office.document
    start = max(re.finditer(rb"stream\r?\n", plan), key=lambda one: plan.find(b"endstream", one.end()) - one.end())
    place = start.end()
    assert plan.find(b"endstream", place) - place > 60
    gap = place + len(b"/ByteRange [0 000000 000000 000000]")
    decoy = b"/ByteRange [0 %06d %06d %06d]<0000>" % (gap, gap + 6, plain - gap - 6)
    document = plan[:place] + decoy + plan[place + len(decoy) :]
    item = prepare_signature(document, field="Leader", certificate=office.leader.der, at=office.now)
    assert len(item.document) == plain, "else the decoy fits nothing"
    done = finish(item, office.leader)
    assert done[gap : gap + 6] == b"<0000>"
    assert embedded_cms(done, item)["content_type"].native == "signed_data"


@pytest.mark.parametrize("certificate", [b"", b"0\x03\x02\x01\x01", b"0" * 40])
def test_what_is_no_certificate_is_said(office: Office, certificate: bytes) -> None:
    """Before anything is computed."""
    with pytest.raises(BrokenInput, match="not_a_certificate"):
        prepare_signature(office.document, field="Leader", certificate=certificate, at=office.now)


def test_a_certificate_with_something_behind_it_is_refused(office: Office) -> None:
    """Its hash would be that of other bytes."""
    with pytest.raises(BrokenInput, match="not_a_certificate"):
        prepared(office, replace_der(office))


def replace_der(office: Office) -> Identity:
    class Longer(Identity):
        @property
        def der(self) -> bytes:
            return super().der + b"\0"

    leader = office.leader
    return Longer(certificate=leader.certificate, key=leader.key, chain=leader.chain)


def test_every_signature_extends_the_one_before(office: Office) -> None:
    """Leader, number, seal: each file begins with the bytes of the earlier one."""
    versions = [office.document]
    for name, who in (("Leader", office.leader), ("Number", office.agency), ("Seal", office.agency)):
        versions.append(office.sign(versions[-1], name, who, name))
    assert all(is_extension_of(after, before) for before, after in pairwise(versions))
    assert not is_extension_of(versions[0], versions[0])
    assert len(read(versions[-1]).revisions) == 5
