"""Words of what goes with a document are found as its own are: by whom it is within reach, while it is attached."""

from __future__ import annotations

import importlib
import zipfile
from io import BytesIO

from sqlalchemy import select, text

from tests.support.attached import annex
from tests.support.exchange import Between
from tests.support.office import NOON
from tests.support.papers import Papers
from tests.support.statements import statements
from workflow.adapters import file_text, xlsx_export
from workflow.domain.search import PART, Asked, found_in, plain, read_query
from workflow.services import search
from workflow.services.documents import acts, attachments
from workflow.store import search_rows
from workflow.store.models import SearchText
from workflow.store.search import Narrowed
from workflow.store.session import unit_of_work

revision = importlib.import_module("workflow.store.migrations.versions.0020_attachments_looked_after")
POOR = "Danh sách hộ nghèo"


def table(*rows: tuple[str, ...]) -> bytes:
    """A spreadsheet of some rows."""
    sheet = xlsx_export.Sheet("Biểu 1", ["STT", "Họ và tên"], [list(row) for row in rows], [6, 30])
    return xlsx_export.to_xlsx([sheet], title="Biểu", author="Trần Văn Đức", made_at=NOON)


def index_all(papers: Papers) -> None:
    """What the job does, to its end."""
    with unit_of_work(papers.office.engine) as uow:
        batch = search.next_waiting(uow, now=papers.now, limit=100)
    for _key, kind, document_id in batch:
        with unit_of_work(papers.office.engine) as uow:
            unread = search.unread_files(uow, kind, document_id)
        for sha256 in unread:
            with unit_of_work(papers.office.engine) as uow:
                search.read_file(uow, sha256, blobs=papers.blobs, now=papers.now)
                uow.commit()
        with unit_of_work(papers.office.engine) as uow:
            search.finish(uow, kind, document_id)
            uow.commit()


def found(papers: Papers, words: str, who: str = "clerk") -> list[tuple[str, int, str]]:
    """(kind, document, attachment that the words stand in) of what a person finds."""
    with unit_of_work(papers.office.engine) as uow:
        answer = search.search(uow, papers.office.scope(who), words, narrowed=Narrowed(), limit=50)
        return [(row.kind, row.document_id, place(row.text, answer.asked)) for row in answer.rows] if answer else []


def place(text: str, asked: Asked) -> str:
    """Where the words stand."""
    return found_in("\n".join(text.split("\n")[2:]), asked)[0]


def test_words_of_attachments_are_found_within_reach(papers: Papers) -> None:
    """Of a PDF and of a spreadsheet, exactly and without accents, with the attachment that they stand in; by nobody
    else. Its name is found at once, its words when the job has read it."""
    first = [("Phụ lục.pdf", annex("Xã Mường Lò khảo sát")), (f"{POOR}.xlsx", table(("1", "Lò Thị Ửng")))]
    document = papers.draft(attach=first)
    assert found(papers, "mường lò") == []
    assert [row[1] for row in found(papers, "hộ nghèo")] == [document]
    index_all(papers)
    for words in ("Mường Lò", "muong lo khao sat", '"Mường Lò khảo"'):
        assert found(papers, words) == [("out", document, "Phụ lục")]
    for words in ("lò thị ửng", "lo thi ung"):
        assert found(papers, words) == [("out", document, POOR)]
    assert found(papers, "lò thị ưng") == []
    assert found(papers, "bão số 9") == [("out", document, "")]
    for words in ("mường lò", "lò thị ửng", "hộ nghèo"):
        assert found(papers, words, "far_clerk") == found(papers, words, "lone_drafter") == []


def test_what_is_taken_off_or_renamed_is_found_no_more(papers: Papers) -> None:
    """With the very act, not with the job's next turn; another attachment's words stay."""
    document = papers.draft(attach=[("Phụ lục I.pdf", annex("Mường Lò")), ("Phụ lục II.pdf", annex("Nậm Pồ"))])
    index_all(papers)
    assert found(papers, "mường lò") == [("out", document, "Phụ lục I")]
    with unit_of_work(papers.office.engine) as uow:
        first, second = attachments.told_of(uow, papers.row(document, "drafter"))

    def given(one: dict[str, object]) -> dict[str, object]:
        version = papers.row(document, "drafter").version
        return {"document_id": document, "attachment_id": one["attachment"], "version": version}

    papers.do(attachments.take_off, "drafter", **given(first))
    assert found(papers, "mường lò") == []
    papers.do(attachments.rename, "drafter", name="Biểu tổng hợp", **given(second))
    assert found(papers, "nậm pồ") == [("out", document, "Biểu tổng hợp")]
    assert found(papers, "phụ lục") == []


def test_recipients_find_them_until_it_is_recalled(papers: Papers) -> None:
    """What was sent is read there like any file that came, spreadsheets too."""
    far = papers.office.units["far"]
    document = papers.sealed(
        to=(far,), attach=[("I.pdf", annex("Mường Lò")), ("b.xlsx", table(("1", "Lò Thị Ửng")))]
    )
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    arrived = Between(papers.office).arrived(document).id
    index_all(papers)
    for words in ("mường lò", "lò thị ửng"):
        assert [row[:2] for row in found(papers, words, "far_clerk")] == [("in", arrived)]


def test_a_scan_that_was_read_lets_its_document_wait(papers: Papers) -> None:
    """OCR of an attachment comes later; what was taken off waits for nothing."""
    document = papers.draft(attach=[("I.pdf", annex("Mường Lò"))])
    index_all(papers)
    with unit_of_work(papers.office.engine) as uow:
        (one,) = attachments.told_of(uow, papers.row(document, "drafter"))
    for wanted in (True, False):
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            search_rows.let_wait(uow.session, str(one["file"]))
            uow.commit()
            assert uow.session.scalars(select(SearchText.waiting)).all() == [wanted]
        index_all(papers)
        if wanted:
            version = papers.row(document, "drafter").version
            papers.do(
                attachments.take_off, "drafter", document_id=document, attachment_id=one["attachment"],
                version=version,
            )  # fmt: skip


def test_no_more_statements_for_many_attachments(papers: Papers) -> None:
    """A document's row is written by as many statements with six as with one and with none."""

    def sent(document_id: int) -> int:
        with unit_of_work(papers.office.engine) as uow, statements(papers.office.engine) as counted:
            uow.begin_write()
            search.write(uow, "out", document_id)
        return len(counted)

    made = [papers.draft(attach=[(f"{n}.pdf", annex(str(n))) for n in range(many)]) for many in (0, 1, 6)]
    index_all(papers)
    assert len({sent(document_id) for document_id in made}) == 1


def test_the_first_part_that_holds_the_words_is_told() -> None:
    """`found_in` tells the first part that holds the words; a file cannot pretend to be another one."""
    kept = f"Kính gửi các thôn\n{PART}Phụ lục I\nMường Lò\n{PART}Phụ lục II\nNậm Pồ Mường Lò"
    for words, where in (("các thôn", ""), ("mường lò", "Phụ lục I"), ("nậm", "Phụ lục II"), ("phụ lục", "")):
        assert found_in(kept, read_query(words)[0])[0] == where
    assert PART not in plain(f"a{PART}Giả\nb")


def test_a_table_that_is_none_says_nothing() -> None:
    """A ZIP, a locked or broken book: unreadable, never an error. Hidden sheets are not read."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "Mường Lò")
    for data in (packed.getvalue(), table(("1", "a"))[:-200], b"PK\x03\x04"):
        assert file_text.read(data).state == "unreadable"
    says = file_text.read(table(("1", "Lò Thị Ửng"), ("2", "Giàng A Páo")))
    assert (says.state, says.bare) == ("read", ())
    assert "1 Lò Thị Ửng\n2 Giàng A Páo" in says.text()


def test_the_upgrade_lets_documents_with_attachments_wait(papers: Papers) -> None:
    """Those that have any now; a draft without, and one whose attachment was taken off, are left alone."""
    papers.draft()
    document = papers.draft(attach=[("I.pdf", annex("Mường Lò"))])
    index_all(papers)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(text(revision.WAIT))
        waits = uow.session.execute(select(SearchText.document_id).where(SearchText.waiting)).all()
        uow.commit()
    assert [row.document_id for row in waits] == [document]
