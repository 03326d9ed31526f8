"""Why may, or may not, this person sign this: every rule on a page, and the facet beside the verdict."""

from __future__ import annotations

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
    assert "Được ký" in page
    assert "Không được ký" in page
    assert "✓" in page
    assert "✗" in page
    assert "02/QĐ-UBND" in page
    assert "Chưa ghi nhận văn bản giao ký nào cho chức vụ này ký với tư cách đó." in page
    client.login("far_drafter")
    assert client.get(f"/outgoing/{document_id}/signers").status_code == 404


def test_entitled_on_that_day_stands_beside_the_verdict(client: Browser, papers: Papers) -> None:
    """On the page and in the JSON of a signed document."""
    document_id = papers.signed()
    client.login("clerk")
    assert "Có thẩm quyền ký vào ngày đó" in client.get(f"/outgoing/{document_id}").text
    assert "Có thẩm quyền ký vào ngày đó" in client.get(f"/outgoing/{document_id}/signers").text
