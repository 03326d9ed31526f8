"""Certified copies after their seal: timestamps and lasting proof, judged again at night, held to the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from signing import Conclusion, Evidence, TimeSource
from signing.testing import Revoked
from tests.schedulers.conftest import Hand
from tests.schedulers.stamped import World, opened
from tests.signing.prepare.test_second_opinions import mutool_opinion, pdfsig_opinions
from tests.support.anchored import owner
from tests.support.copied import act, numbered, row, seal
from tests.support.office import Office
from workflow.domain.audit import Flaw
from workflow.domain.copies import FIELD
from workflow.services import checking, copies
from workflow.services.auditing import examine
from workflow.services.journal import verify_subject
from workflow.store import clock as ledger
from workflow.store import copies as store
from workflow.store import copy_proofs
from workflow.store.models import CopyVerdict, Unit
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def world(tools: Tools, office: Office, clock: Hand) -> Iterator[World]:
    """An office with a timestamp authority."""
    with opened(tools, office, clock) as made:
        yield made


def sealed(world: World) -> int:
    """A copy of an arrived paper, sealed now."""
    world.papers.now = world.clock.now
    copy_id = numbered(world.papers)
    assert seal(world.papers, copy_id).conclusion == "passed"
    return copy_id


def present(world: World, copy_id: int) -> bytes:
    with unit_of_work(world.office.engine) as uow:
        held = copy_proofs.held(uow.session, store.find(world.office.scope("clerk"), uow.session, copy_id))
        assert held is not None
        return world.papers.blobs.get(held.sha256)


def night(world: World) -> dict[str, object]:
    """The next night's looks, and what came of them."""
    world.clock.now += DAY
    told = run_due(world.tools, job("recheck"))
    assert set(told.values()) == {Outcome.DONE}
    with unit_of_work(world.office.engine) as uow:
        line = ledger.run_of(uow.session, "recheck", max(told))
    assert line is not None
    return {key: value for key, value in line.result.items() if key.startswith("copies")}


@pytest.mark.tools("pdfsig", "mutool")
def test_a_copy_gains_a_proven_time_and_lasting_proof_and_is_judged_again(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    """Both longer files are known and hold, whatever the agency is called since; a revocation dated back is found
    at night, stored once with its cause, and the pass over the journal knows every verdict."""
    copy_id, gone = sealed(world), sealed(world)
    act(world.papers, "clerk", copies.cancel, gone, reason="Sao nhầm")
    first, at = present(world, copy_id), world.clock.now
    assert world.run() == {"stamped": 1, "waiting": 0}
    stamped_at, stamped = world.clock.now, present(world, copy_id)
    world.lists()
    assert world.run(after=2 * HOUR)["lasting"] == 1
    lasting = present(world, copy_id)
    assert stamped.startswith(first)
    assert lasting.startswith(stamped)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, row(world.papers, copy_id).agency_id).name = "Ủy ban nhân dân xã Đồng Tâm Mới"
        uow.commit()
    with unit_of_work(engine) as uow:
        for data in (first, stamped, lasting):
            known = checking.check(uow, data, now=world.clock.now)
            assert (known.copy and known.copy.id, known.standing) == (copy_id, checking.Standing.COPIED)
            assert known.verdict.verdict == Conclusion.PASSED
        assert verify_subject(uow, f"copy:{copy_id}").holds
    word = Evidence(crls=(world.tsa.root.crl(this_update=world.clock.now),))
    found = world.judge(lasting, word).signature(FIELD)
    assert found is not None
    assert (found.times.source, found.times.best) == (TimeSource.TIMESTAMP, stamped_at)
    assert pdfsig_opinions(lasting, tmp_path)[FIELD] == "Signature is Valid."
    assert "The signature is valid but there have been edits since signing." in mutool_opinion(lasting, tmp_path)
    assert examine(engine).findings == []
    again = night(world)
    assert (again["copies_checked"], "copies_lost" in again) == (1, False)
    before = len(verdicts(engine))
    assert "copies_changed" not in night(world), "nothing new: nothing stored"
    serial = world.papers.keys.held["commune"].certificate.serial_number
    world.papers.keys.publish(at=world.clock.now, revoked=(Revoked(serial=serial, at=at - HOUR),))
    assert night(world)["copies_changed"] == 1
    assert "copies_changed" not in night(world)
    assert [(one.copy_id, one.conclusion) for one in verdicts(engine)[before:]] == [(copy_id, "failed")]
    assert row(world.papers, copy_id).conclusion == "passed", "what was said at the seal stays"
    assert examine(engine).findings == []
    world.papers.blobs.delete_orphan(copy_proofs_of(world, copy_id))
    assert night(world) == {"copies_lost": 1, "copies": str(copy_id)}
    with owner(engine) as connection:
        connection.execute(text("UPDATE certified_copy SET conclusion = 'failed'"))
    assert {(one.flaw, one.what) for one in examine(engine).findings} >= {
        (Flaw.VERDICT_CHANGED, f"copy:{copy_id}"), (Flaw.VERDICT_CHANGED, f"copy:{gone}"),
    }  # fmt: skip


def copy_proofs_of(world: World, copy_id: int) -> str:
    with unit_of_work(world.office.engine) as uow:
        found = copy_proofs.proof(uow.session, copy_id)
    assert found is not None
    return found.sha256


def verdicts(engine: Engine) -> list[CopyVerdict]:
    with unit_of_work(engine) as uow:
        return list(uow.session.scalars(select(CopyVerdict).order_by(CopyVerdict.id)))
