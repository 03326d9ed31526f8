"""What a signature looks like: one-page PDFs of exactly the box, transparent, fonts embedded.

They become the appearance of a signature field. A picture never decides a status: what these show is checked
against the register by the verifier.
"""

from __future__ import annotations

import base64
import datetime as dt
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

import segno

from workflow.adapters.render.boxes import Size
from workflow.adapters.render.typesetting import typeset
from workflow.domain.calendar import office_time
from workflow.domain.errors import BadInput

IMAGE_PIXELS: Final = 2_000_000
IMAGE_BYTES: Final = 1_000_000


def leader_stamp(
    size: Size,
    *,
    lines: tuple[str, ...],
    name: str,
    signed_at: dt.datetime,
    image: bytes | None = None,
    is_named: bool = True,
) -> bytes:
    """The competent person's signature (Annex I: blue, between title and full name).

    `lines`: capacity and title, `("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")`, none where the draft has them typed; without
    `is_named` it has the name typed, too. `image`: the handwriting, a PNG that `workflow.adapters.pictures` made;
    where title and name are typed it is all that is drawn, as Annex I has it.
    """
    data = {
        "lines": lines,
        "name": name,
        "is_named": is_named,
        "signed_by": f"Ký bởi: {name}",
        "signed_at": f"Thời gian ký: {signing_time(signed_at)}",
        "signed_label": "Thời gian ký:",
        "time": signing_time(signed_at),
        "image": None if image is None else _as_svg(image),
    }
    return _stamp("leader", size, data, made_at=signed_at)


def initials_stamp(size: Size, *, name: str, signed_at: dt.datetime) -> bytes:
    """Initials (ký nháy) beside the last line: who gave them and when, small and blue, so that it can be read and
    searched."""
    return _stamp("initials", size, {"name": name, "time": signing_time(signed_at)}, made_at=signed_at)


def number_stamp(size: Size, text: str, *, made_at: dt.datetime) -> bytes:
    """Number and symbol at the head of page 1: `Số: 312/BC-UBND`."""
    return _line(size, text, side="center", points=13, italic=False, made_at=made_at)


def date_stamp(size: Size, text: str, *, made_at: dt.datetime) -> bytes:
    """Place and date, in italics: `Hà Sơn, ngày 05 tháng 02 năm 2026`."""
    return _line(size, text, side="center", points=13, italic=True, made_at=made_at)


def seal_stamp(size: Size, *, name: str, place: str = "", centre: str = "", made_at: dt.datetime) -> bytes:
    """The organisation's seal, red and round: name along the upper arc, place along the lower one.

    The national emblem is left to agencies whose own image of their seal is used.
    """
    data = {"name": name.upper(), "place": place.upper(), "centre": centre.upper()}
    return _stamp("seal", size, data, made_at=made_at)


def attachment_stamp(size: Size, lines: tuple[str, ...], *, made_at: dt.datetime) -> bytes:
    """The seal on a file that goes with a document: words, upright and black, and no picture (Annex I)."""
    return _stamp("attachment", size, {"lines": lines}, made_at=made_at)


def lookup_stamp(size: Size, *, address: str, lines: tuple[str, ...], made_at: dt.datetime) -> bytes:
    """Footer with a QR code of `address` and the words beside it (system, owner, look-up code)."""
    qr = segno.make(address, error="m", micro=False).svg_inline(border=1, dark="#000", light=None)
    return _stamp("lookup", size, {"qr": qr, "lines": lines}, made_at=made_at)


def signing_time(moment: dt.datetime) -> str:
    """`2026-11-22T16:59:49+07:00`: ISO 8601 in the offices' zone, to the second (Annex I)."""
    return office_time(moment).isoformat(timespec="seconds")


def _line(size: Size, text: str, *, side: str, points: float, italic: bool, made_at: dt.datetime) -> bytes:
    return _stamp("line", size, {"text": text, "side": side, "points": points, "italic": italic}, made_at=made_at)


def _stamp(template: str, size: Size, data: Mapping[str, object], *, made_at: dt.datetime) -> bytes:
    if size.width <= 0 or size.height <= 0:
        raise BadInput("box_without_size", width=size.width, height=size.height)
    return typeset(template, {"width": size.width, "height": size.height, **data}, made_at=made_at)


def _as_svg(png: bytes) -> str:
    """The picture inside an SVG, since typst takes words only. typst leaves out a broken one without a word,
    so its chunks are checked first.
    """
    width, height = _png_size(png)
    encoded = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{encoded}"/></svg>'
    )


def _png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a whole PNG of a sensible size (PNG, third edition, section 5)."""
    if len(png) > IMAGE_BYTES:
        raise BadInput("signature_image_too_large", size=len(png), limit=IMAGE_BYTES)
    kinds = [kind for kind, _data in _chunks(png)]
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND":
        raise BadInput("signature_image_unreadable")
    width, height = struct.unpack(">II", png[16:24])
    if not 0 < width * height <= IMAGE_PIXELS:
        raise BadInput("signature_image_too_large", width=width, height=height)
    return width, height


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with a right check sum."""
    if not png.startswith(b"\x89PNG\r\n\x1a\n"):
        raise BadInput("signature_image_unreadable")
    place = 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4])
        chunk = png[place + 4 : place + 8 + length]
        if png[place + 8 + length : place + 12 + length] != zlib.crc32(chunk).to_bytes(4):
            raise BadInput("signature_image_unreadable")
        yield chunk[:4], chunk[4:]
        place += 12 + length
