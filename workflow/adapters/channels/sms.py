"""SMS through the HTTP gateway of a provider: what its request looks like is a setting, not code.

TRINHKY_SMS='{"url": "https://sms.example/v1/send", "token": "…", "subject": false, "parts": 3,
              "body": {"to": "{to}", "content": "{text}", "brand": "UBND DONG TAM"}}'
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.adapters.channels import Answer, Parcel
from workflow.adapters.channels.posted import SECONDS, Place, post
from workflow.domain.channels import CODE, parts_of
from workflow.domain.errors import BadInput
from workflow.domain.notices import Kind

ATTEMPTS: Final = 6
"""About half an hour: an SMS costs money and is soon of no use."""
MOST_PARTS: Final = 5

WORDS = {
    "urgent": "Có văn bản khẩn chờ xử lý trên Trình Ký.",
    "explanation": "Có giải trình phải gửi trên Trình Ký.",
}
KINDS: dict[str, str] = {
    Kind.ESCALATED: "Có văn bản quá hạn chờ xử lý trên Trình Ký.",
    Kind.URGED: "Có văn bản được đôn đốc xử lý trên Trình Ký.",
}
"""Said before the sort: what is as pressing as an urgent document need not be one."""
OTHERWISE = "Có thông báo mới trên Trình Ký."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A provider. `subject`: whether the office lets subjects leave by SMS; `parts`: the most a message takes."""

    place: Place
    token: str = field(repr=False)
    body: Any
    subject: bool = False
    parts: int = 3

    @classmethod
    def from_setting(cls, setting: str) -> Gateway:
        """Raises `BadInput("sms_unreadable")`, which repeats nothing of it (it holds a secret)."""
        try:
            given = json.loads(setting)
            body, token, parts = given["body"], str(given.get("token", "")), int(given.get("parts", 3))
            place = Place.of(str(given["url"]), private=given.get("private") is True, code="sms_unreadable")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadInput("sms_unreadable") from None
        written = json.dumps(body)
        if "{to}" not in written or "{text}" not in written or not 1 <= parts <= MOST_PARTS or not token.isascii():
            raise BadInput("sms_unreadable")
        return cls(place=place, token=token, body=body, subject=given.get("subject") is True, parts=parts)


@dataclass(frozen=True, slots=True)
class Sms:
    """SMS as a channel; a parcel's address is a number as `84912345678`."""

    gateway: Gateway
    attempts: int = ATTEMPTS
    seconds: float = SECONDS

    def send(self, parcel: Parcel, *, now: dt.datetime) -> Answer:
        """Hand one over. The gateway gets our name of it, so that it can tell a doubled one."""
        filled = _filled(self.gateway.body, {"{to}": parcel.address, "{text}": text_of(parcel, self.gateway)})
        headers = {"X-Request-Id": parcel.name}
        if self.gateway.token:
            headers["Authorization"] = f"Bearer {self.gateway.token}"
        body = json.dumps(filled, ensure_ascii=False).encode()
        return post(
            self.gateway.place, body, content_type="application/json", headers=headers, seconds=self.seconds
        )


def text_of(parcel: Parcel, gateway: Gateway) -> str:
    """The words: of the subject where the office allows it, cut to the parts it pays for; the link stays whole. A
    code is said as it is.
    """
    if parcel.sort == CODE:
        return parcel.text
    plain = KINDS.get(parcel.kind) or WORDS.get(parcel.sort, OTHERWISE)
    said = parcel.subject if gateway.subject else plain
    link = f" {parcel.link}" if parcel.link else ""
    if parts_of(said + link) <= gateway.parts:
        return said + link
    while said and parts_of(f"{said}…{link}") > gateway.parts:
        said = said[:-1]
    return f"{said}…{link}"


def _filled(value: Any, words: dict[str, str]) -> Any:
    """Into the values of the template, never into its text: no letter of a message can become JSON."""
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    if not isinstance(value, str):
        return value
    pieces = value.split("{text}")  # first, so that a text that says {to} stays as it is
    return words["{text}"].join(piece.replace("{to}", words["{to}"]) for piece in pieces)
