"""The job `collect`: what lies in folders and mailboxes is received and judged, once, whatever is killed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.services.test_arrival_channels import mail
from tests.support import imap
from tests.support.imap import PASSWORD, USER, Box
from tests.support.office import Office, build
from tests.support.papers import letter
from workflow.adapters.watched_folder import STALE
from workflow.config import Settings
from workflow.store import clock as ledger
from workflow.store.models import Intake, Setting
from workflow.store.session import make_engine, unit_of_work

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def received(engine: Engine) -> list[tuple[int, str, str]]:
    """(agency, name, source) of everything that came."""
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(Intake).order_by(Intake.filename))
        return [(row.agency_id, row.filename, row.source) for row in rows]


def run(tools: Tools) -> dict[str, object]:
    """What the ledger keeps of the run that is due."""
    told = run_due(tools, job("collect"))
    assert set(told.values()) == {Outcome.DONE}
    with unit_of_work(tools.engine) as uow:
        line = ledger.run_of(uow.session, "collect", next(iter(told)))
    assert line is not None
    return dict(line.result)


def test_a_folder_and_a_mailbox_come_to_their_agencies(
    tools: Tools, office: Office, clock: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One agency scans, another gets mail, a third way is broken: both are received, the mark is kept, once."""
    clock.now = LATER
    folder, box = tmp_path / "scan", Box()
    folder.mkdir()
    (folder / "cv.pdf").write_bytes(letter())
    box.put(mail("ds.pdf"))
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.authority(tmp_path)))
    with imap.running(box) as port:
        mailbox = f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}"
        arrivals = {"H99.01": f"file://{folder}", "H99.02": mailbox, "H99.03": "file:///nowhere"}
        tools = dataclasses.replace(
            tools, settings=dataclasses.replace(tools.settings, arrivals=json.dumps(arrivals))
        )
        assert run(tools) == {"stored": 2, "channels_failed": 1}
        clock.now = LATER + dt.timedelta(minutes=2)
        assert run(tools) == {"channels_failed": 1}
    assert received(tools.engine) == [
        (office.units["commune"], "cv.pdf", "folder"),
        (office.units["far"], "ds.pdf", "mail"),
    ]
    assert box.unread() == []
    with unit_of_work(tools.engine) as uow:
        kept = [row.value for row in uow.session.scalars(select(Setting)) if row.name.startswith("arrivals:")]
    assert [(mark["last"], mark["waiting"]) for mark in kept] == [(1, [])]


WORKER = """
import datetime as dt, os, signal, sys
from schedulers.job import Tools, Turn
from schedulers.jobs import collect
from workflow.adapters.blobs import open_blobs
from workflow.adapters.watched_folder import WatchedFolder
from workflow.config import Settings
from workflow.services import arrival_channels
from workflow.store.session import make_engine, unit_of_work

url, blobs, arrivals, now = sys.argv[1:]
now = dt.datetime.fromisoformat(now)
settings = Settings(database_url=url, blob_url=blobs, secret_key="k" * 32, arrivals=arrivals)
tools = Tools(make_engine(url), settings, lambda: now)
whole = arrival_channels.into_queue(open_blobs(blobs), now=now)

def deliver(uow, agency_id, **named):
    new = whole(uow, agency_id, **named)
    if named["filename"] == "b.pdf":
        os.kill(os.getpid(), signal.SIGKILL)
    return new

WatchedFolder.take = lambda *_anything: None
with unit_of_work(tools.engine) as uow:
    collect.collect(Turn(uow=uow, tools=tools, period="", cut_off=now, now=now), deliver)
"""


def test_kill_nine_loses_nothing_and_doubles_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """Killed when one file is durable and not put away, and another claimed and not durable: once each, later."""
    engine = make_engine(sqlite_url)
    build(engine)
    folder, blobs = tmp_path / "scan", str(tmp_path / "blobs")
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 one")
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 two")
    arrivals = json.dumps({"H99.01": f"file://{folder}"})
    given = [sqlite_url, blobs, arrivals, LATER.isoformat()]
    killed = subprocess.run([sys.executable, "-c", WORKER, *given], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [name for _agency, name, _source in received(engine)] == ["a.pdf"]
    settings = Settings(database_url=sqlite_url, blob_url=blobs, secret_key="k" * 32, arrivals=arrivals)
    assert run(Tools(engine, settings, Hand(LATER + STALE / 2))) == {}
    assert run(Tools(engine, settings, Hand(LATER + STALE))) == {"known": 1, "stored": 1}
    assert [name for _agency, name, _source in received(engine)] == ["a.pdf", "b.pdf"]
    assert sorted(path.parts[-3] for path in folder.rglob("*.pdf")) == ["taken", "taken"]
    engine.dispose()
