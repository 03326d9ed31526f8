"""What a program hid in the signer's own box from whoever reads its text: each is looked at or refused before the
file is taken, and the lawful box beside it passes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from tests.services.test_own_boxes import counter, engine, stamp
from tests.services.test_returned_documents import Counter
from tests.support.boxes import Change, Look, entries, numbers, picture, sign_box
from workflow.adapters.foreign_box import look
from workflow.domain.errors import BadInput

__all__ = ("counter", "engine")

SILENT = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /S def /CMapType 2 def\n"
    b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfrange <21> <7E> ["
    + b"<0020>" * 94 + b"] endbfrange\nendcmap end end"
)  # fmt: skip
"""A font's own word for its letters: all of them are spaces."""


def _font(of: Look, name: str = "Helvetica", *, silent: bool = False) -> Any:
    font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name(f"/{name}"))
    if silent:
        font[pdf_name("/ToUnicode")] = of.writer.add_object(generic.StreamObject(stream_data=SILENT))
    return font


def _written(of: Look, content: bytes, name: str = "Helvetica", *, silent: bool = False) -> None:
    of.resources = {"Font": entries(F=_font(of, name, silent=silent))}
    of.content += b" q BT " + content + b" ET Q"


def _silently(content: bytes) -> Change:
    return lambda of: _written(of, content, silent=True)


def _letters(content: bytes, name: str = "Helvetica") -> Change:
    return lambda of: _written(of, content, name)


def _plain(content: bytes) -> Change:
    def change(of: Look) -> None:
        of.content += content

    return change


def _dots() -> bytes:
    """Full stops along a curve: letters of the text that are no words."""
    steps = [(10 + 3 * n, 30 + 18 * math.sin(n / 4)) for n in range(40)]
    return b"/F 14 Tf " + b" ".join(f"1 0 0 1 {x:.1f} {y:.1f} Tm (.) Tj".encode() for x, y in steps)


def _state(of: Look, **state: Any) -> None:
    of.resources = {"ExtGState": entries(G=entries(**state)), "Font": entries(F=_font(of))}
    of.content += b" q /G gs BT /F 30 Tf 6 10 Td (-) Tj ET Q"


def _ink(of: Look) -> None:
    """Shown, and not printed."""
    tint = entries(FunctionType=generic.NumberObject(2), Domain=numbers(0, 1), N=generic.NumberObject(1))
    space = generic.ArrayObject([pdf_name("/Separation"), pdf_name("/None"), pdf_name("/DeviceGray"), tint])
    of.resources = {"ColorSpace": entries(S=space), "Font": entries(F=_font(of))}
    of.content += b" q /S cs 1 scn BT /F 9 Tf 6 6 Td (Nguyen Thi Lan) Tj ET Q"


def _mask(of: Look) -> None:
    """A hyphen through a mask is any shape."""
    group = entries(S=pdf_name("/Transparency"), CS=pdf_name("/DeviceGray"))
    mask = entries(
        Type=pdf_name("/Mask"), S=pdf_name("/Luminosity"), G=of.form(b"1 g 10 10 40 40 re f", Group=group)
    )
    _state(of, SMask=mask)


def _from_outside(of: Look) -> None:
    """A nested form without resources takes its font from wherever it is drawn."""
    of.forms = {"Given": of.drawing, "P": of.form(b"BT /F 20 Tf 6 10 Td (chi 500) Tj ET")}
    of.resources = {"Font": entries(F=_font(of))}
    of.content += b" /P Do"


def _layer(of: Look) -> None:
    """Shown in one viewer and not in another."""
    layer = of.writer.add_object(entries(Type=pdf_name("/OCG"), Name=generic.TextStringObject("x")))
    shown = of.form(b"1 0 0 rg 5 5 60 20 re f", OC=layer)
    of.forms = {"Given": of.drawing, "P": shown}
    of.content += b" /P Do"


def _for_print(of: Look) -> None:
    """Another picture when it is printed."""
    shown, other = picture(of, 90), picture(of, 10)
    shown.get_object()[pdf_name("/Alternates")] = generic.ArrayObject([entries(Image=other)])
    of.forms = {"Given": of.drawing, "P": shown}
    of.content += b" q 20 0 0 20 2 2 cm /P Do Q"


def _called_otherwise(of: Look) -> None:
    """Words for a reader that are not those that are drawn."""
    said = b"/Span << /ActualText (Ky boi Nguyen Thi Lan) >> BDC /F 16 Tf 0 1 -1 0 180 6 Tm (chi tien) Tj EMC"
    _written(of, said)


LOOKED_AT: dict[str, Change] = {
    "words that say they are spaces": _silently(b"/F 12 Tf 6 6 Td (Dong y chi tien) Tj"),
    "pale ones": _silently(b"0.93 g /F 14 Tf 6 6 Td (Dong y chi tien) Tj"),
    "turned ones": _silently(b"/F 14 Tf 0 1 -1 0 22 6 Tm (Dong y chi) Tj"),
    "a sum": _silently(b"/F 12 Tf 6 6 Td (9000) Tj"),
    "two letters": _silently(b"/F 12 Tf 6 6 Td (Ko) Tj"),
    "dots along a curve": _letters(_dots()), "a star": _letters(b"/F 50 Tf 90 8 Td (H) Tj", "ZapfDingbats"),
    "one letter as large as the box": _letters(b"/F 90 Tf 60 5 Td (-) Tj"), "through a mask": _mask,
    "words before an address's sign": _letters(b"/F 9 Tf 6 6 Td (chi.tien@example.gov.vn) Tj"),
    "a name struck out": _silently(b"/F 30 Tf 40 0 Td (------) Tj"),
    "an ink of its own": _ink,
    "blended": lambda of: _state(of, BM=pdf_name("/Difference")),
}  # fmt: skip
UNREADABLE: dict[str, Change] = {
    "between ID and EI": _plain(b" q ID 1 0 0 rg 5 5 60 20 re f EI Q"),
    "an operator that no list names": _plain(b" q BX 1 0 0 xyz EX Q"),
    "a font of the page": _from_outside, "a layer": _layer, "another picture for print": _for_print,
    "marked as a layer": _plain(b" /OC /Some BDC 1 0 0 rg 5 5 60 20 re f EMC"),
    "other words for a reader": _called_otherwise,
    "a state of the page": _plain(b" q /GS0 gs Q"), "a colour of the page": _plain(b" q /CS0 cs 1 scn Q"),
}  # fmt: skip


def _layers(of: Look) -> None:
    """As iText and Adobe nest them: a form of forms, of which the lower one is empty and has no resources."""
    empty = generic.StreamObject(stream_data=b"% DSBlank\n")
    empty.update(
        entries(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 100, 100))
    )  # fmt: skip
    said = (
        b"/Artifact BMC q 0 0 170 80 re W n BT /F1 10 Tf 1 0 0 1 4 60 Tm 12 TL 0 g "
        b"(Digitally signed by Nguyen Thi Lan) Tj T* (Date: 2026.11.23 12:00:00 +07'00') Tj ET Q EMC"
    )
    words = of.form(said, resources=entries(Font=entries(F1=_font(of)), ProcSet=generic.ArrayObject()))
    both = entries(XObject=entries(n0=of.writer.add_object(empty), n2=words))
    group = entries(S=pdf_name("/Transparency"), Type=pdf_name("/Group"))
    framed = of.form(b"q 1 0 0 1 0 0 cm /n0 Do Q q 1 0 0 1 0 0 cm /n2 Do Q", resources=both, Group=group)
    of.forms, of.content = {"Given": of.drawing, "FRM": framed}, b"q 1 0 0 1 0 0 cm /FRM Do Q"


def _two_columns(of: Look) -> None:
    """The name large on the left, what is told small on the right."""
    of.resources = {"Font": entries(F=_font(of))}
    of.content = (
        b"q BT /F 16 Tf 4 40 Td (Nguyen) Tj 0 -18 Td (Thi Lan) Tj ET Q "
        b"BT /F 7 Tf 80 50 Td (Digitally signed by) Tj 0 -9 Td (Nguyen Thi Lan) Tj "
        b"0 -9 Td (Date: 2026.11.23) Tj 0 -9 Td (12:00:00 +07'00') Tj ET"
    )


def _in_red(of: Look) -> None:
    """Small, coloured, with labels."""
    of.resources = {"Font": entries(F=_font(of))}
    of.content = (
        b"BT 1 0 0 rg /F 8 Tf 10 TL 4 60 Td (Ky boi: Nguyen Thi Lan) Tj T* (Email: leader@example.gov.vn) Tj T* "
        b"(Thoi gian ky: 23.11.2026 12:00:00 +07:00) Tj ET"
    )


LAWFUL: dict[str, Change] = {"layers": _layers, "two columns": _two_columns, "in red": _in_red}


@pytest.mark.parametrize("change", LAWFUL.values(), ids=LAWFUL)
def test_boxes_of_usual_programs_are_taken_at_once(counter: Counter, change: Change) -> None:
    """No question, no refusal."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    data = sign_box(counter.sent(document), key, "leader", stamp(counter, document), change)
    assert counter.bring(document, data).conclusion == "passed"


def test_nothing_hidden_is_taken_unseen(counter: Counter) -> None:
    """The lawful file passes at the end; nothing moved before."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent, plain = counter.sent(document), stamp(counter, document)
    for name, change in LOOKED_AT.items():
        assert counter.refused(document, sign_box(sent, key, "leader", plain, change)) == "returned_look", name
    for name, change in UNREADABLE.items():
        code = counter.refused(document, sign_box(sent, key, "leader", plain, change))
        assert code in {"returned_box_not_read", "returned_appearance"}, name
    assert counter.bring(document, sign_box(sent, key, "leader", plain)).conclusion == "passed"


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_the_same_everywhere_is_no_box(counter: Counter, name: str) -> None:
    """Nobody is asked to confirm what another viewer shows otherwise."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    data = sign_box(counter.sent(document), key, "leader", stamp(counter, document), UNREADABLE[name])
    with pytest.raises(BadInput, match="box_unreadable"):
        look(data, {"field": "leader"})


def test_a_name_like_the_signers_is_not_hers(counter: Counter) -> None:
    """The text says Lan, the letters that are seen say Loan."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent = counter.sent(document)

    def signed(shown: bytes) -> bytes:
        def change(of: Look) -> None:
            of.resources = {"Font": entries(F=_font(of), S=_font(of, silent=True))}
            said = b"BT 3 Tr /F 14 Tf 6 40 Td (Nguyen Thi Lan) Tj ET"
            of.content = said + b" BT 0 Tr /S 14 Tf 6 40 Td (" + shown + b") Tj ET"

        return sign_box(sent, key, "leader", stamp(counter, document), change)

    assert counter.refused(document, signed(b"Nguyen Thi Loan")) == "returned_look"
    assert counter.bring(document, signed(b"Nguyen Thi Lan")).conclusion == "passed"


EDGES: dict[str, Callable[[Look], dict[str, Any]]] = {
    "its edges": lambda of: {"BBox": numbers(0, 0, 60, 40)},
    "its matrix": lambda of: {"Matrix": numbers(1, 0, 0, 1, 9, 9)},
    "its group": lambda of: {"Group": entries(S=pdf_name("/Transparency"), CS=pdf_name("/DeviceGray"))},
}


@pytest.mark.parametrize("name", EDGES)
def test_the_same_drawing_within_other_edges_is_another_picture(counter: Counter, name: str) -> None:
    """What was confirmed once is known by all that decides how it looks."""
    document, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent, plain = counter.sent(document), stamp(counter, document)

    def drawn(told: Callable[[Look], dict[str, Any]]) -> str:
        def change(of: Look) -> None:
            of.forms = {"Given": of.drawing, "P": of.form(b"1 0 0 RG 6 w 10 10 m 120 60 l S", **told(of))}
            of.content += b" /P Do"

        return str(look(sign_box(sent, key, "leader", plain, change), {"field": "leader"}).json["pictures"])

    assert len({drawn(EDGES[name]), drawn(lambda _of: {}), ""}) == 3
