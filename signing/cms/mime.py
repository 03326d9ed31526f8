"""S/MIME (RFC 8551): a message as mail carries it, with its own content (application/pkcs7-mime) or beside the part
that it signs (multipart/signed, RFC 1847).

Only the outermost layer is opened, and only where two readers see the same parts: every header once, a boundary
that ends two parts and no more. What stands in the header, before and behind the parts is signed by nobody, and is
not looked at.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from itertools import pairwise

from signing.cms.armour import MAX_TEXT, looks_like_message, unwrap
from signing.errors import BrokenInput, NeedsCare

MAX_HEADER = 256 * 1024
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_MAILBOX_LINE = re.compile(rb"From [^\n]*\n")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*")
_PARAMETER = re.compile(r";\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"()]+))\s*")
_SIGNED = "multipart/signed"
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_BESIDE = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_AS_IT_STANDS = frozenset({"", "7bit", "8bit", "binary"})
_LONE = re.compile(rb"(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Entity:
    """A part: its header by lower-case names, its body as it stands."""

    kind: str
    parameters: dict[str, str]
    encoding: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """`message` is the CMS; `part` what it signs where that stands beside it, with the line ends of the file;
    `is_mail` False: no mail at all, the bare message."""

    message: memoryview
    part: bytes | None = None
    is_mail: bool = True

    @property
    def contents(self) -> tuple[bytes, ...]:
        """What may have been signed: the part with the line ends of mail (RFC 8551, 3.1.1), else as it stands."""
        return () if self.part is None else tuple(dict.fromkeys((canonical(self.part), self.part)))


def may_be_signature(head: bytes) -> bool:
    """Whether a file that begins with `head` (its first `MAX_HEADER` bytes) could be a CMS message: DER, BER, PEM,
    bare base64, or a mail that carries one. What is not is a document, or nothing."""
    return looks_like_message(head) or looks_like_mail(head)


def looks_like_mail(head: bytes) -> bool:
    """Whether a file that begins with `head` could be a mail whose outermost layer is a signature."""
    match = re.match(rb"(?:From [^\n]*\n)?[!-9;-~]+[ \t]*:", head[:1024])
    if match is None:
        return False
    try:
        fields = _fields(_MAILBOX_LINE.sub(b"", head[:MAX_HEADER], count=1))[0]
    except (NeedsCare, BrokenInput):
        return False
    kinds = [_TYPE.match(value) for name, value in fields if name == "content-type"]
    return any(kind is not None and kind[1].lower() in {_SIGNED, *_OPAQUE} for kind in kinds)


def read_mail(data: memoryview) -> Mail:
    """The signature in a mail; `NeedsCare` where it can be read in two ways, `BrokenInput` where there is none."""
    if len(data) > MAX_TEXT:
        raise NeedsCare("too_large")
    text = bytes(data)
    start = _MAILBOX_LINE.match(text)
    entity = _entity(text[start.end() :] if start else text)
    if entity.kind in _OPAQUE:
        return Mail(_decoded(entity))
    if entity.kind != _SIGNED:
        raise BrokenInput("mail")
    part, beside = _parts(entity)
    signature = _entity(beside)
    if signature.kind not in _BESIDE or entity.parameters.get("protocol", signature.kind).lower() not in _BESIDE:
        raise BrokenInput("mail")
    return Mail(_decoded(signature), part)


def canonical(text: bytes) -> bytes:
    """Every line ends with CR LF."""
    return _LONE.sub(b"\r\n", text)


def is_same_text(given: bytes | memoryview, part: bytes) -> bool:
    """Whether a file is what `part` brings: the part whole or its body, whatever the line ends."""
    if len(given) > MAX_TEXT:
        raise NeedsCare("too_large")
    wanted = canonical(bytes(given))
    if wanted == canonical(part):
        return True
    try:
        body = _entity(part)
        return wanted == canonical(bytes(_plain(body)))
    except (BrokenInput, NeedsCare):
        return False


def _entity(text: bytes) -> Entity:
    fields, end = _fields(text)
    named = dict(fields)
    for name in ("content-type", "content-transfer-encoding"):
        if sum(other == name for other, _ in fields) > 1:
            raise NeedsCare("mail_unclear")
    kind, parameters = _content_type(named.get("content-type", "text/plain"))
    return Entity(kind, parameters, named.get("content-transfer-encoding", "").strip().lower(), text[end:])


def _fields(text: bytes) -> tuple[list[tuple[str, str]], int]:
    """The header, folded lines joined, and where the body begins."""
    found: list[tuple[str, str]] = []
    position = 0
    while True:
        for empty in (b"\r\n", b"\n"):
            if text.startswith(empty, position):
                return found, position + len(empty)
        match = _FIELD.match(text, position, MAX_HEADER)
        if match is None:
            if position and position == len(text):
                return found, position
            raise BrokenInput("mail")
        found.append((match[1].decode("ascii").lower(), " ".join(match[2].decode("latin-1").split())))
        position = match.end()


def _content_type(value: str) -> tuple[str, dict[str, str]]:
    start = _TYPE.match(value)
    if start is None:
        raise BrokenInput("mail")
    found: dict[str, str] = {}
    position = start.end()
    while position < len(value):
        match = _PARAMETER.match(value, position)
        if match is None and value[position:].strip() == ";":
            break
        if match is None or match[1].lower() in found or match[1].lower().startswith("boundary*"):
            raise NeedsCare("mail_unclear")
        found[match[1].lower()] = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        position = match.end()
    return start[1].lower(), found


def _parts(entity: Entity) -> tuple[bytes, bytes]:
    """The two parts of multipart/signed, without the line end that belongs to the boundary (RFC 2046, 5.1.1)."""
    boundary = entity.parameters.get("boundary", "")
    if not 0 < len(boundary) <= 70 or entity.encoding not in _AS_IT_STANDS:
        raise BrokenInput("mail")
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("latin-1")) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    marks = list(line.finditer(entity.body))
    last = next((number for number, mark in enumerate(marks) if mark[1]), None)
    if last is None:
        raise NeedsCare("der_truncated")
    if last != 2 or len(marks) > 3:
        raise NeedsCare("mail_unclear")
    inside = [entity.body[one.end() : other.start()] for one, other in pairwise(marks)]
    return _without_line_end(inside[0]), _without_line_end(inside[1])


def _without_line_end(text: bytes) -> bytes:
    return text[2:] if text.startswith(b"\r\n") else text[1:]


def _decoded(entity: Entity) -> memoryview:
    return unwrap(_plain(entity))


def _plain(entity: Entity) -> memoryview:
    """The body without its transfer encoding."""
    if entity.encoding in _AS_IT_STANDS:
        return memoryview(entity.body)
    if entity.encoding != "base64":
        raise NeedsCare("mail_unclear")
    try:
        return memoryview(base64.b64decode(b"".join(entity.body.split()), validate=True))
    except binascii.Error as error:
        raise BrokenInput("mail") from error
