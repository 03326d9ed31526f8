"""GeneralName (RFC 5280, 4.2.1.6): what alternative names, constraints and distribution points are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from signing.cms import der
from signing.errors import NeedsCare
from signing.path.names import Name, read_name


class NameForm(StrEnum):
    OTHER = "otherName"
    EMAIL = "rfc822Name"
    DNS = "dNSName"
    X400 = "x400Address"
    DIRECTORY = "directoryName"
    EDI = "ediPartyName"
    URI = "uniformResourceIdentifier"
    IP = "iPAddress"
    REGISTERED = "registeredID"


_FORMS = (
    NameForm.OTHER, NameForm.EMAIL, NameForm.DNS, NameForm.X400, NameForm.DIRECTORY, NameForm.EDI, NameForm.URI,
    NameForm.IP, NameForm.REGISTERED,
)  # fmt: skip
_TEXT = (NameForm.EMAIL, NameForm.DNS, NameForm.URI)


@dataclass(frozen=True, slots=True)
class GeneralName:
    """`value`: text, a Name, or bytes: forms that nobody here compares by meaning, and text that is not ASCII."""

    form: NameForm
    value: str | bytes | Name
    raw: bytes = field(compare=False, repr=False, default=b"")


def read_general_name(node: der.Node) -> GeneralName:
    number = node.tag & 0x1F
    if node.tag & 0xC0 != 0x80 or number >= len(_FORMS):
        raise NeedsCare("general_name", tag=node.tag)
    form = _FORMS[number]
    if form is NameForm.DIRECTORY:
        return GeneralName(form, read_name(node.only()), node.raw)
    if form in _TEXT:
        text = node.content.decode("latin-1")
        return GeneralName(form, text if text.isascii() else node.content, node.raw)
    return GeneralName(form, node.content, node.raw)


def read_general_names(node: der.Node) -> tuple[GeneralName, ...]:
    """What a SEQUENCE of them, or an implicit tag in its place, holds."""
    return tuple(read_general_name(item) for item in node.children())
