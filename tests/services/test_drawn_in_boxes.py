"""Pictures in the signer's box that a program hid where letters stand: each is looked at before the file is taken,
and another one in its place is looked at again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from tests.services.test_own_boxes import _brought, _handwriting, counter, engine, stamp
from tests.services.test_returned_documents import Counter
from tests.support.boxes import Change, Look, another_font, entries, numbers, picture, sign_box
from workflow.adapters.foreign_box import look

__all__ = ("counter", "engine")

DRAWN = b"1 0 0 RG 6 w 10 10 m 120 60 l S"


def _stream(of: Look, data: bytes, **told: Any) -> Any:
    made = generic.StreamObject(stream_data=data)
    made.update(entries(**told))
    return of.writer.add_object(made)


def _image(of: Look, shade: int = 90) -> None:
    """An image between BT and ET."""
    of.forms = {"Given": of.drawing, "P": picture(of, shade)}
    of.content += b" q BT 40 0 0 40 2 2 cm /P Do ET Q"


def _form(of: Look, drawn: bytes = DRAWN) -> None:
    """A form that draws, between BT and ET."""
    of.forms = {"Given": of.drawing, "P": of.form(drawn)}
    of.content += b" BT /P Do ET"


def _letter(of: Look, drawn: bytes = b"0 0 m 1000 0 l 500 1000 l f") -> None:
    """A space of a font whose letters are drawings."""
    shape = _stream(of, b"1000 0 d0 1 0 0 rg " + drawn)
    font = entries(
        Type=pdf_name("/Font"), Subtype=pdf_name("/Type3"), FontBBox=numbers(0, 0, 1000, 1000),
        FontMatrix=numbers(0.001, 0, 0, 0.001, 0, 0), FirstChar=generic.NumberObject(32),
        LastChar=generic.NumberObject(32), Widths=numbers(1000), CharProcs=entries(space=shape),
        Resources=entries(),
        Encoding=entries(
            Type=pdf_name("/Encoding"),
            Differences=generic.ArrayObject([generic.NumberObject(32), pdf_name("/space")]),
        ),
    )  # fmt: skip
    of.resources = {"Font": entries(F3=font)}
    of.content += b" q BT /F3 40 Tf 1 0 0 1 5 5 Tm ( ) Tj ET Q"


def _pattern(of: Look, drawn: bytes = DRAWN) -> None:
    """A letter painted with a pattern that draws."""
    one = generic.NumberObject(1)
    tile = _stream(
        of, drawn, Type=pdf_name("/Pattern"), PatternType=one, PaintType=one, TilingType=one,
        BBox=numbers(0, 0, 200, 100), XStep=generic.NumberObject(200), YStep=generic.NumberObject(100),
        Resources=entries(),
    )  # fmt: skip
    font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/ZapfDingbats"))
    of.resources = {"Pattern": entries(P0=tile), "Font": entries(F=font)}
    of.content += b" q BT /Pattern cs /P0 scn /F 60 Tf 6 4 Td (n) Tj ET Q"


def _cutting(of: Look, letter: bytes = b"O") -> None:
    """An area in the shape of a letter."""
    font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/Helvetica"))
    of.resources = {"Font": entries(F=font)}
    of.content += b" q BT /F 40 Tf 7 Tr 6 10 Td (" + letter + b") Tj ET 1 0 0 rg 0 0 200 100 re f Q"


def _plain(content: bytes) -> Change:
    def change(of: Look) -> None:
        of.content += content

    return change


HIDDEN: dict[str, tuple[Change, Change]] = {
    "an image": (_image, lambda of: _image(of, 10)),
    "a form": (_form, lambda of: _form(of, DRAWN + b" 5 5 m 9 90 l S")),
    "a line": (_plain(b" q BT " + DRAWN + b" ET Q"), _plain(b" q BT 0 1 0 RG 9 w 10 10 m 90 9 l S ET Q")),
    "BT in BT": (_plain(b" q BT BT ET " + DRAWN + b" ET Q"), _plain(b" q BT BT ET 10 10 m 9 90 l S ET Q")),
    "a picture in a line": (
        _plain(b" BT q 40 0 0 40 2 2 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x40 EI Q ET"),
        _plain(b" BT q 40 0 0 40 2 2 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x10 EI Q ET"),
    ),
    "a letter": (_letter, lambda of: _letter(of, b"0 0 m 1000 0 l 0 1000 l f")),
    "a pattern": (_pattern, lambda of: _pattern(of, DRAWN + b" 5 5 m 9 90 l S")),
    "letters that cut": (_cutting, lambda of: _cutting(of, b"X")),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_it_is_a_picture_wherever_it_is_drawn(counter: Counter, name: str) -> None:
    """Its signer is asked, and asked again for another one in its place."""
    one, other = HIDDEN[name]
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent, plain = counter.sent(document), stamp(counter, document)
    digests = {str(_looked(sign_box(sent, key, "leader", plain, change))["pictures"]) for change in (one, other)}
    assert len(digests - {""}) == 2


def _looked(data: bytes) -> dict[str, Any]:
    return look(data, {"field": "leader"}).json


def test_a_hidden_picture_is_not_taken_unseen(counter: Counter) -> None:
    """The whole way, with its lawful twin."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent, plain = counter.sent(document), stamp(counter, document)
    for change in (_image, _letter):
        assert counter.refused(document, sign_box(sent, key, "leader", plain, change)) == "returned_look"
    assert counter.bring(document, sign_box(sent, key, "leader", plain)).conclusion == "passed"


def test_letters_count_beside_a_known_handwriting(counter: Counter) -> None:
    """Strokes of the pen are not read; letters that draw something else than they say are seen all the same."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    first, second = papers.awaiting(), papers.awaiting(subject="V/v việc khác")
    plain = stamp(counter, first)
    _brought(counter, first, sign_box(counter.sent(first), key, "leader", plain, _handwriting))
    sent = counter.sent(second)
    swapped = sign_box(sent, key, "leader", another_font(plain), _handwriting)
    assert counter.refused(second, swapped) == "returned_look"
    assert counter.bring(second, sign_box(sent, key, "leader", plain, _handwriting)).conclusion == "passed"


def test_what_a_matrix_moves_is_seen(counter: Counter) -> None:
    """A viewer fits the whole box into its place, whatever its matrix; so the whole box is looked at."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]

    def doubled(of: Look) -> None:
        of.extra = {"Matrix": numbers(2, 0, 0, 2, 0, 0)}
        of.content = b"q .5 0 0 .5 0 0 cm /Given Do Q"
        font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/Helvetica-Bold"))
        of.resources = {"Font": entries(F=font)}
        of.content += b" BT /F 14 Tf 104 70 Td (DA DUYET) Tj ET"

    seen = _looked(sign_box(counter.sent(document), key, "leader", stamp(counter, document), doubled))
    assert "DA DUYE" in str(seen["read"]).upper()


DEEP: dict[str, Callable[[pikepdf.Pdf], bytes]] = {
    "itself": lambda pdf: b"/Me Do", "nothing": lambda pdf: b"/None Do", "long": lambda pdf: b"q Q " * 30_000,
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_hostile_drawings_are_an_answer(counter: Counter, name: str) -> None:
    """Nested in themselves, without what they draw, or endless: refused with a sentence."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    good = sign_box(counter.sent(document), key, "leader", stamp(counter, document))
    with pikepdf.open(io.BytesIO(good)) as pdf:
        [field] = [one for one in pdf.Root.AcroForm.Fields if one.T == "leader"]
        form = field.AP.N
        form.write(DEEP[name](pdf))
        form.Resources.XObject.Me = form
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(Exception, match="box_unreadable"):
        look(out.getvalue(), {"field": "leader"})
