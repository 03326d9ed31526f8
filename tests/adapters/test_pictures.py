"""From a scan of handwriting to a blue line on nothing, inside the jail."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw

from signing.jail import Jail, TaskRefused
from workflow.adapters.pictures import BLUE, MARGIN, MAX_SIDE
from workflow.adapters.render import Size, leader_stamp

TASK = "workflow.adapters.pictures:handwriting"


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    own = Jail(parallel=2)
    yield own
    own.close()


def scan(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (800, 400)) -> bytes:
    ground = {"RGB": (244, 242, 235), "RGBA": (0, 0, 0, 0), "L": 240}[mode]
    ink = {"RGB": (40, 40, 60), "RGBA": (0, 0, 0, 255), "L": 30}[mode]
    picture = Image.new(mode, size, ground)
    ImageDraw.Draw(picture).line([(200, 300), (400, 100), (600, 300)], fill=ink, width=8)
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    "upload", [scan(), scan("JPEG"), scan(mode="RGBA"), scan(mode="L")], ids=["png", "jpeg", "alpha", "grey"]
)
def test_ink_becomes_blue_and_paper_nothing(jail: Jail, upload: bytes) -> None:
    """Cut out with a small margin, every visible pixel blue, the ground transparent, and fit for a stamp."""
    result = jail.run(TASK, upload)
    picture = Image.open(io.BytesIO(result.blobs[0]))
    assert picture.mode == "RGBA"
    assert picture.size == (result.json["width"], result.json["height"])
    assert 400 <= picture.width <= 420 + 2 * MARGIN
    assert picture.getpixel((0, 0))[3] == 0
    visible = {pixel[:3] for _count, pixel in picture.getcolors(100_000) if pixel[3]}
    assert visible == {BLUE}
    assert picture.getextrema()[3][1] == 255
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    stamp = leader_stamp(Size(220, 130), lines=("CHỦ TỊCH",), name="A", signed_at=now, image=result.blobs[0])
    assert b"/Subtype/Image" in stamp.replace(b" ", b"")


def test_a_large_scan_is_made_smaller(jail: Jail) -> None:
    """Nobody needs 4,000 pixels of handwriting."""
    result = jail.run(TASK, scan("JPEG", size=(4000, 3000)))
    assert max(result.json["width"], result.json["height"]) <= MAX_SIDE


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (b"", "signature_image_unreadable"),
        (b"GIF89a" + bytes(100), "signature_image_unreadable"),
        (scan()[:400], "signature_image_unreadable"),
        (scan(mode="L", size=(1, 1)), "signature_image_empty"),
        (scan("PNG", "L", (6000, 5000)), "signature_image_too_large"),
    ],
    ids=["empty", "gif", "cut", "blank", "huge"],
)
def test_what_is_no_handwriting_is_refused(jail: Jail, upload: bytes, code: str) -> None:
    """Broken, foreign, blank and huge pictures come back over the wall by name."""
    with pytest.raises(TaskRefused, match=code):
        jail.run(TASK, upload)
