"""Reading a form: its shape through a schema, its errors beside the fields that hold them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import make_response, redirect, request
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response

from workflow.web.i18n import gettext


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
    form = Form(values={name: request.form.get(name, "") for name in made.fields})
    try:
        form.data = made.load({name: value for name, value in form.values.items() if value.strip()})
    except ValidationError as wrong:
        form.errors = {name: gettext(str(found[0])) for name, found in wrong.messages_dict.items()}
    return form


def see(address: str) -> Response:
    """After an act: go and look (303), so that a reload does not act again."""
    return redirect(address, 303)


def page(body: str, status: int = 200) -> Response:
    """A page with a status of its own."""
    return make_response(body, status)
