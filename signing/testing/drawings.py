"""Letters, appearances and footers drawn by typst, for tests and demonstrations of the signing library alone.

The only module of this package that imports typst, and only when something is drawn.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

_DRAWN_AT = datetime(2026, 11, 20, tzinfo=UTC)
_LETTER = """
#set page(width: {width}pt, height: {height}pt, margin: (left: 30mm, right: 15mm, y: 20mm))
#set text(size: 13pt, lang: "vi")
#grid(columns: (75fr, 90fr), align: center,
  [ỦY BAN NHÂN DÂN\\ XÃ BẰNG ÁI], [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*\\ Độc lập - Tự do - Hạnh phúc])
#v(16mm)
#for page in range({pages}) {{
  if page > 0 {{ pagebreak() }}
  [Kính gửi: Sở Nội vụ thành phố Đà Nẵng. #parbreak() Nội dung trang #(page + 1).]
}}
"""
_STAMP = """
#set page(width: {width}pt, height: {height}pt, margin: 2pt, fill: none)
#set text(size: {size}pt, fill: {colour}, lang: "vi")
#set par(leading: 0.4em)
{text}
"""


@cache
def _typst() -> Any:
    import typst  # noqa: PLC0415  heavy, and only wanted where something is drawn

    return typst, typst.Fonts(include_system_fonts=False)


def compile_pdf(source: str) -> bytes:
    """Typst source to PDF, with the same date every time."""
    typst, fonts = _typst()
    made: bytes = typst.compile(source.encode(), format="pdf", font_paths=fonts, timestamp=_DRAWN_AT)
    return made


def letter(*, pages: int = 1, width: float = 595.28, height: float = 841.89) -> bytes:
    """An official letter with empty cells for number, date, signature and seal."""
    return compile_pdf(_LETTER.format(pages=pages, width=width, height=height))


def appearance(text: str, size: tuple[float, float], *, colour: str = "blue", font_size: float = 9) -> bytes:
    """A one-page PDF of exactly this size with some text; line breaks as given."""
    lines = " \\ ".join(f'#"{line}"' for line in text.replace('"', "").splitlines())
    return compile_pdf(_STAMP.format(width=size[0], height=size[1], colour=colour, size=font_size, text=lines))
