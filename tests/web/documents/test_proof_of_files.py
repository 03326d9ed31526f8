"""What the page of an issued document says about timestamps and lasting proof."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from signing.fetch import FetchReason, StampReason
from tests.support.browser import Browser, Clock
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.domain.outgoing import Action
from workflow.store.models import DocumentProof
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
        "Do TSA thử cấp, chứng thư của dịch vụ này hết hạn ngày 28/12/2027. "
        "Tệp chưa có bằng chứng dài hạn: chưa có danh sách chứng thư thu hồi phát hành sau dấu thời gian. "
        "Sẽ thử lại trong ít phút tới.",
        "no revocation list from after the timestamp is here yet",
    ),
    (
        {"state": "lasting", "stamped_at": NOON - HOUR, "lasting_at": NOON, "authority": "TSA thử",
         "until": NOON + 400 * 24 * HOUR, "next_at": None},
        "Đủ bằng chứng dài hạn từ 12:00 23/11/2026: bản thân tệp chứng minh các chữ ký số đã có hiệu lực.",
        "Enough evidence for the long term since 12:00 23/11/2026",
    ),
)  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An office with a timestamp authority."""
    return replace(settings, tsa_url="http://tsa.example.vn/")


def said(client: Browser, document_id: int, language: str) -> str:
    page = client.get(f"/outgoing/{document_id}", headers={"Accept-Language": language}).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_state_is_said_plainly_on_page_and_cards(client: Browser, papers: Papers, clock: Clock) -> None:
    """In both languages; before it is issued nothing is said, since nothing is asked for."""
    document_id = papers.sealed()
    client.login("clerk")
    assert "dấu thời gian" not in said(client, document_id, "vi")
    papers.act("clerk", document_id, Action.ISSUE)
    for changes, vietnamese, english in STATES:
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            row = uow.session.get_one(DocumentProof, document_id)
            for name, value in changes.items():
                setattr(row, name, value)
            uow.commit()
        assert vietnamese in said(client, document_id, "vi")
        assert english in said(client, document_id, "en")
    assert said(client, document_id, "vi").count("Đủ bằng chứng dài hạn") == 4  # three cards and the sentence


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
