"""Two drawings of one box seen as pictures: every other digit is seen, and what programs round is not."""

from __future__ import annotations

from itertools import combinations

import pytest

from signing import jail
from signing.testing import Authority, Identity, Subject
from tests.support.boxes import Look, numbers, sign_box
from tests.support.elsewhere import with_field, with_words
from tests.support.office import NOON
from tests.support.papers import letter
from workflow.adapters import looks, pages
from workflow.adapters.render import Size, heading_stamp

SIZE = Size(467.73, 19.85)
BOX = (85.03, 728.49, 552.76, 748.34)


@pytest.fixture(scope="module")
def key() -> Identity:
    """Anybody's."""
    return Authority.root(now=NOON).issue(Subject(common_name="Ai đó"), now=NOON)


@pytest.fixture(scope="module")
def sent() -> bytes:
    """A letter with the empty box of a number."""
    return with_field(letter(), "number", box=BOX)


def _drawn(number: str) -> bytes:
    return heading_stamp(SIZE, number=number, date="Đồng Tâm, ngày 05 tháng 02 năm 2026", made_at=NOON)


def _seen(sent: bytes, ours: bytes, theirs: bytes) -> dict[str, bool]:
    found: dict[str, bool] = jail.run(
        "workflow.adapters.looks:compare",
        ours + theirs,
        arguments={"ours": len(ours), "sent": len(sent), "page": 1},
    ).json
    return found


def test_every_other_digit_is_seen() -> None:
    """Without regard to what stands in the file: by the picture alone, one digit of a number in small print."""
    digits = {}
    for digit in "0123456789":
        document = pages.open_document(_drawn(f"Số: 1{digit}3/UBND"))
        drawn = document[0].render(scale=looks.SCALE * looks.CLOSER).to_pil().convert("RGB")
        digits[digit] = drawn.crop((300, 0, 700, drawn.height))
    seen_alike = [pair for pair in combinations(digits, 2) if looks.alike(digits[pair[0]], digits[pair[1]])]
    assert seen_alike == []


def test_what_is_outside_and_what_a_program_rounds(sent: bytes, key: Identity) -> None:
    """Sizes that are cut to whole points pass; a touch outside of the box, and nothing in it, do not."""
    right = _drawn("Số: 15/UBND")
    ours = sign_box(sent, key, "number", right, _full)
    assert _seen(sent, ours, sign_box(sent, key, "number", right)) == {"outside": True, "inside": True}
    painted = sign_box(with_words(sent), key, "number", right)
    assert _seen(sent, ours, painted)["outside"] is False
    assert _seen(sent, ours, sent)["inside"] is False
    assert _seen(sent, sent, ours) == {"outside": False, "inside": False}


def _full(look: Look) -> None:
    """As we draw it: of exactly the box."""
    look.extra = {"BBox": numbers(0, 0, SIZE.width, SIZE.height)}
