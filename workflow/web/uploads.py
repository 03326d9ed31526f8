"""A file that came with a form."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import FileStorage

from workflow.domain.errors import BadInput
from workflow.domain.text import file_name
from workflow.web.context import current
from workflow.web.format import number

MEGABYTE = 1024 * 1024


def was_chosen(name: str) -> bool:
    """Whether the form carries a file at all."""
    file = request.files.get(name)
    return file is not None and bool(file.filename)


def chosen_files(name: str) -> list[FileStorage]:
    """The files of a field that takes several, still to be `read`. `files_needed` where there is none."""
    files = [file for file in request.files.getlist(name) if file.filename]
    if not files:
        raise BadInput("files_needed")
    return files


def uploaded(name: str, *, lacking: str = "file_needed") -> tuple[bytes, str]:
    """(bytes, file name). Raises `BadInput` with `lacking`, `file_empty` or `file_too_large`.

    `lacking`: the code that says which kinds of file the field takes.
    """
    file = request.files.get(name)
    if file is None or not file.filename:
        raise BadInput(lacking)
    return read(file)


def read(file: FileStorage) -> tuple[bytes, str]:
    """(bytes, file name). Raises `BadInput` with `file_empty` or `file_too_large`."""
    limit = current().settings.max_upload
    file.stream.seek(0)  # it may have been read before, to compare it
    data = file.stream.read(limit + 1)
    if not data:
        raise BadInput("file_empty")
    if len(data) > limit:
        raise BadInput("file_too_large", limit=number(limit // MEGABYTE))
    return data, file_name(file.filename or "")
