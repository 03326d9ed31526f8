"""The one place that runs typst: our templates, the caller's words as inert data, PDF bytes out.

Words reach a template as one JSON value, so `#panic()` or `*bold*` in a subject is printed as it stands.
Nothing is read from outside the templates' folder and the fonts; the clock is the caller's.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from workflow.adapters.assets import font_paths

TEMPLATES = Path(__file__).with_name("templates")
SERIF = ("Tinos", "Libertinus Serif")
"""Tinos has the measures of Times New Roman; without it typst's own serif, which knows Vietnamese too."""

_lock = threading.Lock()  # a compiler serves one thread at a time; two threads gain nothing here


def typeset(
    template: str, data: Mapping[str, Any], *, made_at: dt.datetime, tagged: bool = False, archival: bool = False
) -> bytes:
    """One PDF from a template. `made_at` goes into the file; `tagged` gives readers a structure; `archival` makes
    it PDF/A-2b: fonts and a colour profile inside, its kind said in XMP."""
    with _lock:
        return _compile(template, data, made_at=made_at, tagged=tagged, archival=archival)


def typeset_with_marks(
    template: str, data: Mapping[str, Any], *, made_at: dt.datetime
) -> tuple[bytes, list[dict[str, Any]]]:
    """The PDF and the values of the template's `<mark>` elements, in order of appearance."""
    with _lock:
        pdf = _compile(template, data, made_at=made_at, tagged=True)
        return pdf, orjson.loads(_compiler(template).query("<mark>", field="value"))


def _compile(
    template: str, data: Mapping[str, Any], *, made_at: dt.datetime, tagged: bool, archival: bool = False
) -> bytes:
    words = orjson.dumps({"fonts": families(), **data}).decode()
    moment = made_at.astimezone(dt.UTC).replace(microsecond=0)  # typst refuses fractions of a second
    pdf = _compiler(template).compile(
        sys_inputs={"data": words}, timestamp=moment, pdf_tags=tagged, pdf_standards=["a-2b"] if archival else []
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst gave {type(pdf).__name__} for one PDF")
    return pdf


@cache
def families() -> tuple[str, ...]:
    """The serif families that are really there, best first."""
    present = set(_fonts().families())
    return tuple(family for family in SERIF if family in present)


@cache
def _fonts() -> typst.Fonts:
    folders = sorted({str(path.parent) for path in font_paths()})
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=_fonts())
