"""What a page inherits, for viewers that climb from the page by its /Parent.

Others come down by /Kids, and ISO 32000-2 (7.7.3.4) takes it for granted that both are one way. A later revision
that turns a /Parent aside rotates, crops or re-dresses a page for the first kind only, so both ways are compared.
"""

from __future__ import annotations

from typing import Any

from signing.pdf.changes import ChangeKind
from signing.pdf.file import Page
from signing.pdf.objects import Ref
from signing.pdf.tolerant.snapshot import INHERITED, MAX_DEPTH, Snapshot
from signing.pdf.tolerant.step import Step


def compare_parents(step: Step, old: dict[int, Page], new: tuple[Page, ...]) -> None:
    """`old`: pages by object number. Each pair of parents is climbed once."""
    differing: dict[tuple[str, str], frozenset[str]] = {}
    lost: dict[tuple[str, str], bool] = {}
    for page in new:
        known = old.get(page.ref.num)
        if known is None:
            continue
        was, now = known.node.get("Parent"), page.node.get("Parent")
        pair = (repr(was), repr(now))
        if pair not in differing:
            differing[pair] = _differing(step, was, now)
            lost[pair] = is_lost(step.after, now) and not is_lost(step.before, was)
        if lost[pair]:
            step.note(ChangeKind.OTHER, "page_changed", f"{page.index + 1} by Parent")
        for key in sorted(differing[pair] - set(page.node)):
            step.note(ChangeKind.OTHER, "page_changed", f"{page.index + 1} {key} by Parent")


def _differing(step: Step, was: Any, now: Any) -> frozenset[str]:
    before, after = climbed(step.before, was), climbed(step.after, now)
    return frozenset(key for key in INHERITED if not step.same.holds(before.get(key), after.get(key)))


def is_lost(view: Snapshot, parent: Any) -> bool:
    """Whether the way up goes round in a circle or over something that is no node of a page tree: some viewers
    leave such a page out. A way that merely ends early is none."""
    seen: set[Ref] = set()
    while type(parent) is Ref:
        node = view.dictionary(parent)
        if node is None:
            return False
        if parent in seen or len(seen) >= MAX_DEPTH or "Kids" not in node:
            return True
        seen.add(parent)
        parent = node.get("Parent")
    return False


def climbed(view: Snapshot, parent: Any) -> dict[str, Any]:
    """Attribute → the value of the nearest parent that has it; loops and missing parents end the way."""
    found: dict[str, Any] = {}
    seen: set[Ref] = set()
    while type(parent) is Ref and parent not in seen and len(seen) < MAX_DEPTH:
        seen.add(parent)
        node = view.dictionary(parent)
        if node is None:
            break
        found = {key: node[key] for key in INHERITED if key in node} | found
        parent = node.get("Parent")
    return found
