"""Certified copies sealed with a remote key: one approval for a batch, once, whoever comes along."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update

from tests.support.copied import act, arrived, begun, numbered, row
from tests.support.csc_service import ACCOUNT, CREDENTIAL, founded
from tests.support.csc_service import running as csc_running
from tests.support.far import KINDS, Far
from tests.support.papers import Papers
from tests.support.remote_services import running
from workflow.adapters.remote_signing.configured import providers
from workflow.domain.copies import Form
from workflow.domain.key_holders import KeyHolder
from workflow.services import copies, signing
from workflow.services.journal import verify_subject
from workflow.services.signing import remote
from workflow.store import certificates
from workflow.store.models import (
    Certificate,
    CopyItem,
    Incoming,
    Journal,
    Outbox,
    RemoteRequest,
    SigningObstacle,
    SigningSession,
)
from workflow.store.session import UnitOfWork, unit_of_work

R = TypeVar("R")


@pytest.fixture
def far(request: pytest.FixtureRequest, papers: Papers) -> Iterator[Far]:
    """The agency's key lies at a SmartCA unless the test names another."""
    kind = getattr(request, "param", "smartca")
    with running(KINDS[kind][0](papers.keys.held["commune"], "0901234567")) as service:
        yield Far(papers, service)


def three(papers: Papers) -> list[int]:
    """Of one arrival, in each form."""
    arrival = arrived(papers)
    return [numbered(papers, incoming_id=arrival, form=form, pages="1") for form in Form]


def begin(far: Far, *chosen: int) -> int:
    """By the clerk, over copies."""
    return far.begin(*chosen, who="clerk", purpose="copy", read=row)


@pytest.mark.parametrize("far", ["smartca", "sim"], indirect=True)
def test_one_approval_seals_several_copies(far: Far) -> None:
    """The code stands on both screens; the page may be closed; one act with its manifest stands in the journal."""
    chosen = three(far.papers)
    first = begin(far, *chosen)
    assert (far.states(first), far.go_on(first), far.states(first)) == (["ready"], True, ["waiting"])
    assert far.row(first).code in far.service.latest.words
    assert len(far.service.latest.hashes) == 3
    far.service.approve()
    far.now += dt.timedelta(minutes=2)
    far.go_on(first)
    assert (far.go_on(first), far.states(first)) == (False, ["done"])
    made = [row(far.papers, one) for one in chosen]
    assert {(one.state, one.conclusion, one.key_holder) for one in made} == {
        ("done", "passed", str(KINDS[far.service.kind][1]))
    }
    with unit_of_work(far.papers.office.engine) as uow:
        opened = uow.session.get_one(SigningSession, far.row(first).act_id)
        assert (opened.purpose, len(opened.manifest["documents"]), opened.ended_at) == ("copy", 3, far.now)
        assert verify_subject(uow, f"signing_act:{opened.id}").holds
        tags = list(uow.session.scalars(select(Journal.tag).where(Journal.subject == f"signing_act:{opened.id}")))
        seals = select(Journal.body).where(Journal.tag == "document:copy:seal")
        codes = {json.loads(body)["facts"]["act"] for body in uow.session.scalars(seals)}
        assert uow.session.scalars(select(SigningObstacle.id)).all() == []
    assert sorted(tags) == [
        "signing:act:begun",
        "signing:act:ended",
        "signing:request:asked",
        "signing:request:ended",
    ]
    assert codes == {opened.manifest_code}


@pytest.mark.parametrize("limit", [10, 2])
def test_by_another_makers_service(papers: Papers, tmp_path: Path, limit: int) -> None:
    """Three copies with one authorization where it takes so many hashes, else in two requests of one act."""
    service = founded(tmp_path)
    service.limit = limit
    with csc_running(service):
        services = providers(json.dumps([service.setting]))
        service.believed(papers.office, at=papers.now)
        key = _agencys(papers, service.certificate("person"), service.certificate("authority"))
        chosen = three(papers)

        def do(work: Callable[[UnitOfWork], R]) -> R:
            with unit_of_work(papers.office.engine) as uow:
                result = work(uow)
                uow.commit()
                return result

        begun = remote.begin(
            do, papers.office.actor("clerk"), papers.office.scope("clerk"), purpose="copy", login_session_id=None,
            certificate_id=key, files=[remote.File(one, row(papers, one).version) for one in chosen],
            services=services, blobs=papers.blobs, now=papers.now,
        )  # fmt: skip
        for _part in range(2):
            remote.advance(do, request_id=begun.request_id, services=services, blobs=papers.blobs,
                           clock=lambda: papers.now)  # fmt: skip
        requests = do(lambda uow: list(uow.session.scalars(select(RemoteRequest)).all()))
    assert [one.state for one in requests] == ["done"] * (1 if limit == 10 else 2)
    assert {(row(papers, one).state, row(papers, one).key_holder) for one in chosen} == {
        ("done", str(KeyHolder.REMOTE_CSC))
    }


def _agencys(papers: Papers, der: bytes, chain: bytes) -> int:
    """The other maker's certificate, confirmed as the agency's."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        like = certificates.live(uow.session, papers.keys.held["commune"].fingerprint)
        assert like is not None
        values: dict[str, Any] = {one.key: getattr(like, one.key) for one in Certificate.__table__.columns}
        del values["id"]
        values |= {"der": der, "sha256": hashlib.sha256(der).hexdigest(), "chain": chain, "holder": "remote_csc",
                   "held": {"provider": "csc", "account": ACCOUNT, "credential": CREDENTIAL}}  # fmt: skip
        made = Certificate(**values)
        uow.add(made)
        uow.commit()
        return made.id


def test_a_no_leaves_the_copies_to_be_sealed_and_is_told(far: Far) -> None:
    """Nothing moved; whoever closed the page reads why; no document of the same number met anything."""
    chosen = three(far.papers)[:2]
    first = begin(far, *chosen)
    far.go_on(first)
    far.service.refuse()
    far.go_on(first)
    assert far.states(first) == ["refused"]
    assert {row(far.papers, one).state for one in chosen} == {"numbered"}
    later = far.now + dt.timedelta(minutes=5)
    far.do(lambda uow: [remote.tell(uow, request_id=one, titles={}, now=later)
                        for one in remote.untold(uow, now=later)])  # fmt: skip
    with unit_of_work(far.papers.office.engine) as uow:
        assert uow.session.scalars(select(SigningObstacle.id)).all() == []
        told = uow.session.scalars(select(Outbox).where(Outbox.link == f"/sign/remote/{first}")).one()
    assert told.person_id == far.papers.office.posts["clerk"].person_id


def test_begun_anew_takes_back_what_was_asked_for_the_same_copies_only(far: Far) -> None:
    """Another copy keeps its request; one that was sealed in another way meanwhile refuses the late answer."""
    one, other, third = three(far.papers)
    first = begin(far, one)
    second = begin(far, other)
    again = begin(far, one, third)
    assert [far.states(one) for one in (first, second, again)] == [["cancelled"], ["ready"], ["ready"]]
    far.go_on(second)
    with unit_of_work(far.papers.office.engine) as uow:  # the clerk finds the key file after all
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder=KeyHolder.BROWSER_FILE))
        uow.commit()
    far.papers.do(copies.finish, "clerk", **begun(far.papers, other))
    far.service.approve()
    far.go_on(second)
    assert far.row(second).items[0]["code"] in {"signature_superseded", "copy_stale"}
    assert row(far.papers, other).key_holder == "pkcs12_browser"


def test_what_moved_meanwhile_is_left_out_or_refused(far: Far) -> None:
    """Cancelled before it was sent: left out, and said so. Cancelled, or secret, while the telephone waits:
    refused, and the others are sealed."""
    one, other, third = three(far.papers)
    gone = numbered(far.papers)
    act(far.papers, "clerk", copies.cancel, gone, reason="Sao nhầm")
    first = begin(far, one, other, gone)
    left = far.row(first).about["left_out"]
    assert [(item["document"], item["code"]) for item in left] == [(gone, "copy_wrong_state")]
    far.go_on(first)
    act(far.papers, "clerk", copies.cancel, other, reason="Sao nhầm")
    far.service.approve()
    far.go_on(first)
    told = {item["document"]: (item["state"], item["code"]) for item in far.row(first).items}
    assert told == {one: ("done", ""), other: ("failed", "signature_superseded")}
    last = begin(far, third)
    far.go_on(last)
    with unit_of_work(far.papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Incoming).values(secret=True))
        uow.commit()
    far.service.approve()
    far.go_on(last)
    assert far.row(last).items[0]["code"] == "copy_secret"
    assert row(far.papers, third).state == "numbered"


def test_the_server_fell_between_the_answer_and_the_files(far: Far) -> None:
    """Killed after the first of two files: the other is finished by the clock, the telephone is not asked again."""
    chosen = three(far.papers)[:2]
    first = begin(far, *chosen)
    far.go_on(first)
    far.service.approve()

    def falling(work: Callable[[UnitOfWork], R]) -> R:
        if any(row(far.papers, one).state == "done" for one in chosen):
            raise KeyboardInterrupt
        return far.do(work)

    with pytest.raises(KeyboardInterrupt):
        remote.advance(falling, request_id=first, services=far.services, blobs=far.papers.blobs,
                       clock=lambda: far.now)  # fmt: skip
    assert sorted(row(far.papers, one).state for one in chosen) == ["done", "numbered"]
    asked = far.service.times("/sign")
    far.now += dt.timedelta(minutes=4)  # the claim of who fell runs out
    far.go_on(first)
    assert {row(far.papers, one).state for one in chosen} == {"done"}
    assert (far.states(first), far.service.times("/sign")) == (["done"], asked)
    with unit_of_work(far.papers.office.engine) as uow:
        assert list(uow.session.scalars(select(CopyItem.status))) == ["done", "done"]
        assert signing.unfinished(uow, far.papers.office.actor("clerk"), now=far.now) is None
