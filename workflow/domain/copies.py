"""Certified copies (sao y, sao lục, trích sao): which may be made of what, their states, numbers and words.

Decree 30/2020/NĐ-CP, Articles 25 to 27 and Annex I, part II: a copy made in the right form by the right procedure
has the value of the original (Art. 26). Copies have one series of numbers a year, for all three forms together,
from 01 on 1 January. The head of the agency decides who signs them (Art. 27).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflow.domain.attachments import EDGE, SIDE, Box
from workflow.domain.document_types import BY_CODE
from workflow.domain.errors import BadInput, Missing, NotPermitted, Refused, WrongState
from workflow.domain.people import Role


class Form(StrEnum):
    """The kind of copy; the words are codes of `document_types.COPIES`."""

    TRUE_COPY = "true_copy"
    """Sao y: the whole content of an original (Art. 3.10, 25.1)."""
    RECOPY = "recopy"
    """Sao lục: the whole content of a true copy (Art. 3.11, 25.2)."""
    EXTRACT = "extract"
    """Trích sao: the part that is needed (Art. 3.12, 25.3)."""


HEADING: Final = {Form.TRUE_COPY: "SAO Y", Form.RECOPY: "SAO LỤC", Form.EXTRACT: "TRÍCH SAO"}
"""The form of copy as it stands on the copy (Annex I, part II), whatever language the reader has."""


class Medium(StrEnum):
    """What the original is, and what the copy is."""

    DIGITAL = "digital"
    PAPER = "paper"


WAYS: Final[Mapping[Form, frozenset[tuple[Medium, Medium]]]] = {
    Form.TRUE_COPY: frozenset({(Medium.PAPER, Medium.DIGITAL), (Medium.DIGITAL, Medium.PAPER)}),
    Form.RECOPY: frozenset({(Medium.PAPER, Medium.DIGITAL), (Medium.DIGITAL, Medium.PAPER)}),
    Form.EXTRACT: frozenset(
        {
            (Medium.PAPER, Medium.DIGITAL), (Medium.DIGITAL, Medium.DIGITAL), (Medium.DIGITAL, Medium.PAPER),
        }
    ),
}  # fmt: skip
"""(from, to) that Article 25 opens to a form. From paper to paper is the photocopier's: it is not made here."""


class State(StrEnum):
    """Where a copy stands."""

    ASKED = "asked"
    APPROVED = "approved"
    NUMBERED = "numbered"
    DONE = "done"
    """A digital copy is sealed; a printed one was signed and sealed in ink."""
    DECLINED = "declined"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({State.ASKED, State.APPROVED, State.NUMBERED})


class Action(StrEnum):
    """What is done to a copy."""

    APPROVE = "approve"
    DECLINE = "decline"
    NUMBER = "number"
    SEAL = "seal"
    GIVE_OUT = "give_out"
    """A printed copy was signed by its signer and sealed, in ink."""
    CANCEL = "cancel"


SOURCES: Final[Mapping[Action, frozenset[State]]] = {
    Action.APPROVE: frozenset({State.ASKED}),
    Action.DECLINE: frozenset({State.ASKED}),
    Action.NUMBER: frozenset({State.APPROVED}),
    Action.SEAL: frozenset({State.NUMBERED}),
    Action.GIVE_OUT: frozenset({State.NUMBERED}),
    Action.CANCEL: frozenset({State.ASKED, State.APPROVED, State.NUMBERED, State.DONE}),
}
"""Action → the states it starts from."""

ENDING: Final = frozenset({Action.DECLINE, Action.CANCEL})
"""Actions after which nothing of a copy goes on: also open where its paper became secret."""

MEDIUM_OF: Final = {Action.SEAL: Medium.DIGITAL, Action.GIVE_OUT: Medium.PAPER}
"""Actions that one kind of copy only has."""

MOST_COPIES: Final = 500
FIRST_DPI: Final = 200
"""Annex I, part II: a digital copy of a paper is coloured, at least 200 dpi, 100 %."""
COVERS: Final = 0.5
"""Of the page: a picture of this share is the page's scan, a smaller one an ornament on it."""
COLOUR_BITS: Final = 24
NEAR: Final = 0.99
"""Scanners round their resolution: 199.9 dpi counts as 200."""
SIZES: Final = {"A3": (841.9, 1190.6), "A4": (595.3, 841.9), "A5": (419.5, 595.3)}
"""Points. Papers of offices have one of these sizes, upright or lying (Annex I, part I)."""
OFF: Final = 25.0
"""Points that a scanned page may be off its size: what a scanner cuts or leaves at the edges (9 mm)."""

FIELD: Final = "copy"
"""The field of the agency's signature in the copy's file."""
WIDTH: Final = 250.0
LINE: Final = 12.5
"""Points: one line in 10 pt, with room for letters with two marks."""
LETTERS: Final = 46
"""Small letters in 10 pt that fit the width; a capital takes the room of nearly one and a half."""


def demand_way(form: Form, source: Medium, target: Medium) -> None:
    """Raise `Refused` where Article 25 knows no such copy: of a digital original the original itself is sent."""
    if (source, target) in WAYS[form]:
        return
    if (source, target) == (Medium.DIGITAL, Medium.DIGITAL):
        raise Refused("copy_send_the_original")
    raise Refused("copy_on_the_copier")


def demand_step(action: Action, state: State, medium: Medium) -> None:
    """Raise `WrongState` unless the action starts from this state and belongs to this kind of copy."""
    if state not in SOURCES[action] or MEDIUM_OF.get(action, medium) is not medium:
        raise WrongState("copy_wrong_state", action=str(action), state=str(state))


def demand_public(*, secret: bool) -> None:
    """Copies of state secrets are made under another law and not here.

    Raises `Refused("copy_secret")`: Law 117/2025/QH15 on the protection of state secrets.
    """
    if secret:
        raise Refused("copy_secret")


NAMED_ROLES: Final = frozenset({Role.DEPUTY, Role.UNIT_HEAD})
"""Whom a head may name (Art. 27 with 13: deputies, the chief of office and other heads of units)."""


def demand_signer(*, post_id: int, role: Role, named: Collection[int]) -> None:
    """The head signs copies, and whom the head named. Raises `NotPermitted("copy_signer_not_named")`."""
    if role is not Role.LEADER and post_id not in named:
        raise NotPermitted("copy_signer_not_named")


def compose(number: int, form: Form, *, issuer: str) -> str:
    """`05/SY-UBND`: number of the year's series, abbreviation of the form, the agency's (Annex I, part II)."""
    return f"{number:02d}/{BY_CODE[form].abbreviation}-{issuer}"


_PAGES = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


def read_pages(text: str, *, count: int) -> tuple[int, ...]:
    """Pages as people write them: `1-3, 5`. Each once, in the order of the paper; empty: all of them.

    Raises `BadInput("copy_pages_unreadable")`, `BadInput("copy_pages_beyond")`.
    """
    found: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip()))):
        matched = _PAGES.fullmatch(part)
        if matched is None:
            raise BadInput("copy_pages_unreadable", text=part)
        first = int(matched[1])
        last = int(matched[2] or first)
        if not 1 <= first <= last:
            raise BadInput("copy_pages_unreadable", text=part)
        if last > count:
            raise BadInput("copy_pages_beyond", page=last, pages=count)
        found |= set(range(first, last + 1))
    return tuple(sorted(found)) or tuple(range(1, count + 1))


def pages_for(form: Form, text: str, *, count: int) -> tuple[int, ...]:
    """The pages that a copy of this form has: an extract those that were chosen, the others all.

    Raises `Missing("copy_pages_needed")` for an extract of nothing in particular.
    """
    if form is not Form.EXTRACT:
        return tuple(range(1, count + 1))
    if not text.strip():
        raise Missing("copy_pages_needed")
    return read_pages(text, count=count)


def pages_text(pages: Sequence[int]) -> str:
    """`1-3, 5`."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][1] == page - 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page: the share of the page that it covers, its resolution, bits of a pixel."""

    covers: float
    dpi: float
    bits: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """A page of an uploaded scan. Points."""

    width: float
    height: float
    pictures: tuple[Picture, ...]
    others: int = 0
    """What else is on the page: text, lines, areas, annotations."""
    unseen: int = 0
    """Of that, words that are set not to be seen: programs that read scans lay them under or over the picture."""


def demand_scan(pages: Iterable[Scanned], *, read: bool = True) -> None:
    """A digital copy of a paper shows it in colour, at 200 dpi or more, in its own size (Annex I, part II).
    The page is that one picture and nothing else: whatever is drawn over it would be certified as the paper's.
    Words that a program read from it and that nobody sees may come along (`read`); the copy is made without them.

    Raises `BadInput`: `copy_not_scanned`, `copy_painted`, `copy_dpi`, `copy_grey`, `copy_scale`, each with the
    page.
    """
    for number, page in enumerate(pages, 1):
        whole = [one for one in page.pictures if one.covers >= COVERS]
        if not whole:
            raise BadInput("copy_not_scanned", page=number)
        if page.others > (page.unseen if read else 0) or len(page.pictures) > 1:
            raise BadInput("copy_painted", page=number)
        (best,) = whole
        if best.dpi < FIRST_DPI * NEAR:
            raise BadInput("copy_dpi", page=number, dpi=round(best.dpi), least=FIRST_DPI)
        if best.bits < COLOUR_BITS:
            raise BadInput("copy_grey", page=number)
        if not _own_size(page.width, page.height):
            width, height = (round(edge / 72 * 25.4) for edge in (page.width, page.height))
            raise BadInput("copy_scale", page=number, width=width, height=height)


def _own_size(width: float, height: float) -> bool:
    short, long = sorted((width, height))
    return any(abs(short - own[0]) <= OFF and abs(long - own[1]) <= OFF for own in SIZES.values())


def seal_words(form: Form, agency: str, time: str) -> tuple[str, ...]:
    """The lines of the agency's signature on a digital copy: form of copy, agency, moment (Annex I, part II).

    `time`: `2026-11-22T16:59:49+07:00`. A long name takes several lines, so that it stays in 10 pt.
    """
    lines, line = [], ""
    for word in agency.split():
        if line and _room(f"{line} {word}") > LETTERS:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return (HEADING[form], *lines, line, f"Thời gian ký: {time}")


def _room(text: str) -> float:
    return sum(1.45 if letter.isupper() else 1.0 for letter in text)


def copy_box(width: float, height: float, *, lines: int) -> Box:
    """Where these lines stand on a first page: its top right corner, in the margin that Annex I leaves there: of
    20 mm, which four lines fit. What a scan shows has no boxes of text that one could keep out of."""
    top, right = height - EDGE, width - SIDE
    return max(SIDE, right - WIDTH), top - LINE * lines, right, top
