"""The job `timestamps` on attachments that bear seals of their own: the same two steps as their document's file."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

import signing
from signing import Conclusion, TimeSource
from signing.testing import Revoked
from tests.schedulers.stamped import World
from tests.signing.prepare.test_second_opinions import mutool_opinion, pdfsig_opinions, pyhanko_at
from tests.support import trust as trust_steps
from tests.support.attached import annex, held, sheet
from workflow.domain.attachments import FIELD
from workflow.domain.proofs import Proof
from workflow.services import checking, sunsets, trust_changes
from workflow.services.journal import facts_of, verify_subject
from workflow.services.proofs import targets
from workflow.services.verification import rechecking_attached
from workflow.services.verification.rechecking_attached import NOTHING
from workflow.store.models import (
    AlgorithmSunset,
    AttachmentFile,
    AttachmentProof,
    AttachmentSeal,
    AttachmentVerdict,
)
from workflow.store.proofs import File, Whose
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
THREE = (("I.pdf", annex("Phụ lục I")), ("b.xlsx", sheet()), ("II.pdf", annex("Phụ lục II")))


def states(world: World, document_id: int) -> list[str]:
    """Of each attachment in its order; empty where nothing is to be proven."""
    return [one.proof.state if one.proof else "" for one in held(world.papers, document_id)]


def at_night(world: World, document_id: int) -> rechecking_attached.Attached:
    with unit_of_work(world.office.engine) as uow:
        found = rechecking_attached.recheck_for_job(
            uow, document_id=document_id, blobs=world.papers.blobs, now=world.clock.now
        )
        uow.commit()
    return found


def test_each_sealed_attachment_gains_a_proven_time_and_then_lasting_proof(world: World) -> None:
    """A spreadsheet bears no seal and waits for nothing. All states of a file are known, what goes out from then on
    is the longest; later looks at it change nothing, and the longer file is nobody's cause."""
    document_id = world.issued(attach=THREE)
    sealed = [one.sha256 for one in held(world.papers, document_id)]
    assert states(world, document_id) == ["waiting", "", "waiting"]
    assert world.run() == {"stamped": 3, "waiting": 0}
    stamped_at, stamped = world.clock.now, [one.sha256 for one in held(world.papers, document_id)]
    assert at_night(world, document_id) == NOTHING
    assert world.run(after=2 * HOUR) == {"too_early": 3, "waiting": 0}
    world.lists()
    assert world.run(after=2 * HOUR) == {"lasting": 3, "waiting": 0}
    assert states(world, document_id) == ["lasting", "", "lasting"]
    lasting = [one.sha256 for one in held(world.papers, document_id)]
    assert sealed[1] == stamped[1] == lasting[1]
    blobs = world.papers.blobs
    word = signing.Evidence(crls=(world.tsa.root.crl(this_update=world.clock.now),))
    for place in (0, 2):
        first, middle, last = (blobs.get(one[place]) for one in (sealed, stamped, lasting))
        assert middle.startswith(first)
        assert last.startswith(middle)
        verdict = world.judge(last, word)
        assert (verdict.verdict, verdict.basis) == (Conclusion.PASSED, "fast")
        seal = verdict.signature(FIELD)
        assert seal is not None
        assert (seal.times.source, seal.times.best) == (TimeSource.TIMESTAMP, stamped_at)
        with unit_of_work(world.office.engine) as uow:
            for data in (first, middle, last):
                known = checking.check(uow, data, now=world.clock.now)
                assert (known.document and known.document.id, known.standing) == (
                    document_id, checking.Standing.ATTACHED
                )  # fmt: skip
                assert known.verdict.verdict == Conclusion.PASSED
    at_night(world, document_id)  # lists from after the seal are new evidence about it
    assert at_night(world, document_id) == NOTHING
    with unit_of_work(world.office.engine) as uow:
        assert verify_subject(uow, f"outgoing:{document_id}").holds
        for kind, before, after in (("stamped", sealed, stamped), ("lasting", stamped, lasting)):
            told = facts_of(uow, world.office.scope("clerk"), document_id, tag=f"document:attachment:{kind}")
            assert sorted((one["place"], one["base"], one["file"]) for one in told) == [
                (place + 1, before[place], after[place]) for place in (0, 2)
            ]
        causes = set(uow.session.scalars(select(AttachmentVerdict.cause)))
        assert "file" not in " ".join(causes).split()


def test_reports_of_trust_and_ends_of_algorithms_take_the_longer_file(world: World) -> None:
    """The sealed bytes may even be lost: what is judged and counted is the present file."""
    trust_steps.second_admin(world.office)
    document_id = world.issued(attach=THREE[:1])
    (one,) = held(world.papers, document_id)
    world.run()
    now = world.clock.now
    world.papers.blobs.delete_orphan(one.sha256)
    change = trust_steps.do(
        world.office, trust_changes.propose_retirement, root_id=1, reason=trust_steps.REASON, now=now
    )
    assert trust_steps.count(world.office, world.papers.blobs, change.id, now=now) == 4
    assert trust_steps.row_of(world.office, change.id).unread == 0
    with unit_of_work(world.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(AttachmentProof).values(rests="sha256 secp384r1"))
        uow.commit()
    with unit_of_work(world.office.engine) as uow:
        end = AlgorithmSunset(algorithm="secp256r1", until=now + 100 * DAY)
        lines = sunsets.concerned(uow, end)
        assert [(line.place, line.proven_at) for line in lines if line.field == FIELD] == [(1, now)]
        for n in range(len(lines)):
            assert sunsets.concerned(uow, end, after=lines[n].id) == lines[n + 1 :]
            assert sunsets.concerned(uow, end, limit=n + 1) == lines[: n + 1]


def test_two_schedulers_and_a_death_cost_tokens_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two asks for each file; who dies between token and commit leaves everything as it was; a file that
    became another one meanwhile, or a seal that was given up, is left alone."""
    document_id = world.issued(attach=THREE)
    world.clock.now += dt.timedelta(minutes=5)
    first, third = (one.seal.id for one in held(world.papers, document_id) if one.seal is not None)
    came: list[str] = []

    def ask() -> None:
        came.append(world.step(File(Whose.ATTACHMENT, first)))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["stamped", "taken"]

    class Killed(BaseException):
        pass

    def die(*_given: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(targets, "record_document", die)
        with pytest.raises(Killed):
            world.step(File(Whose.ATTACHMENT, third))
    assert states(world, document_id) == ["stamped", "", "waiting"]
    assert world.run(after=dt.timedelta(minutes=15)) == {"stamped": 2, "waiting": 0}  # this one, and the document
    with unit_of_work(world.office.engine) as uow:
        rows = uow.session.execute(select(AttachmentFile.seal_id, AttachmentFile.kind).order_by(AttachmentFile.id))
        assert [tuple(row) for row in rows] == [(first, "stamped"), (third, "stamped")]

    world.lists()

    def cancel() -> None:
        with unit_of_work(world.office.engine) as uow:
            uow.begin_write()
            uow.session.execute(
                update(AttachmentProof).where(AttachmentProof.seal_id == first).values(sha256=other)
            )
            uow.commit()

    other = held(world.papers, document_id)[0].row.sha256
    world.clock.now += 2 * HOUR
    world.tsa.before = cancel
    assert world.step(File(Whose.ATTACHMENT, first)) == "overtaken"
    with unit_of_work(world.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(
            update(AttachmentSeal).where(AttachmentSeal.id == third).values(withdrawn_at=world.clock.now)
        )
        uow.commit()
    assert world.step(File(Whose.ATTACHMENT, third)) == "overtaken"


def test_a_seal_of_a_key_that_was_revoked_before_never_lasts(world: World) -> None:
    """And the row says why, like a document's."""
    document_id = world.issued(attach=THREE[:1])
    world.run()
    serial = world.papers.keys.held["commune"].certificate.serial_number
    world.clock.now += HOUR
    world.papers.keys.publish(at=world.clock.now, revoked=(Revoked(serial=serial, at=world.clock.now - DAY),))
    world.tsa.publish(at=world.clock.now)
    assert world.run(after=HOUR)["too_early"] == 2
    proof = held(world.papers, document_id)[0].proof
    assert proof is not None
    assert (proof.state, proof.reason, proof.tries) == (Proof.STAMPED, "revoked", 1)
    assert hashlib.sha256(world.papers.blobs.get(proof.sha256)).hexdigest() == proof.sha256


@pytest.mark.slow
@pytest.mark.tools("pdfsig", "mutool")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_other_programs_hold_the_seal_valid(world: World, tmp_path: Path) -> None:
    """pyHanko, poppler and MuPDF, of the stamped, the lasting and the renewed file: the files are the same on every
    database."""
    document_id = world.issued(attach=THREE[:1])
    world.run()
    files, stamped_at = [held(world.papers, document_id)[0].sha256], world.clock.now
    world.clock.now += HOUR
    world.lists()
    world.run(after=HOUR)
    files.append(held(world.papers, document_id)[0].sha256)
    until = world.proof(document_id).until
    assert until is not None
    world.clock.now = until - 80 * DAY
    world.tsa.certify(world.clock.now - DAY)
    world.lists()
    assert world.run() == {"renewed": 2, "waiting": 0}
    files.append(held(world.papers, document_id)[0].sha256)
    assert len(set(files)) == 3
    for sha256 in files:
        data = world.papers.blobs.get(sha256)
        assert pyhanko_at(data, world.papers.keys.root.der, stamped_at)[FIELD].bottom_line
        assert pdfsig_opinions(data, tmp_path)[FIELD] == "Signature is Valid."
        said = mutool_opinion(data, tmp_path)
        assert "The signature is valid but there have been edits since signing." in said
        assert "Digest" not in said
