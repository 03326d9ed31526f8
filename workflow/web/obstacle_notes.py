"""What stands in the way of signing, noted where it is met: refusals of our own, and what our scripts report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from workflow.domain.obstacle_codes import OBSTACLE_OF
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.signing import obstacles
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


def note_refusals(body: Any, answer: Mapping[str, Any], *, holder: str = "pkcs12_browser") -> None:
    """After the answer to a prepare or a finish was made: what of it says that a key or a certificate stood in the
    way. Refusals about the document itself are none."""
    met: defaultdict[Obstacle, list[Any]] = defaultdict(list)
    for code, named in _refused(body, answer):
        if (kind := OBSTACLE_OF.get(code)) is not None:
            met[kind] += named
    for kind, named in met.items():
        act(
            obstacles.note, current().scope, document_ids=document_keys(named), kind=kind, holder=holder,
            device=device(),
        )  # fmt: skip


def _refused(body: Any, answer: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """(code, documents): of single items, or of all that were asked for."""
    for item in answer.get("items", ()):
        if code := item.get("code"):
            yield str(code), [item.get("document")]
    if (code := answer.get("code")) and isinstance(body, dict):
        asked = body.get("documents") or body.get("items")
        entries = asked[:MOST_KEYS] if isinstance(asked, list) else []
        yield str(code), [one.get("id", one.get("document")) for one in entries if isinstance(one, dict)]
