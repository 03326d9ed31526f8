"""From draft to issued with real signatures: leader, number, seal; and everything that is refused on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

import signing
from signing.testing import Defect, Identity, Revoked
from tests.support.keys import Keys, founded
from tests.support.office import NOON, Office
from tests.support.papers import letter
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, Refused, WrongState
from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.people import Capacity
from workflow.services import signing as service
from workflow.services.documents.acts import act
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.documents.files import confirm_format, upload_draft
from workflow.services.documents.numbers import number
from workflow.store import documents as store
from workflow.store.models import Crl, Outgoing, SigningItem, VerdictRow
from workflow.store.session import unit_of_work

MORNING = NOON - dt.timedelta(hours=6)


@dataclass(slots=True)
class Road:
    """One office with keys and blobs, and verbs that each run in a unit of work of their own."""

    office: Office
    keys: Keys
    blobs: Blobs
    now: dt.datetime = NOON

    def do(self, function, who: str, *, scoped: bool = True, **named):  # type: ignore[no-untyped-def]
        """Call a service as somebody and commit."""
        with unit_of_work(self.office.engine) as uow:
            given = (self.office.actor(who), self.office.scope(who)) if scoped else (self.office.actor(who),)
            result = function(uow, *given, now=self.now, **named)
            uow.commit()
            return result

    def document(self, document_id: int) -> Outgoing:
        """The row as it stands."""
        with unit_of_work(self.office.engine) as uow:
            return store.find(self.office.scope("clerk"), uow.session, document_id)

    def draft(self, signer: str = "leader", capacity: Capacity = Capacity.HEAD) -> int:
        """A draft with its file."""
        facts = DraftFacts(
            type_code="letter", subject="V/v phòng chống bão số 9", signer_post_id=self.office.posts[signer].id,
            capacity=capacity, urgency=Urgency.NORMAL,
        )  # fmt: skip
        made = self.do(create, "drafter", scoped=False, facts=facts)
        self.do(upload_draft, "drafter", document_id=made.id, version=1, data=letter(), filename="cv.pdf",
                blobs=self.blobs)  # fmt: skip
        return int(made.id)

    def awaiting(self, signer: str = "leader", capacity: Capacity = Capacity.HEAD) -> int:
        """A document on its signer's desk."""
        document_id = self.draft(signer, capacity)
        self.act("drafter", document_id, Action.SUBMIT)
        self.act("head", document_id, Action.APPROVE)
        self.do(confirm_format, "clerk", document_id=document_id, version=None, blobs=self.blobs,
                base_url="http://127.0.0.1:8400")  # fmt: skip
        return document_id

    def act(self, who: str, document_id: int, action: Action, remark: str = "") -> Outgoing:
        """A plain action."""
        result: Outgoing = self.do(act, who, document_id=document_id, action=action, version=None, remark=remark)
        return result

    def open(self, who: str, purpose: str, identity: Identity) -> str:
        """Phase zero: a session for one certificate."""
        token: str = self.do(service.open_session, who, scoped=False, purpose=purpose, login_session_id=None,
                             certificate=identity.der)  # fmt: skip
        return token

    def prepare(self, who: str, token: str, document_id: int) -> service.PreparedItem:
        """Phase one."""
        item: service.PreparedItem = self.do(
            service.prepare, who, session=token, login_session_id=None, document_id=document_id,
            version=self.document(document_id).version, blobs=self.blobs,
        )  # fmt: skip
        return item

    def finish(self, who: str, token: str, document_id: int, signature: bytes) -> service.Outcome:
        """Phase two."""
        outcome: service.Outcome = self.do(
            service.finish, who, session=token, login_session_id=None, document_id=document_id,
            signature=signature, blobs=self.blobs,
        )  # fmt: skip
        return outcome

    def sign(self, who: str, purpose: str, identity: Identity, document_id: int) -> service.Outcome:
        """All phases with a key in hand, ECDSA as r‖s like a browser."""
        token = self.open(who, purpose, identity)
        item = self.prepare(who, token, document_id)
        return self.finish(who, token, document_id, identity.sign(item.to_be_signed, raw=True))

    def verify(self, document_id: int) -> signing.DocumentVerdict:
        """The current file, judged from outside with the listed root and the newest lists."""
        with unit_of_work(self.office.engine) as uow:
            evidence = signing.Evidence(
                crls=tuple(uow.session.scalars(store.select(Crl.der)).all()),
                receipt=signing.Receipt(self.now, signing.TimeSource.RECEIPT),
            )
        data = self.blobs.get(str(self.document(document_id).file_sha256))
        trust = signing.TrustStore.of(self.keys.root.der)
        return signing.verify(data, trust=trust, at=self.now, evidence=evidence, policy=signing.DAILY)


@pytest.fixture
def road(office: Office, tmp_path: Path) -> Road:
    """Leader, deputy and agency hold confirmed certificates; lists are of this morning."""
    keys = founded(office)
    for name in ("leader", "deputy", "commune"):
        keys.issue(name)
        keys.enrol(name)
    keys.publish(at=MORNING)
    return Road(office, keys, open_blobs(str(tmp_path / "blobs")))


def _issued(road: Road) -> int:
    document_id = road.awaiting()
    assert road.sign("leader", "leader", road.keys.held["leader"], document_id).conclusion == "passed"
    road.do(number, "clerk", document_id=document_id, version=None)
    assert road.sign("clerk", "number", road.keys.held["commune"], document_id).conclusion == "passed"
    assert road.sign("clerk", "seal", road.keys.held["commune"], document_id).conclusion == "passed"
    road.act("clerk", document_id, Action.ISSUE)
    return document_id


def test_from_draft_to_issued(road: Road) -> None:
    """The straight road: three signatures hold, verdicts are stored whole, the counted columns agree."""
    document = road.document(_issued(road))
    assert (document.state, document.symbol) == (State.ISSUED, "01/UBND-KT")
    assert (document.leader_verdict, document.seal_verdict, document.medium) == ("passed", "passed", "digital")
    verdict = road.verify(document.id)
    assert [(s.field, str(s.verdict)) for s in verdict.signatures] == [
        ("leader", "passed"), ("number", "passed"), ("seal", "passed"),
    ]  # fmt: skip
    with unit_of_work(road.office.engine) as uow:
        rows = store.verdicts_of(uow.session, document.id)
        assert [row.occasion for row in rows] == ["signing", "numbering", "sealing"]
        assert all(signing.DocumentVerdict.from_json(row.body).signatures for row in rows)
        kinds = [version.kind for version in store.files_of(uow.session, document.id)]
    assert kinds == ["original", "draft", "ready", "signed", "numbered", "sealed"]


def test_each_file_begins_with_the_one_before(road: Road) -> None:
    """What the leader read stands unchanged at the head of what is issued."""
    document_id = _issued(road)
    with unit_of_work(road.office.engine) as uow:
        files = {
            version.kind: road.blobs.get(version.sha256) for version in store.files_of(uow.session, document_id)
        }
    for earlier, later in (("ready", "signed"), ("signed", "numbered"), ("numbered", "sealed")):
        assert files[later].startswith(files[earlier])


def test_sending_the_same_signature_again_does_nothing_twice(road: Road) -> None:
    """A lost answer is asked for again: same answer, one signature."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    signature = leader.sign(road.prepare("leader", token, document_id).to_be_signed, raw=True)
    assert road.finish("leader", token, document_id, signature).again is False
    assert road.finish("leader", token, document_id, signature).again is True
    with unit_of_work(road.office.engine) as uow:
        assert len(store.signatures_of(uow.session, document_id)) == 1


def test_the_signature_of_one_document_does_not_fit_another(road: Road) -> None:
    """Signature of A posted for B: refused, nothing moved."""
    first, second, leader = road.awaiting(), road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    signature = leader.sign(road.prepare("leader", token, first).to_be_signed, raw=True)
    road.prepare("leader", token, second)
    with pytest.raises(BadInput, match="signature_does_not_fit"):
        road.finish("leader", token, second, signature)
    assert road.document(second).state == State.AWAITING_SIGNATURE


def test_a_signature_by_another_key_is_refused(road: Road) -> None:
    """Somebody else's key over the right bytes."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    item = road.prepare("leader", token, document_id)
    with pytest.raises(BadInput, match="signature_does_not_fit"):
        road.finish("leader", token, document_id, road.keys.held["deputy"].sign(item.to_be_signed, raw=True))


def test_a_prepared_file_that_was_swapped_is_refused(road: Road) -> None:
    """The store's prepared file is not the one that was signed: its hash does not fit."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    item = road.prepare("leader", token, document_id)
    prepared = road.blobs.get(item.prepared_sha256)
    with unit_of_work(road.office.engine) as uow:
        uow.begin_write()
        row = uow.session.scalars(store.select(SigningItem)).one()
        swapped = prepared.replace(b"%%EOF", b"%%EOX", 1)
        row.prepared_sha256 = road.blobs.put(swapped)
        from workflow.services.documents.files import keep  # noqa: PLC0415  only this test plays the thief

        keep(uow, sha256=row.prepared_sha256, size=len(swapped), now=NOON)
        uow.commit()
    with pytest.raises(BadInput, match="signature_does_not_fit"):
        road.finish("leader", token, document_id, leader.sign(item.to_be_signed, raw=True))


def test_somebody_elses_certificate(road: Road) -> None:
    """A certificate works for its owner only, and a personal one makes no seal."""
    with pytest.raises(NotPermitted, match="certificate_of_somebody_else"):
        road.open("deputy", "leader", road.keys.held["leader"])
    with pytest.raises(NotPermitted, match="certificate_of_somebody_else"):
        road.open("clerk", "seal", road.keys.held["leader"])
    with pytest.raises(NotPermitted, match="certificate_not_enrolled"):
        road.open("leader", "leader", road.keys.issue("head"))


def test_an_expired_certificate(road: Road) -> None:
    """Refused before the key is used."""
    road.keys.issue("head", days=30)
    road.keys.enrol("head")
    with pytest.raises(Refused, match="certificate_expired"):
        road.open("head", "leader", road.keys.held["head"])


def test_a_revoked_certificate(road: Road) -> None:
    """Refused as soon as a list that names it is here, also between prepare and finish."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    item = road.prepare("leader", token, document_id)
    road.keys.publish(at=NOON, revoked=(Revoked(leader.serial, MORNING, "keyCompromise"),))
    with pytest.raises(Refused, match="certificate_revoked"):
        road.finish("leader", token, document_id, leader.sign(item.to_be_signed, raw=True))
    with pytest.raises(Refused, match="certificate_revoked"):
        road.open("leader", "leader", leader)


@pytest.mark.parametrize("defect", [Defect.EXPIRED])
def test_a_certificate_with_a_defect(road: Road, defect: Defect) -> None:
    """What cannot pass is refused when the session opens."""
    road.keys.issue("head", defects=(defect,))
    road.keys.enrol("head")
    with pytest.raises(Refused, match="certificate_"):
        road.open("head", "leader", road.keys.held["head"])


def test_order_is_enforced(road: Road) -> None:
    """Sign before approval, seal before signature, seal before the number stands on the paper."""
    document_id = road.draft()
    leader, commune = road.keys.held["leader"], road.keys.held["commune"]
    with pytest.raises(WrongState):
        road.prepare("leader", road.open("leader", "leader", leader), document_id)
    with pytest.raises(WrongState):
        road.prepare("clerk", road.open("clerk", "seal", commune), document_id)
    waiting = road.awaiting()
    with pytest.raises(WrongState):
        road.prepare("clerk", road.open("clerk", "seal", commune), waiting)
    road.sign("leader", "leader", leader, waiting)
    road.do(number, "clerk", document_id=waiting, version=None)
    with pytest.raises(Missing, match="number_on_paper"):
        road.prepare("clerk", road.open("clerk", "seal", commune), waiting)


def test_only_the_named_signer_signs(road: Road) -> None:
    """A deputy with a good certificate cannot sign what waits for the head."""
    document_id = road.awaiting("leader")
    with pytest.raises(Missing, match="designated_signer"):
        road.prepare("deputy", road.open("deputy", "leader", road.keys.held["deputy"]), document_id)


def test_a_session_is_one_persons_and_ends(road: Road) -> None:
    """Another person, another login, sixteen minutes later: no session."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    with pytest.raises(NotFound):
        road.prepare("deputy", token, document_id)
    item = road.prepare("leader", token, document_id)
    road.now = NOON + dt.timedelta(minutes=16)
    with pytest.raises(Refused, match="signing_session_expired"):
        road.finish("leader", token, document_id, leader.sign(item.to_be_signed, raw=True))


def test_what_was_returned_meanwhile_is_not_signed(road: Road) -> None:
    """Two sessions, one signs and one returns: one wins, the other reads why."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    item = road.prepare("leader", token, document_id)
    road.act("leader", document_id, Action.RETURN, "Sai số liệu")
    with pytest.raises(Conflict, match="stale"):
        road.finish("leader", token, document_id, leader.sign(item.to_be_signed, raw=True))


def test_a_new_prepare_supersedes_the_old_one(road: Road) -> None:
    """One live item per document and field."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    old = road.open("leader", "leader", leader)
    item = road.prepare("leader", old, document_id)
    new = road.open("leader", "leader", leader)
    road.prepare("leader", new, document_id)
    with pytest.raises(Conflict, match="signature_superseded"):
        road.finish("leader", old, document_id, leader.sign(item.to_be_signed, raw=True))


def test_withdrawing_a_signature_keeps_the_file(road: Road) -> None:
    """Before the number is drawn the signer may take the signature back; the signed file stays on record."""
    document_id = road.awaiting("deputy", Capacity.KT)
    deputy = road.keys.held["deputy"]
    road.sign("deputy", "leader", deputy, document_id)
    signed_file = road.document(document_id).file_sha256
    document = road.act("deputy", document_id, Action.WITHDRAW_SIGNATURE, "Nhầm văn bản")
    assert (document.state, document.signed_at, document.leader_verdict) == (State.AWAITING_SIGNATURE, None, "")
    with unit_of_work(road.office.engine) as uow:
        signature = store.signatures_of(uow.session, document_id)[0][0]
        assert signature.withdrawn_at is not None
        assert signed_file in [version.sha256 for version in store.files_of(uow.session, document_id)]
    assert road.sign("deputy", "leader", deputy, document_id).conclusion == "passed"


def test_without_a_fresh_list_the_signature_waits(road: Road) -> None:
    """Indeterminate never rounds up: the document stays, the record is kept, a fresh list settles it."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    road.now = NOON + dt.timedelta(days=2)
    outcome = road.sign("leader", "leader", leader, document_id)
    assert outcome.conclusion == "indeterminate"
    assert road.document(document_id).state == State.AWAITING_SIGNATURE
    road.keys.publish(at=road.now + dt.timedelta(hours=1))
    road.now += dt.timedelta(hours=2)
    with unit_of_work(road.office.engine) as uow:
        ((session_id, waiting, field),) = service.settle(uow)
        settled = service.settle_one(
            uow, session_id=session_id, document_id=waiting, field=field, blobs=road.blobs, now=road.now
        )
        uow.commit()
    assert settled.conclusion == "passed"
    assert road.document(document_id).state == State.SIGNED
    with unit_of_work(road.office.engine) as uow:
        assert [row.conclusion for row in uow.session.scalars(store.select(VerdictRow))] == ["passed"]
