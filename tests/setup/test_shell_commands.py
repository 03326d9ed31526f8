"""The shell's ways in: migrate, the first administrator, a revocation list from a file."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from signing.testing.authority import Authority
from workflow.cli import main
from workflow.domain.people import Role
from workflow.store.models import Account, Crl, DocumentType, Invitation, Journal, PostRow, Unit
from workflow.store.session import make_engine, unit_of_work

NOW = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
AGENCY = ("--agency", "H57.12", "--agency-name", "UBND xã Lam Giang", "--agency-abbreviation", "UBND")


def run(url: str, *arguments: str | Path) -> Result:
    """`trinhky …` on this database."""
    settings = {"TRINHKY_DATABASE_URL": url, "TRINHKY_BLOB_URL": "s3://x/y", "TRINHKY_SECRET_KEY": "x"}
    return CliRunner().invoke(main, [str(one) for one in arguments], env=settings)


def count(url: str, table: type) -> int:
    """Rows."""
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        found = uow.session.scalar(select(func.count()).select_from(table))
    engine.dispose()
    return int(found or 0)


def test_migrate_brings_shape_and_reference_data_once(tmp_path: Path) -> None:
    """Document types and days are there; a second time nothing changes."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert run(url, "migrate", "--check").exit_code == 1
    assert run(url, "migrate").output.startswith("migrated from None to ")
    types = count(url, DocumentType)
    assert types == 32
    assert run(url, "migrate").output.startswith("already at ")
    assert count(url, DocumentType) == types
    assert run(url, "migrate", "--check").exit_code == 0


def test_the_first_administrator_gets_a_link_and_an_agency(database_url: str) -> None:
    """Journal included; the secret is not stored."""
    result = run(database_url, "create-admin", "--name", "Nguyễn Thị Lan", *AGENCY)
    assert result.exit_code == 0, result.output
    assert "login name: lan.nt" in result.output
    secret = result.output.rsplit("/invitation/", 1)[1].strip()
    engine = make_engine(database_url)
    with unit_of_work(engine) as uow:
        post = uow.session.scalars(select(PostRow)).one()
        unit = uow.session.scalars(select(Unit)).one()
        tags = set(uow.session.scalars(select(Journal.tag)))
        invitation = uow.session.scalars(select(Invitation)).one()
        hashes = uow.session.scalars(select(Account.password_hash)).all()
    engine.dispose()
    assert post.role == Role.ADMIN
    assert post.unit_id == unit.id == unit.agency_id
    assert tags == {"unit:record:founded", "person:admin:created", "account:link:invited"}
    assert secret not in invitation.token_hash
    assert hashes == [""]


def test_a_second_administrator_joins_the_known_agency(sqlite_url: str) -> None:
    """Where the only one has left."""
    assert run(sqlite_url, "create-admin", "--name", "Nguyễn Thị Lan", *AGENCY).exit_code == 0
    assert run(sqlite_url, "create-admin", "--name", "Trần Văn Bình", "--agency", "H57.12").exit_code == 0
    assert (count(sqlite_url, Unit), count(sqlite_url, PostRow)) == (1, 2)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--name", "Nguyễn Thị Lan", "--agency", "H57.12"), "username_taken"),
        (("--name", "Trần Văn Bình", "--agency", "H57.99"), "agency_name"),
    ],
)
def test_a_refusal_is_one_sentence_and_changes_nothing(
    sqlite_url: str, arguments: tuple[str, ...], code: str
) -> None:
    """A taken login name, an unknown agency without a name."""
    assert run(sqlite_url, "create-admin", "--name", "Nguyễn Thị Lan", *AGENCY).exit_code == 0
    result = run(sqlite_url, "create-admin", *arguments)
    assert result.exit_code == 1
    assert code in result.output
    assert count(sqlite_url, Account) == 1


def pem(der: bytes, label: str) -> bytes:
    """As authorities publish it."""
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()


@pytest.mark.parametrize("as_pem", [False, True])
def test_a_revocation_list_is_taken_in_once(sqlite_url: str, tmp_path: Path, as_pem: bool) -> None:
    """DER or PEM, and its issuer's signature is checked."""
    authority = Authority.root(now=NOW)
    crl, issuer = authority.crl(this_update=NOW), authority.der
    (tmp_path / "crl").write_bytes(pem(crl, "X509 CRL") if as_pem else crl)
    (tmp_path / "issuer").write_bytes(pem(issuer, "CERTIFICATE") if as_pem else issuer)
    for _ in range(2):
        result = run(sqlite_url, "crl", "import", tmp_path / "crl", "--issuer", tmp_path / "issuer")
        assert result.exit_code == 0, result.output
        assert "0 revoked, next update 30/11/2026" in result.output
    assert count(sqlite_url, Crl) == 1


def test_a_list_of_another_issuer_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """Anybody may hand over a file."""
    root = Authority.root(now=NOW)
    (tmp_path / "crl").write_bytes(root.subordinate(now=NOW).crl(this_update=NOW))
    (tmp_path / "issuer").write_bytes(root.der)
    result = run(sqlite_url, "crl", "import", tmp_path / "crl", "--issuer", tmp_path / "issuer")
    assert result.exit_code == 1
    assert "crl_signature" in result.output
    assert count(sqlite_url, Crl) == 0
