"""Other programs find our signatures valid, also after a recipient's arrival stamp made by another program."""

from __future__ import annotations

import asyncio
import io
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.prepare import SignatureAlgorithm
from signing.testing import Identity, KeyKind, Subject, sign_document
from tests.signing.prepare.conftest import NUMBER_TEXT, Office

pytestmark = pytest.mark.slow
NAMES = ("Leader", "Number", "Seal")


def with_arrival_stamp(data: bytes, office: Office) -> bytes:
    """What a recipient's clerk does with other software: a new visible signed field on page 1."""
    clerk: Identity = office.issuing.issue(
        Subject(common_name="Văn thư Sở Nội vụ", organisation="SỞ NỘI VỤ"), now=office.now - timedelta(days=9)
    )
    registry = SimpleCertificateStore()
    registry.register_multiple(asn1_x509.Certificate.load(one) for one in clerk.chain_der)
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(clerk.der),
        signing_key=asn1_keys.PrivateKeyInfo.load(clerk.key_der),
        cert_registry=registry,
    )
    stamping = PdfSigner(
        PdfSignatureMetadata(field_name="CongVanDen", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"),
        signer=signer,
        stamp_style=TextStampStyle(stamp_text="DEN  So: 77"),
        new_field_spec=SigFieldSpec("CongVanDen", on_page=0, box=(85, 640, 225, 700)),
    )
    out = io.BytesIO()
    asyncio.run(stamping.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out))
    return out.getvalue()


def pyhanko_opinions(data: bytes, office: Office) -> dict[str, PdfSignatureStatus]:
    """An hour after everything was signed."""
    return pyhanko_at(data, office.root.der, office.now + timedelta(hours=1))


def pyhanko_at(data: bytes, root: bytes, at: datetime) -> dict[str, PdfSignatureStatus]:
    """Strict reading, one root alone, revocation left out (there is none here)."""

    async def validate() -> dict[str, PdfSignatureStatus]:
        context = ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(root)],
            moment=at,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        return {
            one.field_name: await async_validate_pdf_signature(one, context)
            for one in reader.embedded_regular_signatures
        }

    return asyncio.run(validate())


def pdfsig_opinions(data: bytes, folder: Path) -> dict[str, str]:
    """Field name → poppler's sentence."""
    (folder / "a.pdf").write_bytes(data)
    run = subprocess.run(["pdfsig", "-nocert", "a.pdf"], cwd=folder, capture_output=True, text=True, check=False)
    found = {}
    for part in run.stdout.split("Signature #")[1:]:
        name = re.search(r"Field Name: (\S+)", part)
        verdict = re.search(r"Signature Validation: (.*)", part)
        if name and verdict:
            found[name[1]] = verdict[1]
    return found


def mutool_opinion(data: bytes, folder: Path) -> str:
    """All that MuPDF says."""
    (folder / "a.pdf").write_bytes(data)
    run = subprocess.run(["mutool", "sign", "-v", "a.pdf"], cwd=folder, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def stamped(office: Office, issued: bytes) -> bytes:
    return with_arrival_stamp(issued, office)


def test_pyhanko_finds_leader_number_and_seal_valid(office: Office, issued: bytes) -> None:
    """Intact, trusted, and later signatures explain every change."""
    found = pyhanko_opinions(issued, office)
    assert set(found) == set(NAMES)
    assert all(one.bottom_line for one in found.values())
    assert found["Seal"].modification_level is ModificationLevel.NONE
    assert found["Leader"].modification_level is ModificationLevel.FORM_FILLING


def test_pyhanko_finds_them_valid_after_an_arrival_stamp(office: Office, stamped: bytes) -> None:
    """Nothing of ours forbids a recipient to register the document on the file."""
    found = pyhanko_opinions(stamped, office)
    assert set(found) == {*NAMES, "CongVanDen"}
    assert all(one.intact and one.valid and one.trusted for one in found.values())
    assert all(one.bottom_line for one in found.values())


@pytest.mark.tools("pdfsig")
def test_pdfsig_finds_them_valid(issued: bytes, stamped: bytes, tmp_path: Path) -> None:
    """Poppler, before and after the arrival stamp."""
    valid = "Signature is Valid."
    assert {name: pdfsig_opinions(issued, tmp_path)[name] for name in NAMES} == dict.fromkeys(NAMES, valid)
    after = pdfsig_opinions(stamped, tmp_path)
    assert {name: after[name] for name in (*NAMES, "CongVanDen")} == dict.fromkeys((*NAMES, "CongVanDen"), valid)


@pytest.mark.tools("pdfsig")
@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [
        (KeyKind.RSA_3072, SignatureAlgorithm.RSA_PKCS1),
        (KeyKind.RSA_2048, SignatureAlgorithm.RSA_PSS),
        (KeyKind.P256, SignatureAlgorithm.ECDSA),
        (KeyKind.P384, SignatureAlgorithm.ECDSA),
    ],
)
def test_every_algorithm_is_understood_elsewhere(
    office: Office, tmp_path: Path, kind: KeyKind, algorithm: SignatureAlgorithm
) -> None:
    """One signature of each kind, read by pyHanko and poppler."""
    who = office.issuing.issue(Subject(common_name="A"), now=office.now - timedelta(days=1), kind=kind)
    signed = sign_document(office.document, field="Leader", identity=who, at=office.now, algorithm=algorithm)
    assert pyhanko_opinions(signed, office)["Leader"].bottom_line
    assert pdfsig_opinions(signed, tmp_path)["Leader"] == "Signature is Valid."


@pytest.mark.tools("mutool")
def test_mutool_finds_them_valid(issued: bytes, stamped: bytes, tmp_path: Path) -> None:
    """MuPDF: no digest error; the last signature covers everything, the others name later additions."""
    for data, signatures in ((issued, 3), (stamped, 4)):
        (tmp_path / "a.pdf").write_bytes(data)
        run = subprocess.run(
            ["mutool", "sign", "-v", "a.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        said = run.stdout + run.stderr
        assert said.count("The signature is valid but there have been edits since signing.") == signatures - 1
        assert said.count("The document is unchanged since signing.") == 1
        assert "Digest" not in said


@pytest.mark.tools("pdfsig")
def test_they_find_a_changed_byte(office: Office, issued: bytes, tmp_path: Path) -> None:
    """A positive control of the opinions above."""
    spoiled = issued.replace(b"841.89", b"841.88", 1)
    found = pyhanko_opinions(spoiled, office)
    assert not any(one.bottom_line for one in found.values())
    assert {pdfsig_opinions(spoiled, tmp_path)[name] for name in NAMES} == {"Digest Mismatch."}


@pytest.mark.tools("pdftotext")
def test_poppler_reads_the_vietnamese_text(issued: bytes, tmp_path: Path) -> None:
    """A search engine or a screen reader gets number, date and names."""
    (tmp_path / "a.pdf").write_bytes(issued)
    run = subprocess.run(
        ["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for line in (*NUMBER_TEXT.splitlines(), "Nguyễn Văn Hiền", "UBND XÃ BẰNG ÁI", "Mã tra cứu: K7QF-2M9X"):
        assert line in run.stdout
