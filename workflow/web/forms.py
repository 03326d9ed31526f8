"""Reading a form: its shape through a schema, its errors beside the fields that hold them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import make_response, redirect, request
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response

from workflow.web.i18n import gettext

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Refused in a text and not allowed in a page either: a form comes back without them."""


_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")
"""No letter of `secrets.token_urlsafe`."""


@dataclass(slots=True)
class Form:
    """What was typed (`values`, as strings), what came of it (`data`) and what is wrong (`errors`, translated)."""

    values: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether everything has the right shape."""
        return not self.errors


def read_form(schema: Callable[[], Schema]) -> Form:
    """Load the request's form; fields of the schema only, empty ones as missing."""
    made = schema()
    typed = {name: request.form.get(name, "") for name in made.fields}
    form = Form(values={name: showable(value) for name, value in typed.items()})
    try:
        form.data = made.load({name: value for name, value in typed.items() if value.strip()})
    except ValidationError as wrong:
        form.errors = {name: gettext(str(found[0])) for name, found in wrong.messages_dict.items()}
    return form


def showable(text: str) -> str:
    """What somebody typed as a page may show it again."""
    return _UNSHOWN.sub("", text)


def once() -> str:
    """The name by which a form that is sent twice is known: the page gave it, so of its own letters only; a new one
    where the form names none.
    """
    return _FOREIGN.sub("", request.form.get("once", ""))[:64] or secrets.token_urlsafe(16)


def see(address: str) -> Response:
    """After an act: go and look (303), so that a reload does not act again."""
    return redirect(address, 303)


def page(body: str, status: int = 200) -> Response:
    """A page with a status of its own."""
    return make_response(body, status)
