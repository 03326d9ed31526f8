"""The catalogue of offices outside on either database: kept, ended, merged, asked at the issue and by groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.services.test_races import Race, while_open
from tests.support.exchange import Between
from tests.support.office import build
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from workflow.domain.outside_offices import Office
from workflow.services.exchange import grouping, offices
from workflow.services.exchange.grouping import Wish
from workflow.store import deliveries
from workflow.store import outside_offices as store
from workflow.store.models import OutsideOffice
from workflow.store.session import make_engine, unit_of_work

NOI_VU = Office(
    name="Sở Nội vụ", short_name="SNV", aliases=("Sở Nội vụ tỉnh",), code="H49.1", address="1 Lê Lợi\nphường 1",
    email="vt.snv@example.gov.vn", channel="post",
)  # fmt: skip
TAI_CHINH = Office(name="Sở Tài chính", code="H49.2", email="vt.stc@example.gov.vn", channel="mail")


def act(post: Between, service: Any, by: str = "clerk", **given: Any) -> Any:
    """One act of somebody, without a scope."""
    post.now = post.now.replace(second=(post.now.second + 1) % 60)
    with unit_of_work(post.office.engine) as uow:
        made = service(uow, post.office.actor(by), now=post.now, **given)
        uow.commit()
        return made


def kept(
    post: Between, wish: Office, office_id: int | None = None, *, by: str = "clerk", **more: Any
) -> OutsideOffice:
    """The form of an entry."""
    made: OutsideOffice = act(post, offices.keep, by, office_id=office_id, wish=wish, **more)
    return made


def listed(post: Between, agency: str = "commune", **more: Any) -> list[str]:
    """Names of a catalogue."""
    with unit_of_work(post.office.engine) as uow:
        return [row.name for row in store.offices(uow.session, post.office.units[agency], **more)]


def told(post: Between, office_id: int) -> Office:
    """An entry as it stands."""
    with unit_of_work(post.office.engine) as uow:
        return store.told(uow.session, uow.session.get_one(OutsideOffice, office_id))


def test_kept_by_clerk_or_administrator(post: Between) -> None:
    """Each agency its own; a name is one entry's, whatever its case; another's entry is not there for others."""
    made = kept(post, NOI_VU)
    assert told(post, made.id) == NOI_VU
    with pytest.raises(BadInput, match="office_known"):
        kept(post, Office(name="sở nội vụ TỈNH"), by="admin")
    other = kept(post, Office(name="Sở Nội vụ"), by="far_admin")
    assert (listed(post), listed(post, "far")) == (["Sở Nội vụ"], ["Sở Nội vụ"])
    for by in ("drafter", "leader", "head"):
        with pytest.raises(NotPermitted):
            kept(post, TAI_CHINH, by=by)
    for service, given in (
        (offices.put_in_use, {"office_id": other.id, "in_use": False}),
        (offices.merge, {"stays_id": made.id, "goes_id": other.id}),
        (offices.add_name, {"office_id": other.id, "name": "x"}),
        (offices.keep, {"office_id": other.id, "wish": TAI_CHINH}),
    ):
        with pytest.raises(NotFound, match="office_not_found"):
            act(post, service, **given)


def test_a_stale_form_overwrites_nothing(post: Between) -> None:
    """The second is told; the same words twice are no conflict."""
    made = kept(post, NOI_VU)
    seen = offices.mark_of(made)
    kept(post, TAI_CHINH, made.id, seen=seen)
    with pytest.raises(Conflict, match="office_stale"):
        kept(post, NOI_VU, made.id, seen=seen)
    kept(post, TAI_CHINH, made.id, seen=seen)
    assert told(post, made.id) == TAI_CHINH


def test_the_issue_asks_the_catalogue(post: Between) -> None:
    """By any of its names; channel and address are proposals, nothing counts as sent; an ended entry proposes
    nothing, and what was laid out before never changes."""
    made = kept(post, NOI_VU)
    kept(post, TAI_CHINH)
    document = post.sent(recipients="Sở Nội vụ tỉnh;\nsở tài chính\nBưu điện huyện\nLưu: VT")
    with unit_of_work(post.office.engine) as uow:
        rows = {row.name: row for row in deliveries.dispatches_of(post.scope("clerk"), uow.session, document)}
        ours = rows["Sở Nội vụ tỉnh"]
        assert (ours.office_id, ours.wanted_channel, ours.address) == (made.id, "post", NOI_VU.address)
        assert (ours.state, ours.channel, ours.sent_on) == ("to_send", "", None)
        theirs = rows["sở tài chính"]
        assert (theirs.wanted_channel, theirs.email) == ("mail", TAI_CHINH.email)
        assert (rows["Bưu điện huyện"].office_id, rows["Bưu điện huyện"].address) == (None, "")
        assert len(store.sent_to(post.scope("clerk"), uow.session, made.id)) == 1
        assert store.sent_to(post.scope("far_clerk"), uow.session, made.id) == []
        names = [row.name for row in store.written_to(post.scope("clerk"), uow.session)]
        assert sorted(names) == ["Bưu điện huyện", "Sở Nội vụ tỉnh", "sở tài chính"]
        assert store.written_to(post.scope("far_clerk"), uow.session) == []
    act(post, offices.put_in_use, office_id=made.id, in_use=False)
    later = post.sent(recipients="Sở Nội vụ")
    with unit_of_work(post.office.engine) as uow:
        (row,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, later)
        assert (row.office_id, row.address) == (None, "")
        before = deliveries.named(uow.session, document, "Sở Nội vụ tỉnh")
        assert before is not None
        assert before.address == NOI_VU.address


def test_doubles_are_merged(post: Between) -> None:
    """One stays with every name; groups hold it once; copies keep their words; twice is once; no circle."""
    stays, goes = kept(post, NOI_VU), kept(post, Office(name="Sở NV", short_name="NV", note="cổng sau"))
    both = act(post, grouping.keep, group_id=None, wish=Wish(name="Cả hai", others="Sở Nội vụ\nSở NV"))
    second = act(post, grouping.keep, group_id=None, wish=Wish(name="Một", others="NV"))
    document = post.sent(recipients="Sở NV")
    for _twice in range(2):
        act(post, offices.merge, stays_id=stays.id, goes_id=goes.id)
    assert set(told(post, stays.id).aliases) == {"Sở Nội vụ tỉnh", "Sở NV", "NV"}
    assert told(post, stays.id).note == "cổng sau"
    assert listed(post) == ["Sở Nội vụ"]
    with unit_of_work(post.office.engine) as uow:
        for group in (both, second):
            found = grouping.filled(uow, post.office.units["commune"], group_id=group.id, on=post.now.date())
            assert found.others == ("Sở Nội vụ",)
        (row,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, document)
        assert (row.name, row.office_id) == ("Sở NV", goes.id)
        assert len(store.sent_to(post.scope("clerk"), uow.session, stays.id)) == 1
    for service, given, error in (
        (offices.merge, {"stays_id": goes.id, "goes_id": stays.id}, Refused),
        (offices.keep, {"office_id": goes.id, "wish": TAI_CHINH}, Refused),
        (offices.merge, {"stays_id": stays.id, "goes_id": stays.id}, BadInput),
    ):
        with pytest.raises(error):
            act(post, service, **given)


def test_a_merged_entry_is_kept_as_any_other(post: Between) -> None:
    """Two with thirty names make one of sixty-one that its form still saves; more than a hundred nobody gives one,
    nor by merging, which changes nothing then; a double of a double is a double too, what went to it is seen."""
    first, second, third = (
        kept(post, Office(name=f"Sở {place}", aliases=tuple(f"{place}.{one}" for one in range(30))))
        for place in (1, 2, 3)
    )
    post.sent(recipients="Sở 1")
    act(post, offices.merge, stays_id=second.id, goes_id=first.id)
    whole = told(post, second.id)
    assert len(whole.aliases) == 61
    kept(post, replace(whole, address="2 Lê Lợi"), second.id)
    assert told(post, second.id) == replace(whole, address="2 Lê Lợi")
    act(post, offices.merge, stays_id=third.id, goes_id=second.id)
    assert len(told(post, third.id).aliases) == 92
    more = kept(post, Office(name="Sở 4", aliases=tuple(f"4.{one}" for one in range(8))))
    with pytest.raises(BadInput, match="office_aliases"):
        act(post, offices.merge, stays_id=third.id, goes_id=more.id)
    assert (len(told(post, third.id).aliases), len(told(post, more.id).aliases)) == (92, 8)
    kept(post, replace(told(post, more.id), aliases=("4.0",)), more.id)
    act(post, offices.merge, stays_id=third.id, goes_id=more.id)
    full = replace(told(post, third.id), aliases=tuple(f"3.{one}" for one in range(100)))
    kept(post, full, third.id)
    with pytest.raises(BadInput, match="office_aliases"):
        act(post, offices.add_name, office_id=third.id, name="x")
    with unit_of_work(post.office.engine) as uow:
        assert len(store.sent_to(post.scope("clerk"), uow.session, third.id)) == 1


def test_one_name_more_writes_over_nothing(post: Between) -> None:
    """A colleague keeps another address at the moment at which a name is added: both stand."""
    made = kept(post, NOI_VU)
    clerk, moved = post.office.actor("clerk"), replace(NOI_VU, address="9 Trần Phú")
    while_open(
        post.office,
        lambda uow: offices.keep(uow, clerk, office_id=made.id, wish=moved, now=post.now),
        lambda uow: offices.add_name(uow, clerk, office_id=made.id, name="Sở NV", now=post.now),
    )
    assert told(post, made.id) == replace(moved, aliases=(*NOI_VU.aliases, "Sở NV"))


def test_groups_hold_entries(post: Between) -> None:
    """By their present name; an ended one is left out and told; groups end and come back."""
    made = kept(post, NOI_VU)
    group = act(post, grouping.keep, group_id=None, wish=Wish(name="Sở", others="SNV\nBưu điện huyện"))
    kept(post, Office(name="Sở Nội vụ và Lao động", short_name="SNV"), made.id)
    commune = post.office.units["commune"]
    with unit_of_work(post.office.engine) as uow:
        found = grouping.filled(uow, commune, group_id=group.id, on=post.now.date())
        assert sorted(found.others) == ["Bưu điện huyện", "Sở Nội vụ và Lao động"]
    act(post, offices.put_in_use, office_id=made.id, in_use=False)
    with unit_of_work(post.office.engine) as uow:
        found = grouping.filled(uow, commune, group_id=group.id, on=post.now.date())
        assert (found.others, found.ended) == (("Bưu điện huyện",), ("Sở Nội vụ và Lao động",))
    act(post, grouping.put_in_use, group_id=group.id, in_use=False)
    with pytest.raises(NotFound):
        act(post, grouping.put_in_use, "far_clerk", group_id=group.id, in_use=True)
    with unit_of_work(post.office.engine) as uow:
        assert grouping.filled(uow, commune, group_id=group.id, on=post.now.date()) == grouping.Filled()


def test_names_are_taken_in(post: Between) -> None:
    """Each once, known ones are passed over; a further name of an entry; by any name or code the proper one."""
    made = kept(post, NOI_VU)
    taken = act(post, offices.take_names, names=("Bưu điện huyện", "SNV", " ", "bưu điện  huyện"))
    assert [row.name for row in taken] == ["Bưu điện huyện"]
    act(post, offices.add_name, office_id=made.id, name="Nội vụ Lam Giang")
    with unit_of_work(post.office.engine) as uow:
        commune = post.office.units["commune"]
        for words in ("nội vụ lam giang", "SNV", "h49.1"):
            assert offices.proper(uow, commune, words) == "Sở Nội vụ"
        assert offices.proper(uow, commune, "Sở Y tế") == "Sở Y tế"
        assert offices.proper(uow, post.office.units["far"], "SNV") == "SNV"


@pytest.mark.postgresql
def test_one_name_by_two_at_once(postgresql_url: str) -> None:
    """Each is on a connection of its own: one makes the entry, the other reads that it is there."""
    engine = make_engine(postgresql_url)
    office = build(engine)

    def keep(uow: Any, actor: Any, _scope: Any, **given: Any) -> None:
        offices.keep(uow, actor, office_id=None, **given)

    post = Between(office)
    for number in range(3):
        race = Race(office, post.now)
        for _ in range(2):
            race.act("clerk", keep, wish=Office(name=f"Sở {number}"))
        assert sorted(error.code if error else "" for error in race.told()) == ["", "office_known"]
    engine.dispose()
