"""Taken back before and after registration, answered with words, replaced; the trace stays."""

from __future__ import annotations

import pytest

from tests.support.exchange import Between
from workflow.domain.corrections import Kind
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted, WrongState
from workflow.services.exchange import correcting, recalling
from workflow.services.incoming import registering
from workflow.store import corrections, incoming
from workflow.store.session import unit_of_work

WHY = "Sai thẩm quyền ký"


def test_before_registration_it_is_taken_back_at_once(post: Between) -> None:
    """13 with the reason, 15 at once; the row stays with its history, nobody can register it, the clerk is told."""
    document = post.sent()
    assert post.do("leader", recalling.ask_recall, document_id=document, reason=WHY) == 1
    row = post.arrived(document)
    assert (row.state, row.recall_reason, row.number) == ("recalled", WHY, None)
    assert post.words(document) == [("01", ""), ("13", WHY), ("15", WHY)]
    with pytest.raises(WrongState):
        post.do("far_clerk", registering.register, incoming_id=row.id, version=row.version)
    with unit_of_work(post.office.engine) as uow:
        lines = [line.action for line, _name in incoming.history_of(uow.session, row.id)]
        assert lines == ["arrive", "agree_recall"]
    assert post.notices("far_clerk")[-1].startswith("Nơi gửi đã thu hồi")
    with pytest.raises(WrongState, match="recalled_already"):
        post.do("leader", recalling.ask_recall, document_id=document, reason=WHY)


def test_after_registration_the_receiver_is_asked_and_agrees(post: Between) -> None:
    """Work goes on until then; agreed, nobody works on it and its unit no longer sees it."""
    document = post.sent()
    row = post.started(document)
    post.do("clerk", recalling.ask_recall, document_id=document, reason=WHY)
    asked = post.arrived(document)
    assert (asked.state, asked.recall_reason) == ("in_progress", WHY)
    for name in ("far_clerk", "far_drafter"):
        assert post.notices(name)[-1].startswith("Nơi gửi đề nghị thu hồi")
    for name in ("far_drafter", "clerk"):
        with pytest.raises((NotPermitted, NotFound)):
            post.do(name, recalling.agree_recall, incoming_id=row.id, version=asked.version)
    post.do("far_leader", recalling.agree_recall, incoming_id=row.id, version=asked.version, remark="Đã gỡ bỏ")
    row = post.arrived(document)
    assert (row.state, row.number, row.holder_id) == ("recalled", 1, None)
    assert post.words(document)[-2:] == [("13", WHY), ("15", "Đã gỡ bỏ")]
    with unit_of_work(post.office.engine) as uow, pytest.raises(NotFound):
        incoming.find(post.scope("far_drafter"), uow.session, row.id)
    assert post.notices("clerk")[-1].startswith("Đồng ý thu hồi")


def test_refused_with_words_and_asked_again(post: Between) -> None:
    """16 carries the reason; the work goes on; a second question is a second question."""
    document = post.sent()
    post.registered(document)
    post.do("clerk", recalling.ask_recall, document_id=document, reason=WHY)
    row = post.arrived(document)
    with pytest.raises(BadInput, match="reason_needed"):
        post.do("far_clerk", recalling.refuse_recall, incoming_id=row.id, version=row.version, remark="")
    row = post.do(
        "far_clerk", recalling.refuse_recall, incoming_id=row.id, version=row.version, remark="Đã thi hành"
    )
    with pytest.raises(Missing, match="recall_asked"):
        post.do("far_clerk", recalling.agree_recall, incoming_id=row.id, version=row.version)
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Lần hai")
    assert [code for code, _why in post.words(document)] == ["01", "03", "13", "16", "13"]


def test_who_may_recall_and_what(post: Between) -> None:
    """Clerk, leader, deputy of the sender, with words, of what was issued to somebody here."""
    document, unissued, nobody = post.sent(), post.ready("far"), post.ready()
    for name, error in (("drafter", NotPermitted), ("head", NotPermitted), ("far_leader", NotFound)):
        with pytest.raises(error):
            post.do(name, recalling.ask_recall, document_id=document, reason=WHY)
    with pytest.raises(BadInput, match="reason_needed"):
        post.do("clerk", recalling.ask_recall, document_id=document, reason=" ")
    with pytest.raises(BadInput, match="exchange_reason_too_long"):
        post.do("clerk", recalling.ask_recall, document_id=document, reason="x" * 1001)
    with pytest.raises(WrongState, match="not_issued"):
        post.do("clerk", recalling.ask_recall, document_id=unissued, reason=WHY)
    post.issue(nobody)
    with pytest.raises(Missing, match="deliveries"):
        post.do("clerk", recalling.ask_recall, document_id=nobody, reason=WHY)
    assert post.do("deputy", recalling.ask_recall, document_id=document, reason=WHY) == 1


def test_a_declined_one_can_be_recalled(post: Between) -> None:
    """Back at its sender already: the receiver's row is closed for good."""
    document = post.sent()
    row = post.arrived(document)
    post.do("far_clerk", registering.decline, incoming_id=row.id, version=row.version, remark="Gửi nhầm")
    post.do("clerk", recalling.ask_recall, document_id=document, reason=WHY)
    assert [code for code, _why in post.words(document)] == ["01", "02", "13", "15"]


def test_one_that_replaces_another(post: Between) -> None:
    """It arrives with a link to the earlier row, whose agency is asked to give it back and whose handler hears."""
    post.agencies(1)
    old = post.sent("far", "x0")
    earlier = post.started(old)
    new = post.ready("far")
    said = {"kind": Kind.REPLACE, "reason": "Sai số liệu"}
    with pytest.raises(WrongState, match="correction_unissued"):
        post.says(new, **said, earlier_id=post.ready())
    with pytest.raises(NotFound):
        post.says(new, **said, earlier_id=post.sent(sender="far"))
    post.says(new, **said, earlier_id=old)
    post.issue(new)
    later = post.arrived(new)
    asked, unregistered = post.arrived(old), post.arrived(old, "x0")
    assert (asked.state, asked.recall_reason) == ("in_progress", f"Được thay thế bằng văn bản số {later.symbol}")
    assert unregistered.state == "recalled"
    assert post.notices("far_drafter")[-1].startswith("Nơi gửi đề nghị thu hồi")
    with unit_of_work(post.office.engine) as uow:
        ((relation, by, ours),) = corrections.told_of(post.scope("far_clerk"), uow.session, earlier.id)
        assert (relation.kind, by.id, ours) == ("replace", new, later.id)
        assert not corrections.told_of(post.scope("clerk"), uow.session, earlier.id)
    with pytest.raises(WrongState, match="links_fixed"):
        post.do("drafter", correcting.name_none, document_id=new)
