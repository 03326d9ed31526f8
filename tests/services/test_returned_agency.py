"""Number and seal signed by another program: the box shows our drawing and nothing else, whatever its words say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import BooleanObject, FloatObject, pdf_name
from sqlalchemy import Engine, select

from signing.pdf import read
from signing.verification.drawn import Trouble, inspect_drawing
from tests.services.test_returned_documents import Counter
from tests.signing.prepare.test_second_opinions import mutool_opinion, pdfsig_opinions, pyhanko_at
from tests.support import engines
from tests.support.boxes import Look, another_font, entries, numbers, picture, sign_box
from tests.support.elsewhere import sign_elsewhere, with_note, with_words
from tests.support.office import NOON, build
from tests.support.papers import papers_of
from workflow.adapters import render
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import State
from workflow.services.signing import boxes
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store.models import Journal
from workflow.store.session import unit_of_work


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """No query here is asked of one database only."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture
def counter(engine: Engine, tmp_path: Path) -> Counter:
    return Counter(papers_of(build(engine), open_blobs(str(tmp_path / "blobs"))))


def drawing(counter: Counter, document_id: int, purpose: str) -> bytes:
    """As the clerk's page gives it out."""
    papers = counter.papers
    with unit_of_work(papers.office.engine) as uow:
        document = papers.row(document_id)
        return boxes.drawing_now(
            uow, papers.office.actor("clerk"), document, purpose=SignaturePurpose(purpose), now=papers.now
        )


def _content(text: bytes) -> Callable[[Look], None]:
    def change(look: Look) -> None:
        look.content = text

    return change


def _with_words(look: Look) -> None:
    """Another number over it, in a font of the program's own."""
    font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/Helvetica-Bold"))
    look.resources = {"Font": entries(F=font)}
    look.content += b" BT /F 13 Tf 4 8 Td (So: 999/UBND) Tj ET"


def _picture_over(look: Look) -> None:
    """The right words stay below, invisible."""
    look.forms = {"Given": look.drawing, "P": picture(look, 200)}
    look.content = b"q 3 Tr /Given Do Q q 480 0 0 30 0 0 cm /P Do Q"


def _picture_only(look: Look) -> None:
    look.forms = {"Given": look.drawing, "P": picture(look)}
    look.content = b"q 480 0 0 30 0 0 cm /P Do Q"


def _in_a_form(look: Look) -> None:
    look.forms = {"Given": look.drawing, "Inner": look.form(b"1 0 0 rg 0 0 40 20 re f")}
    look.content += b" q /Inner Do Q"


def _group(look: Look) -> None:
    look.extra = {"Group": entries(S=pdf_name("/Transparency"), I=BooleanObject(True))}


def _multiplied(look: Look) -> None:
    group = entries(S=pdf_name("/Transparency"), K=BooleanObject(True))
    inner = look.form(b"/Given Do", resources=entries(XObject=entries(Given=look.drawing)), Group=group)
    look.forms = {"Inner": inner}
    look.content = b"q /Inner Do Q"


def _state(**values: object) -> Callable[[Look], None]:
    def change(look: Look) -> None:
        look.resources = {"ExtGState": entries(G=entries(**values))}
        look.content = b"q /G gs /Given Do Q"

    return change


def _cut_off(look: Look) -> None:
    """A frame that shows the left half only."""
    resources = entries(XObject=entries(Given=look.drawing))
    look.forms = {"Half": look.form(b"/Given Do", resources=resources, BBox=numbers(0, 0, look.size[0] / 2, 900))}
    look.content = b"q /Half Do Q"


SIGNED = ("leader", "number", "seal")
PAINTED, MOVED, SEE_THROUGH = Trouble.PAINTED, Trouble.MOVED, Trouble.SEE_THROUGH
ATTACKS: dict[str, tuple[Callable[[Look], None], Trouble]] = {
    "another number over it": (_with_words, PAINTED),
    "right words, other picture": (_picture_over, PAINTED),
    "a picture alone": (_picture_only, PAINTED),
    "painted in a form": (_in_a_form, PAINTED),
    "words made invisible": (_content(b"3 Tr /Given Do"), PAINTED),
    "clipped": (_content(b"q 0 0 30 30 re W n /Given Do Q"), PAINTED),
    "an odd byte between operators": (_content(b"q 1 0 0 1 900 0 cm -900 0 0 0 0 0\x0bcm /Given Do Q"), PAINTED),
    "a line": (_content(b"/Given Do 0 10 m 400 10 l S"), PAINTED),
    "pushed out": (_content(b"q 1 0 0 1 900 0 cm /Given Do Q"), MOVED),
    "mirrored": (_content(b"q -1 0 0 1 400 0 cm /Given Do Q"), MOVED),
    "made small": (_content(b"q .1 0 0 .1 0 0 cm /Given Do Q"), MOVED),
    "cut off by a frame": (_cut_off, MOVED),
    "twice": (_content(b"/Given Do q /Given Do Q"), Trouble.TWICE),
    "nothing": (_content(b"q Q"), Trouble.EMPTY),
    "a group": (_group, SEE_THROUGH),
    "a group that multiplies": (_multiplied, SEE_THROUGH),
    "multiplied": (_state(BM=pdf_name("/Multiply")), SEE_THROUGH),
    "half transparent": (_state(ca=FloatObject(0.02)), SEE_THROUGH),
}  # fmt: skip


THROUGH = ("right words, other picture", "made small", "multiplied", "twice", "nothing")
"""Those that go all the way, one for each code; the others are looked at only."""


def test_whatever_else_the_box_of_a_number_shows_is_refused(counter: Counter) -> None:
    """Each by its own code, though its words may be right; then the lawful one is taken."""
    papers = counter.papers
    document_id, key = papers.numbered(), papers.keys.held["commune"]
    sent, right = counter.sent(document_id), drawing(counter, document_id, "number")

    def refused(data: bytes) -> str:
        return counter.refused(document_id, data, who="clerk", purpose="number")

    found = {
        name: inspect_drawing(sign_box(sent, key, "number", right, change), right, field="number")
        for name, (change, _trouble) in ATTACKS.items()
    }
    assert found == {name: trouble for name, (_change, trouble) in ATTACKS.items()}
    for change, trouble in (ATTACKS[name] for name in THROUGH):
        assert refused(sign_box(sent, key, "number", right, change)) == f"returned_box_{trouble}"
    box = next(one for one in read(sent).last.signature_fields() if one.name == "number").rect
    assert box is not None
    size = render.Size(box[2] - box[0], box[3] - box[1])
    other = render.heading_stamp(size, number="Số: 99/UBND", date="Đồng Tâm, ngày 01 tháng 01 năm 2026",
                                 made_at=papers.now)  # fmt: skip
    assert refused(sign_box(sent, key, "number", other)) == "returned_box_other"
    assert refused(sign_box(sent, key, "number", another_font(right))) == "returned_box_other"
    assert refused(sign_elsewhere(sent, key, "number", words="So: 1/UBND")) == "returned_box_other"
    assert refused(sign_box(sent, key, "number", right, flags=0)) == "returned_content_changed"
    assert refused(sign_box(with_words(sent), key, "number", right)) == "returned_content_changed"
    assert refused(sign_box(with_note(sent), key, "number", right)) == "returned_notes_added"
    assert refused(sign_box(sent, papers.keys.held["leader"], "number", right)) == "certificate_of_somebody_else"
    assert (
        counter.bring(document_id, sign_box(sent, key, "number", right), who="clerk", purpose="number").conclusion
        == "passed"
    )


@pytest.mark.tools("pdfsig", "mutool")
def test_number_and_seal_of_another_program(counter: Counter, tmp_path: Path) -> None:
    """Our drawing as pyHanko takes a picture: in the register's order, held valid by everybody."""
    papers, key = counter.papers, counter.papers.keys.held["commune"]
    document_id = papers.numbered()
    for purpose in ("number", "seal"):
        given = tmp_path / f"{purpose}.pdf"
        given.write_bytes(drawing(counter, document_id, purpose))
        data = sign_elsewhere(counter.sent(document_id), key, purpose, picture=str(given))
        if purpose == "seal":
            box = next(one for one in read(data).last.signature_fields() if one.name == "seal").rect
            assert box is not None
            foreign = render.seal_stamp(
                render.Size(box[2] - box[0], box[3] - box[1]), name="UBND xã Khác", place="tỉnh", made_at=papers.now
            )
            forged = sign_box(counter.sent(document_id), key, "seal", foreign)
            assert counter.refused(document_id, forged, who="clerk", purpose="seal") == "returned_box_other"
            multiplied = sign_box(counter.sent(document_id), key, "seal", given.read_bytes(), _multiplied)
            assert (
                counter.refused(document_id, multiplied, who="clerk", purpose="seal") == "returned_box_see_through"
            )
        assert counter.bring(document_id, data, who="clerk", purpose=purpose).conclusion == "passed"
    assert papers.row(document_id).state == State.SEALED
    with unit_of_work(papers.office.engine) as uow:
        told = uow.session.scalars(select(Journal).where(Journal.subject == f"outgoing:{document_id}")).all()
    assert sum('"drawn":"given"' in one.body for one in told) == 2
    _held_by_others(counter, counter.sent(document_id), tmp_path)


def _held_by_others(counter: Counter, data: bytes, folder: Path) -> None:
    found = pyhanko_at(data, counter.papers.keys.root.der, NOON + dt.timedelta(hours=1))
    assert {name: one.bottom_line for name, one in found.items()} == dict.fromkeys(SIGNED, True)
    assert pdfsig_opinions(data, folder) == dict.fromkeys(SIGNED, "Signature is Valid.")
    said = mutool_opinion(data, folder)
    assert said.count("The document is unchanged since signing.") == 1
    assert said.count("The signature is valid but there have been edits since signing.") == 2


def test_a_drawing_is_known_by_its_objects(counter: Counter) -> None:
    """Broken drawings and files are an answer, never an exception."""
    papers = counter.papers
    document_id = papers.numbered()
    sent, right = counter.sent(document_id), drawing(counter, document_id, "number")
    good = sign_box(sent, papers.keys.held["commune"], "number", right)
    assert inspect_drawing(good, right, field="number") is None
    assert inspect_drawing(good, right, field="seal") is Trouble.EMPTY
    unprinted = sign_box(sent, papers.keys.held["commune"], "number", right, flags=0)
    assert inspect_drawing(unprinted, right, field="number") is Trouble.HIDDEN
    for broken in (b"", b"%PDF-1.7", good[:-40], right[:-40]):
        assert inspect_drawing(broken, right, field="number") is Trouble.UNREADABLE
        assert inspect_drawing(good, broken, field="number") is not None
