"""A service with the API of the Cloud Signature Consortium, version 1 (CSC API 1.0.4.0).

`credentials/authorize` names the hashes and waits for the person; `signatures/signHash` follows at once, so that no
authorization (SAD) is ever kept. Only credentials with `authMode` implicit: a PIN or a one-time code typed here
would pass through our hands.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.adapters.remote_signing import Answer, Capabilities, Credential, Order, Said
from workflow.adapters.remote_signing.asking import Deadline, Line, packed, unpacked
from workflow.domain.errors import Refused
from workflow.domain.key_holders import CAPABILITIES, Control, KeyHolder

HASHES: Final = {
    "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3",
}  # fmt: skip
ALGORITHMS: Final = {
    ("rsa", "sha256"): "1.2.840.113549.1.1.11", ("rsa", "sha384"): "1.2.840.113549.1.1.12",
    ("rsa", "sha512"): "1.2.840.113549.1.1.13", ("ec", "sha256"): "1.2.840.10045.4.3.2",
    ("ec", "sha384"): "1.2.840.10045.4.3.3", ("ec", "sha512"): "1.2.840.10045.4.3.4",
}  # fmt: skip
MOST_CREDENTIALS: Final = 20
APPROVAL: Final = 90.0
"""Seconds in which the person has to approve: `authorize` answers only then."""
IMPLICIT: Final = "implicit"
STRICT: Final = "2"
"""SCAL 2 (EN 419 241-1): the authorization is bound to the hashes."""


@dataclass(frozen=True, slots=True)
class Csc:
    """`user`, `password`: of this office at the service (HTTP Basic for `auth/login`); or a `token` for good."""

    name: str
    title: str
    line: Line
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    hook_secret: str = field(default="", repr=False)
    approval: float = APPROVAL
    capabilities: Capabilities = Capabilities(  # noqa: RUF009 (frozen)
        way=KeyHolder.REMOTE_CSC, limit=CAPABILITIES[KeyHolder.REMOTE_CSC].batch, named=False
    )

    @property
    def place(self) -> str:
        """Its host."""
        return self.line.host

    def credentials(self, account: str) -> tuple[Credential, ...]:
        """Those that are enabled and ask the person by themselves; all questions together get the time of one."""
        deadline = Deadline(self.line.seconds)
        headers = self._headers(seconds=deadline.left())
        listed = self.line.post(
            "/credentials/list", {"userID": account, "maxResults": MOST_CREDENTIALS}, headers=headers,
            seconds=deadline.left(),
        )  # fmt: skip
        names = listed.get("credentialIDs")
        if not isinstance(names, list):
            raise Refused("provider_misspoke", about="credentialIDs")
        found = (self._credential(str(name), headers, deadline) for name in names[:MOST_CREDENTIALS])
        return tuple(one for one in found if one is not None)

    def _credential(self, name: str, headers: dict[str, str], deadline: Deadline) -> Credential | None:
        told = self.line.post(
            "/credentials/info", {"credentialID": name, "certificates": "chain"}, headers=headers,
            seconds=deadline.left(),
        )  # fmt: skip
        key, held = told.get("key"), told.get("cert")
        if not isinstance(key, dict) or not isinstance(held, dict):
            raise Refused("provider_misspoke", about="credentials/info")
        if key.get("status") != "enabled" or told.get("authMode") != IMPLICIT:
            return None
        line = [unpacked(one, "certificates") for one in _list(held.get("certificates"))]
        if not line:
            return None
        several = told.get("multisign")
        limit = several if isinstance(several, int) and several > 0 else 1
        return Credential(
            id=name, certificate=line[0], chain=tuple(line[1:]), limit=min(limit, self.capabilities.limit),
            bound=str(told.get("SCAL", "1")) == STRICT,
        )  # fmt: skip

    def ask(self, order: Order) -> Answer:
        """Authorize exactly these hashes, then sign them with that authorization."""
        headers, hashes = self._headers(), [packed(digest) for _name, digest in order.hashes]
        words = f"{order.words} {order.code}"
        given = self.line.post(
            "/credentials/authorize",
            {"credentialID": order.credential, "numSignatures": len(hashes), "hash": hashes, "description": words,
             "clientData": order.name},
            headers=headers, seconds=self.approval,
        )  # fmt: skip
        sad = given.get("SAD")
        if not isinstance(sad, str) or not sad:
            raise Refused("provider_misspoke", about="SAD")
        signed = self.line.post(
            "/signatures/signHash",
            {"credentialID": order.credential, "SAD": sad, "hash": hashes, "hashAlgo": HASHES[order.function],
             "signAlgo": ALGORITHMS[order.kind, order.function], "clientData": order.name},
            headers=headers,
        )  # fmt: skip
        signatures = [unpacked(one, "signatures") for one in _list(signed.get("signatures"))]
        if len(signatures) != len(hashes):
            return Answer(said=Said.FAILED, code="count_differs")
        named = dict(zip((name for name, _digest in order.hashes), signatures, strict=True))
        return Answer(said=Said.APPROVED, signatures=named)

    def state(self, reference: str, order: Order) -> Answer:
        """There is nothing to come back to: `ask` answers whole or not at all."""
        return Answer(said=Said.UNKNOWN)

    def control(self, credential: Credential) -> Control:
        """Strong only where the approval is bound to these hashes."""
        return Control.STRONG if credential.bound else CAPABILITIES[KeyHolder.REMOTE_CSC].control

    def _headers(self, *, seconds: float | None = None) -> dict[str, str]:
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if not self.user:
            return {}
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        told = self.line.post("/auth/login", {"rememberMe": False}, headers={"Authorization": f"Basic {basic}"},
                              seconds=seconds)  # fmt: skip
        token = told.get("access_token")
        if not isinstance(token, str) or not token.isprintable() or not token.isascii():
            raise Refused("provider_misspoke", about="access_token")
        return {"Authorization": f"Bearer {token}"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
