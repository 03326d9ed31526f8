"""A recalled or replaced document says so wherever it is met: its page, the list, the look-up, a check of its file,
the deliveries and the envelopes."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from html import unescape

import pytest

from tests.support.browser import Browser, Clock
from tests.support.exchange import Between
from tests.support.papers import Papers
from tests.web.exchange.test_correction_pages import corrected
from tests.web.exchange.test_unit_copy_pages import issued
from workflow.domain.corrections import Kind
from workflow.services.exchange import recalling
from workflow.store import deliveries
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

CODES = (f"ABCD-EFGH-{first}{second}2" for first in "JKLMN" for second in "PQRSTUVWXYZ")
"""As they stand on papers, each once."""
OUTSIDE = {"secret": False, "state": "sealed", "recipients": "Bưu điện huyện"}


def sent(post: Between, **changes: object) -> int:
    """To the neighbour and by post."""
    return post.sent("far", **OUTSIDE | {"sealed_at": post.now, "code": next(CODES)} | changes)


def code_of(post: Between, document: int) -> str:
    """What stands beside its QR code."""
    with unit_of_work(post.office.engine) as uow:
        return uow.session.get_one(Outgoing, document).code


def row_in(client: Browser, document: int) -> str:
    """Its row in the list of outgoing documents."""
    rows = re.findall(r"<tr>.*?</tr>", client.get("/outgoing").text, re.DOTALL)
    (found,) = [row for row in rows if f'href="/outgoing/{document}"' in row]
    return found


def test_recalled_everywhere(client: Browser, post: Between, clock: Clock) -> None:
    """Page, list, export and look-up, with day and reason where they belong; nothing before the recall."""
    document = sent(post)
    clock.now = post.now
    code = code_of(post, document)
    client.login("clerk")
    assert "Recalled" not in row_in(client, document)
    assert "Recalled" not in client.get(f"/outgoing/{document}").text
    assert "Do not use" not in client.get(f"/v/{code}").text
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai <i>thẩm quyền")
    assert '<span class="status bad">Recalled</span>' in row_in(client, document)
    assert "Issued; Recalled" in client.get("/outgoing/export.csv").text
    page = client.get(f"/outgoing/{document}").text
    assert "Recalled from 23/11/2026 on; it is not to be used any more." in page
    assert "Sai &lt;i&gt;thẩm quyền" in page
    assert "was issued and is recalled since; nothing is waiting" in page
    assert "is issued; nothing is waiting" not in page
    seen = client.get(f"/v/{code}").text
    assert "Do not use this document any more." in seen
    assert "Its issuer recalled this document from 23/11/2026 on." in seen
    assert "thẩm quyền" not in seen, "a stranger learns that, not why"


def test_recipients_who_have_not_answered_are_counted(client: Browser, post: Between) -> None:
    """Asked and silent, then refused; the mark stands all the while."""
    document = sent(post)
    row = post.registered(document)
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai")
    page = client.login("clerk").get(f"/outgoing/{document}").text
    assert "1 recipient has not answered yet." in page
    assert "is recalled; recipients have to answer" in page
    post.do("far_clerk", recalling.refuse_recall, incoming_id=row.id, version=None, remark="Đã thi hành")
    page = client.get(f"/outgoing/{document}").text
    assert "1 recipient keeps it." in page
    assert "has not answered" not in page


def test_refused_by_everybody_it_stays_recalled(client: Browser, post: Between) -> None:
    """The recall is its issuer's word: list and look-up keep it. A refusal is about the receiver's copy:
    page and registers there say both."""
    document = sent(post)
    row = post.registered(document)
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai căn cứ")
    post.do("far_clerk", recalling.refuse_recall, incoming_id=row.id, version=None, remark="Đã chi trả xong")
    seen = client.get(f"/v/{code_of(post, document)}").text
    assert "Its issuer recalled this document from 23/11/2026 on." in seen
    assert '<span class="status bad">Recalled</span>' in row_in(client.login("clerk"), document)
    client.login("far_clerk")
    page = client.get(f"/incoming/{row.id}").text
    for words in ("Its issuer recalled this document from 23/11/2026 on:", "Sai căn cứ", "keeps its copy",
                  "Đã chi trả xong"):  # fmt: skip
        assert words in page
    mark = "recalled by its issuer from 23/11/2026 on; this office refused and keeps it"
    for book in ("register", "register/follow-up"):
        assert mark in client.get(f"/incoming/{book}?register={row.register_id}&year=2026").text
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Lần hai")
    assert "keeps its copy" not in client.get(f"/incoming/{row.id}").text, "asked again, it is open again"
    assert mark not in client.get(f"/incoming/register?register={row.register_id}&year=2026").text


def test_replaced_everywhere(client: Browser, post: Between) -> None:
    """By its successor's number; of a secret successor strangers learn that the paper is recalled, no number."""
    document, other = sent(post), sent(post)
    later = corrected(post, document, kind=Kind.REPLACE, type_code="letter")
    hidden = corrected(post, other, kind=Kind.REPLACE, type_code="letter", secret=True, symbol="77/BM-UBND")
    client.login("clerk")
    with unit_of_work(post.office.engine) as uow:
        symbols = [uow.session.get_one(Outgoing, key).symbol for key in (later, hidden)]
    for key in (document, other):
        assert '<span class="status bad">Replaced</span>' in row_in(client, key)
        assert "was issued and is replaced since; nothing is waiting" in client.get(f"/outgoing/{key}").text
    seen = client.get(f"/v/{code_of(post, document)}").text
    assert f"This document was replaced by {symbols[0]} of 23/11/2026." in seen
    assert "Do not use this document any more." in seen
    seen = client.get(f"/v/{code_of(post, other)}").text
    assert "Its issuer recalled this document from 23/11/2026 on." in seen
    assert symbols[1] not in seen


def test_a_corrected_one_still_counts(client: Browser, post: Between) -> None:
    """Its mark is a note, no warning."""
    document = sent(post)
    corrected(post, document)
    seen = client.get(f"/v/{code_of(post, document)}").text
    assert "This document was corrected by" in seen
    assert "Do not use" not in seen
    assert "status bad" not in row_in(client.login("clerk"), document)


def test_its_copies_are_not_posted(client: Browser, post: Between, clock: Clock) -> None:
    """Desk, filter and envelopes leave them out; list, page and form say why; what left can be written down."""
    document = sent(post)
    clock.now = post.now
    client.login("clerk")
    assert "copies to send by post or by hand" in client.get("/desk").text
    assert client.get("/outgoing/deliveries/labels.pdf").status_code == 200
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai")
    assert "copies to send by post or by hand" not in client.get("/desk").text
    assert "Bưu điện huyện</th>" not in client.get("/outgoing/deliveries?state=to_send").text
    assert client.get("/outgoing/deliveries/labels.pdf").status_code == 404
    words = "Not to be sent any more: recalled"
    for path in ("/outgoing/deliveries", "/outgoing/deliveries?state=unsent_recalled", f"/outgoing/{document}"):
        page = client.get(path).text
        assert words in page, path
        assert "Bưu điện huyện" in page, path
    assert words in client.get("/outgoing/deliveries.csv").text
    with unit_of_work(post.office.engine) as uow:
        (copy,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, document)
    path = f"/outgoing/{document}/dispatches/{copy.id}"
    form = client.get(path).text
    assert "Write down only what left before." in form
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', form)
    data = {"state": "sent", "channel": "post", "sent_on": "23/11/2026", "seen": unescape(seen)}
    assert client.post(path, data=data).status_code == 303
    assert words not in client.get(f"/outgoing/{document}").text


def test_sent_only_outside_it_is_recalled_by_a_letter(client: Browser, post: Between, clock: Clock) -> None:
    """The page offers the recall; who has a copy stands on page, desk, list and export as to be told; the letter is
    begun with them; what the clerk writes down is seen everywhere. Strangers read the recall from the start."""
    document = post.ready(**OUTSIDE | {"recipients": "Bưu điện huyện\nSở <b>Nội vụ", "code": next(CODES)},
                          sealed_at=post.now)  # fmt: skip
    post.issue(document)
    clock.now = post.now
    page = client.login("clerk").get(f"/outgoing/{document}").text
    assert f'action="/outgoing/{document}/recall"' in page
    with unit_of_work(post.office.engine) as uow:
        copy, other = deliveries.dispatches_of(post.scope("clerk"), uow.session, document)
    path = f"/outgoing/{document}/dispatches"
    day = {"channel": "post", "sent_on": "23/11/2026"}
    form = client.get(f"{path}/{other.id}").text
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', form)
    client.post(f"{path}/{other.id}", data={"state": "sent", "seen": unescape(seen)} | day)
    assert "recall" not in client.get("/desk").text
    client.post(f"/outgoing/{document}/recall", data={"reason": "Sai căn cứ"})
    page = client.get(f"/outgoing/{document}").text
    for words in ("To be told of the recall", "1 office outside is still to be told.", "Not to be sent any more",
                  "is recalled; offices outside have to be told", f"{path}/{other.id}/recall"):  # fmt: skip
        assert words in page, words
    assert f"{path}/{copy.id}/recall" not in page, "what has not left is told to nobody"
    assert f'action="/outgoing/{document}/recall"' not in page
    assert "Its issuer recalled this document" in client.get(f"/v/{code_of(post, document)}").text
    assert "offices outside to tell of a recall" in client.get("/desk").text
    for address in ("?state=recall_to_tell&sort=waiting", ".csv?state=recall_to_tell"):
        listed = client.get(f"/outgoing/deliveries{address}").text
        assert "To be told of the recall" in listed
        assert "Bưu điện huyện</th>" not in listed
    letter = client.get(f"/outgoing/new?recalls={document}").text
    assert "V/v thu hồi" in letter
    assert "Sở &lt;b&gt;Nội vụ</textarea>" in letter
    form = client.get(f"{path}/{other.id}/recall").text
    assert "Sai căn cứ" in form
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', form)
    facts = {"seen": unescape(seen), "told_on": "23/11/2026", "told_how": ""}
    refused = client.post(f"{path}/{other.id}/recall", data=facts)
    assert refused.status_code == 422
    assert "It is not said how the office was told." in refused.text
    facts["told_how"], clock.now = "Công văn <i>số 9", clock.now + dt.timedelta(minutes=1)
    assert client.post(f"{path}/{other.id}/recall", data=facts).status_code == 303
    page = client.get(f"/outgoing/{document}").text
    assert "Told of the recall" in page
    assert "Công văn &lt;i&gt;số 9" in page
    assert "still to be told" not in page
    assert "offices outside to tell" not in client.get("/desk").text
    assert "V/v thu hồi" not in client.get(f"/outgoing/new?recalls={document}").text
    stale = client.post(f"{path}/{other.id}/recall", data=facts | {"told_how": "Điện thoại"})
    assert stale.status_code == 409
    assert client.login("leader").post(f"{path}/{other.id}/recall", data=facts).status_code == 403


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_check_of_its_file_says_so(client: Browser, papers: Papers, language: str) -> None:
    """Under the paper's number, on page, JSON and printed report; its signatures are good all the same."""
    document, _copy = issued(papers, "culture")
    client.login("clerk").set_cookie("trinhky_language", language)
    assert client.post(f"/outgoing/{document}/recall", data={"reason": "Sai căn cứ"}).status_code == 303
    row = papers.row(document)
    assert row.file_sha256 is not None
    answer = client.post("/verify", data={"file": (io.BytesIO(papers.blobs.get(row.file_sha256)), "a.pdf")})
    said = {
        "en": (
            "Do not use this document any more.",
            "Its issuer recalled this document from 23/11/2026 on.",
            "Recalled",
        ),
        "vi": (
            "Không sử dụng văn bản này nữa.",
            "Nơi ban hành đã thu hồi văn bản này từ ngày 23/11/2026.",
            "Đã thu hồi",
        ),
    }[language]
    for words in said:
        assert words in answer.text
    (carried,) = re.findall(r'name="result" value="([^"]+)"', answer.text)[:1]
    for ending in ("pdf", "json"):
        report = client.post(f"/verify/report.{ending}", data={"result": unescape(carried)})
        assert report.status_code == 200, ending
    assert json.loads(report.data)["paper"]["marks"] == [{"kind": "recall", "day": "2026-11-23", "symbol": None}]
    seen = client.get(f"/v/{row.code}").text
    assert said[0] in seen
    assert ">Valid<" in seen or ">Hợp lệ<" in seen, "the signatures keep theirs"
