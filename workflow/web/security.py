"""Headers that tell the browser what a page may do, and CSRF.

Profiles: `default` for pages; `viewer` where pdf.js runs; `signing` where a key's password is typed (no worker but
ours, nothing to connect to but this service); `agent` the same for the page that talks to a signing program on
the reader's own computer; `download` for files people receive; `asset` for static files, so
that a worker gets a policy of its own; `key_worker` for the worker that holds a private key: no network at all;
`push` for the page that starts the worker for notices, `push_worker` for that one: it loads and asks nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response

from workflow.config import Settings
from workflow.web.context import installation

View = TypeVar("View", bound=Callable[..., Any])

MARK = "_content_policy"
STATIC = "/static/"
PUSH_WORKER_PATH = "/push/worker.js"
"""Its folder is its scope: the worker controls no page."""
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

csrf = CSRFProtect()
"""`csrf.exempt(blueprint)` is for the API alone, which knows no cookies."""


class Policy(StrEnum):
    """A Content-Security-Policy profile."""

    DEFAULT = "default"
    VIEWER = "viewer"
    SIGNING = "signing"
    AGENT = "agent"
    DOWNLOAD = "download"
    ASSET = "asset"
    KEY_WORKER = "key_worker"
    PUSH = "push"
    PUSH_WORKER = "push_worker"


_PAGE = (
    "default-src 'none'; script-src {scripts}{wasm}; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'{agent}; worker-src {workers}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types {types}"
)
_LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@lru_cache(maxsize=64)
def content_policy(profile: Policy, host: str, release: str, agent: str = "") -> str:
    """The header's value. Scripts and workers come from the static path of this host only: uploads live elsewhere.
    The signing page narrows that to the modules of the signer; the page of the signing program on the reader's own
    computer may talk to that one besides (`agent`), and no other page may.

    `data:` images are Bootstrap's own arrows and ticks. Trusted types: none, but for one named policy that makes
    the address of a worker.
    """
    static = f"{host}{STATIC}" if _HOST.fullmatch(host) else "'self'"
    signer = f"{host}{STATIC}{release}/signer/" if _HOST.fullmatch(host) else "'self'"
    match profile:
        case Policy.PUSH_WORKER:
            return f"{_LOCKED}; connect-src 'none'"
        case Policy.PUSH:
            worker = f"{host}{PUSH_WORKER_PATH}" if _HOST.fullmatch(host) else "'self'"
            return _PAGE.format(scripts=static, workers=worker, wasm="", agent="", types="push")
        case Policy.DOWNLOAD:
            return f"{_LOCKED}; sandbox"
        case Policy.KEY_WORKER:
            return f"{_LOCKED}; script-src {signer}; connect-src 'none'"
        case Policy.ASSET:
            return f"{_LOCKED}; script-src {static} 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'"
        case Policy.VIEWER:
            return _PAGE.format(scripts=static, workers=static, wasm=" 'wasm-unsafe-eval'", agent="", types="pdfjs")
        case Policy.AGENT:
            beside = f" {agent}" if agent else ""
            return _PAGE.format(scripts=signer, workers="'none'", wasm="", agent=beside, types="'none'")
        case Policy.SIGNING:
            return _PAGE.format(scripts=signer, workers=signer, wasm="", agent="", types="signer")
    return _PAGE.format(scripts=static, workers="'none'", wasm="", agent="", types="'none'")


def page_policy(profile: Policy) -> Callable[[View], View]:
    """Give a view another profile than `default`."""

    def mark(view: View) -> View:
        setattr(view, MARK, profile)
        return view

    return mark


def use_policy(profile: Policy) -> None:
    """The same from inside a view, where one route serves more than one kind of answer."""
    g.content_policy = profile


def form_token() -> str:
    """The token for this browser's forms. Signing costs as much as a query, so a signed one is used for an hour."""
    raw = session.get("csrf_token")
    if raw is None:
        return str(generate_csrf())
    return _signed(str(current_app.secret_key), raw, int(time.time() // 3600))


@lru_cache(maxsize=4096)
def _signed(key: str, raw: str, _hour: int) -> str:
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))


def install(app: Flask, settings: Settings, *, release: str) -> None:
    """CSRF on every form, our headers on every answer. `release` is the version in static addresses."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # wants a Referer, and our own pages send none; see _same_site
    )
    app.before_request(_same_site)
    csrf.init_app(app)
    app.template_context_processors[None].pop()  # the extension's, which would sign a token for every page
    fixed = _fixed_headers(settings)

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.extend(fixed)
        profile = _profile(app)
        agent = installation().settings.agent_url if profile is Policy.AGENT else ""
        headers["Content-Security-Policy"] = content_policy(profile, request.host, release, agent)
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response


def _fixed_headers(settings: Settings) -> tuple[tuple[str, str], ...]:
    always = (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    )
    if not settings.secure_cookies:
        return always
    return (*always, ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))


def _profile(app: Flask) -> Policy:
    chosen: Policy | None = g.get("content_policy")
    if chosen is not None:
        return chosen
    view = app.view_functions.get(request.endpoint or "")
    found: Policy = getattr(view, MARK, Policy.DEFAULT)
    return found


def _same_site() -> None:
    """Refuse what another site makes a browser send. Browsers say so themselves; others have no cookies of ours."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and request.headers.get(
        "Sec-Fetch-Site", "same-origin"
    ) not in {"same-origin", "none"}:
        abort(403)
