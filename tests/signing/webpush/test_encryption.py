"""Web Push messages: the RFC's own example, an opener of its own for ours, and keys that are none."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from signing import webpush
from tests.support.gateway import Asked
from tests.support.push_service import CURVE, Device, b64, proven, raw

NOW = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
RFC = {
    "ours": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "theirs": "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    "public": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "secret": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "body": "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
    "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
}
"""RFC 8291 appendix A."""
MESSAGE = b"When I grow up, I want to be a watermelon"


def key(text: str) -> ec.EllipticCurvePrivateKey:
    """A private key from the RFC."""
    return ec.derive_private_key(int.from_bytes(raw(text)), CURVE)


def test_the_example_of_the_rfc() -> None:
    """Byte for byte; and the tests' own opener reads it, so that both sides are tied to the RFC."""
    receiver = webpush.Receiver(raw(RFC["public"]), raw(RFC["secret"]))
    body = webpush.encrypt(MESSAGE, receiver, salt=raw(RFC["salt"]), key=key(RFC["ours"]), block=1)
    assert b64(body) == RFC["body"]
    assert Device(key(RFC["theirs"]), raw(RFC["secret"])).opened(body) == MESSAGE


@pytest.mark.parametrize("length", [0, 1, 511, 512, 3000, webpush.ROOM])
def test_only_the_browser_reads_it_and_its_length_says_little(length: int) -> None:
    """Every message under keys of its own, filled up; changed by a bit or opened by another it is nothing."""
    device, message = Device(), bytes(range(256)) * 15
    receiver = webpush.Receiver(device.public, device.secret)
    bodies = [webpush.encrypt(message[:length], receiver) for _ in range(2)]
    assert bodies[0][:16] != bodies[1][:16]
    assert bodies[0][21:86] != bodies[1][21:86]
    for body in bodies:
        assert device.opened(body) == message[:length]
        assert len(body) <= 4096
    assert len(webpush.encrypt(b"a", receiver)) == len(webpush.encrypt(b"a" * 400, receiver))
    with pytest.raises(InvalidTag):
        Device().opened(bodies[0])
    with pytest.raises(InvalidTag):
        device.opened(bodies[0][:-1] + bytes([bodies[0][-1] ^ 1]))
    with pytest.raises(ValueError, match="too long"):
        webpush.encrypt(bytes(webpush.ROOM + 1), receiver)


def test_who_sends_is_proven_to_the_service_of_this_origin_for_half_a_day() -> None:
    """By a key that comes from 32 bytes and shows itself nowhere."""
    text, other = webpush.SenderKey.make(), webpush.SenderKey.make()
    sender = webpush.SenderKey.of(text)
    assert webpush.SenderKey.of(text).public == sender.public
    assert webpush.SenderKey.of(other).public != sender.public
    assert text not in repr(sender)
    said = sender.proof("https://push.example", "mailto:vt@example.gov.vn", now=NOW)
    asked = Asked("/", {"Authorization": said}, b"")
    claims = proven(asked, public=sender.public, audience="https://push.example")
    assert claims["sub"] == "mailto:vt@example.gov.vn"
    assert dt.timedelta(0) < dt.datetime.fromtimestamp(claims["exp"], dt.UTC) - NOW <= dt.timedelta(hours=24)


@pytest.mark.parametrize("text", ["", "AA", "A" * 43, "_" * 43, "x y", "ậ" * 43, "A" * 44, f"{'Ab' * 21}C!"])
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    """Too short, zero, beyond the curve's order, no base64url."""
    with pytest.raises(webpush.BadKey) as refusal:
        webpush.SenderKey.of(text)
    assert not text or text not in str(refusal.value)


def test_a_browser_without_a_point_of_the_curve_or_a_secret_is_none() -> None:
    """Nothing would ever be encrypted to a point that somebody made up."""
    device = Device()
    off = device.public[:-1] + bytes([device.public[-1] ^ 1])
    for public, secret in ((bytes(65), device.secret), (off, device.secret), (device.public, b"")):
        with pytest.raises(webpush.BadKey):
            webpush.Receiver(public, secret)
