"""The store of files, opened once an application: `blobs()`; where what is made for one answer lies meanwhile."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from workflow.adapters.blobs import Blobs, open_blobs, scratch_of
from workflow.web.context import installation

_KEY = "trinhky_blobs"


def blobs() -> Blobs:
    """Where the files of documents lie."""
    found: Blobs | None = current_app.extensions.get(_KEY)
    if found is None:
        found = current_app.extensions[_KEY] = open_blobs(installation().settings.blob_url)
    return found


def scratch() -> Path:
    """Beside the folder of files; with files elsewhere, the machine's folder for what does not last."""
    return scratch_of(installation().settings.blob_url)
