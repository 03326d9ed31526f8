"""An office whose leader's key lies at a remote service, and everybody's clock."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select

from tests.support.office import NOON
from tests.support.papers import Papers
from tests.support.remote_services import SimPki, SmartCa, Telephone
from workflow.adapters.remote_signing.configured import providers
from workflow.domain.key_holders import KeyHolder
from workflow.services.signing import remote
from workflow.store import certificates
from workflow.store import remote_signing as store
from workflow.store.models import RemoteRequest, Signature
from workflow.store.session import UnitOfWork, unit_of_work

R = TypeVar("R")
KINDS = {"smartca": (SmartCa, KeyHolder.REMOTE_REST), "sim": (SimPki, KeyHolder.MOBILE_PKI)}


@dataclass
class Far:
    """The office with a leader whose key lies at a service; `now` is the clock of everybody."""

    papers: Papers
    service: Telephone
    now: dt.datetime = NOON
    services: dict[str, Any] = field(default_factory=dict)

    def do(self, work: Callable[[UnitOfWork], R]) -> R:
        """One unit of work, as a door runs it."""
        with unit_of_work(self.papers.office.engine) as uow:
            result = work(uow)
            uow.commit()
            return result

    def hold(self, name: str) -> int:
        """The certificate's key lies at the service."""
        with unit_of_work(self.papers.office.engine) as uow:
            uow.begin_write()
            row = certificates.live(uow.session, self.papers.keys.held[name].fingerprint)
            assert row is not None
            row.holder = KINDS[self.service.kind][1]
            credential = "sign" if self.service.kind == "sim" else f"{self.service.identity.serial:x}"
            row.held = {"provider": self.service.name, "account": self.service.account, "credential": credential}
            uow.commit()
            return row.id

    def begin(
        self, *documents: int, who: str = "leader", purpose: str = "leader",
        read: Callable[[Papers, int], Any] = Papers.row,
    ) -> int:  # fmt: skip
        """Choose, prepare, fix; the answer is the first request. `read`: how the chosen are looked up."""
        self.services = providers(json.dumps([self.service.setting]))
        office = self.papers.office
        files = [remote.File(one, read(self.papers, one).version) for one in documents]
        begun = remote.begin(
            self.do, office.actor(who), office.scope(who), purpose=purpose, login_session_id=None,
            certificate_id=self.hold("leader" if purpose == "leader" else "commune"), files=files,
            services=self.services, blobs=self.papers.blobs, now=self.now,
        )  # fmt: skip
        return begun.request_id

    def go_on(self, request_id: int) -> bool:
        """Whoever comes along."""
        return remote.advance(
            self.do, request_id=request_id, services=self.services, blobs=self.papers.blobs, clock=lambda: self.now
        )

    def row(self, request_id: int) -> RemoteRequest:
        """As it stands."""
        with unit_of_work(self.papers.office.engine) as uow:
            return uow.session.get_one(RemoteRequest, request_id)

    def states(self, request_id: int) -> list[str]:
        """Of every part."""
        with unit_of_work(self.papers.office.engine) as uow:
            return [
                one.state for one in store.parts_of(uow.session, uow.session.get_one(RemoteRequest, request_id))
            ]

    def signatures(self) -> list[Signature]:
        """Every one that stands."""
        with unit_of_work(self.papers.office.engine) as uow:
            return list(uow.session.scalars(select(Signature).order_by(Signature.id)).all())
