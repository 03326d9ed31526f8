"""Remarks pinned to spots: as markers over the pages of a version, and as a list for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.services.documents import commenting
from workflow.store import documents, drafting
from workflow.store.drafting import Pin
from workflow.store.models import FileVersion, Outgoing
from workflow.web.context import Current


@dataclass(frozen=True, slots=True)
class Pinned:
    """One remark. `shown`: its spot is on the pages that are shown."""

    pin: Pin
    shown: bool
    may_settle: bool


@dataclass(frozen=True, slots=True)
class Pins:
    """Of one document, beside one of its files."""

    all: tuple[Pinned, ...] = ()

    @property
    def open(self) -> int:
        """How many nobody has dealt with."""
        return sum(one.pin.row.settled_at is None for one in self.all)

    def on(self, page: int) -> list[Pin]:
        """The markers of a page."""
        return [one.pin for one in self.all if one.shown and one.pin.row.page == page]


def pins(here: Current, document: Outgoing, files: Sequence[FileVersion], file: FileVersion | None) -> Pins:
    """Every pinned remark; markers stand on every file of the same text: a draft and what was signed of it."""
    found = drafting.pins(here.uow.session, document.id)
    if not found:
        return Pins()
    texts = _texts(files)
    wanted = texts.get(file.ordinal) if file is not None else None
    return Pins(
        tuple(
            Pinned(
                one,
                wanted is not None and texts.get(one.row.ordinal) == wanted,
                commenting.may_settle(here.actor, document, one.row),
            )
            for one in found
        )
    )


def pins_of(here: Current, document: Outgoing, file: FileVersion | None) -> Pins:
    """The same where the files are not at hand."""
    return pins(here, document, documents.files_of(here.uow.session, document.id), file)


def _texts(files: Sequence[FileVersion]) -> dict[int, int]:
    """File → the draft whose pages it has: fields, footer and signatures move nothing."""
    found: dict[int, int] = {}
    text = 0
    for one in sorted(files, key=lambda file: file.ordinal):
        if one.kind in {"original", "draft", "scan"}:
            text = one.ordinal
        found[one.ordinal] = text
    return found
