"""Everything that a signature is bound to, bent one by one: nothing is embedded but in the lawful case.

Each row bends one thing, once before the document is prepared and once between prepare and finish.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from signing.testing import Revoked
from tests.services.test_signing_road import MORNING, Road
from tests.services.test_two_at_once import _race as race
from tests.support import engines
from tests.support.office import NOON, SINCE, build
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import Scope
from workflow.services import signing as service
from workflow.services.documents.files import confirm_format
from workflow.services.signing import preparing
from workflow.services.signing.deciding import retire
from workflow.store import documents as store
from workflow.store.models import Account, LoginSession, PostRow, SigningItem
from workflow.store.session import unit_of_work


@dataclass(slots=True)
class Case:
    """The leader's act over one document, in one login; `actor`, `scope`, `login`, `token` are what is sent."""

    road: Road
    document: int
    version: int
    actor: Actor
    scope: Scope
    logins: list[int]
    token: str = ""
    login: int = 0
    prepared: list[service.PreparedItem] = field(default_factory=list)

    def call(self, service_: Callable[..., Any], **named: Any) -> Any:
        with unit_of_work(self.road.office.engine) as uow:
            found = service_(
                uow, self.actor, self.scope, session=self.token, login_session_id=self.login,
                document_id=self.document, blobs=self.road.blobs, now=self.road.now, **named,
            )  # fmt: skip
            uow.commit()
            return found

    def open(self) -> None:
        with unit_of_work(self.road.office.engine) as uow:
            self.token = service.open_session(
                uow, self.actor, purpose="leader", login_session_id=self.login,
                certificate=self.road.keys.held["leader"].der, now=self.road.now,
            )  # fmt: skip
            uow.commit()

    def prepare(self) -> None:
        self.prepared.append(self.call(service.prepare, version=self.version))

    def finish(self) -> service.Outcome:
        signature = self.road.keys.held["leader"].sign(self.prepared[0].to_be_signed, raw=True)
        outcome: service.Outcome = self.call(service.finish, signature=signature)
        return outcome

    def nothing_is_signed(self) -> None:
        with unit_of_work(self.road.office.engine) as uow:
            assert store.signatures_of(uow.session, self.document) == []
            assert "sign" not in [line.action for line, _ in store.history_of(uow.session, self.document)]
            kinds = {version.kind for version in store.files_of(uow.session, self.document)}
            assert not kinds & {"signed", "numbered", "sealed"}
            assert "done" not in uow.session.scalars(select(SigningItem.status)).all()


def case_of(engine: Engine, folder: Path) -> Case:
    office = build(engine)
    papers = papers_of(office, open_blobs(str(folder / "blobs")))
    road = Road(office, papers.keys, papers.blobs)
    document = road.awaiting()
    case = Case(road, document, road.document(document).version, office.actor("leader"), office.scope("leader"), [])
    with unit_of_work(engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(
            select(Account.id).where(Account.person_id == office.posts["leader"].person_id)
        )
        key = account.one()
        for name in ("one", "two"):
            login = LoginSession(id_hash=hashlib.sha256(name.encode()).hexdigest(), account_id=key,
                                 created_at=NOON, seen_at=NOON)  # fmt: skip
            uow.add(login)
            uow.flush()
            case.logins.append(login.id)
        uow.commit()
    case.login = case.logins[0]
    case.open()
    return case


@pytest.fixture
def case(sqlite_url: str, tmp_path: Path) -> Iterator[Case]:
    """What is bent is asked of rules, not of a database: one is enough."""
    with engines.lent(sqlite_url, durable=False) as engine:
        yield case_of(engine, tmp_path)


def other_login(case: Case) -> None:
    case.login = case.logins[1]


def somebody(name: str) -> Callable[[Case], None]:
    def bend(case: Case) -> None:
        case.actor, case.scope = case.road.office.actor(name), case.road.office.scope(name)

    return bend


def foreign_scope(case: Case) -> None:
    case.scope = case.road.office.scope("far_leader")


def unknown_token(case: Case) -> None:
    case.token = "A" * 43


def other_post(case: Case) -> None:
    """The same person holds a second post, as leader of the same commune, and acts in that one."""
    mine = case.road.office.posts["leader"]
    row = PostRow(person_id=mine.person_id, unit_id=mine.unit_id, agency_id=mine.agency_id, role=Role.LEADER,
                  title="Chủ tịch (kiêm)", valid_from=SINCE)  # fmt: skip
    with unit_of_work(case.road.office.engine) as uow:
        uow.begin_write()
        uow.add(row)
        uow.commit()
    case.actor = Actor.of(
        Post(row.id, row.person_id, row.unit_id, row.agency_id, Role.LEADER, row.title, SINCE, None)
    )


def other_post_with_an_act_of_its_own(case: Case) -> None:
    other_post(case)
    case.open()


def post_ended(case: Case) -> None:
    with unit_of_work(case.road.office.engine) as uow:
        uow.begin_write()
        mine = PostRow.id == case.road.office.posts["leader"].id
        uow.session.execute(update(PostRow).where(mine).values(valid_to=(NOON - dt.timedelta(days=1)).date()))
        uow.commit()


def certificate_retired(case: Case) -> None:
    with unit_of_work(case.road.office.engine) as uow:
        found = preparing.own_certificate(
            uow, case.road.office.actor("leader"), case.road.keys.held["leader"].der,
            purpose=preparing.SignaturePurpose.LEADER,
        )  # fmt: skip
        retire(uow, case.road.office.actor("leader"), certificate_id=found.id, why="broken", now=NOON)
        uow.commit()


def certificate_revoked(case: Case) -> None:
    gone = Revoked(case.road.keys.held["leader"].serial, MORNING, "keyCompromise")
    case.road.keys.publish(at=NOON, revoked=(gone,))


def changed_and_back(case: Case) -> None:
    """Returned, submitted, approved and checked again: the same state, another version."""
    case.road.act("leader", case.document, Action.RETURN, "Sai số liệu")
    case.road.act("drafter", case.document, Action.SUBMIT)
    case.road.act("head", case.document, Action.APPROVE)
    case.road.do(confirm_format, "clerk", document_id=case.document, version=None, blobs=case.road.blobs,
                 base_url="http://127.0.0.1:8400")  # fmt: skip


def returned(case: Case) -> None:
    case.road.act("leader", case.document, Action.RETURN, "Sai số liệu")


def sixteen_minutes(case: Case) -> None:
    case.road.now = NOON + dt.timedelta(minutes=16)


def superseded(case: Case) -> None:
    """The same page once more, in another tab."""
    token = case.token
    case.open()
    case.call(service.prepare, version=case.version)
    case.token = token


@dataclass(frozen=True, slots=True)
class Row:
    """`prepare`: what is said at prepare; empty where the bend is found out at finish only."""

    bend: Callable[[Case], None]
    prepare: str
    finish: str


NOT_HERE = "signing_session_not_found"
ROWS = {
    "another login": Row(other_login, NOT_HERE, NOT_HERE),
    "the deputy": Row(somebody("deputy"), NOT_HERE, NOT_HERE),
    "the clerk": Row(somebody("clerk"), NOT_HERE, NOT_HERE),
    "a leader elsewhere": Row(somebody("far_leader"), NOT_HERE, NOT_HERE),
    "another scope": Row(foreign_scope, "document_not_found", "document_not_found"),
    "a made-up token": Row(unknown_token, NOT_HERE, NOT_HERE),
    "another post of the same person": Row(other_post, NOT_HERE, NOT_HERE),
    "that post with its own act": Row(other_post_with_an_act_of_its_own, "capacity_not_allowed",
                                      "signing_item_not_found"),
    "a post that ended": Row(post_ended, "post_not_held", "post_not_held"),
    "a retired certificate": Row(certificate_retired, "certificate_not_confirmed", "certificate_not_confirmed"),
    "a revoked certificate": Row(certificate_revoked, "", "certificate_revoked"),
    "another version": Row(changed_and_back, "stale", "stale"),
    "another state": Row(returned, "stale", "stale"),
    "sixteen minutes": Row(sixteen_minutes, "signing_session_expired", "signing_session_expired"),
    "a newer act": Row(superseded, "", "signature_superseded"),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_nothing_is_embedded_but_in_the_lawful_case(case: Case, name: str) -> None:
    """Bent between prepare and finish, or before prepare: refused by its name, and the document is as it was."""
    row = ROWS[name]
    lawful = (case.actor, case.scope, case.login, case.token)
    case.prepare()
    row.bend(case)
    with pytest.raises(WorkflowError) as caught:
        case.finish()
    assert caught.value.code == row.finish
    case.nothing_is_signed()
    if row.prepare:
        with pytest.raises(WorkflowError) as caught:
            case.prepare()
        assert caught.value.code == row.prepare
    case.nothing_is_signed()
    bent = (case.actor, case.scope, case.login, case.token)
    case.actor, case.scope, case.login, case.token = lawful
    if bent != lawful:
        assert case.finish().conclusion == "passed", "the lawful answer is taken all the same"


def test_fifty_at_once_and_one_signature(engine: Engine, tmp_path: Path) -> None:
    """Half of them lawful, the others each unlawful in its own way, all at the same moment: one embed."""
    case = case_of(engine, tmp_path)
    case.prepare()
    bends = [other_login, somebody("deputy"), foreign_scope, unknown_token, somebody("clerk")]

    def copy(place: int) -> Case:
        made = Case(case.road, case.document, case.version, case.actor, case.scope, case.logins, case.token,
                    case.login, case.prepared)  # fmt: skip
        if place % 2:
            bends[place // 2 % len(bends)](made)
        return made

    answers: list[service.Outcome] = []

    def sending(one: Case) -> Callable[[], None]:
        return lambda: answers.append(one.finish())

    told = race(*(sending(copy(place)) for place in range(50)))
    assert [error is None for error in told[1::2]] == [False] * 25
    assert all(error is None or error.code == "stale" for error in told[::2])
    assert [answer.again for answer in answers].count(False) == 1
    with unit_of_work(engine) as uow:
        assert len(store.signatures_of(uow.session, case.document)) == 1
        assert [line.action for line, _ in store.history_of(uow.session, case.document)].count("sign") == 1
        kinds = [version.kind for version in store.files_of(uow.session, case.document)]
        assert kinds.count("signed") == 1
        assert store.find(case.scope, uow.session, case.document).state == State.SIGNED
