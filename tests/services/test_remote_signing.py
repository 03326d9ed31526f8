"""Signing with a remote key: one approval for several documents, once, whoever comes along when."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from tests.support.far import KINDS, Far
from tests.support.papers import Papers
from tests.support.remote_services import running
from workflow.domain.errors import NotFound, Refused
from workflow.domain.key_holders import Control
from workflow.domain.outgoing import State
from workflow.services.journal import verify_subject
from workflow.services.signing import remote
from workflow.store import remote_signing as store
from workflow.store.models import RemoteRequest
from workflow.store.session import UnitOfWork, unit_of_work


@pytest.fixture
def far(request: pytest.FixtureRequest, papers: Papers) -> Iterator[Far]:
    """A SmartCA unless the test names another."""
    kind = getattr(request, "param", "smartca")
    with running(KINDS[kind][0](papers.keys.held["leader"], "0901234567")) as service:
        yield Far(papers, service)


@pytest.mark.parametrize("far", ["smartca", "sim"], indirect=True)
def test_one_approval_signs_several_documents(far: Far) -> None:
    """The code stands on both screens before anything is approved; the page may be closed meanwhile."""
    documents = [far.papers.awaiting() for _ in range(3)]
    first = far.begin(*documents)
    code = far.row(first).code
    assert far.states(first) == ["ready"]
    assert far.service.times("sign") + far.service.times("MSS_Signature") == 0
    assert far.go_on(first)
    assert far.states(first) == ["waiting"]
    assert code in far.service.latest.words
    assert len(code) == (6 if far.service.kind == "sim" else 10)
    far.go_on(first)
    assert far.states(first) == ["waiting"]
    far.service.approve()
    far.now += dt.timedelta(minutes=2)
    assert far.go_on(first)
    assert not far.go_on(first)
    assert far.states(first) == ["done"]
    assert [far.papers.row(one).state for one in documents] == [State.SIGNED] * 3
    made = far.signatures()
    way = KINDS[far.service.kind][1]
    assert {(one.key_holder, one.control, one.received_at) for one in made} == {(way, Control.STRONG, far.now)}
    assert len({one.act_id for one in made}) == 1
    assert len(made) == 3
    with unit_of_work(far.papers.office.engine) as uow:
        assert verify_subject(uow, f"signing_act:{made[0].act_id}").holds


def test_a_batch_above_the_limit_is_several_requests_in_order(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next is sent when the one before is done; after a no none is sent any more."""
    documents = [far.papers.awaiting() for _ in range(3)]
    first = far.begin(*documents)
    assert far.states(first) == ["ready"]
    far.do(lambda uow: _limited(uow, first))
    far.go_on(first)
    assert far.states(first) == ["waiting", "queued", "queued"]
    far.service.approve()
    far.go_on(first)
    assert far.states(first) == ["done", "ready", "queued"]
    far.go_on(first)
    far.service.refuse()
    far.go_on(first)
    assert far.states(first) == ["done", "refused", "cancelled"]
    assert [far.papers.row(one).state for one in documents] == [State.SIGNED, *[State.AWAITING_SIGNATURE] * 2]


def _limited(uow: UnitOfWork, request_id: int) -> None:
    """As if the service took one hash at a time."""
    uow.begin_write()
    row = store.lock(uow.session, request_id)
    items = row.items
    row.items, row.parts = items[:1], len(items)
    for part, item in enumerate(items[1:], start=2):
        copied = {
            column.key: getattr(row, column.key) for column in RemoteRequest.__table__.columns if column.key != "id"
        }
        uow.add(RemoteRequest(**{**copied, "part": part, "items": [item], "state": "queued",
                                 "name": f"{row.name[:30]}{part}"}))  # fmt: skip


def test_many_at_once_do_everything_once(far: Far) -> None:
    """Two pages, the clock and hints of the service, all at the same moment, round after round."""
    documents = [far.papers.awaiting() for _ in range(2)]
    first = far.begin(*documents)
    for step in range(4):
        if step == 2:
            far.service.approve()
        _together(lambda: far.go_on(first), times=6)
    assert far.states(first) == ["done"]
    assert far.service.times("/sign") == 1
    assert len(far.signatures()) == 2 == len({one.document_id for one in far.signatures()})
    with unit_of_work(far.papers.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(RemoteRequest)) == 1


def _together(work: Callable[[], object], *, times: int) -> None:
    gate, broken = threading.Barrier(times), []

    def run() -> None:
        try:
            gate.wait()
            work()
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert broken == []


def test_a_claim_that_was_lost_writes_nothing_down(far: Far) -> None:
    """Who was slow finds that the request was taken back meanwhile."""
    document = far.papers.awaiting()
    first = far.begin(document)
    far.go_on(first)
    far.service.approve()
    old = far.do(lambda uow: remote.advancing.take(uow, first, far.services, now=far.now))
    assert old is not None
    assert not far.go_on(first)
    actor = far.papers.office.actor("leader")
    far.do(lambda uow: remote.cancel(uow, actor, request_id=first, now=far.now))
    answer = old.service.state(old.reference, far.do(lambda uow: remote.advancing._order(uow, old)))
    kept = far.do(lambda uow: remote.advancing.keep_answer(uow, old, answer, now=far.now))
    assert kept is None
    assert far.states(first) == ["cancelled"]
    assert far.signatures() == []
    with pytest.raises(Refused, match="remote_request_over"):
        far.do(lambda uow: remote.cancel(uow, actor, request_id=first, now=far.now))
    clerk = far.papers.office.actor("clerk")
    with pytest.raises(NotFound):
        far.do(lambda uow: remote.cancel(uow, clerk, request_id=first, now=far.now))


@pytest.mark.parametrize("minutes", [3, 16])
def test_a_process_that_died_between_two_files_is_taken_over(far: Far, minutes: int) -> None:
    """The file that is signed stays signed once; the other follows, unless 15 minutes are over."""
    documents = [far.papers.awaiting() for _ in range(2)]
    first = far.begin(*documents)
    far.go_on(first)
    far.service.approve()
    claim = far.do(lambda uow: remote.advancing.take(uow, first, far.services, now=far.now))
    assert claim is not None
    answer = claim.service.state(claim.reference, far.do(lambda uow: remote.advancing._order(uow, claim)))
    far.do(lambda uow: remote.advancing.keep_answer(uow, claim, answer, now=far.now))
    item = far.row(first).items[0]
    far.do(lambda uow: remote.advancing._finish_file(uow, claim, item, blobs=far.papers.blobs, now=far.now))
    assert not far.go_on(first)
    far.now += dt.timedelta(minutes=minutes)
    far.go_on(first)
    assert far.states(first) == ["done"]
    late = "" if minutes < 15 else "signing_session_expired"
    assert [one["code"] for one in far.row(first).items] == ["", late]
    assert len(far.signatures()) == (1 if late else 2)
