"""Another maker's service by the API of the Cloud Signature Consortium: enrolled, confirmed, signed with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from tests.support import engines
from tests.support.csc_service import ACCOUNT, CREDENTIAL, CscService, founded, running
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.adapters.remote_signing import Order
from workflow.adapters.remote_signing.asking import Deadline
from workflow.adapters.remote_signing.configured import providers
from workflow.domain.errors import BadInput, Refused
from workflow.domain.key_holders import Control, KeyHolder
from workflow.domain.outgoing import State
from workflow.services import signing
from workflow.services.signing import remote
from workflow.store import accounts
from workflow.store.models import Certificate, LoginSession, Person, RemoteRequest, Signature
from workflow.store.session import Engine, UnitOfWork, unit_of_work

R = TypeVar("R")
ORIGIN = "http://127.0.0.1:8400"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """What is asked on both databases is asked in `test_remote_signing`."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture(params=[True, False], ids=["pinned", "unpinned"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CscService]:
    """With SCAL 2 and without."""
    with running(founded(tmp_path, pinned=request.param)) as made:
        yield made


class Far:
    """An office and the service."""

    def __init__(self, papers: Papers, service: CscService) -> None:
        self.papers, self.services = papers, providers(json.dumps([service.setting]))
        service.believed(papers.office, at=NOON)
        self.now = NOON

    def do(self, work: Callable[[UnitOfWork], R]) -> R:
        """As a door runs it."""
        with unit_of_work(self.papers.office.engine) as uow:
            result = work(uow)
            uow.commit()
            return result

    def login(self, who: str) -> int:
        """A browser of theirs."""
        post = self.papers.office.posts[who]

        def work(uow: UnitOfWork) -> LoginSession:
            uow.begin_write()
            account = accounts.account_of(uow.session, post.person_id)
            assert account is not None
            row = LoginSession(id_hash=who * 2, account_id=account.id, post_id=post.id, created_at=self.now,
                               seen_at=self.now)  # fmt: skip
            uow.add(row)
            return row

        return self.do(work).id

    def go_on(self, request_id: int) -> None:
        """A step."""
        remote.advance(
            self.do, request_id=request_id, services=self.services, blobs=self.papers.blobs, clock=lambda: self.now
        )

    def all(self, model: type[Any]) -> list[Any]:
        """Every row, the oldest first."""
        return self.do(lambda uow: list(uow.session.scalars(select(model).order_by(model.id)).all()))


def test_enrolled_confirmed_and_signed_with(papers: Papers, service: CscService) -> None:
    """The far key signs our challenge; a second person confirms; three documents are two requests of one act."""
    far, actor = Far(papers, service), papers.office.actor("leader")
    found = far.do(
        lambda uow: remote.offered(uow, actor, provider="csc", account=f" {ACCOUNT} ", services=far.services)
    )
    wanted = next(one for one in found if one.id == CREDENTIAL)
    assert wanted.facts.common_name == "Nguyễn Văn A"
    assert not wanted.enrolled
    asked: dict[str, Any] = {
        "provider": "csc", "account": ACCOUNT, "credential": CREDENTIAL, "for_agency": False,
        "login_session_id": far.login("leader"), "origin": ORIGIN, "services": far.services, "now": far.now,
    }  # fmt: skip
    with pytest.raises(Refused, match="remote_name_differs"):
        remote.begin_enrolment(far.do, actor, **asked)
    far.do(lambda uow: _rename(uow, actor.person_id, "Nguyễn Văn A"))
    request_id = remote.begin_enrolment(far.do, actor, **asked)
    far.go_on(request_id)
    request = far.all(RemoteRequest)[0]
    assert (request.state, request.reason) == ("done", "")
    row = far.all(Certificate)[-1]
    assert row.holder == KeyHolder.REMOTE_CSC
    assert row.status == "pending"
    assert row.held == {"provider": "csc", "account": ACCOUNT, "credential": CREDENTIAL}
    admin, why = papers.office.actor("admin"), "Chứng thư thử của dịch vụ"
    far.do(lambda uow: signing.confirm(uow, admin, certificate_id=row.id, despite=why, now=far.now))
    documents = [papers.awaiting() for _ in range(3)]
    begun = remote.begin(
        far.do, actor, papers.office.scope("leader"), purpose="leader", login_session_id=None,
        certificate_id=row.id, files=[remote.File(one, papers.row(one).version) for one in documents],
        services=far.services, blobs=papers.blobs, now=far.now,
    )  # fmt: skip
    for _part in range(2):
        far.go_on(begun.request_id)
    assert [(one.state, one.part, one.parts) for one in far.all(RemoteRequest)[1:]] == [
        ("done", 1, 2), ("done", 2, 2),
    ]  # fmt: skip
    assert [papers.row(one).state for one in documents] == [State.SIGNED] * 3
    strong = Control.STRONG if service.pinned else Control.MEDIUM
    assert {(one.key_holder, one.control) for one in far.all(Signature)} == {(KeyHolder.REMOTE_CSC, strong)}


def _rename(uow: UnitOfWork, person_id: int | None, name: str) -> None:
    uow.begin_write()
    uow.session.get_one(Person, person_id).full_name = name


def test_many_credentials_get_the_time_of_one_question() -> None:
    """A service that lists many and answers slowly holds nobody longer."""
    assert 0 < Deadline(60).left() <= 60
    with pytest.raises(Refused, match="provider_unreachable"):
        Deadline(0).left()


def test_an_authorization_is_for_its_hashes_only(service: CscService) -> None:
    """SCAL 2 is no word alone: what was authorized for one document signs no other. A service that is gone and one
    that answers nonsense are told apart."""
    made = providers(json.dumps([service.setting]))["csc"]
    order = Order(
        name="a", account=ACCOUNT, credential=CREDENTIAL, hashes=(("1", b"1" * 32),), function="sha256", kind="ec",
        code="ABC", words="",
    )  # fmt: skip
    given = made.ask(order)
    assert list(given.signatures) == ["1"]
    if service.pinned:
        sad = made.line.post(  # type: ignore[attr-defined]
            "/credentials/authorize", {"credentialID": CREDENTIAL, "numSignatures": 1, "hash": ["MTEx"]}
        )["SAD"]
        body = {"credentialID": CREDENTIAL, "SAD": sad, "hash": ["MjIy"], "signAlgo": "1.2.840.10045.4.3.2"}
        with pytest.raises(Refused, match="provider_said_no"):
            made.line.post("/signatures/signHash", body)  # type: ignore[attr-defined]
    gone = providers(json.dumps([{**service.setting, "url": "http://127.0.0.1:1/csc/v1"}]))["csc"]
    with pytest.raises(Refused, match="provider_unreachable"):
        gone.ask(order)


@pytest.mark.parametrize(
    "wrong",
    [
        "{", "[1]", '[{"name": "a"}]',
        '[{"name": "a", "kind": "csc", "title": "A", "url": "http://csc.example/v1"}]',
        '[{"name": "a", "kind": "sim", "title": "A", "url": "https://csc.example/v1"}]',
        '[{"name": "a", "kind": "csc", "title": "A", "url": "https://x.example", "hook": "short"}]',
        '[{"name": "a", "kind": "other", "title": "A", "url": "https://x.example"}]',
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_refused_without_repeating_it(wrong: str) -> None:
    """Plain http is for a place that the setting calls private; secrets stand in no message."""
    with pytest.raises(BadInput, match="remote_signing_unreadable") as refused:
        providers(wrong)
    assert "example" not in str(refused.value)
