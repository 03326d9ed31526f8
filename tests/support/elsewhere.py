"""Another program that signs: pyHanko, as if a token's software did it, on a file that we gave away."""

from __future__ import annotations

import asyncio
import datetime as dt
import io

import time_machine
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import SimpleSigner
from pyhanko.stamp import BaseStampStyle, StaticStampStyle, TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.testing import Identity
from tests.support.office import NOON
from workflow.domain.text import fold


def sign_elsewhere(
    data: bytes,
    who: Identity,
    field: str = "leader",
    *,
    at: dt.datetime = NOON,
    legacy: bool = False,
    words: str = "",
    picture: str = "",
    new_field: SigFieldSpec | None = None,
    certify: bool = False,
) -> bytes:
    """The file, signed in `field`. `legacy`: adbe.pkcs7.detached as older programs write it; `words`: what the box
    shows, or `picture`, the page of another PDF (its path); `new_field`: one that the program adds itself."""
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(one) for one in who.chain_der)
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der), cert_registry=store,
        signing_key=asn1_keys.PrivateKeyInfo.load(who.key_der),
    )  # fmt: skip
    meta = PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", certify=certify, docmdp_permissions=MDPPerm.FILL_FORMS,
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED if legacy else SigSeedSubFilter.PADES,
    )  # fmt: skip
    out = io.BytesIO()
    with time_machine.travel(at, tick=False):
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        style = _style(words or usual_words(who), picture)
        made = PdfSigner(meta, signer=signer, stamp_style=style, new_field_spec=new_field)
        asyncio.run(made.async_sign_pdf(writer, existing_fields_only=new_field is None, output=out))
    return out.getvalue()


def usual_words(who: Identity) -> str:
    """As many programs write it, without Vietnamese letters."""
    [name] = who.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return f"Ky boi: {fold(str(name.value)).title()}\nThoi gian ky: %(ts)s"


def _style(words: str, picture: str) -> BaseStampStyle | None:
    if picture:
        return StaticStampStyle(
            background=ImportedPdfPage(picture), border_width=0, background_opacity=1,
            background_layout=SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN),
        )  # fmt: skip
    if words:
        return TextStampStyle(stamp_text=words, background=None, border_width=0)
    return None


def with_field(
    data: bytes, name: str = "hidden", *, box: tuple[float, float, float, float] = (10, 10, 90, 40)
) -> bytes:
    """An update that adds an empty field."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    append_signature_field(writer, SigFieldSpec(name, on_page=0, box=box))
    return _written(writer)


def with_box_moved(data: bytes, name: str = "leader") -> bytes:
    """An update that moves a planned box."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    for one in writer.root["/AcroForm"]["/Fields"]:
        found = one.get_object()
        if found["/T"] == name:
            found["/Rect"] = generic.ArrayObject([generic.FloatObject(side) for side in (20, 20, 220, 120)])
            writer.mark_update(one)
    return _written(writer)


def with_note(data: bytes) -> bytes:
    """An update that pins a note to the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = writer.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
                generic.pdf_name("/Contents"): generic.pdf_string("Duyệt 500 triệu"),
                generic.pdf_name("/Rect"): generic.ArrayObject(
                    [generic.FloatObject(side) for side in (100, 500, 120, 520)]
                ),
            }
        )
    )
    page["/Annots"].append(note)
    writer.update_container(page["/Annots"])
    return _written(writer)


def with_words(data: bytes) -> bytes:
    """An update that writes over the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    drawn = writer.add_object(generic.StreamObject(stream_data=b"q 1 0 0 rg 50 400 300 40 re f Q"))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    contents = page.raw_get("/Contents")
    old = list(contents) if isinstance(contents, generic.ArrayObject) else [contents]
    page[generic.pdf_name("/Contents")] = generic.ArrayObject([*old, drawn])
    writer.update_container(page)
    return _written(writer)


def with_information(data: bytes) -> bytes:
    """A later revision that changes next to nothing."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.set_info(
        writer.add_object(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("khác")}))
    )
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
