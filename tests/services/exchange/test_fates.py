"""What became of issued documents: recalled, replaced, both, neither; and the copies that were not sent yet."""

from __future__ import annotations

from tests.support.exchange import Between
from workflow.domain.corrections import Kind
from workflow.domain.dispatch import DispatchState, Recall, Unsent
from workflow.services.exchange import dispatching, recalling
from workflow.services.exchange.dispatching import Particulars
from workflow.store import deliveries, fates
from workflow.store.session import unit_of_work

OPEN = {"secret": False, "state": "sealed"}


def issued(post: Between, **changes: object) -> int:
    """To the neighbour, and to an office outside."""
    return post.sent("far", **OPEN | {"sealed_at": post.now, "recipients": "Bưu điện huyện"} | changes)


def replaced(post: Between, earlier: int) -> int:
    """By a document of its type."""
    later = post.ready("far", **OPEN, sealed_at=post.now)
    post.says(later, kind=Kind.REPLACE, earlier_id=earlier, reason="Sai số liệu")
    post.issue(later)
    return later


def states(post: Between, *wanted: str) -> dict[int, str]:
    """Document → what the list of deliveries says of its copy outside."""
    with unit_of_work(post.office.engine) as uow:
        found = deliveries.page(post.scope("clerk"), uow.session, wanted=deliveries.Filter(states=wanted))
        return {row.outgoing_id: row.state for row in found if row.kind == "dispatch"}


def test_what_became_of_each(post: Between) -> None:
    """From the day of the act on; a replacement goes before a recall; other agencies' are not told."""
    stands, recalled, gone, both = (issued(post, symbol=f"{place}/UBND") for place in ("01", "02", "03", "04"))
    post.registered(recalled)
    for document in (recalled, both):
        post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai thẩm quyền")
    asked = post.now
    for document in (gone, both):
        replaced(post, document)
    keys = [stands, recalled, gone, both]
    with unit_of_work(post.office.engine) as uow:
        found = fates.fates(post.scope("clerk"), uow.session, keys)
        assert {key: str(fate.kind) for key, fate in found.items()} == {
            recalled: "recall", gone: "replace", both: "replace"
        }  # fmt: skip
        assert found[recalled].at < asked, "the first of the two acts"
        assert fates.fates(post.scope("far_clerk"), uow.session, keys) == {}
        assert fates.fate_of(uow.session, stands, reason="a test") is None
        assert fates.fate_of(uow.session, recalled, reason="a test") == found[recalled]


def test_a_draft_replaces_nothing_yet(post: Between) -> None:
    """It counts at the issue of the later one."""
    old = issued(post)
    later = post.ready("far", **OPEN, sealed_at=post.now)
    post.says(later, kind=Kind.REPLACE, earlier_id=old, reason="Sai")
    with unit_of_work(post.office.engine) as uow:
        assert fates.fate_of(uow.session, old, reason="a test") is None
    assert states(post) == {old: "to_send"}


def test_copies_that_did_not_leave_wait_no_more(post: Between) -> None:
    """Out of the count, the filter and the labels; the list says why; what left before keeps its state."""
    waits, recalled, gone, left = (issued(post, symbol=f"{place}/UBND") for place in ("01", "02", "03", "04"))
    with unit_of_work(post.office.engine) as uow:
        (copy,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, left)
    facts = Particulars(state=DispatchState.SENT, channel="post", sent_on=post.now.date())
    post.do(
        "clerk", dispatching.record, document_id=left, dispatch_id=copy.id, seen=dispatching.mark_of(copy),
        facts=facts,
    )  # fmt: skip
    for document in (recalled, left):
        post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai thẩm quyền")
    replaced(post, gone)
    assert states(post) == {
        waits: "to_send", recalled: Unsent.RECALLED, gone: Unsent.REPLACED, left: Recall.TO_TELL
    }  # fmt: skip
    assert states(post, "to_send") == {waits: "to_send"}
    assert states(post, Unsent.RECALLED) == {recalled: Unsent.RECALLED}
    wanted = deliveries.Filter(states=("to_send",))
    with unit_of_work(post.office.engine) as uow:
        scope, session = post.scope("clerk"), uow.session
        assert deliveries.count(scope, session, wanted=wanted, cap=10) == 1
        inside = deliveries.to_send(scope, session, wanted=deliveries.Filter(), limit=10)
        assert [document.id for _copy, document in inside] == [waits]
        since = {
            row.outgoing_id: row.since
            for row in deliveries.page(scope, session, wanted=deliveries.Filter(), sort="waiting")
            if row.kind == "dispatch"
        }
        for document in (recalled, gone):
            fate = fates.fate_of(session, document, reason="a test")
            assert fate is not None
            assert since[document] == fate.at
