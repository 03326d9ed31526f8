"""Everything held about a person as one file: a ZIP with a page to read and JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from workflow.adapters import zip_export
from workflow.services.access.personal import Held
from workflow.web import access_words as words
from workflow.web.context import current

NAME = "trinhky-personal-data.zip"


def answer(held: Held, *, name: str) -> Response:
    """The download; no cache keeps it."""
    here = current()
    page = render_template("access/file.html", held=held, name=name, words=words, made_at=here.now, plain=plain)
    files = [("personal-data.html", page.encode()), ("personal-data.json", as_json(held, here.now))]
    made = Response(here.uow.compute(zip_export.to_zip, files), mimetype=zip_export.CONTENT_TYPE)
    made.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    made.headers["Cache-Control"] = "no-store"
    return made


def as_json(held: Held, made_at: dt.datetime) -> bytes:
    """By class: how many there are, and the lines with their names."""
    told: dict[str, Any] = {
        str(kind): {"count": count, "lines": [dict(zip(names, map(plain, line), strict=True)) for line in lines]}
        for kind, (names, lines, count) in held.items()
    }
    kept = sorted(str(kind) for kind in words.WHY_KEPT)
    whole = {"format": "trinhky-personal-data-1", "made_at": made_at.isoformat(), "kept": kept, "data": told}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def plain(value: Any) -> Any:
    """A cell as JSON and the page have it."""
    return value.isoformat() if isinstance(value, dt.date) else value
