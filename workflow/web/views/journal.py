"""The journal's anchors: roots with count, moment and timestamp, what is not anchored yet, the last complete pass.

For the top agency's administrators and inspectors, to be read, printed, and taken away: what lies outside is what
later proves that nobody made the journal anew.
"""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from workflow.domain.audit import spelled, write_outside
from workflow.domain.errors import NotFound
from workflow.domain.permissions import Permission
from workflow.services import anchoring, audit_records
from workflow.store.anchors import COUNTED
from workflow.web import audit_words
from workflow.web.context import current
from workflow.web.guards import allows

bp = Blueprint("journal", __name__)


@bp.get("/admin/journal")
@allows(Permission.SEE_JOURNAL)
def index() -> str:
    """The open window first, then the last pass, then the anchors."""
    here = current()
    standing = audit_records.standing(here.uow, now=here.now)
    last = standing.anchors[0].at if standing.anchors else here.now
    minutes = max(0, (here.now - last) // dt.timedelta(minutes=1))
    return render_template(
        "journal/index.html", standing=standing, words=audit_words, spelled=spelled, minutes=minutes,
        counted=COUNTED, stamps=bool(here.settings.tsa_url), late=audit_records.is_late(standing, now=here.now),
    )  # fmt: skip


@bp.get("/admin/journal/root.json")
@allows(Permission.SEE_JOURNAL)
def root() -> Response:
    """The file to keep outside: `?anchor=12`, else the newest."""
    here = current()
    asked = request.args.get("anchor", "")
    if asked and (not asked.isdecimal() or len(asked) > 18):
        raise NotFound("anchor_not_found", number=asked)
    kept = anchoring.outside(here.uow, number=int(asked) if asked else None)
    name = f"trinhky-goc-{kept.number}.json"
    head = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(write_outside(kept), mimetype="application/json", headers=head)
