"""Acts of signing for whoever reads the journal: who signed what in one act, by which key, what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.key_holders import Control
from workflow.domain.permissions import Permission
from workflow.domain.signing_acts import OF_COPIES, Manifest
from workflow.domain.text import mask_personal
from workflow.services.signing import acts
from workflow.store import copies, desk, signing_acts
from workflow.store.models import CopyItem, SigningItem, SigningSession
from workflow.web.context import Current, current
from workflow.web.copy_words import named
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.preflight import title_of
from workflow.web.sheets import csv_answer
from workflow.web.verdict_words import ACT_PURPOSES, HOLDERS

bp = Blueprint("journal_acts", __name__)

A_PAGE = 50

CONTROLS: dict[int, str] = {
    Control.UNKNOWN: N_("unknown"),
    Control.ORGANISATIONAL: N_("the office holds it"),
    Control.WEAK: N_("weak: others could use it too"),
    Control.MEDIUM: N_("medium: whoever controls the page or the file could use it too"),
    Control.STRONG: N_("strong: the owner alone"),
}
"""How much the owner alone controlled the key."""

RESULTS: dict[str, tuple[str, str]] = {
    "done": (N_("signed"), "good"),
    "pending": (N_("signed, to be judged later"), "warn"),
    "prepared": (N_("not signed yet"), ""),
    "superseded": (N_("not signed in this act"), ""),
}
"""What came of a file of an act, with its tone."""


@dataclass(frozen=True, slots=True)
class Told:
    """An act as a row: how many files, how many of them signed, and whether it is over."""

    act: SigningSession
    who: str
    agency: str
    signed: int
    whole: int
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of an act. `title`: empty where its document, or copy, is beyond the reader's reach."""

    name: str
    address: str
    title: str
    version: int
    prepared: str
    to_be_signed: str
    result: tuple[str, str]


@bp.get("/admin/journal/acts")
@allows(Permission.SEE_JOURNAL)
def index() -> str:
    """The newest first; `?code=` finds the act that somebody reads from a screen or a receipt."""
    here = current()
    code = "".join(request.args.get("code", "").split()).upper()[:10]
    before = request.args.get("before", "")
    before_id = int(before) if before.isdecimal() and len(before) < 16 else None
    rows = signing_acts.listed(here.uow.session, before_id=before_id, code=code, limit=A_PAGE + 1)
    told = _told(here, rows[:A_PAGE])
    more = rows[A_PAGE - 1][0].id if len(rows) > A_PAGE else None
    return render_template(
        "journal/acts.html", acts=told, code=code, more=more, holders=HOLDERS, purposes=ACT_PURPOSES
    )


def _told(here: Current, rows: Sequence[Any]) -> list[Told]:
    counts = acts.tally(here.uow, [row[0] for row in rows])
    found = []
    for act, who, agency in rows:
        signed = counts[act.id].get("done", 0) + counts[act.id].get("pending", 0)
        whole = len(act.manifest["documents"])
        found.append(Told(act, who, agency, signed, whole, *_standing(act, signed, whole, now=here.now)))
    return found


def _standing(act: SigningSession, signed: int, whole: int, *, now: dt.datetime) -> tuple[str, str]:
    if signed >= whole:
        return _("all signed"), "good"
    if act.ended_at is None and now <= act.expires_at:
        return _("under way"), ""
    return _("broken off"), "warn"


@bp.get("/admin/journal/acts/<int:act_id>")
@allows(Permission.SEE_JOURNAL)
def show(act_id: int) -> str:
    """One act with its manifest, line by line."""
    here = current()
    act, who, title, agency, certificate = signing_acts.one(here.uow.session, act_id)
    manifest = acts.read(act)
    (told,) = _told(here, [(act, who, agency)])
    return render_template(
        "journal/act.html",
        told=told,
        post=title,
        subject=mask_personal(certificate.subject_name),
        serial=certificate.serial,
        manifest=manifest,
        files=_files(here, act, manifest),
        holders=HOLDERS,
        purposes=ACT_PURPOSES,
        controls=CONTROLS,
    )


@bp.get("/admin/journal/acts/<int:act_id>.csv")
@allows(Permission.SEE_JOURNAL)
def table(act_id: int) -> Response:
    """The manifest's lines, to be kept or compared."""
    here = current()
    act, *_more = signing_acts.one(here.uow.session, act_id)
    head = (
        _("File of the act"),
        _("Version read"),
        _("Prepared file (SHA-256)"),
        _("What was signed (SHA-256)"),
        _("Result"),
    )
    rows = [
        (one.name, one.version, one.prepared, one.to_be_signed, one.result[0])
        for one in _files(here, act, acts.read(act))
    ]
    return csv_answer(f"luot-ky-{act.id}-{act.manifest_code}.csv", head, rows)


def _files(here: Current, act: SigningSession, manifest: Manifest) -> list[File]:
    """Titles stand where the reader reaches the document; elsewhere its number only."""
    keys = {int(line.document.partition(".")[0]): None for line in manifest.lines}
    over_copies = act.purpose == OF_COPIES
    titles = _copies(here, list(keys)) if over_copies else _titles(here, list(keys))
    items = {acts.named(one): one for one in acts.items_of(here.uow, act)}
    found = []
    where = "copies" if over_copies else "outgoing"
    for line in manifest.lines:
        document = int(line.document.partition(".")[0])
        result = _result(items.get(line.document))
        found.append(File(line.document, f"/{where}/{document}", titles.get(document, ""), line.version,
                          line.prepared, line.to_be_signed, result))  # fmt: skip
    return found


def _titles(here: Current, keys: list[int]) -> dict[int, str]:
    reached = desk.chosen(here.scope, here.uow.session, keys) if here.may(Permission.READ_DOCUMENT) else ()
    return {row.id: title_of(row) for row in reached}


def _copies(here: Current, keys: list[int]) -> dict[int, str]:
    reached = copies.chosen(here.scope, here.uow.session, keys) if here.may(Permission.SEE_COPIES) else ()
    return {row.id: f"{row.symbol} · {named(row)}" for row in reached}


def _result(item: SigningItem | CopyItem | None) -> tuple[str, str]:
    word, tone = RESULTS["superseded" if item is None else item.status]
    return _(word), tone
