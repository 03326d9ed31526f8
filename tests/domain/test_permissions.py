"""Permission → who, as a table: who may do what about trust, and what nobody gets by being left out."""

from __future__ import annotations

import pytest

from workflow.domain.errors import NotPermitted
from workflow.domain.people import SYSTEM_ACTOR, Actor, Role
from workflow.domain.permissions import ALLOWED, AT_TOP, Permission, allowed, demand


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("at_top", [True, False])
def test_trust_is_for_administrators_of_the_top_agency(role: Role, at_top: bool) -> None:
    """Every role, here and there: one cell says yes."""
    wanted = role is Role.ADMIN and at_top
    assert allowed(role, Permission.MANAGE_TRUST, at_top=at_top) is wanted
    actor = Actor(1, 1, role, 1, 1, at_top=at_top)
    if wanted:
        demand(actor, Permission.MANAGE_TRUST)
    else:
        with pytest.raises(NotPermitted):
            demand(actor, Permission.MANAGE_TRUST)


def test_whoever_builds_an_actor_and_does_not_ask_is_not_at_the_top() -> None:
    """Deny by default."""
    assert Actor(1, 1, Role.ADMIN, 1, 1).at_top is False
    assert SYSTEM_ACTOR.at_top is False


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_in_the_table(permission: Permission) -> None:
    """And the top agency widens nothing: it only keeps."""
    assert ALLOWED[permission]
    assert Role.SYSTEM not in ALLOWED[permission]
    here, there = ({role for role in Role if allowed(role, permission, at_top=top)} for top in (True, False))
    assert here == ALLOWED[permission]
    assert there == (set() if permission in AT_TOP else here)
