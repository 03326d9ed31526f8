"""A draft as it was uploaded becomes the normalised file: what is reviewed, shown, hashed and signed.

The work is done by `signing.prepare.rewriting` in the jail; this module is what its callers see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from signing.errors import SigningError
from signing.jail import Limits, TaskRefused, run
from signing.prepare.lines import Line, line_from_answer
from signing.prepare.plan import Box, PageBox

MEGABYTE = 1024 * 1024
MAX_BYTES = 30 * MEGABYTE
MAX_PAGES = 1000
TASK = "signing.prepare.rewriting:task"
READING_TASK = "signing.prepare.reading:task"
LIMITS = Limits(
    cpu=10.0,
    cpu_per_megabyte=0.5,
    memory=1024 * MEGABYTE,
    memory_per_megabyte=32 * MEGABYTE,
    output=32 * MEGABYTE,
    output_per_megabyte=4 * MEGABYTE,
)
"""A page is rewritten in about two milliseconds, an object looked at in twenty microseconds."""


class BadDraft(SigningError):
    """A file that cannot become a draft. `code` is one of:

    empty, too_large, not_pdf, broken, encrypted · signed_already · no_pages, too_many_pages, page_size,
    too_many_objects, expands_too_much, image_too_large · dangling_reference, external_stream · javascript,
    active_content, xfa, page_wide_field, filled_form, hidden_layers
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """`removed` names what the original held and this file does not, in words for the drafter:

    links, annotations, form_fields, attachments, layers, structure, metadata, outline, actions, repaired.
    """

    data: bytes
    pages: tuple[PageBox, ...]
    removed: tuple[str, ...]
    sha256: str


def normalise_in_jail(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES, limits: Limits = LIMITS
) -> Normalised:
    """Rewrite a draft in a jailed process.

    Raises `BadDraft`; `ResourceLimit` when the file wants more than its size allows; `Crashed` when the
    parser broke on it.
    """
    check_size(data, max_bytes)
    try:
        result = run(TASK, data, arguments={"max_pages": max_pages}, limits=limits)
    except TaskRefused as refusal:
        raise BadDraft(refusal.code, **refusal.details) from None
    return from_answer(result.json, result.blobs[0])


@dataclass(frozen=True, slots=True)
class PageTexts:
    """By page number: boxes of its runs of text, and its lines from above."""

    boxes: dict[int, tuple[Box, ...]]
    lines: dict[int, tuple[Line, ...]]


def read_pages_in_jail(
    data: bytes, *, pages: Sequence[int], limits: Limits = LIMITS, what: Sequence[str] = ("boxes", "lines")
) -> PageTexts:
    """What stands on pages and where, for proposing a plan. Raises `JailError` where they cannot be read."""
    json = run(READING_TASK, data, arguments={"pages": list(pages), "what": list(what)}, limits=limits).json
    boxes, lines = json.get("boxes", {}), json.get("lines", {})
    return PageTexts(
        {int(number): tuple(tuple(box) for box in found) for number, found in boxes.items()},
        {int(number): tuple(line_from_answer(one) for one in found) for number, found in lines.items()},
    )


def text_boxes_in_jail(data: bytes, *, pages: Sequence[int], limits: Limits = LIMITS) -> dict[int, tuple[Box, ...]]:
    """Page number → boxes of its text, for checking a plan against the text."""
    return read_pages_in_jail(data, pages=pages, limits=limits, what=["boxes"]).boxes


def text_lines_in_jail(
    data: bytes, *, pages: Sequence[int], limits: Limits = LIMITS
) -> dict[int, tuple[Line, ...]]:
    """Page number → its lines of text from above, for finding what a draft has typed already."""
    return read_pages_in_jail(data, pages=pages, limits=limits, what=["lines"]).lines


def check_size(data: bytes, max_bytes: int) -> None:
    """What needs no parser: nothing at all, or too much."""
    if not data:
        raise BadDraft("empty")
    if len(data) > max_bytes:
        raise BadDraft("too_large", bytes=len(data), limit=max_bytes)


def from_answer(json: Any, data: bytes) -> Normalised:
    """The answer of the jailed task as a value; the hash is computed on this side of the wall."""
    return Normalised(
        data=data,
        pages=tuple(PageBox(index + 1, *size) for index, size in enumerate(json["pages"])),
        removed=tuple(json["removed"]),
        sha256=hashlib.sha256(data).hexdigest(),
    )
