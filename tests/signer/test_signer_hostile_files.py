"""Broken and hostile key files: always a named error, soon, and the page stays alive."""

from __future__ import annotations

import base64
import random
import re
import time
from typing import Any

import pytest
from asn1crypto import core
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.signer.conftest import Tab
from tests.signer.key_files import Holder, by_openssl, children, holder, tlv
from tests.signer.local_server import SIGNER
from tests.signer.test_signer_formats import attempt
from tests.support import counts

pytestmark = [pytest.mark.browser, pytest.mark.tools("openssl")]

PASSWORD = "mở khóa"
PLAIN = ("-keypbe", "NONE", "-certpbe", "NONE", "-nomac")


def code_of(bench: Tab, file: bytes, password: str = PASSWORD) -> Any:
    return attempt(bench, file, password).get("code")


def with_mac_iterations(file: bytes, iterations: int) -> bytes:
    pfx = asn1_pkcs12.Pfx.load(file)
    pfx["mac_data"]["iterations"] = iterations
    return bytes(pfx.dump(force=True))


NOT_KEY_FILES = {
    "nothing": b"",
    "one byte": b"\x30",
    "text": b"-----BEGIN PRIVATE KEY-----\n",
    "a PDF": b"%PDF-1.7\n" + bytes(5000),
    "zeros": bytes(5000),
    "length beyond the end": bytes.fromhex("3084ffffffff020103"),
    "nested 10,000 deep": b"\x30\x80" * 10_000,
    "never closed": b"\x30\x80" + b"\x02\x01\x03" * 1000,
    "100,000 values": tlv(0x30, b"\x05\x00" * 100_000),
    "version 4": tlv(0x30, b"\x02\x01\x04", tlv(0x30, b"")),
    "a bare certificate": holder("p256").der,
}


@pytest.mark.parametrize("name", NOT_KEY_FILES)
def test_not_a_key_file(bench: Tab, name: str) -> None:
    """Other files are called what they are."""
    assert code_of(bench, NOT_KEY_FILES[name]) == "not_pkcs12"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated(bench: Tab, share: float) -> None:
    """A file that a broken download cut short."""
    file = by_openssl(holder("rsa2048"), PASSWORD)
    assert code_of(bench, file[: int(len(file) * share)]) == "not_pkcs12"


def test_too_large(bench: Tab) -> None:
    """Half a megabyte is read, a byte more is not."""
    assert code_of(bench, bytes(512 * 1024)) == "not_pkcs12"
    assert code_of(bench, bytes(512 * 1024 + 1)) == "too_large"


@pytest.mark.parametrize("iterations", [1_000_001, 2**31 - 1])
def test_too_many_mac_iterations(bench: Tab, iterations: int) -> None:
    """Work for hours is refused at once."""
    started = time.monotonic()
    assert (
        code_of(bench, with_mac_iterations(by_openssl(holder("p256"), PASSWORD), iterations))
        == "too_many_iterations"
    )
    assert time.monotonic() - started < 5


def test_too_many_encryption_iterations(bench: Tab) -> None:
    """The same where the key bag asks for it."""
    file = by_openssl(holder("p256"), PASSWORD, "-nomac")
    many = file.replace(bytes.fromhex("02020800"), bytes.fromhex("02027fff"))
    assert code_of(bench, many) == "wrong_password"  # 32,767 is fine, and gives another key
    salt = re.search(rb"\x04\x08.{8}\x02\x02\x08\x00", file, re.DOTALL)
    assert salt is not None, "openssl writes eight octets of salt and 2,048 iterations"
    hidden = b"\x04\x06" + salt[0][2:8] + b"\x02\x04\x7f\xff\xff\xff"
    assert code_of(bench, file.replace(salt[0], hidden)) == "too_many_iterations"


def test_page_stays_alive_while_the_worker_toils(bench: Tab) -> None:
    """With the most work that is allowed, the page's own thread never waits."""
    file = with_mac_iterations(by_openssl(holder("p256"), PASSWORD), 1_000_000)
    script = """
        const { openKey } = await m('signer.js');
        let longest = 0;
        let last = performance.now();
        const tick = () => { longest = Math.max(longest, performance.now() - last); last = performance.now(); };
        const timer = setInterval(tick, 10);
        const file = new Blob([Uint8Array.from(atob(a.file), (c) => c.charCodeAt(0))]);
        const started = performance.now();
        const code = await openKey(file, 'wrong').catch((error) => error.code);
        clearInterval(timer);
        return { code, longest, toil: performance.now() - started };
    """
    seen = bench.run(script, {"file": base64.b64encode(file).decode()})
    assert seen["code"] == "wrong_password"
    assert seen["toil"] > 200, "the work is real"
    assert seen["longest"] < seen["toil"] / 2


def test_certificates_without_key(bench: Tab) -> None:
    """A file of certificates only."""
    owner = holder("p256")
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    file = pkcs12.serialize_key_and_certificates(None, None, None, [owner.certificate, owner.issuer], how)
    assert code_of(bench, file) == "no_private_key"


def test_key_without_certificate(bench: Tab) -> None:
    """A file with a key only."""
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    file = pkcs12.serialize_key_and_certificates(None, holder("p256").key, None, None, how)
    assert code_of(bench, file) == "no_certificate"


def test_certificate_of_another_key(bench: Tab) -> None:
    """Key and certificate that do not belong together."""
    mine, other = holder("p256", 1), holder("p256", 2)
    file = by_openssl(mine, PASSWORD, *PLAIN)
    head = bytes.fromhex("a144034200")  # the public point inside ECPrivateKey; the certificate's stays
    crossed = file.replace(_scalar(mine), _scalar(other)).replace(head + _point(mine), head + _point(other))
    assert crossed.count(_point(other)) == crossed.count(_point(mine)) == 1
    assert code_of(bench, crossed) == "key_mismatch"


def test_key_and_certificate_of_different_kinds(bench: Tab) -> None:
    """An RSA key beside a certificate for a curve."""
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    keys = pkcs12.serialize_key_and_certificates(
        None, holder("rsa2048").key, None, [holder("p256").certificate], how
    )
    assert code_of(bench, keys) == "key_mismatch"


def test_scalar_that_does_not_fit_the_public_point(bench: Tab) -> None:
    """Only the private number was exchanged: the browser or the probe finds it."""
    mine, other = holder("p256", 1), holder("p256", 2)
    crossed = by_openssl(mine, PASSWORD, *PLAIN).replace(_scalar(mine), _scalar(other))
    assert crossed.count(_scalar(other)) == 1
    assert code_of(bench, crossed) == "not_pkcs12"


def _scalar(owner: Holder) -> bytes:
    assert isinstance(owner.key, ec.EllipticCurvePrivateKey)
    return owner.key.private_numbers().private_value.to_bytes(32, "big")


def _point(owner: Holder) -> bytes:
    form = serialization.PublicFormat.UncompressedPoint
    return owner.key.public_key().public_bytes(serialization.Encoding.X962, form)


def test_rsa_of_1024_bits(bench: Tab) -> None:
    """Too weak for any signature that counts."""
    assert code_of(bench, by_openssl(holder("rsa1024"), PASSWORD)) == "weak_key"


def test_small_public_exponent(bench: Tab) -> None:
    """Exponent 3 is refused."""
    owner = holder("rsa2048")
    file = by_openssl(owner, PASSWORD, *PLAIN)
    exponent = core.Integer(65537).dump()
    modulus = core.Integer(owner.key.public_key().public_numbers().n).dump()
    shrunk = file.replace(modulus + exponent, modulus + b"\x02\x03\x00\x00\x03")
    assert shrunk != file
    assert code_of(bench, shrunk) == "weak_key"


@pytest.mark.parametrize("kind", ["P-521", "Ed25519", "brainpool"])
def test_keys_that_webcrypto_cannot_use(bench: Tab, kind: str) -> None:
    """Named as unsupported, not as damaged."""
    key = {
        "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
        "brainpool": lambda: ec.generate_private_key(ec.BrainpoolP256R1()),
    }[kind]()
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    file = pkcs12.serialize_key_and_certificates(None, key, None, [holder("p256").certificate], how)
    assert code_of(bench, file) == "unsupported_algorithm"


@pytest.mark.parametrize(
    "options",
    [
        ("-provider", "legacy", "-provider", "default", "-certpbe", "PBE-SHA1-RC4-128"),
        ("-keypbe", "CAMELLIA-256-CBC"),
        ("-macalg", "sha512-256"),
    ],
    ids=["RC4", "Camellia", "SHA-512/256"],
)
def test_algorithms_that_nobody_uses(bench: Tab, options: tuple[str, ...]) -> None:
    """Refused by name."""
    assert code_of(bench, by_openssl(holder("p256"), PASSWORD, *options)) == "unsupported_algorithm"


def test_file_sealed_to_a_public_key(bench: Tab) -> None:
    """Public-key privacy and integrity modes take no password."""
    version, safe, *_ = children(by_openssl(holder("p256"), PASSWORD))
    signed = safe.replace(
        core.ObjectIdentifier("1.2.840.113549.1.7.1").dump(),
        core.ObjectIdentifier("1.2.840.113549.1.7.2").dump(),
        1,
    )
    assert code_of(bench, tlv(0x30, version, signed)) == "unsupported_algorithm"


FUZZ = """
    const { openKey, stop } = await m('signer.js');
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const seen = [];
    for (const file of a.files) {
      const started = performance.now();
      const opening = openKey(new Blob([bytes(file)]), a.password);
      const code = await opening.then(() => 'opened', (error) => error.code ?? String(error));
      seen.push({ code, ms: performance.now() - started });
    }
    return seen;
"""


@pytest.mark.soak
@pytest.mark.parametrize("options", [(), ("-legacy",), PLAIN], ids=["AES", "legacy", "plain"])
def test_mutations_give_a_named_error_quickly(bench: Tab, options: tuple[str, ...]) -> None:
    """Bytes changed, removed, doubled, swapped: each file opens or gets a code that pages can translate."""
    count = counts.times(200, soak=2_000)
    chance = random.Random(f"{options}")
    file = by_openssl(holder("p256"), PASSWORD, *options)
    files = [base64.b64encode(_mutated(file, chance)).decode() for _ in range(count)]
    seen = bench.run(FUZZ, {"files": files, "password": PASSWORD})
    known = set(re.findall(r"^  (\w+): '", (SIGNER / "errors.js").read_text(), re.MULTILINE)) - {
        "worker_failed",
        "timed_out",
    }
    assert len(seen) == count
    assert {entry["code"] for entry in seen} - known <= {"opened"}
    assert max(entry["ms"] for entry in seen) < 20_000
    assert sum(entry["code"] != "opened" for entry in seen) > count // 4


def _mutated(file: bytes, chance: random.Random) -> bytes:
    data = bytearray(file)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        at = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at] = chance.choice([0x00, 0x7F, 0x80, 0x84, 0xFF])
            case 2:
                del data[at : at + chance.randrange(1, 20)]
            case 3:
                data[at:at] = data[at : at + chance.randrange(1, 20)]
            case _:
                data[at : at + 4] = chance.randbytes(4)
    return bytes(data)


def test_random_bytes(bench: Tab) -> None:
    """Noise of any length is no key file."""
    chance = random.Random(7)
    files = [base64.b64encode(chance.randbytes(length)).decode() for length in range(0, 400, 8)]
    seen = bench.run(FUZZ, {"files": files, "password": PASSWORD})
    assert {entry["code"] for entry in seen} == {"not_pkcs12"}
