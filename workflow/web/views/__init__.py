"""Every page. A feature adds its module's `bp` here; a view without a guard keeps the application from starting."""

from flask import Blueprint

from workflow.web.views import (
    accounts,
    actions,
    archive_transfers,
    arrivals,
    arrivals_files,
    arrivals_paper,
    arrivals_reading,
    arrivals_register,
    arrivals_senders,
    arrivals_stamps,
    calendar_days,
    certificates,
    deadline_acts,
    deadline_lists,
    deadline_rules,
    desk,
    documents,
    dossier_filing,
    dossier_forms,
    dossiers,
    drafts,
    exchange,
    extension_requests,
    factors,
    file_plans,
    files,
    handover,
    health,
    help_page,
    home,
    incoming,
    incoming_acts,
    incoming_at_once,
    incoming_directions,
    incoming_document,
    incoming_forms,
    incoming_registers,
    incoming_slip,
    ink,
    jobs,
    look_up,
    notices,
    one_document,
    one_dossier,
    people,
    plan,
    public_check,
    rechecks,
    register_acts,
    register_book,
    register_terms,
    registers,
    reports,
    retention,
    saved,
    search,
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
    deadline_rules.bp,
    registers.bp,
    retention.bp,
    factors.bp,
    people.bp,
    units.bp,
    handover.bp,
    desk.bp,
    incoming.bp,
    documents.bp,
    dossiers.bp,
    exchange.bp,
    extension_requests.bp,
    deadline_acts.bp,
    arrivals.bp,
    search.bp,
    saved.bp,
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

ON_OUTGOING = (one_document, files, drafts, actions, plan, ink, rechecks, exchange, extension_requests)
"""Modules whose views hang on `documents.bp`, so that the menu lights one entry for all of them."""

ON_INCOMING = (
    incoming_document, incoming_acts, incoming_at_once, incoming_forms, incoming_directions, incoming_registers,
    incoming_slip,
)  # fmt: skip
"""The same for `incoming.bp`."""
ON_DEADLINES = (deadline_lists,)
"""The same for `deadline_acts.bp`."""
ON_ARRIVALS = (
    arrivals_register, arrivals_paper, arrivals_files, arrivals_reading, arrivals_stamps, arrivals_senders,
)  # fmt: skip
"""Modules whose views hang on `arrivals.bp`."""
ON_REGISTERS = (register_acts, register_terms)
"""Modules whose views hang on `register_book.bp` and `registers.bp`."""
ON_DOSSIERS = (one_dossier, dossier_forms, dossier_filing, file_plans, archive_transfers)
"""Modules whose views hang on `dossiers.bp`."""
