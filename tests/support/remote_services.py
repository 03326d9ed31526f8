"""Remote signing services as real HTTP servers on loopback: a SmartCA and an operator's SIM service, which can also
misbehave. Who holds the telephone is the test: `approve()`, `refuse()`, or nobody.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from signing.testing import Identity

HOOK = "hook-secret-of-twenty-four-letters"
Asked = dict[str, Any]


@dataclass
class Pending:
    """One request as the service keeps it. `hashes`: by the name we gave each."""

    name: str
    words: str
    hashes: dict[str, bytes]
    state: str = "waiting"


@dataclass
class Telephone:
    """What both have in common. `spoil` changes signatures before they are given back; `silent`: nothing is
    answered; `stalls`: answers only after so many seconds; `lose_answers`: what comes is worked on, but the line
    breaks before the answer."""

    identity: Identity = field(default=None)  # type: ignore[assignment]  # set once the office has keys
    account: str = "0901234567"
    known: dict[str, Pending] = field(default_factory=dict)
    silent: bool = False
    lose_answers: bool = False
    stalls: float = 0.0
    spoil: Callable[[dict[str, bytes]], dict[str, bytes]] | None = None
    asked: list[tuple[str, Asked]] = field(default_factory=list)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    name = title = kind = ""

    @property
    def setting(self) -> dict[str, Any]:
        """Its entry in TRINHKY_REMOTE_SIGNING."""
        return {
            "name": self.name, "kind": self.kind, "title": self.title, "url": f"http://127.0.0.1:{self.port}/api",
            "user": "office", "password": "office-secret", "private": True, "hook": HOOK, "seconds": 5,
        }  # fmt: skip

    @property
    def latest(self) -> Pending:
        """The request that the telephone shows."""
        return list(self.known.values())[-1]

    def approve(self) -> None:
        """The right PIN."""
        self.latest.state = "approved"

    def refuse(self) -> None:
        """No, thank you."""
        self.latest.state = "refused"

    def expire(self) -> None:
        """Nobody touched it."""
        self.latest.state = "expired"

    def forget(self) -> None:
        """As after a restart of the service."""
        self.known.clear()

    def times(self, path: str) -> int:
        """How often a path was asked."""
        return sum(one.endswith(path) for one, _body in self.asked)

    def signatures(self, one: Pending) -> dict[str, bytes]:
        """Over the hashes that came."""
        made = {name: signed(self.identity, digest) for name, digest in one.hashes.items()}
        return self.spoil(made) if self.spoil else made

    def answer(self, path: str, body: Asked) -> Asked:
        """One question."""
        raise NotImplementedError


class SmartCa(Telephone):
    """The REST shape of VNPT SmartCA."""

    name, title, kind = "smartca", "SmartCA thử", "smartca"

    def answer(self, path: str, body: Asked) -> Asked:
        if (body.get("sp_id"), body.get("sp_password")) != ("office", "office-secret"):
            return {"status_code": 401, "message": "UNAUTHORIZED"}
        if path == "/v1/credentials/get_certificate":
            return self._certificates(body)
        if path == "/v1/signatures/sign":
            hashes_of = {one["doc_id"]: bytes.fromhex(one["data_to_be_signed"]) for one in body["sign_files"]}
            self.known[body["transaction_id"]] = Pending(
                body["transaction_id"], body["transaction_desc"], hashes_of
            )
            return {"status_code": 200, "message": "success", "data": {"transaction_id": body["transaction_id"]}}
        return self._status(path.split("/")[-2])

    def _certificates(self, body: Asked) -> Asked:
        if body["user_id"] != self.account:
            return {"status_code": 200, "message": "success", "data": {"user_certificates": []}}
        issuer = {"ca_cert": base64.b64encode(self.identity.chain_der[0]).decode()}
        one = {
            "serial_number": f"{self.identity.serial:x}", "cert_status_code": "ACTIVE", "chain_data": issuer,
            "cert_data": base64.b64encode(self.identity.der).decode(),
        }  # fmt: skip
        return {"status_code": 200, "message": "success", "data": {"user_certificates": [one]}}

    def _status(self, name: str) -> Asked:
        one = self.known.get(name)
        if one is None:
            return {"status_code": 404, "message": "NOT_FOUND"}
        if one.state != "approved":
            word = {"waiting": "PENDING", "refused": "REJECTED", "expired": "EXPIRED", "wrong": "WRONG_PIN"}[
                one.state
            ]
            return {"status_code": 200, "message": word, "data": {"transaction_id": name}}
        given = [
            {"doc_id": doc, "signature_value": base64.b64encode(value).decode()}
            for doc, value in self.signatures(one).items()
        ]
        return {"status_code": 200, "message": "SUCCESS", "data": {"transaction_id": name, "signatures": given}}


class SimPki(Telephone):
    """An operator's mobile signature service (TS 102 204 in JSON)."""

    name, title, kind = "sim", "SIM PKI thử", "sim"

    def answer(self, path: str, body: Asked) -> Asked:
        if (body.get("AP_ID"), body.get("AP_PWD")) != ("office", "office-secret"):
            return {"StatusCode": 104}
        if path == "/MSS_ProfileQuery":
            if body["MSISDN"] != self.account:
                return {"StatusCode": 105}
            one = {
                "SignatureProfile": "sign", "Certificate": base64.b64encode(self.identity.der).decode(),
                "Chain": [base64.b64encode(self.identity.chain_der[0]).decode()],
            }  # fmt: skip
            return {"StatusCode": 100, "Profiles": [one]}
        if path == "/MSS_Signature":
            given = {one["Id"]: base64.b64decode(one["Value"]) for one in body["Hashes"]}
            self.known[body["AP_TransID"]] = Pending(body["AP_TransID"], body["DataToBeDisplayed"], given)
            return {"StatusCode": 100, "MSSP_TransID": f"mssp-{body['AP_TransID']}"}
        return self._status(body["AP_TransID"])

    def _status(self, name: str) -> Asked:
        one = self.known.get(name)
        if one is None:
            return {"StatusCode": 103}
        if one.state != "approved":
            return {"StatusCode": {"waiting": 504, "refused": 401, "expired": 208, "locked": 402}[one.state]}
        given = [
            {"Id": doc, "Value": base64.b64encode(value).decode()} for doc, value in self.signatures(one).items()
        ]
        return {"StatusCode": 502, "Signatures": given}


def signed(identity: Identity, digest: bytes) -> bytes:
    """What a key that gets hashes makes of one."""
    by_size = {32: hashes.SHA256(), 48: hashes.SHA384(), 64: hashes.SHA512()}
    function = Prehashed(by_size[len(digest)])
    if isinstance(identity.key, rsa.RSAPrivateKey):
        return identity.key.sign(digest, padding.PKCS1v15(), function)
    assert isinstance(identity.key, ec.EllipticCurvePrivateKey)
    return identity.key.sign(digest, ec.ECDSA(function))


@contextmanager
def running(service: Telephone) -> Iterator[Telephone]:
    """While it lasts it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with service.lock:
                service.asked.append((self.path.removeprefix("/api"), body))
                if service.silent:
                    return
                told = service.answer(self.path.removeprefix("/api"), body)
                if service.lose_answers:
                    return
            time.sleep(service.stalls)
            raw = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *words: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
