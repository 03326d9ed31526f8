"""The job `timestamps`: issued files gain a proven time and lasting proof; a dead authority blocks nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select, update

import signing
from schedulers.job import Tools
from schedulers.jobs import timestamps
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from signing import Conclusion, TimeSource
from signing.testing import TSA_ROOT, Authority
from signing.testing.certificates import Links
from tests.schedulers.conftest import Hand
from tests.support import authorities
from tests.support import trust as trust_steps
from tests.support.keys import FOUNDED
from tests.support.office import NOON, Office
from tests.support.papers import Papers, papers_of
from tests.support.stamping import Tsa
from workflow.adapters import timestamps as adapter
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action, State
from workflow.domain.proofs import Proof
from workflow.services import checking, sunsets, trust_changes
from workflow.services.journal import verify_subject
from workflow.services.proofs import authority, extending
from workflow.services.signing import trust
from workflow.services.trust_evidence import ageing
from workflow.services.verification import rechecking
from workflow.services.verification.causes import Cause, causes_between
from workflow.store import clock as ledger
from workflow.store import documents as store
from workflow.store import proofs
from workflow.store.models import (
    AlgorithmSunset,
    DocumentProof,
    FileVersion,
    Outbox,
    Outgoing,
    Signature,
    VerdictRow,
)
from workflow.store.session import unit_of_work

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

    def issued(self) -> int:
        """A document with three signatures, issued now."""
        self.papers.now = self.clock.now
        document_id = self.papers.sealed()
        self.papers.act("clerk", document_id, Action.ISSUE)
        return document_id

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
def opened(tools: Tools, office: Office, clock: Hand, links: Links | None = None) -> Iterator[World]:
    """`links`: where evidence about the authority is, by its certificate."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    tsa = Tsa(office, clock, Authority.root(TSA_ROOT, now=FOUNDED, links=links))
    tsa.list_root()
    with tsa.serving() as url:
        given = Tools(tools.engine, replace(tools.settings, tsa_url=url), clock)
        yield World(given, office, papers, tsa, clock)


@pytest.fixture
def world(tools: Tools, office: Office, clock: Hand) -> Iterator[World]:
    with opened(tools, office, clock) as made:
        yield made


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits two minutes in a test."""
    monkeypatch.setattr(adapter, "SECONDS", 0.5)
    monkeypatch.setattr(adapter.TimestampAuthority, "__init__", _hurried_init)


def _hurried_init(self: adapter.TimestampAuthority, url: str, seconds: float = 0.5) -> None:
    object.__setattr__(self, "url", url)
    object.__setattr__(self, "seconds", seconds)


def test_an_issued_file_gains_a_proven_time_and_then_lasting_proof(world: World) -> None:
    """Two revisions behind the sealed one. The verdict of the day, its columns and what was sent stay as they are;
    all three states of the file are known, and the last one needs nobody's lists."""
    document_id = world.issued()
    before = world.papers.row(document_id)
    assert world.proof(document_id).state == Proof.WAITING
    assert world.run() == {"stamped": 1, "waiting": 0}
    stamped_at = world.clock.now
    found = world.proof(document_id)
    assert (found.state, found.stamped_at, found.authority) == (Proof.STAMPED, stamped_at, "TSA thử nghiệm")
    assert world.run() == {"waiting": 0}  # it is too early to look for evidence
    assert world.run(after=HOUR) == {"too_early": 1, "waiting": 0}  # the lists are from before the timestamp
    assert world.proof(document_id).reason == "revocation_not_fresh"
    world.lists()
    assert world.run(after=HOUR) == {"lasting": 1, "waiting": 0}
    found = world.proof(document_id)
    assert (found.state, found.lasting_at, found.next_at) == (Proof.LASTING, world.clock.now, None)
    assert world.run(after=30 * DAY) == {"waiting": 0}

    files = world.files(document_id)
    assert files["lasting"].startswith(files["stamped"])
    assert files["stamped"].startswith(files["sealed"])
    verdict = world.judge(
        files["lasting"], signing.Evidence(crls=(world.tsa.root.crl(this_update=world.clock.now),))
    )
    assert (verdict.verdict, verdict.basis) == (Conclusion.PASSED, "fast")
    assert len(verdict.revisions) == len(world.judge(files["sealed"]).revisions) + 2
    own = [verdict.signature(name) for name in ("leader", "number", "seal")]
    assert {(one.times.source, one.times.best) for one in own if one} == {(TimeSource.TIMESTAMP, stamped_at)}

    row = world.papers.row(document_id)
    kept = ("version", "state", "issued_at", "leader_verdict", "seal_verdict")
    assert [getattr(row, name) for name in kept] == [getattr(before, name) for name in kept]
    with unit_of_work(world.office.engine) as uow:
        occasions = uow.session.scalars(select(VerdictRow.occasion).where(VerdictRow.document_id == document_id))
        assert sorted(occasions) == ["numbering", "sealing", "signing"]
        assert verify_subject(uow, f"outgoing:{document_id}").broken is None
        for kind in ("sealed", "stamped", "lasting"):
            known = checking.check(uow, files[kind], now=world.clock.now)
            assert (known.document and known.document.id, known.standing) == (document_id, checking.Standing.ISSUED)
        early = checking.check(uow, files["numbered"], now=world.clock.now)
        assert early.standing is checking.Standing.EARLIER
        assert checking.check(uow, files["lasting"], now=stamped_at + 3 * HOUR).verdict.verdict == Conclusion.PASSED


def test_many_are_asked_for_at_once_and_each_is_stamped_once_by_two_schedulers(world: World) -> None:
    """Two processes over the same due documents: nobody's file is stamped twice, and requests overlap."""
    documents = [world.issued() for _ in range(3)]
    gate = threading.Barrier(2)
    world.tsa.before = lambda: gate.wait(5) if world.tsa.asked <= 2 else None
    world.clock.now += dt.timedelta(minutes=5)

    class Asked:
        def __init__(self) -> None:
            self.came: list[str] = []

        def __call__(self) -> None:
            for document_id in documents:
                with unit_of_work(world.office.engine) as uow:
                    taken = extending.take(uow, document_id, now=world.clock.now)
                    uow.commit()
                if not taken:
                    continue
                with unit_of_work(world.office.engine) as uow:
                    found = extending.extend(
                        uow, document_id=document_id, blobs=world.papers.blobs, now=world.clock.now,
                        clock=world.clock, authority=adapter.TimestampAuthority(world.tools.settings.tsa_url),
                    )  # fmt: skip
                    uow.commit()
                self.came.append(str(found.came))

    first, second = Asked(), Asked()
    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(first.came + second.came) == ["stamped"] * 3
    assert (world.tsa.asked, world.tsa.most_at_once) == (3, 2)
    with unit_of_work(world.office.engine) as uow:
        kinds = uow.session.scalars(select(FileVersion.document_id).where(FileVersion.kind == "stamped"))
        assert sorted(kinds) == documents


@pytest.mark.usefixtures("hurried")
def test_a_dead_authority_blocks_nothing_fakes_nothing_and_is_told_once(world: World) -> None:
    """It is left alone after a few requests and asked once a turn from then on; administrators hear of it once, and
    once when it is back; then everything that waited is stamped."""
    documents = [world.issued() for _ in range(6)]
    world.tsa.silent = True
    begun = time.monotonic()
    first = world.run()
    assert time.monotonic() - begun < 10
    assert first["waiting"] == 6
    assert timestamps.ENOUGH <= int(str(first["no_stamp"])) < timestamps.ENOUGH + timestamps.AT_ONCE
    asked = world.tsa.asked
    assert world.run()["no_stamp"] == 1
    assert world.tsa.asked == asked + 1
    assert [world.proof(one).state for one in documents] == [Proof.WAITING] * 6
    assert {world.proof(one).reason for one in documents} <= {"too_slow", ""}
    assert all(
        set(world.files(one)) == {"original", "draft", "ready", "signed", "numbered", "sealed"} for one in documents
    )
    assert world.papers.row(world.issued()).state == State.ISSUED  # people go on
    assert told(world) == []
    world.run(after=4 * HOUR)
    world.run()
    assert told(world) == ["Không có dấu thời gian từ 12:05 ngày 23/11/2026"]
    world.tsa.silent = False
    assert world.run(after=4 * HOUR)["stamped"] == 7
    world.run()
    assert told(world)[1:] == ["Dịch vụ dấu thời gian đã hoạt động trở lại"]
    with unit_of_work(world.office.engine) as uow:
        assert not authority.is_failing(uow)
        assert authority.certificates(uow)[0] == world.tsa.identity.der


def told(world: World) -> list[str]:
    with unit_of_work(world.office.engine) as uow:
        query = select(Outbox.subject).where(Outbox.code.in_(("timestamps_fail", "timestamps_back")))
        return list(uow.session.scalars(query.order_by(Outbox.id)))


def test_what_was_lengthened_counts_as_proven_and_is_the_same_document(world: World) -> None:
    """The stored verdicts are about the sealed file. Ends of algorithms count the timestamp nevertheless, up to
    their day; a change of trust is counted over the present file; and when the answer about a signature changes,
    the longer file is not named as its cause."""
    trust_steps.second_admin(world.office)
    document_id = world.issued()
    world.run()
    found = world.proof(document_id)
    assert found.state == Proof.STAMPED
    now = world.clock.now
    with unit_of_work(world.office.engine) as uow:
        assert uow.session.scalars(select(VerdictRow).where(VerdictRow.occasion == "recheck")).all() == []
        end = AlgorithmSunset(algorithm="secp256r1", until=now + 100 * DAY)
        assert {one.proven_at for one in sunsets.concerned(uow, end)} == {found.stamped_at}
        end.until = now
        assert {one.proven_at for one in sunsets.concerned(uow, end)} == {None}

    blobs, sealed = world.papers.blobs, world.files(document_id)["sealed"]
    change = trust_steps.do(
        world.office, trust_changes.propose_retirement, root_id=1, reason=trust_steps.REASON, now=now
    )
    blobs.delete_orphan(hashlib.sha256(sealed).hexdigest())
    assert trust_steps.count(world.office, blobs, change.id, now=now) == 3
    assert trust_steps.row_of(world.office, change.id).unread == 0
    assert trust_steps.flips_of(world.office, change.id) == [("passed", "indeterminate", "issuer_not_found")] * 3

    with unit_of_work(world.office.engine) as uow:
        uow.begin_write()
        leaders = select(Signature.certificate_id).where(Signature.field == "leader").scalar_subquery()
        uow.session.execute(update(Signature).where(Signature.field == "seal").values(certificate_id=leaders))
        uow.commit()
    with unit_of_work(world.office.engine) as uow:
        assert rechecking.recheck_for_job(uow, document_id=document_id, blobs=blobs, now=now).changed
        uow.commit()
        rows = uow.session.scalars(select(VerdictRow).where(VerdictRow.occasion == "recheck")).all()
        (told,) = [row for row in rows if "wrong_owner" in row.body and row.reason == "wrong_owner"]
        before = uow.session.scalars(
            select(VerdictRow).where(VerdictRow.signature_id == told.signature_id).order_by(VerdictRow.id)
        ).first()
        assert before is not None
        assert "file" not in told.cause.split()
        old, new = (signing.DocumentVerdict.from_json(row.body) for row in (before, told))
        issued = proofs.issued_files(uow.session, document_id)
    careful = replace(old, sha256=new.sha256, basis="careful")
    wrong = (signing.Reason.WRONG_OWNER,)
    assert causes_between(old, careful, changed=wrong) == (Cause.FILE,)
    assert causes_between(old, careful, changed=wrong, issued=issued) == (Cause.CAREFUL,)


@pytest.mark.parametrize("kind", ["crl", "ocsp"])
def test_evidence_about_the_authority_is_fetched_and_missed(
    tools: Tools, office: Office, clock: Hand, kind: str
) -> None:
    """It has a root of its own, below which nobody has a certificate. Its address is asked; until that gives
    something lasting proof waits, which administrators hear of, and of its end; nobody brings in a list."""
    place = f"http://tsa.vn/{kind}"
    with opened(tools, office, clock, Links(**{kind: place})) as world, authorities.running() as web:
        settings = replace(world.tools.settings, fetch_hosts="tsa.vn", fetch_proxy=web.proxy)
        world.tools = Tools(world.tools.engine, settings, clock)
        document_id, root = world.issued(), world.tsa.root

        def fetch() -> list[tuple[str, str, str]]:
            """A turn of the other job; (state, issuer, whose timestamps) of who is shown for these alone."""
            clock.now += HOUR
            assert set(run_due(world.tools, job("revocation")).values()) == {Outcome.DONE}
            with unit_of_work(office.engine) as uow:
                found = [one for one in ageing(uow, now=clock.now).authorities if one.stamps]
            return [(str(one.reach), one.name, one.stamps) for one in found]

        assert fetch() == []
        world.run()
        named = ("Root TSA thử nghiệm", "TSA thử nghiệm")
        assert fetch() == [("missing", *named)]
        world.papers.keys.publish(at=clock.now)
        assert world.run(after=HOUR)["too_early"] == 1
        web.says[place] = {
            "crl": root.crl(this_update=clock.now),
            "ocsp": root.ocsp(world.tsa.identity.certificate, this_update=clock.now),
        }[kind]
        assert fetch() == [("fresh" if kind == "crl" else "answered", *named)]
        assert web.asked == [place, place]
        assert world.run(after=2 * HOUR)["lasting"] == 1
        assert world.proof(document_id).state == Proof.LASTING
    with unit_of_work(office.engine) as uow:
        query = select(Outbox).where(Outbox.code.startswith("evidence_")).order_by(Outbox.id)
        assert [(row.code, row.subject) for row in uow.session.scalars(query)] == [
            (
                "evidence_stopped",
                f"Bằng chứng dài hạn phải chờ: dấu thời gian của {named[1]} thiếu thông tin thu hồi còn hiệu lực "
                f"của {named[0]}",
            ),
            ("evidence_back", f"Thông tin thu hồi của {named[0]} đã dùng được trở lại"),
        ]


class Killed(BaseException):
    """The process is gone."""


def test_who_dies_between_token_and_commit_has_lost_a_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half: the document waits as before, and is stamped after its lease, once."""
    document_id = world.issued()
    world.clock.now += dt.timedelta(minutes=5)

    def die(*_given: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as killing, unit_of_work(world.office.engine) as uow:
        killing.setattr(extending, "record_document", die)
        extending.take(uow, document_id, now=world.clock.now)
        uow.commit()
        with pytest.raises(Killed):
            extending.extend(
                uow, document_id=document_id, blobs=world.papers.blobs, now=world.clock.now, clock=world.clock,
                authority=adapter.TimestampAuthority(world.tools.settings.tsa_url),
            )  # fmt: skip
    assert world.tsa.asked == 1
    assert "stamped" not in world.files(document_id)
    assert world.run()["waiting"] == 1  # still its lease
    assert world.run(after=dt.timedelta(minutes=10)) == {"stamped": 1, "waiting": 0}
    with unit_of_work(world.office.engine) as uow:
        assert [one.kind for one in store.files_of(uow.session, document_id)].count("stamped") == 1


def test_a_file_that_became_another_one_meanwhile_is_left_alone(world: World) -> None:
    """And a document that was filed or is recalled meanwhile is stamped like every other."""
    changed, filed = world.issued(), world.issued()
    world.papers.act("clerk", filed, Action.FILE)
    sealed = str(world.papers.row(changed).file_sha256)

    def other_file() -> None:
        with unit_of_work(world.office.engine) as uow:
            uow.begin_write()
            row = uow.session.get_one(Outgoing, changed)
            row.file_sha256 = next(
                one.sha256 for one in store.files_of(uow.session, changed) if one.kind == "signed"
            )
            uow.commit()

    world.tsa.before = other_file
    assert world.run() == {"overtaken": 1, "stamped": 1, "waiting": 1}
    assert "stamped" in world.files(filed)
    assert "stamped" not in world.files(changed)
    assert world.papers.row(changed).file_sha256 != sealed


def test_what_comes_to_nothing_is_named(world: World) -> None:
    """A root that nobody listed, a lost file, no authority at all: each is said, and nothing changes."""
    document_id, lost = world.issued(), world.issued()
    world.papers.blobs.delete_orphan(str(world.papers.row(lost).file_sha256))
    with unit_of_work(world.office.engine) as uow:
        uow.begin_write()
        trust.retire_root(uow, world.office.actor("admin"), fingerprint=_fingerprint(world.tsa), now=NOON)
        uow.commit()
    assert world.run() == {"no_stamp": 1, "unusable": 1, "waiting": 2}
    assert world.proof(document_id).reason == "stamp_not_trusted"
    assert world.proof(lost).reason == "blob_missing"
    world.tools = Tools(world.tools.engine, replace(world.tools.settings, tsa_url=""), world.clock)
    assert world.run() == {"without_authority": 2}


def _fingerprint(tsa: Tsa) -> str:
    return signing.inspect_certificate(tsa.root.der).sha256
