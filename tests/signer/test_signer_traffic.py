"""Everything that a signing and an enrolment send, searched for password, key file and private numbers."""

from __future__ import annotations

import base64
import json
import re
from html import escape

import pytest
from playwright.sync_api import expect

from tests.signer.conftest import Tab
from tests.signer.key_files import Holder, by_openssl, holder
from tests.signer.local_server import MODULES, SIGNER, Answer, as_json
from tests.signer.offices import SigningOffice, form
from tests.support.leaks import found_in, readings, secrets, shows_public_number

pytestmark = [pytest.mark.browser, pytest.mark.tools("openssl")]

PASSWORD = "Đặng Ưu không nói ra 7391"


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
def test_nothing_secret_is_sent(tab: Tab, kind: str) -> None:
    """Every request of both flows: no secret in any form, while the same search finds the public number."""
    owner = holder(kind)
    file = by_openssl(owner, PASSWORD, "-legacy")
    seen_by_browser: list[str] = []
    tab.page.on("request", lambda request: seen_by_browser.append(request.url))
    SigningOffice(tab.office, owner).open()
    tab.office.page("/enrol", form("enrol", finish_url="/enrolments", user="lan", nonce="n-1"))
    tab.office.routes["/enrolments"] = lambda _: as_json({})
    for path, done in (("/sign", "[data-results] li >> nth=2"), ("/enrol", "[data-results] p")):
        tab.open(path)
        tab.page.set_input_files("#file", {"name": "lan.p12", "mimeType": "", "buffer": file})
        tab.page.fill("#password", PASSWORD)
        tab.page.click("button[type=submit]")
        expect(tab.page.locator(done)).to_be_visible()
    assert_clean(tab, owner, file)
    assert all(url.startswith((tab.office.origin, "data:,", "blob:")) for url in seen_by_browser)


def assert_clean(tab: Tab, owner: Holder, file: bytes) -> None:
    wire = [request.head.encode() + request.body for request in tab.office.requests]
    assert len(tab.office.posts("/finish")) == len(tab.office.posts("/enrolments")) == 1
    assert found_in(wire, owner, file, PASSWORD) == set()
    assert shows_public_number(wire, owner), "the search finds what is really sent"


@pytest.mark.parametrize("answer", [Answer(status=204), Answer(cut=True)], ids=["taken", "lost"])
def test_an_obstacle_is_told_in_three_words(tab: Tab, answer: Answer) -> None:
    """A wrong password and a broken file: documents, code and holder, nothing that was typed or read; whatever
    becomes of the message, the page goes on. What keeps nobody from signing is told as what it is: a code."""
    owner = holder("p256")
    file, wrong = by_openssl(owner, PASSWORD), "Sai mà vẫn bí mật 4410"
    SigningOffice(tab.office, owner, tells={"obstacle_url": "/sign/obstacle"}).open()
    tab.office.routes["/sign/obstacle"] = lambda _: answer
    tab.open("/sign")
    errors = tab.page.locator("[data-errors]")
    for code, given, password in (
        ("wrong_password", file, wrong), ("not_pkcs12", b"no key file", wrong), ("", file, PASSWORD),
    ):  # fmt: skip
        tab.page.set_input_files("#file", {"name": "lan.p12", "mimeType": "", "buffer": given})
        tab.page.fill("#password", password)
        tab.page.click("button[type=submit]")
        if code:
            expect(errors).to_have_attribute("data-code", code)
            expect(errors).to_be_visible()
    expect(tab.page.locator("[data-results] li >> nth=2")).to_be_visible()
    told = {"documents": ["1", "2", "3"], "holder": "pkcs12_browser"}
    assert tab.office.posts("/sign/obstacle") == [
        {**told, "code": "wrong_password"}, {**told, "code": "not_pkcs12"},
    ]  # fmt: skip
    assert len(tab.office.posts("/finish")) == 1
    wire = [request.head.encode() + request.body for request in tab.office.requests]
    for password in (PASSWORD, wrong):
        assert found_in(wire, owner, file, password) == set()
    assert shows_public_number(wire, owner)
    tab.complaints = [one for one in tab.complaints if not (answer.cut and "ERR_EMPTY_RESPONSE" in one)]


@pytest.mark.parametrize(("other", "told"), [(" disabled", 1), ("", 0)], ids=["none", "one"])
def test_that_no_way_works_here_is_told_once(tab: Tab, other: str, told: int) -> None:
    """A key that has to be plugged in, on a screen that is only touched, and nothing else to choose."""
    SigningOffice(tab.office, holder("p256")).open()
    entries = escape(json.dumps([{"id": "7"}, {"id": "8.2"}]))
    ways = (
        '<fieldset class="ways" data-obstacle-url="/sign/obstacle" data-holder="token_page" '
        f'data-documents="{entries}">'
        f'<input type="radio" name="chosen" disabled><input type="radio" name="chosen"{other}></fieldset>'
    )
    tab.office.page("/sign", ways + form("sign", documents="[]"))
    tab.office.routes["/sign/obstacle"] = lambda _: Answer(status=204)
    tab.open("/sign").wait_for_load_state("networkidle")
    said = {"documents": ["7", "8"], "code": "device_cannot_sign", "holder": "token_page"}
    assert tab.office.posts("/sign/obstacle") == [said] * told


def test_what_the_server_said_is_not_told_back(tab: Tab) -> None:
    """A refusal in the server's words it has noted itself; only a form that names the address tells at all."""
    owner = holder("p256")
    for tells in ({"obstacle_url": "/sign/obstacle"}, {}):
        refused = as_json({"code": "certificate_revoked", "message": "Chứng thư đã bị thu hồi."}, 409)
        office = SigningOffice(tab.office, owner, tells=tells, prepare_answers=[refused])
        office.open()
        tab.open("/sign")
        tab.page.set_input_files("#file", {"name": "a.p12", "mimeType": "", "buffer": by_openssl(owner, PASSWORD)})
        tab.page.fill("#password", PASSWORD if tells else "x")
        tab.page.click("button[type=submit]")
        code = "certificate_revoked" if tells else "wrong_password"
        expect(tab.page.locator("[data-errors]")).to_have_attribute("data-code", code)
    assert tab.office.posts("/sign/obstacle") == []
    tab.complaints.clear()


def test_search_would_find_each_secret() -> None:
    """The positive control of the search itself: each secret is found raw, in hex and in Base64 at any offset."""
    owner = holder("rsa2048")
    for secret in secrets(owner, bytes(range(256)) * 4, PASSWORD).values():
        surrounded = [b"x" * lead + secret + b"y" * trail for lead in range(3) for trail in range(3)]
        for written in (secret, secret.hex().encode(), *map(base64.b64encode, surrounded)):
            assert any(secret in text for text in readings(b'{"a": "' + written + b'"}'))


def test_list_of_modules_is_what_the_page_loads(tab: Tab) -> None:
    """`modules.txt` names every script of the folder; the pages with their worker load exactly those."""
    listed = (SIGNER / "modules.txt").read_text("utf-8").split()
    assert listed == sorted(path.name for path in SIGNER.glob("*.js"))
    owner = holder("p256")
    SigningOffice(tab.office, owner).open()
    tab.office.page("/enrol", form("enrol", finish_url="/enrolments", user="lan", nonce="n-1"))
    for path in ("/sign", "/enrol"):
        tab.open(path)
        tab.page.set_input_files("#file", {"name": "x.p12", "mimeType": "", "buffer": b"no key file"})
        tab.page.fill("#password", "x")
        tab.page.click("button[type=submit]")
        expect(tab.page.locator("[data-errors]")).to_have_attribute("data-code", "not_pkcs12")
    tab.office.page("/token", form("sign", holder="token_page", purpose="leader", documents="[]"))
    tab.open("/token").click("button[type=submit]")
    expect(tab.page.locator("[data-errors]")).to_have_attribute("data-code", "nothing_chosen")
    asked = {request.path for request in tab.office.requests}
    loaded = {path.removeprefix(MODULES) for path in asked if path.startswith(MODULES)}
    assert loaded == set(listed)
    assert asked - {MODULES + name for name in listed} == {"/sign", "/enrol", "/token"}


def test_modules_are_our_own_and_self_contained() -> None:
    """No import leaves the folder, no eval, no inner HTML, no storage."""
    for name in (SIGNER / "modules.txt").read_text("utf-8").split():
        source = (SIGNER / name).read_text("utf-8")
        targets = re.findall(r"""(?:from|import)\s*\(?\s*['"]([^'"]+)['"]""", source)
        assert all(re.fullmatch(r"\./[a-z0-9-]+\.js", target) for target in targets), name
        forbidden = (
            r"\b(eval|innerHTML|outerHTML|insertAdjacentHTML|localStorage|sessionStorage|indexedDB|importScripts)\b"
        )
        assert re.search(forbidden, source) is None, name
        assert source.count("\n") < 250, name
