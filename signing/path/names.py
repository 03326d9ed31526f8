"""Names as RFC 5280 compares them: case, white space and the type of a string do not matter (section 7.1).

PrintableString "UBND  Tỉnh", UTF8String "ubnd tỉnh" and BMPString "UBND TỈNH" are one name. Strings are prepared
as RFC 4518 says: transcode, map, normalise (NFKC), refuse what may not stand there, squeeze spaces. What cannot be
read as text is compared byte by byte.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from signing.cms import der
from signing.errors import NeedsCare

EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25"

_ENCODINGS = {
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString: what issuers write into it is Latin-1, hardly ever T.61
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}
_DROPPED = re.compile(
    "[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufe00-\ufe0f\ufeff\ufffc"
    "\U000e0000-\U000e007f\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
"""RFC 4518, 2.2: mapped to nothing."""
_FORBIDDEN = frozenset({"Cn", "Co", "Cs"})
"""RFC 4518, 2.4: unassigned, private use, surrogates."""

RdnKey = tuple[tuple[str, str | bytes], ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name. Equal when RFC 5280 calls two names the same; `raw` is the DER as it stands."""

    key: tuple[RdnKey, ...]
    raw: bytes = field(compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        return not self.key

    def is_within(self, base: Name) -> bool:
        """Whether `base` is this name or a name above it (RFC 5280, 4.2.1.10)."""
        return self.key[: len(base.key)] == base.key

    def written(self) -> tuple[tuple[str, str], ...]:
        """(type, text as it stands) of every attribute, in order."""
        return tuple(
            (der.oid(parts[0]), text_of(parts[1]))
            for rdn in der.read(self.raw).children()
            for item in rdn.children()
            for parts in (item.children(),)
        )

    def values(self, kind: str) -> tuple[str | bytes, ...]:
        """The prepared values of every attribute of this type."""
        return tuple(value for rdn in self.key for oid, value in rdn if oid == kind)


def read_name(node: der.Node) -> Name:
    """RDNSequence."""
    return Name(tuple(_rdn(item) for item in node.expect(der.SEQUENCE).children()), node.raw)


def relative_to(issuer: Name, node: der.Node) -> Name:
    """A name under `issuer`: nameRelativeToCRLIssuer, whose context tag hides the SET."""
    last = _rdn_of(node.children())
    joined = b"".join(item.raw for item in der.read(issuer.raw).children()) + der.encode(der.SET, node.content)
    return Name((*issuer.key, last), der.encode(der.SEQUENCE, joined))


def _rdn(node: der.Node) -> RdnKey:
    """A SET: the order of a multi-valued one says nothing."""
    return _rdn_of(node.expect(der.SET).children())


def _rdn_of(items: tuple[der.Node, ...]) -> RdnKey:
    if not items:
        raise NeedsCare("name_empty_rdn")
    pairs = []
    for item in items:
        parts = item.expect(der.SEQUENCE).children()
        if len(parts) != 2:
            raise NeedsCare("name_attribute")
        pairs.append((der.oid(parts[0]), prepared(parts[1])))
    return tuple(sorted(pairs, key=repr)) if len(pairs) > 1 else tuple(pairs)


def text_of(node: der.Node) -> str:
    """A string as it is written; hexadecimal where it is none."""
    try:
        return node.content.decode(_ENCODINGS[node.tag])
    except (KeyError, UnicodeDecodeError):
        return node.content.hex()


def prepared(node: der.Node) -> str | bytes:
    """An attribute value in the form that is compared; its bytes where it is no readable text."""
    encoding = _ENCODINGS.get(node.tag)
    if encoding is None:
        return node.raw
    try:
        text = node.content.decode(encoding)
    except UnicodeDecodeError:
        return node.raw
    ready = prepare(text)
    return node.raw if ready is None else ready


def prepare(text: str) -> str | None:
    """RFC 4518 for caseIgnoreMatch; None where a character may not stand in a name."""
    if not text.isascii() or not text.isprintable():
        text = _DROPPED.sub("", text)
        text = unicodedata.normalize("NFKC", text)
        if any(unicodedata.category(item) in _FORBIDDEN or item == "\ufffd" for item in text):
            return None
        text = unicodedata.normalize("NFKC", text.casefold())
    return " ".join(text.lower().split())
