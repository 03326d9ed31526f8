"""Why may, or may not, this person sign this: every rule on a page, and the facet beside the verdict."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.domain.people import Capacity


@pytest.mark.parametrize(("signer", "capacity"), [("head", Capacity.TL), ("deputy", Capacity.KT)])
def test_why_somebody_may_or_may_not_sign(client: Browser, papers: Papers, signer: str, capacity: Capacity) -> None:
    """All rules with their mark and words; a neighbour finds no page."""
    document_id = papers.draft(file=False, signer=signer, capacity=capacity)
    client.login("drafter")
    page = client.get(f"/outgoing/{document_id}/signers").text
    assert ">được ký</span>" in page
    assert ">không được ký</span>" in page
    assert "✓" in page
    assert "✗" in page
    assert "02/QĐ-UBND" in page
    assert "Chưa ghi nhận văn bản giao ký nào cho chức vụ này ký với tư cách đó." in page
    seen = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    refusals = re.findall(r'plain">không được ký</span> ([^<]*)</p>', seen)
    assert refusals
    assert all(words.count(".") > 1 for words in refusals), "each says why, without opening anything"
    assert "Người đứng đầu: ký tất cả văn bản (khoản 1 Điều 13)." in seen
    assert "Người đứng đầu, người đứng đầu" not in seen
    client.login("far_drafter")
    assert client.get(f"/outgoing/{document_id}/signers").status_code == 404


def test_entitled_on_that_day_stands_beside_the_verdict(client: Browser, papers: Papers) -> None:
    """On the page and in the JSON of a signed document."""
    document_id = papers.signed()
    client.login("clerk")
    assert "Có thẩm quyền ký vào ngày đó" in client.get(f"/outgoing/{document_id}").text
    assert "Có thẩm quyền ký vào ngày đó" in client.get(f"/outgoing/{document_id}/signers").text
