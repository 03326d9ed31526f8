"""A USB key for browsers in tests: SoftHSM2 behind an extension that speaks the page messages of Web eID.

The extension's window, in which people type the PIN, is `UsbKey.pins`: what is typed next, or None where the window
is closed. Wrong ones count down as a token does.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from playwright.sync_api import Page

from signing.testing import Identity

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "1234"
LABEL = "usb"

EXTENSION = """
(() => {
  const say = (action, values = {}) => window.postMessage({ action, ...values }, location.origin);
  let pending = false;
  window.addEventListener('message', async ({ source, data }) => {
    if (source !== window || !['web-eid:get-signing-certificate', 'web-eid:sign'].includes(data?.action)) return;
    say(`${data.action}-ack`);
    if (pending) return say(`${data.action}-failure`, { error: { code: 'ERR_WEBEID_ACTION_PENDING' } });
    pending = true;
    const { error, ...answer } = await window.usbKey(data);
    pending = false;
    say(`${data.action}-${error ? 'failure' : 'success'}`, error ? { error: { code: error } } : answer);
  });
})();
"""


@contextmanager
def softhsm(folder: Path) -> Iterator[None]:
    """A SoftHSM2 with the token of an agency's seal and one of a leader; the library reads its settings, and which
    tokens there are, once a process."""
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        for label in ("seal", LABEL):
            command = [
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                label,
                "--pin",
                PIN,
                "--so-pin",
                "5678",
            ]
            subprocess.run(command, check=True, capture_output=True)
        yield


@dataclass
class UsbKey:
    """An RSA key with its certificate; `asked`: the hashes that were to be signed, `signed`: how many were."""

    identity: Identity
    pins: list[str | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    signed: int = 0
    left: int = 3

    def __post_init__(self) -> None:
        import pkcs11  # noqa: PLC0415  the library reads SOFTHSM2_CONF when it is loaded
        from pkcs11.util.rsa import decode_rsa_private_key  # noqa: PLC0415

        inner = PrivateKeyInfo.load(self.identity.key_der)["private_key"].parsed.dump()
        names = pkcs11.Attribute
        with self._token().open(rw=True, user_pin=PIN) as session:
            session.create_object({**decode_rsa_private_key(inner), names.LABEL: LABEL, names.TOKEN: True})
            session.create_object(
                {
                    names.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    names.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    names.LABEL: LABEL,
                    names.SUBJECT: Certificate.load(self.identity.der).subject.dump(),
                    names.VALUE: self.identity.der,
                    names.TOKEN: True,
                }
            )

    @staticmethod
    def _token() -> Any:
        import pkcs11  # noqa: PLC0415

        return pkcs11.lib(SOFTHSM).get_token(token_label=LABEL)

    def plug_into(self, page: Page) -> None:
        """From the next page on the extension is there."""
        page.expose_function("usbKey", self.answer)
        page.add_init_script(EXTENSION)

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the program behind the extension says."""
        if message["action"] == "web-eid:get-signing-certificate":
            able = {"cryptoAlgorithm": "RSA", "hashFunction": "SHA-256", "paddingScheme": "PKCS1.5"}
            own = base64.b64encode(self.identity.der).decode()
            return {"certificate": own, "supportedSignatureAlgorithms": [able]}
        self.asked.append(message["hash"])
        assert message["hashFunction"] == "SHA-256"
        if self.left == 0:
            return {"error": "ERR_WEBEID_PIN_BLOCKED"}
        if (pin := self.pins.pop(0)) is None:
            return {"error": "ERR_WEBEID_USER_CANCELLED"}
        return self._signed(base64.b64decode(message["hash"]), pin)

    def _signed(self, digest: bytes, pin: str) -> dict[str, Any]:
        import pkcs11  # noqa: PLC0415

        info = bytes.fromhex("3031300d060960864801650304020105000420") + digest  # DigestInfo (RFC 8017 §9.2)
        try:
            with self._token().open(user_pin=pin) as session:
                key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=LABEL)
                raw = bytes(key.sign(info, mechanism=pkcs11.Mechanism.RSA_PKCS))
        except pkcs11.exceptions.PinIncorrect:
            self.left -= 1
            return {"error": "ERR_WEBEID_WRONG_PIN"}
        self.signed += 1
        return {"signature": base64.b64encode(raw).decode(), "signatureAlgorithm": {"cryptoAlgorithm": "RSA"}}
