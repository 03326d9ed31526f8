"""Webhooks and SMS over real HTTP on loopback: what arrives, how it is proven, and what each answer leads to."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.support.gateway import Gateway, answering, running
from workflow.adapters.channels import Channel, Outcome, Parcel
from workflow.adapters.channels import sms as by_sms
from workflow.adapters.channels import webhook as by_webhook
from workflow.adapters.channels.posted import Place
from workflow.domain.channels import Sort, parts_of
from workflow.domain.errors import BadInput

NOW = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
SECRET = "mot-bi-mat-dai-hon-ba-muoi-hai-ky-tu"
PARCEL = Parcel(
    name="17.0a", address="so-nv", sort="report", subject="Chưa ký 3, quá hạn 1", text="Phòng Kinh tế: {to} \"3\"",
    link="https://vb.example.gov.vn/reports/unsigned/5/2026-11-23", made_at=NOW, unit="H99.01.02",
)  # fmt: skip
BODY = {"phone": "{to}", "messages": [{"content": "TB: {text}", "brand": "UBND"}], "unicode": True}


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running(Gateway()) as found:
        yield found


def hook_channel(gateway: Gateway, **more: Any) -> Channel:
    """One receiver that lies on this machine, as the settings say it."""
    given = {"name": "so-nv", "url": gateway.url, "secret": SECRET, "private": True, **more}
    (hook,) = by_webhook.hooks(json.dumps([given]))
    return by_webhook.Webhooks({hook.name: hook}, seconds=0.5)


def sms_channel(gateway: Gateway, **more: Any) -> by_sms.Sms:
    """The same of a gateway."""
    given = {"url": gateway.url, "token": "t0ken", "private": True, "body": BODY, **more}
    return by_sms.Sms(by_sms.Gateway.from_setting(json.dumps(given)), seconds=0.5)


def test_a_receiver_can_prove_who_sent_what_and_when(gateway: Gateway) -> None:
    """The signature is over moment and body; another moment, body or secret gives another one."""
    assert hook_channel(gateway).send(PARCEL, now=NOW).outcome is Outcome.SENT
    (asked,) = gateway.asked
    moment = asked.headers["X-Trinhky-Timestamp"]
    assert int(moment) == int(NOW.timestamp())
    expected = hmac.new(SECRET.encode(), moment.encode() + b"." + asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["X-Trinhky-Signature"] == f"v1={expected}"
    assert asked.headers["X-Trinhky-Id"] == asked.json["id"] == "17.0a"
    assert (asked.json["unit"], asked.json["sort"]) == ("H99.01.02", "report")
    assert asked.json["text"] == PARCEL.text
    assert SECRET not in str(asked)
    signed = {
        by_webhook.signature(secret, at, body)
        for secret in (SECRET, "x" * 32) for at in (1, 2) for body in (b"{}", b"{} ")
    }  # fmt: skip
    assert len(signed) == 8


@pytest.mark.parametrize("channel", [hook_channel, sms_channel], ids=["webhook", "sms"])
@pytest.mark.parametrize(
    ("status", "outcome"),
    [(204, Outcome.SENT), (302, Outcome.PUT_OFF), (400, Outcome.FAILED), (401, Outcome.PUT_OFF),
     (429, Outcome.PUT_OFF), (500, Outcome.PUT_OFF), (0, Outcome.PUT_OFF), (-1, Outcome.PUT_OFF)],
)  # fmt: skip
def test_each_answer_says_whether_to_try_again(
    gateway: Gateway, channel: Callable[[Gateway], Channel], status: int, outcome: Outcome
) -> None:
    """A wrong token is ours to mend; a redirect is not followed; hanging up and stalling pass."""
    gateway.statuses = [status]
    answer = channel(gateway).send(PARCEL, now=NOW)
    assert answer.outcome is outcome
    assert len(gateway.asked) == 1
    assert SECRET not in str(answer)


TAKEN = "HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "words",
    [f"{TAKEN}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
     f"{TAKEN}Content-Length: 9999999\r\n\r\n",
     f"{TAKEN}Content-Length: 9\r\n\r\nok", f"{TAKEN}Transfer-Encoding: chunked\r\n\r\nnone\r\n",
     f"{TAKEN}Content-Length: 2\r\n\r\n-", f"{TAKEN}{'x' * 70_000}", f"{TAKEN}X-Slow: -"],
    ids=["zipped", "large", "torn", "misshapen", "stalled", "head too large", "stalled in its head"],
)  # fmt: skip
@pytest.mark.parametrize("channel", [hook_channel, sms_channel], ids=["webhook", "sms"])
def test_what_was_taken_is_sent_whatever_follows(channel: Callable[[Any], Channel], words: str) -> None:
    """The provider said 200: asked again, it would send and bill the message once more."""
    with answering(words.encode("latin-1"), stall=words.endswith("-")) as gateway:
        assert channel(gateway).send(PARCEL, now=NOW).outcome is Outcome.SENT


def test_nothing_on_this_machine_or_inside_is_asked_unless_the_settings_say_so(gateway: Gateway) -> None:
    """Neither by address nor by a name that leads here; then https is needed too."""
    with pytest.raises(BadInput, match="webhooks_unreadable"):
        hook_channel(gateway, private=False)
    port = gateway.port
    for host in (
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.5",
        "192.168.1.1",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
    ):
        channel = hook_channel(gateway, private=False, url=f"https://{host}:{port}/hook")
        answer = channel.send(PARCEL, now=NOW)
        assert (answer.outcome, answer.code) == (Outcome.PUT_OFF, "address_refused"), host
    link_local = hook_channel(gateway, url="http://169.254.169.254/latest/meta-data")
    assert link_local.send(PARCEL, now=NOW).code == "address_refused"
    assert gateway.asked == []


def test_a_message_fills_the_template_and_cannot_leave_it(gateway: Gateway) -> None:
    """Placeholders in a text stay words, quotes stay quotes; the token is in its header only."""
    channel = sms_channel(gateway, subject=True)
    hostile = replace(PARCEL, address="84912345678", subject='"}], "x": "{to}', link="")
    assert channel.send(hostile, now=NOW).outcome is Outcome.SENT
    (asked,) = gateway.asked
    assert asked.json == {
        "phone": "84912345678", "messages": [{"content": 'TB: "}], "x": "{to}', "brand": "UBND"}], "unicode": True,
    }  # fmt: skip
    assert asked.headers["Authorization"] == "Bearer t0ken"
    assert asked.headers["X-Request-Id"] == "17.0a"


def test_an_sms_says_no_subject_unless_the_office_allows_it(gateway: Gateway) -> None:
    """Without it a sentence by sort and the link; with it the subject, cut to the parts that are paid."""
    without, allowed = sms_channel(gateway).gateway, sms_channel(gateway, subject=True, parts=2).gateway
    text = by_sms.text_of(PARCEL, without)
    assert PARCEL.subject not in text
    assert text.endswith(f" {PARCEL.link}")
    said = {
        by_sms.text_of(replace(PARCEL, sort=sort, link=""), without) for sort in ("urgent", "explanation", "digest")
    }
    assert said == {*by_sms.WORDS.values(), by_sms.OTHERWISE}
    overdue, urged = (
        by_sms.text_of(replace(PARCEL, sort="urgent", kind=kind, link=""), without)
        for kind in ("escalated", "urged")
    )
    assert overdue == "Có văn bản quá hạn chờ xử lý trên Trình Ký.", "as pressing as an urgent one, and none"
    assert urged == "Có văn bản được đôn đốc xử lý trên Trình Ký."
    assert all(parts_of(words) == 1 for words in (*said, overdue, urged))
    long = replace(PARCEL, subject="Đề án " * 60)
    cut = by_sms.text_of(long, allowed)
    assert parts_of(cut) == 2
    assert parts_of(cut + "..") == 3
    assert cut.endswith(f"… {PARCEL.link}")


@pytest.mark.parametrize(
    "broken",
    ["", "[]", "null", "{", '{"url": "https://a.vn"}', '{"url": "https://a.vn", "body": {"to": "{to}"}}',
     '{"url": "http://a.vn", "body": "{to}{text}"}', '{"url": "https://u:p@a.vn", "body": "{to}{text}"}',
     '{"url": "https://a.vn", "body": "{to}{text}", "parts": 99}',
     '{"url": "https://a.vn", "body": "{to}{text}", "token": "mật"}'],
)  # fmt: skip
def test_settings_that_cannot_be_read_are_refused_without_repeating_them(broken: str) -> None:
    """They hold secrets."""
    with pytest.raises(BadInput) as refusal:
        by_sms.Gateway.from_setting(broken)
    assert refusal.value.code == "sms_unreadable"
    assert "a.vn" not in str(refusal.value)
    if broken:
        with pytest.raises(BadInput, match="webhooks_unreadable"):
            by_webhook.hooks(f"[{broken}]")


def test_a_hook_hears_of_its_units_and_sorts() -> None:
    """Of a unit by itself or by its agency; of everything where none is named."""
    place = Place.of("https://a.vn/x", private=False, code="x")
    some = by_webhook.Hook(
        name="a", place=place, secret="", units=frozenset({"H99.01"}), sorts=frozenset({Sort.REPORT})
    )
    assert some.wants(Sort.REPORT, unit="H99.01.02", agency="H99.01")
    assert not some.wants(Sort.REPORT, unit="H99.02", agency="H99.02")
    assert not some.wants(Sort.NOTICE, unit="H99.01", agency="H99.01")
    assert by_webhook.Hook(name="b", place=place, secret="").wants(Sort.NOTICE, unit="H99.02", agency="H99.02")
    given = {"name": "a", "url": "https://a.vn", "secret": SECRET}
    with pytest.raises(BadInput):
        by_webhook.hooks(json.dumps([given, given]))
    with pytest.raises(BadInput):
        by_webhook.hooks(json.dumps([{**given, "secret": "short"}]))
