"""The signature block (cells 7a to 7c): capacity, title and name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workflow.domain.people import Capacity
from workflow.domain.reading.fuzzy import distance, in_capitals, squeezed
from workflow.domain.reading.lines import gap_between
from workflow.domain.reading.shapes import Box, Page, Piece, around
from workflow.domain.reading.tables import listed
from workflow.domain.text import clean, fold

FAMILIES = frozenset(
    listed("""
    an | au | bach | ban | be | bui | cao | chang | chau | chu | cil | cong | cu | dam | dang | danh | dao
    dieu | dinh | do | doan | dong | duong | giang | h | ha | hang | hau | hlong | ho | hoang | hua | huynh
    kha | khong | khuc | kieu | kim | kon | ksor | la | lai | lam | lau | le | lo | lu | luc | luong | luu
    ly | ma | mac | mai | moc | nay | nghiem | ngo | nguyen | nhan | ninh | nong | pham | phan | phi | phung
    quach | quan | rcom | rmah | ro | sieng | siu | son | sung | ta | tang | thach | thai | than | thao | tieu
    to | ton | tong | tran | trang | trieu | trinh | truong | ung | uong | van | vang | vi | vo | vu | vuong
    y
    """)
)
"""First words of names, folded: the frequent ones of the Kinh and of the larger peoples of the mountains."""

_PREFIXES = (
    (re.compile(r"\bk\s*[./]?\s*t\s*\."), Capacity.KT),
    (re.compile(r"^k\s*/\s*t\b"), Capacity.KT),
    (re.compile(r"\bt\s*u\s*q\s*\."), Capacity.TUQ),
    (re.compile(r"\bt\s*\.?\s*l\s*\."), Capacity.TL),
    (re.compile(r"^t\s*/\s*l\b"), Capacity.TL),
    (re.compile(r"^q\s*\."), Capacity.Q),
    (re.compile(r"^quyen\b"), Capacity.Q),
    (re.compile(r"\bt\s*\.?\s*m\s*\."), Capacity.TM),
    (re.compile(r"^t\s*/\s*m\b"), Capacity.TM),
)
_PREFIX = re.compile(r"^(t\s*[./]?\s*m|k\s*[./]?\s*t|t\s*[./]?\s*l|t\.?\s*u\.?\s*q|q)\s*[./,:]|^(k/t|t/m|t/l)\b")
_TITLES = listed("""
    chu tich | giam doc | bo truong | thu truong | hieu truong | chanh van phong | bi thu | vien truong
    cuc truong | vu truong | chanh an | truong phong | truong ban | thu tuong | chu nhiem | tong cuc truong
    chanh thanh tra | tong thanh tra | ke toan truong | chi huy truong | chinh uy | tu lenh | truong khoa
    to truong | doi truong | hat truong | chi cuc truong | truong cong an | truong doan | tong bien tap
    tong giam doc | truong thon | truong tram | quyen giam doc | pho truong | pho giam doc | pho chanh | chanh
    truong cuc | pho hieu truong | pho chu tich | pho bi thu | tham phan | chap hanh vien | thu ky
    nguoi dai dien | dai dien | chu toa | nguoi ky | kiem toan truong | tong kiem toan | truong
    pho cuc truong | uy vien | hoi truong | vien pho | pho vien | pho vu | tong thu ky | thuong truc
    """)
_TITLE = re.compile(r"\b(" + "|".join(re.escape(title) for title in _TITLES) + r")\b")
_RANK = re.compile(
    r"^((gs|pgs|ts|ths|cn|ks|bs|tskh|ck\s*(?:[il12]{1,4})|bsck\s*(?:[il12]{1,4})|ll\.?m|nsnd|nsut|dsck[il1]{1,4}|ds"
    r"|kts|lg|luat su)(?:[.,]\s*|\s+))+"
    r"|^((?:dai|thuong|trung|thieu)\s+(?:tuong|ta|uy))\s+"
    r"|^(ong|ba|dong chi|d/c)\s*:?\s+"
)
_STAMP = re.compile(
    r"^(ky boi|nguoi ky|email|e-mail|co quan|thoi gian ky|ngay ky|gio ky|chuc vu|signature|digitally|signed|date"
    r"|reason|location|don vi|to chuc|ky ngay|tai lieu|xac nhan|cn=|o=|serial|valid|chu ky|chung thu)"
)
_SIGNED = re.compile(r"^\(?\s*(da ky|ky ten|ky va|ky,|da dong dau|ky ghi ro|chu ky|ky, ghi)")
_SIGNED_BY = re.compile(r"^(?:ky boi|nguoi ky|ky so boi|digitally signed by|signed by|ky dien tu boi)\s*:?\s*")
_RECIPIENTS = re.compile(r"^n[oa]i nh[a-z]n\s*[:.;]?")
_FAR = 190.0
"""Points from the title to the name: the room for signature and seal."""


@dataclass(frozen=True, slots=True)
class Block:
    """A signature block; `beside` says that the list of recipients stands to its left."""

    titles: tuple[Piece, ...]
    name: str
    name_piece: Piece | None
    beside: bool
    known_family: bool

    @property
    def capacity(self) -> Capacity:
        """The last prefix of the block wins: TM. then KT. is KT."""
        for wanted in (Capacity.KT, Capacity.TUQ, Capacity.TL, Capacity.Q, Capacity.TM):
            if any(_prefix(piece.text) is wanted for piece in self.titles):
                return wanted
        return Capacity.HEAD

    @property
    def title(self) -> str:
        """The lines after the last that names somebody else (`KT. CHỦ TỊCH`): `PHÓ CHỦ TỊCH`."""
        lines = list(self.titles)
        last = max((at for at, piece in enumerate(lines) if _prefix(piece.text)), default=-1)
        own = lines[last + 1 :]
        if own:
            return clean(" ".join(piece.text for piece in own)).strip(" ,:.")
        return clean(lines[last].text)

    @property
    def box(self) -> Box:
        return around(piece.box for piece in self.titles)


def _prefix(text: str) -> Capacity | None:
    plain = fold(text).strip()
    if not _PREFIX.match(plain) and not plain.startswith("quyen "):
        return None
    return next((capacity for pattern, capacity in _PREFIXES if pattern.search(plain[:6])), None)


def blocks_of(page: Page, pieces: Sequence[Piece]) -> tuple[Block, ...]:
    """Every block on the right of this page, from the top."""
    right = [piece for piece in pieces if piece.box.middle > page.width * 0.44]
    closing = next(
        (piece for piece in pieces if is_recipients(piece.text) and piece.box.x0 < page.width * 0.4), None
    )
    found: list[Block] = []
    used: set[int] = set()
    for at, piece in enumerate(right):
        if at in used or not is_title(piece.text):
            continue
        titles = _titles(right, at)
        used.update(index for index, one in enumerate(right) if one in titles)
        found.append(_block(titles, right, closing))
    return tuple(found)


def with_name_overleaf(block: Block, page: Page, following: Sequence[Piece]) -> Block:
    """A block at the foot of a page whose name stands at the head of the next."""
    if block.name or block.titles[-1].box.centre > page.height * 0.3:
        return block
    for piece in following:
        if piece.box.centre < page.height * 0.72:
            break
        if piece.box.middle > page.width * 0.44 and _may_be_name(piece) and not is_title(piece.text):
            name = person_in(piece.text)
            return replace(block, name=name, name_piece=piece, known_family=_known(name))
    return block


def is_recipients(text: str) -> bool:
    """`Nơi nhận:`"""
    return bool(_RECIPIENTS.match(fold(text).strip()))


def is_title(text: str) -> bool:
    """In capitals, with a prefix of capacity or a title's words."""
    plain = fold(text).strip()
    if not in_capitals(text) or len(plain) > 70:
        return False
    return bool(_PREFIX.match(plain) or _TITLE.search(plain))


def _titles(right: Sequence[Piece], start: int) -> tuple[Piece, ...]:
    kept = [right[start]]
    for piece in right[start + 1 :]:
        gap = gap_between(kept[-1], piece)
        if gap < 0.5 or abs(piece.box.middle - kept[0].box.middle) > 70:
            continue
        if gap > 2.1 or not in_capitals(piece.text) or (_looks_like_name(piece.text) and not is_title(piece.text)):
            break
        if _STAMP.match(fold(piece.text)):
            break
        kept.append(piece)
    return tuple(kept)


def _block(titles: tuple[Piece, ...], right: Sequence[Piece], closing: Piece | None) -> Block:
    last = titles[-1]
    middle = around(piece.box for piece in titles).middle
    beside = closing is not None and -60 < titles[0].box.centre - closing.box.centre < 60
    named = None
    for piece in right:
        drop = last.box.centre - piece.box.centre
        if drop <= 4 or piece in titles:
            continue
        if drop > _FAR or (is_title(piece.text) and not _looks_like_name(piece.text)):
            break
        if abs(piece.box.middle - middle) < 75 and _may_be_name(piece):
            named = piece
            break
    name = person_in(named.text) if named is not None else ""
    return Block(titles, name, named, beside=beside, known_family=bool(name) and _known(name))


def _may_be_name(piece: Piece) -> bool:
    plain = fold(piece.text).strip()
    if is_title(piece.text) and in_capitals(piece.text) and not _known_first(piece.text):
        return False
    return not _STAMP.match(plain) and not _SIGNED.match(plain) and _looks_like_name(piece.text)


def person_in(text: str) -> str:
    """The name without rank, degrees and the dots around it."""
    plain = clean(text).strip(" .,:;*()_-–")
    while True:
        found = _RANK.match(fold(plain))
        if found is None or found.end() >= len(plain):
            return plain
        plain = plain[found.end() :].strip(" .,:;")


def _looks_like_name(text: str) -> bool:
    words = person_in(text).split()
    if not 2 <= len(words) <= 8 or any(any(letter.isdigit() for letter in word) for word in words):
        return False
    if not all(word[0].isupper() for word in words if word[0].isalpha()) or any(len(word) > 8 for word in words):
        return False
    return not re.search(r"[:;/@()]", person_in(text))


def _known_first(text: str) -> bool:
    """`HỒ CHÁNH TÍN` is a person although it holds a title's word."""
    return not _PREFIX.match(fold(text).strip()) and not _TITLE.match(fold(text).strip()) and _known(text)


def _known(name: str) -> bool:
    return bool(name.split()) and fold(name).split()[0] in FAMILIES


def stamped_names(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Names that visible digital signatures give (`Ký bởi: Nguyễn Văn A`)."""
    found: list[str] = []
    for piece in pieces:
        match = _SIGNED_BY.match(fold(piece.text).strip())
        if match is not None:
            name = person_in(clean(piece.text)[match.end() :])
            if _looks_like_name(name):
                found.append(name)
    return tuple(found)


def same_person(one: str, other: str) -> bool:
    """Equal names, but for marks and one letter."""
    return distance(squeezed(one), squeezed(other), most=1) <= 1


def choose(blocks: Sequence[Block]) -> Block | None:
    """The block beside the list of recipients; else the first that has a name; else one beside them without."""

    def rank(block: Block) -> tuple[bool, bool, bool]:
        return bool(block.beside and block.name), bool(block.name and block.known_family), bool(block.name)

    wanted = [block for block in blocks if block.name or block.beside]
    return max(wanted, key=rank) if wanted else None
