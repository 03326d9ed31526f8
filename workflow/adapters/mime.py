"""A mail taken apart: who, when, about what, and the files in it. A task for the jail:

    signing.jail.run("workflow.adapters.mime:read", message, limits=LIMITS)

`{"sender", "subject", "date", "message_id", "text", "files": [{"name", "media_type"}], "left_out": [{"name",
"why"}]}` and the files' bytes as blobs, in the same order. RFC 5322, RFC 2045–2047, RFC 2231; forwarded mails
(message/rfc822) are taken apart too, signatures (`.p7s`, `.p7m`) are files like others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any, Final

from signing.jail import JailResult, Limits

MAX_FILES: Final = 50
MAX_PARTS: Final = 1000
MAX_DEPTH: Final = 12
MAX_TOTAL: Final = 100 * 1024 * 1024
MAX_TEXT: Final = 20_000
"""Letters of the body that are kept."""
SMALL_PICTURE: Final = 40 * 1024
"""Pictures in the text of a mail up to this size are logos and lines."""

LIMITS: Final = Limits(cpu=5.0, cpu_per_megabyte=0.4, output=MAX_TOTAL + 1024 * 1024)

_ENDINGS: Final = {
    "application/pdf": ".pdf", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "image/png": ".png", "image/jpeg": ".jpg",
    "image/tiff": ".tif", "text/calendar": ".ics", "text/html": ".html", "text/plain": ".txt",
    "message/rfc822": ".eml",
}  # fmt: skip


_UNWRITTEN: Final = (ValueError, LookupError, TypeError, MessageError)
"""What the standard library raises over headers that no standard allows."""


class _Lenient(Compat32):
    """Headers as they were sent; letters outside ASCII are UTF-8 (RFC 6532), as most who send them mean."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


_POLICY: Final = _Lenient()


@dataclass(frozen=True, slots=True)
class Held:
    """One file in a mail."""

    name: str
    media_type: str
    data: bytes


@dataclass(slots=True)
class Letter:
    """What a mail says of itself. `date` as ISO 8601, empty where there is none that can be read."""

    sender: str = ""
    subject: str = ""
    date: str = ""
    message_id: str = ""
    text: str = ""
    left_out: list[dict[str, str]] = field(default_factory=list)


def read(payload: bytes, _arguments: Mapping[str, Any]) -> JailResult:
    """The task."""
    letter, files = take_apart(payload)
    told = {
        "sender": letter.sender, "subject": letter.subject, "date": letter.date, "message_id": letter.message_id,
        "text": letter.text, "left_out": letter.left_out,
        "files": [{"name": held.name, "media_type": held.media_type} for held in files],
    }  # fmt: skip
    return JailResult(told, tuple(held.data for held in files))


def take_apart(payload: bytes) -> tuple[Letter, list[Held]]:
    """The mail and its files; what is over the limits is named in `left_out`, with why."""
    mail = message_from_bytes(payload, policy=_POLICY)
    letter = Letter(
        sender=header(mail, "from"), subject=header(mail, "subject"), date=_date(mail),
        message_id=header(mail, "message-id").strip("<> ")[:300],
    )  # fmt: skip
    files: list[Held] = []
    plain: list[str] = []
    pages: list[str] = []
    total = 0
    for part in _leaves(mail, letter):
        kind, name = part.get_content_type(), _filename(part)
        data = _bytes(part)
        if not name and kind in {"text/plain", "text/html"}:
            (plain if kind == "text/plain" else pages).append(_words(part, data))
        elif _is_decoration(part, data):
            letter.left_out.append({"name": name or kind, "why": "inline_image"})
        elif len(files) >= MAX_FILES or total + len(data) > MAX_TOTAL:
            letter.left_out.append({"name": name or kind, "why": "too_many_files"})
        else:
            total += len(data)
            files.append(Held(name or f"dinh-kem-{len(files) + 1}{_ENDINGS.get(kind, '')}", kind, data))
    letter.text = ("\n\n".join(plain) if any(map(str.strip, plain)) else _from_html("\n".join(pages)))[:MAX_TEXT]
    return letter, files


def header(mail: Message, name: str) -> str:
    """A header in words, whatever its writer did to it; one line, no controls."""
    raw = mail.get(name, "")
    try:
        words = str(make_header(decode_header(raw)))
    except _UNWRITTEN:  # a charset nobody knows, base64 cut in the middle
        words = str(raw)
    return _one_line(words)[:500]


def _one_line(words: str) -> str:
    words = words.encode("utf-8", "replace").decode()
    return re.sub(r"\s+", " ", "".join(sign if sign.isprintable() else " " for sign in words)).strip()


def _date(mail: Message) -> str:
    try:
        return parsedate_to_datetime(str(mail.get("date", ""))).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _leaves(mail: Message, letter: Letter) -> Iterator[Message]:
    """Every part that is no container, forwarded mails opened, in the order in which they stand."""
    waiting: list[tuple[Message, int]] = [(mail, 0)]
    for _turn in range(MAX_PARTS):
        if not waiting:
            return
        part, depth = waiting.pop(0)
        inside = part.get_payload() if part.is_multipart() else None
        if not isinstance(inside, list):
            yield part
        elif depth >= MAX_DEPTH:
            letter.left_out.append({"name": _filename(part) or part.get_content_type(), "why": "too_deep"})
        else:
            waiting = [(one, depth + 1) for one in inside if isinstance(one, Message)] + waiting
    if waiting:
        letter.left_out.append({"name": f"{len(waiting)}", "why": "too_many_parts"})


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _filename(part: Message) -> str:
    """From Content-Disposition or Content-Type, by RFC 2231, and by RFC 2047, which many use wrongly."""
    name = ""
    try:
        name = part.get_filename("") or ""
        if "=?" in name:
            name = str(make_header(decode_header(name)))
    except _UNWRITTEN:
        name = name or str(part.get_param("name", "") or "")
    name = _one_line(name).replace("\\", "/").rpartition("/")[2]
    return name[-200:].strip(". ") if name.strip(". ") else ""


def _is_decoration(part: Message, data: bytes) -> bool:
    inline = part.get_content_disposition() == "inline" or "content-id" in part
    return inline and part.get_content_maintype() == "image" and len(data) <= SMALL_PICTURE


def _words(part: Message, data: bytes) -> str:
    try:
        words = data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        words = data.decode("utf-8", "replace")
    return words.replace("\r\n", "\n").replace("\0", "")


class _Words(HTMLParser):
    """The text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script", "head", "title"}
        if tag in {"p", "br", "div", "tr", "li"}:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script", "head", "title"} and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def _from_html(page: str) -> str:
    reader = _Words()
    reader.feed(page[: 20 * MAX_TEXT])
    return re.sub(r"\s*\n\s*", "\n", "".join(reader.found)).strip()
