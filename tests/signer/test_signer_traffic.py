"""Everything that a signing and an enrolment send, searched for password, key file and private numbers."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote_to_bytes

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from playwright.sync_api import expect

from tests.signer.conftest import Tab
from tests.signer.key_files import Holder, by_openssl, holder
from tests.signer.local_server import MODULES, SIGNER, as_json
from tests.signer.offices import SigningOffice, form

pytestmark = [pytest.mark.browser, pytest.mark.tools("openssl")]

PASSWORD = "Đặng Ưu không nói ra 7391"


def readings(raw: bytes) -> Iterator[bytes]:
    """The bytes as they are, and every way in which something could have been written into them."""
    yield raw
    yield unquote_to_bytes(raw)
    yield raw.decode("utf-8", "replace").encode("unicode_escape")
    yield re.sub(rb"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), raw)
    for run in re.findall(rb"[0-9a-fA-F]{32,}", raw):
        for start in (0, 1):
            yield bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2].decode())
    for run in re.findall(rb"[A-Za-z0-9+/_-]{24,}", raw):
        standard = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            piece = standard[start:]
            whole = piece[: len(piece) - (len(piece) % 4 == 1)]
            yield binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def private_numbers(owner: Holder) -> dict[str, bytes]:
    """Big-endian octets of everything secret in the key."""
    if isinstance(owner.key, ec.EllipticCurvePrivateKey):
        return {"d": owner.key.private_numbers().private_value.to_bytes(32, "big")}
    numbers = owner.key.private_numbers()
    named = {name: getattr(numbers, name) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")}
    return {name: value.to_bytes((value.bit_length() + 7) // 8, "big") for name, value in named.items()}


def public_number(owner: Holder) -> bytes:
    """RSA modulus, or the x coordinate of the point."""
    public = owner.key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return public.public_numbers().n.to_bytes(public.key_size // 8, "big")
    return public.public_numbers().x.to_bytes(32, "big")


def secrets(owner: Holder, file: bytes) -> dict[str, bytes]:
    """What must appear nowhere; the file by pieces, so that a part of it would be found as well."""
    forms = {form: unicodedata.normalize(form, PASSWORD) for form in ("NFC", "NFD")}
    written = {f"password {name}": text.encode() for name, text in forms.items()}
    wide = {f"password {name} in UTF-16": text.encode("utf-16-be") for name, text in forms.items()}
    quoted = {f"password {how.__name__}": how(PASSWORD).encode() for how in (quote, quote_plus)}
    pieces = {f"file from {at}": file[at : at + 24] for at in range(0, len(file) - 24, 24)}
    plain = serialization.NoEncryption()
    pkcs8 = owner.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    numbers = {name: value[:24] for name, value in private_numbers(owner).items()}
    return {**written, **wide, **quoted, **pieces, **numbers, "pkcs8": pkcs8[-60:]}


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
    texts = [text for raw in wire for text in readings(raw)]
    certificate_parts = owner.der
    found = {
        name
        for name, secret in secrets(owner, file).items()
        if secret not in certificate_parts and any(secret in text for text in texts)
    }
    assert found == set()
    assert any(public_number(owner) in text for text in texts), "the search finds what is really sent"


def test_search_would_find_each_secret() -> None:
    """The positive control of the search itself: each secret is found raw, in hex and in Base64 at any offset."""
    owner = holder("rsa2048")
    for secret in secrets(owner, bytes(range(256)) * 4).values():
        surrounded = [b"x" * lead + secret + b"y" * trail for lead in range(3) for trail in range(3)]
        for written in (secret, secret.hex().encode(), *map(base64.b64encode, surrounded)):
            assert any(secret in text for text in readings(b'{"a": "' + written + b'"}'))


def test_list_of_modules_is_what_the_page_loads(tab: Tab) -> None:
    """`modules.txt` names every script of the folder; the two pages with their worker load exactly those."""
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
    asked = {request.path for request in tab.office.requests}
    loaded = {path.removeprefix(MODULES) for path in asked if path.startswith(MODULES)}
    assert loaded == set(listed)
    assert asked - {MODULES + name for name in listed} == {"/sign", "/enrol"}


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
