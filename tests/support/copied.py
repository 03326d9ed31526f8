"""Certified copies for tests: a paper scanned in colour, and the road from asking to the seal."""

from __future__ import annotations

import io
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import tesserocr
from PIL import ImageOps

from tests.support.arrivals import Arrivals
from tests.support.papers import Papers, letter
from workflow.adapters.assets import ocr_data_folder
from workflow.adapters.ocr import LANGUAGE
from workflow.domain.copies import Form, Medium
from workflow.services import copies, signing
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy
from workflow.store.session import unit_of_work


@lru_cache(maxsize=8)
def scan(*, dpi: int = 200, colour: bool = True, pages: int = 1, size: float = 1.0) -> bytes:
    """A letter as a scanner gives it; `size`: how much larger the pages are than the paper."""
    picture = pdfium.PdfDocument(letter())[0].render(scale=dpi / 72).to_pil().convert("L")
    if colour:
        picture = ImageOps.colorize(picture, "#101040", "#fdfcf6")
    stream = io.BytesIO()
    picture.save(
        stream, "PDF", resolution=dpi / size, save_all=True, append_images=[picture] * (pages - 1), quality=70
    )
    return stream.getvalue()


AREA = b"1 1 1 rg 100 300 300 100 re f"
UNSEEN = b"BT 3 Tr /Font 10 Tf 100 300 Td (99) Tj ET"
ADDED = {
    "area": AREA, "form": b"/Laid Do", "note": b"", "picture": b"q 90 0 0 90 100 300 cm /image Do Q",
    "words": b"BT 0 Tr /Font 10 Tf 100 300 Td (99) Tj ET",
    "outlined words": b"BT 1 Tr /Font 10 Tf 100 300 Td (99) Tj ET",
    "words that cut": b"BT 7 Tr /Font 10 Tf 100 300 Td (99) Tj ET",
    "seen beside unseen": UNSEEN + b" BT 0 Tr /Font 10 Tf 100 500 Td (99) Tj ET",
    "letters that are drawings": b"BT 3 Tr /Drawn 40 Tf 100 300 Td (a) Tj ET",
    "unseen and an area in one form": b"/Mixed Do",
}  # fmt: skip
"""What somebody lays over a scan → how a page draws it."""
READ = {
    "over the picture": (b"", UNSEEN), "under the picture": (UNSEEN, b""), "in a form": (b"/Words Do", b""),
    "in a form within a form": (b"", b"/Around Do"), "white and unseen": (b"", b"1 g " + UNSEEN),
}  # fmt: skip
"""How programs lay the words that they read (in front of the picture's content, behind it)."""


def painted(what: str) -> bytes:
    """A good scan with something of `ADDED` on its page."""
    return _laid(b"", ADDED[what], note=what == "note")


def read_over(how: str) -> bytes:
    """A good scan with unseen words as in `READ`."""
    return _laid(*READ[how])


def _laid(before: bytes, behind: bytes, *, note: bool = False) -> bytes:
    with pikepdf.open(io.BytesIO(scan())) as file:
        page, stream, name = file.pages[0], io.BytesIO(), pikepdf.Name
        page.contents_add(before, prepend=True)
        page.contents_add(behind)
        font = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Courier)
        drawn = pikepdf.Dictionary(
            Type=name.Font, Subtype=name.Type3, FontBBox=[0, 0, 1, 1], FontMatrix=[1, 0, 0, 1, 0, 0],
            CharProcs=pikepdf.Dictionary(a=file.make_stream(b"1 0 d0 0 0 1 1 re f")), FirstChar=97, LastChar=97,
            Encoding=pikepdf.Dictionary(Type=name.Encoding, Differences=[97, name.a]), Widths=[1],
        )  # fmt: skip
        page.Resources.Font = pikepdf.Dictionary(Font=font, Drawn=drawn)
        forms = page.Resources.XObject
        for key, content in (("Laid", AREA), ("Words", UNSEEN), ("Mixed", UNSEEN + b" " + AREA),
                             ("Around", b"/Words Do")):  # fmt: skip
            form = file.make_stream(content, Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 595, 842])
            inner = pikepdf.Dictionary(Font=pikepdf.Dictionary(Font=font))
            if key == "Around":
                inner.XObject = pikepdf.Dictionary(Words=forms.Words)
            form.Resources = inner
            forms[f"/{key}"] = form
        if note:
            page.Annots = [pikepdf.Dictionary(Subtype=name.FreeText, Rect=[9, 9, 90, 90], Contents="99")]
        file.save(stream)
    return stream.getvalue()


def recognised(folder: Path, *, dpi: int = 200, colour: bool = True) -> bytes:
    """A scan that tesseract read and made a PDF of, as it makes them: its words unseen over the picture."""
    picture = pdfium.PdfDocument(scan(colour=colour))[0].render(scale=dpi / 72).to_pil()
    picture = picture.convert("RGB" if colour else "L")
    name = str(folder / "scan.png")
    picture.save(name, dpi=(dpi, dpi))
    with tesserocr.PyTessBaseAPI(path=str(ocr_data_folder()), lang=LANGUAGE) as engine:
        engine.SetVariable("debug_file", os.devnull)
        engine.SetVariable("tessedit_create_pdf", "1")
        assert engine.ProcessPages(str(folder / "read"), name)
    return (folder / "read.pdf").read_bytes()


def arrived(papers: Papers) -> int:
    """A paper in the register of arrivals."""
    return int(Arrivals(papers.office).registered().id)


def row(papers: Papers, copy_id: int) -> CertifiedCopy:
    """The copy as it stands."""
    with unit_of_work(papers.office.engine) as uow:
        return store.find(papers.office.scope("clerk"), uow.session, copy_id)


def asked(papers: Papers, *, who: str = "clerk", signer: str = "leader", **more: Any) -> int:
    """Asked for: of an arrived paper to a digital copy, unless told otherwise."""
    wanted = {
        "form": Form.TRUE_COPY, "medium": Medium.DIGITAL, "recipients": "Phòng Kinh tế;\n- Lưu: VT.",
    }  # fmt: skip
    source = {key: more.pop(key) for key in ("outgoing_id", "incoming_id") if key in more}
    data = more.pop("scan", None)
    facts = copies.Asked(signer_post_id=papers.office.posts[signer].id, **(wanted | more))
    if not source:
        source = {"incoming_id": arrived(papers)}
    made = papers.do(
        copies.ask, who, asked=facts, **source, scan=scan() if data is None else data, filename="scan.pdf",
        blobs=papers.blobs,
    )  # fmt: skip
    return int(made.copy.id)


def act(papers: Papers, who: str, service: Any, copy_id: int, **more: Any) -> Any:
    """One act on a copy as it stands."""
    return papers.do(service, who, copy_id=copy_id, version=None, **more)


def numbered(papers: Papers, **more: Any) -> int:
    """Approved by its signer and numbered."""
    copy_id = asked(papers, **more)
    act(papers, more.get("signer", "leader"), copies.approve, copy_id)
    act(papers, "clerk", copies.number, copy_id)
    return copy_id


def begun(papers: Papers, copy_id: int, *, key: Any = None) -> dict[str, Any]:
    """A session in which the copy is prepared, and the signature over it."""
    identity = key or papers.keys.held["commune"]
    token = papers.do(copies.open_session, "clerk", scoped=False, login_session_id=None, certificate=identity.der)
    item = papers.do(
        copies.prepare, "clerk", session=token, login_session_id=None, copy_id=copy_id,
        version=row(papers, copy_id).version, blobs=papers.blobs,
    )  # fmt: skip
    return {
        "session": token, "login_session_id": None, "copy_id": copy_id,
        "signature": identity.sign(item.to_be_signed, raw=True), "blobs": papers.blobs,
    }  # fmt: skip


def seal(papers: Papers, copy_id: int) -> signing.Outcome:
    """Both phases with the agency's key."""
    outcome: signing.Outcome = papers.do(copies.finish, "clerk", **begun(papers, copy_id))
    return outcome
