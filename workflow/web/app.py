"""The application factory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from flask import Flask
from jinja2 import StrictUndefined

from workflow.config import Settings
from workflow.store.session import Engine, make_engine
from workflow.web import (
    api,
    assets,
    check_gate,
    context,
    devices,
    errors,
    format,
    guards,
    i18n,
    inspection_mode,
    labels,
    logs,
    metrics,
    navigation,
    row_keys,
    saved_menu,
    security,
)
from workflow.web.form_session import FormSessions
from workflow.web.json_input import StrictJson
from workflow.web.templating import Application
from workflow.web.views import BLUEPRINTS


def utc_now() -> dt.datetime:
    """The wall clock of this door."""
    return dt.datetime.now(dt.UTC)


def create_app(
    settings: Settings, *, engine: Engine | None = None, clock: Callable[[], dt.datetime] = utc_now
) -> Flask:
    """The service as a WSGI application. A view without a guard raises here."""
    app = Application("workflow.web")
    app.session_interface = FormSessions()
    app.json = StrictJson(app)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=settings.max_upload + 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-trinhky_form" if settings.secure_cookies else "trinhky_form",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.url_map.converters["int"], app.url_rule_class = row_keys.RowKey, row_keys.BoundedRule
    made = context.Installation(settings, engine or make_engine(settings.database_url), clock)
    context.install(app, made)
    logs.install(app)
    metrics.install(app)
    guards.install(app)  # before CSRF, which reads the body: strangers' uploads are not even parsed
    inspection_mode.install(app)
    check_gate.install(app)  # and this one, for the same reason
    security.install(app, settings, release=assets.version())
    errors.install(app)
    for blueprint in (assets.bp, *BLUEPRINTS):
        app.register_blueprint(blueprint)
    api.install(app)
    guards.seal(app)
    _prepare_templates(app)
    return app


def _prepare_templates(app: Flask) -> None:
    known = navigation.addresses(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.auto_reload = app.debug
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        {
            "_": i18n.gettext,
            "ngettext": i18n.ngettext,
            "pgettext": i18n.pgettext,
            "here": context.current,
            "csrf_token": security.form_token,
            "asset": assets.asset,
            "asset_exists": assets.asset_exists,
            "icon": assets.icon,
            "label": labels.label,
            "saved_menu": saved_menu.saved_menu,
            "word": labels.word,
            "format": format,
            "nav": partial(navigation.shown, navigation.NAV, known),
            "admin_nav": partial(navigation.shown, navigation.ADMIN, known),
            "leads_to": navigation.leads_to,
            "addresses": known,
            "browser_within": devices.browser_within,
            "address_here": devices.address_here,
        }
    )
