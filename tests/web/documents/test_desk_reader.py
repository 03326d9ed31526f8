"""Reading the desk: one paper after the other, ticks that go along, agreeing, pins, giving back, a deputy."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.browser import Browser
from tests.support.papers import Papers, letter
from workflow.domain.outgoing import Action, State, Urgency
from workflow.services.documents import files
from workflow.store.models import Journal, ProposalAgreement
from workflow.store.session import unit_of_work
from workflow.web.offers import OFFERS

SPOT = {"page": "1", "x": "120.5", "y": "400", "words": "Sai tên thôn"}


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Words are looked for in English."""
    client.set_cookie("trinhky_language", "en")


def tags(papers: Papers, like: str) -> list[str]:
    """What the journal was told, in order."""
    with unit_of_work(papers.office.engine) as uow:
        return list(uow.session.scalars(select(Journal.tag).where(Journal.tag.like(like)).order_by(Journal.id)))


def pin(client: Browser, document: int, **given: str) -> TestResponse:
    """Send the form of a remark; its file is the present one unless said otherwise."""
    page = client.get(f"/desk/read/{document}").text
    ordinal = re.search(r'name="ordinal" value="(\d+)"', page)
    assert ordinal
    return client.post(f"/desk/read/{document}/pins", data={"ordinal": ordinal[1], "ticked": ""} | SPOT | given)


def test_the_pile_in_order_with_ticks_that_go_along(client: Browser, papers: Papers) -> None:
    """The urgent one first, n of n, slip before pages, the box of the signature; ticks travel in the address."""
    usual, urgent = papers.awaiting(subject="Việc thường"), papers.awaiting(subject="Gấp", urgency=Urgency.FLASH)
    assert 'href="/desk/read"' in client.login("leader").get("/desk").text
    first = client.get("/desk/read")
    assert first.headers["Location"] == f"/desk/read/{urgent}?ticked="
    page = client.get(first.headers["Location"]).text
    assert "1 of 2" in page
    assert "You are named as its signer" in page
    assert "Confirm format" in page, "who brought it here"
    assert page.index('id="slip-title"') < page.index('id="page-1"') < page.index('id="decisions-title"')
    assert '<g class="sign-here"><rect' in page
    assert "My signature goes here" in page
    assert re.search(rf'name="ticked" value="{urgent}"><button[^>]+aria-pressed="false"', page)
    page = client.get(f"/desk/read/{urgent}?ticked={urgent}").text
    assert 'aria-pressed="true"' in page
    assert f'rel="next" data-key="F8" href="/desk/read/{usual}?ticked={urgent}"' in page
    assert f'href="/sign?documents={urgent}"' in page
    end = client.get(f"/desk/read/end?ticked={urgent}.{usual}.99999.x").text
    assert f'href="/sign?documents={urgent}&amp;documents={usual}"' in end
    assert "Sign 2 documents" in end


def test_within_another_program_the_way_out_is_told(client: Browser, papers: Papers) -> None:
    """Above the paper, with what is ticked in the address to take along; in a browser of one's own nothing."""
    document = papers.awaiting()
    address, zalo = f"/desk/read/{document}?ticked={document}", {"User-Agent": "Mozilla/5.0 (iPhone) Zalo iOS/590"}
    page = client.login("leader").get(address, headers=zalo).text
    assert page.index("Open this in your browser") < page.index("<h1")
    assert f'value="http://127.0.0.1:8400{address}"' in page
    assert "signer/copy-address.js" in page
    assert "Open this in your browser" not in client.get(address).text


def test_an_address_alone_says_nothing(client: Browser, papers: Papers) -> None:
    """Neither an agreement that was not given or was taken back, nor a remark that is not there, nor what the
    agency next door did."""
    one, other = papers.awaiting(subject="Một"), papers.awaiting(subject="Hai")
    agreed, pinned = f"/desk/read/{other}?ticked=&done=agree&of={one}", f"/desk/read/{one}?ticked=&done=pin"
    box = 'class="alert alert-success done"'
    client.login("leader")
    assert not any(box in client.get(address).text for address in (agreed, pinned))
    sent = {"version": str(papers.row(one).version), "ticked": ""}
    client.post(f"/desk/read/{one}/agree", data=sent)
    pin(client, one)
    assert all(box in client.get(address).text for address in (agreed, pinned))
    client.post(f"/desk/read/{one}/take-back", data=sent)
    assert box not in client.get(agreed).text
    page = client.login("far_leader").get(f"/desk/read/end?done=agree&of={one}").text
    assert box not in page
    assert "Một" not in page


def test_agreeing_ticks_and_is_void_with_the_next_act(client: Browser, papers: Papers) -> None:
    """One tap: on to the next, ticked here and on the desk, on slip and page; taps twice count once."""
    one, other = papers.awaiting(subject="Một"), papers.awaiting(subject="Hai")
    client.login("leader")
    sent = {"version": str(papers.row(one).version), "ticked": ""}
    for _tap in range(2):
        answer = client.post(f"/desk/read/{one}/agree", data=sent)
        assert answer.headers["Location"] == f"/desk/read/{other}?ticked={one}&done=agree&of={one}"
    page = client.get(answer.headers["Location"]).text
    assert f'<a href="/outgoing/{one}">Một</a>: Agreed, and chosen to be signed. Nothing is signed before' in page
    assert tags(papers, "document:proposal:%") == ["document:proposal:agreed"]
    assert re.search(rf'value="{one}" checked', client.get("/desk").text)
    assert f"ticked={one}" in client.get("/desk/read").headers["Location"]
    for address in (f"/outgoing/{one}", f"/outgoing/{one}/slip"):
        assert re.search(r"Nguyễn Thị Lan agreed with the proposal.*version \d.*holds", client.get(address).text)
    stale = client.post(f"/desk/read/{one}/agree", data=sent | {"version": "1"})
    assert stale.status_code == 409
    assert client.post(f"/desk/read/{one}/take-back", data=sent).headers["Location"].endswith("?ticked=")
    client.post(f"/desk/read/{one}/agree", data=sent)
    papers.act("leader", one, Action.RETURN, "Xem lại")
    assert "taken back" in client.get(f"/outgoing/{one}/slip").text
    assert re.search(r'status plain">void', client.get(f"/outgoing/{one}/slip").text)
    assert client.post(f"/desk/read/{one}/agree", data=sent).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("far_leader", 404), ("deputy", 422), ("clerk", 403)])
def test_nobody_else_agrees_or_decides(client: Browser, papers: Papers, who: str, status: int) -> None:
    """Another agency's head finds nothing; in the agency only the named signer."""
    document = papers.awaiting()
    sent = {"version": str(papers.row(document).version), "ticked": "", "post": "1", "remark": "x"}
    client.login(who)
    assert client.post(f"/desk/read/{document}/agree", data=sent).status_code == status
    if who != "clerk":
        assert client.post(f"/desk/read/{document}/acts/reject", data=sent).status_code == status
    assert papers.row(document).state == State.AWAITING_SIGNATURE
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(ProposalAgreement)).all() == []


def test_a_remark_is_on_a_page_that_is_there(client: Browser, papers: Papers) -> None:
    """At a spot, on the page as a whole, from the versions: the file has one page."""
    document = papers.awaiting()
    client.login("leader")
    for place in ({}, {"x": "", "y": ""}):
        answer = pin(client, document, page="2", **place)
        assert answer.status_code == 422
        assert "There is no page 2." in answer.text
    sent = {"ordinal": "1", "words": "Sai", "page": "2"}
    assert client.post(f"/outgoing/{document}/comments", data=sent).status_code == 422
    assert client.post(f"/outgoing/{document}/comments", data=sent | {"page": "1"}).status_code == 303
    assert tags(papers, "document:comment:%") == ["document:comment:added"]


def test_a_remark_without_a_spot_is_not_called_pinned(client: Browser, papers: Papers) -> None:
    """Without script, or sent before the page was touched: what is said after it is true, and leads to a place that
    is there."""
    document = papers.awaiting()
    client.login("leader")
    answer = pin(client, document, x="", y="")
    assert answer.headers["Location"] == f"/desk/read/{document}?ticked=&done=remark"
    page = client.get(answer.headers["Location"]).text
    assert "kept for its page, without a spot. The drafter finds it under “Versions and comments”." in page
    assert "is pinned" not in page
    assert SPOT["words"] in client.get(f"/outgoing/{document}/versions").text


def test_a_remark_at_a_spot_goes_back_with_the_paper(client: Browser, papers: Papers) -> None:
    """Twice pressed it is one; the drafter sees marker and words on the draft and deals with it."""
    document = papers.awaiting()
    client.login("leader")
    for _press in range(2):
        assert pin(client, document).status_code == 303
    assert pin(client, document, x="300").status_code == 303, "the same words elsewhere"
    page = client.get(f"/desk/read/{document}").text
    assert page.count('class="reach" cx="120.5"') == page.count('class="reach" cx="300.0"') == 1
    assert page.count('<li id="pin-') == 2
    assert "2 pinned remarks go with it." in page
    sent = {"version": str(papers.row(document).version), "remark": "Xem ý kiến ghim", "ticked": ""}
    answer = client.post(f"/desk/read/{document}/acts/return", data=sent)
    assert answer.headers["Location"].startswith("/desk/read/end?ticked=&done=return")
    assert client.post(f"/desk/read/{document}/acts/return", data=sent).status_code == 303, "sent twice"
    assert papers.row(document).state == State.RETURNED
    with unit_of_work(papers.office.engine) as uow:
        body = uow.session.scalars(select(Journal.body).where(Journal.tag == "document:outgoing:return")).one()
    assert re.search(r'"pinned":\[\d+,\d+\]', body)
    page = client.login("drafter").get(f"/outgoing/{document}").text
    assert page.count('class="reach"') == 2, "on the draft's pages, though it was written on the signer's file"
    key = re.search(r"/comments/(\d+)/settle", page)
    assert key
    client.post(f"/outgoing/{document}/comments/{key[1]}/settle", data={"back": "document"})
    assert page.count("pin settled") == 0
    assert client.get(f"/outgoing/{document}").text.count("pin settled") == 1
    assert "Sai tên thôn" in client.get(f"/outgoing/{document}/versions").text
    for who in ("far_leader", "far_clerk", "far_drafter"):
        client.login(who)
        assert client.get(f"/desk/read/{document}").status_code == 404
        assert (
            client.post(f"/desk/read/{document}/pins", data={"ordinal": "2", "ticked": ""} | SPOT).status_code
            == 404
        )


def test_a_remark_on_a_version_that_is_gone_shows_both(client: Browser, papers: Papers) -> None:
    """Nothing typed is lost: the words stay, both versions are a link away, it may be kept at the old one."""
    document = papers.in_review()
    client.login("head")
    ordinal = re.search(r'name="ordinal" value="(\d+)"', client.get(f"/desk/read/{document}").text)
    assert ordinal
    papers.act("drafter", document, Action.WITHDRAW, "Sửa")
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=papers.row(document).version,
        data=letter("V/v khác"), filename="b.pdf", blobs=papers.blobs,
    )  # fmt: skip
    sent = {"ordinal": ordinal[1], "ticked": ""} | SPOT
    answer = client.post(f"/desk/read/{document}/pins", data=sent)
    assert answer.status_code == 409
    assert "Sai tên thôn</textarea>" in answer.text
    assert re.search(rf'versions\?from={ordinal[1]}&amp;to=\d+">See both versions', answer.text)
    assert f'name="ordinal" value="{ordinal[1]}"' in answer.text
    assert client.post(f"/desk/read/{document}/pins", data=sent | {"earlier": "true"}).status_code == 303
    assert "Sai tên thôn" in client.get(f"/outgoing/{document}?file={ordinal[1]}").text
    for wrong in ({"x": "nan"}, {"x": "-4"}, {"y": "99999"}, {"page": "0"}, {"page": "99"}, {"words": " "}):
        answer = client.post(f"/desk/read/{document}/pins", data=sent | wrong)
        assert answer.status_code == 422, wrong


def test_the_head_of_a_unit_reads_and_approves(client: Browser, papers: Papers) -> None:
    """Drafts to be reviewed are read the same way; nothing is ticked there."""
    document = papers.in_review()
    page = client.login("head").get(f"/desk/read/{document}").text
    assert "Approve the content" in page
    assert "Choose to sign" not in page
    sent = {"version": str(papers.row(document).version), "ticked": ""}
    after, other = f"/desk/read/end?done=approve&of={document}", papers.in_review()
    told = (f"/outgoing/{document}?done=approve", f"/desk/read/{other}?done=approve&of={document}")
    words = OFFERS[Action.APPROVE].done
    assert not any(words in client.get(one).text for one in (*told, after)), "an address alone makes nothing true"
    client.post(f"/desk/read/{document}/acts/approve", data=sent)
    assert papers.row(document).state == State.FORMAT_CHECK
    assert all(words in client.get(one).text for one in told)
    assert words not in client.get(f"/outgoing/{document}?done=return").text
    assert words not in client.login("drafter").get(told[0]).text
    assert "does not wait for you any more" in client.get(f"/desk/read/{document}").text


def test_refusing_without_words_keeps_the_form_open(client: Browser, papers: Papers) -> None:
    """A reason is asked for; with one the next paper is there."""
    document = papers.awaiting()
    client.login("leader")
    sent = {"version": str(papers.row(document).version), "ticked": "", "remark": ""}
    answer = client.post(f"/desk/read/{document}/acts/reject", data=sent)
    assert answer.status_code == 422
    assert re.search(r"<details open><summary[^>]+>Refuse to sign", answer.text)
    assert '<a href="#f-remark">' in answer.text
    assert answer.text.count('id="f-remark"') == 1
    assert client.post(f"/desk/read/{document}/acts/reject", data=sent | {"remark": "Sai"}).status_code == 303
    assert papers.row(document).state == State.RETURNED


def test_a_signature_is_undone_from_the_receipt(client: Browser, papers: Papers) -> None:
    """The receipt leads to the document, which offers to withdraw the signature."""
    document = papers.signed()
    receipt = client.login("leader").get(f"/sign/receipt?documents={document}").text
    assert f'href="/outgoing/{document}"' in receipt
    assert f'action="/outgoing/{document}/actions/withdraw_signature"' in client.get(f"/outgoing/{document}").text


def test_words_for_a_paper_that_went_away_are_shown(client: Browser, papers: Papers) -> None:
    """Somebody else acted first: the refusal is told, and the reason that was typed can be copied."""
    document = papers.awaiting()
    version = papers.row(document).version
    papers.act("clerk", document, Action.WITHDRAW, "Sai mẫu")
    sent = {"version": str(version), "ticked": "", "remark": "Thiếu căn cứ pháp lý"}
    answer = client.login("leader").post(f"/desk/read/{document}/acts/return", data=sent)
    assert answer.status_code == 409
    assert "does not wait for you any more" in answer.text
    assert re.search(r"What was typed:</p><blockquote[^>]*>Thiếu căn cứ pháp lý", answer.text)


def test_the_head_hands_one_paper_to_the_deputy(client: Browser, papers: Papers) -> None:
    """Chosen in the reader with a word; it lies on the deputy's desk, and the next paper is there."""
    document, other = papers.awaiting(subject="Giao"), papers.awaiting(subject="Còn lại")
    assert f'href="/desk/read/{document}#deputy"' in client.login("leader").get(f"/outgoing/{document}").text
    page = client.get(f"/desk/read/{document}").text
    post = papers.office.posts["deputy"].id
    assert f'name="post" value="{post}" required checked' in page
    version = str(papers.row(document).version)
    sent = {"version": version, "ticked": str(other), "post": str(post), "words": "Nhờ xử lý"}
    answer = client.post(f"/desk/read/{document}/deputy", data=sent)
    assert answer.headers["Location"] == f"/desk/read/{other}?ticked={other}&done=hand_to_deputy&of={document}"
    assert "Handed to the deputy." in client.get(answer.headers["Location"]).text
    assert client.post(f"/desk/read/{document}/deputy", data=sent).status_code == 409
    page = client.login("deputy").get("/desk/read").headers["Location"]
    assert page == f"/desk/read/{document}?ticked="
    assert "You are named as its signer (Deputy for the head" in client.get(page).text
