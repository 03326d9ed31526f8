"""Texts that are translated when a template is compiled read like texts translated when it is rendered."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string

from tests.support.tree import ROOT

TEMPLATES = ROOT / "workflow" / "web" / "templates"

SOURCE = (
    '{{ _("Log in") }}|{{ _("Hello, %(name)s", name=name) }}|{{ _(dynamic) }}|{{ pgettext("role", "Clerk") }}|'
    '{{ "<b>" ~ _("Log in") }}|{{ icon("bell") }}|{{ _("unknown text") }}'
)


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", ("Đăng nhập", "Kính chào &lt;i&gt;", "Việc của tôi", "Văn thư")),
     ("en", ("Log in", "Hello, &lt;i&gt;", "Desk", "Clerk"))],
)  # fmt: skip
def test_one_template_in_two_languages(app: Flask, language: str, words: tuple[str, ...]) -> None:
    """Each language has its own compiled template; values are escaped, icons are not."""
    with app.test_request_context("/help", headers={"Accept-Language": language}):
        app.preprocess_request()
        parts = render_template_string(SOURCE, name="<i>", dynamic="Desk").split("|")
    assert tuple(parts[:4]) == words
    assert parts[4] == f"&lt;b&gt;{words[0]}"
    assert parts[5].startswith('<svg class="icon"')
    assert parts[6] == "unknown text"


def test_a_card_on_a_telephone_names_its_lines_as_the_table_names_its_columns() -> None:
    """Where the heads stand in the template itself: the same text asked for twice, so both are translated alike."""
    looked, found = 0, []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for head, body in re.findall(r"<thead>(.*?)</thead>(.*?)</table>", path.read_text("utf-8"), re.DOTALL):
            heads = set(re.findall(r'\{\{ _\("([^"]+)"\) \}\}', head))
            if len(re.findall(r"\{[{%]", head)) == len(heads):
                looked += 1
                said = set(re.findall(r"data-label=\"\{\{ _\('([^']+)'\) \}\}\"", body))
                found += [f"{path.name}: {one}" for one in sorted(said - heads)]
    assert (found, looked > 60) == ([], True)
