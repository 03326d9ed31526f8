"""Typed words that contradict the register are answered by the clerk: before anybody signs, and at the number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.office import build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import Refused
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents import files, numbers
from workflow.services.documents.comparing import ACCEPTED, accepted_codes
from workflow.services.documents.remarks import CONTRADICTS, Typed
from workflow.store import documents as store
from workflow.store.models import Journal
from workflow.store.session import make_engine, unit_of_work

ASSETS = Path(__file__).parent.parent / "assets" / "drafts"


@pytest.fixture
def papers(sqlite_url: str, tmp_path: Path) -> Papers:
    """An office with keys."""
    engine: Engine = make_engine(sqlite_url)
    return papers_of(build(engine), open_blobs(str(tmp_path / "blobs")))


def checking(
    papers: Papers, *, type_code: str = "report", name: str = "official-letter", signer: str = "deputy",
    capacity: Capacity = Capacity.KT,
) -> int:  # fmt: skip
    """Before the clerk: a report whose draft has typed `/UBND-KT`, where the register gives `/BC-UBND`."""
    document_id = papers.draft(file=False, type_code=type_code, signer=signer, capacity=capacity)
    papers.do(files.upload_draft, "drafter", document_id=document_id, version=1,
              data=(ASSETS / f"{name}.pdf").read_bytes(), filename="a.pdf", blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    return document_id


def newest(papers: Papers, document_id: int) -> str:
    """The remark of the latest line of the history."""
    with unit_of_work(papers.office.engine) as uow:
        return str(store.history_of(uow.session, document_id)[-1][0].remark)


def test_the_clerk_is_refused_until_they_say_that_it_stays(papers: Papers) -> None:
    """Nothing is changed by the refusal; the acceptance stands in history and journal, the number asks no more."""
    document_id = checking(papers)
    with pytest.raises(Refused, match="typed_differs") as refused:
        papers.confirm_format(document_id)
    assert refused.value.details == {"differences": "“UBND-KT” ≠ “BC-UBND”"}
    assert papers.row(document_id).state == "format_check"
    papers.confirm_format(document_id, accepted=True)
    assert newest(papers, document_id) == "typed_accepted: typed_symbol_differs"
    with unit_of_work(papers.office.engine) as uow:
        body = [row.body for row in uow.session.query(Journal).order_by(Journal.id) if ":outgoing:" in row.tag][-1]
    assert "stays_as_typed" in body
    papers.sign("deputy", "leader", papers.keys.held["deputy"], document_id)
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    assert papers.row(document_id).symbol == "01/BC-UBND"


def test_a_paper_that_comes_back_is_compared_anew(papers: Papers) -> None:
    """The acceptance was for that file and that moment."""
    document_id = checking(papers)
    papers.confirm_format(document_id, accepted=True)
    papers.act("clerk", document_id, Action.WITHDRAW, "Xem lại ký hiệu")
    with pytest.raises(Refused, match="typed_differs"):
        papers.confirm_format(document_id)


def test_where_all_agrees_nothing_is_asked_or_written(papers: Papers) -> None:
    """The usual road needs no tick, and a needless one leaves no trace."""
    document_id = checking(papers, type_code="letter")
    papers.confirm_format(document_id, accepted=True)
    assert newest(papers, document_id) == ""


def test_the_day_that_changes_before_the_number_is_asked_then(papers: Papers) -> None:
    """Typed and checked in November, numbered in December: refused, then accepted at the number."""
    document_id = checking(papers, type_code="notice", name="notice", signer="leader", capacity=Capacity.TM)
    papers.confirm_format(document_id)
    papers.sign("leader", "leader", papers.keys.held["leader"], document_id)
    papers.now += dt.timedelta(days=9)
    with pytest.raises(Refused, match="typed_differs"):
        papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    papers.do(numbers.number, "clerk", document_id=document_id, version=None, accepted=True)
    assert (papers.row(document_id).number, newest(papers, document_id)) == (
        1, "typed_accepted: typed_date_differs"
    )  # fmt: skip


def test_what_people_write_is_no_acceptance() -> None:
    """Only our own words, with codes that exist."""
    assert accepted_codes(f"{ACCEPTED} {Typed.NUMBER} {Typed.NAME_DIFFERS}") == (Typed.NUMBER, Typed.NAME_DIFFERS)
    assert accepted_codes(f"{ACCEPTED} nothing_of_ours") == accepted_codes("Đã xem") == ()


def test_spelling_and_room_are_advice_only() -> None:
    """They make no paper contradict its register."""
    advice = {Typed.NAME_SPELLING, Typed.LITTLE_ROOM, Typed.BLANK_NARROW, Typed.LINES_APART, Typed.DOTS}
    assert set(Typed) - CONTRADICTS == advice
