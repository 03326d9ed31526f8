"""The JSON doors of the signing pages: what their scripts send, and how each item of a batch is answered."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeGuard

import orjson
from flask import request
from werkzeug.wrappers import Response

from workflow.domain.errors import BadInput, WorkflowError
from workflow.web.context import current
from workflow.web.errors import explain
from workflow.web.obstacle_notes import note_refusals
from workflow.web.preflight import AT_MOST
from workflow.web.verdict_words import in_words

DIFFERS = frozenset({"signature_differs", "copy_sealed_otherwise"})
"""Another signature counts: where that is done, so is the item."""


def json_answer(
    work: Callable[[dict[str, Any]], dict[str, Any]], *, holder: str = "", of_documents: bool = True
) -> Response:
    """Answer a script of ours: JSON in and out, refusals as `{code, message}`. `holder`: by which way its
    page signs, where there is only one. `of_documents`: what it names are documents that wait for a
    signature, so that what stood in the way is noted with them."""
    body, answer, status = request.get_json(silent=True), dict[str, Any](), 200
    try:
        if not isinstance(body, dict):
            raise BadInput("request_malformed")
        answer = work(body)
    except WorkflowError as refused:
        current().uow.rollback()
        answer, status = dict(_words(refused)), explain(refused).status
    if of_documents:
        note_refusals(body, answer, holder=holder)
    return Response(orjson.dumps(answer), status, mimetype="application/json")


def each(entry: Any, work: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """One item of a batch: what came of it, or why not, never an exception."""
    if not isinstance(entry, dict):
        raise BadInput("request_malformed")
    try:
        return work(entry)
    except WorkflowError as refused:
        current().uow.rollback()
        named = entry.get("id", entry.get("document"))
        signed = refused.code in DIFFERS and refused.details.get("done") is True
        more = {"signed": True} if signed else {}
        return {"document": named if _is_target(named) else None, "ok": False, **_words(refused), **more}


def _words(refused: WorkflowError) -> dict[str, str]:
    trouble = explain(in_words(refused))
    return {"code": refused.code, "message": trouble.words(kept=False)}


def is_batch(items: Any) -> TypeGuard[list[Any]]:
    """A list that is no longer than what one page lets people choose."""
    return isinstance(items, list) and len(items) <= AT_MOST


def is_token(value: Any) -> TypeGuard[str]:
    """Random words that we or the page made."""
    return isinstance(value, str) and value.isascii() and 0 < len(value) <= 100


def bytes_of(text: Any) -> bytes:
    """Base64 as our scripts send it."""
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BadInput("request_malformed") from None


def number(value: Any) -> int:
    """Identifiers come back as they were given: numbers, or the same as text."""
    if not _is_key(value):
        raise BadInput("request_malformed")
    return int(value)


def target(value: Any) -> tuple[int, int | None]:
    """`17`: a document; `17.3`: its attachment 3, which is sealed with it."""
    if not _is_target(value):
        raise BadInput("request_malformed")
    document, dot, attachment = str(value).partition(".")
    return int(document), int(attachment) if dot else None


def _is_target(value: Any) -> bool:
    document, dot, attachment = str(value).partition(".")
    if isinstance(value, int) or not dot:
        return _is_key(value)
    return isinstance(value, str) and _is_key(document) and _is_key(attachment)


def _is_key(value: Any) -> bool:
    return isinstance(value, int | str) and str(value).isdecimal() and len(str(value)) <= 15
