"""S/MIME: signatures as mail carries them, and what two readers might read in two ways."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import signing
from signing.cms.mime import looks_like_mail
from signing.reasons import Conclusion, Reason
from tests.signing.cms.maker import Plan, make
from tests.signing.cms.test_detached_signatures import judge, said
from tests.signing.cms.test_other_makers import key_pem
from tests.signing.verification.office import Office

PASSED, OPEN, FAILED, NONE = Conclusion.PASSED, Conclusion.INDETERMINATE, Conclusion.FAILED, Conclusion.MALFORMED
TEXT = b"Kinh g\xe1\xbb\xadi: Van phong\r\n\r\nSo tien: 100\r\n"
PART = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT
TYPE = b'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="b=_1"'
BESIDE = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
OPAQUE = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
CODED = b"Content-Transfer-Encoding: base64\r\n\r\n"
CODED_PART = CODED + base64.encodebytes(TEXT).replace(b"\n", b"\r\n")


def beside(office: Office, signed: bytes = PART, **how: bool) -> bytes:
    return BESIDE + base64.encodebytes(make(signed, Plan(office.agency), **how)) + b"\r\n"  # type: ignore[arg-type]


def mail(
    office: Office, *, head: bytes = b"", kind: bytes = TYPE, part: bytes = PART, signed: bytes = PART
) -> bytes:
    head = head + b"From: a@b.vn\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + b"\r\n\r\n"
    parts = (b"This is a signed message\r\n", part + b"\r\n", beside(office, signed))
    return head + b"--b=_1\r\n".join(parts) + b"--b=_1--\r\n"


def opaque(office: Office) -> bytes:
    return OPAQUE + CODED + base64.encodebytes(make(PART, Plan(office.agency), attached=True))


def _with_content(office: Office, part: bytes) -> bytes:
    """The signature brings its own content, though the part stands beside it."""
    return mail(office, part=part).replace(beside(office), beside(office, attached=True))


Making = Callable[[Office], tuple[bytes, bytes | None]]
GOOD: dict[str, Making] = {
    "two parts": lambda office: (mail(office), None),
    "line ends of this system": lambda office: (mail(office).replace(b"\r\n", b"\n"), None),
    "signed with such line ends": lambda office: (
        mail(office, signed=PART.replace(b"\r\n", b"\n")).replace(b"\r\n", b"\n"),
        None,
    ),
    "folded header": lambda office: (mail(office, kind=TYPE.replace(b"; ", b";\r\n\t")), None),
    "out of a mailbox": lambda office: (mail(office, head=b"From a@b.vn Mon Jan  1\r\nX-Long: 1\r\n 2\r\n"), None),
    "boundary at the start of a longer line": lambda office: (
        mail(office, part=PART + b"--b=_1x\r\n", signed=PART + b"--b=_1x\r\n"),
        None,
    ),
    "the part beside it": lambda office: (mail(office), PART),
    "its body beside it": lambda office: (mail(office), TEXT.replace(b"\r\n", b"\n")),
    "its decoded body beside it": lambda office: (
        mail(office, part=CODED_PART, signed=CODED_PART),
        TEXT,
    ),
    "one piece": lambda office: (opaque(office), None),
    "one piece, its body beside it": lambda office: (opaque(office), TEXT),
    "one piece, not coded": lambda office: (
        OPAQUE + b"\r\n" + make(PART, Plan(office.agency), attached=True),
        None,
    ),
    "content in both": lambda office: (_with_content(office, PART), None),
}  # fmt: skip
BAD: dict[str, tuple[Making, Conclusion, Reason | None]] = {
    "a figure changed": (
        lambda office: (mail(office, part=PART.replace(b"100", b"900")), None),
        FAILED,
        Reason.DIGEST_MISMATCH,
    ),
    "another file beside it": (lambda office: (mail(office), b"So tien: 900"), FAILED, Reason.DIGEST_MISMATCH),
    "other content in the signature": (
        lambda office: (_with_content(office, b"\r\nother"), None),
        FAILED,
        Reason.DIGEST_MISMATCH,
    ),
    "a third part": (
        lambda office: (mail(office).replace(b"--b=_1--", b"--b=_1\r\n\r\nread this\r\n--b=_1--"), None),
        OPEN,
        Reason.NEEDS_CAREFUL_CHECK,
    ),
    "two content types": (
        lambda office: (mail(office, head=b"Content-Type: text/plain\r\n"), None),
        OPEN,
        Reason.NEEDS_CAREFUL_CHECK,
    ),
    "two boundaries": (
        lambda office: (mail(office, kind=TYPE + b"; boundary=c"), None),
        OPEN,
        Reason.NEEDS_CAREFUL_CHECK,
    ),
    "cut off": (lambda office: (mail(office).replace(b"--b=_1--", b""), None), NONE, Reason.TRUNCATED),
    "no signature in the second part": (
        lambda office: (mail(office).replace(b"application/pkcs7-signature; name", b"text/plain; name"), None),
        NONE,
        Reason.NOT_A_SIGNATURE,
    ),
    "not base64": (
        lambda office: (OPAQUE + CODED + b"****\r\n", None),
        NONE,
        Reason.NOT_A_SIGNATURE,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_mail_passes(office: Office, name: str) -> None:
    """Each a way that mail programs write."""
    data, content = GOOD[name](office)
    assert looks_like_mail(data)
    assert said(judge(office, data, content)) == (PASSED, None)


@pytest.mark.parametrize("name", BAD)
def test_bad_mail_does_not_pass(office: Office, name: str) -> None:
    """Changed, or to be read in two ways."""
    making, conclusion, reason = BAD[name]
    data, content = making(office)
    assert said(judge(office, data, content)) == (conclusion, reason)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Subject: x",
        b"%PDF-1.7\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a",
        b"A:" + b" \n " * 90000,
    ],
    ids=["empty", "a line", "a PDF", "signed deeper inside", "folds without end"],
)  # fmt: skip
def test_what_is_no_signed_mail_is_not_taken_for_one(data: bytes) -> None:
    """The outermost layer decides."""
    assert not looks_like_mail(data)


WAYS = {
    "smime": "smime -sign",
    "smime, opaque": "smime -sign -nodetach",
    "cms": "cms -sign -cades",
    "cms, opaque and streamed": "cms -sign -nodetach -stream",
    "cms, binary": "cms -sign -binary",
}


@pytest.mark.tools("openssl")
@pytest.mark.parametrize("way", WAYS)
def test_mail_of_openssl(office: Office, tmp_path: Path, way: str) -> None:
    """As it writes by default."""
    (tmp_path / "text").write_bytes(TEXT.replace(b"\r\n", b"\n"))
    (tmp_path / "rsa.pem").write_bytes(office.agency.pem)
    (tmp_path / "rsa.key").write_bytes(key_pem(office.agency))
    (tmp_path / "issuer.pem").write_bytes(office.issuer.identity.pem)
    command = f"openssl {WAYS[way]} -in text -signer rsa.pem -inkey rsa.key -certfile issuer.pem -to a@b -subject c"
    made = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=True).stdout
    at = datetime.now(UTC) + timedelta(minutes=1)
    lists = (office.issuer.crl(this_update=at), office.root.crl(this_update=at))
    evidence = signing.Evidence(crls=lists)
    verdict = signing.verify_detached(made, None, trust=office.trust, at=at, evidence=evidence)
    assert verdict.verdict is PASSED, verdict.reasons
