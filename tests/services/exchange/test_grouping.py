"""Groups of recipients on either database: made, renamed, changed, out of use; who keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.test_races import Race
from tests.support.exchange import Between
from tests.support.office import build
from workflow.domain.errors import BadInput, NotFound, NotPermitted
from workflow.services.exchange import grouping
from workflow.services.exchange.grouping import Wish
from workflow.store import recipient_groups as store
from workflow.store.models import RecipientGroup, Unit
from workflow.store.session import make_engine, unit_of_work


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
        found = grouping.filled(uow, post.office.units[agency], group_id=group_id, on=post.now.date())
        return found.here, found.others


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


def test_agencies_of_one_name(post: Between) -> None:
    """A successor of the same name takes the place of the one that ended; two that stand are told by code."""
    units = post.office.units
    post.agencies(3)
    group = kept(post, None, agency_ids=(units["x0"],))
    post.dissolve("x0", successor="x1")
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, units["x1"]).name = "Ủy ban nhân dân xã x0"
        uow.commit()
    kept(post, group, agency_ids=(units["x0"], units["x1"]))
    with unit_of_work(post.office.engine) as uow:
        told = [(one.agency_id, one.name) for one in store.members(uow.session, group)]
        assert told == [(units["x1"], "Ủy ban nhân dân xã x0")]
        uow.begin_write()
        uow.session.get_one(Unit, units["x2"]).name = "Ủy ban nhân dân xã x0"
        uow.commit()
    kept(post, group, agency_ids=(units["x1"], units["x2"]))
    with unit_of_work(post.office.engine) as uow:
        names = [one.name for one in store.members(uow.session, group)]
    assert names == ["Ủy ban nhân dân xã x0 (H98.x1)", "Ủy ban nhân dân xã x0 (H98.x2)"]


@pytest.mark.postgresql
def test_one_name_by_two_at_once(postgresql_url: str) -> None:
    """Each is on a connection of its own: one makes the group, the other reads that it is there."""
    engine = make_engine(postgresql_url)
    office = build(engine)

    def keep(uow: Any, actor: Any, _scope: Any, **given: Any) -> None:
        grouping.keep(uow, actor, group_id=None, **given)

    post = Between(office)
    for number in range(3):
        race = Race(office, post.now)
        for _ in range(2):
            race.act("clerk", keep, wish=Wish(name=f"Các xã {number}", others="Sở Nội vụ"))
        assert sorted(error.code if error else "" for error in race.told()) == ["", "group_known"]
    engine.dispose()


def test_what_is_refused(post: Between) -> None:
    """Who keeps none; no name, nobody in it, a name twice, one's own agency; another agency's group."""
    units = post.office.units
    far = {"agency_ids": (units["far"],)}
    group = kept(post, None, **far)
    for by in ("drafter", "leader"):
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
