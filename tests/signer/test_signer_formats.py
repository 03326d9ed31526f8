"""Every shape of key file that offices hold opens in the browser, and its signatures verify elsewhere."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.signer.conftest import Tab
from tests.signer.key_files import (
    NAME,
    Holder,
    builder,
    by_cryptography,
    by_openssl,
    holder,
    in_ber,
    in_deep_ber,
    with_pbmac1,
)

pytestmark = [pytest.mark.browser, pytest.mark.tools("openssl")]

PASSWORD = "correct-horse 123!"
VIETNAMESE = "Mật khẩu của Đặng Ưu"
AES_TOO = ("-certpbe", "AES-256-CBC")  # openssl leaves certificates open when there is no MAC, unless told
RC2_TOO = ("-legacy", "-certpbe", "PBE-SHA1-RC2-40")
LEGACY = ("-provider", "legacy", "-provider", "default")
NONE = serialization.NoEncryption()

OPEN = """
    const { openKey, signChallenge, close } = await m('signer.js');
    const file = new Blob([Uint8Array.from(atob(a.file), (c) => c.charCodeAt(0))]);
    try {
      const { handle, keyType, leaf, certificates } = await openKey(file, a.password);
      const proof = await signChallenge(handle, { origin: location.origin, user: 'lan', nonce: 'n-1' });
      await close(handle);
      const text = (der) => btoa(String.fromCharCode(...new Uint8Array(der)));
      const shown = certificates.map(({ der, ...rest }) => ({ ...rest, der: text(der) }));
      return { keyType, leaf, certificates: shown, proof };
    } catch (error) {
      return { code: error.code ?? String(error) };
    }
"""


def attempt(bench: Tab, file: bytes, password: str) -> dict[str, object]:
    return bench.run(OPEN, {"file": base64.b64encode(file).decode(), "password": password})


def assert_opens(bench: Tab, file: bytes, password: str, owner: Holder) -> None:
    """The key opens, its certificate stands first, and a signature verifies with the public key."""
    opened = attempt(bench, file, password)
    assert "code" not in opened, opened
    first = opened["certificates"][opened["leaf"]]
    assert base64.b64decode(first["der"]) == owner.der
    expected = f"trinhky-enrol-v1\0{bench.office.origin}\0lan\0n-1".encode()
    verify(owner, base64.b64decode(opened["proof"]["signature"]), opened["proof"]["algorithm"], expected)


def verify(owner: Holder, signature: bytes, algorithm: str, data: bytes) -> None:
    public = owner.key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        assert algorithm == "RSASSA-PKCS1-v1_5"
        public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        return
    assert algorithm == "ECDSA"
    half = len(signature) // 2
    assert half == public.key_size // 8
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    digest = hashes.SHA256() if half == 32 else hashes.SHA384()
    public.verify(encode_dss_signature(r, s), data, ec.ECDSA(digest))


@dataclass(frozen=True)
class Format:
    """How a file is made, and for which kind of key it is tried."""

    name: str
    kind: str
    make: Callable[[Holder, str], bytes]


def openssl(name: str, kind: str, *options: str) -> Format:
    return Format(name, kind, lambda owner, password: by_openssl(owner, password, *options))


def pbmac1(hash_name: str, oid: str) -> Callable[[Holder, str], bytes]:
    def make(owner: Holder, password: str) -> bytes:
        return with_pbmac1(by_openssl(owner, password, "-nomac"), password, hash_name=hash_name, oid=oid)

    return make


def deep_ber(*options: str) -> Callable[[Holder, str], bytes]:
    return lambda owner, password: in_deep_ber(by_openssl(owner, password, "-nomac", *options))


def cryptography_with(
    scheme: pkcs12.PBES, rounds: int, mac: hashes.HashAlgorithm
) -> Callable[[Holder, str], bytes]:
    def make(owner: Holder, password: str) -> bytes:
        return by_cryptography(
            owner, password, encryption=builder(scheme, rounds=rounds, mac=mac, password=password)
        )

    return make


FORMATS = [
    openssl("openssl default", "rsa2048"),
    openssl("openssl default, P-256", "p256"),
    openssl("openssl default, P-384", "p384"),
    openssl("openssl default, RSA-3072", "rsa3072"),
    openssl("openssl legacy RC2-40 and 3DES", "rsa2048", "-legacy"),
    openssl("openssl legacy, P-256", "p256", "-legacy"),
    openssl("3DES for both", "rsa2048", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
    openssl(
        "RC2-128 and two-key 3DES", "rsa2048", *LEGACY, "-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-RC2-128"
    ),
    openssl("two-key 3DES and RC2-40", "p384", *LEGACY, "-keypbe", "PBE-SHA1-RC2-40", "-certpbe", "PBE-SHA1-2DES"),
    openssl("PBES2 AES-128", "rsa2048", "-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"),
    openssl("PBES2 AES-192", "rsa2048", "-keypbe", "AES-192-CBC", "-certpbe", "AES-192-CBC"),
    openssl("PBES2 3DES", "rsa2048", "-keypbe", "DES-EDE3-CBC", "-certpbe", "DES-EDE3-CBC"),
    openssl("MAC with SHA-512", "p256", "-macalg", "sha512"),
    openssl("MAC with SHA-384", "p256", "-macalg", "sha384"),
    openssl("no MAC", "p256", "-nomac", *AES_TOO),
    openssl("no MAC, certificates not encrypted", "p256", "-nomac"),
    openssl("no MAC, RC2-40", "p256", "-nomac", *RC2_TOO),
    openssl("nothing encrypted", "rsa2048", "-keypbe", "NONE", "-certpbe", "NONE"),
    openssl("key not encrypted", "p256", "-keypbe", "NONE"),
    openssl("one iteration", "p256", "-iter", "1", "-maciter"),
    Format("cryptography best available", "rsa2048", by_cryptography),
    Format("cryptography best available, P-384", "p384", by_cryptography),
    Format(
        "cryptography 3DES",
        "p256",
        cryptography_with(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, 2000, hashes.SHA1()),
    ),
    Format(
        "600,000 rounds", "p256", cryptography_with(pkcs12.PBES.PBESv2SHA256AndAES256CBC, 600_000, hashes.SHA256())
    ),
    Format("PBMAC1 SHA-256", "rsa2048", pbmac1("sha256", "1.2.840.113549.2.9")),
    Format("PBMAC1 SHA-512", "p256", pbmac1("sha512", "1.2.840.113549.2.11")),
    Format("BER outside", "rsa2048", lambda owner, password: in_ber(by_openssl(owner, password))),
    Format("BER inside", "rsa2048", deep_ber(*AES_TOO)),
    Format("BER inside, RC2-40", "p256", deep_ber(*RC2_TOO)),
    Format("BER inside, nothing encrypted", "p384", deep_ber("-keypbe", "NONE", "-certpbe", "NONE")),
]


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: shape.name)
def test_opens_and_signs(bench: Tab, shape: Format) -> None:
    """The right password opens the file; a signature made with the key verifies."""
    owner = holder(shape.kind)
    assert_opens(bench, shape.make(owner, PASSWORD), PASSWORD, owner)


@pytest.mark.parametrize(
    "shape", [shape for shape in FORMATS if "nothing encrypted" not in shape.name], ids=lambda shape: shape.name
)
def test_wrong_password_is_named(bench: Tab, shape: Format) -> None:
    """A wrong password is always called that, never a damaged file."""
    file = shape.make(holder(shape.kind), PASSWORD)
    assert attempt(bench, file, PASSWORD + "x") == {"code": "wrong_password"}


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("options", [(), ("-legacy",)], ids=["AES", "legacy"])
def test_vietnamese_password(bench: Tab, stored: str, typed: str, options: tuple[str, ...]) -> None:
    """Letters with marks match however the maker and the keyboard compose them."""
    owner = holder("p256")
    file = by_openssl(owner, unicodedata.normalize(stored, VIETNAMESE), *options)
    assert_opens(bench, file, unicodedata.normalize(typed, VIETNAMESE), owner)


def test_vietnamese_password_widened_by_old_openssl(bench: Tab) -> None:
    """OpenSSL before 1.1 put each UTF-8 octet into a character of its own."""
    owner = holder("p256")
    as_written = VIETNAMESE.encode().decode("latin-1")
    assert_opens(bench, by_openssl(owner, as_written, "-legacy"), VIETNAMESE, owner)


@pytest.mark.parametrize("options", [(), ("-legacy",)], ids=["AES", "legacy"])
def test_empty_password(bench: Tab, options: tuple[str, ...]) -> None:
    """Some files have an empty password."""
    owner = holder("p256")
    assert_opens(bench, by_openssl(owner, "", *options), "", owner)


def test_no_encryption_and_no_password(bench: Tab) -> None:
    """A file that `cryptography` wrote without encryption opens with whatever is typed."""
    owner = holder("rsa2048")
    assert_opens(bench, by_cryptography(owner, "", encryption=NONE), "", owner)


def test_certificate_is_shown_and_chain_follows(bench: Tab) -> None:
    """Name, title, organisation and dates are read; the issuer's certificate stands second."""
    owner = holder("p256")
    opened = attempt(bench, by_openssl(owner, PASSWORD), PASSWORD)
    leaf, issuer = opened["certificates"]
    expected = {"cn": f"{NAME} 1", "title": "Chủ tịch", "o": "UBND xã Thử Nghiệm", "ou": "Văn phòng"}
    assert leaf["subject"] == expected
    assert leaf["sha256"] == owner.certificate.fingerprint(hashes.SHA256()).hex()
    assert int(leaf["serial"], 16) == owner.certificate.serial_number
    assert (leaf["notBefore"], leaf["notAfter"]) == ("2026-11-22T03:00:00Z", "2029-08-19T03:00:00Z")
    assert issuer["subject"]["cn"] == "CA thử nghiệm"
