"""The kind of paper and its subject (cells 5a and 5b)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.document_types import TYPES, DocumentType
from workflow.domain.reading.fuzzy import distance, in_capitals, squeezed
from workflow.domain.reading.head import NOT_NAMES, Head, dated_line
from workflow.domain.reading.lines import gap_between
from workflow.domain.reading.shapes import Page, Piece, Source
from workflow.domain.reading.spelling import mended_text
from workflow.domain.reading.stamps import stamp_in
from workflow.domain.text import clean, fold

_NAMED = {squeezed(kind.name_vi): kind for kind in TYPES if kind.named}
_UNLISTED = frozenset(
    {"thongtu", "nghidinh", "luat", "phaplenh", "sacleh", "thongtulientich", "phieutrinh", "donxin"}
)
"""Kinds that the decree's list does not have: their title ends the head matter too, but proposes no type."""
_ABOUT = re.compile(r"^v\s*[/.\\|l]?\s*[vy]\s*[:.]?\s+|^v/v\s*[:.]?\s*|^ve viec\s*:?\s*")
BODY = re.compile(
    r"^(can cu|kinh g|theo de nghi|xet de nghi|xet to trinh|dieu \d|[ivx]+\.|\d+[.)]\s|noi nhan|hom nay)"
)
"""Words with which a text begins, never a subject."""
_AUTHORITY = re.compile(
    r"^(chu tich|pho chu tich|giam doc|tong giam doc|bo truong|hieu truong|uy ban nhan dan|hoi dong"
    r"|chanh an|vien truong|cuc truong|tong cuc truong|thu tuong|chinh phu|truong ban|ban thuong vu|ban chap hanh"
    r"|thuong truc|quyet nghi|quyet dinh|tong thanh tra|tong kiem toan|quoc hoi|chi cuc truong|chanh van phong"
    r"|ban giam hieu|khoa [ivx]+)"
)
_BROKEN = re.compile(r"(\w[/-])\n(?=\w)")
"""A symbol cut at its slash or dash by the end of a line."""
_SIDE_NOTE = re.compile(r"^\((ban hanh|kem theo|dinh kem|thay the)")


@dataclass(frozen=True, slots=True)
class Kind:
    """A title: `kind` is None for one outside the decree's list. `exact`: the line is the name and nothing else."""

    kind: DocumentType | None
    piece: Piece
    exact: bool
    rest: str
    """What the title's line says beyond the name of the kind."""


@dataclass(frozen=True, slots=True)
class Subject:
    """`about`: it began with V/v or "Về việc" under the number."""

    text: str
    pieces: tuple[Piece, ...]
    about: bool
    clear: bool


def title_of(page: Page, pieces: Sequence[Piece]) -> Kind | None:
    """The first line in capitals that names a kind, alone or with more words, about the middle of the page."""
    for piece in pieces:
        if piece.box.centre < page.height * 0.3:
            return None
        if not in_capitals(piece.text) or abs(piece.box.middle - page.width / 2) > page.width * 0.14:
            continue
        found = _kind_in(piece)
        if found is not None:
            return found
    return None


def _kind_in(piece: Piece) -> Kind | None:
    plain = squeezed(piece.text)
    if plain in _UNLISTED:
        return Kind(None, piece, exact=True, rest="")
    best: tuple[int, int, DocumentType] | None = None
    for name, kind in _NAMED.items():
        most = 1 if len(name) >= 6 else 0
        apart = distance(plain, name, most=most)
        if apart <= most and (best is None or apart < best[0]):
            best = (apart, -len(name), kind)
    if best is not None:
        return Kind(best[2], piece, exact=True, rest="")
    starts = [(len(name), kind) for name, kind in _NAMED.items() if plain.startswith(name)]
    if not starts:
        return None
    length, kind = max(starts, key=lambda one: one[0])
    words = piece.text.split()
    used = next((n for n in range(1, len(words) + 1) if len(squeezed("".join(words[:n]))) >= length), len(words))
    if len(squeezed("".join(words[:used]))) != length:
        return None
    return Kind(kind, piece, exact=False, rest=" ".join(words[used:]))


def subject_under_title(kind: Kind, pieces: Sequence[Piece]) -> Subject | None:
    """Centred lines below the title until the text begins."""
    kept: list[Piece] = []
    last = kind.piece
    for piece in pieces:
        if piece.box.centre >= kind.piece.box.centre - 2:
            continue
        if _ends_subject(piece, kept, last, kind.piece):
            break
        kept.append(piece)
        last = piece
    if not kept:
        if not kind.rest:
            return None
        return Subject(clean(kind.rest), (kind.piece,), about=False, clear=False)
    text = _joined(kept)
    return Subject(text.strip(" ."), tuple(kept), about=bool(_ABOUT.match(fold(text))), clear=kind.exact)


def _ends_subject(piece: Piece, kept: Sequence[Piece], last: Piece, title: Piece) -> bool:
    """Centred as the title is; the first line of a text is not, for its indent."""
    plain = fold(piece.text).strip()
    if gap_between(last, piece) > (1.95 if kept else 3.0) or BODY.match(plain) or _SIDE_NOTE.match(plain):
        return True
    if dated_line(piece) is not None and not kept:
        return True
    capitals = in_capitals(piece.text)
    if capitals and len(piece.words) > 1 and kept and not in_capitals(kept[-1].text):
        return True
    if capitals and _AUTHORITY.match(plain) and not kept:
        return True
    if stamp_in(piece) is not None:
        return True
    if kept and kept[0].bold and not piece.bold:
        return True
    return abs(piece.box.middle - title.box.middle) > (9 if piece.source is Source.TEXT else 13)


def subject_under_number(head: Head, pieces: Sequence[Piece]) -> Subject | None:
    """The V/v of a công văn: below the number in the left column, else on a line of its own above the text."""
    start = next((at for at, piece in enumerate(head.left) if _ABOUT.match(fold(piece.text).strip())), None)
    if start is not None:
        return _column(head.left[start:], clear=head.number_at is not None and start > head.number_at)
    for at, piece in enumerate(pieces):
        if _ABOUT.match(fold(piece.text).strip()) and not in_capitals(piece.text):
            return _column(pieces[at:], clear=False)
    return None


def _column(lines: Sequence[Piece], *, clear: bool) -> Subject:
    kept = [lines[0]]
    for piece in lines[1:]:
        plain = fold(piece.text).strip()
        ended = plain.startswith("kinh g") or NOT_NAMES.match(plain) or stamp_in(piece) is not None
        if gap_between(kept[-1], piece) > 1.75 or ended:
            break
        if abs(piece.box.middle - kept[0].box.middle) > 40 and abs(piece.box.x0 - kept[0].box.x0) > 40:
            break
        kept.append(piece)
    text = _joined(kept)
    return Subject(without_about(text).rstrip(" ."), tuple(kept), about=True, clear=clear)


def _joined(pieces: Sequence[Piece]) -> str:
    text = clean(_BROKEN.sub(r"\1", "\n".join(piece.text for piece in pieces)).replace("\n", " "))
    return mended_text(text) if pieces[0].source is Source.OCR else text


def without_about(text: str) -> str:
    """`V/v mời họp` → `mời họp`."""
    found = _ABOUT.match(fold(text))
    if found is None:
        return text
    return text[found.end() :] if len(fold(text)) == len(text) else re.sub(r"^\S+\s+", "", text)
