"""An office file that came: in quarantine, its pages as pictures when somebody asks, the file never inline."""

from __future__ import annotations

import pytest

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.odd_files import real_docx
from tests.support.word_files import altered, with_relation
from tests.web.arrivals.desk import number_in, row, sent

OFFER = "?file=1&amp;images=1"


def arrived(client: Browser, data: bytes, name: str = "cong-van.docx") -> int:
    """The file, dropped into the queue by the clerk."""
    client.set_cookie("trinhky_language", "en")
    return number_in(sent(client.login("clerk"), (name, data))[0]["address"])


@pytest.mark.tools("soffice")
def test_pages_are_shown_when_asked_for_and_the_warning_stays(client: Browser, arrivals: Arrivals) -> None:
    """Nothing is opened until a click; then pictures on the check, on the files' and on the document's page."""
    came = real_docx()
    made = arrived(client, came)
    before = client.get(f"/incoming/{made}/register").text
    assert OFFER in before
    assert "/files/1/pages/1" not in before
    for address in (f"/incoming/{made}/register?file=1&images=1", f"/incoming/{made}/files", f"/incoming/{made}"):
        page = client.get(address).text
        assert f"/incoming/{made}/files/1/pages/1" in page, address
        assert OFFER not in page
    picture = client.get(f"/incoming/{made}/files/1/pages/1")
    assert (picture.mimetype, picture.data[8:12]) == ("image/webp", b"WEBP")
    assert client.get(f"/incoming/{made}/files/1/pages/2").status_code == 404
    assert "is an office file" in client.get(f"/incoming/{made}/files").text
    assert row(client, made).quarantined
    whole = client.get(f"/incoming/{made}/files/1?sure=1")
    assert whole.data == came
    assert whole.mimetype == "application/octet-stream"
    assert whole.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "data", [altered(**{"word/vbaProject.bin": b"x"}), with_relation("attachedTemplate", "http://192.0.2.1/a.dotm")],
    ids=["macros", "template"],
)  # fmt: skip
def test_a_hostile_one_is_not_opened_even_so(client: Browser, arrivals: Arrivals, data: bytes) -> None:
    """No offer; asking by hand changes nothing; it can still be registered with its warning."""
    made = arrived(client, data)
    for address in (f"/incoming/{made}/register", f"/incoming/{made}/register?images=1"):
        page = client.get(address).text
        assert "it holds something that is not opened here" in page
        assert OFFER not in page
    assert client.get(f"/incoming/{made}/files/1/pages/1").status_code == 422


def test_without_libreoffice_it_says_so(
    client: Browser, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file can be downloaded and registered as ever."""
    monkeypatch.setenv("PATH", "")
    made = arrived(client, real_docx())
    page = client.get(f"/incoming/{made}/files").text
    assert "this machine has no LibreOffice" in page
    assert OFFER not in page


@pytest.mark.tools("soffice")
def test_nobody_else_sees_its_pages(client: Browser, arrivals: Arrivals) -> None:
    """Another agency's clerk is told that there is no such file."""
    made = arrived(client, real_docx())
    client.login("far_clerk")
    for address in (f"/incoming/{made}/files?images=1", f"/incoming/{made}/files/1/pages/1"):
        assert client.get(address).status_code == 404
