"""A change of trust: proposed by one administrator, counted over the stored verdicts, made by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from signing.testing import Authority, KeyKind, Subject
from signing.testing.paper import Box, blank, sign
from tests.support import trust
from tests.support.keys import FOUNDED, Keys
from tests.support.office import NOON, Office
from tests.support.papers import Papers, papers_of
from tests.support.trust import FIRST, REASON, SECOND, count, do, flips_of, row_of, step_of, wanted
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused, WorkflowError
from workflow.domain.outgoing import State
from workflow.services import intake, journal, trust_report
from workflow.services import trust_changes as service
from workflow.services.signing.roots import standing
from workflow.services.signing.trust import retire_root, trust_store
from workflow.services.trust_evidence import Reach, ageing
from workflow.store import certificates
from workflow.store.models import Journal, Signature, TrustChange, TrustRoot
from workflow.store.session import unit_of_work

NEW = Authority.root(Subject(common_name="Gốc mới"), now=FOUNDED)
UNROOTED = ("passed", "indeterminate", "no_trust_given")
"""What becomes of a signature whose only root goes."""


@pytest.fixture
def papers(office: Office, tmp_path: Path) -> Papers:
    """Two administrators, keys, fresh lists; no paper signed yet."""
    trust.second_admin(office)
    return papers_of(office, open_blobs(str(tmp_path / "blobs")))


def propose(office: Office, authority: Authority = NEW, *, who: str = FIRST, **changes: Any) -> int:
    """A root, with its right fingerprint; the change's key."""
    given = {"data": authority.der, "fingerprint": authority.identity.fingerprint, "wanted": wanted()} | changes
    return int(do(office, service.propose_root, who, reason=REASON, **given).id)


def retire(office: Office) -> int:
    """The one root that everything rests on."""
    return int(do(office, service.propose_retirement, root_id=1, reason=REASON).id)


def refused(code: str, office: Office, call: Any, who: str = FIRST, **named: Any) -> None:
    """The service says no, for this reason."""
    with pytest.raises(WorkflowError) as told:
        do(office, call, who, **named)
    assert told.value.code == code


def test_two_administrators_add_a_root(papers: Papers) -> None:
    """Proposed, counted, confirmed with the fingerprint typed again; the journal holds the list's digests."""
    office = papers.office
    change_id = propose(office)
    assert count(office, papers.blobs, change_id) == 0
    typed = NEW.identity.fingerprint.upper()
    do(office, service.confirm, SECOND, change_id=change_id, fingerprint=typed)
    with unit_of_work(office.engine) as uow:
        row = next(one for one in certificates.roots(uow.session) if one.label == "Gốc mới")
        assert (row.added_by_id, row.confirmed_by_id) == (
            office.posts[FIRST].person_id, office.posts[SECOND].person_id,
        )  # fmt: skip
        assert trust_store(uow).anchor(row.sha256) is not None
        entries = uow.session.scalars(select(Journal).where(Journal.subject == "trust:roots").order_by(Journal.id))
        told = [(entry.tag, entry.body) for entry in entries]
        assert [tag for tag, _body in told] == ["trust:change:proposed", "trust:change:confirmed"]
        assert f'"list_after":"{standing(uow).digest}"' in told[1][1]
        assert journal.verify_subject(uow, "trust:roots").holds
    refused("trust_change_decided", office, service.refuse, SECOND, change_id=change_id, reason="x")


def test_nobody_decides_alone(papers: Papers) -> None:
    """Neither in the service nor, whatever a script does, in the database."""
    office = papers.office
    change_id = propose(office)
    count(office, papers.blobs, change_id)
    refused("trust_second_person", office, service.confirm, change_id=change_id,
            fingerprint=NEW.identity.fingerprint)  # fmt: skip
    refused("trust_second_person", office, service.refuse, change_id=change_id, reason="x")
    refused("trust_not_proposer", office, service.withdraw, SECOND, change_id=change_id)
    alone = update(TrustChange).values(state="done", decided_by_id=TrustChange.proposed_by_id, decided_at=NOON)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        with pytest.raises(IntegrityError):
            uow.session.execute(alone)
    do(office, service.withdraw, change_id=change_id)
    assert row_of(office, change_id).state == "withdrawn"
    do(office, service.refuse, SECOND, change_id=propose(office), reason="Chưa có văn bản của Ban Cơ yếu")


def test_only_the_top_agencys_administrators_have_a_hand_in_it(papers: Papers) -> None:
    """Everybody else is refused before anything is read."""
    office = papers.office
    change_id = retire(office)
    for name in ("clerk", "leader", "far_admin"):
        with unit_of_work(office.engine) as uow:
            with pytest.raises(NotPermitted):
                service.propose_retirement(uow, office.actor(name), root_id=1, reason=REASON, now=NOON)
            with pytest.raises(NotPermitted):
                service.refuse(uow, office.actor(name), change_id=change_id, reason=REASON, now=NOON)


def unfit() -> Iterator[tuple[str, bytes, str]]:
    """(code, file, fingerprint as typed) of what must not become a root."""
    right = NEW.identity.fingerprint
    person = NEW.issue(Subject(common_name="Người"), now=FOUNDED)
    weak = Authority.root(now=FOUNDED, kind=KeyKind.RSA_1024)
    below = NEW.subordinate(now=FOUNDED)
    yield "fingerprint_differs", NEW.der, right[:-1] + ("0" if right[-1] != "0" else "1")
    yield "fingerprint_length", NEW.der, right[:-1]
    yield "root_file", b"no certificate", right
    yield "root_file", NEW.identity.pem * 2, right
    yield "root_no_authority", person.der, person.fingerprint
    yield "root_not_self_signed", below.der, below.identity.fingerprint
    yield "root_key_weak", weak.der, weak.identity.fingerprint


def test_what_may_not_stand_as_a_root(papers: Papers) -> None:
    """A typo, no or two certificates, a person's, an intermediate, 1024 bits: nothing is proposed, and the right
    fingerprint is never told."""
    for code, data, typed in unfit():
        with pytest.raises(BadInput) as told:
            propose(papers.office, data=data, fingerprint=typed)
        assert told.value.code == code
        assert NEW.identity.fingerprint not in str(told.value)
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.scalars(select(TrustChange)).all() == []


def test_nothing_is_proposed_twice(papers: Papers) -> None:
    """A listed root, a change that waits, an amendment that changes nothing; a retired root may come back."""
    office = papers.office
    with pytest.raises(Refused, match="root_listed_already"):
        propose(office, papers.keys.root)
    propose(office)
    with pytest.raises(Refused, match="trust_change_waits_already"):
        propose(office, who=SECOND)
    same = wanted("Gốc thử", kind="dedicated")
    refused("root_unchanged", office, service.propose_amendment, root_id=1, wanted=same, reason=REASON)
    refused("root_purposes", office, service.propose_amendment, root_id=1,
            wanted=wanted(purposes=frozenset()), reason=REASON)  # fmt: skip
    refused("root_scope", office, service.propose_amendment, root_id=1,
            wanted=wanted(scope=(office.units["economy"],)), reason=REASON)  # fmt: skip
    refused("root_kind", office, service.propose_amendment, root_id=1, wanted=wanted(kind="demo"), reason=REASON)
    refused("policy_unchanged", office, service.propose_policy, name="daily", reason=REASON)
    _retired_by_shell(papers)
    change_id = propose(office, papers.keys.root)
    count(office, papers.blobs, change_id)
    typed = papers.keys.root.identity.fingerprint
    do(office, service.confirm, SECOND, change_id=change_id, fingerprint=typed)
    with unit_of_work(office.engine) as uow:
        assert len(uow.session.scalars(select(TrustRoot).where(TrustRoot.sha256 == typed)).all()) == 2


def _retired_by_shell(papers: Papers) -> None:
    with unit_of_work(papers.office.engine) as uow:
        retire_root(uow, trust.admin(papers.office), fingerprint=papers.keys.root.identity.fingerprint, now=NOON)
        uow.commit()


def test_the_report_names_what_would_flip(papers: Papers) -> None:
    """Each signature of an issued paper, by the file its verdict is about; nothing where the list changes nothing
    for them; a count that broke off goes on behind the last kept batch, and nobody confirms before its end."""
    office, blobs = papers.office, papers.blobs
    papers.issued()
    added, retired = propose(office), retire(office)
    count(office, blobs, added)
    assert (row_of(office, added).total, flips_of(office, added)) == (3, [])
    assert step_of(office, blobs, retired, limit=2) == 0  # begun
    assert step_of(office, blobs, retired, limit=2) == 2
    refused("trust_report_missing", office, service.confirm, SECOND, change_id=retired)
    with unit_of_work(office.engine) as uow:  # killed in the middle of a batch: nothing of it was kept
        trust_report.count_next(uow, change_id=retired, blobs=blobs, now=NOON, limit=2)
    assert row_of(office, retired).checked == 2
    assert step_of(office, blobs, retired, limit=2) == 1
    assert step_of(office, blobs, retired, limit=2) is None
    row = row_of(office, retired)
    assert (row.state, row.checked, row.total, row.flips, row.unread) == ("waiting", 3, 3, 3, 0)
    assert flips_of(office, retired) == [UNROOTED] * 3
    do(office, service.confirm, SECOND, change_id=retired)
    with unit_of_work(office.engine) as uow:
        assert trust_store(uow).anchors == ()


def test_a_stale_report_is_refused_and_counted_anew(papers: Papers) -> None:
    """The list changed after the count, or in the middle of it."""
    office, blobs = papers.office, papers.blobs
    papers.signed()
    late, other = retire(office), propose(office)
    count(office, blobs, late)
    count(office, blobs, other)
    do(office, service.confirm, SECOND, change_id=other, fingerprint=NEW.identity.fingerprint)
    refused("trust_report_stale", office, service.confirm, SECOND, change_id=late)
    assert step_of(office, blobs, late) == 0
    assert (row_of(office, late).state, flips_of(office, late)) == ("counting", [])
    _retired_by_shell(papers)
    assert count(office, blobs, late) == 1
    assert flips_of(office, late) == []  # retired already: nothing is left to flip
    refused("root_not_found", office, service.confirm, SECOND, change_id=late)
    do(office, service.count_again, SECOND, change_id=late)
    assert row_of(office, late).state == "counting"


@dataclass
class LateFiles:
    """Files that come only after somebody else did what `meanwhile` does."""

    blobs: Blobs
    meanwhile: Callable[[], object]

    def get(self, sha256: str) -> bytes:
        """The same bytes."""
        self.meanwhile()
        return self.blobs.get(sha256)


def test_an_overtaken_count_keeps_nothing(papers: Papers) -> None:
    """Two processes at one change: the second one's batch is dropped."""
    office, blobs = papers.office, papers.blobs
    papers.signed()
    change_id = retire(office)
    step_of(office, blobs, change_id)
    late: Any = LateFiles(blobs, lambda: count(office, blobs, change_id))
    with unit_of_work(office.engine) as slow, pytest.raises(Conflict, match="trust_count_overtaken"):
        trust_report.count_next(slow, change_id=change_id, blobs=late, now=NOON)
    assert row_of(office, change_id).checked == 1
    assert flips_of(office, change_id) == [UNROOTED]


def test_a_scope_holds_for_an_agency_and_those_below(papers: Papers) -> None:
    """Narrowed to the neighbour's papers: the commune's flip, and come back once it lies below the neighbour."""
    office, blobs = papers.office, papers.blobs
    papers.signed()
    narrow = wanted("Gốc thử", kind="dedicated", scope=(office.units["far"],))
    change_id = int(do(office, service.propose_amendment, root_id=1, wanted=narrow, reason=REASON).id)
    count(office, blobs, change_id)
    assert flips_of(office, change_id) == [UNROOTED]
    do(office, service.confirm, SECOND, change_id=change_id)
    with unit_of_work(office.engine) as uow:
        assert [len(trust_store(uow, office.units[name]).anchors) for name in ("far", "commune")] == [1, 0]
        assert trust_store(uow).anchors == ()
    assert papers.row(papers.signed()).state == State.AWAITING_SIGNATURE  # the signature waits
    trust.put_below(office, "commune", "far")
    with unit_of_work(office.engine) as uow:
        assert len(trust_store(uow, office.units["commune"]).anchors) == 1


def test_the_policy_is_counted_too_and_files_that_are_gone_are_told(papers: Papers, tmp_path: Path) -> None:
    """Strict: a list from before the signature decides no more. A file that cannot be read is no verdict."""
    office, blobs = papers.office, papers.blobs
    papers.signed()
    change_id = int(do(office, service.propose_policy, name="strict", reason=REASON).id)
    count(office, blobs, change_id)
    assert flips_of(office, change_id) == [("passed", "indeterminate", "revocation_not_fresh")]
    do(office, service.confirm, SECOND, change_id=change_id)
    with unit_of_work(office.engine) as uow:
        assert standing(uow).policy == "strict"
    lost = retire(office)
    count(office, open_blobs(str(tmp_path / "nothing")), lost)
    assert (row_of(office, lost).unread, row_of(office, lost).flips) == (1, 0)


def test_a_file_that_another_program_signed_is_judged_in_the_jail(papers: Papers) -> None:
    """And comes to the same."""
    office = papers.office
    papers.signed()
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Signature).values(key_holder="external"))
        uow.commit()
    change_id = retire(office)
    count(office, papers.blobs, change_id)
    assert flips_of(office, change_id) == [UNROOTED]


def test_evidence_ages(papers: Papers) -> None:
    """The issuer's list decides for a day, the root's until its successor is due; then signatures wait."""
    with unit_of_work(papers.office.engine) as uow:
        fresh = ageing(uow, now=NOON)
        old = ageing(uow, now=NOON + dt.timedelta(days=2))
        before = ageing(uow, now=NOON - dt.timedelta(days=2))
    issuer, root = fresh.authorities
    assert {(one.reach, one.waits) for one in fresh.authorities} == {(Reach.FRESH, False)}
    signer = next(one for one in fresh.authorities if one.of_signers)
    assert signer.decides_until == NOON - dt.timedelta(hours=6) + dt.timedelta(hours=25)
    assert (issuer.certificates, root.certificates, fresh.others) == (3, 3, ())
    aged = next(one for one in old.authorities if one.of_signers)
    assert (aged.reach, aged.waits) == (Reach.AGED, True)
    assert {one.reach for one in before.authorities} == {Reach.MISSING}


def test_received_files_are_counted_like_our_own(papers: Papers) -> None:
    """A root that goes takes a neighbour's letter along; a stranger's root that comes makes one provable."""
    office, sent = papers.office, NOON - dt.timedelta(hours=2)
    known = papers.keys.issuing.issue(Subject(common_name="Mai Văn Xa"), now=FOUNDED)
    strange = NEW.issue(Subject(common_name="Người lạ"), now=FOUNDED)
    Keys(office, NEW, NEW).publish(at=NOON)
    papers.keys.publish(at=NOON)
    for identity in (known, strange):
        data = sign(blank(Box("Signature1", (50, 50, 200, 120))), "Signature1", identity, at=sent)
        papers.do(intake.receive, "clerk", data=data, filename="cv.pdf", source="upload", blobs=papers.blobs)
    papers.do(intake.receive, "clerk", data=blank(), filename="trang.pdf", source="upload", blobs=papers.blobs)
    going, coming = retire(office), propose(office)
    assert (count(office, papers.blobs, going), count(office, papers.blobs, coming)) == (2, 2)
    for change_id, wanted_flip in ((going, ("passed", "indeterminate")), (coming, ("indeterminate", "passed"))):
        assert (row_of(office, change_id).checked, row_of(office, change_id).total) == (2, 2)
        moved = [flip[:2] for flip in flips_of(office, change_id) if flip[0] != flip[1]]
        assert moved == [wanted_flip]


def test_the_same_proposed_twice_at_once_is_refused_with_a_sentence(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes that both saw nothing waiting: the database lets one in, the other is told so."""
    office = papers.office
    propose(office)
    monkeypatch.setattr("workflow.services.trust_changes.trust_changes.open_change", lambda *_given: None)
    refused("trust_change_waits_already", office, service.propose_root, data=NEW.der, reason=REASON,
            fingerprint=NEW.identity.fingerprint, wanted=wanted())  # fmt: skip
