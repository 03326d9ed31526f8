"""One act over many documents: its manifest fixed once, told once, gone on with after a break."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.services.test_signing_road import MORNING, Road
from tests.services.test_two_at_once import _race as race
from tests.support.keys import founded
from tests.support.office import NOON, Office
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import BadInput, Conflict, NotFound, Refused
from workflow.domain.outgoing import Action
from workflow.domain.signing_acts import OF_COPIES, Line, Manifest, manifest
from workflow.services import signing as service
from workflow.services.documents import acts as plain
from workflow.services.housekeeping import clear_rows
from workflow.services.journal import verify_subject
from workflow.services.signing import acts, resuming
from workflow.store.models import Journal, Outgoing, Signature, SigningSession
from workflow.store.session import unit_of_work

NONCE = "nonce-of-the-page-1"


@pytest.fixture
def road(office: Office, tmp_path: Path) -> Road:
    """A leader and a deputy with keys."""
    keys = founded(office)
    for name in ("leader", "deputy"):
        keys.issue(name)
        keys.enrol(name)
    keys.publish(at=MORNING)
    return Road(office, keys, open_blobs(str(tmp_path / "blobs")))


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the journal."""

    tag: str
    facts: dict[str, Any]
    person_id: int | None


class Act:
    """The leader's side of an act over some documents, all prepared."""

    def __init__(self, road: Road, count: int = 3) -> None:
        self.road, self.key = road, road.keys.held["leader"]
        self.documents = [road.awaiting() for _ in range(count)]
        self.token = road.open("leader", "leader", self.key)
        self.items = {one: road.prepare("leader", self.token, one) for one in self.documents}

    def manifest(self, nonce: str = NONCE, order: list[int] | None = None) -> Manifest:
        lines = [
            Line(str(one), self.items[one].version, self.items[one].prepared_sha256, self.items[one].digest)
            for one in order or self.documents
        ]
        return manifest(purpose="leader", certificate=self.key.fingerprint, nonce=nonce, lines=lines)

    def fix(self, *, nonce: str = NONCE, code: str = "", order: list[int] | None = None) -> Manifest:
        made: Manifest = self.road.do(
            service.fix, "leader", scoped=False, session=self.token, login_session_id=None, nonce=nonce,
            code=code or self.manifest(nonce, order).code, order=[str(one) for one in order or ()],
        )  # fmt: skip
        return made

    def signature(self, document_id: int) -> bytes:
        return self.key.sign(self.items[document_id].to_be_signed, raw=True)

    def finish(self, document_id: int) -> service.Outcome:
        return self.road.finish("leader", self.token, document_id, self.signature(document_id))

    @property
    def row(self) -> SigningSession:
        with unit_of_work(self.road.office.engine) as uow:
            hashed = hashlib.sha256(self.token.encode()).hexdigest()
            return uow.session.scalars(select(SigningSession).where(SigningSession.id_hash == hashed)).one()

    def told(self) -> list[Told]:
        """Its own chain in the journal, whole."""
        subject = f"signing_act:{self.row.id}"
        with unit_of_work(self.road.office.engine) as uow:
            assert verify_subject(uow, subject).broken is None
            query = select(Journal).where(Journal.subject == subject).order_by(Journal.ordinal)
            return [
                Told(row.tag, json.loads(row.body)["facts"], row.person_id) for row in uow.session.scalars(query)
            ]

    def begun(self, act_id: int, *, who: str = "leader", login: int | None = None) -> resuming.Begun:
        found: resuming.Begun = self.road.do(
            service.begun, who, scoped=False, act_id=act_id, login_session_id=login
        )
        return found

    def go_on(
        self, act_id: int, *, who: str = "leader", key: str = "", login: int | None = None
    ) -> resuming.GoneOn:
        gone: resuming.GoneOn = self.road.do(
            service.go_on, who, scoped=False, act_id=act_id, login_session_id=login,
            certificate=self.road.keys.held[key or who].der,
        )  # fmt: skip
        return gone


def test_an_act_is_fixed_signed_and_told_once(road: Road) -> None:
    """The manifest in the order of whoever signs; the first and the last signature are told with one code; each
    document's journal and signature name the act."""
    act = Act(road)
    order = act.documents[::-1]
    made = act.fix(order=order)
    assert act.fix(order=order).code == made.code, "asked again after a lost answer"
    with pytest.raises(Refused, match="act_fixed"):
        act.fix(nonce="another-page-entirely")
    with pytest.raises(Refused, match="act_fixed"):
        road.prepare("leader", act.token, road.awaiting())
    for document_id in act.documents:
        assert act.row.ended_at is None
        assert act.finish(document_id).conclusion == "passed"
    begun, ended = act.told()
    assert (begun.tag, ended.tag) == ("signing:act:begun", "signing:act:ended")
    assert begun.facts["documents"] == [[one.document, one.version, one.prepared, one.to_be_signed]
                                        for one in made.lines]  # fmt: skip
    assert begun.facts["manifest"] == hashlib.sha256(made.text.encode()).hexdigest()
    counts = {"code": made.code, "count": 3, "signed": 3, "pending": 0, "left": 0}
    assert ended.facts == ended.facts | counts
    with unit_of_work(road.office.engine) as uow:
        assert set(uow.session.scalars(select(Signature.act_id))) == {act.row.id}
        bodies = uow.session.scalars(select(Journal.body).where(Journal.subject.startswith("outgoing:")))
        told = [facts["act"] for facts in (json.loads(body)["facts"] for body in bodies) if "act" in facts]
        assert told == [made.code] * 3


@pytest.mark.parametrize("wrong", ["code", "document left out", "document doubled", "foreign document", "nonce"])
def test_a_differing_act_stops_before_anything_is_signed(road: Road, wrong: str) -> None:
    """Whatever the two sides do not share, nothing is fixed, and the honest answer still may come."""
    act = Act(road, 2)
    first, second = act.documents
    asked: Callable[[], object] = {
        "code": lambda: act.fix(code="AAAAAAAAAA"),
        "document left out": lambda: act.fix(order=[first]),
        "document doubled": lambda: act.fix(order=[first, second, first], code="AAAAAAAAAA"),
        "foreign document": lambda: act.fix(order=[first, 10_000], code="AAAAAAAAAA"),
        "nonce": lambda: act.fix(nonce="x", code="AAAAAAAAAA"),
    }[wrong]
    with pytest.raises((Refused, BadInput), match="act_nonce" if wrong == "nonce" else "act_differs"):
        asked()
    assert (act.row.fixed_at, act.told()) == (None, [])
    act.fix()


def test_an_act_whose_signer_computes_no_code_is_fixed_by_its_first_signature(road: Road) -> None:
    """A program that sends signatures straight away: the manifest stands all the same."""
    act = Act(road, 2)
    act.finish(act.documents[1])
    row = act.row
    assert (len(row.manifest["documents"]), len(row.nonce) >= 16, len(row.manifest_code)) == (2, True, 10)
    assert acts.read(row).code == row.manifest_code
    with pytest.raises(Refused, match="act_fixed"):
        act.fix()


def test_many_pages_fix_one_act_at_once(road: Road) -> None:
    """Eight pages with eight nonces, and a first signature in between: one manifest, told once."""
    act = Act(road, 2)
    nonces = [f"nonce-of-page-number-{n}" for n in range(8)]
    codes = [act.manifest(nonce).code for nonce in nonces]
    told = race(
        *(lambda n=n, c=c: act.fix(nonce=n, code=c) for n, c in zip(nonces, codes, strict=True)),
        lambda: act.finish(act.documents[0]),
    )
    assert told[-1] is None
    lost = [error for error in told[:-1] if error is not None]
    assert len(lost) in {7, 8}
    assert all(error.code == "act_fixed" for error in lost)
    (begun,) = act.told()
    assert begun.facts["code"] == act.row.manifest_code
    assert (begun.facts["code"] in codes) == (len(lost) == 7)


def _over_copies(road: Road, act_id: int) -> None:
    """An act of the same person in the same post a minute later, over copies."""
    with unit_of_work(road.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(SigningSession, act_id)
        kept = {one.key: getattr(row, one.key) for one in SigningSession.__mapper__.column_attrs}
        kept |= {"purpose": OF_COPIES, "created_at": row.created_at + dt.timedelta(minutes=1), "id_hash": "c" * 64}
        del kept["id"]
        uow.add(SigningSession(**kept))
        uow.commit()


def test_going_on_after_a_break(road: Road) -> None:
    """The same login signs the same bytes with a fresh secret; the old one is void; what was signed stays."""
    act = Act(road, 4)
    made = act.fix()
    act.finish(act.documents[0])
    act_id = act.row.id
    rest = road.do(service.unfinished, "leader", scoped=False)
    assert (rest.act_id, rest.signed, rest.whole, rest.rest) == (act_id, 1, 4, 3)
    _over_copies(road, act_id)
    assert road.do(service.unfinished, "leader", scoped=False) == rest, "a later act over copies does not hide it"
    assert road.do(service.unfinished, "deputy", scoped=False) is None
    gone = act.go_on(act_id)
    assert gone.manifest == made
    assert [item.document_id for item in gone.items] == act.documents[1:]
    assert [item.to_be_signed for item in gone.items] == [act.items[one].to_be_signed for one in act.documents[1:]]
    with pytest.raises(NotFound, match="signing_session_not_found"):
        act.finish(act.documents[1])
    act.token = gone.session
    for document_id in act.documents[1:]:
        assert act.finish(document_id).conclusion == "passed"
    assert road.do(service.unfinished, "leader", scoped=False) is None
    assert [entry.tag for entry in act.told()] == ["signing:act:begun", "signing:act:ended"]
    remade = act.signature(act.documents[1])  # as a P-256 signature made anew: other bytes
    with pytest.raises(Conflict, match="signature_differs") as caught:
        road.finish("leader", act.token, act.documents[0], remade)
    assert caught.value.details["done"] is True


def test_a_signature_that_was_withdrawn_is_not_told_as_accepted(road: Road) -> None:
    """The same answer again, the signature being taken back meanwhile: that is said, and nothing is done."""
    act = Act(road, 2)
    act.fix()
    for document_id in act.documents:
        assert act.finish(document_id).conclusion == "passed"
    first, second = act.documents
    assert act.finish(first).again is True
    road.do(plain.act, "leader", document_id=first, action=Action.WITHDRAW_SIGNATURE, version=None, remark="Nhầm")
    with pytest.raises(Conflict, match="signature_withdrawn"):
        act.finish(first)
    assert act.finish(second).again is True
    with unit_of_work(road.office.engine) as uow:
        assert uow.session.get_one(Outgoing, first).state == "awaiting_signature"


def test_only_the_same_person_login_key_and_quarter_of_an_hour_go_on(road: Road) -> None:
    """Everybody else: not there. Another login, or sixteen minutes later: what is left is offered as a new act."""
    act = Act(road, 2)
    act.fix()
    act.finish(act.documents[0])
    act_id = act.row.id
    for who in ("deputy", "clerk", "far_leader"):
        with pytest.raises(NotFound):
            act.begun(act_id, who=who)
        with pytest.raises(NotFound):
            act.go_on(act_id, who=who, key="deputy")
    assert act.begun(act_id).same_bytes
    assert not act.begun(act_id, login=9).same_bytes
    with pytest.raises(Refused, match="signing_session_expired"):
        act.go_on(act_id, login=9)
    road.keys.held["second"] = road.keys.issue("leader", days=700)
    road.keys.enrol("leader")
    with pytest.raises(Refused, match="act_other_key"):
        act.go_on(act_id, key="second")
    road.now = NOON + dt.timedelta(minutes=16)
    begun = act.begun(act_id)
    assert (begun.same_bytes, begun.signed, begun.documents) == (False, 1, (act.documents[1],))
    with pytest.raises(Refused, match="signing_session_expired"):
        act.go_on(act_id)


def test_the_night_tells_the_end_of_an_act_that_was_left(road: Road) -> None:
    """Signed one of three and never came back: told once, with the counts, by the clock."""
    act = Act(road)
    act.fix()
    act.finish(act.documents[0])
    never_fixed = Act(road, 1)
    later = NOON + dt.timedelta(hours=14)
    for expected in (1, 0):
        with unit_of_work(road.office.engine) as uow:
            assert clear_rows(uow, now=later, frequent_jobs=())["acts"] == expected
            uow.commit()
    ended = act.told()[-1]
    assert (ended.facts["signed"], ended.facts["left"], ended.person_id) == (1, 2, None)
    assert never_fixed.told() == []
    road.now = later
    rest = road.do(service.unfinished, "leader", scoped=False)
    assert (rest.signed, rest.rest) == (1, 2), "released, and still offered as a new act"
