"""Web Push over real HTTP on loopback: what a browser can read of it, who is asked, what each answer means."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from signing.webpush import SenderKey
from tests.support.gateway import Gateway, running
from tests.support.push_service import Device, proven
from workflow.adapters.channels import Answer, Outcome, Parcel
from workflow.adapters.channels.push import Device as Target
from workflow.adapters.channels.push import Push, Sender, payload
from workflow.domain.channels import Sort, leaving
from workflow.domain.errors import BadInput

NOW = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
PARCEL = Parcel(
    name="17.0a",
    address="device:3",
    sort="urgent",
    subject="Hỏa tốc: v/v đê sông Hồng",
    text="Chờ ông/bà xử lý.\n" * 90,
    link="https://vb.example.gov.vn/incoming/5?from=push",
    made_at=NOW,
)
SETTING = {"key": SenderKey.make(), "contact": "mailto:vt@example.gov.vn"}


@pytest.fixture
def service() -> Iterator[Gateway]:
    with running(Gateway()) as found:
        yield found


def sender(**more: Any) -> Sender:
    return Sender.from_setting(json.dumps(SETTING | more))


def push(**more: Any) -> Push:
    """A push service of the office's own, on this machine."""
    return Push(sender(private=True, services=["127.0.0.1"], **more), seconds=0.5)


def sent(way: Push, service: Gateway, browser: Device, **changes: Any) -> Answer:
    device = Target(endpoint=service.url, public_key=browser.public, secret=browser.secret)
    return way.send(replace(PARCEL, device=device, **changes), now=NOW)


def test_only_the_browser_reads_what_was_sent_and_the_service_knows_who_sent_it(service: Gateway) -> None:
    """Decrypted by an implementation of its own, proven by our key for this origin; the link stays inside."""
    browser, way = Device(), push(subject=True)
    for _ in range(2):
        assert sent(way, service, browser).outcome is Outcome.SENT
    first, second = service.asked
    told = browser.read(first)
    assert told["title"] == PARCEL.subject
    assert told["body"].startswith("Chờ ông/bà xử lý.")
    assert (told["link"], told["lang"]) == ("/incoming/5?from=push", "vi")
    claims = proven(first, public=way.sender.key.public, audience=f"http://127.0.0.1:{service.port}")
    assert claims["sub"] == "mailto:vt@example.gov.vn"
    assert (first.headers["TTL"], first.headers["Urgency"]) == ("43200", "high")
    assert first.headers["Topic"] == second.headers["Topic"] == told["tag"], (
        "a second one takes the first one's place"
    )
    assert first.body != second.body
    assert max(len(one.body) for one in service.asked) < 3072
    assert not any(word.encode() in first.body for word in (PARCEL.subject, "incoming"))
    sent(way, service, browser, sort="digest", name="18.0b")
    assert service.asked[2].headers["Urgency"] == "normal"
    assert service.asked[2].headers["Topic"] != told["tag"]


def test_without_the_subject_a_sentence_says_what_it_is_in_the_readers_language() -> None:
    """Unless the office allows it no word of a paper leaves; nor does a personal number in either case."""
    said = set()
    for sort in Sort:
        for language in ("vi", "en"):
            told = json.loads(payload(replace(PARCEL, sort=sort, language=language), "t", subject=False))
            assert "đê" not in told["title"] + told["body"]
            said.add(told["body"])
    assert len(said) == 2 * len(Sort)
    for kind, words in (
        ("escalated", "Có văn bản quá hạn chờ xử lý."),
        ("urged", "Có văn bản được đôn đốc xử lý."),
    ):
        told = json.loads(payload(replace(PARCEL, kind=kind), "t", subject=False))
        assert told["body"] == words, "as pressing as an urgent one, and none"
    hidden = replace(PARCEL, subject=leaving("Ông A, CCCD 001099012345"), text=leaving("gọi 0912 345 678"))
    whole = payload(hidden, "t", subject=True).decode()
    assert "001099012345" not in whole
    assert "345 678" not in whole
    assert json.loads(payload(replace(PARCEL, link=""), "t", subject=False))["link"] == "/notices"
    long = replace(PARCEL, subject="ẫ" * 300, text="ẫ" * 9000)
    assert len(payload(long, "t" * 32, subject=True)) < 3072


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [(201, Outcome.SENT, ""), (404, Outcome.FAILED, "push_gone"), (410, Outcome.FAILED, "push_gone"),
     (400, Outcome.FAILED, "answered"), (413, Outcome.FAILED, "answered"), (401, Outcome.PUT_OFF, "answered"),
     (403, Outcome.PUT_OFF, "answered"), (429, Outcome.PUT_OFF, "answered"), (503, Outcome.PUT_OFF, "answered"),
     (302, Outcome.PUT_OFF, "redirect_refused"), (0, Outcome.PUT_OFF, "answer_malformed"),
     (-1, Outcome.PUT_OFF, "too_slow")],
)  # fmt: skip
def test_each_answer_says_whether_to_try_again_and_whether_the_browser_is_gone(
    service: Gateway, status: int, outcome: Outcome, code: str
) -> None:
    """Gone for good at 404 and 410 alone; a redirect is not followed; silence has its end."""
    service.statuses = [status]
    answer = sent(push(), service, Device())
    assert (answer.outcome, answer.code) == (outcome, code)
    assert len(service.asked) == 1


BAD = [
    "https://127.0.0.1/x", "https://10.0.0.5/x", "https://169.254.169.254/latest", "https://evil.example/x",
    "https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x", "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x", "https://u@fcm.googleapis.com/x", "https://push.apple.com/x",
    "https://fcm.googleapis.com\\@evil.example/",
    "ftp://fcm.googleapis.com/x", "javascript:alert(1)", "", "x" * 3000,
    f"https://fcm.googleapis.com/{'x' * 1000}",
]  # fmt: skip


@pytest.mark.parametrize("endpoint", BAD)
def test_a_browser_cannot_make_us_post_anywhere(endpoint: str) -> None:
    """Neither when it is turned on nor when something is sent."""
    with pytest.raises(BadInput):
        sender().place(endpoint)
    browser = Device()
    device = Target(endpoint=endpoint, public_key=browser.public, secret=browser.secret)
    answer = Push(sender()).send(replace(PARCEL, device=device), now=NOW)
    assert answer.outcome is Outcome.FAILED


def test_the_usual_services_are_known_and_a_listed_name_that_leads_inside_is_not_asked(service: Gateway) -> None:
    """By https on their own port; what a name leads to is looked at again when something is sent."""
    for host in (
        "fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com",
        "wns2-pn1p.notify.windows.com",
    ):  # fmt: skip
        assert sender().place(f"https://{host}/send/abc").target.host == host
    with pytest.raises(BadInput):
        sender(services=["push.example"]).place("https://fcm.googleapis.com/send/abc")
    way, browser = Push(sender(services=["localhost"])), Device()
    device = Target(endpoint="https://localhost/send", public_key=browser.public, secret=browser.secret)
    assert way.send(replace(PARCEL, device=device), now=NOW).code == "address_refused"
    assert way.send(PARCEL, now=NOW).code == "push_device_unknown"


@pytest.mark.parametrize(
    "change",
    [{"key": ""}, {"key": "A" * 43}, {"contact": ""}, {"contact": "vt@example.gov.vn"}, {"contact": "mailto:ậ@x"},
     {"services": []}, {"services": ["*"]}, {"services": ["*."]}, {"services": 3}],
)  # fmt: skip
def test_settings_that_cannot_be_read_are_refused_without_repeating_them(change: dict[str, Any]) -> None:
    """They hold a secret."""
    for broken in (json.dumps(SETTING | change), "", "[]", "{"):
        with pytest.raises(BadInput) as refusal:
            Sender.from_setting(broken)
        assert str(refusal.value) == "push_unreadable"
    assert SETTING["key"] not in repr(sender())
