"""The whole road of a paper on PostgreSQL as the role that serves, and what that role cannot do even by hand."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, func, select, text, update
from sqlalchemy.exc import ProgrammingError

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import JOBS
from tests.attacks.test_foreign_hands import finish, prepare, signature
from tests.support import postgresql, tree
from tests.support.browser import Browser, Clock
from tests.support.office import NOON, Office, enter
from tests.support.papers import Papers, enrolled, letter
from workflow import checks
from workflow.adapters.backup_folder import BackupFolder
from workflow.adapters.blobs import open_blobs
from workflow.checks import database
from workflow.cli import main
from workflow.config import Settings
from workflow.domain.backup import BackupError
from workflow.domain.errors import BadInput
from workflow.domain.outgoing import State
from workflow.services import passwords
from workflow.services.backup import making, restoring
from workflow.store import models, roles
from workflow.store.append_only import GROWING, KEPT
from workflow.store.models import Account, BackupRun, Journal, Outgoing
from workflow.store.session import make_engine, unit_of_work
from workflow.web.app import create_app

pytestmark = pytest.mark.postgresql
PASSWORD = "sông Hương chảy êm đềm"


@dataclass(frozen=True, slots=True)
class Place:
    """A database made by the three commands of the README; `served` is what the web connects with."""

    name: str
    owner: str
    served: str


@pytest.fixture(scope="module")
def place(postgresql_admin: Engine, postgresql_socket: str, worker_id: str) -> Iterator[Place]:
    """Roles by a superuser, tables and rights by the owner."""
    names = {kind: f"{kind}_{worker_id}" for kind in ("restricted", "owner", "web")}
    superuser = postgresql.url(postgresql_socket, names["restricted"])
    owner, served = (superuser.replace("postgres@", f"{names[kind]}@") for kind in ("owner", "web"))
    with postgresql_admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{names["restricted"]}"'))
    options = ["--owner-role", names["owner"], "--web-role", names["web"]]
    printed = CliRunner().invoke(main, ["migrate", "--roles", *options])
    engine = create_engine(superuser, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for _twice in range(2):
            driver: Any = connection.connection.driver_connection
            driver.execute(printed.output)
    engine.dispose()
    migrated = CliRunner().invoke(main, ["migrate", "--database", owner, *options])
    assert migrated.exit_code == 0, migrated.output
    assert f"{names['web']} may serve" in migrated.output
    yield Place(names["restricted"], owner, served)
    with postgresql_admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{names["restricted"]}" WITH (FORCE)'))
        for kind in ("owner", "web"):
            connection.execute(text(f"DROP ROLE {names[kind]}"))


@pytest.fixture(scope="module")
def served(place: Place) -> Iterator[Engine]:
    """What the service has."""
    made = make_engine(place.served)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def office(place: Place, served: Engine) -> Office:
    """The small province, entered by the web's role; it brings the types and days that every migration seeds."""
    owner = make_engine(place.owner)
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM calendar_day")
        connection.exec_driver_sql("DELETE FROM document_type")
    owner.dispose()
    return enter(served)


def refused(engine: Engine, statement: str) -> None:
    """PostgreSQL knows no such right."""
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_whole_road_as_the_role_that_serves(
    place: Place, served: Engine, office: Office, tmp_path: Path
) -> None:
    """Login with a password, draft with its file, review, check, signature, number, seal, dispatch, jobs."""
    clock = Clock(NOON)
    settings = Settings(
        database_url=place.served, blob_url=str(tmp_path / "blobs"), secret_key="k" * 40,
        backup=str(tmp_path / "backup"),
    )  # fmt: skip
    app = create_app(settings, engine=served, clock=clock)
    app.testing, app.test_client_class = True, Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    client.engine, client.clock, client.office = served, clock, office
    papers = Papers(office, open_blobs(settings.blob_url), enrolled(office, NOON))
    document = draft(client, papers)
    send(client, papers, document, "head", "approve")
    send(client, papers, document, "clerk", "confirm_format")
    sign(client, papers, document, "leader", "leader")
    send(client, papers, document, "clerk", "number")
    sign(client, papers, document, "clerk", "number")
    sign(client, papers, document, "clerk", "seal")
    send(client, papers, document, "clerk", "issue")
    assert papers.row(document).state == State.ISSUED
    assert client.logout().get(f"/v/{papers.row(document).code}").status_code == 200
    pages(client)
    jobs(settings, served, clock)
    with unit_of_work(served) as uow:
        assert (uow.session.scalar(select(func.count()).select_from(Journal)) or 0) > 10


def draft(client: Browser, papers: Papers) -> int:
    """Come in with name and password, write, send on."""
    person = papers.office.posts["drafter"].person_id
    with unit_of_work(client.engine) as uow:
        uow.begin_write()
        hashed = passwords.make_hash(PASSWORD)
        uow.session.execute(update(Account).where(Account.person_id == person).values(password_hash=hashed))
        uow.commit()
    assert client.post("/login", data={"username": "drafter", "password": "sai"}).status_code == 401
    assert client.post("/login", data={"username": "drafter", "password": PASSWORD}).status_code == 303
    form = {
        "type_code": "letter", "subject": "Quyền hẹp", "recipients": "Các thôn", "urgency": "normal",
        "signer": f"{papers.office.posts['leader'].id}:head", "file": (io.BytesIO(letter()), "cv.pdf"),
    }  # fmt: skip
    assert client.post("/outgoing/new", data=form).status_code == 303
    with unit_of_work(client.engine) as uow:
        made = uow.session.scalars(select(Outgoing.id).where(Outgoing.subject == "Quyền hẹp")).one()
    act(client, papers, made, "submit")
    return int(made)


def send(client: Browser, papers: Papers, document: int, who: str, action: str) -> None:
    """Press a button as somebody."""
    act(client.login(who), papers, document, action)


def act(client: Browser, papers: Papers, document: int, action: str) -> None:
    """Press it as whoever is in."""
    version = papers.row(document).version
    answer = client.post(f"/outgoing/{document}/actions/{action}", data={"version": version})
    assert answer.status_code == 303, action


def sign(client: Browser, papers: Papers, document: int, who: str, purpose: str) -> None:
    """Both phases over HTTP."""
    key = papers.keys.held["leader" if purpose == "leader" else "commune"]
    prepared = prepare(client.login(who), purpose, key, papers, document)
    (found,) = finish(
        client, prepared["session"], (document, signature(key, prepared["items"][0])), purpose=purpose
    )
    assert found["ok"] is True, found


def pages(client: Browser) -> None:
    """What people open in a day: reading writes looks and sessions."""
    for who, paths in {
        "leader": ("/desk", "/outgoing", "/register", "/reports"),
        "admin": ("/admin/people", "/admin/units", "/admin/trust", "/admin/jobs", "/account"),
        "inspector": ("/outgoing", "/reports"),
    }.items():
        client.login(who)
        assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def jobs(settings: Settings, engine: Engine, clock: Clock) -> None:
    """Every job runs as this role too, also those that save everything; to put it back, it is the wrong one."""
    tools = Tools(engine=engine, settings=settings, clock=clock)
    for job in JOBS:
        assert set(run_due(tools, job).values()) <= {Outcome.DONE}, job.name
    with unit_of_work(engine) as uow:
        runs = uow.session.execute(select(BackupRun.kind, BackupRun.state).order_by(BackupRun.id)).all()
        assert [tuple(run) for run in runs] == [("backup", "done"), ("drill", "done")]
    with pytest.raises(BackupError, match="restore_not_owner"):
        restoring.demand_empty(engine)


def test_put_back_by_the_owner_served_by_the_web(
    place: Place, served: Engine, office: Office, tmp_path: Path, postgresql_admin: Engine, postgresql_socket: str
) -> None:
    """Into a second database made by the same commands; the owner is no superuser; rights hold there."""
    name = f"again_{place.name}"
    superuser = postgresql.url(postgresql_socket, name)
    owner, web = (make_engine(url).url.username or "" for url in (place.owner, place.served))
    options = ["--owner-role", owner, "--web-role", web]
    with postgresql_admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    bare = create_engine(superuser, isolation_level="AUTOCOMMIT")
    with bare.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(CliRunner().invoke(main, ["migrate", "--roles", *options]).output)
    bare.dispose()
    target = superuser.replace("postgres@", f"{owner}@")
    assert CliRunner().invoke(main, ["migrate", "--database", target, *options]).exit_code == 0
    folder, blobs = BackupFolder(tmp_path / "backup"), open_blobs(str(tmp_path / "blobs"))
    with unit_of_work(served) as uow:
        making.make(uow, folder=folder, blobs=blobs, now=NOON)
    by_owner, by_web = make_engine(target), make_engine(superuser.replace("postgres@", f"{web}@"))
    restoring.restore(by_owner, folder=folder, blobs=open_blobs(str(tmp_path / "other")))
    with served.connect() as old, by_web.connect() as new:
        query = select(Journal.digest).order_by(Journal.id)
        assert new.scalars(query).all() == old.scalars(query).all() != []
    for table in ("journal", "history", "register_number"):
        refused(by_web, f"DELETE FROM {table}")
    by_owner.dispose()
    by_web.dispose()
    with postgresql_admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.mark.parametrize("table", [*GROWING, *KEPT])
def test_what_grows_cannot_be_touched(served: Engine, office: Office, table: str) -> None:
    """Not changed, not deleted, not emptied, not without its triggers: by the role already, before any trigger."""
    verbs = [f"DELETE FROM {table}", f"TRUNCATE {table}", f"DROP TABLE {table}",
             f"ALTER TABLE {table} DISABLE TRIGGER ALL", f"DROP TRIGGER tr_{table}_delete ON {table}",
             f"ALTER TABLE {table} OWNER TO CURRENT_USER"]  # fmt: skip
    if table in GROWING:
        key = GROWING[table][0][0]
        verbs.append(f"UPDATE {table} SET {key} = {key} + 1000")
    for statement in verbs:
        refused(served, statement)


def test_nothing_else_can_be_made_or_removed(served: Engine, office: Office) -> None:
    """No table, no function in the place of ours, no trigger switched off for a session, no other role."""
    for statement in (
        "DROP TABLE outgoing", "CREATE TABLE mine (id int)", "CREATE TEMPORARY TABLE journal (id int)",
        "CREATE OR REPLACE FUNCTION trinhky_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica", "CREATE ROLE other", "DELETE FROM outgoing",
        "UPDATE alembic_version SET version_num = '0'", "CREATE SCHEMA other",
    ):  # fmt: skip
        refused(served, statement)


def test_serve_takes_this_role_and_not_the_owner(place: Place, office: Office) -> None:
    """The check that `trinhky serve` makes; rights beyond what is needed are named."""

    def found(url: str) -> list[tuple[checks.Level, str]]:
        settings = Settings(database_url=url, blob_url="s3://x/y", secret_key="")
        at = checks.Installation(settings=settings, environ={})
        return [(one.level, one.sentence) for one in database.web_role(at)]

    assert found(place.served) == []
    ((level, sentence),) = found(place.owner)
    assert (level, "trinhky migrate --roles" in sentence) == (checks.Level.REFUSE, True)
    owner = make_engine(place.owner)
    web = str(make_engine(place.served).url.username)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"GRANT UPDATE ON journal TO {web}")
    ((level, sentence),) = found(place.served)
    assert (level, "journal" in sentence) == (checks.Level.WARN, True)
    assert roles.grant(place.owner, web=web)
    assert found(place.served) == []
    owner.dispose()


def test_names_of_roles_are_names() -> None:
    """They go into SQL as they are."""
    for name in ("a b", 'x"; DROP TABLE journal; --', "", "Ä", "x" * 64):
        with pytest.raises(BadInput, match="role_name"):
            roles.setup_sql(web=name)


def test_what_the_code_deletes_may_be_deleted() -> None:
    """Every `delete(Table)` of the program stands in the list of what the web's role may delete from."""
    deleted = {
        getattr(models, node.args[0].id).__tablename__
        for path in tree.python("workflow/store", "workflow/services")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delete"
        and isinstance(node.args[0], ast.Name)
    }  # fmt: skip
    assert len(deleted) >= 6
    assert deleted <= roles.DELETABLE
    assert roles.DELETABLE.isdisjoint(
        {*GROWING, *KEPT, "outgoing", "signature", "file_version", "certificate", "crl"}
    )
