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
    """A whole page. Lines that begin with a dash are a list, an address of ours below one is its link, an
    empty line begins a paragraph."""
    home = "/".join(link.split("/")[:3])
    said = [piece for paragraph in text.split("\n\n") for piece in _pieces(paragraph, home)]
    if link:
        words = OPEN.get(language, OPEN["vi"])
        said.append(f'<p><a style="color:#0a4fa3" href="{escape(link)}">{escape(words)}</a></p>')
    return _FRAME.format(language=escape(language), subject=escape(subject), body="\n".join(said))


def plain(text: str, link: str) -> str:
    """The text part."""
    return f"{text}\n\n{link}" if link else text


def _pieces(paragraph: str, home: str) -> Iterator[str]:
    lines = [line for line in paragraph.splitlines() if line.strip()]

    def leads(line: str) -> bool:
        """Where the item above leads; an address that somebody wrote stays text."""
        return bool(home) and line.startswith(f"  {home}/")

    for is_list, group in groupby(lines, key=lambda line: line.startswith("- ") or leads(line)):
        if is_list:
            items = list(group)
            below = [line if leads(line) else "" for line in items[1:]] + [""]
            shown = [_item(line, to) for line, to in zip(items, below, strict=True) if not leads(line)]
            yield f"<ul>{''.join(shown)}</ul>"
        else:
            yield "<p>" + "<br>".join(map(escape, group)) + "</p>"


def _item(line: str, to: str) -> str:
    words = escape(line[2:])
    return (
        f'<li><a style="color:#0a4fa3" href="{escape(to.strip())}">{words}</a></li>' if to else f"<li>{words}</li>"
    )
