"""Applications that are used again. Making one takes longer than most tests: every route is compiled, and every
template again for each.

What an application holds of the installation it serves lies in `extensions`; that is put back as it was when it was
made, so that the next test finds nothing of the last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from workflow.config import Settings
from workflow.web import check_gate
from workflow.web.app import create_app
from workflow.web.context import Installation

_free: dict[tuple[Any, ...], list[tuple[Flask, dict[str, Any], dict[str, Any]]]] = {}
"""By what `create_app` itself reads of the settings: those not in use, with their `extensions` and `config`."""


@contextmanager
def application(
    settings: Settings,
    *,
    engine: Engine,
    clock: Callable[[], dt.datetime],
    more: Callable[[Flask], None] | None = None,
) -> Iterator[Flask]:
    """The application as `create_app` makes it. `more`: a module's function that adds pages."""
    shape = (settings.secret_key, settings.debug, settings.max_upload, settings.secure_cookies, more)
    waiting = _free.setdefault(shape, [])
    app, extensions, config = waiting.pop() if waiting else _made(settings, engine, more)
    app.extensions.clear()
    app.extensions.update(extensions)
    app.extensions["trinhky"] = Installation(settings, engine, clock)
    app.extensions[check_gate.TURNS] = check_gate.Turns()
    yield app
    app.config.clear()
    app.config.update(config)
    app.testing = False
    waiting.append((app, extensions, config))


def _made(
    settings: Settings, engine: Engine, more: Callable[[Flask], None] | None
) -> tuple[Flask, dict[str, Any], dict[str, Any]]:
    app = create_app(settings, engine=engine)
    if more is not None:
        more(app)
    return app, dict(app.extensions), dict(app.config)
