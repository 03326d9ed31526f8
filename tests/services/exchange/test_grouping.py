"""Groups of recipients on either database: made, renamed, changed, out of use; the clerk keeps them."""

from __future__ import annotations

import pytest

from tests.support.exchange import Between
from workflow.domain.errors import BadInput, NotFound, NotPermitted
from workflow.services.exchange import grouping
from workflow.services.exchange.grouping import Wish
from workflow.store import recipient_groups as store
from workflow.store.models import RecipientGroup
from workflow.store.session import unit_of_work


def kept(post: Between, group_id: int | None, *, by: str = "clerk", **wish: object) -> int:
    """The clerk's form; the group's key."""
    post.now = post.now.replace(second=(post.now.second + 1) % 60)
    with unit_of_work(post.office.engine) as uow:
        given = Wish(**{"name": "Các xã", **wish})  # type: ignore[arg-type]
        row: RecipientGroup = grouping.keep(uow, post.office.actor(by), group_id=group_id, wish=given, now=post.now)
        uow.commit()
        return row.id


def filled(post: Between, group_id: int, *, agency: str = "commune") -> tuple[tuple[int, ...], tuple[str, ...]]:
    """What it fills in."""
    with unit_of_work(post.office.engine) as uow:
        return grouping.filled(uow, post.office.units[agency], group_id=group_id, on=post.now.date())


def test_kept_and_filled(post: Between) -> None:
    """Agencies here by key, offices outside by name, each once; one that ended is a name; out of use: nothing."""
    units = post.office.units
    post.agencies(1)
    here = (units["far"], units["x0"])
    group = kept(post, None, agency_ids=here, others="- Sở Nội vụ;\nSở Nội vụ\nỦy ban nhân dân xã Yên Viễn")
    assert filled(post, group) == (here, ("Sở Nội vụ",))
    assert kept(post, group, name="Hai xã", agency_ids=here) == group
    post.dissolve("x0")
    assert filled(post, group) == ((units["far"],), ("Ủy ban nhân dân xã x0",))
    kept(post, group, name="Hai xã", agency_ids=here, in_use=False)
    assert filled(post, group) == ((), ())
    with unit_of_work(post.office.engine) as uow:
        assert [one.name for one in store.groups(uow.session, units["commune"], in_use_only=False)] == ["Hai xã"]
        assert not store.groups(uow.session, units["commune"], in_use_only=True)


def test_what_is_refused(post: Between) -> None:
    """Others than the clerk; no name, nobody in it, a name twice, one's own agency; another agency's group."""
    units = post.office.units
    far = {"agency_ids": (units["far"],)}
    group = kept(post, None, **far)
    for by in ("drafter", "leader", "admin"):
        with pytest.raises(NotPermitted):
            kept(post, None, by=by, name="x", **far)
    for wish, code in (
        ({"name": " ", **far}, "group_name"), ({"name": "x"}, "group_empty"), (far, "group_known"),
        ({"name": "x", "others": "Lưu: VT"}, "group_empty"),
        ({"name": "x", "agency_ids": (units["commune"],)}, "recipient_own"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=code):
            kept(post, None, **wish)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="recipient_agency"):
        kept(post, None, name="x", agency_ids=(units["economy"],))
    with pytest.raises(NotFound, match="group_not_found"):
        kept(post, group, by="far_clerk", others="Sở Nội vụ")
    with pytest.raises(NotFound, match="group_not_found"):
        filled(post, group, agency="far")
