"""The manifest of an act: one text, one code, whatever the order in which facts came."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace

import pytest

from workflow.domain.errors import BadInput
from workflow.domain.key_holders import CAPABILITIES, WAYS, Control, Gives, KeyHolder, fits
from workflow.domain.signing_acts import Line, Manifest, manifest

LINES = (Line("17.3", 4, "a" * 64, "b" * 64), Line("17", 4, "c" * 64, "d" * 64))
NONCE = "n0nce-of_the-page"


def made(**changes: object) -> Manifest:
    given = {"purpose": "seal", "certificate": "e" * 64, "nonce": NONCE, "lines": LINES} | changes
    return manifest(**given)  # type: ignore[arg-type]


def test_text_digest_and_code() -> None:
    """Sorted keys, no blanks; the code is Base32 of the first 50 bits of its SHA-256."""
    text = made().text
    assert text.startswith('{"certificate":"eeee')
    assert " " not in text
    assert list(json.loads(text)) == ["certificate", "count", "documents", "nonce", "purpose", "v"]
    assert json.loads(text)["documents"][0] == ["17.3", 4, "a" * 64, "b" * 64]
    digest = hashlib.sha256(text.encode()).digest()
    assert made().digest == digest.hex()
    assert made().code == base64.b32encode(digest)[:10].decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "number"},
        {"certificate": "f" * 64},
        {"nonce": NONCE + "x"},
        {"lines": LINES[::-1]},
        {"lines": LINES[:1]},
        *({"lines": (LINES[0], replace(LINES[1], **change))} for change in (
            {"document": "18"}, {"version": 5}, {"prepared": "0" * 64}, {"to_be_signed": "0" * 64},
        )),
    ],
    ids=str,
)  # fmt: skip
def test_everything_in_it_moves_the_code(changes: dict[str, object]) -> None:
    """No two acts that differ in anything share their code (but for one chance in 2^50)."""
    assert made(**changes).code != made().code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "act_empty"),
        ({"lines": (LINES[0], LINES[0])}, "act_doubled"),
        *(({"nonce": nonce}, "act_nonce") for nonce in ("", "short", "n" * 65, "with blanks in it", "ký" * 10)),
    ],
)
def test_what_is_no_manifest(changes: dict[str, object], code: str) -> None:
    """Nothing to sign, one file twice, a nonce that nobody drew."""
    with pytest.raises(BadInput, match=code):
        made(**changes)


def test_ways_of_signing() -> None:
    """Every way has its capabilities but the token itself, which signs by one of two; files come back hostile."""
    assert set(CAPABILITIES) == set(KeyHolder) - {KeyHolder.TOKEN}
    assert set(WAYS) == set(KeyHolder) - {KeyHolder.TOKEN_AGENT, KeyHolder.TOKEN_PAGE}
    assert all(way in CAPABILITIES for ways in WAYS.values() for way in ways)
    assert {way for way, able in CAPABILITIES.items() if able.gives is Gives.FILE} == {
        KeyHolder.TOKEN_AGENT, KeyHolder.UPLOADED,
    }  # fmt: skip
    assert CAPABILITIES[KeyHolder.BROWSER_FILE].asks(100) == 1
    assert CAPABILITIES[KeyHolder.TOKEN_PAGE].asks(100) == 100
    assert CAPABILITIES[KeyHolder.SERVER_SEAL].control is Control.ORGANISATIONAL
    assert fits("pkcs12_browser", KeyHolder.BROWSER_FILE)
    assert not fits("pkcs12_browser", KeyHolder.TOKEN_PAGE)
