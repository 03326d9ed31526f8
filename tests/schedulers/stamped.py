"""An office that issues beside a timestamp authority, and the job `timestamps` turn by turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import signing
from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from signing.testing import TSA_ROOT, Authority, KeyKind
from signing.testing.certificates import Links
from tests.support.keys import FOUNDED
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from tests.support.stamping import Tsa
from workflow.adapters import timestamps as adapter
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action
from workflow.services.proofs import extending
from workflow.store import clock as ledger
from workflow.store import documents as store
from workflow.store import proofs
from workflow.store.models import DocumentProof
from workflow.store.proofs import File
from workflow.store.session import unit_of_work

if TYPE_CHECKING:
    from tests.schedulers.conftest import Hand

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass
class World:
    """An office that issues, its authority, and a clock that the test moves."""

    tools: Tools
    office: Office
    papers: Papers
    tsa: Tsa
    clock: Hand

    def run(self, after: dt.timedelta = dt.timedelta(minutes=5)) -> dict[str, object]:
        """The next turn, and what came of it."""
        self.clock.now += after
        told = run_due(self.tools, job("timestamps"))
        assert set(told.values()) == {Outcome.DONE}
        with unit_of_work(self.office.engine) as uow:
            line = ledger.run_of(uow.session, "timestamps", max(told))
        assert line is not None
        return dict(line.result)

    def issued(self, *, attach: Sequence[tuple[str, bytes]] = ()) -> int:
        """A document with three signatures, issued now."""
        self.papers.now = self.clock.now
        document_id = self.papers.sealed(attach=attach)
        self.papers.act("clerk", document_id, Action.ISSUE)
        return document_id

    def step(self, file: File) -> str:
        """What comes of one file if it is taken by another process than the job's."""
        with unit_of_work(self.office.engine) as uow:
            taken = extending.take(uow, file, now=self.clock.now)
            uow.commit()
        if not taken:
            return "taken"
        with unit_of_work(self.office.engine) as uow:
            found = extending.extend(
                uow, file=file, blobs=self.papers.blobs, now=self.clock.now, clock=self.clock,
                authority=adapter.TimestampAuthority(self.tools.settings.tsa_url),
            )  # fmt: skip
            uow.commit()
        return str(found.came)

    def proof(self, document_id: int) -> DocumentProof:
        with unit_of_work(self.office.engine) as uow:
            found = proofs.of(uow.session, document_id)
        assert found is not None
        return found

    def files(self, document_id: int) -> dict[str, bytes]:
        """By kind, the newest of each."""
        with unit_of_work(self.office.engine) as uow:
            return {one.kind: self.papers.blobs.get(one.sha256) for one in store.files_of(uow.session, document_id)}

    def judge(self, data: bytes, evidence: signing.Evidence | None = None) -> signing.DocumentVerdict:
        """As a stranger who lists the same roots."""
        roots = signing.TrustStore.of(self.papers.keys.root.der, self.tsa.root.der)
        return signing.verify(data, trust=roots, at=self.clock.now, evidence=evidence)

    def lists(self) -> None:
        """Everybody publishes lists of this moment."""
        self.papers.keys.publish(at=self.clock.now)
        self.tsa.publish(at=self.clock.now)


@contextmanager
def opened(
    tools: Tools, office: Office, clock: Hand, links: Links | None = None, *, kind: KeyKind = KeyKind.P256
) -> Iterator[World]:
    """`links`: where evidence about the authority is, by its certificate; `kind`: of its keys."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    tsa = Tsa(office, clock, Authority.root(TSA_ROOT, now=FOUNDED, links=links, kind=kind), kind)
    tsa.list_root()
    with tsa.serving() as url:
        given = Tools(tools.engine, replace(tools.settings, tsa_url=url), clock)
        yield World(given, office, papers, tsa, clock)
