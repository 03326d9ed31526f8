"""Numbers stay gap-free when the processes that draw them are killed between allocation and commit.

Small counts here; `make soak` sets TRINHKY_SOAK=1 and draws 2,000 numbers with at least 50 kills.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from tests.support.office import NOON, Office, build
from workflow.store.models import History, Outgoing, RegisterNumber, Series
from workflow.store.session import unit_of_work

SOAK = os.environ.get("TRINHKY_SOAK") == "1"
NUMBERS, KILLS = (2000, 50) if SOAK else (160, 8)
PROCESSES = 8
WORKER = Path(__file__).with_name("number_worker.py")


def _signed_documents(office: Office, count: int) -> None:
    drafter, leader = office.posts["drafter"], office.posts["leader"]
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for serial in range(count):
            uow.add(
                Outgoing(
                    code=f"K-{serial}", agency_id=drafter.agency_id, unit_id=drafter.unit_id, type_code="letter",
                    subject="V/v thử", subject_folded="v/v thu", state="signed", medium="ink",
                    drafter_id=drafter.person_id,
                    drafter_post_id=drafter.id, signer_id=leader.person_id, signer_post_id=leader.id,
                    state_since=NOON, created_at=NOON, signed_at=NOON,
                )
            )  # fmt: skip
        uow.commit()


def _run_until_done(url: str) -> int:
    """How many processes were killed until every document had its number."""
    command = [sys.executable, str(WORKER), url, str(PROCESSES), str(NUMBERS), str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(900)
def test_no_gap_and_no_double_after_kills(
    engine: Engine, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every number from 1 to the last is there once, and each belongs to the document that carries it."""
    office = build(engine)
    _signed_documents(office, NUMBERS)
    kills = _run_until_done(database_url)
    with unit_of_work(engine) as uow:
        drawn = list(uow.session.scalars(select(RegisterNumber.number).order_by(RegisterNumber.number)))
        numbers = uow.session.execute(select(Outgoing.id, Outgoing.number))
        carried = {row[0]: row[1] for row in numbers}
        entries = uow.session.execute(select(RegisterNumber.document_id, RegisterNumber.number))
        registered = {row[0]: row[1] for row in entries}
        last = uow.session.scalars(select(Series.last_number)).one()
        lines = uow.session.scalar(select(func.count()).select_from(History).where(History.action == "number"))
    with capsys.disabled():
        print(f"\n{engine.dialect.name}: {len(drawn)} numbers from {PROCESSES} processes, {kills} kills -9")
    assert drawn == list(range(1, NUMBERS + 1))
    assert carried == registered
    assert last == lines == NUMBERS
    assert kills >= KILLS
