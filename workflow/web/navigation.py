"""The menus. An entry whose page does not exist yet, or that the acting post may not open, is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

from workflow.domain.permissions import Permission
from workflow.web.context import current
from workflow.web.i18n import N_
from workflow.web.inspection_mode import FIGURES, opens


@dataclass(frozen=True, slots=True)
class Entry:
    """A menu entry: the endpoint it opens, its word, its icon and who may open it."""

    endpoint: str
    title: str
    icon: str
    permission: Permission | None = None
    unless: Permission | None = None
    """Who has this one comes there by another entry."""


NAV = (
    Entry("desk.index", N_("Desk"), "inbox"),
    Entry("incoming.index", N_("Incoming"), "envelope-arrow-down", Permission.READ_INCOMING),
    Entry("outgoing.index", N_("Outgoing"), "send", Permission.READ_DOCUMENT),
    Entry("dossiers.index", N_("Dossiers"), "folder2-open", Permission.READ_DOSSIER),
    Entry("register_book.index", N_("Register"), "journal-text", Permission.SEE_REGISTER),
    Entry("reports.index", N_("Reports"), "bar-chart", Permission.SEE_REPORTS),
    Entry("verify.index", N_("Check signatures"), "patch-check"),
    Entry("people.home", N_("Administration"), "gear", Permission.MANAGE_PEOPLE),
    Entry("access.index", N_("Accesses"), "eye", Permission.SEE_ACCESS, unless=Permission.MANAGE_PEOPLE),
    Entry(
        "personal_data.index",
        N_("Personal data"),
        "person-lock",
        Permission.SEE_ACCESS,
        unless=Permission.MANAGE_PEOPLE,
    ),
)
"""The top bar. An entry is lit on every page whose address lies below its own."""

ADMIN = (
    Entry("units.index", N_("Units"), "diagram-3", Permission.MANAGE_PEOPLE),
    Entry("people.persons", N_("People, posts and accounts"), "people", Permission.MANAGE_PEOPLE),
    Entry("imports.offices_index", N_("Bring in from a sheet"), "file-earmark-arrow-up", Permission.MANAGE_PEOPLE),
    Entry("mandates.index", N_("Mandates"), "pen", Permission.MANAGE_PEOPLE),
    Entry("absences.admin", N_("Absences"), "calendar-x", Permission.MANAGE_PEOPLE),
    Entry("handover.records", N_("Handovers"), "arrow-left-right", Permission.MANAGE_PEOPLE),
    Entry("certificates.index", N_("Certificates"), "patch-check", Permission.CONFIRM_CERTIFICATE),
    Entry("registers.index", N_("Registers and types"), "journal-text", Permission.MANAGE_SETTINGS),
    Entry("offices.index", N_("Outside offices"), "geo-alt", Permission.KEEP_OFFICES),
    Entry("outgoing.groups", N_("Groups of recipients"), "people-fill", Permission.KEEP_GROUPS),
    Entry("templates.index", N_("Draft templates"), "file-earmark-text", Permission.KEEP_TEMPLATES),
    Entry("calendar.index", N_("Working calendar"), "calendar3", Permission.MANAGE_SETTINGS),
    Entry("deadline_rules.index", N_("Terms of the agency"), "hourglass-split", Permission.MANAGE_SETTINGS),
    Entry("retention.index", N_("Retention table"), "archive", Permission.MANAGE_RETENTION),
    Entry("trust.index", N_("Trusted roots"), "shield-check", Permission.MANAGE_TRUST),
    Entry("channels.index", N_("Ways of messages"), "broadcast", Permission.MANAGE_SETTINGS),
    Entry("jobs.index", N_("Jobs and outbox"), "clock-history", Permission.MANAGE_SETTINGS),
    Entry("backups.index", N_("Backups"), "archive", Permission.RUN_JOBS),
    Entry("access.index", N_("Accesses on a day"), "eye", Permission.SEE_ACCESS),
    Entry("personal_data.index", N_("Personal data"), "person-lock", Permission.SEE_ACCESS),
    Entry("keeping.index", N_("How long traces are kept"), "hourglass", Permission.SEE_ACCESS),
    Entry("journal.index", N_("Journal and its anchors"), "link-45deg", Permission.SEE_JOURNAL),
)
"""The cards of the administration page and its side menu."""

SEARCH = "search.index"
NOTICES = "notices.index"
HELP = "help.index"
FACTORS = "factors.index"


def addresses(app: Flask) -> dict[str, str]:
    """The addresses of every entry that exists, worked out once."""
    wanted = [entry.endpoint for entry in (*NAV, *ADMIN)] + [SEARCH, NOTICES, HELP, FACTORS]
    urls = app.url_map.bind("")
    return {name: urls.build(name) for name in wanted if name in app.view_functions}


def page_exists(address: str) -> bool:
    """Whether a page answers at an address: what leads to one that does not is not offered."""
    try:
        current_app.url_map.bind("").match(address, method="GET")
    except HTTPException:
        return False
    return True


def leads_to(address: str) -> bool:
    """Whether a link is no dead end where one reads in an inspection: that mode opens few pages."""
    login = current().login
    if login is None or login.inspection_id is None:
        return True
    endpoint, _given = current_app.url_map.bind("").match(address, method="GET")
    return opens(endpoint, "GET") and (endpoint not in FIGURES or bool(current().figures_scope.agency_ids))


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry ready for the page."""

    title: str
    icon: str
    address: str
    here: bool


def shown(entries: tuple[Entry, ...], known: dict[str, str]) -> list[Shown]:
    """The entries that this person may open, the present one marked."""
    now = current()
    inspecting = now.login is not None and now.login.inspection_id is not None
    return [
        Shown(entry.title, entry.icon, known[entry.endpoint], _is_here(known[entry.endpoint]))
        for entry in entries
        if entry.endpoint in known
        and (entry.permission is None or now.may(entry.permission))
        and (entry.unless is None or not now.may(entry.unless))
        and (not inspecting or opens(entry.endpoint, "GET"))
    ]


def _is_here(address: str) -> bool:
    """A page lies under the entry whose address its own begins with."""
    return request.path == address or request.path.startswith(address + "/")
