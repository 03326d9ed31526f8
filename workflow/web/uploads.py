"""A file that came with a form."""

from __future__ import annotations

from flask import request

from workflow.domain.errors import BadInput
from workflow.web.context import current
from workflow.web.format import number

MEGABYTE = 1024 * 1024


def was_chosen(name: str) -> bool:
    """Whether the form carries a file at all."""
    file = request.files.get(name)
    return file is not None and bool(file.filename)


def uploaded(name: str) -> tuple[bytes, str]:
    """(bytes, file name). Raises `BadInput` with `file_needed`, `file_empty` or `file_too_large`."""
    file = request.files.get(name)
    if file is None or not file.filename:
        raise BadInput("file_needed")
    limit = current().settings.max_upload
    file.stream.seek(0)  # it may have been read before, to compare it
    data = file.stream.read(limit + 1)
    if not data:
        raise BadInput("file_empty")
    if len(data) > limit:
        raise BadInput("file_too_large", limit=number(limit // MEGABYTE))
    return data, file.filename
