"""Who refers to an object: found however the reference is written, and however often somebody asks."""

from __future__ import annotations

import pytest

from signing import pdf
from signing.errors import NeedsCare
from signing.pdf.objects import Ref
from signing.pdf.structure import check
from signing.testing.paper import CATALOG, CONTENT, PAGE, PAGES, Box, append, blank, stream

BOX = Box("leader", (10.0, 20.0, 110.0, 60.0))
MORE = 40


def _with(*bodies: bytes) -> bytes:
    """More objects, from number 40 on."""
    return blank(BOX, replace={MORE + place: body for place, body in enumerate(bodies)})


@pytest.mark.parametrize("written", [b"4 0 R", b"4\n0 R", b"4  0\t R", b"004 0 R", b"4 00 R"])
def test_holders_are_found_however_they_write(written: bytes) -> None:
    """The page holds its content as usual, an array beside it as it likes."""
    references = check(pdf.read(_with(b"[%s]" % written))).references
    assert references.holders(CONTENT) == {PAGE, MORE}


def test_many_questions_are_answered_like_few() -> None:
    """An index takes over from some point on."""
    data = _with(*(b"[%d 0 R 4 0 R]" % (MORE + place) for place in range(30)))
    references = check(pdf.read(data)).references
    for place in range(30):
        assert references.holders(MORE + place) == {MORE + place}
    assert references.holders(CONTENT) == {PAGE, *(MORE + place for place in range(30))}
    assert references.holders(PAGES) == {CATALOG, PAGE}
    assert references.holders(99) == set()


def test_holders_of_every_revision_count() -> None:
    """Also one whose later state refers to something else."""
    first = _with(b"[4 0 R]")
    references = check(pdf.read(append(first, {MORE: b"[3 0 R]", 41: b"[4 0 R]"}))).references
    assert references.holders(CONTENT) == {PAGE, MORE, 41}


@pytest.mark.parametrize("written", [b"4 1 R", b"04 1 R", b"99 0 R", b"41 0 R"])
def test_reference_to_nothing_is_refused(written: bytes) -> None:
    """Another generation, or a number that a later revision brings."""
    with pytest.raises(NeedsCare, match="dangling_reference"):
        check(pdf.read(append(_with(b"[%s]" % written), {41: b"[]"})))


def test_pages_are_walked_again_where_the_tree_was_written_again() -> None:
    """The list of pages is an object of its own, once plain and once in an object stream's place."""
    first = blank(BOX, replace={PAGES: b"<</Type/Pages/Kids 40 0 R/Count 1>>", MORE: b"[3 0 R]"})
    other = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    same = append(first, {CONTENT: stream(b"1 1 m")})
    file = pdf.read(append(same, {MORE: b"[41 0 R]", 41: other}))
    assert [file.at(number).pages()[0].ref for number in range(3)] == [Ref(PAGE), Ref(PAGE), Ref(41)]
    assert file.at(1).pages() is file.at(0).pages()
