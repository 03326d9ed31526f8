"""What a draft has typed already is shown at its boxes, may be drawn anyway, and is told where it does not fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents import drafting, files, numbers
from workflow.services.documents.remarks import Typed
from workflow.store import documents as store
from workflow.store.session import unit_of_work
from workflow.web.typed_words import SENTENCES

LETTER = Path(__file__).parents[2] / "assets" / "drafts" / "official-letter.pdf"


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Words are compared in English."""
    client.set_cookie("trinhky_language", "en")


def typed_letter(papers: Papers, *, signer: str = "deputy", capacity: Capacity = Capacity.KT) -> int:
    """A draft with the deputy's block, number and date typed."""
    document_id = papers.draft(file=False, signer=signer, capacity=capacity)
    papers.do(files.upload_draft, "drafter", document_id=document_id, version=1, data=LETTER.read_bytes(),
              filename="cv.pdf", blobs=papers.blobs)  # fmt: skip
    return document_id


def unsigned(papers: Papers) -> int:
    """A draft with its file, and nobody named to sign it."""
    facts = drafting.DraftFacts(type_code="letter", subject="V/v chưa có người ký")
    made = papers.do(drafting.create, "drafter", scoped=False, facts=facts)
    papers.do(files.upload_draft, "drafter", document_id=made.id, version=1, data=LETTER.read_bytes(),
              filename="cv.pdf", blobs=papers.blobs)  # fmt: skip
    return int(made.id)


def sent(page: str, **more: str) -> dict[str, str]:
    """The plan's form as the browser would send it."""
    numbers = dict(re.findall(r'name="(\w+-\w+)" type="number"[^>]* value="([^"]+)"', page))
    chosen = dict(re.findall(r'name="(\w+-drawn)">.*?value="(\w+)" selected', page))
    return numbers | chosen | {"version": version_of(page)} | more


def drawn(client: Browser, document_id: int) -> dict[str, str]:
    """How much is drawn, by box."""
    with unit_of_work(client.engine) as uow:
        return {box.name: box.drawn for box in store.boxes_of(uow.session, document_id)}


def test_the_plan_says_what_stands_already(client: Browser, papers: Papers) -> None:
    """Title, name and head in words; nothing to warn of."""
    page = client.login("drafter").get(f"/outgoing/{typed_letter(papers)}/plan").text
    assert "Title and name stand already in the draft: KT. CHỦ TỊCH / PHÓ CHỦ TỊCH · Đặng Quốc Việt." in page
    assert "Already typed in the draft: Số: /UBND-KT · Đồng Tâm, ngày tháng năm 2026." in page
    assert "alert-warning" not in page


def test_the_drafter_has_the_whole_block_drawn(client: Browser, papers: Papers) -> None:
    """One choice; the other box keeps its own, and every place its last digit."""
    document_id = typed_letter(papers)
    page = client.login("drafter").get(f"/outgoing/{document_id}/plan").text
    assert drawn(client, document_id)["leader"] == "missing"
    with unit_of_work(client.engine) as uow:
        before = [(box.left, box.bottom) for box in store.boxes_of(uow.session, document_id)]
    answer = client.post(f"/outgoing/{document_id}/plan", data=sent(page, **{"leader-drawn": "whole"}))
    assert answer.status_code == 303
    found = drawn(client, document_id)
    assert (found["leader"], found["number"]) == ("whole", "missing")
    with unit_of_work(client.engine) as uow:
        after = [(box.left, box.bottom) for box in store.boxes_of(uow.session, document_id)]
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 1
    page = client.get(f"/outgoing/{document_id}/plan").text
    wrong = client.post(f"/outgoing/{document_id}/plan", data=sent(page, **{"leader-drawn": "twice"}))
    assert wrong.status_code == 400


def test_a_wrong_name_is_told_to_drafter_clerk_and_signer(client: Browser, papers: Papers) -> None:
    """On the plan and on the document's page, as long as something can be done about it."""
    document_id = typed_letter(papers, signer="leader", capacity=Capacity.HEAD)
    words = "The name typed in the draft is Đặng Quốc Việt, but the signer is Nguyễn Thị Lan."
    for path in ("", "/plan"):
        assert words in client.login("drafter").get(f"/outgoing/{document_id}{path}").text
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    assert words in client.login("clerk").get(f"/outgoing/{document_id}").text
    papers.confirm_format(document_id, accepted=True)
    page = client.login("leader").get(f"/outgoing/{document_id}").text
    assert words in page
    assert "If it has to be corrected, return it with this reason." in page


def test_submitting_from_the_plan_takes_the_moved_boxes_along(client: Browser, papers: Papers) -> None:
    """Move and submit in one form; a refused submission keeps the move and says why."""
    document_id = typed_letter(papers)
    page = client.login("drafter").get(f"/outgoing/{document_id}/plan").text
    answer = client.post(f"/outgoing/{document_id}/plan", data=sent(page, submit="1", **{"seal-left": "90"}))
    assert answer.headers["Location"].endswith("done=submit")
    row = papers.row(document_id)
    assert row.state == "in_review"
    nobody = unsigned(papers)
    page = client.get(f"/outgoing/{nobody}/plan").text
    refused = client.post(f"/outgoing/{nobody}/plan", data=sent(page, submit="1", **{"seal-left": "90"}))
    assert refused.status_code == 422
    assert 'value="90.0"' in client.get(f"/outgoing/{nobody}/plan").text


REFUSED = {
    "en": "What is typed in the draft differs from the register or the signer: “UBND-KT” ≠ “BC-UBND”.",
    "vi": "Nội dung đánh sẵn trong dự thảo khác với sổ đăng ký hoặc người ký: “UBND-KT” ≠ “BC-UBND”.",
}
TICK = 'name="accepted"'


def report_at_the_clerk(papers: Papers) -> int:
    """`/UBND-KT` is typed, the register gives `/BC-UBND`."""
    document_id = papers.draft(file=False, type_code="report", signer="deputy", capacity=Capacity.KT)
    papers.do(files.upload_draft, "drafter", document_id=document_id, version=1, data=LETTER.read_bytes(),
              filename="bc.pdf", blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    return document_id


@pytest.mark.parametrize("language", REFUSED)
def test_the_clerk_ticks_or_is_refused(client: Browser, papers: Papers, language: str) -> None:
    """Refused with what differs; with the tick it goes on, and the history says what stays."""
    client.set_cookie("trinhky_language", language)
    document_id = report_at_the_clerk(papers)
    page = client.login("clerk").get(f"/outgoing/{document_id}").text
    assert page.count(TICK) == 1
    address, version = f"/outgoing/{document_id}/actions/confirm_format", version_of(page)
    refused = client.post(address, data={"version": version})
    assert (refused.status_code, REFUSED[language] in refused.text) == (422, True)
    assert client.post(address, data={"version": version, "accepted": "true"}).status_code == 303
    said = {"en": "it stays as typed: the symbol.", "vi": "giữ nguyên như đã đánh: ký hiệu."}
    assert said[language] in client.get(f"/outgoing/{document_id}").text


def test_a_fitting_paper_shows_no_tick(client: Browser, papers: Papers) -> None:
    """The usual road is one press."""
    assert TICK not in client.login("clerk").get(f"/outgoing/{papers.format_check()}").text


def test_advice_fits_phase_and_reader_until_after_issue(client: Browser, papers: Papers) -> None:
    """Drafter, head, clerk, signer; then what stands there, in the past, on sealing page and issued document."""
    document_id = report_at_the_clerk(papers)
    address = f"/outgoing/{document_id}"
    assert "or tick that you have compared it" in client.login("clerk").get(address).text
    assert "only after it has been returned to its drafter" in client.login("drafter").get(address).text
    papers.confirm_format(document_id, accepted=True)
    client.login("deputy", stepped_up=True)
    page = client.get(f"/sign?documents={document_id}").text
    assert "but the register gives “/BC-UBND”" in page
    assert "If it has to be corrected, return it with this reason." in page
    papers.sign("deputy", "leader", papers.keys.held["deputy"], document_id)
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    past = "but the register gave “/BC-UBND”"
    client.login("clerk", stepped_up=True)
    assert past in client.get(f"/sign/number?documents={document_id}").text
    papers.sign("clerk", "number", papers.keys.held["commune"], document_id)
    papers.sign("clerk", "seal", papers.keys.held["commune"], document_id)
    papers.act("clerk", document_id, Action.ISSUE)
    page = client.login("drafter").get(address).text
    assert past in page
    assert "this file is not corrected any more" in page
    assert "upload it again" not in page


def test_blanks_that_cannot_be_filled_are_no_success(client: Browser, papers: Papers) -> None:
    """A warning sign at the box, and words that say what happens instead."""
    document_id = typed_letter(papers)
    with unit_of_work(client.engine) as uow:
        uow.begin_write()
        box = next(one for one in store.boxes_of(uow.session, document_id) if one.name == "number")
        box.typed = dict(box.typed) | {"gaps": [], "apart": True}
        uow.commit()
    page = client.login("drafter").get(f"/outgoing/{document_id}/plan").text
    assert "Typed in the draft, but nothing can be filled in there: Số: /UBND-KT" in page
    assert "Already typed in the draft" not in page


def test_every_remark_has_a_sentence() -> None:
    """A new kind of mistake cannot be silent."""
    assert set(SENTENCES) == set(Typed)
