"""Mail that came back: a delivery status notification taken apart (RFC 3464). A task for the jail:

    signing.jail.run("workflow.adapters.bounces:read", message, limits=LIMITS)

`{"message_id", "failed": [{"address", "status", "words"}]}`; without `failed` it is none, or one that tells of a
delay or a success. `message_id` is that of the mail that came back, from the part that repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.message import Message
from typing import Any, Final

from signing.jail import JailResult, Limits
from signing.jail import run as run_in_jail
from workflow.adapters.mime import header

LIMITS: Final = Limits(cpu=5.0, output=1024 * 1024)
MOST: Final = 256 * 1024
"""Bytes of a message that are read: what it says stands before the mail that it repeats."""
_MOST_GROUPS: Final = 20
_XTEXT: Final = re.compile(r"\+([2-7][0-9A-F])")
_REPEATED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})


def read(payload: bytes, _arguments: Mapping[str, Any]) -> JailResult:
    """The task."""
    return JailResult(taken_apart(payload))


def told(payload: bytes) -> Mapping[str, Any]:
    """The same from the jail. Raises `JailError` where it cannot be taken apart."""
    found: Mapping[str, Any] = run_in_jail("workflow.adapters.bounces:read", payload, limits=LIMITS).json
    return found


def taken_apart(payload: bytes) -> dict[str, Any]:
    """What a notification says; nothing of a mail that is none."""
    mail = message_from_bytes(payload)
    if mail.get_content_type() != "multipart/report" or str(mail.get_param("report-type", "")).lower() != (
        "delivery-status"
    ):
        return {"message_id": "", "failed": []}
    parts = _children(mail)
    failed = [
        one for part in parts if part.get_content_type() == "message/delivery-status" for one in _failed(part)
    ]
    return {"message_id": next(filter(None, map(_repeated_id, parts)), ""), "failed": failed[:_MOST_GROUPS]}


def _children(mail: Message) -> list[Message]:
    inside = mail.get_payload() if mail.is_multipart() else []
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _failed(part: Message) -> Iterator[dict[str, str]]:
    """Each group of fields about a recipient (RFC 3464, 2.3) that says `failed`."""
    for group in _children(part):
        if header(group, "Action").lower() == "failed":
            address = _plain(header(group, "Original-Recipient")) or header(group, "Final-Recipient")
            words = header(group, "Diagnostic-Code").partition(";")[2].strip() or header(group, "Diagnostic-Code")
            yield {
                "address": address.partition(";")[2].strip(" <>").lower(), "status": header(group, "Status"),
                "words": words,
            }  # fmt: skip


def _plain(xtext: str) -> str:
    """The sender's own word for a recipient comes encoded (RFC 3461, 4.2): `a+2Bb@c.vn` is `a+b@c.vn`."""
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), xtext)


def _repeated_id(part: Message) -> str:
    if part.get_content_type() not in _REPEATED:
        return ""
    inside = _children(part)
    if inside:
        return header(inside[0], "Message-ID").strip("<> ")
    payload = part.get_payload(decode=True)
    repeated = message_from_bytes(payload if isinstance(payload, bytes) else b"")
    return header(repeated, "Message-ID").strip("<> ")
