"""Pages of words for the reader, written down as lines of text with their places."""

from __future__ import annotations

from workflow.domain.reading import Box, Page, Source, Word

WIDTH, HEIGHT = 595.0, 842.0
LETTER = 0.5
"""Width of a letter in its size, near enough for Times."""


def line(
    text: str,
    *,
    y: float,
    middle: float | None = None,
    left: float = 85.0,
    size: float = 13.0,
    bold: bool = False,
    sure: float = 1.0,
) -> tuple[Word, ...]:
    """One line of words at the height `y`, about `middle` or from `left`."""
    length = len(text) * LETTER * size
    x = left if middle is None else middle - length / 2
    words = []
    for part in text.split(" "):
        if part:
            box = Box(x, y - 0.22 * size, x + len(part) * LETTER * size, y + 0.88 * size)
            words.append(Word(part, box, size, bold, sure))
        x += (len(part) + 1) * LETTER * size
    return tuple(words)


def page(*lines: tuple[Word, ...], number: int = 1, source: Source = Source.TEXT) -> Page:
    """A4 with these lines."""
    return Page(number, WIDTH, HEIGHT, tuple(word for one in lines for word in one), source)


def head(
    number: str = "Số: 15/QĐ-UBND",
    *,
    agency: tuple[str, ...] = ("ỦY BAN NHÂN DÂN", "XÃ ĐỒNG TÂM"),
    above: tuple[str, ...] = (),
    date: str = "Đồng Tâm, ngày 05 tháng 02 năm 2026",
    party: bool = False,
    sure: float = 1.0,
) -> tuple[tuple[Word, ...], ...]:
    """Head matter in two columns after Annex I: from y = 780 down to the number."""
    lines = []
    names = [*((name, False) for name in above), *((name, True) for name in agency)]
    for at, (name, bold) in enumerate(names):
        lines.append(line(name, y=780 - 15 * at, middle=170, size=12, bold=bold, sure=sure))
    motto = "ĐẢNG CỘNG SẢN VIỆT NAM" if party else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    lines.append(line(motto, y=780, middle=425, size=12, bold=True, sure=sure))
    if not party:
        lines.append(line("Độc lập - Tự do - Hạnh phúc", y=765, middle=425, bold=True, sure=sure))
    lines.append(line(number, y=720, middle=170, sure=sure))
    lines.append(line(date, y=720, middle=425, sure=sure))
    return tuple(lines)


def foot(
    *titles: str, name: str, y: float = 300, sure: float = 1.0, recipients: bool = True
) -> tuple[tuple[Word, ...], ...]:
    """List of recipients on the left, signature block on the right."""
    lines = [line(title, y=y - 15 * at, middle=430, bold=True, sure=sure) for at, title in enumerate(titles)]
    lines.append(line(name, y=y - 100, middle=430, bold=True, sure=sure))
    if recipients:
        lines.append(line("Nơi nhận:", y=y, bold=True, sure=sure))
        lines.append(line("- Như trên;", y=y - 13, size=11, sure=sure))
        lines.append(line("- Lưu: VT, KT.", y=y - 26, size=11, sure=sure))
    return tuple(lines)
