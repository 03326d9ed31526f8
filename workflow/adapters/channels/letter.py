"""The HTML part of a mail, made of the same words as the text part: no picture, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

OPEN = {"vi": "Mở trong Trình Ký", "en": "Open in Trình Ký"}

_FRAME = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{subject}</title></head>
<body style="margin:0;padding:1.5em;font:1em/1.5 Arial,sans-serif;color:#1a1a1a;background:#ffffff">
<h1 style="font-size:1.25em;margin:0 0 1em">{subject}</h1>
{body}
</body></html>
"""


def page(*, subject: str, text: str, link: str, language: str) -> str:
    """A whole page. Lines that begin with a dash are a list, an empty line begins a paragraph."""
    said = [piece for paragraph in text.split("\n\n") for piece in _pieces(paragraph)]
    if link:
        words = OPEN.get(language, OPEN["vi"])
        said.append(f'<p><a style="color:#0a4fa3" href="{escape(link)}">{escape(words)}</a></p>')
    return _FRAME.format(language=escape(language), subject=escape(subject), body="\n".join(said))


def plain(text: str, link: str) -> str:
    """The text part."""
    return f"{text}\n\n{link}" if link else text


def _pieces(paragraph: str) -> Iterator[str]:
    lines = [line for line in paragraph.splitlines() if line.strip()]
    for is_list, group in groupby(lines, key=lambda line: line.startswith("- ")):
        if is_list:
            yield "<ul>" + "".join(f"<li>{escape(line[2:])}</li>" for line in group) + "</ul>"
        else:
            yield "<p>" + "<br>".join(map(escape, group)) + "</p>"
