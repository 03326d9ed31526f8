"""The quick way of reading objects against the long one: the same values, and nothing that it refuses."""

from __future__ import annotations

import random

import pytest

from signing.pdf.objects import IndirectObject, Ref
from signing.pdf.plain import read_plain, read_plain_value
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


def _plain(body: bytes) -> object:
    return read_plain(b"7 0 obj\n" + body + b"\nendobj\n", 0)


@pytest.mark.parametrize(
    ("taken", "left"),
    [(b"<</F1 1 0 R/F2 2 0 R>>", b"<</F1 1 0 R/F1 2 0 R>>"), (b"<</A<</B1 1/B2 2>>>>", b"<</A<</B2 1/B2 2>>>>"),
     (b"<</Length 4>>\nstream\nabcd\nendstream", b"<</Length 3>>\nstream\nabcd\nendstream")],
)  # fmt: skip
def test_what_is_kept_of_one_says_nothing_of_digits_in_another(taken: bytes, left: bytes) -> None:
    """In both orders: the two have one shape."""
    for body in (left, taken, left, taken):
        assert (_plain(body) is not None) is (body == taken)


def test_numbers_are_read_in_every_object() -> None:
    """Number, generation, references and length of objects of one shape."""
    one, other = (
        read_plain(b"%d %d obj\n<</A %d 0 R/Length %d>>\nstream\nabcdefgh\nendstream\nendobj\n" % numbers, 0)
        for numbers in ((7, 0, 3, 8), (9, 1, 4, 8))
    )
    assert one is not None
    assert other is not None
    assert (one.num, one.gen, one.refs) == (7, 0, (Ref(3, 0),))
    assert (other.num, other.gen, other.refs) == (9, 1, (Ref(4, 0),))


def test_one_entry_is_what_the_whole_has() -> None:
    """Keys with digits, null, and keys that are not there; before and after all is read."""
    body = b"<</Type/Page/F1 5 0 R/Box[0 0 1 1]/Gone null/Kids 6 0 R/T(a)>>"
    item, whole = _plain(body), _plain(body)
    assert isinstance(item, IndirectObject)
    assert isinstance(whole, IndirectObject)
    for key in ("Type", "F1", "Box", "Gone", "Kids", "T", "Missing"):
        assert item.entry(key) == whole.value.get(key)
    assert item.value == whole.value
    assert item.entry("Box") == [0, 0, 1, 1]


@pytest.mark.parametrize("body", [b"7 0 obj\n<<>>\nendobj8 0 obj\n", b"7 0 obj\n<<>>endobjx\n"])
def test_end_glued_to_the_next_word_is_none(body: bytes) -> None:
    """Wherever the next object is said to begin."""
    assert [read_plain(body, 0, limit) for limit in range(len(body) + 1)] == [None] * (len(body) + 1)


def test_values_of_an_object_stream_end_where_the_next_begins() -> None:
    """A number that would go on behind the limit is left to the long way."""
    assert read_plain_value(b"12 34", 0, 3, num=1, container=9) is not None
    assert read_plain_value(b"1234", 0, 2, num=1, container=9) is None
    assert read_plain_value(b"[1]<<>>", 0, 3, num=1, container=9) is not None
    assert read_plain_value(b"<</A 1/A 2>>", 0, 12, num=1, container=9) is None
