"""What another program may put into the box of a number or a seal: our drawing, or anything but it."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
import time_machine
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.stamp import BaseStamp, BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.testing import Identity
from tests.support.office import NOON

Change = Callable[["Look"], None]


@dataclass
class Look:
    """The appearance that is being made: `content` of the outer form, the objects that it can draw, its own extra
    entries; `writer` and `size` for whatever needs them. `drawing`: the form that was given out."""

    writer: Any
    size: tuple[float, float]
    drawing: Any
    content: bytes = b"q 1 0 0 1 0 0 cm /Given Do Q"
    forms: dict[str, Any] | None = None
    resources: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None

    def form(self, content: bytes, *, resources: Any = None, **extra: Any) -> Any:
        """A form of the box's size."""
        made = generic.StreamObject(stream_data=content)
        made.update(
            {
                pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): numbers(0, 0, *self.size),
                pdf_name("/Resources"): resources or generic.DictionaryObject(),
            }
        )  # fmt: skip
        made.update({pdf_name(f"/{key}"): value for key, value in extra.items()})
        return self.writer.add_object(made)


def numbers(*values: float) -> generic.ArrayObject:
    """An array."""
    return generic.ArrayObject([generic.FloatObject(one) for one in values])


def entries(**given: Any) -> generic.DictionaryObject:
    """A dictionary."""
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in given.items()})


def sign_box(
    data: bytes,
    who: Identity,
    field: str,
    drawing: bytes,
    change: Change | None = None,
    *,
    flags: int | None = None,
    at: dt.datetime = NOON,
) -> bytes:
    """The file signed in `field` with `drawing` in its box; `change` does to it what should not be done."""
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(one) for one in who.chain_der)
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der), cert_registry=store,
        signing_key=asn1_keys.PrivateKeyInfo.load(who.key_der),
    )  # fmt: skip
    meta = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    out = io.BytesIO()
    with time_machine.travel(at, tick=False):
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        if flags is not None:
            for one in writer.root["/AcroForm"]["/Fields"]:
                found = one.get_object()
                if found["/T"] == field:
                    found["/F"] = generic.NumberObject(flags)
                    writer.mark_update(one)
        made = PdfSigner(meta, signer=signer, stamp_style=_Style(drawing=drawing, change=change))
        asyncio.run(made.async_sign_pdf(writer, existing_fields_only=True, output=out))
    return out.getvalue()


@dataclass(frozen=True)
class _Style(BaseStampStyle):
    drawing: bytes = b""
    change: Change | None = None

    def create_stamp(self, writer: Any, box: Any, text_params: dict[str, Any]) -> Any:
        return _Stamp(writer, style=self, box=box)


class _Stamp(BaseStamp):  # type: ignore[misc]
    def get_stamp_width(self) -> float:
        return float(self.box.width)

    def get_stamp_height(self) -> float:
        return float(self.box.height)

    def as_form_xobject(self) -> Any:
        size = (float(self.box.width), float(self.box.height))
        look = Look(self.writer, size, _imported(self.writer, self.style.drawing))
        look.forms, look.resources, look.extra = {"Given": look.drawing}, {}, {}
        if self.style.change is not None:
            self.style.change(look)
        resources = entries(XObject=entries(**look.forms), **look.resources)
        made = generic.StreamObject(stream_data=look.content)
        made.update(entries(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(0, 0, *size)))
        made.update(entries(Resources=resources, **look.extra))
        return made


def _imported(writer: Any, drawing: bytes) -> Any:
    page = PdfFileReader(io.BytesIO(drawing)).root["/Pages"]["/Kids"][0]
    return writer.import_page_as_xobject(PdfFileReader(io.BytesIO(drawing)), page_ix=0) if page else None


def picture(look: Look, shade: int = 0) -> Any:
    """A grey picture."""
    made = generic.StreamObject(stream_data=bytes([shade]) * 64)
    made.update(
        entries(
            Type=pdf_name("/XObject"), Subtype=pdf_name("/Image"), Width=generic.NumberObject(8),
            Height=generic.NumberObject(8), ColorSpace=pdf_name("/DeviceGray"),
            BitsPerComponent=generic.NumberObject(8),
        )
    )  # fmt: skip
    return look.writer.add_object(made)


def another_font(drawing: bytes) -> bytes:
    """The same drawing whose font draws other shapes for the same letters: it reads as before."""
    with pikepdf.open(io.BytesIO(drawing)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        for name in list(fonts.keys()):
            below = fonts[name].DescendantFonts[0]
            shuffled = b"".join(n.to_bytes(2) for n in (0, *reversed(range(1, 60))))
            below["/CIDToGIDMap"] = pdf.make_stream(shuffled)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()
