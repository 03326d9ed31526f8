"""Tables of one draft on either database: one set unless somebody asks for more, and the draft stays behind."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.support.former import workbook
from tests.support.papers import Papers, letter
from workflow.domain.corrections import Kind
from workflow.domain.errors import BadInput, Missing
from workflow.domain.outgoing import Action
from workflow.services.bulk import looking, running, spreading
from workflow.services.bulk.acts import Tools
from workflow.services.exchange.correcting import name_corrected
from workflow.store import bulk as store
from workflow.store.session import unit_of_work


def table(form: str, *, again: bool = False) -> spreading.Table:
    """One row with its PDF."""
    rows = [["Nơi nhận", "Trích yếu", "Tệp"], ["Thôn Một", "Giấy mời thôn Một", "1.pdf"]]
    return spreading.Table(data=workbook(rows), files={"1.pdf": letter("Giấy mời")}, form=form, again=again)


def look(papers: Papers, source: int, given: spreading.Table) -> int:
    """Send it; the run."""
    run, wrong = papers.do(spreading.look, "clerk", document_id=source, table=given, blobs=papers.blobs)
    assert wrong == []
    return int(run)


def make(papers: Papers, run: int) -> None:
    """Look at its file, say yes, make its document."""
    own: dict[str, Any] = {"scoped": False, "run_id": run}
    papers.do(looking.look_at, "clerk", place=1, blobs=papers.blobs, **own)
    papers.do(looking.settle, "clerk", **own)
    papers.do(looking.answer, "clerk", make=True, **own)
    papers.do(running.do_one, "clerk", run_id=run, place=1, tools=Tools(blobs=papers.blobs, base_url=""))
    papers.do(running.end_turn, "clerk", **own)


def counted(papers: Papers, source: int) -> tuple[int, bool, int]:
    """Documents made of a draft, whether a moment is known, lines that may still make one."""
    with unit_of_work(papers.office.engine) as uow:
        count, latest = store.standing_of(uow.session, source)
        return count, latest is not None, store.awaited_of(uow.session, source)


def test_two_windows_at_one_moment_make_one_set(papers: Papers) -> None:
    """Both forms were opened before anything was made: one table is taken, the other is told."""
    source = papers.format_check()
    runs: list[int] = []
    told: list[str] = []

    def send(form: str) -> None:
        try:
            runs.append(look(papers, source, table(form)))
        except BadInput as refused:
            told.append(refused.code)

    windows = [threading.Thread(target=send, args=(form,)) for form in ("first", "second")]
    for one in windows:
        one.start()
    for one in windows:
        one.join(60)
    assert (len(runs), told) == (1, ["spread_again"])
    assert counted(papers, source) == (0, False, 1)


def test_the_draft_stays_behind_while_what_was_made_of_it_stands(papers: Papers) -> None:
    """Neither to its signer nor to a second set by itself; what was cancelled does not count."""
    source = papers.format_check()
    make(papers, look(papers, source, table("first")))
    assert counted(papers, source) == (1, True, 0)
    with pytest.raises(Missing, match="not_spread"):
        papers.confirm_format(source)
    with pytest.raises(BadInput, match="spread_again"):
        look(papers, source, table("second"))
    make(papers, look(papers, source, table("second", again=True)))
    with unit_of_work(papers.office.engine) as uow:
        made = [
            one.id for _spread, one in store.made_of(papers.office.scope("clerk"), uow.session, source, limit=9)
        ]
    assert len(made) == 2
    for key in made:
        papers.act("clerk", key, Action.RETURN, "Thôi")
        papers.act("drafter", key, Action.CANCEL, "Thôi")
    assert counted(papers, source) == (0, False, 0)
    papers.confirm_format(source)


def test_what_corrects_another_document_is_no_pattern(papers: Papers) -> None:
    """One document corrects it, not many: said before anything is looked at."""
    old, source = papers.issued(), papers.draft()
    papers.do(name_corrected, "drafter", document_id=source, kind=Kind.CORRECT, earlier_id=old, reason="In sai")
    papers.act("drafter", source, Action.SUBMIT)
    papers.act("head", source, Action.APPROVE)
    with pytest.raises(BadInput, match="spread_corrects"):
        look(papers, source, table("first"))


def test_a_subject_whose_folded_form_is_longer_than_its_column(papers: Papers) -> None:
    """Korean syllables fall apart when they are folded; the row is made all the same."""
    source = papers.format_check()
    rows = [["Nơi nhận", "Trích yếu", "Tệp"], ["Thôn Một", "한국어" * 100, "1.pdf"]]
    given = spreading.Table(data=workbook(rows), files={"1.pdf": letter("Giấy mời")}, form="k")
    make(papers, look(papers, source, given))
    assert counted(papers, source)[0] == 1
