"""Leader, then number, then seal: prepared by our library, signed in the browser, embedded, judged by others."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from signing import jail
from signing.prepare import (
    FieldKind,
    SignatureAlgorithm,
    add_fields,
    embed,
    normalise_in_jail,
    prepare_signature,
    propose_plan,
)
from signing.testing import AGENCY, LEADER, Authority, Identity, KeyKind, Profile
from signing.testing.drawings import appearance, letter
from tests.signer.conftest import Tab
from tests.signer.test_signer_checks import PASSWORD, SIGN

pytestmark = [pytest.mark.browser, pytest.mark.tools("pdfsig")]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture(scope="module")
def blank() -> Iterator[bytes]:
    """A normalised letter with all its fields, before the first signature."""
    draft = normalise_in_jail(letter(pages=1))
    plan = propose_plan(draft.pages)
    footer = next(field for field in plan if field.kind is FieldKind.FOOTER)
    yield add_fields(draft.data, plan, footer=appearance("Mã tra cứu: K7QF-2M9X", footer.size))
    jail.close()


def key_file(who: Identity) -> str:
    return base64.b64encode(who.pkcs12(PASSWORD)).decode()


def sign_in_browser(bench: Tab, who: Identity, version: bytes, field: str) -> bytes:
    """Prepare, sign, embed: one document through the whole way."""
    ready = prepare_signature(version, field=field, certificate=who.der, at=NOW)
    text = {"toBeSigned": ready.to_be_signed, "prepared": ready.document, "original": version}
    item = {name: base64.b64encode(value).decode() for name, value in text.items()}
    item |= {"document": field, "byteRange": list(ready.byte_range)}
    (result,) = bench.run(SIGN, {"file": key_file(who), "password": PASSWORD, "items": [item]})["results"]
    assert result["ok"], result
    return embed(
        ready.document,
        to_be_signed=ready.to_be_signed,
        signature=base64.b64decode(result["signature"]),
        signature_algorithm=SignatureAlgorithm(result["algorithm"]),
        certificate=who.der,
        chain=who.chain_der,
    )


def test_three_signatures_in_a_row(bench: Tab, blank: bytes, tmp_path: Path) -> None:
    """Each is prepared over the one before; pdfsig finds all three valid and the last over the whole file."""
    issuing = Authority.root(now=NOW - timedelta(days=90)).subordinate(now=NOW - timedelta(days=60))
    leader = issuing.issue(LEADER, now=NOW - timedelta(days=30), kind=KeyKind.RSA_2048)
    agency = issuing.issue(AGENCY, Profile.ORGANISATION, now=NOW - timedelta(days=30), kind=KeyKind.P384)
    document = blank
    for who, field in ((leader, "Leader"), (agency, "Number"), (agency, "Seal")):
        document = sign_in_browser(bench, who, document, field)
    path = tmp_path / "issued.pdf"
    path.write_bytes(document)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 3
    assert "Total document signed" in said
