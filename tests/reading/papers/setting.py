"""Lines, columns and tables placed by hand, for the writer of content streams.

All in points, from each piece's upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.reading.papers.glyphs import Font, font

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text at (x, y) of its foot, in one face; `gaps` is what each blank is widened by."""

    x: float
    y: float
    text: str
    face: tuple[bool, bool]
    size: float
    colour: str
    gaps: float = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A line or a rectangle's outline."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    thick: float = 0.6


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of `pictures`."""

    x: float
    y: float
    width: float
    height: float
    name: str


Mark = Run | Box | Image


@dataclass(slots=True)
class Piece:
    """What must stay on one page."""

    height: float
    marks: list[Mark] = field(default_factory=list)
    breaks: bool = False

    def moved(self, dx: float, dy: float) -> list[Mark]:
        """Its marks elsewhere."""
        return [type(mark)(**{**_fields(mark), "x": mark.x + dx, "y": mark.y + dy}) for mark in self.marks]


def _fields(mark: Mark) -> dict[str, Any]:
    return {name: getattr(mark, name) for name in mark.__slots__}


class Setter:
    """Turns elements (plain data) into pieces for a page's letters and leading."""

    def __init__(self, page: dict[str, Any]) -> None:
        self.size, self.leading = page["size"], page["leading"]

    def pieces(self, one: dict[str, Any], width: float) -> list[Piece]:
        """One for each line, row or whole."""
        kind = one["kind"]
        if kind == "words":
            return self.words(one, width)
        if kind == "grid":
            return self.grid(one, width)
        if kind == "break":
            return [Piece(0, breaks=True)]
        return [
            self.gap(one)
            if kind == "gap"
            else self.frame(one, width)
            if kind == "frame"
            else self.columns(one, width)
        ]

    def words(self, one: dict[str, Any], width: float) -> list[Piece]:
        """Broken into lines at blanks."""
        size = one["size"] or self.size
        face = (one["bold"], one["italic"])
        pitch, made = size * self.leading, []
        first = one["indent"] * MM if one["align"] == "justify" else 0
        pad = one["indent"] * MM if one["align"] == "left" else 0
        tokens = [(word, (True, one["italic"])) for word in one["lead"].split(" ") if word]
        paragraphs = one["text"].split("\n")
        for at, paragraph in enumerate(paragraphs):
            more = [(word, face) for word in (paragraph.lstrip() if tokens else paragraph).split(" ")]
            lines = _broken([*tokens, *more] if at == 0 else more, size, width - pad, first)
            for row, line in enumerate(lines):
                dx = pad + (first if row == 0 else 0)
                last = row == len(lines) - 1
                made.append(
                    Piece(pitch, _line(line, dx, size, pitch, width, one["align"], one["colour"], last=last))
                )
            tokens = []
        made[0] = Piece(made[0].height + one["before"], made[0].moved(0, one["before"]))
        end = made[-1]
        if one["rule"]:
            end.marks.append(
                Box(width * (1 - one["rule"]) / 2, end.height + 1.5, width * one["rule"], 0, one["colour"])
            )
            end.height += 3
        end.height += one["after"]
        return made

    def gap(self, one: dict[str, Any]) -> Piece:
        """Room with pictures."""
        return Piece(one["height"] * MM, [Image(it["left"] * MM, it["top"] * MM, it["width"] * MM,
            it["height"] * MM, it["name"])
                                          for it in one["pictures"]])  # fmt: skip

    def stack(self, parts: list[dict[str, Any]], width: float) -> Piece:
        """One over the other, unbroken."""
        whole = Piece(0)
        for part in parts:
            for piece in self.pieces(part, width):
                whole.marks += piece.moved(0, whole.height)
                whole.height += piece.height
        return whole

    def frame(self, one: dict[str, Any], width: float) -> Piece:
        """Centred in its cell."""
        wide, inset = one["width"] * MM, 1.2 * MM
        inner = self.stack(one["lines"], wide - 2 * inset)
        left, high = (width - wide) / 2, inner.height + 2 * inset
        return Piece(high, [*inner.moved(left + inset, inset), Box(left, 0, wide, high, one["colour"], 1)])

    def columns(self, one: dict[str, Any], width: float) -> Piece:
        """Cells side by side."""
        whole, x = Piece(0), 0.0
        for share, cell in zip(one["widths"], one["cells"], strict=True):
            inner = self.stack(cell, width * share)
            whole.marks += inner.moved(x, one["before"])
            whole.height = max(whole.height, inner.height + one["before"])
            x += width * share
        return whole

    def grid(self, one: dict[str, Any], width: float) -> list[Piece]:
        """Row by row, each cell outlined."""
        plain = {"kind": "words", "size": one["size"], "italic": False, "colour": "#000000", "indent": 0,
            "before": 1,
                 "after": 3, "rule": 0, "lead": ""}  # fmt: skip
        made = [Piece(4)]
        for number, row in enumerate([one["head"], *one["rows"]]):
            x, marks, high = 0.0, [], 0.0
            look = {"bold": number == 0, "align": "center" if number == 0 else "left"}
            for share, text in zip(one["widths"], row, strict=True):
                inner = self.stack([{**plain, **look, "text": text}], width * share - 6)
                marks.append((x, width * share, inner))
                high, x = max(high, inner.height), x + width * share
            piece = Piece(high)
            for left, wide, inner in marks:
                piece.marks += [*inner.moved(left + 3, 0), Box(left, 0, wide, high, "#000000", 0.5)]
            made.append(piece)
        return [*made, Piece(4)]


Token = tuple[str, tuple[bool, bool]]


def _wide(token: Token, size: float) -> float:
    return font(*token[1]).width(token[0]) * size / 1000


def _blank(face: Font, size: float) -> float:
    return face.width(" ") * size / 1000


def _broken(tokens: list[Token], size: float, width: float, first: float) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    used = first
    for token in tokens:
        more = _wide(token, size) + (_blank(font(*token[1]), size) if lines[-1] else 0)
        if lines[-1] and used + more > width + 0.01:
            lines.append([])
            used, more = 0, _wide(token, size)
        lines[-1].append(token)
        used += more
    return lines


def _line(
    line: list[Token], dx: float, size: float, pitch: float, width: float, align: str, colour: str, *, last: bool
) -> list[Mark]:
    """Runs of one face, shifted or widened as the alignment asks."""
    runs: list[list[Any]] = []
    for word, face in line:
        if runs and runs[-1][1] == face:
            runs[-1][0] += " " + word
        else:
            runs.append([word, face])
    blanks = len(line) - 1
    natural = sum(_wide((text, face), size) for text, face in runs) + (len(runs) - 1) * _blank(
        font(False, False), size
    )
    room = width - dx - natural
    gaps = room / blanks if align == "justify" and not last and blanks else 0.0
    x = dx + {"center": room / 2, "right": room}.get(align, 0.0)
    made: list[Mark] = []
    for text, face in runs:
        made.append(Run(x, pitch - 0.24 * size - (pitch - 1.15 * size) / 2, text, face, size, colour, gaps))
        x += _wide((text, face), size) + gaps * (text.count(" ") + 1) + _blank(font(False, False), size)
    return made
