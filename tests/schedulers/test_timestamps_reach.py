"""What hangs on longer files: ends of algorithms, changes of trust, later verdicts, evidence about stamps."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

import signing
from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from signing.testing import KeyKind
from signing.testing.certificates import Links
from tests.schedulers.conftest import Hand
from tests.schedulers.stamped import World, opened
from tests.support import authorities
from tests.support import trust as trust_steps
from tests.support.office import Office
from workflow.domain.proofs import Proof
from workflow.services import sunsets, trust_changes
from workflow.services.trust_evidence import ageing
from workflow.services.verification import rechecking
from workflow.services.verification.causes import Cause, causes_between
from workflow.store import proofs
from workflow.store.models import (
    AlgorithmSunset,
    Outbox,
    Signature,
    VerdictRow,
)
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def strong(tools: Tools, office: Office, clock: Hand) -> Iterator[World]:
    """An authority with keys of another curve than everybody's who signs."""
    with opened(tools, office, clock, kind=KeyKind.P384) as made:
        yield made


def test_what_was_lengthened_counts_as_proven_and_is_the_same_document(strong: World) -> None:
    """The stored verdicts are about the sealed file. Ends of algorithms count the timestamp nevertheless, up to
    their day and unless it rests on the same one; a change of trust is counted over the present file; and when the
    answer about a signature changes, the longer file is not named as its cause."""
    world = strong
    trust_steps.second_admin(world.office)
    document_id = world.issued()
    world.run()
    found = world.proof(document_id)
    assert found.state == Proof.STAMPED
    now = world.clock.now
    with unit_of_work(world.office.engine) as uow:
        assert uow.session.scalars(select(VerdictRow).where(VerdictRow.occasion == "recheck")).all() == []
        end = AlgorithmSunset(algorithm="secp256r1", until=now + 100 * DAY)
        assert {one.proven_at for one in sunsets.concerned(uow, end)} == {found.stamped_at}
        for own in ("sha256", "secp384r1"):
            end.algorithm = own
            assert {one.proven_at for one in sunsets.concerned(uow, end)} <= {None}
        assert len(sunsets.concerned(uow, AlgorithmSunset(algorithm="sha256", until=end.until))) == 3
        end.algorithm, end.until = "secp256r1", now
        assert {one.proven_at for one in sunsets.concerned(uow, end)} == {None}

    blobs, sealed = world.papers.blobs, world.files(document_id)["sealed"]
    change = trust_steps.do(
        world.office, trust_changes.propose_retirement, root_id=1, reason=trust_steps.REASON, now=now
    )
    blobs.delete_orphan(hashlib.sha256(sealed).hexdigest())
    assert trust_steps.count(world.office, blobs, change.id, now=now) == 3
    assert trust_steps.row_of(world.office, change.id).unread == 0
    assert trust_steps.flips_of(world.office, change.id) == [("passed", "indeterminate", "issuer_not_found")] * 3

    with unit_of_work(world.office.engine) as uow:
        uow.begin_write()
        leaders = select(Signature.certificate_id).where(Signature.field == "leader").scalar_subquery()
        uow.session.execute(update(Signature).where(Signature.field == "seal").values(certificate_id=leaders))
        uow.commit()
    with unit_of_work(world.office.engine) as uow:
        assert rechecking.recheck_for_job(uow, document_id=document_id, blobs=blobs, now=now).changed
        uow.commit()
        rows = uow.session.scalars(select(VerdictRow).where(VerdictRow.occasion == "recheck")).all()
        (told,) = [row for row in rows if "wrong_owner" in row.body and row.reason == "wrong_owner"]
        before = uow.session.scalars(
            select(VerdictRow).where(VerdictRow.signature_id == told.signature_id).order_by(VerdictRow.id)
        ).first()
        assert before is not None
        assert "file" not in told.cause.split()
        old, new = (signing.DocumentVerdict.from_json(row.body) for row in (before, told))
        issued = proofs.issued_files(uow.session, document_id)
    careful = replace(old, sha256=new.sha256, basis="careful")
    wrong = (signing.Reason.WRONG_OWNER,)
    assert causes_between(old, careful, changed=wrong) == (Cause.FILE,)
    assert causes_between(old, careful, changed=wrong, issued=issued) == (Cause.CAREFUL,)


@pytest.mark.parametrize("kind", ["crl", "ocsp"])
def test_evidence_about_the_authority_is_fetched_and_missed(
    tools: Tools, office: Office, clock: Hand, kind: str
) -> None:
    """It has a root of its own, below which nobody has a certificate. Its address is asked; until that gives
    something lasting proof waits, which administrators hear of, and of its end; nobody brings in a list."""
    place = f"http://tsa.vn/{kind}"
    with opened(tools, office, clock, Links(**{kind: place})) as world, authorities.running() as web:
        settings = replace(world.tools.settings, fetch_hosts="tsa.vn", fetch_proxy=web.proxy)
        world.tools = Tools(world.tools.engine, settings, clock)
        document_id, root = world.issued(), world.tsa.root

        def fetch() -> list[tuple[str, str, str]]:
            """A turn of the other job; (state, issuer, whose timestamps) of who is shown for these alone."""
            clock.now += HOUR
            assert set(run_due(world.tools, job("revocation")).values()) == {Outcome.DONE}
            with unit_of_work(office.engine) as uow:
                found = [one for one in ageing(uow, now=clock.now).authorities if one.stamps]
            return [(str(one.reach), one.name, one.stamps) for one in found]

        assert fetch() == []
        world.run()
        named = ("Root TSA thử nghiệm", "TSA thử nghiệm")
        assert fetch() == [("missing", *named)]
        world.papers.keys.publish(at=clock.now)
        assert world.run(after=HOUR)["too_early"] == 1
        web.says[place] = {
            "crl": root.crl(this_update=clock.now),
            "ocsp": root.ocsp(world.tsa.identity.certificate, this_update=clock.now),
        }[kind]
        assert fetch() == [("fresh" if kind == "crl" else "answered", *named)]
        assert web.asked == [place, place]
        assert world.run(after=2 * HOUR)["lasting"] == 1
        assert world.proof(document_id).state == Proof.LASTING
    with unit_of_work(office.engine) as uow:
        query = select(Outbox).where(Outbox.code.startswith("evidence_")).order_by(Outbox.id)
        assert [(row.code, row.subject) for row in uow.session.scalars(query)] == [
            (
                "evidence_stopped",
                f"Bằng chứng dài hạn phải chờ: dấu thời gian của {named[1]} thiếu thông tin thu hồi còn hiệu lực "
                f"của {named[0]}",
            ),
            ("evidence_back", f"Thông tin thu hồi của {named[0]} đã dùng được trở lại"),
        ]
