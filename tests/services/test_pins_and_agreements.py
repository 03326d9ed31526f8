"""Pinned remarks and agreements under races and at both databases' hands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.papers import Papers
from workflow.domain.errors import NotFound, WrongState
from workflow.services.documents import agreeing, commenting
from workflow.store import agreements, drafting
from workflow.store.session import unit_of_work


def test_ten_taps_at_once_are_one(papers: Papers) -> None:
    """Ten agreements and ten remarks at the same moment: one of each, on either database."""
    document_id = papers.awaiting()
    row = papers.row(document_id)
    with unit_of_work(papers.office.engine) as uow:
        ordinal = agreeing._present_file(uow, row)
    spot = commenting.Spot(page=1, x=100.25, y=200.5)

    def tap(_n: int) -> None:
        papers.do(agreeing.agree, "leader", document_id=document_id, version=row.version)
        papers.do(commenting.pin, "leader", document_id=document_id, ordinal=ordinal, words="Sửa", spot=spot)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(tap, range(10)))
    with unit_of_work(papers.office.engine) as uow:
        leader = papers.office.posts["leader"].person_id
        assert len(agreements.of_document(uow.session, document_id)) == 1
        assert agreements.given(uow.session, [document_id], person_id=leader) == {(document_id, row.version)}
        (pin,) = drafting.pins(uow.session, document_id)
        assert (pin.number, pin.x, pin.y, pin.row.page) == (1, 100.25, 200.5, 1)
        assert drafting.open_pins(uow.session, document_id) == [pin.row.id]
    papers.do(agreeing.take_back, "leader", document_id=document_id, version=row.version)
    papers.do(agreeing.take_back, "leader", document_id=document_id, version=row.version)
    papers.do(agreeing.agree, "leader", document_id=document_id, version=row.version)
    with unit_of_work(papers.office.engine) as uow:
        assert [one.withdrawn_at is None for one, _name in agreements.of_document(uow.session, document_id)] == [
            False, True,
        ]  # fmt: skip


def test_pins_end_with_the_signature_and_reach_nobody_elsewhere(papers: Papers) -> None:
    """A signed paper takes no remark; another agency's people do not find it."""
    document_id = papers.signed()
    spot = commenting.Spot(page=1, x=1, y=1)
    with pytest.raises(WrongState, match="comments_closed"):
        papers.do(commenting.pin, "leader", document_id=document_id, ordinal=2, words="Sửa", spot=spot)
    with pytest.raises(NotFound):
        papers.do(commenting.pin, "far_leader", document_id=document_id, ordinal=2, words="Sửa", spot=spot)
