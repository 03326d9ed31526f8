"""Asking, answering and the submission slip in the browser's words; who is not asked finds nothing."""

from __future__ import annotations

import datetime as dt
import re

import pypdfium2 as pdfium
import pytest

from tests.support.browser import Browser
from tests.support.office import Office
from tests.support.papers import Papers, letter
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action
from workflow.services.documents import commenting, files
from workflow.services.journal import record_document
from workflow.services.opinions import answering, asking, slips
from workflow.store import opinions as store
from workflow.store.models import Outgoing, SubmissionSlip
from workflow.store.session import unit_of_work


def present(papers: Papers, document_id: int) -> str:
    with unit_of_work(papers.office.engine) as uow:
        file = store.draft_file(uow.session, document_id)
        assert file is not None
        return file.sha256


@pytest.fixture
def asked(papers: Papers, office: Office) -> tuple[int, int, int]:
    """A draft with a coordinating unit and a person asked: (document, initials, opinion)."""
    document = papers.draft()
    to = [
        asking.To(kind=Kind.INITIALS, unit_id=office.units["culture"]),
        asking.To(post_id=office.posts["clerk"].id),
    ]
    rows = papers.do(
        asking.ask, "drafter", document_id=document, to=to, question="Mức phạt đúng chưa?", due_on=None
    )
    return document, rows[0].id, rows[1].id


def test_asked_answered_and_decided(client: Browser, office: Office, papers: Papers) -> None:
    """The drafter ticks and asks, the head answers on their page, the slip says it where the leader decides."""
    document = papers.draft()
    client.login("drafter")
    address = f"/outgoing/{document}/opinions"
    assert "Đơn vị phối hợp" in client.get(address).text
    to = {"initials": str(office.units["culture"]), "people": str(office.posts["clerk"].id)}
    refused = client.post(address, data={**to, "question": "", "due": "24/11/2026"})
    assert refused.status_code == 422
    assert "Chưa ghi nội dung lấy ý kiến" in refused.text
    assert refused.text.count(" checked") == 2
    assert client.post(address, data={**to, "question": "Mức phạt?", "due": "24/11/2026"}).status_code == 303
    words = {"basis": "Luật 20/2023/QH15", "proposal": "Kính trình ký trước ngày 25/11."}
    assert client.post(f"/outgoing/{document}/slip", data=words).status_code == 303
    papers.act("drafter", document, Action.SUBMIT)
    desk = client.login("culture_head").get("/desk").text
    assert "Mức phạt?" in desk
    page = client.get("/opinions/1")
    assert "/opinions/1/pages/1.webp" in page.text
    assert client.get("/opinions/1/pages/1.webp").mimetype == "image/webp"
    assert client.get(f"/outgoing/{document}").status_code == 404, "being asked opens the text, not the document"
    given = {"verdict": "agree_with_remarks", "seen": present(papers, document)}
    wordless = client.post("/opinions/1", data=given)
    assert (wordless.status_code, wordless.text.count(" checked")) == (422, 1)
    given["words"] = "Bỏ câu cuối"
    assert [client.post("/opinions/1", data=given).status_code for _twice in range(2)] == [303, 303]
    assert "Mức phạt?" not in client.get("/desk").text
    papers.act("head", document, Action.APPROVE)
    papers.confirm_format(document)
    client.login("leader")
    page = client.get(f"/outgoing/{document}").text
    for said in ("Phiếu trình", "Kính trình ký trước ngày 25/11.", "Bỏ câu cuối", "Chưa trả lời", "Luật 20/2023"):
        assert said in page
    assert f"/outgoing/{document}/slip" in client.get(f"/sign?documents={document}").text
    slip = client.get(f"/outgoing/{document}/slip").text
    assert "lần 2" in slip
    assert "Chưa trả lời" in slip
    text = pdfium.PdfDocument(client.get(f"/outgoing/{document}/slip.pdf").data)[0].get_textpage().get_text_range()
    for said in ("PHIẾU TRÌNH", "Bỏ câu cuối", "Kính trình ký trước ngày 25/11.", "Đỗ Văn Phúc"):
        assert said in re.sub(r"\s+", " ", text)


def test_approval_says_who_is_missing_and_how_to_go_on(
    client: Browser, papers: Papers, asked: tuple[int, int, int]
) -> None:
    """The button is closed with its reason; the head takes the silent unit back, and it opens."""
    document, initials, _opinion = asked
    papers.act("drafter", document, Action.SUBMIT)
    client.login("head")
    page = client.get(f"/outgoing/{document}").text
    assert "Chưa đủ đơn vị phối hợp ký nháy" in page
    assert "Phòng Văn hóa" in page
    address = f"/outgoing/{document}/opinions/{initials}/withdraw"
    empty = client.post(address, data={"reason": ""})
    assert empty.status_code == 422
    assert client.post(address, data={"reason": "Trưởng phòng đi vắng"}).status_code == 303
    assert "Trưởng phòng đi vắng" in client.get(f"/outgoing/{document}").text, "the slip before the head says so"
    assert "Chưa đủ đơn vị phối hợp ký nháy" not in client.get(f"/outgoing/{document}").text


def test_a_newer_file_is_said_on_the_page(client: Browser, papers: Papers, asked: tuple[int, int, int]) -> None:
    """Void initials are shown so; who answers on the old text is told that a new one came, words kept."""
    document, initials, opinion = asked
    seen = present(papers, document)
    papers.do(answering.answer, "culture_head", request_id=initials, verdict=Verdict.AGREE, words="", seen=seen)
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=papers.row(document).version,
        data=letter("V/v phòng chống bão số 10"), filename="cv.pdf", blobs=papers.blobs,
    )  # fmt: skip
    page = client.login("drafter").get(f"/outgoing/{document}/opinions").text
    assert "Dự thảo hoặc tệp kèm theo đã thay đổi: chữ ký nháy" in page
    stale = client.login("clerk").post(
        f"/opinions/{opinion}", data={"verdict": "disagree", "words": "Sai căn cứ", "seen": seen}
    )
    assert stale.status_code == 409
    assert "Sai căn cứ" in stale.text


def test_taken_back_it_shows_no_more_of_the_draft(
    client: Browser, papers: Papers, asked: tuple[int, int, int]
) -> None:
    """Whoever was asked reads that it was taken back and why; what the draft says now is not theirs to follow."""
    _document, initials, _opinion = asked
    subject = papers.row(asked[0]).subject
    assert subject in client.login("culture_head").get(f"/opinions/{initials}").text
    papers.do(asking.withdraw, "drafter", request_id=initials, reason="Không liên quan")
    page = client.get(f"/opinions/{initials}").text
    assert "Không liên quan" in page
    assert subject not in page


def test_who_is_not_asked_finds_nothing(client: Browser, office: Office, asked: tuple[int, int, int]) -> None:
    """Another unit's people and another agency: the same 404 everywhere, no row at the desk."""
    document, initials, opinion = asked
    given = {"verdict": "agree", "seen": "0" * 64}
    for who in ("lone_drafter", "far_leader", "far_clerk"):
        client.login(who)
        for address in (
            f"/opinions/{initials}", f"/opinions/{opinion}/pages/1.webp", f"/outgoing/{document}/opinions",
            f"/outgoing/{document}/slip", f"/outgoing/{document}/slip.pdf", "/opinions/999999",
        ):  # fmt: skip
            assert client.get(address).status_code == 404, (who, address)
        assert client.post(f"/opinions/{initials}", data=given).status_code == 404
        assert "Mức phạt" not in client.get("/desk").text
    client.login("culture_head")
    assert client.get(f"/opinions/{initials}").status_code == 200
    assert client.get(f"/opinions/{opinion}").status_code == 404, "what others are asked is theirs"
    assert client.get(f"/outgoing/{document}/slip").status_code == 404
    ask = {"initials": str(office.units["office"])}
    assert client.login("specialist").post(f"/outgoing/{document}/opinions", data=ask).status_code == 403
    page = client.login("leader").get(f"/opinions/{initials}").text
    assert 'name="verdict"' not in page, "a leader reads it; the unit's head answers"
    assert client.post(f"/opinions/{initials}", data=given).status_code == 403


def test_a_slip_changed_in_the_database_is_told(client: Browser, papers: Papers) -> None:
    """Words and the hash beside them were changed together: the journal still holds the hash of what was laid."""
    document = papers.draft(subject="V/v mức phạt 5 triệu")
    papers.act("drafter", document, Action.SUBMIT)
    client.login("head")
    told = "không khớp mã băm trong nhật ký"
    path = f"/outgoing/{document}/slip?at=1"
    assert told not in client.get(path).text
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        (row,) = store.slips_of(uow.session, document)
        uow.session.connection().exec_driver_sql("DROP TRIGGER tr_submission_slip_update")
        row.body = row.body | {"subject": "V/v mức phạt 50 triệu"}
        row.digest = slips.digest_of(row.body)
        uow.commit()
    page = client.get(path).text
    assert "mức phạt 50 triệu" in page
    assert told in page


def newer(papers: Papers, document: int, subject: str) -> None:
    """Another file of the drafter's, a minute later."""
    papers.now += dt.timedelta(minutes=1)
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=papers.row(document).version,
        data=letter(subject), filename="cv.pdf", blobs=papers.blobs,
    )  # fmt: skip


def initial(papers: Papers, request: int, who: str = "culture_head", words: str = "") -> None:
    """A unit's head puts their initials to the present text."""
    with unit_of_work(papers.office.engine) as uow:
        _asked, document = store.find(papers.office.scope(who), uow.session, request)
    verdict = Verdict.AGREE_WITH_REMARKS if words else Verdict.AGREE
    given = {"request_id": request, "verdict": verdict, "words": words, "seen": present(papers, document.id)}
    papers.do(answering.answer, who, **given)


def test_one_file_has_one_number_everywhere(client: Browser, papers: Papers, asked: tuple[int, int, int]) -> None:
    """On the strip, in the history, among versions, beside comments, initials and opinions, on the slip: a draft
    that came after its upload is the second file, and the next one the fourth."""
    document, initials, _opinion = asked
    initial(papers, initials)
    newer(papers, document, "V/v phòng chống bão số 10")
    initial(papers, initials)
    papers.do(commenting.comment, "drafter", document_id=document, ordinal=4, words="Xem lại mục 2.")
    papers.act("drafter", document, Action.SUBMIT)
    client.login("head")
    pages = {
        "": ("Bản 4: Dự thảo", "kèm tệp mới: bản 4", 'Dự thảo</dt><dd class="lines">bản 4'),
        "/versions": ("Bản 2: Dự thảo", "Bản 4: Dự thảo</option>", "Bản 4: Dự thảo</p>"),
        "/opinions": ("bản 2", "bản 4"),
        "/slip": ("bản 2", "bản 4"),
    }
    for path, told in pages.items():
        page = re.sub(
            r", \d\d:\d\d \d\d/\d\d/\d{4}(?=</option>)", "", client.get(f"/outgoing/{document}{path}").text
        )
        for words in told:
            assert words in page, (path, words)
        assert not re.search(r"[Bb]ản [135]\b", page.replace("Bản 1: ", "").replace("Bản 3: ", "")), path


def test_a_slip_kept_before_files_had_one_number_is_shown_alike(client: Browser, papers: Papers) -> None:
    """It counted drafts and named no file of an opinion; it is shown with the files' numbers, stays as it was laid,
    and still gives the hash that the journal holds."""
    document = papers.draft()
    to = [asking.To(kind=Kind.INITIALS, unit_id=papers.office.units["culture"]),
          asking.To(post_id=papers.office.posts["clerk"].id)]  # fmt: skip
    given = {"document_id": document, "to": to, "question": "Đúng chưa?", "due_on": None}
    initials, opinion = (row.id for row in papers.do(asking.ask, "drafter", **given))
    papers.do(
        answering.answer,
        "clerk",
        request_id=opinion,
        verdict=Verdict.NONE,
        words="",
        seen=present(papers, document),
    )
    newer(papers, document, "V/v phòng chống bão số 11")
    initial(papers, initials)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Outgoing, document)
        body = slips.body_of(uow, row, now=papers.now)
        assert [one.pop("file") for one in body["initials"]] == [4]
        assert [one.pop("file") for one in body["opinions"]] == [4, 2]
        body["initials"] = [one | {"version": 2} for one in body["initials"]]
        digest = slips.digest_of(body)
        uow.add(
            SubmissionSlip(
                document_id=document, ordinal=1, at=papers.now, to_state="in_review", body=body, digest=digest
            )
        )
        told = {"slip": 1, "slip_digest": digest}
        record_document(
            uow, row, tag="document:slip:laid", facts=told, actor=papers.office.actor("drafter"), now=papers.now
        )
        uow.commit()
    page = client.login("head").get(f"/outgoing/{document}/slip?at=1").text
    assert "bản 4" in page
    assert "ở bản 2 (bản trước)" in page
    assert "không khớp mã băm" not in page
    with unit_of_work(papers.office.engine) as uow:
        (kept,) = store.slips_of(uow.session, document)
        assert kept.body == body


def test_who_is_asked_again_sees_what_changed(client: Browser, papers: Papers, asked: tuple[int, int, int]) -> None:
    """Their own earlier answer, the words that changed since, both versions' pages, and no other version; whoever
    reads the document compares there; nobody else finds anything."""
    document, initials, _opinion = asked
    initial(papers, initials, words="Bỏ câu cuối")
    path = f"/opinions/{initials}"
    assert client.login("culture_head").get(f"{path}/changes").status_code == 404, "nothing came since"
    newer(papers, document, "V/v phòng chống bão số 10")
    assert "đề nghị ký nháy lại" in client.get("/desk").text
    page = client.get(path).text
    for words in (
        "Thay đổi kể từ lần trả lời ở bản 2",
        "Nay là bản 4",
        "Bỏ câu cuối",
        "<ins>",
        f'href="{path}/changes"',
    ):
        assert words in page, words
    page = client.get(f"{path}/changes?page=9&part=²").text
    for words in ("Bỏ câu cuối", "<del>", f"{path}/pages/1.webp?of=earlier", f'"{path}/pages/1.webp"'):
        assert words in page, words
    first, second = (client.get(f"{path}/pages/1.webp{of}") for of in ("?of=earlier", ""))
    assert (first.mimetype, second.mimetype, first.data != second.data) == ("image/webp", "image/webp", True)
    assert client.get(f"/outgoing/{document}/versions").status_code == 404
    assert f"/outgoing/{document}/versions?" not in page
    for who in ("far_clerk", "lone_drafter"):
        client.login(who)
        assert [client.get(f"{path}{more}").status_code for more in ("/changes", "/pages/1.webp?of=earlier")] == [
            404
        ] * 2
    compared = f"/outgoing/{document}/versions?from=2&amp;to=4"
    for where in (f"/outgoing/{document}", f"/outgoing/{document}/opinions"):
        assert compared in client.login("drafter").get(where).text
    papers.do(asking.withdraw, "drafter", request_id=initials, reason="Không cần nữa")
    client.login("culture_head")
    assert [client.get(f"{path}{more}").status_code for more in ("/changes", "/pages/1.webp?of=earlier")] == [
        404
    ] * 2


def test_an_opinion_asked_for_anew_stands_beside_the_first(
    client: Browser, papers: Papers, asked: tuple[int, int, int]
) -> None:
    """A new request about a newer text shows what the same person said of the one before."""
    document, _initials, opinion = asked
    seen = present(papers, document)
    papers.do(
        answering.answer, "clerk", request_id=opinion, verdict=Verdict.DISAGREE, words="Sai căn cứ", seen=seen
    )
    newer(papers, document, "V/v phòng chống bão số 12")
    to = [asking.To(post_id=papers.office.posts[name].id) for name in ("clerk", "specialist")]
    given = {"document_id": document, "to": to, "question": "Nay đúng chưa?", "due_on": None}
    again, others = (row.id for row in papers.do(asking.ask, "drafter", **given))
    page = client.login("clerk").get(f"/opinions/{again}").text
    for words in ("Sai căn cứ", "Thay đổi kể từ lần trả lời ở bản 2", "<ins>"):
        assert words in page, words
    assert f"/outgoing/{document}/versions?from=2&amp;to=4" in client.get(f"/opinions/{again}/changes").text
    assert "Sai căn cứ" not in client.login("specialist").get(f"/opinions/{others}").text
    assert client.get(f"/opinions/{others}/changes").status_code == 404


def test_who_decides_again_sees_what_changed(client: Browser, papers: Papers) -> None:
    """A head who gave a draft back reads their reason beside what the next version says otherwise."""
    document = papers.in_review()
    papers.act("head", document, Action.RETURN, "Sửa số của cơn bão")
    client.login("head")
    newer(papers, document, "V/v phòng chống bão số 13")
    link = f"/outgoing/{document}/versions?from=2&amp;to=4"
    assert link not in client.get(f"/outgoing/{document}").text, "it is not their turn"
    papers.act("drafter", document, Action.SUBMIT)
    page = client.get(f"/outgoing/{document}").text
    before = page.partition(link)[0]
    assert "khi đó là bản 2. Nay là bản 4." in before
    assert "Sửa số của cơn bão" in page.partition(link)[2].partition("</div>")[0]
    assert "khi đó là bản" not in client.login("drafter").get(f"/outgoing/{document}").text
