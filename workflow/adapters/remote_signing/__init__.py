"""Remote signing services: what they all give, whatever their protocol. One file each.

`ask` hands hashes over and answers at once; where the person approves elsewhere, `state` is asked later. Neither
trusts the other side: a signature counts only once the caller has verified it with the enrolled certificate.
Troubles of the line are `Refused("provider_unreachable")`; an answer that cannot be read is
`Refused("provider_misspoke")`, a status that says no is `Refused("provider_said_no")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from workflow.domain.key_holders import Control, KeyHolder


class Said(StrEnum):
    """What a service says of a request."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """It never heard of it."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`signatures`: by the name each hash was given. `code`: of the service, for whoever looks into a failure."""

    said: Said
    reference: str = ""
    signatures: Mapping[str, bytes] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One key of an account. `limit`: hashes of one approval; `bound`: the approval is for exactly these hashes."""

    id: str
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    limit: int = 1
    bound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be signed. `name`: ours, drawn once, so that a request is known by it if the answer is lost.

    `hashes`: (name, digest), in order. `kind`: `rsa` or `ec`. `code`: stands on the page; the service shows it too.
    """

    name: str
    account: str
    credential: str
    hashes: tuple[tuple[str, bytes], ...]
    function: str
    kind: str
    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a protocol can do.

    `named`: `state` knows a request by our name for it. `code`: letters of the code that it shows; 0: all of ours.
    `seconds`: how long a person has to approve. `hook`: it may call us when something happened.
    """

    way: KeyHolder
    limit: int
    named: bool
    code: int = 0
    seconds: int = 300
    hook: bool = False


class Provider(Protocol):
    """A configured service."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def hook_secret(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...

    def credentials(self, account: str) -> tuple[Credential, ...]:
        """The keys of an account that can sign."""

    def ask(self, order: Order) -> Answer:
        """Hand over: waiting with a reference, or the outcome where it is there at once."""

    def state(self, reference: str, order: Order) -> Answer:
        """How it stands."""

    def control(self, credential: Credential) -> Control:
        """How much the owner alone controls a signature made so."""


HeldBy = dict[str, Any]
"""`Certificate.held` of a remote key: `provider`, `account`, `credential`."""
