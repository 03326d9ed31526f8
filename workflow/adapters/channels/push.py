"""Web Push: to the browsers in which people turned notices on, encrypted for each and through its push service.

TRINHKY_PUSH='{"key": "…", "contact": "mailto:vanthu@example.gov.vn", "subject": false,
               "services": ["fcm.googleapis.com", "*.push.services.mozilla.com"]}'

A browser says itself where its messages go, so a person could name any address: only hosts of `services` are asked
(none named: those of the usual browsers), by https on port 443, on public addresses; `"private": true` is for a
push service of the office's own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from signing.errors import FetchRefused
from signing.fetch.addresses import Target, parse
from signing.webpush import POINT, SECRET, BadKey, Receiver, SenderKey, encrypt, unpacked
from workflow.adapters.channels import Answer, Outcome, Parcel
from workflow.adapters.channels.posted import SECONDS, Place, post
from workflow.domain.channels import PUSH_SERVICES, Sort, is_listed
from workflow.domain.errors import BadInput
from workflow.domain.notices import Kind

ATTEMPTS: Final = 8
"""About two hours."""
LASTS: Final = 12 * 3600
"""Seconds that a push service keeps a message for a browser that is not there."""
LONGEST_ENDPOINT: Final = 1000
GONE: Final = "push_gone"
"""The browser takes no more: the device is to be forgotten."""
_GONE: Final = frozenset({404, 410})
_TITLE, _BODY = 120, 400
"""Letters; in UTF-8 far below what push services take."""

TITLE = "Trình Ký"
WORDS: Mapping[str, Mapping[str, str]] = {
    Sort.URGENT: {"vi": "Có văn bản khẩn chờ xử lý.", "en": "An urgent document waits."},
    Sort.EXPLANATION: {"vi": "Có giải trình phải gửi.", "en": "An explanation is owed."},
    Sort.DIGEST: {"vi": "Có tổng hợp công việc buổi sáng.", "en": "The morning summary is there."},
    Sort.REPORT: {"vi": "Có báo cáo của đơn vị.", "en": "There is a report of a unit."},
}
KINDS: Mapping[str, Mapping[str, str]] = {
    Kind.ESCALATED: {"vi": "Có văn bản quá hạn chờ xử lý.", "en": "An overdue document waits."},
    Kind.URGED: {"vi": "Có văn bản được đôn đốc xử lý.", "en": "Somebody urges a document."},
}
"""Said before the sort: what is as pressing as an urgent document need not be one."""
OTHERWISE: Mapping[str, str] = {"vi": "Có thông báo mới.", "en": "There is a new notice."}
PRESSING: Final = frozenset({Sort.URGENT, Sort.EXPLANATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One browser: where its messages go, and the keys of who can read them."""

    endpoint: str = field(repr=False)
    public_key: bytes
    secret: bytes = field(repr=False)

    def receiver(self) -> Receiver:
        """Its keys, looked at; `BadInput` where they are none."""
        try:
            return Receiver(self.public_key, self.secret)
        except BadKey:
            raise BadInput("push_keys_refused") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What the settings say. `subject`: whether subjects and texts leave; else a sentence by sort does."""

    key: SenderKey
    contact: str
    subject: bool = False
    services: tuple[str, ...] = PUSH_SERVICES
    private: bool = False

    @classmethod
    def from_setting(cls, setting: str) -> Sender:
        """Raises `BadInput("push_unreadable")`, which repeats nothing of it (it holds a secret)."""
        try:
            given = json.loads(setting)
            key, contact = SenderKey.of(str(given["key"])), str(given["contact"])
            services = tuple(str(one).lower() for one in given.get("services", PUSH_SERVICES))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadInput("push_unreadable") from None
        reached = contact.isascii() and contact.isprintable() and contact.startswith(("mailto:", "https://"))
        if not reached or not services or any(not one.removeprefix("*.").strip(".*") for one in services):
            raise BadInput("push_unreadable")
        return cls(
            key=key, contact=contact, subject=given.get("subject") is True, services=services,
            private=given.get("private") is True,
        )  # fmt: skip

    def place(self, endpoint: str) -> Place:
        """Where a browser's messages are handed over; `BadInput` where nothing of ours is ever sent."""
        try:
            target = parse(endpoint, any_port=self.private)
        except FetchRefused:
            raise BadInput("push_endpoint_refused") from None
        secure = self.private or (target.scheme == "https" and target.port == 443)
        if len(endpoint) > LONGEST_ENDPOINT or not secure or not is_listed(target.host, self.services):
            raise BadInput("push_service_unknown", host=target.host)
        return Place(target, self.private)


@dataclass(frozen=True, slots=True)
class Push:
    """Web Push as a channel; a parcel carries the device it goes to."""

    sender: Sender
    attempts: int = ATTEMPTS
    seconds: float = SECONDS

    def send(self, parcel: Parcel, *, now: dt.datetime) -> Answer:
        """Hand one over. `Topic` and `tag` are the same when it comes twice, so the second takes the first's
        place.
        """
        if not isinstance(parcel.device, Device):
            return Answer(Outcome.FAILED, "push_device_unknown")
        try:
            place, receiver = self.sender.place(parcel.device.endpoint), parcel.device.receiver()
        except BadInput as refusal:
            return Answer(Outcome.FAILED, refusal.code, str(refusal.details.get("host", "")))
        topic = hashlib.sha256(parcel.name.encode()).hexdigest()[:32]
        headers = {
            "Authorization": self.sender.key.proof(_origin(place.target), self.sender.contact, now=now),
            "Content-Encoding": "aes128gcm", "TTL": str(LASTS), "Topic": topic,
            "Urgency": "high" if parcel.sort in PRESSING else "normal",
        }  # fmt: skip
        body = encrypt(payload(parcel, topic, subject=self.sender.subject), receiver)
        answer = post(
            place, body, content_type="application/octet-stream", headers=headers, seconds=self.seconds,
            hopeless=_GONE,
        )  # fmt: skip
        if answer.code == "answered" and answer.words in map(str, _GONE):
            return Answer(Outcome.FAILED, GONE, answer.words)
        return answer


def payload(parcel: Parcel, tag: str, *, subject: bool) -> bytes:
    """What the page's worker shows. The link is a path of ours: the worker opens nothing else."""
    parts = urlsplit(parcel.link)
    said = KINDS.get(parcel.kind) or WORDS.get(parcel.sort, OTHERWISE)
    told = {
        "title": _cut(parcel.subject, _TITLE) if subject else TITLE,
        "body": _cut(parcel.text, _BODY) if subject else said.get(parcel.language, said["vi"]),
        "link": (f"{parts.path}?{parts.query}" if parts.query else parts.path) or "/notices",
        "tag": tag, "lang": parcel.language,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def offered(sender: Sender, endpoint: str, public_key: str, secret: str) -> Device:
    """A browser as it says itself, keys in base64url; `BadInput` where nothing could be sent to it."""
    sender.place(endpoint)
    try:
        found = Device(endpoint=endpoint, public_key=unpacked(public_key, POINT), secret=unpacked(secret, SECRET))
    except BadKey:
        raise BadInput("push_keys_refused") from None
    found.receiver()
    return found


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _origin(target: Target) -> str:
    return f"{target.scheme}://{target.authority}"
