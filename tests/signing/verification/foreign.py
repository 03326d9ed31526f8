"""Signing, filling and annotating as other programs do it: pyHanko on drafts that pikepdf wrote in every layout."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pikepdf
import time_machine
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.testing import Identity
from signing.testing.drawings import letter

Box = tuple[int, int, int, int]
FIRST: Box = (50, 60, 200, 110)
SECOND: Box = (250, 60, 400, 110)


def form() -> bytes:
    """A letter with a text field and a check box that nobody filled in."""
    pdf = pikepdf.open(io.BytesIO(letter(pages=1)))
    fields = pikepdf.Array()
    for name, kind, rect in (("note", "/Tx", [300, 20, 400, 40]), ("agreed", "/Btn", [420, 20, 440, 40])):
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name(kind), T=pikepdf.String(name),
            Rect=rect, F=4, P=pdf.pages[0].obj,
        )  # fmt: skip
        fields.append(pdf.make_indirect(widget))
    pdf.pages[0].Annots = fields
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=fields, DA=pikepdf.String("/Helv 0 Tf 0 g"))
    return _saved(pdf)


def _saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def _as(**how: Any) -> Callable[[], bytes]:
    return lambda: _saved(pikepdf.open(io.BytesIO(form())), **how)


def _encrypted(revision: int) -> Callable[[], bytes]:
    plain = pikepdf.Encryption(owner="owner", user="", R=revision, aes=revision >= 4, metadata=revision >= 4)
    return _as(encryption=plain)


_PACKED = pikepdf.ObjectStreamMode.generate
LAYOUTS: dict[str, Callable[[], bytes]] = {
    "plain": form,
    "object streams": _as(object_stream_mode=_PACKED),
    "linearised": _as(linearize=True),
    "linearised with object streams": _as(linearize=True, object_stream_mode=_PACKED),
    "encrypted, 40 bits": _encrypted(2),
    "encrypted, 128 bits": _encrypted(3),
    "encrypted, AES-128": _encrypted(4),
    "encrypted, AES-256": _encrypted(6),
    "for people to read": _as(qdf=True),
}


def signed(
    data: bytes,
    name: str,
    who: Identity,
    *,
    at: datetime,
    box: Box | None = FIRST,
    certify: MDPPerm | None = None,
    lock: FieldMDPSpec | None = None,
    pades: bool = True,
) -> bytes:
    """A new field, signed; `certify` as the author, `lock` with FieldMDP."""
    writer = _writer(data)
    subfilter = SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    meta = PdfSignatureMetadata(
        field_name=name, subfilter=subfilter, md_algorithm="sha256", certify=certify is not None,
        docmdp_permissions=certify or MDPPerm.FILL_FORMS,
    )  # fmt: skip
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(one) for one in who.chain_der)
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der),
        signing_key=asn1_keys.PrivateKeyInfo.load(who.key_der),
        cert_registry=store,
    )
    style = TextStampStyle(stamp_text="Signed by %(signer)s") if box is not None else None
    spec = SigFieldSpec(name, on_page=0, box=box, field_mdp_spec=lock)
    out = io.BytesIO()
    with time_machine.travel(at, tick=False):
        signing = PdfSigner(meta, signer=signer, stamp_style=style, new_field_spec=spec)
        asyncio.run(signing.async_sign_pdf(writer, output=out))
    return out.getvalue()


def _writer(data: bytes) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if writer.prev.encrypted:
        writer.encrypt("")
    return writer


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def filled(data: bytes, words: str) -> bytes:
    """The text field typed in."""
    writer = _writer(data)
    for field in writer.root["/AcroForm"]["/Fields"]:
        found = field.get_object()
        if found["/T"] == "note":
            found["/V"] = generic.pdf_string(words)
            writer.mark_update(field.reference)
    return _written(writer)


def annotated(data: bytes, kind: str, rect: Box) -> bytes:
    """A comment with an appearance of its own."""
    writer = _writer(data)
    shown = generic.StreamObject(
        {
            generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
            generic.pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 10, 10))),
        },
        stream_data=b"0 0 10 10 re f",
    )
    annotation = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name(kind),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, rect)),
            generic.pdf_name("/AP"): generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(shown)}),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    listed = page["/Annots"]
    page[generic.pdf_name("/Annots")] = generic.ArrayObject(
        [*(listed.raw_get(index) for index in range(len(listed))), writer.add_object(annotation)]
    )
    writer.update_container(page)
    return _written(writer)
