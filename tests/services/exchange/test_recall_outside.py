"""Recalled where no agency of this installation has it: copies stopped, offices outside told, copies back."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tests.support.exchange import Between
from workflow.domain.corrections import Kind, Standing
from workflow.domain.dispatch import DispatchState, Recall
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from workflow.services.exchange import correcting, dispatching, recall_outside, recalling
from workflow.services.exchange.dispatching import Particulars
from workflow.services.exchange.recall_outside import Told
from workflow.store import deliveries, documents, fates
from workflow.store.models import Dispatch
from workflow.store.session import unit_of_work

OUTSIDE = "Sở Nội vụ\nBưu điện huyện\nTòa án huyện\nLưu: VT"
WHY = "Sai thẩm quyền"


def issued(post: Between, **changes: Any) -> int:
    """To three offices outside and to nobody else."""
    given = {"secret": False, "state": "sealed", "recipients": OUTSIDE} | changes
    document = post.ready(sealed_at=post.now, **given)
    post.issue(document)
    return document


def copies(post: Between, document: int) -> dict[str, Dispatch]:
    """Recipient → its copy."""
    with unit_of_work(post.office.engine) as uow:
        return {one.name: one for one in deliveries.dispatches_of(post.scope("clerk"), uow.session, document)}


def left(post: Between, document: int, name: str, *, received: bool = False) -> None:
    """It went by post."""
    row, day = copies(post, document)[name], post.now.date()
    state = DispatchState.RECEIVED if received else DispatchState.SENT
    facts = Particulars(state=state, channel="post", sent_on=day, received_on=day if received else None)
    post.do("clerk", dispatching.record, document_id=document, dispatch_id=row.id, seen=dispatching.mark_of(row),
            facts=facts)  # fmt: skip


def told(post: Between, document: int, name: str, who: str = "clerk", **facts: Any) -> Dispatch:
    """The clerk writes down what became of the recall there."""
    row = copies(post, document)[name]
    given = Told(**({"told_on": post.now.date(), "how": "Công văn số 9/UBND"} | facts))
    done: Dispatch = post.do(who, recall_outside.record, document_id=document, dispatch_id=row.id,
                             seen=dispatching.mark_of(row), facts=given)  # fmt: skip
    return done


def states(post: Between, *wanted: str) -> dict[str, str]:
    """Recipient → what the list of deliveries says."""
    with unit_of_work(post.office.engine) as uow:
        found = deliveries.page(post.scope("clerk"), uow.session, wanted=deliveries.Filter(states=wanted))
        return {row.name: row.state for row in found}


def to_tell(post: Between, who: str = "clerk") -> int:
    """What the clerk's desk counts."""
    with unit_of_work(post.office.engine) as uow:
        return deliveries.to_tell(post.scope(who), uow.session, cap=10)


def standing(post: Between, document: int) -> Standing:
    """What may be drafted about it."""
    with unit_of_work(post.office.engine) as uow:
        return correcting.standing(uow, uow.session.get_one(type(post.row(document)), document))


def test_a_document_that_went_only_outside_is_recalled(post: Between) -> None:
    """What has not left stays; who has it is to be told, is told by a letter, gives it back; all of it in the
    document's journal. Recalled for everybody from the first day on."""
    document = issued(post)
    left(post, document, "Sở Nội vụ")
    left(post, document, "Tòa án huyện", received=True)
    assert to_tell(post) == 0
    with pytest.raises(WrongState, match="recall_not_asked"):
        told(post, document, "Sở Nội vụ")
    assert post.do("leader", recalling.ask_recall, document_id=document, reason=WHY) == 3
    with unit_of_work(post.office.engine) as uow:
        fate = fates.fate_of(uow.session, document, reason="a test")
        entry = documents.last_entry(uow.session, f"outgoing:{document}")
        assert entry is not None
        assert json.loads(entry.body)["facts"]["outside"] == ["Sở Nội vụ", "Tòa án huyện"]
    assert fate is not None
    assert (fate.kind, fate.at) == (Kind.RECALL, post.now)
    assert states(post) == {
        "Sở Nội vụ": Recall.TO_TELL, "Tòa án huyện": Recall.TO_TELL, "Bưu điện huyện": "unsent_recalled"
    }  # fmt: skip
    assert (to_tell(post), to_tell(post, "far_clerk")) == (2, 0)
    with pytest.raises(WrongState, match="recalled_already"):
        post.do("clerk", recalling.ask_recall, document_id=document, reason=WHY)
    with pytest.raises(WrongState, match="recall_not_asked"):
        told(post, document, "Bưu điện huyện")
    told(post, document, "Sở Nội vụ")
    told(post, document, "Tòa án huyện", told_on=None, how="", back_on=post.now.date())
    assert states(post, Recall.TOLD, Recall.BACK) == {"Sở Nội vụ": Recall.TOLD, "Tòa án huyện": Recall.BACK}
    assert (to_tell(post), states(post, Recall.TO_TELL), standing(post, document)) == (0, {}, Standing.IN_FORCE)
    told(post, document, "Sở Nội vụ", back_on=post.now.date())
    assert standing(post, document) is Standing.RECALLED
    with unit_of_work(post.office.engine) as uow:
        tags = [one.tag for one in documents.entries_of(uow.session, f"outgoing:{document}")]
        assert tags.count("document:outgoing:recall_told") == 3


def test_who_writes_it_down_and_what_fits(post: Between) -> None:
    """The clerk, with a day that can be and words; what another one wrote meanwhile is not overwritten."""
    document = issued(post)
    left(post, document, "Sở Nội vụ")
    post.do("clerk", recalling.ask_recall, document_id=document, reason=WHY)
    for who, error in (("leader", NotPermitted), ("drafter", NotPermitted), ("far_clerk", NotFound)):
        with pytest.raises(error):
            told(post, document, "Sở Nội vụ", who)
    today, before = post.now.date(), copies(post, document)["Sở Nội vụ"]
    for facts, code in (
        ({"told_on": None}, "recall_told_when"), ({"how": " "}, "recall_told_how"),
        ({"told_on": today - dt.timedelta(days=1)}, "recall_told_day"),
        ({"back_on": today + dt.timedelta(days=1)}, "recall_told_day"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=code):
            told(post, document, "Sở Nội vụ", **facts)
    told(post, document, "Sở Nội vụ")
    given = {"document_id": document, "dispatch_id": before.id, "seen": dispatching.mark_of(before)}
    post.do("clerk", recall_outside.record, **given, facts=Told(told_on=today, how="Công văn số 9/UBND"))
    with pytest.raises(Conflict, match="stale"):
        post.do("clerk", recall_outside.record, **given, facts=Told(told_on=today, how="Điện thoại"))


def test_a_replaced_one_and_a_copy_found_later_are_to_be_told_too(post: Between) -> None:
    """A replacement takes it back as a recall does; a copy written down afterwards had left before."""
    document = issued(post)
    left(post, document, "Sở Nội vụ")
    later = post.ready(secret=False, state="sealed", sealed_at=post.now)
    post.says(later, kind=Kind.REPLACE, earlier_id=document, reason="Sai số")
    post.issue(later)
    facts = Particulars(state=DispatchState.SENT, channel="hand", sent_on=post.now.date())
    post.do("clerk", dispatching.add, document_id=document, recipient="Ông Nguyễn Văn A", facts=facts)
    assert states(post, Recall.TO_TELL) == {"Sở Nội vụ": Recall.TO_TELL, "Ông Nguyễn Văn A": Recall.TO_TELL}
    assert to_tell(post) == 2
