"""`/api/v1`: what programs read and do, as one person in one post.

A request is known by a personal bearer token and by nothing else; what it reaches is what its owner reaches on the
pages: the same guards, scopes and services, and the same 404 for a foreign document as for none. Errors are
problem documents (RFC 9457) with a stable `code`. The description is OpenAPI 3.1, at `/api/v1/openapi.json`.
"""

from __future__ import annotations

from flask import Flask

from workflow.web import security
from workflow.web.api import (
    checks,
    deliveries,
    description,
    documents,
    dossiers,
    incoming,
    opinions,
    rates,
    search,
    templates,
)
from workflow.web.api.base import Described
from workflow.web.views import remote_hook

BLUEPRINTS = (
    documents.bp, deliveries.bp, incoming.bp, dossiers.bp, search.bp, rates.bp, checks.bp, opinions.bp,
    templates.bp,
)  # fmt: skip


def install(app: Flask) -> None:
    """Register the operations and their description. Call before the guards are sealed."""
    made = Described(app)
    for blueprint in BLUEPRINTS:
        security.csrf.exempt(blueprint)
        made.register_blueprint(blueprint)
    app.register_blueprint(description.bp)
    security.csrf.exempt(remote_hook.bp)
