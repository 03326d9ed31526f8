"""Everything that can go wrong between a remote key and its file, each with an end of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from tests.support import engines
from tests.support.far import KINDS, Far
from tests.support.papers import Papers
from tests.support.remote_services import running
from workflow.adapters.remote_signing.configured import providers
from workflow.domain.outgoing import State
from workflow.domain.remote_signing import Standing
from workflow.services.signing import remote
from workflow.services.signing.remote.claiming import MET
from workflow.store.models import Certificate, SigningObstacle
from workflow.store.session import Engine, unit_of_work


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """What is asked on both databases is asked in `test_remote_signing`."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture
def far(request: pytest.FixtureRequest, papers: Papers) -> Iterator[Far]:
    """A SmartCA unless the test names another."""
    kind = getattr(request, "param", "smartca")
    with running(KINDS[kind][0](papers.keys.held["leader"], "0901234567")) as service:
        yield Far(papers, service)


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
    with unit_of_work(far.papers.office.engine) as uow:
        (met,) = uow.session.scalars(select(SigningObstacle)).all()
    assert (met.document_id, met.kind, met.holder) == (document, MET[Standing(state)], "remote_rest")
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


def test_a_service_that_never_answers_holds_nobody_for_long(far: Far) -> None:
    """The look ends at its deadline, the request waits, and time ends it."""
    document = far.papers.awaiting()
    first = far.begin(document)
    far.services = providers(json.dumps([{**far.service.setting, "seconds": 1}]))
    far.go_on(first)
    far.service.stalls = 2.0
    far.go_on(first)
    assert (far.row(first).state, far.row(first).trouble) == ("waiting", "provider_unreachable")
    far.now += dt.timedelta(minutes=6)
    assert not far.go_on(first)
    assert far.states(first) == ["expired"]
