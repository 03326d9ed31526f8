"""What stands in the way of signing, noted where it is met: refusals of our own, and what our scripts report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request

from workflow.domain.errors import NotFound
from workflow.domain.key_holders import KeyHolder
from workflow.domain.obstacle_codes import OBSTACLE_OF
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.signing import obstacles, way_of
from workflow.web.context import act, current

MOST_KEYS = 400
"""Named in one request: a hundred documents, and what is sealed with them."""

_PHONE = re.compile(r"Android|iPhone|iPad|Mobile")


def device() -> str:
    """`phone` or `pc`, as the browser says of itself."""
    return "phone" if _PHONE.search(request.headers.get("User-Agent", "")) else "pc"


def document_keys(values: Any) -> list[int]:
    """Documents named by `17`, `"17"` or `"17.3"` (an attachment that goes with 17); anything else is left out."""
    if not isinstance(values, list):
        return []
    words = (str(one).partition(".")[0] for one in values[:MOST_KEYS] if isinstance(one, int | str))
    return sorted({int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= 15})


def note_refusals(body: Any, answer: Mapping[str, Any], *, holder: str = "") -> None:
    """After the answer to a prepare or a finish was made: what of it says that a key or a certificate stood in the
    way. Refusals about the document itself are none. `holder`: by which way it was to be signed, where the page has
    only one; else the act itself says so, or the script where none was begun."""
    met: defaultdict[Obstacle, list[Any]] = defaultdict(list)
    for code, named in _refused(body, answer):
        if (kind := OBSTACLE_OF.get(code)) is not None:
            met[kind] += named
    if met:
        holder = holder or _way(body, answer)
    for kind, named in met.items():
        _note(kind, document_keys(named), holder)


def note_refusal(code: str, document_ids: Sequence[int], *, holder: str) -> None:
    """The same of one refusal that no script of ours hears."""
    if (kind := OBSTACLE_OF.get(code)) is not None:
        _note(kind, document_ids, holder)


def _note(kind: Obstacle, document_ids: Sequence[int], holder: str) -> None:
    act(obstacles.note, current().scope, document_ids=document_ids, kind=kind, holder=holder, device=device())


def _way(body: Any, answer: Mapping[str, Any]) -> str:
    """By which way it was to be signed."""
    sent = body if isinstance(body, dict) else {}
    token, here = sent.get("session", answer.get("session")), current()
    try:
        if isinstance(token, str):
            return way_of(here.uow, here.actor, session=token)
    except NotFound:
        pass
    named = sent.get("key_holder")
    return named if isinstance(named, str) and named in set(KeyHolder) else str(KeyHolder.BROWSER_FILE)


def _refused(body: Any, answer: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """(code, documents): of single items, or of all that were asked for."""
    for item in answer.get("items", ()):
        if code := item.get("code"):
            yield str(code), [item.get("document")]
    if (code := answer.get("code")) and isinstance(body, dict):
        asked = body.get("documents") or body.get("items")
        entries = asked[:MOST_KEYS] if isinstance(asked, list) else []
        listed = [one.get("id", one.get("document")) for one in entries if isinstance(one, dict)]
        yield str(code), listed or [body.get("document")]
