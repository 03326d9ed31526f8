"""What the page of an issued document says about timestamps and lasting proof."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from signing.fetch import FetchReason, StampReason
from tests.support import trust
from tests.support.attached import annex, held
from tests.support.browser import Browser, Clock
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.domain.outgoing import Action
from workflow.services import sunsets
from workflow.services.documents.files import keep
from workflow.store.models import AttachmentProof, DocumentProof
from workflow.store.session import unit_of_work
from workflow.web import proof_words
from workflow.web.i18n import CATALOGUES

HOUR = dt.timedelta(hours=1)
STATES = (
    # changes of the row · what a page says in Vietnamese · and in English
    ({}, "Chưa có dấu thời gian: hệ thống sẽ xin cấp trong ít phút tới.", "it is asked for in the next minutes"),
    (
        {"tries": 2, "reason": "too_slow", "next_at": NOON + HOUR},
        "Chưa có dấu thời gian: dịch vụ cấp dấu thời gian không trả lời (too_slow). Thử lại lúc 13:00 23/11/2026.",
        "No timestamp yet: the timestamp authority gave no answer (too_slow). Next try at 13:00 23/11/2026.",
    ),
    (
        {"state": "stamped", "stamped_at": NOON, "authority": "TSA thử", "until": NOON + 400 * 24 * HOUR,
         "next_at": NOON - HOUR, "tries": 1, "reason": "revocation_not_fresh"},
        "Có dấu thời gian lúc 12:00 23/11/2026 (+07:00). "
        "Dấu gần nhất do TSA thử cấp, có giá trị đến ngày 28/12/2027. "
        "Tệp chưa có bằng chứng dài hạn: chưa có danh sách chứng thư thu hồi phát hành sau dấu thời gian. "
        "Sẽ thử lại trong ít phút tới.",
        "no revocation list from after the timestamp is here yet",
    ),
    (
        {"state": "lasting", "stamped_at": NOON - HOUR, "lasting_at": NOON, "authority": "TSA thử",
         "until": NOON + 400 * 24 * HOUR, "next_at": NOON + 310 * 24 * HOUR, "tries": 0, "reason": ""},
        "Đủ bằng chứng dài hạn từ 12:00 23/11/2026: bản thân tệp chứng minh các chữ ký số đã có hiệu lực. "
        "Từ ngày 29/09/2027 hệ thống sẽ xin dấu thời gian mới.",
        "Enough evidence for the long term since 12:00 23/11/2026",
    ),
    (
        {"renewals": 2, "renewed_at": NOON, "tries": 3, "reason": "stamp_no_longer", "next_at": NOON + 24 * HOUR},
        "Đã gia hạn bằng dấu thời gian mới 2 lần, gần nhất lúc 12:00 23/11/2026. "
        "Cần dấu thời gian mới nhưng chưa có: dấu cấp lúc này không có giá trị lâu hơn dấu gần nhất. "
        "Thử lại lúc 12:00 24/11/2026.",
        "Stamped again 2 times, last at 12:00 23/11/2026.",
    ),
    (
        {"reason": "stamp_ended", "next_at": None},
        "Không có dấu mới trước khi dấu này hết giá trị: từ nay bản thân tệp không còn chứng minh được.",
        "The last timestamp has ended",
    ),
)  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An office with a timestamp authority."""
    return replace(settings, tsa_url="http://tsa.example.vn/")


def said(client: Browser, document_id: int | str, language: str) -> str:
    page = client.get(f"/outgoing/{document_id}", headers={"Accept-Language": language}).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_state_is_said_plainly_on_page_and_cards(client: Browser, papers: Papers, clock: Clock) -> None:
    """In both languages; before it is issued nothing is said, since nothing is asked for."""
    document_id = papers.sealed(attach=[("I.pdf", annex())])
    (attached,) = held(papers, document_id)
    address = f"{document_id}/attachments/{attached.row.id}"
    client.login("clerk")
    assert "dấu thời gian" not in said(client, document_id, "vi")
    papers.act("clerk", document_id, Action.ISSUE)
    for changes, vietnamese, english in STATES:
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            rows = [uow.session.get_one(DocumentProof, document_id)]
            rows += uow.session.scalars(select(AttachmentProof)).all()
            for row in rows:
                for name, value in changes.items():
                    setattr(row, name, value)
            uow.commit()
        for place in (document_id, address):
            assert vietnamese in said(client, place, "vi")
            assert english in said(client, place, "en")
    word = "Dấu thời gian gần nhất đã hết giá trị"
    assert said(client, document_id, "vi").count(word) == 4  # three signatures and the attachment's line


BRIEFLY = (
    ("Chưa có dấu thời gian", "No timestamp yet"),
    ("Chưa có dấu thời gian, đã xin 2 lần", "No timestamp yet, tried 2×"),
    ("Có dấu thời gian", "With a timestamp"),
    ("Đủ bằng chứng dài hạn", "Enough evidence for the long term"),
    ("Đủ bằng chứng dài hạn", "Enough evidence for the long term"),
    ("Dấu thời gian gần nhất đã hết giá trị", "The last timestamp has ended"),
)
"""What a list says of each of `STATES`."""


def test_each_state_is_said_in_the_list(client: Browser, papers: Papers) -> None:
    """In both languages, in the row of an issued document and of no other."""
    document_id, other = papers.sealed(), papers.sealed(subject="V/v việc khác")
    papers.act("clerk", document_id, Action.ISSUE)
    client.login("clerk")
    for (changes, *_long), words in zip(STATES, BRIEFLY, strict=True):
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            row = uow.session.get_one(DocumentProof, document_id)
            for name, value in changes.items():
                setattr(row, name, value)
            uow.commit()
        for language, word in zip(("vi", "en"), words, strict=True):
            page = client.get("/outgoing", headers={"Accept-Language": language}).text
            assert re.findall(r'class="status (?:wait|warn|plain|good) proof">([^<]+)<', page) == [word]
            assert f'id="row-{other}"' in page


def test_what_was_sent_stays_at_hand_beside_the_longer_file(client: Browser, papers: Papers) -> None:
    """A download gives the longer file of an attachment, and on demand the one that was sealed."""
    document_id = papers.sealed(attach=[("I.pdf", annex())])
    papers.act("clerk", document_id, Action.ISSUE)
    (attached,) = held(papers, document_id)
    sealed = papers.blobs.get(attached.sha256)
    longer = sealed + b"%longer"
    papers.blobs.put(longer)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        keep(uow, sha256=hashlib.sha256(longer).hexdigest(), size=len(longer), now=NOON)
        uow.session.scalars(select(AttachmentProof)).one().sha256 = hashlib.sha256(longer).hexdigest()
        uow.commit()
    client.login("clerk")
    address = f"/outgoing/{document_id}/attachments/{attached.row.id}"
    assert f"{address}/content?sealed=1" in client.get(address).text
    assert client.get(f"{address}/content").data == longer
    assert client.get(f"{address}/content?sealed=1").data == sealed


def test_the_list_of_an_algorithm_names_seals_on_attachments_by_place(client: Browser, papers: Papers) -> None:
    """On the page and in the export, page by page."""
    document_id = papers.sealed(attach=[("Danh sách mật.pdf", annex()), ("II.pdf", annex("II"))])
    papers.act("clerk", document_id, Action.ISSUE)
    row = trust.do(
        papers.office, sunsets.propose, algorithm="secp256r1", until=NOON + 400 * 24 * HOUR, source="Thông tư",
        reason=trust.REASON, now=NOON,
    )  # fmt: skip
    client.login("admin")
    address = f"/admin/trust/sunsets/{row.id}"
    for page in (client.get(address).text, client.get(f"{address}.csv").text):
        assert page.count("Dấu số trên tệp kèm theo số") == 2
        assert "Danh sách mật" not in page
    assert client.get(address).text.count("chưa có dấu thời gian còn giá trị khi đó") == 5
    assert "số 1" not in client.get(f"{address}?after=3").text.split("<tbody>")[1]


def test_an_office_without_an_authority_says_so() -> None:
    """Waiting and stamped ones alike."""
    row = DocumentProof(document_id=1, state="waiting", since=NOON, next_at=NOON, tries=0, reason="")
    assert proof_words.told(row, configured=False, now=NOON).sentences == (
        "Chưa có dấu thời gian: hệ thống chưa khai báo dịch vụ cấp dấu thời gian (TSA).",
    )  # fmt: skip
    row.state, row.stamped_at, row.authority = "stamped", NOON, "TSA"
    assert "chưa khai báo" in proof_words.told(row, configured=False, now=NOON).sentences[1]


@pytest.mark.parametrize("code", [*StampReason, *FetchReason])
def test_every_reason_has_its_words(code: str) -> None:
    """No stamp without a sentence that says why, in both languages."""
    known = CATALOGUES["vi"].texts
    words = proof_words.WHY.get(str(code), proof_words.NO_ANSWER)
    assert ("", words) in known
