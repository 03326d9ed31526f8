"""The pages of a copy, made in the jail from what it is a copy of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signing import jail
from signing import prepare as making
from workflow.domain import copies as rules
from workflow.domain.attachments import Box
from workflow.domain.copies import Form, Medium, Picture, Scanned
from workflow.domain.errors import BadInput
from workflow.services.documents.normalising import normalised
from workflow.services.signing.copied import field_at
from workflow.store.session import UnitOfWork

TASKS = "workflow.adapters.copy_pages"
LIMITS = jail.Limits(
    cpu=10.0, cpu_per_megabyte=0.5, memory=1536 * 1024 * 1024, output=64 * 1024 * 1024,
    output_per_megabyte=4 * 1024 * 1024,
)  # fmt: skip
NO_BOX: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The copy's pages; of a digital one with the empty field of the agency's signature in `box`."""

    data: bytes
    count: int
    chosen: str
    box: Box = NO_BOX


def pages_of(
    uow: UnitOfWork, data: bytes, form: Form, *, source: Medium, target: Medium, wanted: str, agency: str
) -> Pages:
    """What a copy shows of this file. `wanted`: pages of an extract.

    Raises `BadInput`: `copy_unreadable`, `copy_dpi` and the like (`domain.copies.demand_scan`), `draft_<why>`.
    """
    if source is Medium.PAPER:  # before anything is made of it
        scanned = uow.compute(scanned_pages, data)
        numbers = rules.pages_for(form, wanted, count=len(scanned))
        rules.demand_scan(scanned)
        picked = uow.compute(scan_alone, data, numbers)
    else:
        numbers = rules.pages_for(form, wanted, count=len(uow.compute(scanned_pages, data)))
        picked = uow.compute(task, "pick", data, pages=list(numbers), bare=False).blobs[0]
    chosen = rules.pages_text(numbers) if form is Form.EXTRACT else ""
    if target is Medium.PAPER:
        return Pages(data=picked, count=len(numbers), chosen=chosen)
    plain = uow.compute(normalised, picked)
    first, lines = plain.pages[0], len(rules.seal_words(form, agency, ""))
    box = rules.copy_box(first.width, first.height, lines=lines)
    ready = uow.compute(making.add_fields, plain.data, (field_at(box),), footer=None)
    return Pages(data=ready, count=len(numbers), chosen=chosen, box=box)


def scan_alone(data: bytes, numbers: Sequence[int]) -> bytes:
    """These pages of a scan as their pictures alone: words that a program read from them are left behind, since
    nobody looked whether they say what the paper says. Raises `BadInput("copy_painted")` where a page does not look
    the same without them, or something else than the picture is left."""
    made = task("pick", data, pages=list(numbers), bare=True)
    for number in made.json["changed"]:
        raise BadInput("copy_painted", page=number)
    rules.demand_scan(scanned_pages(made.blobs[0]), read=False)
    return made.blobs[0]


def scanned_pages(data: bytes) -> tuple[Scanned, ...]:
    """Its pages with the pictures on them."""
    found = task("scan", data).json["pages"]
    return tuple(
        Scanned(
            page["width"], page["height"], tuple(Picture(*one) for one in page["pictures"]), page["others"],
            page["unseen"],
        )
        for page in found
    )  # fmt: skip


def task(name: str, data: bytes, **arguments: Any) -> jail.JailResult:
    """One of the jail's tasks for copies. Raises `BadInput("copy_unreadable")` for what is no readable PDF."""
    given: Mapping[str, Any] = arguments
    try:
        return jail.run(f"{TASKS}:{name}", data, arguments=given, limits=LIMITS)
    except jail.TaskRefused as refused:
        raise BadInput("copy_unreadable", cause=refused.code) from refused
    except jail.JailError as error:
        raise BadInput("copy_unreadable", cause=error.code) from error
