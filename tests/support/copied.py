"""Certified copies for tests: a paper scanned in colour, and the road from asking to the seal."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from PIL import ImageOps

from tests.support.arrivals import Arrivals
from tests.support.papers import Papers, letter
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
ADDED = {
    "area": AREA, "form": b"/Laid Do", "note": b"", "picture": b"q 90 0 0 90 100 300 cm /image Do Q",
    "hidden words": b"BT 3 Tr /Font 10 Tf 100 300 Td (99) Tj ET",
}  # fmt: skip
"""What somebody lays over a scan → how a page draws it."""


def painted(what: str) -> bytes:
    """A good scan with something of `ADDED` on its page."""
    with pikepdf.open(io.BytesIO(scan())) as file:
        page, stream = file.pages[0], io.BytesIO()
        page.contents_add(ADDED[what])
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
        page.Resources.Font = pikepdf.Dictionary(Font=font)
        page.Resources.XObject.Laid = file.make_stream(
            AREA, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842]
        )
        if what == "note":
            page.Annots = [pikepdf.Dictionary(Subtype=pikepdf.Name.FreeText, Rect=[9, 9, 90, 90], Contents="99")]
        file.save(stream)
    return stream.getvalue()


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
