"""How many a list holds, for its title, without counting a long one again and again."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from workflow.domain.permissions import Scope
from workflow.web import format

CAP = 1000
"""Counts stop here and say so."""


def counted(name: str, scope: Scope, *, narrowed: bool, whole: int | None, count: Callable[[int], int]) -> str:
    """How many there are; counted (up to the cap) only where one page does not tell (`whole`: it does).

    Scopes whose list `name`, not narrowed, is longer than the cap are remembered: documents are never deleted, so
    it stays so.
    """
    if whole is not None:
        return format.number(whole)
    long: set[Scope] = current_app.extensions.setdefault(name, set())
    if not narrowed and scope in long:
        return format.capped(CAP + 1, CAP)
    found = count(CAP)
    if not narrowed and found > CAP:
        long.add(scope)
    return format.capped(found, CAP)
