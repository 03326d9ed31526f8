"""Who holds a key and what can be done with it: capabilities, not brands.

Whoever signs chooses among the ways that their certificate allows; pages ask here what a way needs (one password
for a hundred documents or a PIN for each, a computer or a telephone too) and how much its owner alone controls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class KeyHolder(StrEnum):
    """Where a key lies (of an enrolled certificate), or by which way a signature was made (of a signature)."""

    BROWSER_FILE = "pkcs12_browser"
    """A PKCS#12 file that only the browser opens."""
    TOKEN = "token"  # noqa: S105 (a kind of key, no secret)
    """A hardware token; of certificates only: signed with by one of the two ways below."""
    TOKEN_AGENT = "token_agent"  # noqa: S105 (a kind of key, no secret)
    """Through a program on the signer's own computer that takes a document and gives it back signed."""
    TOKEN_PAGE = "token_page"  # noqa: S105 (a kind of key, no secret)
    """Through messages between the page and an extension of the browser: one hash, one PIN."""
    MOBILE_PKI = "mobile_pki"
    """A SIM card; the telephone asks, a code stands on both screens."""
    REMOTE_CSC = "remote_csc"
    """A remote signing service by the API of the Cloud Signature Consortium."""
    REMOTE_REST = "remote_rest"
    """A remote signing service by the REST shape of Vietnamese providers: sent, tapped, asked for."""
    UPLOADED = "uploaded"
    """Signed elsewhere by any program and brought back as a file."""
    SERVER_SEAL = "server_seal"
    """The agency's key on the server, where its head allowed it."""


class Control(IntEnum):
    """How much the owner alone controls the key. A larger one is better; a type can ask for a minimum."""

    UNKNOWN = 0
    """Nothing is known of how it was used."""
    ORGANISATIONAL = 1
    """Nobody's own: the office holds it and answers for who uses it."""
    WEAK = 2
    MEDIUM = 3
    """The owner's, but who controls the page or the file can use it too."""
    STRONG = 4
    """Only with something the owner has and a secret that only the owner knows, asked for these very documents."""


class Gives(StrEnum):
    """What comes back from a way of signing."""

    SIGNATURE = "signature"
    """The raw signature over the bytes we prepared."""
    FILE = "file"
    """The whole file, signed by a program we do not know: hostile until proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one way of signing can do.

    `batch`: documents that one act takes. `asks_each`: whether it asks its owner (PIN, tap) for each document.
    `phone`, `computer`: where it works. `waits`: whether the answer comes later, from elsewhere.
    """

    gives: Gives
    batch: int
    asks_each: bool
    phone: bool
    computer: bool
    waits: bool
    control: Control

    def asks(self, documents: int) -> int:
        """How often its owner is asked for so many documents."""
        return documents if self.asks_each else min(documents, 1)


AT_MOST = 100
"""Documents of one act, whatever its key."""

CAPABILITIES: dict[KeyHolder, Capabilities] = {
    KeyHolder.BROWSER_FILE: Capabilities(
        gives=Gives.SIGNATURE, batch=AT_MOST, asks_each=False, phone=True, computer=True, waits=False,
        control=Control.MEDIUM,
    ),
    KeyHolder.TOKEN_AGENT: Capabilities(
        gives=Gives.FILE, batch=AT_MOST, asks_each=True, phone=False, computer=True, waits=False,
        control=Control.STRONG,
    ),
    KeyHolder.TOKEN_PAGE: Capabilities(
        gives=Gives.SIGNATURE, batch=AT_MOST, asks_each=True, phone=False, computer=True, waits=False,
        control=Control.STRONG,
    ),
    KeyHolder.MOBILE_PKI: Capabilities(
        gives=Gives.SIGNATURE, batch=20, asks_each=False, phone=True, computer=True, waits=True,
        control=Control.STRONG,
    ),
    KeyHolder.REMOTE_CSC: Capabilities(
        gives=Gives.SIGNATURE, batch=AT_MOST, asks_each=False, phone=True, computer=True, waits=True,
        control=Control.MEDIUM,
    ),
    KeyHolder.REMOTE_REST: Capabilities(
        gives=Gives.SIGNATURE, batch=AT_MOST, asks_each=False, phone=True, computer=True, waits=True,
        control=Control.STRONG,
    ),
    KeyHolder.UPLOADED: Capabilities(
        gives=Gives.FILE, batch=AT_MOST, asks_each=True, phone=False, computer=True, waits=False,
        control=Control.UNKNOWN,
    ),
    KeyHolder.SERVER_SEAL: Capabilities(
        gives=Gives.SIGNATURE, batch=AT_MOST, asks_each=False, phone=True, computer=True, waits=False,
        control=Control.ORGANISATIONAL,
    ),
}  # fmt: skip
"""Each way of signing. A remote service is strong only where it binds the approval to exactly these hashes (SCAL 2
of CSC): its adapter says so for each act, and what stands here is the least that is believed of it."""

WAYS: dict[KeyHolder, tuple[KeyHolder, ...]] = {
    KeyHolder.BROWSER_FILE: (KeyHolder.BROWSER_FILE, KeyHolder.SERVER_SEAL, KeyHolder.UPLOADED),
    KeyHolder.TOKEN: (KeyHolder.TOKEN_AGENT, KeyHolder.TOKEN_PAGE, KeyHolder.UPLOADED),
    KeyHolder.MOBILE_PKI: (KeyHolder.MOBILE_PKI,),
    KeyHolder.REMOTE_CSC: (KeyHolder.REMOTE_CSC,),
    KeyHolder.REMOTE_REST: (KeyHolder.REMOTE_REST,),
    KeyHolder.UPLOADED: (KeyHolder.UPLOADED,),
    KeyHolder.SERVER_SEAL: (KeyHolder.SERVER_SEAL, KeyHolder.UPLOADED),
}
"""By which ways an enrolled certificate can sign, by where its key lies: the likeliest first."""


SHOWN = "shown_to"
"""In the proof of an enrolment: to whom its token was shown."""
ALSO = "also_in"
"""In the same place: where else the same key was said to lie, words of `KeyHolder` with a space between."""


def believed(way: KeyHolder, *, lies: str, proof: Mapping[str, Any], told: Control | None = None) -> Control:
    """How much is believed of a way with a certificate; `told`: what its adapter knows of this very act.

    That its key lies on a token is its owner's word until the second person has seen one, and a key that lay in two
    places was copied from one to the other: both count as a file at most.
    """
    control = CAPABILITIES[way].control if told is None else told
    unseen = lies == KeyHolder.TOKEN and SHOWN not in proof
    return min(control, Control.MEDIUM) if unseen or proof.get(ALSO) else control


def best_control(lies: str, *, also: str = "") -> Control:
    """The best that a confirmed key which lies there can do, by whichever way. `also`: where else it lay."""
    best = max(CAPABILITIES[way].control for way in WAYS[KeyHolder(lies)])
    return min(best, Control.MEDIUM) if also else best


def fits(certificate: str, way: KeyHolder) -> bool:
    """Whether a certificate whose key lies there can have signed by this way."""
    return way in WAYS[KeyHolder(certificate)]
