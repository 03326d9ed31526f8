"""Certified copies for tests: a paper scanned in colour, and the road from asking to the seal."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

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
