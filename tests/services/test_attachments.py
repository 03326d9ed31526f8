"""Files of their own that go with a document: kept, submitted with it, sealed each, all or none, sent along."""

from __future__ import annotations

import io
import threading
import zipfile

import pytest

from signing.testing.drafts import raw_pdf
from tests.support.attached import annex, given, held, names, sheet
from tests.support.papers import Papers
from tests.support.word_files import decision
from workflow.domain.attachments import HEAVIEST, MOST
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, WrongState
from workflow.domain.outgoing import Action
from workflow.services.documents import attachments, drafting
from workflow.services.journal import verify_subject
from workflow.store import attachments as store
from workflow.store import documents, opinions
from workflow.store.session import unit_of_work


def test_a_drafter_adds_orders_names_and_takes_off(papers: Papers) -> None:
    """Each change moves the version and is told in history and journal; what was taken off stays on record."""
    document = papers.draft(attach=[("Phụ lục I.pdf", annex()), ("Danh sách.xlsx", sheet())])
    first, second = (one.row.id for one in held(papers, document))
    assert names(papers, document) == ["Phụ lục I", "Danh sách"]
    papers.do(attachments.put_at, "drafter", place=1, **given(papers, document, second))
    papers.do(attachments.rename, "drafter", name=" Biểu  01 ", **given(papers, document, second))
    assert names(papers, document) == ["Biểu 01", "Phụ lục I"]
    before = papers.row(document, "drafter").version
    papers.do(attachments.put_at, "drafter", place=1, **given(papers, document, second))
    papers.do(attachments.rename, "drafter", name="Biểu 01", **given(papers, document, second))
    assert papers.row(document, "drafter").version == before
    papers.do(attachments.take_off, "drafter", **given(papers, document, second))
    papers.do(attachments.take_off, "drafter", **(given(papers, document, second) | {"version": 1}))
    assert [(one.row.id, one.row.place) for one in held(papers, document)] == [(first, 1)]
    with unit_of_work(papers.office.engine) as uow:
        assert [(row.id, name) for row, name in store.removed_from(uow.session, document)] == [
            (second, "Trần Văn Đức")
        ]
        assert [row.remark for row, _name in documents.history_of(uow.session, document)].count("attachments") == 5
        assert verify_subject(uow, f"outgoing:{document}").holds


def test_a_double_click_and_a_stale_form(papers: Papers) -> None:
    """The same file twice is there once; another one from a page that is old is refused and changes nothing."""
    document = papers.draft()
    version = papers.row(document, "drafter").version
    for fresh in (True, False):
        row, new = papers.do(attachments.add, "drafter", document_id=document, version=version, data=annex(),
                             filename="Phụ lục I.pdf", blobs=papers.blobs)  # fmt: skip
        assert (row.name, new) == ("Phụ lục I", fresh)
    with pytest.raises(Conflict, match="stale"):
        papers.do(attachments.add, "drafter", document_id=document, version=version, data=sheet(),
                  filename="b.xlsx", blobs=papers.blobs)  # fmt: skip
    assert names(papers, document) == ["Phụ lục I"]


@pytest.mark.tools("soffice")
def test_a_word_file_becomes_a_pdf_with_a_seal(papers: Papers) -> None:
    """Printed in the jail as drafts are; the original is kept, on either database."""
    word = decision()
    document = papers.draft(attach=[("Quy chế.docx", word)])
    (one,) = held(papers, document)
    assert (one.row.kind, one.row.media_type, one.row.pages) == ("pdf", "application/pdf", 2)
    assert papers.blobs.get(one.row.original_sha256) == word
    assert one.row.top > 800


def test_two_tabs_at_once(papers: Papers) -> None:
    """The same form sent from two threads keeps one file; two different ones keep one and tell the other."""
    document = papers.draft()
    version, came = papers.row(document, "drafter").version, []
    start = threading.Barrier(2)

    def send(data: bytes, name: str) -> None:
        start.wait()
        try:
            came.append(papers.do(attachments.add, "drafter", document_id=document, version=version, data=data,
                                  filename=name, blobs=papers.blobs)[1])  # fmt: skip
        except Conflict as stale:
            came.append(stale.code)

    for pair in (((annex(), "a.pdf"),) * 2, ((annex("II"), "b.pdf"), (annex("III"), "c.pdf"))):
        version, came[:] = papers.row(document, "drafter").version, []
        threads = [threading.Thread(target=send, args=one) for one in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, came)) == (["False", "True"] if pair[0] == pair[1] else ["True", "stale"])
    assert len(names(papers, document)) == 2


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (b"GIF89a" + bytes(40), "a.gif", "attachment_kind"),
        (b"%PDF-1.7\n" + b"x" * 200, "a.pdf", "draft_broken"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "attachment_kind"),
    ],
)
def test_what_cannot_go_along(papers: Papers, data: bytes, filename: str, code: str) -> None:
    """Opened in the jail and refused with a reason; nothing is kept."""
    document = papers.draft()
    with pytest.raises(BadInput) as refused:
        papers.attach(document, filename, data)
    assert refused.value.code == code
    assert names(papers, document) == []


def test_hostile_files_are_refused(papers: Papers) -> None:
    """A PDF with a program in it, one that is signed already, a sheet with macros: none goes along."""
    signed = papers.signed()
    with unit_of_work(papers.office.engine) as uow:
        own = papers.blobs.get(documents.find(papers.office.scope("clerk"), uow.session, signed).file_sha256 or "")
    document = papers.draft()
    for name, data, code in (
        ("a.pdf", raw_pdf(ACTING), "draft_javascript"),
        ("b.pdf", own, "draft_signed_already"),
        ("c.xlsx", with_macros(sheet()), DANGEROUS),
    ):
        with pytest.raises(BadInput) as refused:
            papers.attach(document, name, data)
        assert refused.value.code == code
    assert names(papers, document) == []


def with_macros(data: bytes) -> bytes:
    """The same spreadsheet with a program in it."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


ACTING = {
    1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
}


DANGEROUS = "attachment_dangerous"


def test_only_the_drafter_while_it_is_a_draft(papers: Papers) -> None:
    """Others, another agency and a later state are refused; of a secret paper nothing is attached."""
    document = papers.draft(attach=[("a.pdf", annex())])
    (one,) = held(papers, document)
    for who, error in (("specialist", Missing), ("leader", NotPermitted), ("far_drafter", NotFound)):
        with pytest.raises(error):
            papers.do(attachments.take_off, who, **given(papers, document, one.row.id))
    with pytest.raises(BadInput, match="secret_content_refused"):
        papers.do(drafting.revise, "drafter", document_id=document, version=papers.row(document, "drafter").version,
                  facts=drafting.DraftFacts(type_code="letter", subject="Mật", secret=True))  # fmt: skip
    secret = papers.draft(file=False, secret=True)
    with pytest.raises(BadInput, match="secret_content_refused"):
        papers.attach(secret, "a.pdf", annex())
    papers.act("drafter", document, Action.SUBMIT)
    with pytest.raises(WrongState):
        papers.attach(document, "b.pdf", annex("II"))
    with pytest.raises(WrongState):
        papers.do(attachments.rename, "drafter", name="Khác", **given(papers, document, one.row.id))
    papers.act("head", document, Action.RETURN, "Thiếu phụ lục")
    papers.attach(document, "b.pdf", annex("II"))
    assert len(names(papers, document)) == 2


def test_so_many_and_so_heavy(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of files and of bytes, each said with its figure."""
    document = papers.draft(attach=[("a.xlsx", sheet())])
    assert (MOST, HEAVIEST) == (20, 200 * 1024 * 1024)
    monkeypatch.setattr("workflow.domain.attachments.HEAVIEST", 1000)
    with pytest.raises(BadInput, match="attachment_too_heavy"):
        papers.attach(document, "b.xlsx", sheet("khác"))
    monkeypatch.undo()
    monkeypatch.setattr("workflow.domain.attachments.MOST", 1)
    with pytest.raises(BadInput, match="attachment_too_many"):
        papers.attach(document, "b.xlsx", sheet("khác"))


def test_the_slip_names_them(papers: Papers) -> None:
    """With their hashes, as they were laid before the signer."""
    document = papers.awaiting(attach=[("I.pdf", annex()), ("b.xlsx", sheet())])
    with unit_of_work(papers.office.engine) as uow:
        laid = opinions.slips_of(uow.session, document)[-1].body
    assert [(one["name"], one["file"], one["kind"]) for one in laid["attachments"]] == [
        (one.row.name, one.row.sha256, one.row.kind) for one in held(papers, document)
    ]
