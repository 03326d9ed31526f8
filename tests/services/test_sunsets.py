"""Ends of algorithms: in force by two administrators, counted over the signatures that stand, told of ahead."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.support import trust
from tests.support.papers import Papers
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.services import sunsets
from workflow.services.signing.trust import policy
from workflow.store.models import AlgorithmSunset, Journal, Outbox, VerdictRow
from workflow.store.session import unit_of_work

HALF_YEAR = dt.timedelta(days=180)


def propose(papers: Papers, algorithm: str = "secp256r1", *, days: int = 200, who: str = trust.FIRST) -> int:
    """By the first administrator."""
    wish = {"algorithm": algorithm, "until": papers.now + dt.timedelta(days=days), "source": "TT 12/2026/TT-BKHCN",
            "reason": "Không còn đủ mạnh"}  # fmt: skip
    row = trust.do(papers.office, sunsets.propose, who, now=papers.now, **wish)
    return int(row.id)


def ends(papers: Papers) -> list[str]:
    """Algorithms that the policy of now ends."""
    with unit_of_work(papers.office.engine) as uow:
        return [one.algorithm for one in policy(uow).sunsets]


def morning(papers: Papers, *, after: int = 0) -> int:
    """What the job does on a day; how many messages."""
    now = papers.now + dt.timedelta(days=after)
    with unit_of_work(papers.office.engine) as uow:
        told = sunsets.tell(uow, sunsets.count(uow), cut_off=now, now=now)
        uow.commit()
    return told


def test_two_administrators_put_it_in_force_and_two_take_it_away(papers: Papers) -> None:
    """Neither alone; what is only proposed its proposer takes back; each step stands in the journal."""
    trust.second_admin(papers.office)
    key = propose(papers)
    assert ends(papers) == []
    with pytest.raises(Refused, match="trust_second_person"):
        trust.do(papers.office, sunsets.confirm, sunset_id=key, now=papers.now)
    with pytest.raises(Refused, match="sunset_listed_already"):
        propose(papers)
    trust.do(papers.office, sunsets.confirm, trust.SECOND, sunset_id=key, now=papers.now)
    assert ends(papers) == ["secp256r1"]
    for _again in range(2):
        if _again:
            with pytest.raises(Refused, match="trust_second_person"):
                trust.do(papers.office, sunsets.remove, sunset_id=key, now=papers.now)
        else:
            trust.do(papers.office, sunsets.remove, sunset_id=key, now=papers.now)
    assert ends(papers) == ["secp256r1"]
    trust.do(papers.office, sunsets.remove, trust.SECOND, sunset_id=key, now=papers.now)
    assert ends(papers) == []
    trust.do(papers.office, sunsets.remove, sunset_id=propose(papers), now=papers.now)
    with pytest.raises(NotFound):
        trust.do(papers.office, sunsets.confirm, trust.SECOND, sunset_id=key, now=papers.now)
    with unit_of_work(papers.office.engine) as uow:
        tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == "trust:algorithms")).all()
    assert [one.rpartition(":")[2] for one in tags] == [
        "proposed", "confirmed", "removal_asked", "removed", "proposed", "removed",
    ]  # fmt: skip


def test_what_makes_no_sense_is_refused(papers: Papers) -> None:
    """A day of the past, an unknown algorithm, an administrator of another agency."""
    with pytest.raises(BadInput, match="sunset_past"):
        propose(papers, days=0)
    with pytest.raises(BadInput, match="sunset_algorithm"):
        propose(papers, "md5")
    with pytest.raises(NotPermitted):
        papers.do(
            sunsets.propose, "far_admin", scoped=False, algorithm="sha256", until=papers.now + HALF_YEAR,
            source="x", reason="y",
        )  # fmt: skip


def test_signatures_are_counted_and_told_of_ahead(papers: Papers) -> None:
    """Those that stand and use it; of them the timestamped ones apart; 180, 60 and 7 days ahead, once each."""
    papers.issued()
    key, other = propose(papers), propose(papers, "secp521r1")
    assert morning(papers) == 0
    with unit_of_work(papers.office.engine) as uow:
        row, none = uow.session.get_one(AlgorithmSunset, key), uow.session.get_one(AlgorithmSunset, other)
        assert (row.concerned, row.proven, none.concerned) == (3, 0, 0)
        found = sunsets.concerned(uow, row)
        first, *rest = found
        assert sunsets.concerned(uow, uow.session.get_one(AlgorithmSunset, key), after=first.id) == rest
    assert {one.field for one in found} >= {"number", "seal"}
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        newest = uow.session.scalars(
            select(VerdictRow).where(VerdictRow.signature_id == first.id).order_by(VerdictRow.id.desc())
        ).first()
        assert newest is not None
        again = newest.body.replace('"source":"receipt"', '"source":"timestamp"')
        assert again != newest.body
        uow.add(
            VerdictRow(
                document_id=newest.document_id, signature_id=first.id, occasion="recheck", at=papers.now,
                body=again, conclusion="passed", trust_digest=newest.trust_digest, file_sha256=newest.file_sha256,
            )
        )  # fmt: skip
        uow.commit()
    for days, told in ((19, 0), (20, 2), (21, 0), (141, 2), (150, 0), (194, 2), (200, 0), (201, 0)):
        assert morning(papers, after=days) == told, days
    with unit_of_work(papers.office.engine) as uow:
        row = uow.session.get_one(AlgorithmSunset, key)
        assert (row.concerned, row.proven) == (3, 1)
        notes = uow.session.scalars(select(Outbox).where(Outbox.code == "algorithm_ends")).all()
        assert {note.person_id for note in notes} == {papers.office.posts["admin"].person_id}
        assert {note.params["count"] for note in notes} == {2, 0}
