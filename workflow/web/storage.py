"""The store of files, opened once an application: `blobs()`."""

from __future__ import annotations

from flask import current_app

from workflow.adapters.blobs import Blobs, open_blobs
from workflow.web.context import installation

_KEY = "trinhky_blobs"


def blobs() -> Blobs:
    """Where the files of documents lie."""
    found: Blobs | None = current_app.extensions.get(_KEY)
    if found is None:
        found = current_app.extensions[_KEY] = open_blobs(installation().settings.blob_url)
    return found
