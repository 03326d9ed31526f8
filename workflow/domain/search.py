"""Full-text search: what a word is, what a query asks, which words of a text to mark.

One cutting into words for both databases, so that they find the same. Words are kept twice: as written ("exact")
and folded. A query with accents asks for exact words ("quá hạn" is not "quả hạn"), one without for folded ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from workflow.domain.text import fold

LONGEST_QUERY = 200
MOST_TERMS = 12
"""Words or phrases of a query; what comes after is left out."""
MOST_WORDS = 8_000
"""Of one document: its facts and some fifteen pages."""
LONGEST_WORD = 40

PART = "\x1e"
"""In a kept text: here begins what an attachment says, its name in the first line. `plain` lets none through, so no
file can write one."""

_LOOKALIKES = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r'"([^"]*)"?|(\S+)')
_OLD_PLACES = {
    f"{first}{marked}": f"{first_marked}{second}"
    for first, second, pairs in (
        ("o", "a", (("à", "ò"), ("á", "ó"), ("ả", "ỏ"), ("ã", "õ"), ("ạ", "ọ"))),
        ("o", "e", (("è", "ò"), ("é", "ó"), ("ẻ", "ỏ"), ("ẽ", "õ"), ("ẹ", "ọ"))),
        ("u", "y", (("ỳ", "ù"), ("ý", "ú"), ("ỷ", "ủ"), ("ỹ", "ũ"), ("ỵ", "ụ"))),
    )
    for marked, first_marked in pairs
}
"""Two ways to place one tone: uỷ = ủy, hoà = hòa, khoẻ = khỏe, at the end of a syllable; never after q (quý)."""
_NEW_PLACES = {new: old for old, new in _OLD_PLACES.items()}


def plain(text: str) -> str:
    """Any text, also a stranger's file, as it is kept for search: NFC, Đ for its lookalike, no controls. Never
    raises."""
    text = _CONTROL.sub(" ", _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text).translate(_LOOKALIKES)).strip()


def words_of(text: str) -> list[str]:
    """The words of a text in their exact form: lower case, numbers without leading zeros.

    `words_of("0412/SNV-TCBC: Uỷ ban") == ["412", "snv", "tcbc", "ủy", "ban"]`.
    """
    return [_exact(found) for found in _WORD.findall(_without_loose_marks(plain(text)))][:MOST_WORDS]


def _without_loose_marks(text: str) -> str:
    """A mark that no letter took in composing would cut its word in two."""
    return text if text.isascii() else "".join(c for c in text if not unicodedata.combining(c))


@lru_cache(maxsize=16_384)
def _exact(found: str) -> str:
    if found.isascii() and found.isdigit():
        return (found.lstrip("0") or "0")[:LONGEST_WORD]
    word = _without_loose_marks(unicodedata.normalize("NFC", found.lower()))[:LONGEST_WORD]
    tail = word[-2:]
    return word[:-2] + _OLD_PLACES[tail] if tail in _OLD_PLACES and word[-3:-2] != "q" else word


@lru_cache(maxsize=16_384)
def folded(word: str) -> str:
    """A word without accents."""
    return fold(word)[:LONGEST_WORD]


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that must stand side by side: a phrase in quotes, a symbol, an address of mail."""

    words: tuple[str, ...]
    exact: bool

    @property
    def asked(self) -> tuple[str, ...]:
        """As the index is asked for them."""
        return self.words if self.exact else tuple(folded(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Asked:
    """One way to understand a query. `number`: documents with this number or arrival number."""

    terms: tuple[Term, ...]
    number: str = ""


def read_query(text: str) -> tuple[Asked, ...]:
    """Ways to understand what was typed, the strictest first; empty where it holds no word.

    A query of one number first means the document's own number. With any accent all words are exact, since
    "bàn giao" is not "bàn giáo"; only where that finds nothing, words without accents are taken as folded ones.
    """
    parts = _PARTS.findall(plain(text[:LONGEST_QUERY]).replace("“", '"').replace("”", '"'))
    cut = [tuple(words_of(quoted or bare)[:MOST_TERMS]) for quoted, bare in parts]
    groups = list(dict.fromkeys(words for words in cut if words))[:MOST_TERMS]
    if not groups:
        return ()
    accented = [any(word != folded(word) for word in words) for words in groups]
    if not any(accented):
        loose = Asked(tuple(Term(words, exact=False) for words in groups))
        bare = parts[0][1]
        if len(parts) == 1 and bare.isascii() and bare.isdigit() and len(bare) < 10:
            return Asked(loose.terms, number=groups[0][0]), loose
        return (loose,)
    strict = Asked(tuple(Term(words, exact=True) for words in groups))
    mixed = Asked(tuple(Term(words, exact=one) for words, one in zip(groups, accented, strict=True)))
    settled = all(one or all(word.isdigit() for word in words) for words, one in zip(groups, accented, strict=True))
    return (strict,) if settled else (strict, mixed)


Piece = tuple[str, bool]
"""A piece of text, and whether it is a hit."""


def marked(text: str, asked: Asked) -> tuple[Piece, ...]:
    """A whole line, cut at its hits."""
    return _cut(text, _hits(text, asked))


def snippet(text: str, asked: Asked, *, around: int = 90) -> tuple[Piece, ...]:
    """The surroundings of the first hit, in characters either side; empty without one."""
    hits = _hits(text, asked)
    if not hits:
        return ()
    first, last = hits[0]
    start, end = max(0, first - around), min(len(text), last + around)
    if start and (blank := text.find(" ", start, first)) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", last, end)) >= 0:
        end = blank
    inside = [(a - start, b - start) for a, b in hits if a >= start and b <= end]
    pieces = [(piece.replace("\n", " · "), hit) for piece, hit in _cut(text[start:end], inside)]
    before: list[Piece] = [("… ", False)] if start else []
    after: list[Piece] = [(" …", False)] if end < len(text) else []
    return (*before, *pieces, *after)


def found_in(text: str, asked: Asked) -> tuple[str, tuple[Piece, ...]]:
    """(name of the attachment that the words stand in, empty for the document itself; what stands around the first
    of them). Of several that part which holds the most of the words, the document's own before the others."""
    own, *parts = text.split(PART)
    best, name = own, ""
    if parts:
        most = _terms_in(own, asked)
        for part in parts:
            called, _line, said = part.partition("\n")
            if (many := _terms_in(said, asked)) > most:
                best, name, most = said, called, many
    pieces = snippet(best, asked)
    return (name, pieces) if pieces else ("", ())


def _terms_in(text: str, asked: Asked) -> int:
    """How many of the words or phrases stand in a text."""
    return sum(bool(_hits(text, Asked((term,)))) for term in asked.terms)


def _hits(text: str, asked: Asked) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    forms = {True: text.translate(_LOWER), False: text.translate(_FOLDED)}
    for term in asked.terms:
        pattern = r"[\W_]+".join(_pattern(word) for word in term.asked)
        found += [hit.span() for hit in re.finditer(rf"(?<![^\W_]){pattern}(?![^\W_])", forms[term.exact])]
    return sorted(found)


def _pattern(word: str) -> str:
    if word.isascii() and word.isdigit():
        return f"0*{word}"
    other = _NEW_PLACES.get(word[-2:])
    return f"(?:{re.escape(word)}|{re.escape(word[:-2] + other)})" if other else re.escape(word)


def _cut(text: str, hits: list[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for start, end in hits:
        if start < at:
            continue
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


class _Letters(dict[int, str]):
    """One letter for one letter, so that places in the changed text are places in the text."""

    def __init__(self, *, folding: bool) -> None:
        super().__init__()
        self.folding = folding

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        changed = fold(letter) if self.folding else letter.lower()
        made = self[code] = changed if len(changed) == 1 else letter
        return made


_LOWER, _FOLDED = _Letters(folding=False), _Letters(folding=True)
