"""The quick way of reading objects against the long one: the same values, and nothing that it refuses."""

from __future__ import annotations

import random

import pytest

from signing.pdf.plain import read_plain
from tests.signing.fuzz.targets import readers
from tests.support.counts import times

ROUNDS = times(3_000, soak=200_000)
_BODIES = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R 7 0 R]>>",
    b"<</Type /Font/W [0 [500 600] 7 9 -250.5 .5]/FontMatrix [1. 0]/Name (a\\(b\\)\\\\ 3 0 R /X)/ID <00FF>>>",
    b"<</S/P/P 3 0 R/K[0 1<</Type/MCR/Pg 4 0 R/MCID 0>>]/A true/B null>>",
    b"<</Length 4/Filter/FlateDecode>>\nstream\nabcd\nendstream",
    b"<</Length 8 0 R>>\nstream\nabcd\nendstream",
    b"[ 29 0 R 30 0 R/ICCBased 1 2 0 R]",
    b"7",
)
_PIECES = (
    b"<<", b">>", b"[", b"]", b"(", b")", b"/A", b"/Length 4", b"/F", b" 1 0 R", b" 0 R", b"R", b"1", b"-", b".",
    b"\\", b"%", b"#41", b" ", b"\r", b"<", b">", b"<41>", b"null", b"/AA", b"\0", b"stream\n", b"endobj", b"/Type",
    b"/P 1",
)  # fmt: skip


@pytest.mark.soak
def test_changed_objects_read_the_same() -> None:
    """Tokens put anywhere into objects of every shape."""
    chooser = random.Random(20261123)
    for _ in range(ROUNDS):
        body = bytearray(b"7 0 obj\n" + chooser.choice(_BODIES) + b"\nendobj\n")
        for _ in range(chooser.randrange(4)):
            place = chooser.randrange(len(body))
            body[place : place + chooser.randrange(3)] = chooser.choice(_PIECES)
        readers(bytes(body))


def test_most_objects_are_taken() -> None:
    """A quick way that takes nothing would be none."""
    taken = [read_plain(b"7 0 obj\n" + body + b"\nendobj\n", 0) for body in _BODIES]
    assert [item is not None for item in taken] == [True, True, True, True, False, True, True]


@pytest.mark.parametrize(
    "body",
    [b"<</A 1/A 2>>", b"<</B<</A 1/A 2>>>>", b"[<</A[1]/A 2>>]", b"<</AA 1>>", b"<</A/A#41>>", b"<</A(()))>>",
     b"<</A>>", b"<</F(x)/Length 4>>\nstream\nabcd\nendstream", b"<</Length 6>>\nstream\nabcd\nendstream",
     b"%\n<<>>", b"<</A 1>>%"],
)  # fmt: skip
def test_the_rest_is_left_to_the_long_way(body: bytes) -> None:
    """Which refuses it, or knows how to read it."""
    assert read_plain(b"7 0 obj\n" + body + b"\nendobj\n", 0) is None
