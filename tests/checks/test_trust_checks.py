"""What signatures rest on: each thing that would keep a leader from signing tomorrow is named today."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.testing import Links
from tests.support.keys import Keys, founded
from tests.support.office import build
from workflow.checks import Finding, Installation, Level, run, trust
from workflow.config import Settings
from workflow.store.models import Certificate, TrustRoot, Unit
from workflow.store.session import make_engine, unit_of_work

NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)
SETTINGS = Settings(database_url="", blob_url="s3://x/y", secret_key="")


@pytest.fixture
def at(database_url: str) -> Installation:
    """On either database."""
    return Installation(settings=dataclasses.replace(SETTINGS, database_url=database_url), environ={})


@pytest.fixture
def keys(database_url: str) -> Iterator[Keys]:
    """An office whose leader is enrolled; no revocation list yet."""
    engine = make_engine(database_url)
    made = founded(build(engine))
    made.issue("leader")
    made.enrol("leader")
    yield made
    engine.dispose()


def warned(findings: list[Finding]) -> list[str]:
    """The sentences of what should be mended."""
    return [finding.sentence for finding in findings if finding.level is Level.WARN]


def test_no_root_is_said(at: Installation) -> None:
    """An installation that nobody listed a root in."""
    assert "no root is listed" in warned(run([trust.roots], at))[0]


def test_a_root_that_ends_soon_is_said(at: Installation, keys: Keys) -> None:
    """And one that does not is not."""
    assert warned(run([trust.roots], at)) == []
    ending = type(keys.root).root(now=NOW - 10 * HOUR, days=20)
    with unit_of_work(keys.office.engine) as uow:
        uow.begin_write()
        uow.add(TrustRoot(sha256="0" * 64, der=ending.der, label="Gốc cũ", purposes=[], added_at=NOW))
        uow.commit()
    (sentence,) = warned(run([trust.roots], at))
    assert sentence.startswith("the root Gốc cũ ends on ")


def test_an_authority_for_timestamps_needs_its_root(at: Installation, keys: Keys) -> None:
    """A root for signers does not count; without an authority nothing is needed."""
    assert run([trust.timestamps], at) == []
    stamped = dataclasses.replace(at, settings=dataclasses.replace(at.settings, tsa_url="http://tsa.example.vn/"))
    (sentence,) = warned(run([trust.timestamps], stamped))
    assert "no root is listed for timestamps" in sentence
    with unit_of_work(keys.office.engine) as uow:
        uow.begin_write()
        uow.add(TrustRoot(sha256="0" * 64, der=keys.root.der, label="Gốc", purposes=["tsa"], added_at=NOW))
        uow.commit()
    assert run([trust.timestamps], stamped) == []


def test_every_authority_needs_a_list_of_today(at: Installation, keys: Keys) -> None:
    """Missing, fresh, old: each in words, with the command that mends it."""
    missing = warned(run([trust.lists], at))
    assert len(missing) == 2
    assert all("there is no list of" in sentence and "trinhky crl import" in sentence for sentence in missing)
    keys.publish(at=dt.datetime.now(dt.UTC) - HOUR)
    found = run([trust.lists], at)
    assert [finding.level for finding in found] == [Level.FINE, Level.FINE]
    assert all("is 1 hours old" in finding.sentence for finding in found)


def test_an_old_list_is_said(at: Installation, keys: Keys) -> None:
    """With its age, or the day on which it ended."""
    keys.publish(at=dt.datetime.now(dt.UTC) - 30 * HOUR)
    sentences = warned(run([trust.lists], at))
    assert len(sentences) == 2
    assert all("30 hours old" in one or "ended on" in one for one in sentences)


def test_hosts_of_lists_are_asked(at: Installation, keys: Keys) -> None:
    """Those that enrolled certificates name: one that listens, one where nobody does."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        links = Links(
            crl=f"http://127.0.0.1:{server.getsockname()[1]}/x.crl",
            ocsp=f"http://localhost:{closed.getsockname()[1]}/ocsp",
        )
        keys.issuing = keys.root.subordinate(now=NOW - HOUR, links=links)
        keys.issue("deputy")
        keys.enrol("deputy")
        assert all("TRINHKY_FETCH_HOSTS" in one for one in warned(run([trust.addresses], at)))
        at = dataclasses.replace(at, settings=dataclasses.replace(at.settings, fetch_hosts="127.0.0.1 localhost"))
        found = run([trust.addresses], at)
    assert {(finding.level, finding.sentence.split()[0]) for finding in found} == {
        (Level.FINE, "127.0.0.1"),
        (Level.WARN, "localhost"),
    }


def test_certificates_that_end_are_named(at: Installation, keys: Keys) -> None:
    """By their owner, before and after."""
    assert run([trust.certificates], at) == []
    for days, verb in ((10, "ends on"), (-10, "ended on")):
        with unit_of_work(keys.office.engine) as uow:
            uow.begin_write()
            row = uow.session.get_one(Certificate, 1)
            row.not_after = NOW + dt.timedelta(days=days)
            uow.commit()
        (sentence,) = warned(run([trust.certificates], at))
        assert keys.office.names["leader"] in sentence
        assert verb in sentence


def test_the_seal_process_is_looked_for(at: Installation, keys: Keys) -> None:
    """Needed and not set; set and nobody there; there."""
    assert run([trust.seal_process], at) == []
    with unit_of_work(keys.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, keys.office.units["commune"]).server_seal = True
        uow.commit()
    assert "TRINHKY_SEAL_SOCKET is not set" in warned(run([trust.seal_process], at))[0]
    with tempfile.TemporaryDirectory() as folder:  # a UNIX socket's path is short
        path = str(Path(folder) / "seal")
        placed = dataclasses.replace(at, settings=dataclasses.replace(at.settings, seal_socket=path))
        assert "nobody listens" in warned(run([trust.seal_process], placed))[0]
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.bind(path)
            server.listen()
            assert [finding.level for finding in run([trust.seal_process], placed)] == [Level.FINE]


def test_nothing_is_asked_of_an_empty_database(tmp_path: Path) -> None:
    """`database.shape` has said what is wrong."""
    settings = dataclasses.replace(SETTINGS, database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    every = [trust.roots, trust.lists, trust.addresses, trust.certificates, trust.seal_process]
    assert run(every, Installation(settings=settings, environ={})) == []
