"""A structure tree that only grew (14.7): tagged documents gain elements for new fields and annotations."""

from __future__ import annotations

from typing import Any

from signing.pdf.objects import PdfArray, PdfDict, Ref
from signing.pdf.tolerant.snapshot import Snapshot
from signing.pdf.tolerant.step import Step

_ROOT_GROWS = frozenset({"K", "ParentTree", "ParentTreeNextKey"})
_TEXT = frozenset({"ActualText", "Alt", "E"})
_MAX_DEPTH = 200


def is_grown(step: Step, old: Any, new: Any) -> bool:
    """Every element of before is there, with all that it said, in its place."""
    before, after = step.before.dictionary(old), step.after.dictionary(new)
    if before is None or after is None or step.same.differing(before, after, but=_ROOT_GROWS):
        return False
    return _kids_grown(step, before.get("K"), after.get("K"), depth=0)


def _kids_grown(step: Step, old: Any, new: Any, *, depth: int) -> bool:
    before, after = _listed(step.before, old), _listed(step.after, new)
    if depth > _MAX_DEPTH or len(before) > len(after):
        return False
    grown = all(_kid_grown(step, one, other, depth=depth) for one, other in zip(before, after, strict=False))
    return grown and all(_is_silent(step.after, kid) for kid in after[len(before) :])


def _listed(view: Snapshot, value: Any) -> list[Any]:
    found = view.resolve(value)
    if found is None:
        return []
    return list(found) if isinstance(found, PdfArray) else [value]


def _kid_grown(step: Step, old: Any, new: Any, *, depth: int) -> bool:
    if type(old) is not type(new) or (type(old) is Ref and old.num != new.num):
        return False
    before, after = step.before.resolve(old), step.after.resolve(new)
    if not isinstance(before, PdfDict) or not isinstance(after, PdfDict) or "S" not in before:
        return step.same.holds(before, after)
    but = frozenset({"K", "P"})
    return not step.same.differing(before, after, but=but) and _kids_grown(
        step, before.get("K"), after.get("K"), depth=depth + 1
    )


def _is_silent(view: Snapshot, kid: Any) -> bool:
    """A new element says nothing in place of what is seen."""
    node = view.dictionary(kid)
    if node is None:
        return type(view.resolve(kid)) is int
    return not _TEXT & set(node) and all(
        _is_silent(view, item)
        for item in _listed(view, node.get("K"))
        if type(item) is Ref or isinstance(item, PdfDict)
    )
