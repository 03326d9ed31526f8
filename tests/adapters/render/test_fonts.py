"""With the npm fonts and without them a page is set, in a serif that knows Vietnamese."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from workflow.adapters.assets import font_paths
from workflow.adapters.render import Size, number_stamp, typesetting

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
HARD = "Ẫẵ Ữỡ Ộậ Đđ ỹỵ Ễ"


@pytest.fixture
def fresh() -> Iterator[None]:
    for cached in (typesetting._fonts, typesetting._compiler, typesetting.families):
        cached.cache_clear()
    yield
    for cached in (typesetting._fonts, typesetting._compiler, typesetting.families):
        cached.cache_clear()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("files", [(), font_paths()], ids=["embedded", "npm"])
def test_both_fonts_know_vietnamese(files: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters with two marks are in the font and can be read back."""
    monkeypatch.setattr(typesetting, "font_paths", lambda: files)
    document = pdfium.PdfDocument(number_stamp(Size(300, 20), HARD, made_at=NOW))
    text = unicodedata.normalize("NFC", document[0].get_textpage().get_text_bounded()).strip()
    document.close()
    assert text == HARD
    assert typesetting.families()[0] == ("Tinos" if files else "Libertinus Serif")
