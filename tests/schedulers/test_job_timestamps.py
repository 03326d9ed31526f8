"""The job `timestamps`: issued files gain a proven time and lasting proof; a dead authority blocks nothing."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

import signing
from schedulers.job import Tools
from schedulers.jobs import timestamps
from signing import Conclusion, TimeSource
from tests.schedulers.stamped import World
from tests.support import counts as often
from tests.support.office import NOON
from tests.support.stamping import Tsa
from workflow.domain.outgoing import Action, State
from workflow.domain.proofs import Proof
from workflow.services import checking
from workflow.services.journal import verify_subject
from workflow.services.proofs import authority, targets
from workflow.services.signing import trust
from workflow.store import documents as store
from workflow.store.models import (
    FileVersion,
    Outbox,
    Outgoing,
    VerdictRow,
)
from workflow.store.proofs import File, Whose
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


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
    assert world.run(after=HOUR) == {"too_early": 1, "waiting": 0}  # nobody said a word about the authority
    assert world.proof(document_id).reason == "revocation_unknown"
    world.tsa.publish(at=world.clock.now)
    assert world.run(after=2 * HOUR) == {"too_early": 1, "waiting": 0}  # the others' lists are from before it
    assert world.proof(document_id).reason == "revocation_not_fresh"
    world.lists()
    assert world.run(after=4 * HOUR) == {"lasting": 1, "waiting": 0}
    found = world.proof(document_id)
    assert (found.state, found.lasting_at) == (Proof.LASTING, world.clock.now)
    assert found.until is not None
    assert found.next_at == found.until - 90 * DAY
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
        assert checking.check(uow, files["lasting"], now=stamped_at + 8 * HOUR).verdict.verdict == Conclusion.PASSED


def test_many_are_asked_for_at_once_and_each_is_stamped_once_by_two_schedulers(world: World) -> None:
    """Two processes over the same due documents: nobody's file is stamped twice, and requests overlap."""
    documents = [world.issued() for _ in range(3)]
    gate = threading.Barrier(2)
    world.tsa.before = lambda: gate.wait(5) if world.tsa.asked <= 2 else None
    world.clock.now += dt.timedelta(minutes=5)

    came: list[str] = []

    def ask() -> None:
        came.extend(world.step(File(Whose.DOCUMENT, one)) for one in documents)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["stamped"] * 3 + ["taken"] * 3
    assert (world.tsa.asked, world.tsa.most_at_once) == (3, 2)
    with unit_of_work(world.office.engine) as uow:
        kinds = uow.session.scalars(select(FileVersion.document_id).where(FileVersion.kind == "stamped"))
        assert sorted(kinds) == documents


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("database_url", often.on("sqlite"), indirect=True)
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


class Killed(BaseException):
    """The process is gone."""


def test_who_dies_between_token_and_commit_has_lost_a_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing half: the document waits as before, and is stamped after its lease, once."""
    document_id = world.issued()
    world.clock.now += dt.timedelta(minutes=5)

    def die(*_given: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(targets, "record_document", die)
        with pytest.raises(Killed):
            world.step(File(Whose.DOCUMENT, document_id))
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
