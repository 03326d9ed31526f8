"""Administration of backups: the last ones, the last drill, what is wrong and what to do. To be read only, by the
top agency's administrators: a backup holds every agency.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from workflow.domain.permissions import Permission
from workflow.services.backup.records import standing
from workflow.web import backup_words
from workflow.web.context import current
from workflow.web.guards import allows

bp = Blueprint("backups", __name__)


@bp.get("/admin/backups")
@allows(Permission.RUN_JOBS)
def index() -> str:
    """How old the last good ones are, then the latest of both kinds."""
    here = current()
    return render_template(
        "backups/index.html",
        standing=standing(here.uow, now=here.now),
        folder=here.settings.backup,
        words=backup_words,
        now=here.now,
    )
