"""A key in a PKCS#11 token (an HSM, a smart card, SoftHSM2)."""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from types import ModuleType

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from signing.holders.key import KeyUnusable
from signing.prepare.algorithms import natural_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAddress:
    """Which key: the library of the token's maker, the token's label, the key's label."""

    module: str
    token: str
    key: str


class Pkcs11Key:
    """Opens a session per signature: a token that was pulled and put back works again by itself."""

    def __init__(self, address: TokenAddress, pin: str) -> None:
        self._address, self._pin = address, pin
        self._pkcs11 = _binding()
        try:
            self._token = self._pkcs11.lib(address.module).get_token(token_label=address.token)
            self._certificate = self._read_certificate()
        except self._pkcs11.PKCS11Error as error:
            raise KeyUnusable("token_unusable", token=address.token, cause=type(error).__name__) from error

    def _read_certificate(self) -> bytes:
        kinds, names = self._pkcs11.ObjectClass, self._pkcs11.Attribute
        with self._token.open(user_pin=self._pin) as session:
            wanted = {names.CLASS: kinds.CERTIFICATE, names.LABEL: self._address.key}
            for found in session.get_objects(wanted):
                return bytes(found[names.VALUE])
        raise KeyUnusable("token_without_certificate", key=self._address.key)

    @property
    def certificate(self) -> bytes:
        """DER, as stored beside the key."""
        return self._certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Tokens rarely carry one; the enrolment has it."""
        return ()

    def sign(self, to_be_signed: bytes) -> bytes:
        """The token hashes and signs, or (ECDSA) signs the hash; ECDSA comes as r‖s."""
        own = x509.load_der_x509_certificate(self._certificate)
        function = natural_hash(own)
        mechanisms = self._pkcs11.Mechanism
        try:
            with self._token.open(user_pin=self._pin) as session:
                key = session.get_key(object_class=self._pkcs11.ObjectClass.PRIVATE_KEY, label=self._address.key)
                if isinstance(own.public_key(), ec.EllipticCurvePublicKey):
                    digest = hashlib.new(function, to_be_signed).digest()
                    return bytes(key.sign(digest, mechanism=mechanisms.ECDSA))
                named = getattr(mechanisms, f"{function.upper()}_RSA_PKCS")
                return bytes(key.sign(to_be_signed, mechanism=named))
        except self._pkcs11.PKCS11Error as error:
            raise KeyUnusable("token_unusable", cause=type(error).__name__) from error


def _binding() -> ModuleType:
    """python-pkcs11 comes with the extra `hsm`; a machine without tokens does not need it."""
    try:
        return importlib.import_module("pkcs11")
    except ImportError as error:
        raise KeyUnusable("pkcs11_not_installed") from error
