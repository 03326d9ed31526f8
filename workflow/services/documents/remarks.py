"""What is wrong, or soon will be, in the words a draft has typed: what the drafter should look at.

Those in `CONTRADICTS` make the issued paper say something else than its register; `comparing` asks the clerk about
them. The others are advice. Asked each time anew, so that a change of signer, capacity, type or day shows at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from signing import prepare as making
from workflow.domain.errors import BadInput, Missing
from workflow.domain.numbering import date_words, normalise
from workflow.domain.people import CAPACITY_PREFIX, Capacity, collective_of, signature_block
from workflow.domain.text import fold
from workflow.domain.unfilled import page_in
from workflow.services.documents.organs import organ_of
from workflow.services.documents.plans import fields_of
from workflow.services.documents.symbols import dated, expected_notation
from workflow.services.journal import local_day
from workflow.store import documents as store
from workflow.store import office
from workflow.store.models import Outgoing, Person, PostRow
from workflow.store.session import UnitOfWork

_PREFIX = re.compile(r"^(TM|KT|TL|TUQ|Q)\s?\.\s*")
TIGHT = 15 * 72 / 25.4
"""Points: between title and name less than this is little room for a signature."""


class Typed(StrEnum):
    """What can be wrong in a typed draft."""

    NAME_DIFFERS = "typed_name_differs"
    NAME_SPELLING = "typed_name_spelling"
    TITLE_DIFFERS = "typed_title_differs"
    LITTLE_ROOM = "typed_little_room"
    NUMBER = "typed_number"
    SYMBOL_DIFFERS = "typed_symbol_differs"
    DATE_DIFFERS = "typed_date_differs"
    BLANK_NARROW = "typed_blank_narrow"
    LINES_APART = "typed_lines_apart"
    DOTS = "typed_dots"


CONTRADICTS = frozenset(
    {Typed.NAME_DIFFERS, Typed.TITLE_DIFFERS, Typed.NUMBER, Typed.SYMBOL_DIFFERS, Typed.DATE_DIFFERS}
)
"""The paper would not be what the register, the signature or the day say it is."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at; `words` fill its sentence: what is typed, what is expected."""

    code: Typed
    words: dict[str, str] = field(default_factory=dict)


def remarks(uow: UnitOfWork, document: Outgoing, *, now: dt.datetime) -> tuple[Remark, ...]:
    """Everything about a document's typed words that its drafter and the clerk should look at."""
    found: list[Remark] = []
    for planned in fields_of(uow, document.id):
        if isinstance(planned.typed, making.TypedBlock):
            found += _of_block(uow, document, planned, planned.typed)
        elif isinstance(planned.typed, making.TypedHead):
            found += _of_head(uow, document, planned.typed, now=now)
    draft = store.latest_file(uow.session, document.id, "draft")
    if draft is not None and (page := page_in(draft.note)) is not None:
        found.append(Remark(Typed.DOTS, {"page": str(page)}))
    return tuple(found)


def signer_block(uow: UnitOfWork, document: Outgoing) -> tuple[tuple[str, ...], str]:
    """Capacity and title as Annex I draws them, and the full name of the signer as named now."""
    post = uow.session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    person = uow.session.get(Person, document.signer_id) if document.signer_id else None
    if post is None or person is None:
        raise Missing("has_signer")
    return _block(uow, document, post, Capacity(document.capacity)), person.full_name


def _block(uow: UnitOfWork, document: Outgoing, post: PostRow, capacity: Capacity) -> tuple[str, ...]:
    name, head_title = issuer_of(uow, document)
    return signature_block(capacity, post.title, head_title or post.title, collective=collective_of(name))


def names_another(uow: UnitOfWork, document: Outgoing, *, post: PostRow, capacity: Capacity) -> bool:
    """Whether the draft has typed a signer's block that is not the one of this post and capacity."""
    lines, person = _block(uow, document, post, capacity), uow.session.get_one(Person, post.person_id)
    return any(
        (typed.name and not fold(typed.name).endswith(fold(person.full_name)))
        or (typed.titles and not _titles_agree(typed.titles, lines, capacity))
        for planned in fields_of(uow, document.id)
        if isinstance(typed := planned.typed, making.TypedBlock)
    )


def issuer_of(uow: UnitOfWork, document: Outgoing) -> tuple[str, str]:
    """Name of the organ that issues, and its head's title."""
    agency, organ = office.unit(uow.session, document.agency_id), organ_of(uow, document)
    head = uow.session.get(PostRow, organ.head_post_id) if organ and organ.head_post_id else None
    return organ.name if organ else agency.name, head.title if head else agency.head_title


def _of_block(
    uow: UnitOfWork, document: Outgoing, planned: making.PlannedField, typed: making.TypedBlock
) -> Iterator[Remark]:
    if typed.titles and typed.name and planned.size[1] < TIGHT:
        yield Remark(Typed.LITTLE_ROOM)
    if document.signer_post_id is None:
        return
    lines, name = signer_block(uow, document)
    if typed.name and not fold(typed.name).endswith(fold(name)):
        yield Remark(Typed.NAME_DIFFERS, {"typed": typed.name, "expected": name})
    elif typed.name and not typed.name.lower().endswith(name.lower()):
        yield Remark(Typed.NAME_SPELLING, {"typed": typed.name, "expected": name})
    if typed.titles and not _titles_agree(typed.titles, lines, Capacity(document.capacity)):
        yield Remark(Typed.TITLE_DIFFERS, {"typed": " / ".join(typed.titles), "expected": " / ".join(lines)})


def _titles_agree(typed: tuple[str, ...], lines: tuple[str, ...], capacity: Capacity) -> bool:
    """The same capacity, and the signer's own title on the last line; `TM.` may stand above `KT.`."""
    said = {found[1] for line in typed if (found := _PREFIX.match(line))}
    wanted = CAPACITY_PREFIX[capacity].rstrip(".")
    if (wanted not in said) if wanted else bool(said):
        return False
    own, theirs = (" ".join(fold(_PREFIX.sub("", block[-1])).split()) for block in (lines, typed))
    return own.startswith(theirs) or theirs.startswith(own)


def _of_head(uow: UnitOfWork, document: Outgoing, typed: making.TypedHead, *, now: dt.datetime) -> Iterator[Remark]:
    given = document.symbol.partition("/")[0]
    if typed.number and typed.number != given:
        yield Remark(Typed.NUMBER, {"typed": typed.number, "expected": given or "…"})
    yield from _of_symbol(uow, document, typed)
    day = dated(document) or local_day(now)
    expected = date_words(day)
    parts = (typed.day, typed.month, typed.year)
    if not all(_same_number(part, whole) for part, whole in zip(parts, expected.split()[1::2], strict=True)):
        stands = " ".join(f"{word} {part or '…'}" for word, part in zip(expected.split()[::2], parts, strict=True))
        yield Remark(Typed.DATE_DIFFERS, {"typed": stands, "expected": expected})
    if typed.narrow:
        yield Remark(Typed.BLANK_NARROW)
    if typed.apart:
        yield Remark(Typed.LINES_APART)


def _same_number(part: str, whole: str) -> bool:
    """`5` for `05`, `20` for the beginning of `2026`, nothing for what is left blank."""
    return (
        not part
        or part.lstrip("0") == whole.lstrip("0")
        or (len(whole) == 4 and len(part) < 4 and whole.startswith(part))
    )


def _of_symbol(uow: UnitOfWork, document: Outgoing, typed: making.TypedHead) -> Iterator[Remark]:
    try:
        expected = expected_notation(uow, document)
    except (Missing, BadInput):
        return  # no register for the type yet: the numbering itself will say so
    if typed.notation and normalise(typed.notation) != normalise(expected):
        yield Remark(Typed.SYMBOL_DIFFERS, {"typed": typed.notation, "expected": expected})
