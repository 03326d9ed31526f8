"""What people type, made comparable: one way in for every text, one fold for search, masks for numbers.

Traps of Vietnamese text: đ has no decomposition, so NFD leaves it alone; Ð (U+00D0, Icelandic) looks like
Đ (U+0110) and no normalisation form joins them; text pasted from macOS comes decomposed.
"""

from __future__ import annotations

import re
import unicodedata

from workflow.domain.errors import BadInput

_LOOKALIKES = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})
_FOLDED_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Soft hyphen, zero-width and direction marks: they can make one name read as another."""

_PERSONAL = re.compile(r"(?<!\d)(\d{12}|\d{9})(?!\d)")
"""Citizen identity numbers have 12 digits (CCCD), the old ones 9 (CMND)."""


def clean(text: str, *, multiline: bool = False) -> str:
    """Text as it is stored: NFC, Đ for its lookalike, no control or invisible characters, trimmed.

    One line: every run of blanks becomes one space. Several lines: line ends become \\n, the end of each
    line is trimmed. Raises `BadInput("control_character")` on NUL, other C0/C1 controls and lone surrogates,
    which no keyboard makes and PostgreSQL cannot store.
    """
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    found = _CONTROL.search(text)
    if found:
        raise BadInput("control_character", character=f"U+{ord(found.group()):04X}", place=found.start())
    if multiline:
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n ")
    return " ".join(text.split())


def file_name(given: str) -> str:
    """A file's name as it can be shown and stored; a strange name is no reason to refuse what came."""
    return clean("".join(sign if sign.isprintable() else " " for sign in given))[-200:]


def from_outside(text: str, *, most: int = 120) -> str:
    """Words that somebody else put into a certificate or file, as a page or report may show them: one line, without
    controls and what turns letters round, 9- and 12-digit numbers masked, cut after `most` letters.

    Nothing is refused, unlike in `clean`: the words are not ours, but a line of a report must stay one line.
    """
    plain = _CONTROL.sub(" ", _INVISIBLE.sub("", text[: 20 * most]))
    line = mask_personal(" ".join(unicodedata.normalize("NFC", plain).split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def fold(text: str) -> str:
    """Text for a search without accents: marks stripped, đ as d, lower case.

    `fold("Quyết định Đề án") == "quyet dinh de an"`. Of other scripts it can be longer than the text itself, three
    times of Korean: what is stored is cut to its column.
    """
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_FOLDED_LETTERS).lower()


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def name_key(text: str) -> str:
    """What makes two ways of writing one name: no case, no blanks at the ends, the tone on either vowel.

    Accents count, since xã Tân An and xã Tấn An are two communes; Uỷ ban and Ủy ban are one word.
    """
    return " ".join(map(_tone_last, unicodedata.normalize("NFD", text).translate(_LOOKALIKES).casefold().split()))


def _tone_last(word: str) -> str:
    tones = "".join(letter for letter in word if letter in _TONES)
    return "".join(letter for letter in word if letter not in _TONES) + tones


def has_accents(text: str) -> bool:
    """Does a query carry accents? Then it searches the exact text ("quá hạn" is not "quả hạn")."""
    return fold(text) != unicodedata.normalize("NFC", text).lower()


def mask_number(number: str, *, shown: int = 3) -> str:
    """A personal number for the screen: only its last digits, `001099012345` → `•••••••••345`."""
    visible = number[-shown:] if len(number) > shown else ""
    return "•" * (len(number) - len(visible)) + visible


def mask_personal(text: str) -> str:
    """Free text (a certificate's subject, a log line) with every 9- or 12-digit number masked."""
    return _PERSONAL.sub(lambda found: mask_number(found.group()), text)


def mask_email(address: str) -> str:
    """An address for places anybody may read: `nguyen.van.a@tinh.gov.vn` → `n•••@tinh.gov.vn`."""
    name, at, host = address.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else mask_number(address)
