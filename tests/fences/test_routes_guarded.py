"""Every route is guarded, the open ones are listed here, and reading never writes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask, request

from workflow import web
from workflow.config import Settings
from workflow.store.session import make_engine
from workflow.web.app import create_app
from workflow.web.context import Current, commit
from workflow.web.guards import Kind

WEB = Path(web.__file__).parent

OPEN = {
    "GET /api/v1/openapi.json",
    "GET /favicon.ico",
    "GET /healthz",
    "GET /help",
    "GET /invitation/<secret>",
    "GET /login",
    "GET /metrics",
    "GET /push/worker.js",
    "GET /readyz",
    "GET /sign/agent/<ticket>.pdf",
    "GET /static/<release>/<path:name>",
    "GET /v",
    "GET /v/<code>",
    "GET /verify",
    "POST /invitation/<secret>",
    "POST /language/<code>",
    "POST /login",
    "POST /login/demo/<int:post_id>",
    "POST /sign/agent/<ticket>",
    "POST /api/v1/remote-signing/<provider>",
    "POST /verify",
    "POST /verify/report.json",
    "POST /verify/report.pdf",
    "PUT /sign/agent/<ticket>",
}
"""What the world may ask. A new line here needs a reason in its decorator and a second look in review."""

COMMITS = {"context.py": 1}
"""Calls of `.commit(`: the one in `context.commit`."""

READING_COMMITS = {
    "context.py": {"session"}, "views/one_document.py": {"look"}, "views/look_up.py": {"asking"},
    "views/unit_copies.py": {"look"}, "inspection_mode.py": {"look"}, "views/agent_tickets.py": {"ticket"},
}  # fmt: skip
"""Where a reading request may write, and what: each through one function of the store."""


@pytest.fixture
def app() -> Flask:
    """The application; no database is opened."""
    settings = Settings(database_url="sqlite://", blob_url="unused", secret_key="k" * 40)
    return create_app(settings, engine=make_engine("sqlite://"))


def test_open_routes_are_exactly_these(app: Flask) -> None:
    """Who adds an open route has to add it here too."""
    found = set()
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            if app.extensions["guards"][rule.endpoint, method].kind is Kind.OPEN:
                found.add(f"{method} {rule.rule}")
    assert found == OPEN


def test_every_exception_says_why(app: Flask) -> None:
    """Guards without a permission carry a reason."""
    silent = [key for key, guard in app.extensions["guards"].items() if guard.permission is None and not guard.why]
    assert silent == []


def test_a_reading_request_cannot_commit(app: Flask) -> None:
    """A GET that tries to make a change durable fails loudly, whatever it changed."""
    with app.test_request_context("/help"):
        app.preprocess_request()
        with pytest.raises(RuntimeError, match="tried to change something"):
            commit()


def test_one_place_commits() -> None:
    """No view commits by itself."""
    found = {
        name: calls
        for name, tree in _sources()
        if (calls := sum(1 for node in ast.walk(tree) if _is_call(node, "commit", method=True)))
    }
    assert found == COMMITS


def test_reading_requests_write_only_looks_and_sessions() -> None:
    """The exceptions for reading requests stand where they are expected and nowhere else."""
    found: dict[str, set[str]] = {}
    for name, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_call(node, "commit", method=False) and node.keywords:
                found.setdefault(name, set()).update(ast.literal_eval(word.value) for word in node.keywords)
    assert found == READING_COMMITS


def test_csrf_is_on(app: Flask) -> None:
    """No configuration switches it off; exempt are the API and signing programs' tickets, which know no cookies."""
    assert app.config["WTF_CSRF_ENABLED"] is True
    assert app.config["WTF_CSRF_CHECK_DEFAULT"] is True
    protect = app.extensions["csrf"]
    assert protect._exempt_views == set()
    assert {blueprint.url_prefix for blueprint in protect._exempt_blueprints} <= {"/api/v1", "/sign/agent"}


def test_the_api_knows_no_cookies(app: Flask) -> None:
    """A session cookie sent to the API is not even looked at."""
    with app.test_request_context("/api/v1/x", headers={"Cookie": "trinhky=anything"}):
        app.preprocess_request()
        made = Current(app.extensions["trinhky"], request)
        assert made.login is None


def _sources() -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(WEB)), ast.parse(path.read_text("utf-8"))) for path in sorted(WEB.rglob("*.py"))]


def _is_call(node: ast.AST, name: str, *, method: bool) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if method:
        return isinstance(called, ast.Attribute) and called.attr == name
    return isinstance(called, ast.Name) and called.id == name
