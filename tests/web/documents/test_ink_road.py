"""Paper signed in ink: one step forward at a time, and each thing said once."""

from __future__ import annotations

import io
import re

from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers, letter
from workflow.services.documents.numbers import number


def test_after_the_scan_sealing_comes_first(client: Browser, papers: Papers) -> None:
    """Before it the scan is the one primary step; after it the seal is, and another scan stays possible."""
    document_id = papers.inked()
    papers.do(number, "clerk", document_id=document_id, version=None)
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get(f"/outgoing/{document_id}").text
    assert "Your turn: Attach the scan" in page
    upload = {"version": version_of(page), "file": (io.BytesIO(letter()), "quet.pdf")}
    client.post(f"/outgoing/{document_id}/actions/attach_scan", data=upload)
    page = client.get(f"/outgoing/{document_id}").text
    assert "Your turn: Seal" in page
    acts = page.split('<ul class="offers">')[1].split("</ul>")[0]
    assert re.findall(r'class="btn btn-primary"[^>]*>(\w+)', acts) == ["Seal"]
    assert acts.index("F9") < acts.index("Attach another scan")


def test_an_issued_document_says_once_that_nothing_waits(client: Browser, papers: Papers) -> None:
    """The sentence stands with the state; filing says only what filing does."""
    document_id = papers.issued()
    page = client.login("clerk").get(f"/outgoing/{document_id}").text
    assert page.count("hông còn gì phải chờ") == 1
    assert "Đưa vào lưu cùng hồ sơ công việc." in page


def test_the_act_bears_one_name(client: Browser, papers: Papers) -> None:
    """The button and the history call the number signature as the glossary does."""
    button = client.login("clerk").get(f"/outgoing/{papers.numbered()}").text.split('<ul class="offers">')[1]
    history = client.get(f"/outgoing/{papers.number_signed()}").text.split('<ol class="history">')[1]
    assert ("Ký phần số, ngày tháng" in button, "Ký phần số, ngày tháng" in history) == (True, True)


def test_the_road_of_a_secret_paper_is_one_of_ink(client: Browser, papers: Papers) -> None:
    """It is signed and stamped by hand from its first day; its form asks for no file. Other drafts stay digital."""
    secret = papers.draft(file=False, secret=True)
    road = client.login("drafter").get(f"/outgoing/{secret}").text.split('<ol class="road">')[1].split("</ol>")[0]
    assert ("Chờ ký giấy" in road, "Đã đóng dấu trên giấy" in road) == (True, True)
    assert "Chờ ký số" not in road
    assert 'name="file"' not in client.get(f"/outgoing/{secret}/edit").text
    other = papers.draft(file=False)
    road = client.get(f"/outgoing/{other}").text.split('<ol class="road">')[1].split("</ol>")[0]
    assert "Chờ ký số" in road
    assert 'name="file"' in client.get(f"/outgoing/{other}/edit").text
