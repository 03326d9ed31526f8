"""Who is told that initials do not hold any more: the head of the coordinating unit, once, and nobody else."""

from __future__ import annotations

from sqlalchemy import select

from tests.support.attached import BOTH
from tests.support.office import Office
from tests.support.papers import Papers, letter
from workflow.domain.opinions import Kind, Verdict
from workflow.services.documents import attachments, files
from workflow.services.opinions import answering, asking, voiding
from workflow.services.opinions.asking import To
from workflow.store import attachments as attached
from workflow.store import opinions as store
from workflow.store.models import Outbox, Outgoing
from workflow.store.session import unit_of_work


def told(papers: Papers, who: str) -> list[Outbox]:
    """What somebody was told about initials that are void."""
    person = papers.office.posts[who].person_id
    with unit_of_work(papers.office.engine) as uow:
        query = select(Outbox).where(Outbox.person_id == person, Outbox.once_key.like("initials_void:%"))
        return list(uow.session.scalars(query.order_by(Outbox.id)))


def initialled(papers: Papers, *units: tuple[str, str], **facts: object) -> tuple[int, list[int]]:
    """A draft that the heads of some units initialled: (document, requests)."""
    document = papers.draft(**facts)
    to = [To(kind=Kind.INITIALS, unit_id=papers.office.units[unit]) for unit, _head in units]
    rows = papers.do(asking.ask, "drafter", document_id=document, to=to, question="", due_on=None)
    for row, (_unit, head) in zip(rows, units, strict=True):
        initial(papers, document, row.id, head)
    return document, [row.id for row in rows]


def initial(papers: Papers, document: int, request: int, head: str) -> None:
    """A head puts their name to the present text."""
    with unit_of_work(papers.office.engine) as uow:
        seen = store.present_text(uow.session, document) or ""
    papers.do(answering.answer, head, request_id=request, verdict=Verdict.AGREE, words="", seen=seen)


def upload(papers: Papers, document: int, words: str) -> None:
    """Another file by the drafter."""
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=papers.row(document).version,
        data=letter(words), filename="moi.pdf", blobs=papers.blobs,
    )  # fmt: skip


def test_a_new_file_is_told_to_whose_initials_it_voids(papers: Papers) -> None:
    """Each coordinating head once, however often the file changes; again after they initialled again."""
    document, (culture, office) = initialled(papers, ("culture", "culture_head"), ("office", "chief"))
    assert told(papers, "culture_head") == []
    upload(papers, document, "Bản hai")
    upload(papers, document, "Bản ba")
    for who, request in (("culture_head", culture), ("chief", office)):
        (note,) = told(papers, who)
        assert (note.subject, note.link) == ("Đề nghị ký nháy lại", f"/opinions/{request}")
        assert note.body.startswith(papers.row(document).subject)
    for who in ("head", "drafter", "specialist", "clerk", "leader", "deputy", "far_clerk"):
        assert told(papers, who) == [], who
    initial(papers, document, culture, "culture_head")
    upload(papers, document, "Bản bốn")
    assert (len(told(papers, "culture_head")), len(told(papers, "chief"))) == (2, 1)


def test_attachments_void_them_too(papers: Papers) -> None:
    """One added, one renamed, one taken off: told once; the same name again changes nothing."""
    document, (request,) = initialled(papers, ("culture", "culture_head"), attach=BOTH)
    with unit_of_work(papers.office.engine) as uow:
        row = attached.of_document(uow.session, document)[0]
    given = {"document_id": document, "attachment_id": row.id}
    papers.do(
        attachments.rename, "drafter", **given, version=papers.row(document).version, name=row.name
    )  # fmt: skip
    assert told(papers, "culture_head") == []
    papers.do(attachments.take_off, "drafter", **given, version=papers.row(document).version)
    (note,) = told(papers, "culture_head")
    assert note.link == f"/opinions/{request}"


def test_who_never_initialled_or_was_let_go_hears_nothing(papers: Papers) -> None:
    """An open request waits as before; one taken back waits for nobody."""
    document, (request,) = initialled(papers, ("culture", "culture_head"))
    to = [To(kind=Kind.INITIALS, unit_id=papers.office.units["office"])]
    papers.do(asking.ask, "drafter", document_id=document, to=to, question="", due_on=None)
    papers.do(asking.withdraw, "drafter", request_id=request, reason="Không cần nữa")
    upload(papers, document, "Bản hai")
    assert told(papers, "culture_head") == told(papers, "chief") == []


def test_the_notice_says_how_urgent_and_nothing_of_what_is_secret(papers: Papers, office: Office) -> None:
    """No file of a secret is kept, so that nobody initials one here; should one be called so meanwhile, it is not
    named."""
    document, _requests = initialled(papers, ("culture", "culture_head"), subject="V/v chuyện kín", attach=BOTH)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Outgoing, document)
        row.urgency, row.secret, row.file_sha256 = "urgent", True, None
        held = voiding.holding(uow, row)
        gone = attached.of_document(uow.session, document)[0]
        gone.removed_at, gone.removed_by_id = papers.now, row.drafter_id
        voiding.tell(uow, office.actor("drafter"), row, held, now=papers.now)
        uow.commit()
    (note,) = told(papers, "culture_head")
    assert note.subject == "Đề nghị ký nháy lại (khẩn)"
    assert note.body.startswith("Văn bản mật\n")
    assert "chuyện kín" not in note.body
