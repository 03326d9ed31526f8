"""Copies inside the agency after the issue: recalled, replaced, corrected; who is told and where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.exchange import Between
from tests.support.office import NOON
from tests.support.unit_copies import copy_of, look, ready
from workflow.domain.corrections import Kind
from workflow.domain.errors import WrongState
from workflow.services.exchange.recalling import ask_recall, refuse_recall
from workflow.store import corrections, deliveries
from workflow.store import unit_copies as store
from workflow.store.models import Outbox, Register, RegisterNumber
from workflow.store.session import UnitOfWork, unit_of_work


def test_a_recall_takes_copies_back(post: Between) -> None:
    """What went only to own units can be recalled too: once, with its reason; who receives hears of it."""
    document = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    post.issue(document)
    with unit_of_work(post.office.engine) as uow:
        assert store.recalled(uow.session, document) == {}
    assert post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ") == 1
    assert any("Nơi gửi đã thu hồi" in words for words in post.notices("culture_head"))
    assert not any("Nơi gửi đã thu hồi" in words for words in post.notices("head"))
    with unit_of_work(post.office.engine) as uow:
        assert '"reason":"Sai căn cứ"' in store.recalled(uow.session, document, 0)[document].body
    with pytest.raises(WrongState, match="recalled_already"):
        post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ")


def test_a_replacement_takes_copies_back(post: Between) -> None:
    """As it does with agencies: the copy counts as taken back from the issue of the later one on, and there is
    nothing left to recall inside; an amendment leaves it."""
    old = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    amended = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    for earlier, kind in ((old, Kind.REPLACE), (amended, Kind.AMEND)):
        post.issue(earlier)
        later = post.ready(secret=False, state="sealed", sealed_at=post.now)
        post.says(later, kind=kind, earlier_id=earlier, reason="Sai số liệu")
        with unit_of_work(post.office.engine) as uow:
            assert store.recalled(uow.session, old, amended).keys() == ({old} if earlier == amended else set())
        post.issue(later)
    with unit_of_work(post.office.engine) as uow:
        gone = store.recalled(uow.session, old, amended)
        told = uow.session.scalars(select(Outbox.body).where(Outbox.once_key.like("correction:%"))).all()
    assert gone.keys() == {old}
    assert sum("không sử dụng văn bản này nữa" in body for body in told) == 1
    with pytest.raises(WrongState, match="recalled_already"):
        post.do("clerk", ask_recall, document_id=old, reason="Sai căn cứ")


def test_why_a_secret_one_is_taken_back_stands_in_no_notice(post: Between) -> None:
    """Neither to the receiver and the own unit, nor in what its receiver answers the sender; of others it does."""
    for secret in (True, False):
        more = {} if secret else {"secret": False, "state": "sealed", "sealed_at": post.now}
        with unit_of_work(post.office.engine) as uow:
            before = uow.session.scalar(select(func.max(Outbox.id))) or 0
        document = post.ready("far", **more)
        with unit_of_work(post.office.engine) as uow:
            uow.begin_write()
            store.put(uow.session, document, [post.office.units["culture"]])
            uow.commit()
        post.issue(document)
        row = post.registered(document)
        post.do("clerk", ask_recall, document_id=document, reason="Lộ tên người")
        post.do("far_leader", refuse_recall, incoming_id=row.id, version=None, remark="Đã đọc tên")
        with unit_of_work(post.office.engine) as uow:
            bodies = uow.session.scalars(select(Outbox.body).where(Outbox.id > before)).all()
        said = [sum(words in body for body in bodies) for words in ("Lộ tên người", "Đã đọc tên")]
        assert [count > 0 for count in said] == [not secret] * 2, bodies


def test_what_became_of_it_is_told_to_the_unit(post: Between) -> None:
    """A later document that corrects it stands on the copy and in a notice, for who receives it alone."""
    earlier = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    post.issue(earlier)
    later = post.ready(secret=False, state="sealed", sealed_at=post.now, type_code="letter")
    post.says(later, kind=Kind.CORRECT, earlier_id=earlier, reason="Sai số")
    copy = copy_of(post, earlier)
    with unit_of_work(post.office.engine) as uow:
        assert store.marks(post.scope("culture_head"), uow.session, copy.id) == []
    post.issue(later)
    assert any("Đã được đính chính" in words for words in post.notices("culture_head"))
    with unit_of_work(post.office.engine) as uow:
        ((relation, by),) = store.marks(post.scope("culture_head"), uow.session, copy.id)
        assert (relation.reason, by.id) == ("Sai số", later)
        assert store.marks(post.scope("head"), uow.session, copy.id) == []


def numbered(uow: UnitOfWork, *documents: int) -> int:
    """Lines of the agency's register for papers that were made without one; the register's key."""
    register = uow.session.scalars(
        select(Register).where(Register.direction == "out").order_by(Register.id)
    ).first()
    assert register is not None
    uow.begin_write()
    uow.session.add_all(
        RegisterNumber(register_id=register.id, year=2026, number=place, document_id=key, drawn_at=NOON)
        for place, key in enumerate(documents, 1)
    )
    uow.flush()
    return register.id


def test_a_recall_stands_in_the_list_of_deliveries_and_in_the_register(post: Between) -> None:
    """A state of its own, seen or not, since the moment of the recall; a mark for the line of the register."""
    seen, unseen, other = (ready(post, "economy", secret=False, state="sealed", sealed_at=post.now)
                           for _number in range(3))  # fmt: skip
    for document in (seen, unseen, other):
        post.issue(document)
    look(post, seen, "head")
    taken = {}
    for document in (seen, unseen):
        post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ")
        taken[document] = post.now
    with unit_of_work(post.office.engine) as uow:

        def listed(who: str, *states: str) -> dict[int, Any]:
            wanted = deliveries.Filter(states=states)
            rows = deliveries.page(post.scope(who), uow.session, wanted=wanted)
            assert deliveries.count(post.scope(who), uow.session, wanted=wanted, cap=10) == len(rows)
            return {row.outgoing_id: row for row in rows}

        found = listed("clerk", "recalled")
        assert {key: row.since for key, row in found.items()} == taken
        assert set(listed("clerk", "seen", "unseen")) == {other}
        assert listed("far_clerk", "recalled") == {}
        span: dict[str, Any] = {"register_id": numbered(uow, seen, unseen, other), "year": 2026}
        marked = corrections.units_recalled_at(post.scope("clerk"), uow.session, **span)
        assert {row[0]: row[1] for row in marked} == taken
        assert list(corrections.units_recalled_at(post.scope("far_clerk"), uow.session, **span)) == []
        one = corrections.units_recalled_at(post.scope("clerk"), uow.session, **span, after=0, until=0)
        assert list(one) == []
