"""Copies by post on either database, and the one list of deliveries: filters, order, pages, who sees nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.exchange import Between
from workflow.domain.dispatch import DispatchState
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from workflow.services.exchange import dispatching
from workflow.services.exchange.dispatching import Particulars, mark_of
from workflow.store import deliveries as store
from workflow.store import documents
from workflow.store.models import Dispatch
from workflow.store.session import unit_of_work

LINES = "Ủy ban nhân dân xã Yên Viễn\nBưu điện huyện;\nSở Nội vụ\nLưu: VT"


def copies(post: Between, document: int, *, by: str = "clerk") -> list[Dispatch]:
    """The copies of a document."""
    with unit_of_work(post.office.engine) as uow:
        return list(store.dispatches_of(post.scope(by), uow.session, document))


def listed(post: Between, by: str = "clerk", **more: Any) -> list[Any]:
    """(name, state) of the list."""
    sort = more.pop("sort", "newest")
    with unit_of_work(post.office.engine) as uow:
        wanted = store.Filter(**more)
        rows = store.page(post.scope(by), uow.session, wanted=wanted, sort=sort)
        assert store.count(post.scope(by), uow.session, wanted=wanted, cap=100) == len(rows)
        return [(row.name, row.state) for row in rows]


def test_issuing_lays_out_the_copies(post: Between) -> None:
    """Who is delivered to by the system and the file copy are none; the clerk writes down, step by step."""
    document = post.sent(recipients=LINES)
    first, second = copies(post, document)
    assert [(one.name, one.state) for one in (first, second)] == [
        ("Bưu điện huyện", "to_send"), ("Sở Nội vụ", "to_send"),
    ]  # fmt: skip
    today = post.now.date()
    sent = Particulars(state=DispatchState.SENT, channel="post", sent_on=today, tracking="EB 123 456 789 VN")
    given = {"document_id": document, "dispatch_id": first.id, "seen": mark_of(first)}
    for who, error in (("drafter", NotPermitted), ("leader", NotPermitted), ("far_clerk", NotFound)):
        with pytest.raises(error):
            post.do(who, dispatching.record, **given, facts=sent)
    given["seen"] = mark_of(post.do("clerk", dispatching.record, **given, facts=sent))
    got = Particulars(
        state=DispatchState.RECEIVED, channel="post", sent_on=today, received_on=today, receipt="Bà Hà"
    )
    given["seen"] = mark_of(post.do("clerk", dispatching.record, **given, facts=got))
    with pytest.raises(WrongState, match="dispatch_order"):
        post.do("clerk", dispatching.record, **given, facts=sent)
    paper = Particulars(state=DispatchState.SENT, channel="hand", sent_on=today)
    post.do("clerk", dispatching.add, document_id=document, recipient="UBND xã Yên Viễn (bản giấy)", facts=paper)
    with pytest.raises(BadInput, match="dispatch_known"):
        post.do("clerk", dispatching.add, document_id=document, recipient="Sở Nội vụ", facts=paper)
    with pytest.raises(WrongState, match="dispatch_unissued"):
        post.do("clerk", dispatching.add, document_id=post.ready(), recipient="Sở Y tế", facts=paper)
    assert [one.state for one in copies(post, document)] == ["received", "to_send", "sent"]
    assert copies(post, document, by="far_clerk") == []


def test_who_saw_an_older_state_overwrites_nothing(post: Between) -> None:
    """Two with the same form: the second is told, what the first wrote stands; one who sends twice is not told."""
    document = post.sent(recipients=LINES)
    (first, _second), today = copies(post, document), post.now.date()
    given = {"document_id": document, "dispatch_id": first.id, "seen": mark_of(first)}
    sent = Particulars(state=DispatchState.SENT, channel="post", sent_on=today, tracking="EB 1 VN")
    done = post.do("clerk", dispatching.record, **given, facts=sent)
    other = Particulars(state=DispatchState.SENT, channel="hand", sent_on=today)
    with pytest.raises(Conflict, match="stale"):
        post.do("clerk", dispatching.record, **given, facts=other)
    again = post.do("clerk", dispatching.record, **given, facts=sent)
    assert (again.tracking, mark_of(again)) == ("EB 1 VN", mark_of(done))
    with unit_of_work(post.office.engine) as uow:
        entries = documents.entries_of(uow.session, f"outgoing:{document}")
    assert [one.tag for one in entries].count("document:outgoing:dispatch") == 1
    assert copies(post, document)[0].channel == "post"


def test_one_list_of_everything(post: Between) -> None:
    """Both ways in one order; narrowed by state, name, period, lateness; page by page without gaps or doubles."""
    start = post.now
    for _number in range(3):
        post.sent(recipients=LINES)
    assert len(listed(post)) == 9
    assert listed(post, "far_clerk") == [], "what others issued is not counted, not even named"
    assert listed(post, states=("to_send",), recipient="Sở Nội vụ") == [("Sở Nội vụ", "to_send")] * 3
    far = "Ủy ban nhân dân xã Yên Viễn"
    assert listed(post, unregistered_since=post.now + dt.timedelta(minutes=1), sort="waiting") == [(far, "01")] * 3
    assert listed(post, unregistered_since=start) == []
    assert listed(post, issued_from=post.now + dt.timedelta(hours=1)) == []
    assert len(listed(post, issued_from=start, issued_before=post.now + dt.timedelta(hours=1))) == 9
    for sort, (column, _falls) in store.SORTS.items():
        seen: list[Any] = []
        after = None
        with unit_of_work(post.office.engine) as uow:
            while True:
                rows = store.page(
                    post.scope("clerk"), uow.session, wanted=store.Filter(), sort=sort, after=after, limit=2
                )
                seen += [(row.kind, row.id) for row in rows[:2]]
                if len(rows) < 3:
                    break
                after = (getattr(rows[1], column), rows[1].kind, rows[1].id)
        assert len(seen) == len(set(seen)) == 9, sort
