"""Drafts from LibreOffice, Chromium's print and typst go from upload to seal; other programs agree."""

from __future__ import annotations

import asyncio
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore
from sqlalchemy import Engine

import signing
from signing.testing import Identity, Subject, drafts
from tests.support import programs
from tests.support.keys import FOUNDED
from tests.support.office import NOON, build
from tests.support.papers import Papers, letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action
from workflow.services.documents import files, numbers
from workflow.services.documents.acts import act
from workflow.store.session import make_engine

pytestmark = [pytest.mark.tools("chromium", "pdfsig", "mutool"), pytest.mark.slow]

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Công văn</title>
<body style="font-family: serif"><h1>Ủy ban nhân dân xã Đồng Tâm</h1><p>Kính gửi
<a href="https://example.org">Sở Nội vụ</a>, xã báo cáo kết quả <b>ký số</b> tháng 11.</p></body></html>"""


def printed_by_chromium(folder: Path) -> bytes:
    """What “print to PDF” gives."""
    page, target = folder / "page.html", folder / "page.pdf"
    page.write_text(PAGE, "utf-8")
    flags = [
        *programs.CHROMIUM_FLAGS,
        "--headless",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'profile'}",
    ]
    command = [str(programs.chromium()), *flags, f"--print-to-pdf={target}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return target.read_bytes()


PROGRAMS: dict[str, Callable[[Path], bytes]] = {
    "LibreOffice": lambda _folder: drafts.libreoffice(),
    "Chromium": printed_by_chromium,
    "typst": lambda _folder: letter(),
}


@pytest.fixture
def papers(sqlite_url: str, tmp_path: Path) -> Papers:
    """An office with keys; one database is enough here."""
    engine: Engine = make_engine(sqlite_url)
    return papers_of(build(engine), open_blobs(str(tmp_path / "blobs")))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_draft_goes_all_the_way(papers: Papers, tmp_path: Path, program: str) -> None:
    """Three valid signatures for two other programs and for us, also after the receiver's arrival stamp."""
    document_id = sealed(papers, PROGRAMS[program](tmp_path))
    data = papers.blobs.get(str(papers.row(document_id).file_sha256))
    assert_valid(data, tmp_path, count=3)
    receiver = papers.keys.issuing.issue(
        Subject(common_name="Văn thư Sở Nội vụ", organisation="SỞ NỘI VỤ"), now=FOUNDED
    )
    stamped = with_arrival_stamp(data, receiver)
    assert_valid(stamped, tmp_path, count=4)
    verdict = signing.verify(
        stamped,
        trust=signing.TrustStore.of(papers.keys.root.der),
        at=papers.now,
        evidence=signing.Evidence(receipt=signing.Receipt(papers.now, signing.TimeSource.RECEIPT)),
        policy=signing.DAILY,
    )
    assert {one.field for one in verdict.signatures} == {"leader", "number", "seal", "CongVanDen"}
    assert not [one.field for one in verdict.signatures if str(one.verdict) == "failed"]


def sealed(papers: Papers, data: bytes) -> int:
    """From upload to seal with this file."""
    document_id = papers.draft(file=False)
    papers.do(files.upload_draft, "drafter", document_id=document_id, version=1, data=data, filename="a.pdf",
              blobs=papers.blobs)  # fmt: skip
    papers.do(act, "drafter", document_id=document_id, action=Action.SUBMIT, version=None, remark="")
    papers.do(act, "head", document_id=document_id, action=Action.APPROVE, version=None, remark="")
    papers.do(files.confirm_format, "clerk", document_id=document_id, version=None, blobs=papers.blobs,
              base_url="http://127.0.0.1")  # fmt: skip
    held = papers.keys.held
    assert papers.sign("leader", "leader", held["leader"], document_id).conclusion == "passed"
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    assert papers.sign("clerk", "number", held["commune"], document_id).conclusion == "passed"
    assert papers.sign("clerk", "seal", held["commune"], document_id).conclusion == "passed"
    return document_id


def assert_valid(data: bytes, folder: Path, *, count: int) -> None:
    """pdfsig and mutool read every signature, and each fits its bytes."""
    file = folder / "issued.pdf"
    file.write_bytes(data)
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature Validation: Signature is Valid.") == count
    told = subprocess.run(["mutool", "sign", "-v", file], capture_output=True, text=True, check=False).stdout
    assert told.count("The document is unchanged since signing.") == 1
    assert told.count("The signature is valid but there have been edits since signing.") == count - 1


def with_arrival_stamp(data: bytes, who: Identity) -> bytes:
    """As another office's program stamps what it receives."""
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(one) for one in who.chain_der)
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der),
        signing_key=asn1_keys.PrivateKeyInfo.load(who.key_der),
        cert_registry=store,
    )
    stamping = PdfSigner(
        PdfSignatureMetadata(field_name="CongVanDen", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"),
        signer=signer,
        stamp_style=TextStampStyle(stamp_text="DEN  So: 77"),
        new_field_spec=SigFieldSpec("CongVanDen", on_page=0, box=(30, 560, 160, 620)),
    )
    out = io.BytesIO()
    with time_machine.travel(NOON, tick=False):
        asyncio.run(stamping.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=out))
    return out.getvalue()
