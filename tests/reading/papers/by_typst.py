"""Papers as typst writes them: shaped text, subset OpenType fonts, tagged."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from tests.reading.papers.model import Paper
from tests.reading.papers.pictures import png
from workflow.adapters.assets import font_paths

TEMPLATE = Path(__file__).with_name("paper.typ")


def write(paper: Paper) -> bytes:
    """One PDF; the same paper gives the same bytes."""
    data = paper.plain()
    with tempfile.TemporaryDirectory() as folder:
        for picture in _pictures(data["elements"]):
            picture["file"] = hashlib.sha256(picture["name"].encode()).hexdigest()[:16] + ".png"
            Path(folder, picture["file"]).write_bytes(png(picture["name"]))
        source = Path(folder, TEMPLATE.name)
        source.write_bytes(TEMPLATE.read_bytes())
        fonts = ["Tinos"] if paper.page.serif else ["Libertinus Serif", "Tinos"]
        words = orjson.dumps({"fonts": fonts, **data}).decode()
        compiler = typst.Compiler(source, root=folder, font_paths=_fonts())
        made = compiler.compile(sys_inputs={"data": words}, timestamp=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert isinstance(made, bytes)
    return made


def _pictures(value: Any) -> list[dict[str, Any]]:
    """Every picture, however deep, in order."""
    if isinstance(value, dict):
        here = list(value["pictures"]) if value.get("kind") == "gap" else []
        return here + [one for item in value.values() for one in (_pictures(item) if item is not here else [])]
    if isinstance(value, list):
        return [one for item in value for one in _pictures(item)]
    return []


@cache
def _fonts() -> typst.Fonts:
    folders = sorted({str(path.parent) for path in font_paths()})
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
