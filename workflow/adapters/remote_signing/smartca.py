"""A service of the REST shape that Vietnamese providers offer (VNPT SmartCA and its relatives).

`/v1/signatures/sign` takes the hashes under our transaction name, the person taps on the telephone, and
`/v1/signatures/sign/<name>/status` says what came of it. A call of theirs to us is only a hint to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.adapters.remote_signing import Answer, Capabilities, Credential, Order, Said
from workflow.adapters.remote_signing.asking import Line, objects, unpacked
from workflow.domain.errors import Refused
from workflow.domain.key_holders import CAPABILITIES, Control, KeyHolder
from workflow.domain.remote_signing import PIN_LOCKED, WRONG_PIN

OK: Final = 200
UNKNOWN: Final = 404
STATUSES: Final[Mapping[str, Said]] = {
    "SUCCESS": Said.APPROVED,
    "WAITING": Said.WAITING, "PENDING": Said.WAITING, "PENDING_CONFIRM": Said.WAITING,
    "REJECTED": Said.REFUSED, "USER_REJECTED": Said.REFUSED, "CANCELLED": Said.REFUSED,
    "WRONG_PIN": Said.REFUSED, "INVALID_PIN": Said.REFUSED, "INVALID_OTP": Said.REFUSED, "PIN_LOCKED": Said.REFUSED,
    "EXPIRED": Said.EXPIRED, "TIMEOUT": Said.EXPIRED,
    "NOT_FOUND": Said.UNKNOWN,
}  # fmt: skip
PINS: Final = {
    "WRONG_PIN": WRONG_PIN, "INVALID_PIN": WRONG_PIN, "INVALID_OTP": WRONG_PIN, "PIN_LOCKED": PIN_LOCKED,
}  # fmt: skip
USABLE: Final = frozenset({"", "active", "valid", "đang hoạt động"})


@dataclass(frozen=True, slots=True)
class SmartCa:
    """`user`, `password`: of this office at the service (`sp_id`, `sp_password`)."""

    name: str
    title: str
    line: Line
    user: str
    password: str = field(repr=False)
    hook_secret: str = field(default="", repr=False)
    capabilities: Capabilities = Capabilities(  # noqa: RUF009 (frozen)
        way=KeyHolder.REMOTE_REST, limit=CAPABILITIES[KeyHolder.REMOTE_REST].batch, named=True, hook=True
    )

    @property
    def place(self) -> str:
        """Its host."""
        return self.line.host

    def credentials(self, account: str) -> tuple[Credential, ...]:
        """The account's certificates that are in use."""
        data = self._data(self._post("/v1/credentials/get_certificate", {"user_id": account, "serial_number": ""}))
        found = []
        for one in objects(data.get("user_certificates"), "user_certificates"):
            if str(one.get("cert_status_code", one.get("cert_status", ""))).lower() not in USABLE:
                continue
            above = one.get("chain_data")
            chain = [unpacked(der, "chain_data") for der in above.values()] if isinstance(above, dict) else []
            found.append(
                Credential(
                    id=str(one.get("serial_number", ""))[:100], chain=tuple(chain), bound=True,
                    certificate=unpacked(one.get("cert_data"), "cert_data"), limit=self.capabilities.limit,
                )
            )  # fmt: skip
        return tuple(found)

    def ask(self, order: Order) -> Answer:
        """Under our own name, so that a lost answer can be asked for."""
        files = [
            {"doc_id": name, "data_to_be_signed": digest.hex(), "file_type": "pdf", "sign_type": "hash"}
            for name, digest in order.hashes
        ]
        told = self._post(
            "/v1/signatures/sign",
            {"user_id": order.account, "serial_number": order.credential, "transaction_id": order.name,
             "transaction_desc": f"{order.words} {order.code}", "sign_files": files},
        )  # fmt: skip
        data = self._data(told)
        reference = str(data.get("tran_code") or data.get("transaction_id") or order.name)
        return Answer(said=Said.WAITING, reference=_plain(reference))

    def state(self, reference: str, order: Order) -> Answer:
        """By whichever name is known."""
        told = self._post(f"/v1/signatures/sign/{_plain(reference or order.name)}/status", {})
        if told.get("status_code") == UNKNOWN:
            return Answer(said=Said.UNKNOWN)
        data = self._data(told)
        word = str(data.get("status") or told.get("message") or "").strip().upper()
        said = STATUSES.get(word, Said.FAILED)
        if said is not Said.APPROVED:
            return Answer(said=said, code=PINS.get(word, word.lower()[:40]))
        signatures = {
            str(one.get("doc_id")): unpacked(one.get("signature_value"), "signature_value")
            for one in objects(data.get("signatures"), "signatures")
        }
        return Answer(said=said, signatures=signatures)

    def control(self, credential: Credential) -> Control:
        """Approved on the owner's telephone, for this very transaction."""
        return CAPABILITIES[KeyHolder.REMOTE_REST].control

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self.line.post(path, {"sp_id": self.user, "sp_password": self.password, **body})

    def _data(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        data = told.get("data")
        if told.get("status_code", OK) != OK:
            raise Refused("provider_said_no", status=str(told.get("status_code"))[:10])
        if not isinstance(data, dict):
            raise Refused("provider_misspoke", about="data")
        return data


def _plain(reference: str) -> str:
    """A reference becomes a part of an address: letters, digits, dash and underscore only."""
    if not reference or len(reference) > 100 or not all(one.isalnum() or one in "-_" for one in reference):
        raise Refused("provider_misspoke", about="reference")
    if not reference.isascii():
        raise Refused("provider_misspoke", about="reference")
    return reference
