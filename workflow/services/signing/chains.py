"""Certificates of authorities as they are kept beside an enrolment."""

from __future__ import annotations

from workflow.store import certificates as store
from workflow.store.session import UnitOfWork


def split(concatenated: bytes) -> tuple[bytes, ...]:
    """The DER certificates of a stored chain: each is a SEQUENCE with a length in the long form (X.690 8.1.3)."""
    found, rest = [], concatenated
    while rest:
        octets = rest[1] & 0x7F
        end = 2 + octets + int.from_bytes(rest[2 : 2 + octets], "big")
        found.append(rest[:end])
        rest = rest[end:]
    return tuple(found)


def known_issuers(uow: UnitOfWork) -> tuple[bytes, ...]:
    """Authorities that came with enrolments of before, each of them led to a listed root then."""
    return tuple(dict.fromkeys(one for chain in store.issuers(uow.session) for one in split(chain)))
