"""Who may bring in what: the clerk who keeps the registers brings in registers, administrators units and people,
either of them the offices outside that the agency writes to."""

from __future__ import annotations

from workflow.domain.imports.headings import Kind
from workflow.domain.permissions import Permission

NEEDS: dict[Kind, Permission] = {
    Kind.OUTGOING: Permission.IMPORT_REGISTER,
    Kind.INCOMING: Permission.IMPORT_REGISTER,
    Kind.UNITS: Permission.MANAGE_PEOPLE,
    Kind.PEOPLE: Permission.MANAGE_PEOPLE,
    Kind.OUTSIDE: Permission.KEEP_OFFICES,
}

DIRECTIONS = {Kind.OUTGOING: "out", Kind.INCOMING: "in"}
"""Of the registers that a kind of rows goes into."""


def kinds_for(permission: Permission) -> tuple[Kind, ...]:
    """What a permission lets one bring in."""
    return tuple(kind for kind, needed in NEEDS.items() if needed is permission)
