"""`trinhky trust`: a root is listed with a fingerprint typed from elsewhere, for its purposes, and retired."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from signing.testing import LEADER, Authority
from workflow.cli import main
from workflow.services.signing.trust import policy
from workflow.store import certificates
from workflow.store.session import make_engine, unit_of_work

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


@pytest.fixture
def environ(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings of a small installation."""
    return {
        "TRINHKY_DATABASE_URL": sqlite_url,
        "TRINHKY_BLOB_URL": str(tmp_path / "blobs"),
        "TRINHKY_SECRET_KEY": "x" * 40,
    }


def _run(environ: dict[str, str], *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["trust", *map(str, words)], env=environ)


def _roots(url: str) -> list[tuple[str, list[object]]]:
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        found = [(row.label, list(row.purposes)) for row in certificates.roots(uow.session)]
    engine.dispose()
    return found


def test_a_root_is_listed_and_retired(environ: dict[str, str], sqlite_url: str, tmp_path: Path) -> None:
    """PEM, a fingerprint with colons as people print it, two purposes."""
    root = Authority.root(now=NOW)
    (tmp_path / "root.pem").write_bytes(root.identity.pem)
    digits = root.identity.fingerprint.upper()
    printed = ":".join(digits[place : place + 2] for place in range(0, 64, 2))
    added = _run(environ, "add", tmp_path / "root.pem", "--fingerprint", printed, "--label", "Gốc chuyên dùng",
                 "--kind", "public_service")  # fmt: skip
    assert added.exit_code == 0, added.output
    assert _roots(sqlite_url) == [("Gốc chuyên dùng", ["person", "seal"])]
    assert "Gốc chuyên dùng" in _run(environ, "list").output
    assert _run(environ, "retire", "--fingerprint", digits).exit_code == 0
    assert _roots(sqlite_url) == []


def test_the_policy_is_chosen_by_one_at_the_machine(environ: dict[str, str], sqlite_url: str) -> None:
    """And no other than the two there are."""
    assert _run(environ, "policy", "strict").exit_code == 0
    assert _run(environ, "policy", "lenient").exit_code == 2
    engine = make_engine(sqlite_url)
    with unit_of_work(engine) as uow:
        assert policy(uow).name == "strict"
    engine.dispose()


def test_a_fingerprint_that_differs_lists_nothing(environ: dict[str, str], sqlite_url: str, tmp_path: Path) -> None:
    """The file was swapped, or the paper is another root's."""
    (tmp_path / "root.pem").write_bytes(Authority.root(now=NOW).identity.pem)
    told = _run(environ, "add", tmp_path / "root.pem", "--fingerprint", "00" * 32, "--label", "x")
    assert told.exit_code == 1
    assert "root_fingerprint_differs" in told.output
    assert _roots(sqlite_url) == []


def test_a_persons_certificate_is_no_root(environ: dict[str, str], sqlite_url: str, tmp_path: Path) -> None:
    """Trust by mistake is refused too."""
    person = Authority.root(now=NOW).issue(LEADER, now=NOW)
    (tmp_path / "person.der").write_bytes(person.der)
    told = _run(environ, "add", tmp_path / "person.der", "--fingerprint", person.fingerprint, "--label", "x")
    assert told.exit_code == 1
    assert "root_is_no_authority" in told.output
