"""A key on a SIM card, through the operator's mobile signature service: ETSI TS 102 204 in its JSON clothes.

The SIM shows a text with a short code that stands on our page too, and asks for its PIN. Codes of the answers are
those of TS 102 204 §9. Everything that differs between operators is in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.adapters.remote_signing import Answer, Capabilities, Credential, Order, Said
from workflow.adapters.remote_signing.asking import Line, objects, packed, unpacked
from workflow.domain.errors import Refused
from workflow.domain.key_holders import CAPABILITIES, Control, KeyHolder
from workflow.domain.remote_signing import PIN_LOCKED

CODE_LENGTH: Final = 6
SECONDS: Final = 180
REQUEST_OK: Final = 100
SIGNED: Final = frozenset({500, 502})
OUTSTANDING: Final = 504
UNKNOWN: Final = frozenset({103, 104})
REFUSED: Final = frozenset({401, 402, 403})
"""Cancelled by the person, PIN blocked, card blocked."""
LOCKED: Final = frozenset({402, 403})
EXPIRED: Final = frozenset({208, 209})


@dataclass(frozen=True, slots=True)
class MobilePki:
    """`user`, `password`: of this office at the operator (`AP_ID`, `AP_PWD`). An account is a telephone number."""

    name: str
    title: str
    line: Line
    user: str
    password: str = field(repr=False)
    hook_secret: str = field(default="", repr=False)
    capabilities: Capabilities = Capabilities(  # noqa: RUF009 (frozen)
        way=KeyHolder.MOBILE_PKI,
        limit=CAPABILITIES[KeyHolder.MOBILE_PKI].batch,
        named=True,
        code=CODE_LENGTH,
        seconds=SECONDS,
        hook=True,
    )

    @property
    def place(self) -> str:
        """Its host."""
        return self.line.host

    def credentials(self, account: str) -> tuple[Credential, ...]:
        """The certificates on the SIM of a number."""
        told = self._post("/MSS_ProfileQuery", {"MSISDN": account})
        self._demand(told, REQUEST_OK)
        return tuple(
            Credential(
                id=str(one.get("SignatureProfile", ""))[:100],
                certificate=unpacked(one.get("Certificate"), "Certificate"),
                chain=tuple(unpacked(der, "Chain") for der in one.get("Chain") or ()),
                limit=self.capabilities.limit, bound=True,
            )
            for one in objects(told.get("Profiles"), "Profiles")
        )  # fmt: skip

    def ask(self, order: Order) -> Answer:
        """The SIM asks its owner, with the code in the text."""
        told = self._post(
            "/MSS_Signature",
            {"MSISDN": order.account, "AP_TransID": order.name, "SignatureProfile": order.credential,
             "MessagingMode": "asynchClientServer", "DataToBeDisplayed": f"{order.words} {order.code}",
             "HashAlgorithm": order.function,
             "Hashes": [{"Id": name, "Value": packed(digest)} for name, digest in order.hashes]},
        )  # fmt: skip
        self._demand(told, REQUEST_OK)
        return Answer(said=Said.WAITING, reference=str(told.get("MSSP_TransID") or order.name)[:100])

    def state(self, reference: str, order: Order) -> Answer:
        """By both names."""
        told = self._post("/MSS_Status", {"MSSP_TransID": reference, "AP_TransID": order.name})
        status = told.get("StatusCode")
        if status in SIGNED:
            found = objects(told.get("Signatures"), "Signatures")
            return Answer(
                said=Said.APPROVED,
                signatures={str(one.get("Id")): unpacked(one.get("Value"), "Value") for one in found},
            )
        if status == OUTSTANDING:
            return Answer(said=Said.WAITING)
        if status in UNKNOWN:
            return Answer(said=Said.UNKNOWN)
        said = Said.REFUSED if status in REFUSED else Said.EXPIRED if status in EXPIRED else Said.FAILED
        return Answer(said=said, code=PIN_LOCKED if status in LOCKED else str(status)[:10])

    def control(self, credential: Credential) -> Control:
        """The card in the hand and its PIN, for this text."""
        return CAPABILITIES[KeyHolder.MOBILE_PKI].control

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self.line.post(path, {"AP_ID": self.user, "AP_PWD": self.password, **body})

    def _demand(self, told: Mapping[str, Any], wanted: int) -> None:
        if told.get("StatusCode") != wanted:
            raise Refused("provider_said_no", status=str(told.get("StatusCode"))[:10])
