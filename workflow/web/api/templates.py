"""Templates of drafts: those that an office may begin from."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from workflow.domain.permissions import Permission
from workflow.domain.text import fold
from workflow.services.documents.templates import Template, offered, template_of
from workflow.web.api.base import Blueprint, answer
from workflow.web.api.schemas import Words, out
from workflow.web.context import current
from workflow.web.guards import allows

bp = Blueprint("templates_api", __name__, description="Templates of drafts")

_KEY = "`built:…` comes with the program, `own:…` is the office's."


class TemplateQuery(Schema):
    """Filters, as on the page of the list."""

    type = Words(longest=20)
    q = Words(longest=100, metadata={"description": "Words of the name or the text, with or without accents."})


class TemplateRow(Schema):
    """A template in the list."""

    key = fields.String(required=True, metadata={"description": _KEY})
    type_code = out(fields.String)
    name = out(fields.String)
    answers = fields.Boolean(
        required=True, metadata={"description": "Whether it is for an answer to what arrived."}
    )
    in_use = out(fields.Boolean)


class TemplateList(Schema):
    """What a draft may begin from: the office's own first."""

    items = fields.List(fields.Nested(TemplateRow), required=True)


class TemplateOut(TemplateRow):
    """One template with its words; names between two braces are filled in from the draft."""

    basis = out(fields.String)
    body = out(fields.String)


_ROW, _ONE = TemplateRow(), TemplateOut()


@bp.route("/templates")
@bp.operation("listTemplates", HTTPStatus.UNPROCESSABLE_ENTITY)
@bp.response(200, TemplateList)
@bp.query(TemplateQuery)
@allows(Permission.DRAFT_DOCUMENT)
def index(query: Mapping[str, Any]) -> Response:
    """Templates in use that the token's post may begin a draft from"""
    here = current()
    words, code = fold(query.get("q", "")), query.get("type", "")
    found = [one for one in offered(here.uow, here.post.agency_id) if _fits(one, code, words)]
    return answer({"items": [_ROW.dump(one) for one in found]})


def _fits(one: Template, code: str, words: str) -> bool:
    return code in {"", one.type_code} and words in fold(f"{one.name}\n{one.basis}\n{one.body}")


@bp.route("/templates/<string:key>")
@bp.operation("readTemplate", HTTPStatus.NOT_FOUND)
@bp.response(200, TemplateOut)
@allows(Permission.DRAFT_DOCUMENT)
def show(key: str) -> Response:
    """One template, also one out of use: drafts remember what they began from

    Another office's is answered like one that does not exist.
    """
    here = current()
    return answer(_ONE.dump(template_of(here.uow, here.post.agency_id, key, ended_too=True)))
