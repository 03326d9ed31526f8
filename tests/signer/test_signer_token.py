"""A token behind the browser's extension: what it is asked, when, and what is believed of its answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from playwright.sync_api import expect

from tests.signer.conftest import Tab
from tests.signer.key_files import Holder, holder
from tests.signer.offices import SigningOffice, form
from tests.signer.prepared_files import Item
from tests.signer.test_signer_formats import verify
from tests.support.usb_key import EXTENSION

pytestmark = pytest.mark.browser

ERRORS, DONE = "[data-errors]", '[data-results] li[data-state="ok"]'


def as_der(signature: bytes, _size: int) -> bytes:
    """ECDSA as most tokens' libraries write it; RSA as it is."""
    return signature


def as_pair(signature: bytes, size: int) -> bytes:
    """r‖s."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def spoilt(signature: bytes, _size: int) -> bytes:
    """Another bit."""
    return signature[:-1] + bytes([signature[-1] ^ 1])


@dataclass
class Token:
    """Signs hashes with a holder's key. `asked`: message by message."""

    owner: Holder
    write: Callable[[bytes, int], bytes] = as_der
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, message: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(message)
        own = base64.b64encode(self.owner.der).decode()
        if message["action"] == "web-eid:get-signing-certificate":
            return {"certificate": own, "supportedSignatureAlgorithms": []}
        assert message["certificate"] == own
        function = {"SHA-256": hashes.SHA256(), "SHA-384": hashes.SHA384()}[message["hashFunction"]]
        digest, key = base64.b64decode(message["hash"]), self.owner.key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            made = key.sign(digest, ec.ECDSA(Prehashed(function)))
        else:
            made = key.sign(digest, padding.PKCS1v15(), Prehashed(function))
        size = (key.key_size + 7) // 8
        return {"signature": base64.b64encode(self.write(made, size)).decode()}


def opened(tab: Tab, token: Token, **values: Any) -> SigningOffice:
    """The signing page for three documents, with the extension in the browser."""
    office = SigningOffice(tab.office, token.owner, **values)
    office.open()
    documents = [
        {"id": number, "version": 3, "sha256": entry.sha256, "title": f"Văn bản {number}"}
        for number, entry in office.items.items()
    ]
    places = {f"{name}_url": f"/{name}" for name in ("prepare", "fix", "finish")}
    page = form("sign", holder="token_page", purpose="leader", documents=json.dumps(documents), **places)
    tab.office.page("/sign", page)
    tab.page.expose_function("usbKey", lambda message: token(message))
    tab.page.add_init_script(EXTENSION)
    tab.open("/sign").click("button[type=submit]")
    return office


@pytest.mark.parametrize(("kind", "write"), [("rsa2048", as_der), ("p256", as_der), ("p256", as_pair)])
def test_each_document_costs_one_hash_and_is_sent_at_once(
    tab: Tab, kind: str, write: Callable[[bytes, int], bytes]
) -> None:
    """Three questions for three documents; what reaches the server fits, ECDSA as r‖s however it was written."""
    token = Token(holder(kind), write)
    office = opened(tab, token)
    expect(tab.page.locator(DONE)).to_have_count(3)
    assert [message["action"].rpartition(":")[2] for message in token.asked] == ["get-signing-certificate"] + 3 * [
        "sign"
    ]
    sent = [entry for body in tab.office.posts("/finish") for entry in body["items"]]
    assert [len(body["items"]) for body in tab.office.posts("/finish")] == [1, 1, 1]
    for entry in sent:
        signed = office.items[entry["document"]].to_be_signed
        verify(token.owner, base64.b64decode(entry["signature"]), entry["signatureAlgorithm"], signed)


def test_a_lying_server_is_found_out_before_the_first_pin(tab: Tab) -> None:
    """One wrong file of three: the token is asked for its certificate and for nothing else."""

    def lies(entry: Item) -> Item:
        return entry.changed(prepared=entry.prepared.replace(b"%PDF", b"%PDG", 1)) if entry.document == 3 else entry

    token = Token(holder("p256"))
    opened(tab, token, bend=lies)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "not_the_version_read")
    assert len(token.asked) == 1
    assert tab.office.posts("/finish") == []


def test_an_answer_that_does_not_fit_is_not_sent(tab: Tab) -> None:
    """The Worker verifies before the server hears of it."""
    token = Token(holder("rsa2048"), spoilt)
    opened(tab, token)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "token_bad_signature")
    assert tab.office.posts("/finish") == []
