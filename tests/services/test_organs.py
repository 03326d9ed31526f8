"""One clerk, two organs: each with its registers, head and seal; the wrong seal and the wrong head are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from signing.testing import Profile, Subject
from tests.services.test_signing_road import MORNING, Road
from tests.support.keys import FOUNDED, founded
from tests.support.office import Office
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Capacity
from workflow.domain.permissions import Scope
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.documents.numbers import give_up, number
from workflow.services.registers.terms import (
    OrganFacts,
    RegisterFacts,
    choose_types,
    first_types,
    save_organ,
    save_register,
)
from workflow.store import documents as store
from workflow.store.models import Certificate
from workflow.store.session import unit_of_work


@pytest.fixture
def road(office: Office, tmp_path: Path) -> Road:
    """A leader, a deputy who heads the council, and two seals of the agency."""
    keys = founded(office)
    for name in ("leader", "commune"):
        keys.issue(name)
    council = Subject(common_name="Hội đồng nhân dân xã Đồng Tâm", organisation="Ủy ban nhân dân xã Đồng Tâm")
    keys.held["council"] = keys.issuing.issue(council, Profile.ORGANISATION, now=FOUNDED)
    office.units["council"] = office.units["commune"]  # the keys' owner: the same agency
    for name in ("leader", "commune", "council"):
        keys.enrol(name)
    keys.publish(at=MORNING)
    return Road(office, keys, open_blobs(str(tmp_path / "blobs")))


def _organs(road: Road) -> tuple[int, int]:
    """UBND under the leader, HĐND under the deputy, each with its seal; HĐND with a register of its own."""
    office, scope = road.office, Scope(agency_ids=(road.office.units["commune"],))
    made = []
    with unit_of_work(office.engine) as uow:
        for code, name, head, seal in (
            ("UBND", "Ủy ban nhân dân xã Đồng Tâm", "leader", "commune"),
            ("HĐND", "Hội đồng nhân dân xã Đồng Tâm", "deputy", "council"),
        ):
            facts = OrganFacts(
                code=code, name=name, abbreviation=code, head_post_id=office.posts[head].id,
                certificate_id=uow.session.scalars(
                    select(Certificate.id).where(Certificate.sha256 == road.keys.held[seal].fingerprint)
                ).one(),
            )  # fmt: skip
            made.append(
                save_organ(uow, office.actor("admin"), scope, organ_id=None, facts=facts, reason="NQ", now=road.now)
            )
        register = RegisterFacts(code="hdnd", name="Sổ văn bản đi HĐND", organ_id=made[1].id)
        save_register(
            uow, office.actor("admin"), scope, register_id=None, facts=register, reason="NQ", now=road.now
        )
        uow.commit()
    return made[0].id, made[1].id


def test_the_wrong_seal_is_refused_and_a_wrong_number_given_up(road: Road) -> None:
    """Number and seal take the key of the organ in whose register the paper stands; giving its number up withdraws
    both, and the paper is numbered, sealed and issued anew from what the leader signed."""
    _organs(road)
    document_id = road.awaiting()
    road.sign("leader", "leader", road.keys.held["leader"], document_id)
    road.do(number, "clerk", document_id=document_id, version=None)
    for purpose in ("number", "seal"):
        with pytest.raises(Refused, match="wrong_seal") as wrong:
            road.sign("clerk", purpose, road.keys.held["council"], document_id)
        assert wrong.value.details == {
            "organ": "Ủy ban nhân dân xã Đồng Tâm", "owner": "Hội đồng nhân dân xã Đồng Tâm",
        }  # fmt: skip
        assert road.sign("clerk", purpose, road.keys.held["commune"], document_id).conclusion == "passed"
    signed = road.do(give_up, "clerk", document_id=document_id, version=None, reason="Nhầm sổ")
    assert (signed.state, signed.symbol, signed.seal_verdict) == (State.SIGNED, "", "")
    assert [str(found.verdict) for found in road.verify(document_id).signatures] == ["passed"]
    assert road.do(number, "clerk", document_id=document_id, version=None).symbol == "02/UBND-KT"
    for purpose in ("number", "seal"):
        assert road.sign("clerk", purpose, road.keys.held["commune"], document_id).conclusion == "passed"
    assert road.act("clerk", document_id, Action.ISSUE).state == State.ISSUED
    assert [str(found.verdict) for found in road.verify(document_id).signatures] == ["passed"] * 3
    with unit_of_work(road.office.engine) as uow:
        withdrawn = [row.withdrawn_at is not None for row, _name in store.signatures_of(uow.session, document_id)]
    assert sorted(withdrawn) == [False, False, False, True, True]


def test_each_organ_has_its_head_and_its_series(road: Road) -> None:
    """A draft in the council's name is signed by its head, numbered HĐND from 01; the other head is refused."""
    ubnd, hdnd = _organs(road)
    posts = road.office.posts

    def draft(organ: int | None, signer: str, capacity: Capacity) -> int:
        facts = DraftFacts(
            type_code="report", subject="Báo cáo kỳ họp", secret=False, signer_post_id=posts[signer].id,
            capacity=capacity, organ_id=organ,
        )  # fmt: skip
        return int(road.do(create, "drafter", scoped=False, facts=facts).id)

    draft(hdnd, "deputy", Capacity.TM)
    draft(None, "leader", Capacity.TM)
    for organ, signer, capacity in ((hdnd, "leader", Capacity.HEAD), (ubnd, "deputy", Capacity.KT)):
        with pytest.raises(Refused, match="wrong_head"):
            draft(organ, signer, capacity)
    with pytest.raises(BadInput, match="organ_of_another_agency"):
        draft(99, "leader", Capacity.HEAD)


def test_an_organ_in_use_stays(road: Road) -> None:
    """With its register in use it cannot be put out of use: its papers would become another organ's."""
    ubnd, hdnd = _organs(road)
    office, own = road.office, Scope(agency_ids=(road.office.units["commune"],))
    for organ_id, code in ((ubnd, "UBND"), (hdnd, "HĐND")):
        facts = OrganFacts(code=code, name=code, abbreviation=code, active=False)
        with unit_of_work(office.engine) as uow, pytest.raises(Refused, match="organ_in_use"):
            save_organ(uow, office.actor("admin"), own, organ_id=organ_id, facts=facts, reason="NQ", now=road.now)


def test_what_an_administrator_may_write_down(road: Road) -> None:
    """Own agency only, with a reason; one register a kind in an organ; the kinds that stand first."""
    _ubnd, hdnd = _organs(road)
    office, own = road.office, Scope(agency_ids=(road.office.units["commune"],))
    facts = RegisterFacts(code="x", name="Sổ khác", organ_id=hdnd)

    def save(who: str = "admin", *, scope: Scope = own, reason: str = "NQ", given: RegisterFacts = facts,
             register_id: int | None = None) -> None:  # fmt: skip
        with unit_of_work(office.engine) as uow:
            save_register(uow, office.actor(who), scope, register_id=register_id, facts=given, reason=reason,
                          now=road.now)  # fmt: skip

    with pytest.raises(NotPermitted):
        save("clerk")
    with pytest.raises(BadInput, match="reason_needed"):
        save(reason=" ")
    with pytest.raises(BadInput, match="type_claimed"):
        save()
    with pytest.raises(NotFound, match="organ_not_found"):
        save("far_admin", scope=Scope(agency_ids=(office.units["far"],)))
    with unit_of_work(office.engine) as uow:
        usual = ("letter", "decision")
        assert first_types(uow, office.units["commune"], usual=usual, now=road.now) == usual
        choose_types(uow, office.actor("admin"), codes=("plan", "letter"), reason="Hay dùng", now=road.now)
        assert first_types(uow, office.units["commune"], usual=usual, now=road.now) == ("plan", "letter")
        assert first_types(uow, office.units["far"], usual=usual, now=road.now) == usual
