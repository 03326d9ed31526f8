"""Where npm was out of reach at set-up there is no pdf.js: pages are images, and nothing is asked for in vain."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.web import file_answers


@pytest.fixture(params=[True, False], ids=["built", "not built"])
def built(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the viewer is there."""
    monkeypatch.setattr(file_answers, "asset_exists", lambda _name: request.param)
    return bool(request.param)


def test_the_paper_shows_its_pages_either_way(client: Browser, papers: Papers, built: bool) -> None:
    """The page of a document holds an image of each page; the link to the viewer only where there is one."""
    document_id = papers.draft()
    page = client.login("drafter").get(f"/outgoing/{document_id}").text
    (image,) = set(re.findall(r'<img src="(/outgoing/[^"]+\.webp)"', page))
    assert client.get(image).mimetype == "image/webp"
    assert (f'href="/outgoing/{document_id}/files/2/view"' in page) is built


def test_the_viewers_page_names_no_script_that_is_not_there(client: Browser, papers: Papers, built: bool) -> None:
    """Without pdf.js it leads back to the page with the images."""
    document_id = papers.draft()
    client.set_cookie("trinhky_language", "en")
    page = client.login("drafter").get(f"/outgoing/{document_id}/files/2/view").text
    assert ("documents/viewer.js" in page) is built
    assert ("data-library" in page) is built
    assert ("shows the pages as images" in page) is not built
    assert f'href="/outgoing/{document_id}?file=2"' in page
