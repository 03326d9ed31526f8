"""A remote signing service of another maker (certomancer-csc-dummy) on loopback, with keys of another maker."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from certomancer import CertomancerConfig
from certomancer.registry import ArchLabel, CertLabel, PKIArchitecture, ServiceLabel
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from csc_dummy.csc_dummy_server import CSCWithCertomancer, DummyServiceParams

from signing.testing.keys import KeyKind, key
from tests.signing.path import test_path_certomancer as second_maker
from tests.support.keys import FOUNDED
from tests.support.office import Office
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing import import_crl
from workflow.store.models import TrustRoot
from workflow.store.session import unit_of_work

CREDENTIAL = "vn/person"
ACCOUNT = "nguyen.van.a"


@dataclass
class CscService:
    """`pinned`: SCAL 2, an authorization is for exactly the hashes it names."""

    config: CertomancerConfig
    pki: PKIArchitecture
    pinned: bool = True
    limit: int = 2
    port: int = 0

    @property
    def setting(self) -> dict[str, Any]:
        """Its entry in TRINHKY_REMOTE_SIGNING."""
        base = f"http://127.0.0.1:{self.port}/csc/v1"
        return {"name": "csc", "kind": "csc", "title": "CSC thử", "url": base, "private": True, "seconds": 5}

    def certificate(self, name: str) -> bytes:
        """By its label."""
        return bytes(self.pki.get_cert(CertLabel(name)).dump())

    def believed(self, office: Office, *, at: dt.datetime) -> None:
        """Its root is on the office's list, its revocation lists of a moment are there."""
        root = self.certificate("root")
        with unit_of_work(office.engine) as uow:
            uow.begin_write()
            uow.add(TrustRoot(sha256=hashlib.sha256(root).hexdigest(), der=root, label="Gốc khác", kind="dedicated",
                              purposes=["person", "seal"], added_at=FOUNDED))  # fmt: skip
            uow.commit()
        for name in ("root", "authority"):
            crl = self.pki.service_registry.get_crl(ServiceLabel(name), at).dump()
            with unit_of_work(office.engine) as uow:
                import_crl(uow, SYSTEM_ACTOR, der=crl, issuer=self.certificate(name), source="test", now=at)
                uow.commit()


def founded(folder: Path, *, pinned: bool = True) -> CscService:
    """Keys and certificates."""
    for name in ("root", "authority", "person", "answers"):
        private = key(KeyKind.P256 if name == "person" else KeyKind.RSA_2048, f"certomancer {name}")
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem)
    text = second_maker.CONFIG.read_text(encoding="utf-8")
    text = text.replace("schedule: P90D", "schedule: PT1H").replace("schedule: P1D", "schedule: PT1H")
    config = CertomancerConfig.from_yaml(text, key_search_dir=str(folder))
    return CscService(config, config.get_pki_arch(ArchLabel("vn")), pinned)


@contextmanager
def running(service: CscService) -> Iterator[CscService]:
    """While it lasts it answers."""
    parameters = DummyServiceParams(hash_pinning_required=service.pinned, multisign=service.limit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", web.NotAppKeyWarning)  # an older habit of its maker
        app = CSCWithCertomancer(service.config, service_params=parameters)
    app.register_routes()
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def serve() -> web.AppRunner:
        runner = web.AppRunner(app.app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        service.port = runner.addresses[0][1]
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        started.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield service
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
