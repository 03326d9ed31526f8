"""Whether what was typed and what was read of the same paper say different things.

Marks, capitals, signs and a letter in twenty are not a difference (an OCR loses them, people leave them out); a
number always is.
"""

from __future__ import annotations

import re

from workflow.domain.reading.fuzzy import distance, squeezed
from workflow.domain.reading.shapes import Field
from workflow.domain.text import fold

ONE_LETTER_IN = 20
LONG_ENOUGH = 6
"""Letters of a name that may stand inside a longer one: "Sở Nội vụ" in "Sở Nội vụ tỉnh Lam Giang"."""

_ABOUT = re.compile(r"^\s*(v/v|về việc|về)\b[\s:.]*", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_LONG_NAMES = {"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc"}
_POLITE = re.compile(r"^(ong|ba|dong chi|d/c)\s+")


def says_otherwise(field: Field, typed: str, read: str) -> bool:
    """Does the paper say something else than the register? Nothing typed, and something read, is a difference too;
    nothing read is none."""
    if not read.strip():
        return False
    if not typed.strip():
        return True
    match field:
        case Field.SYMBOL:
            return squeezed(typed).lstrip("0") != squeezed(read).lstrip("0")
        case Field.ISSUER:
            return not _same_name(_long(typed), _long(read))
        case Field.SIGNER:
            return not _same_name(_POLITE.sub("", fold(typed)), _POLITE.sub("", fold(read)))
        case Field.SUBJECT:
            return not _same_sentence(_ABOUT.sub("", typed), _ABOUT.sub("", read))
        case _:
            return typed.strip() != read.strip()


def _long(name: str) -> str:
    words = fold(name).split()
    return " ".join(_LONG_NAMES.get(word.strip(".,"), word) for word in words)


def _same_name(one: str, other: str) -> bool:
    short, long = sorted((squeezed(one), squeezed(other)), key=len)
    inside = len(short) >= LONG_ENOUGH and short in long
    return inside or (_numbers(one) == _numbers(other) and _close(short, long))


def _same_sentence(one: str, other: str) -> bool:
    return _numbers(one) == _numbers(other) and _close(squeezed(one), squeezed(other))


def _numbers(text: str) -> list[str]:
    return [number.lstrip("0") for number in _NUMBERS.findall(text)]


def _close(one: str, other: str) -> bool:
    most = max(len(one), len(other)) // ONE_LETTER_IN
    return one == other or (most > 0 and distance(one, other, most=most) <= most)
