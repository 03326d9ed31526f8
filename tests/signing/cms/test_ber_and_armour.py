"""BER that can be read in one way, and text around a message."""

from __future__ import annotations

import base64

import pytest

from signing.cms import ber, der
from signing.cms.armour import looks_like_message, unwrap
from signing.cms.message import read_message, size_of
from signing.errors import BrokenInput, NeedsCare
from signing.prepare import der as writer
from tests.signing.cms.maker import Plan, loosened, make
from tests.signing.verification.office import Office

CONTENT = b"0123456789" * 30

SAME = {
    "indefinite length": (b"\x30\x80\x02\x01\x05\0\0", b"\x30\x03\x02\x01\x05"),
    "indefinite in indefinite": (b"\x30\x80\x30\x80\0\0\0\0", b"\x30\x02\x30\x00"),
    "long form of a short length": (b"\x04\x81\x01a", b"\x04\x01a"),
    "leading zeros in the length": (b"\x04\x84\0\0\0\x01a", b"\x04\x01a"),
    "pieces": (b"\x24\x80\x04\x01a\x04\x01b\0\0", b"\x04\x02ab"),
    "pieces of pieces": (b"\x24\x80\x24\x03\x04\x01a\x04\x01b\0\0", b"\x04\x02ab"),
    "no pieces": (b"\x24\x80\0\0", b"\x04\x00"),
    "DER already": (b"\x30\x06\x02\x01\x01\x04\x01x", b"\x30\x06\x02\x01\x01\x04\x01x"),
    "zeros inside are no end mark": (b"\x30\x80\x04\x02\0\0\0\0", b"\x30\x04\x04\x02\0\0"),
}


@pytest.mark.parametrize("name", SAME)
def test_one_reading(name: str) -> None:
    """Written anew in DER, and what is DER stays as it is."""
    given, expected = SAME[name]
    assert ber.to_der(given) == expected
    assert ber.to_der(expected) == expected


UNCLEAR = {
    "primitive without a length": b"\x04\x80a\0\0",
    "bit string in pieces": b"\x23\x80\x03\x02\0a\0\0",
    "text in pieces": b"\x2c\x80\x0c\x01a\0\0",
    "constructed integer": b"\x22\x03\x02\x01\x05",
    "piece of another type": b"\x24\x80\x0c\x01a\0\0",
    "end mark in a definite length": b"\x30\x02\0\0",
    "no end mark": b"\x30\x80\x02\x01\x05",
    "half an end mark": b"\x30\x80\x02\x01\x05\0",
    "member longer than its parent": b"\x30\x03\x04\x05ab",
    "behind the value": b"\x30\x00\x00",
    "length of nine bytes": b"\x04\x89" + bytes(8) + b"\x01a",
    "high tag": b"\x1f\x81\x01\x00",
    "nothing": b"",
    "too deep": b"\x30\x80" * 60 + b"\0\0" * 60,
    "octet strings too deep": b"\x24\x80" * 60 + b"\0\0" * 60,
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_two_readings_are_none(name: str) -> None:
    """Refused, and never by another exception."""
    with pytest.raises(NeedsCare):
        ber.to_der(UNCLEAR[name])


@pytest.mark.parametrize("piece", [1, 2, 13, 4096])
def test_the_content_stays_where_it_is(office: Office, piece: int) -> None:
    """Its pieces are views into the message, whatever their size."""
    data = loosened(make(CONTENT, Plan(office.agency), attached=True), piece=piece)
    found = read_message(memoryview(data))
    assert found.pieces is not None
    assert (size_of(found.pieces), b"".join(found.pieces)) == (len(CONTENT), CONTENT)
    assert all(view.obj is data for view in found.pieces)


def test_message_ends_where_its_end_mark_is(office: Office) -> None:
    """Inside a PDF zeros follow, which look like further end marks."""
    data = loosened(make(CONTENT, Plan(office.agency)))
    assert ber.read_prefix(data + bytes(50)) == (data, bytes(50))
    assert read_message(memoryview(data + b"rest")).rest == b"rest"


def test_loose_and_strict_say_the_same(office: Office) -> None:
    """Certificates keep their bytes, all else its meaning."""
    strict = make(CONTENT, Plan(office.agency), attached=True)
    loose = loosened(strict)
    assert read_message(memoryview(loose)).data == read_message(memoryview(strict)).data


def test_too_many_values_are_refused_early() -> None:
    """Half a million empty sequences take no minutes."""
    with pytest.raises(NeedsCare, match="too_many_values"):
        ber.to_der(b"\x30\x80" + b"\x30\x00" * (ber.MAX_VALUES + 1) + b"\0\0")


def armoured(data: bytes, label: str = "PKCS7") -> bytes:
    body = base64.encodebytes(data).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


@pytest.mark.parametrize("label", ["PKCS7", "CMS", "PKCS #7 SIGNED DATA"])
@pytest.mark.parametrize("around", ["{}", "\ufeff{}", "\r\n{}\r\n", "CRLF"])
def test_text_is_taken_off(office: Office, label: str, around: str) -> None:
    """As openssl, Java and Windows write it."""
    data = make(CONTENT, Plan(office.agency))
    text = armoured(data, label)
    text = text.replace(b"\n", b"\r\n") if around == "CRLF" else around.encode().replace(b"{}", text)
    assert looks_like_message(text)
    assert unwrap(memoryview(text)) == data


def test_bare_base64_is_taken_off(office: Office) -> None:
    """With line breaks and without."""
    data = make(CONTENT, Plan(office.agency))
    for text in (base64.b64encode(data), base64.encodebytes(data)):
        assert looks_like_message(text)
        assert unwrap(memoryview(text)) == data


@pytest.mark.parametrize(
    "wrong",
    [
        lambda text: text + text,
        lambda text: text.replace(b"END PKCS7", b"END CMS"),
        lambda text: text[:-20],
        lambda text: text + b"and more",
        lambda text: text.replace(b"A", b"!", 1),
    ],
)
def test_text_that_is_not_one_message_is_broken(office: Office, wrong: object) -> None:
    """Two messages, other labels, a cut, something behind."""
    text = wrong(armoured(make(CONTENT, Plan(office.agency))))  # type: ignore[operator]
    with pytest.raises(BrokenInput):
        unwrap(memoryview(text))


@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"", b"PK\x03\x04", b"MIME-Version: 1.0\n", b"MZ" + bytes(100)])
def test_other_files_do_not_look_like_a_message(head: bytes) -> None:
    """What a file is, is said by its first bytes, never by its name."""
    assert not looks_like_message(head)


def test_strict_reader_agrees(office: Office) -> None:
    """The strict reader and the rewriting one see one message in DER."""
    data = make(CONTENT, Plan(office.agency))
    assert ber.to_der(data) == der.read(data).raw == data
    assert writer.octets(b"a") == ber.to_der(b"\x24\x80\x04\x01a\0\0")
