"""One Jinja environment a language, in which every constant text is translated when a template is compiled.

A page holds some fifty texts, icons and addresses that never change; looked up at each rendering they cost more
than the page's query. So calls with constant arguments are replaced in the syntax tree: `_("Save")` by the word,
`_("Hello, %(name)s", name=x)` by the word and its values, `icon("bell")` and `asset("css/frame.css")` by what
they give.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g
from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from workflow.web.assets import asset, icon
from workflow.web.i18n import CATALOGUES, LOCALES, VIETNAMESE


class Translating(Environment):
    """An environment for one language; `overlay()` makes the others, which share globals and filters."""

    language: str = VIETNAMESE

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        folded: nodes.Template = _Fold(self.language).visit(tree)
        return folded


class Application(Flask):
    """Flask with the environment of the reader's language."""

    jinja_environment = Translating

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name, static_folder=None)
        self._environments: dict[str, Environment] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: no view of ours is asynchronous, and Flask would ask a dozen times a request."""
        return func

    @property
    def jinja_env(self) -> Environment:
        """The environment of the present request; the Vietnamese one outside of requests."""
        if not self._environments:
            first = self.create_jinja_environment()
            self._environments = {VIETNAMESE: first}
            for language in LOCALES[1:]:
                made = first.overlay()
                assert isinstance(made, Translating)
                made.language = language
                self._environments[language] = made
        here = g.get("current") if g else None
        return self._environments[here.locale if here is not None else VIETNAMESE]


class _Fold(NodeTransformer):
    def __init__(self, language: str) -> None:
        self.texts = CATALOGUES[language].texts

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        found = self.generic_visit(node)
        assert isinstance(found, nodes.Call)
        if not isinstance(found.node, nodes.Name) or found.dyn_args or found.dyn_kwargs:
            return found
        given = [one.value for one in found.args if isinstance(one, nodes.Const)]
        if len(given) != len(found.args) or not all(isinstance(one, str) for one in given):
            return found
        return self._folded(found, found.node.name, given)

    def _folded(self, call: nodes.Call, name: str, given: list[str]) -> nodes.Node:
        line = call.lineno
        match name, given:
            case "_", [msgid]:
                return self._text("", msgid, call)
            case "pgettext", [context, msgid]:
                return self._text(context, msgid, call)
            case "asset", [path]:
                return nodes.Const(asset(path), lineno=line)
            case "icon", [drawn]:
                return nodes.MarkSafe(nodes.Const(str(icon(drawn)), lineno=line), lineno=line)
        return call

    def _text(self, context: str, msgid: str, call: nodes.Call) -> nodes.Node:
        line = call.lineno
        text = nodes.Const(self.texts.get((context, msgid), msgid), lineno=line)
        if not call.kwargs:
            return text
        values = [nodes.Pair(nodes.Const(one.key, lineno=line), one.value, lineno=line) for one in call.kwargs]
        return nodes.Mod(text, nodes.Dict(values, lineno=line), lineno=line)
