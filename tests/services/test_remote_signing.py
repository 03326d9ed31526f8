"""Signing with a remote key: one approval for several documents, and everything that can go wrong on the way."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from tests.support.office import NOON
from tests.support.papers import Papers
from tests.support.remote_services import SimPki, SmartCa, Telephone, running
from workflow.adapters.remote_signing.configured import providers
from workflow.domain.errors import NotFound, Refused
from workflow.domain.key_holders import Control, KeyHolder
from workflow.domain.outgoing import State
from workflow.services.journal import verify_subject
from workflow.services.signing import remote
from workflow.store import certificates
from workflow.store import remote_signing as store
from workflow.store.models import Certificate, RemoteRequest, Signature
from workflow.store.session import UnitOfWork, unit_of_work

R = TypeVar("R")
KINDS = {"smartca": (SmartCa, KeyHolder.REMOTE_REST), "sim": (SimPki, KeyHolder.MOBILE_PKI)}


@dataclass
class Far:
    """The office with a leader whose key lies at a service; `now` is the clock of everybody."""

    papers: Papers
    service: Telephone
    now: dt.datetime = NOON
    services: dict[str, Any] = field(default_factory=dict)

    def do(self, work: Callable[[UnitOfWork], R]) -> R:
        """One unit of work, as a door runs it."""
        with unit_of_work(self.papers.office.engine) as uow:
            result = work(uow)
            uow.commit()
            return result

    def hold(self, name: str) -> int:
        """The certificate's key lies at the service."""
        with unit_of_work(self.papers.office.engine) as uow:
            uow.begin_write()
            row = certificates.live(uow.session, self.papers.keys.held[name].fingerprint)
            assert row is not None
            row.holder = KINDS[self.service.kind][1]
            credential = "sign" if self.service.kind == "sim" else f"{self.service.identity.serial:x}"
            row.held = {"provider": self.service.name, "account": self.service.account, "credential": credential}
            uow.commit()
            return row.id

    def begin(self, *documents: int, who: str = "leader", purpose: str = "leader") -> int:
        """Choose, prepare, fix; the answer is the first request."""
        self.services = providers(json.dumps([self.service.setting]))
        office = self.papers.office
        files = [remote.File(one, self.papers.row(one).version) for one in documents]
        begun = remote.begin(
            self.do, office.actor(who), office.scope(who), purpose=purpose, login_session_id=None,
            certificate_id=self.hold("leader" if purpose == "leader" else "commune"), files=files,
            services=self.services, blobs=self.papers.blobs, now=self.now,
        )  # fmt: skip
        return begun.request_id

    def go_on(self, request_id: int) -> bool:
        """Whoever comes along."""
        return remote.advance(
            self.do, request_id=request_id, services=self.services, blobs=self.papers.blobs, clock=lambda: self.now
        )

    def row(self, request_id: int) -> RemoteRequest:
        """As it stands."""
        with unit_of_work(self.papers.office.engine) as uow:
            return uow.session.get_one(RemoteRequest, request_id)

    def states(self, request_id: int) -> list[str]:
        """Of every part."""
        with unit_of_work(self.papers.office.engine) as uow:
            return [
                one.state for one in store.parts_of(uow.session, uow.session.get_one(RemoteRequest, request_id))
            ]

    def signatures(self) -> list[Signature]:
        """Every one that stands."""
        with unit_of_work(self.papers.office.engine) as uow:
            return list(uow.session.scalars(select(Signature).order_by(Signature.id)).all())


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


def test_the_clerk_numbers_and_seals_with_a_remote_key(far: Far) -> None:
    """The agency's certificate, in the clerk's hands, by the same road."""
    far.service.identity = far.papers.keys.held["commune"]
    document = far.papers.numbered()
    for purpose, state in (("number", State.NUMBERED), ("seal", State.SEALED)):
        first = far.begin(document, who="clerk", purpose=purpose)
        far.go_on(first)
        far.service.approve()
        far.go_on(first)
        assert far.states(first) == ["done"], far.row(first).items
        assert far.papers.row(document).state == state


def swapped(given: dict[str, bytes]) -> dict[str, bytes]:
    """Each document gets the other's signature."""
    return dict(zip(given, reversed(given.values()), strict=True))


def one_missing(given: dict[str, bytes]) -> dict[str, bytes]:
    """The last is left out, and one nobody asked for comes."""
    kept = list(given)[:-1]
    return {**{name: given[name] for name in kept}, "999999": b"x" * 70}


def bent(given: dict[str, bytes]) -> dict[str, bytes]:
    """The first is no signature at all."""
    first = next(iter(given))
    return {**given, first: given[first][:-1] + bytes([given[first][-1] ^ 1])}


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (swapped, ["signature_does_not_fit", "signature_does_not_fit"]),
        (one_missing, ["", "remote_signature_missing"]),
        (bent, ["signature_does_not_fit", ""]),
    ],
)
def test_what_does_not_fit_is_never_embedded(
    far: Far, spoil: Callable[[dict[str, bytes]], dict[str, bytes]], codes: list[str]
) -> None:
    """The right key over another hash, too; what fits stays."""
    documents = [far.papers.awaiting() for _ in range(2)]
    first = far.begin(*documents)
    far.go_on(first)
    far.service.spoil = spoil
    far.service.approve()
    far.go_on(first)
    assert far.states(first) == ["done"]
    assert [one["code"] for one in far.row(first).items] == codes
    states = [State.AWAITING_SIGNATURE if code else State.SIGNED for code in codes]
    assert [far.papers.row(one).state for one in documents] == states
    assert len(far.signatures()) == codes.count("")
    assert all("signature" not in one or one["state"] == "failed" for one in far.row(first).items)


@pytest.mark.parametrize(
    ("happens", "state", "reason"),
    [
        (lambda far: far.service.refuse(), "refused", "rejected"),
        (lambda far: far.service.expire(), "expired", "expired"),
        (lambda far: far.service.forget(), "unreachable", "unknown"),
        (lambda far: setattr(far, "now", far.now + dt.timedelta(minutes=6)), "expired", "time_is_over"),
    ],
)
def test_each_bad_end_is_a_state_of_its_own(
    far: Far, happens: Callable[[Far], None], state: str, reason: str
) -> None:
    """Nothing is signed, the document stays, and an approval after that leads nowhere."""
    document = far.papers.awaiting()
    first = far.begin(document)
    far.go_on(first)
    kept = far.service.latest
    happens(far)
    far.go_on(first)
    row = far.row(first)
    assert (row.state, row.reason) == (state, reason)
    far.service.known[kept.name] = kept
    kept.state = "approved"
    assert not far.go_on(first)
    assert far.papers.row(document).state == State.AWAITING_SIGNATURE
    assert far.signatures() == []


def test_a_broken_line_changes_nothing(far: Far) -> None:
    """Lost on the way to the service or back: it is asked again by our own name, and approved once."""
    document = far.papers.awaiting()
    first = far.begin(document)
    far.service.lose_answers = True
    far.go_on(first)
    assert (far.row(first).state, far.row(first).trouble) == ("waiting", "provider_misspoke")
    far.go_on(first)
    assert far.row(first).state == "waiting"
    far.service.lose_answers = False
    far.service.approve()
    far.go_on(first)
    assert far.states(first) == ["done"]
    assert far.service.times("/sign") == 1
    assert far.papers.row(document).state == State.SIGNED


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


def test_the_world_is_asked_again_when_the_signature_comes(far: Far) -> None:
    """The certificate was retired on the way: the signature is right, and too late."""
    document = far.papers.awaiting()
    first = far.begin(document)
    far.go_on(first)
    far.service.approve()
    with unit_of_work(far.papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.scalars(
            select(Certificate).where(Certificate.sha256 == far.service.identity.fingerprint)
        ).one()
        row.status, row.retired_at = "retired", far.now
        uow.commit()
    far.go_on(first)
    assert [one["code"] for one in far.row(first).items] == ["certificate_not_confirmed"]
    assert far.signatures() == []


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


def test_a_request_that_was_begun_anew_is_taken_back(far: Far) -> None:
    """And one that was broken off while it was sent is asked for by our own name."""
    document = far.papers.awaiting()
    earlier = far.begin(document)
    far.go_on(earlier)
    old = far.service.latest
    first = far.begin(document)
    assert far.states(earlier) == ["cancelled"]
    far.do(lambda uow: remote.advancing.take(uow, first, far.services, now=far.now))
    far.now += dt.timedelta(minutes=3)
    old.state = "approved"
    far.go_on(first)
    assert (far.row(first).state, far.row(first).reason) == ("unreachable", "unknown")
    assert far.signatures() == []
