"""Every page. A feature adds its module's `bp` here; a view without a guard keeps the application from starting."""

from flask import Blueprint

from workflow.web.views import (
    accounts,
    actions,
    arrivals,
    arrivals_files,
    arrivals_paper,
    arrivals_register,
    arrivals_senders,
    arrivals_stamps,
    calendar_days,
    certificates,
    desk,
    documents,
    drafts,
    factors,
    files,
    health,
    help_page,
    home,
    ink,
    jobs,
    look_up,
    notices,
    one_document,
    people,
    plan,
    public_check,
    rechecks,
    register_book,
    registers,
    reports,
    server_seal,
    sessions,
    signing,
    tokens,
    trust,
    trust_changes,
    units,
    verify,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    sessions.bp,
    accounts.bp,
    tokens.bp,
    trust.bp,
    trust_changes.bp,
    public_check.bp,
    calendar_days.bp,
    registers.bp,
    factors.bp,
    people.bp,
    units.bp,
    desk.bp,
    documents.bp,
    arrivals.bp,
    signing.bp,
    certificates.bp,
    server_seal.bp,
    register_book.bp,
    look_up.bp,
    verify.bp,
    reports.bp,
    notices.bp,
    jobs.bp,
    help_page.bp,
    health.bp,
)

ON_OUTGOING = (one_document, files, drafts, actions, plan, ink, rechecks)
"""Modules whose views hang on `documents.bp`, so that the menu lights one entry for all of them."""

ON_ARRIVALS = (arrivals_register, arrivals_paper, arrivals_files, arrivals_stamps, arrivals_senders)
"""Modules whose views hang on `arrivals.bp`."""
