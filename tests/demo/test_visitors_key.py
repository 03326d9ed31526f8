"""A visitor's own key, made by the commands that the README gives, is taken by the demo and signs."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from sqlalchemy import Engine, select

from signing.testing import Identity
from tests.demo.conftest import Province
from tests.support.browser import open_session
from workflow.config import project_folder
from workflow.demo import authority
from workflow.domain.people import Actor, Role
from workflow.services import signing as service
from workflow.services.signing.certificates import challenge_bytes
from workflow.store.models import Account, LoginSession, PostRow
from workflow.store.session import make_engine, unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.tools("openssl"), pytest.mark.timeout(900)]

PASSWORD = "của tôi"


def commands() -> list[list[str]]:
    """The lines of the README that call openssl; the last one asks for a password, which is given here."""
    text = (project_folder() / "README.md").read_text("utf-8").replace("\\\n", " ")
    found = [shlex.split(line) for line in re.findall(r"^ {4}(openssl .+)$", text, re.MULTILINE)]
    assert [command[1] for command in found] == ["req", "x509", "pkcs12"]
    return [*found[:2], [*found[2], "-passout", f"pass:{PASSWORD}"]]


@pytest.fixture
def made(province: Province, tmp_path: Path) -> Identity:
    """What the commands leave in a copy of the folder that the demo has for them."""
    for file in (province.var / "demo" / "authority").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for command in commands():
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    key, certificate, others = load_key_and_certificates((tmp_path / "my.p12").read_bytes(), PASSWORD.encode())
    assert isinstance(key, EllipticCurvePrivateKey)
    assert certificate is not None
    return Identity(certificate=certificate, key=key, chain=tuple(others))


@pytest.fixture
def engine(province: Province, tmp_path: Path) -> Iterator[Engine]:
    """On a database of one's own; no file of a document is needed here."""
    shutil.copyfile(province.var / "demo" / "trinhky.db", tmp_path / "mine.db")
    made = make_engine(f"sqlite:///{tmp_path / 'mine.db'}")
    yield made
    made.dispose()


def somebody(engine: Engine, username: str) -> Actor:
    """Somebody of the demo, in their post."""
    with unit_of_work(engine) as uow:
        found = select(PostRow).join(Account, Account.person_id == PostRow.person_id)
        row = uow.session.scalars(found.where(Account.username == username)).one()
        return Actor(row.person_id, row.id, Role(row.role), row.unit_id, row.agency_id)


def test_the_commands_of_the_readme_make_a_key_that_is_enrolled(made: Identity, engine: Engine) -> None:
    """Possession proven, nothing for the second person to wonder about, confirmed, good for signing."""
    now = made.certificate.not_valid_before_utc + dt.timedelta(minutes=5)
    authority.publish(engine, at=now)
    chair, admin = somebody(engine, "dongtam.chair"), somebody(engine, "dongtam.admin")
    open_session(engine, chair.person_id or 0, post_id=chair.post_id, now=now)
    with unit_of_work(engine) as uow:
        login = uow.session.scalars(select(LoginSession.id).order_by(LoginSession.id.desc()).limit(1)).one()
        nonce = service.challenge(uow, chair, login_session_id=login, now=now)
        uow.commit()
    proof = challenge_bytes(origin="http://127.0.0.1:8400", user=str(chair.person_id), nonce=nonce)
    with unit_of_work(engine) as uow:
        row = service.enrol(
            uow, chair, login_session_id=login, certificate=made.der, chain=made.chain_der, nonce=nonce,
            signature=made.sign(proof, raw=True), algorithm="", origin="http://127.0.0.1:8400", for_agency=False,
            now=now,
        )  # fmt: skip
        uow.commit()
    assert (row.status, row.warnings) == ("pending", [])
    with unit_of_work(engine) as uow:
        assert service.confirm(uow, admin, certificate_id=row.id, now=now).status == "confirmed"
        uow.commit()
    with unit_of_work(engine) as uow:
        assert service.open_session(
            uow, chair, purpose="leader", login_session_id=login, certificate=made.der, now=now
        )


def test_the_authoritys_key_is_the_owners_alone(province: Province) -> None:
    """It proves nothing outside the demo, and nobody else on the machine needs it."""
    folder = province.var / "demo" / "authority"
    names = {"ca.key", "ca.pem", "ca.crl", "person.cnf", "root.pem", "root.crl", "tsa.crl"}
    assert {file.name for file in folder.iterdir()} == names
    assert stat.S_IMODE((folder / "ca.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
