"""Name constraints (RFC 5280, 4.2.1.10 and 6.1.3 b–c). What cannot be compared is never taken as permitted."""

from __future__ import annotations

import ipaddress
from enum import Enum
from urllib.parse import urlsplit

from signing.path.extensions import NameConstraints, Subtree
from signing.path.general_names import GeneralName, NameForm
from signing.path.model import Certificate
from signing.path.names import EMAIL_ADDRESS, Name
from signing.reasons import Reason

MAX_COMPARISONS = 100_000
"""Names × subtrees in one certificate; more is hostile."""

_SMTP_UTF8_MAILBOX = bytes.fromhex("06082b06010505070809")


class _Match(Enum):
    YES = 1
    NO = 2
    UNKNOWN = 3


def constrained_names(certificate: Certificate) -> tuple[GeneralName, ...]:
    """The subject, the alternative names, and the subject's e-mail where no alternative name is one."""
    names = list(certificate.alternative)
    if not certificate.subject.is_empty:
        names.append(GeneralName(NameForm.DIRECTORY, certificate.subject))
    if not certificate.names(NameForm.EMAIL):
        names += [
            GeneralName(NameForm.EMAIL, value if isinstance(value, str) else b"")
            for value in certificate.subject.values(EMAIL_ADDRESS)
        ]
    return tuple(names)


def check_names(certificate: Certificate, constraints: list[NameConstraints]) -> list[Reason]:
    """Each set of constraints above must permit every name; all permitted sets count, as an intersection."""
    if not constraints:
        return []
    names = constrained_names(certificate)
    trees = sum(len(item.permitted) + len(item.excluded) for item in constraints)
    if len(names) * trees > MAX_COMPARISONS:
        return [Reason.PATH_CONSTRAINT]
    return list(dict.fromkeys(reason for name in names for item in constraints for reason in _check(name, item)))


def _check(name: GeneralName, constraints: NameConstraints) -> list[Reason]:
    permitted = [_match(name, tree) for tree in _of_form(name, constraints.permitted)]
    excluded = [_match(name, tree) for tree in _of_form(name, constraints.excluded)]
    if _Match.YES in excluded or (permitted and set(permitted) == {_Match.NO}):
        return [Reason.NAME_NOT_PERMITTED]
    if _Match.UNKNOWN in excluded or (permitted and _Match.YES not in permitted):
        return [Reason.PATH_CONSTRAINT]
    return []


def _of_form(name: GeneralName, trees: tuple[Subtree, ...]) -> list[Subtree]:
    """An internationalised mailbox falls under the constraints for mailboxes (RFC 9598, 6)."""
    other = name.value if name.form is NameForm.OTHER else b""
    if isinstance(other, bytes) and _SMTP_UTF8_MAILBOX in other:
        return [tree for tree in trees if tree.base.form in (NameForm.OTHER, NameForm.EMAIL)]
    return [tree for tree in trees if tree.base.form is name.form]


def _match(name: GeneralName, tree: Subtree) -> _Match:
    value, base = name.value, tree.base.value
    if not tree.is_plain:
        return _Match.UNKNOWN
    if isinstance(value, Name) and isinstance(base, Name):
        return _Match.YES if value.is_within(base) else _Match.NO
    if name.form is NameForm.IP and isinstance(value, bytes) and isinstance(base, bytes):
        return _address(value, base)
    compare = {NameForm.DNS: _domain, NameForm.EMAIL: _mailbox, NameForm.URI: _uri}.get(name.form)
    if compare is None or not isinstance(value, str) or not isinstance(base, str):
        return _Match.UNKNOWN
    return compare(value.lower().rstrip(), base.lower())


def _yes(found: bool) -> _Match:
    return _Match.YES if found else _Match.NO


def _domain(value: str, base: str) -> _Match:
    """`example.com` stands for itself and what is below; with a leading dot for what is below only."""
    if not value.strip("."):
        return _Match.UNKNOWN
    if base.startswith("."):
        return _yes(value.endswith(base))
    return _yes(not base or value == base or value.endswith("." + base))


def _mailbox(value: str, base: str) -> _Match:
    local, at, host = value.rpartition("@")
    if not at or not local or not host or '"' in local:
        return _Match.UNKNOWN
    if "@" in base:
        return _yes(value == base)
    return _yes(host.endswith(base) if base.startswith(".") else not base or host == base)


def _uri(value: str, base: str) -> _Match:
    """Only the host counts; a URI without a host name cannot be judged."""
    try:
        host = urlsplit(value).hostname or ""
    except ValueError:
        return _Match.UNKNOWN
    if not host or "." not in host or _is_address(host):
        return _Match.UNKNOWN
    return _yes(host.endswith(base) if base.startswith(".") else not base or host == base)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _address(value: bytes, base: bytes) -> _Match:
    """Address and mask, 4 + 4 or 16 + 16 bytes."""
    if len(base) not in (8, 32) or len(value) not in (4, 16):
        return _Match.UNKNOWN
    half = len(base) // 2
    if len(value) != half:
        return _Match.NO
    return _yes(all(one & mask == net & mask for one, net, mask in zip(value, base, base[half:], strict=False)))
