"""Papers as a browser prints them: Skia's PDF, one run of text for each word or so, web fonts in parts."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from tests.reading.papers.model import Paper
from tests.reading.papers.pictures import png
from tests.support import programs
from workflow.adapters.assets import dist_folder

STYLE = """
@page { size: A4; margin: %(top)smm %(right)smm %(bottom)smm %(left)smm; %(number)s }
@page :first { @top-center { content: none } }
* { box-sizing: border-box }
body { margin: 0; font-family: %(family)s; font-size: %(size)spt; line-height: %(leading)s }
p { margin: 0; white-space: pre-wrap; hyphens: none }
hr { border: 0; border-top: 0.6pt solid; margin: 1.5pt auto 0 }
.columns { display: flex; break-inside: avoid } .gap { position: relative } .gap img { position: absolute }
.frame { border: 1pt solid; margin: 0 auto; padding: 1.2mm; line-height: 1.1 } .pin { position: absolute }
table { border-collapse: collapse; width: 100%%; margin: 4pt 0 }
td, th { border: 0.5pt solid; padding: 2pt 3pt; vertical-align: top }
"""
DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")


@contextmanager
def printing() -> Iterator[Tab]:
    """A tab to print from; reaches no network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.chromium(), args=list(programs.CHROMIUM_FLAGS)
        )
        context = browser.new_context(offline=True)
        yield context.new_page()
        browser.close()


def write(paper: Paper, tab: Tab) -> bytes:
    """One PDF; its dates are set, so that the same Chromium gives the same bytes."""
    tab.set_content(page(paper), wait_until="load")
    tab.evaluate("document.fonts.ready")
    made = tab.pdf(prefer_css_page_size=True)
    return DATES.sub(lambda hit: b"/" + hit[1] + b" (D:20260101000000", made)


def page(paper: Paper) -> str:
    """The whole of it as HTML."""
    data = paper.plain()
    given: dict[str, Any] = dict(data["page"])
    given["number"] = "@top-center { content: counter(page); font-size: 13pt }" if given["numbered"] else ""
    given["family"] = "Paper"
    if not given["serif"]:
        given["size"] = given["size"] * 0.88
    scale = 1.0 if given["serif"] else 0.88
    origin = (data["page"]["left"], data["page"]["top"])
    body = "".join(_pin(pin, scale, origin) for pin in data["pins"]) + "".join(
        _one(one, scale) for one in data["elements"]
    )
    faces = _faces(serif=bool(given["serif"]))
    return f"<!doctype html><html lang=vi><meta charset=utf-8><style>{faces}{STYLE % given}</style><body>{body}"


def _faces(*, serif: bool) -> str:
    folder = dist_folder()
    names = {("normal", 400): ("Tinos_400Regular.ttf",), ("normal", 700): ("Tinos_700Bold.ttf",),
             ("italic", 400): ("Tinos_400Regular_Italic.ttf",), ("italic", 700): ("Tinos_700Bold_Italic.ttf",
                 )}  # fmt: skip
    made = []
    if serif:
        for (style, weight), (name,) in names.items():
            made.append(_face(style, weight, (folder / "tinos" / name).read_bytes(), ""))
        return "".join(made)
    ranges = {"vietnamese": "U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,"
              "U+300-301,U+303-304,U+308-309,U+323,U+1EA0-1EF9",
              "latin": "U+0000-00FF,U+2000-206F"}  # fmt: skip
    for part, reach in ranges.items():
        for weight in (400, 700):
            data = (folder / "fonts" / "files" / f"be-vietnam-pro-{part}-{weight}-normal.woff2").read_bytes()
            made.append(_face("normal", weight, data, f"unicode-range:{reach};"))
    return "".join(made)


def _face(style: str, weight: int, data: bytes, reach: str) -> str:
    coded = base64.b64encode(data).decode()
    look = f"font-family:Paper;font-style:{style};font-weight:{weight};{reach}"
    return f"@font-face{{{look}src:url(data:font/any;base64,{coded})}}"


def _pin(pin: dict[str, Any], scale: float, origin: tuple[float, float]) -> str:
    lines = "".join(_words(line, scale) for line in pin["lines"])
    left, top = pin["left"] - origin[0], pin["top"] - origin[1]
    return f'<div class=pin style="left:{left}mm;top:{top}mm;width:{pin["width"]}mm">{lines}</div>'


def _one(one: dict[str, Any], scale: float) -> str:
    return {"words": _words, "gap": _gap, "frame": _frame, "columns": _columns, "grid": _grid, "break": _break}[
        one["kind"]
    ](one, scale)


def _words(one: dict[str, Any], scale: float) -> str:
    size = f"font-size:{one['size'] * scale:.2f}pt;" if one["size"] else ""
    shift = {"justify": f"text-indent:{one['indent']}mm;", "left": f"padding-left:{one['indent']}mm;"}.get(
        one["align"], ""
    )
    style = (f"{size}{shift}text-align:{one['align']};color:{one['colour']};margin-top:{one['before']}pt;"
             f"font-weight:{700 if one['bold'] else 400};font-style:{'italic' if one['italic'] else 'normal'};"
             f"margin-bottom:{one['after'] if not one['rule'] else 0}pt")  # fmt: skip
    lead = f"<b>{html.escape(one['lead'])}</b>" if one["lead"] else ""
    made = f'<p style="{style}">{lead}{html.escape(one["text"])}</p>'
    if one["rule"]:
        made += f'<hr style="width:{one["rule"] * 100}%;margin-bottom:{one["after"]}pt">'
    return made


def _gap(one: dict[str, Any], scale: float) -> str:
    pictures = "".join(
        f'<img style="left:{it["left"]}mm;top:{it["top"]}mm;width:{it["width"]}mm;height:{it["height"]}mm" '
        f'src="data:image/png;base64,{base64.b64encode(png(it["name"])).decode()}">'
        for it in one["pictures"]
    )  # fmt: skip
    return f'<div class=gap style="height:{one["height"]}mm">{pictures}</div>'


def _frame(one: dict[str, Any], scale: float) -> str:
    lines = "".join(_words(line, scale) for line in one["lines"])
    return f'<div class=frame style="width:{one["width"]}mm;border-color:{one["colour"]}">{lines}</div>'


def _columns(one: dict[str, Any], scale: float) -> str:
    cells = "".join(
        f'<div style="width:{share * 100}%">{"".join(_one(part, scale) for part in cell)}</div>'
        for share, cell in zip(one["widths"], one["cells"], strict=True)
    )
    return f'<div class=columns style="margin-top:{one["before"]}pt">{cells}</div>'


def _grid(one: dict[str, Any], scale: float) -> str:
    widths = "".join(f'<col style="width:{share * 100}%">' for share in one["widths"])
    head = "".join(f"<th>{html.escape(name)}</th>" for name in one["head"])
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in one["rows"]
    )
    return (
        f'<table style="font-size:{one["size"] * scale:.2f}pt">{widths}<thead><tr>{head}</tr></thead>{rows}</table>'
    )


def _break(one: dict[str, Any], scale: float) -> str:
    return '<div style="break-after:page"></div>'
