"""The template that the form of a draft was sent with: what the new draft's words begin from."""

from __future__ import annotations

from flask import request

from workflow.domain.errors import BadInput
from workflow.services.documents.templates import template_of
from workflow.web.context import current
from workflow.web.forms import Form
from workflow.web.types import type_name
from workflow.web.uploads import was_chosen


def demand_template(form: Form) -> None:
    """The chosen template is offered here and is one of the chosen type; a file that is uploaded needs none."""
    key = form.data["template"]
    if key and not was_chosen("file"):
        template = template_of(current().uow, current().post.agency_id, key)
        if template.type_code != form.data["type_code"]:
            raise BadInput("template_of_other_type", name=template.name, type=type_name(template.type_code))


def wanted_template() -> str:
    """What the new draft's words are to begin from: “Save and continue” leads to them."""
    return "" if was_chosen("file") or request.form.get("secret") else request.form.get("template", "")[:40]
