"""The job `timestamps` long after: the last timestamp is put under another one before it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

import signing
from signing import Conclusion, TimeSource
from signing.testing import KeyKind
from tests.schedulers.stamped import World
from tests.support import counts as often
from tests.support import trust as trust_steps
from tests.support.attached import annex, held
from workflow.domain import proofs as rules
from workflow.domain.proofs import Proof, renew_at
from workflow.services import checking, sunsets
from workflow.services.journal import verify_subject
from workflow.services.proofs import authority
from workflow.store.models import AttachmentFile, AttachmentProof, DocumentProof, FileVersion
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def lasting(world: World) -> int:
    """A document with one attachment, both lasting."""
    document_id = world.issued(attach=[("I.pdf", annex())])
    world.run()
    world.clock.now += HOUR
    world.lists()
    assert world.run(after=HOUR)["lasting"] == 2
    return document_id


def go_on_until_near_the_end(world: World, document_id: int, *, left: dt.timedelta) -> dt.datetime:
    """Until so much is left of the last timestamp; when it ends."""
    until = world.proof(document_id).until
    assert until is not None
    world.clock.now = until - left
    return until


@pytest.mark.parametrize("database_url", often.on("sqlite"), indirect=True)
def test_a_chain_of_timestamps_goes_on_for_decades(world: World) -> None:
    """Nothing happens while the last one holds for more than 90 days; then each file gets one revision more, over a
    word about the authority of the one before; years after the first certificates have ended it proves itself."""
    document_id = lasting(world)
    stamped_at = world.proof(document_id).stamped_at
    go_on_until_near_the_end(world, document_id, left=91 * DAY)
    world.tsa.certify(world.clock.now)
    world.lists()
    assert world.run() == {"waiting": 0}
    for turn in (1, 2, 3):
        until = go_on_until_near_the_end(world, document_id, left=80 * DAY)
        world.tsa.certify(world.clock.now - DAY)
        assert world.run() == {"too_early": 2, "waiting": 0}  # the word about it is from before
        assert world.proof(document_id).reason in {"revocation_unknown", "revocation_not_fresh"}
        world.tsa.publish(at=world.clock.now)  # nobody else's lists are asked for
        assert world.run(after=DAY) == {"renewed": 2, "waiting": 0}
        found = world.proof(document_id)
        assert (found.state, found.renewals, found.renewed_at) == (Proof.LASTING, turn, world.clock.now)
        assert found.until is not None
        assert found.until > until
        assert found.next_at == found.until - 90 * DAY
        assert world.run() == {"waiting": 0}
    world.clock.now += 30 * DAY
    word = signing.Evidence(crls=(world.tsa.root.crl(this_update=world.clock.now),))
    data = world.files(document_id)["renewed"]
    verdict = world.judge(data, word)
    assert (verdict.verdict, verdict.basis, verdict.reasons) == (Conclusion.PASSED, "fast", ())
    own = [verdict.signature(name) for name in ("leader", "number", "seal")]
    assert {(one.times.source, one.times.best) for one in own if one} == {(TimeSource.TIMESTAMP, stamped_at)}
    without = world.judge(world.files(document_id)["lasting"], word)
    assert without.verdict is Conclusion.INDETERMINATE  # what the renewals are for
    (attached,) = held(world.papers, document_id)
    assert world.judge(world.papers.blobs.get(attached.sha256), word).verdict is Conclusion.PASSED
    assert len(data) - len(world.files(document_id)["lasting"]) < 3 * 45_000
    with unit_of_work(world.office.engine) as uow:
        assert verify_subject(uow, f"outgoing:{document_id}").holds
        kinds = [*uow.session.scalars(select(FileVersion.kind).where(FileVersion.document_id == document_id))]
        assert kinds.count("renewed") == 3
        assert [*uow.session.scalars(select(AttachmentFile.kind))] == ["stamped", "lasting", *["renewed"] * 3]
        known = checking.check(uow, data, now=world.clock.now)
        assert (known.document and known.document.id, known.standing) == (document_id, checking.Standing.ISSUED)
        assert len(authority.chains(uow)) == 4  # the last one and those before it


def test_one_that_would_hold_no_longer_is_not_taken(world: World) -> None:
    """An authority that goes on with the old certificate is asked seldom; once that has ended nothing more is
    tried, and it is said. One file gets no more than so many."""
    document_id = lasting(world)
    until = go_on_until_near_the_end(world, document_id, left=60 * DAY)
    world.lists()
    asked = world.tsa.asked
    for wait in (DAY, 2 * DAY, 4 * DAY, 7 * DAY, 7 * DAY):
        assert world.run() == {"unusable": 2, "waiting": 0}
        found = world.proof(document_id)
        assert (found.reason, found.renewals) == ("stamp_no_longer", 0)
        assert found.next_at is not None
        assert found.next_at == world.clock.now + wait
        world.clock.now = found.next_at - dt.timedelta(minutes=5)
        world.lists()
    assert world.tsa.asked == asked + 10
    world.clock.now = until + DAY
    world.tsa.certify(world.clock.now - DAY)
    world.lists()
    world.run()
    found = world.proof(document_id)
    assert (found.state, found.reason, found.next_at) == (Proof.LASTING, "stamp_ended", None)
    assert world.run(after=30 * DAY) == {"waiting": 0}


@pytest.mark.parametrize(
    ("good_for", "renewals", "wait"),
    [(400, 0, 310), (365, 39, 275), (120, 0, 60), (2, 5, 1), (400, rules.MOST_RENEWALS, None)],
)
def test_when_the_next_is_asked_for(good_for: int, renewals: int, wait: int | None) -> None:
    """Ninety days ahead; half-way of what is good for less; a file grows for so many times and no more."""
    begun = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
    assert renew_at(begun, begun + good_for * DAY, renewals) == (None if wait is None else begun + wait * DAY)


def test_a_timestamp_ends_with_an_algorithm_that_it_rests_on(world: World) -> None:
    """Two administrators end it: the morning's job brings the next one forward. An authority that goes on with the
    same keys helps nothing; one with stronger keys does, and then the forecast counts it."""
    trust_steps.second_admin(world.office)
    document_id = lasting(world)
    assert world.proof(document_id).rests == "secp256r1 sha256"
    end = world.clock.now + 200 * DAY
    row = trust_steps.do(
        world.office, sunsets.propose, algorithm="secp256r1", until=end, source="TT", reason=trust_steps.REASON,
        now=world.clock.now,
    )  # fmt: skip

    def morning() -> tuple[int, int]:
        with unit_of_work(world.office.engine) as uow:
            counts = sunsets.count(uow)
            sunsets.tell(uow, counts, cut_off=world.clock.now, now=world.clock.now)
            uow.commit()
        return counts[row.id]

    before = world.proof(document_id).until
    assert morning() == (4, 0)
    assert world.proof(document_id).until == before  # only proposed
    trust_steps.do(world.office, sunsets.confirm, trust_steps.SECOND, sunset_id=row.id, now=world.clock.now)
    for _again in range(2):
        morning()
        found = world.proof(document_id)
        assert (found.until, found.next_at) == (end, end - 90 * DAY)
    world.clock.now = end - 90 * DAY
    world.tsa.certify(world.clock.now - DAY)
    world.lists()
    assert world.run() == {"unusable": 2, "waiting": 0}
    assert world.proof(document_id).reason == "stamp_no_longer"
    world.tsa.replace(KeyKind.P384, now=world.clock.now - DAY)
    world.lists()
    assert world.run(after=DAY) == {"renewed": 2, "waiting": 0}
    assert world.proof(document_id).rests == "secp384r1 sha256 sha384"
    assert morning() == (4, 4)
    with unit_of_work(world.office.engine) as uow:
        uow.begin_write()
        for table in (DocumentProof, AttachmentProof):
            uow.session.execute(update(table).values(rests=""))
        uow.commit()
    assert morning() == (4, 4)  # nobody wrote it down: as the authority's last one
