"""Every page. A feature adds its module's `bp` here; a view without a guard keeps the application from starting."""

from flask import Blueprint

from workflow.web.views import (
    accounts,
    actions,
    desk,
    documents,
    drafts,
    factors,
    files,
    health,
    help_page,
    home,
    one_document,
    people,
    sessions,
    units,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    sessions.bp,
    accounts.bp,
    factors.bp,
    people.bp,
    units.bp,
    desk.bp,
    documents.bp,
    help_page.bp,
    health.bp,
)

ON_OUTGOING = (one_document, files, drafts, actions)
"""Modules whose views hang on `documents.bp`, so that the menu lights one entry for all of them."""
