"""Every page. A feature adds its module's `bp` here; a view without a guard keeps the application from starting."""

from flask import Blueprint

from workflow.web.views import accounts, factors, health, help_page, home, sessions

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    sessions.bp,
    accounts.bp,
    factors.bp,
    help_page.bp,
    health.bp,
)
