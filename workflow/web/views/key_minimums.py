"""Administration of how well a key must be controlled that signs a type of document."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.key_holders import Control, best_control
from workflow.domain.key_minimums import CHOICES, ways_for
from workflow.domain.permissions import Permission
from workflow.services.signing import minimums
from workflow.store import certificate_list
from workflow.store import key_minimums as store
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.guards import allows
from workflow.web.i18n import _
from workflow.web.key_choice import TITLES
from workflow.web.schemas.fields import Text
from workflow.web.types import type_names
from workflow.web.verdict_words import control_word
from workflow.web.views.registers import bp

CHANGE = allows(Permission.MANAGE_SETTINGS, step_up=True)

_FIELD_OF = {"reason_needed": "reason", "control_unknown": "types", "type_not_found": "types"}


class Reason(Schema):
    """Why something else is asked for."""

    reason = Text(longest=500, multiline=True, required=True)


@bp.get("/key-control")
@CHANGE
def key_minimums() -> str:
    """What is asked for now, type by type."""
    asked = _asked()
    return _page(Form(values={"reason": ""}), asked, seen=asked)


@bp.post("/key-control")
@CHANGE
def save_key_minimums() -> Response:
    """Ask for something else; on a refusal what was chosen stays."""
    form, wanted = read_form(Reason), _chosen("control")
    if not form.good:
        return page(_page(form, wanted, seen=_chosen("seen")), 422)
    try:
        act(minimums.choose, wanted=wanted, seen=_chosen("seen"), reason=form.data["reason"])
    except WorkflowError as refused:
        current().uow.rollback()
        trouble = explain(refused)
        form.errors[_FIELD_OF.get(refused.code, "")] = trouble.words()
        return page(_page(form, wanted, seen=_asked()), trouble.status)
    return see(url_for("registers.index", done="saved"))


def _asked() -> dict[str, int]:
    return store.of_agency(current().uow.session, current().post.agency_id)


def _chosen(name: str) -> dict[str, int]:
    """`name:type` → a level; what is no number stays one that is not offered."""
    given = {code: request.form.get(f"{name}:{code}", "") for code in type_names()}
    return {code: int(text) if text in {str(int(one)) for one in CHOICES} else -1
            for code, text in given.items() if text}  # fmt: skip


def _page(form: Form, chosen: Mapping[str, int], *, seen: Mapping[str, int]) -> str:
    return render_template(
        "settings/key_minimums.html",
        form=form,
        chosen=chosen,
        seen=seen,
        types=list(type_names().items()),
        levels=[(int(one), control_word(one)) for one in CHOICES],
        ways=[(control_word(one), ", ".join(dict.fromkeys(_(TITLES[way]) for way in ways_for(one))))
              for one in CHOICES],
        reach=_reach(),
    )  # fmt: skip


def _reach() -> list[tuple[str, int, int]]:
    """(level, how many leaders and deputies in post have a key that reaches it, of how many)."""
    here = current()
    held = certificate_list.keys_of_signers(here.figures_scope, here.uow.session, at=here.now, on=here.today)
    best: dict[int, int] = {}
    for post_id, holder, also in held:
        best[post_id] = max(best.get(post_id, 0), _best(holder, also))
    return [(control_word(one), sum(found >= one for found in best.values()), len(best)) for one in CHOICES]


def _best(holder: str | None, also: str) -> int:
    return int(Control.UNKNOWN if holder is None else best_control(holder, also=also))
