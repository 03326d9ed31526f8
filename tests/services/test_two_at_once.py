"""Two people at the same document at the same moment: one wins, the other reads why."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.services.test_signing_road import MORNING, Road
from tests.support.keys import founded
from tests.support.office import NOON, Office
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import Conflict, WorkflowError, WrongState
from workflow.domain.outgoing import Action, State
from workflow.services.documents import drafting
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work


@pytest.fixture
def road(office: Office, tmp_path: Path) -> Road:
    """A leader with a key."""
    keys = founded(office)
    keys.issue("leader")
    keys.enrol("leader")
    keys.publish(at=MORNING)
    return Road(office, keys, open_blobs(str(tmp_path / "blobs")))


def _race(*acts: Callable[[], object]) -> list[WorkflowError | None]:
    """Start all at the same moment; what each one was told."""
    answers: list[WorkflowError | None] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except WorkflowError as told:
            answers[place] = told

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_sign_and_return_at_once(road: Road) -> None:
    """Exactly one of the two acts counts; history, state and signature agree with it."""
    for _ in range(3):
        document_id, leader = road.awaiting(), road.keys.held["leader"]
        token = road.open("leader", "leader", leader)
        signature = leader.sign(road.prepare("leader", token, document_id).to_be_signed, raw=True)
        told = _race(
            lambda d=document_id, t=token, s=signature: road.finish("leader", t, d, s),
            lambda d=document_id: road.act("leader", d, Action.RETURN, "Sai số liệu"),
        )
        losers = [error for error in told if error is not None]
        assert len(losers) == 1
        assert isinstance(losers[0], Conflict | WrongState)
        document = road.document(document_id)
        with unit_of_work(road.office.engine) as uow:
            last = store.last_history(uow.session, document_id)
            standing = store.live_signature(uow.session, document_id, "leader")
        assert last is not None
        assert last.to_state == document.state
        assert (document.state == State.SIGNED) == (standing is not None)
        assert document.state in {State.SIGNED, State.RETURNED}


def test_the_same_signature_many_times_in_parallel(road: Road) -> None:
    """A double click, many times over: one signature, no error to be afraid of."""
    document_id, leader = road.awaiting(), road.keys.held["leader"]
    token = road.open("leader", "leader", leader)
    signature = leader.sign(road.prepare("leader", token, document_id).to_be_signed, raw=True)
    told = _race(*[lambda: road.finish("leader", token, document_id, signature)] * 12)
    assert all(error is None or isinstance(error, Conflict) for error in told)
    with unit_of_work(road.office.engine) as uow:
        assert len(store.signatures_of(uow.session, document_id)) == 1
        assert [line.action for line, _ in store.history_of(uow.session, document_id)].count("sign") == 1


def test_one_form_sent_twice_at_once_opens_one_draft(road: Road) -> None:
    """Two processes, neither of which sees the other's draft before its own insert: the database lets one in."""
    facts = drafting.DraftFacts(type_code="letter", subject="Bấm hai lần")
    opened: list[tuple[int, bool]] = []

    def post() -> None:
        with unit_of_work(road.office.engine) as uow:
            made, fresh = drafting.create_once(uow, road.office.actor("drafter"), facts=facts, form="f", now=NOON)
            uow.commit()
            opened.append((made.id, fresh))

    assert _race(*[post] * 8) == [None] * 8
    assert len({document for document, _fresh in opened}) == 1
    assert [fresh for _document, fresh in opened].count(True) == 1
    with unit_of_work(road.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).where(Outgoing.subject == "Bấm hai lần")) == 1
        document = opened[0][0]
        assert [line.action for line, _name in store.history_of(uow.session, document)] == ["create"]


def test_another_form_or_other_words_are_another_draft(road: Road) -> None:
    """The key is the form with what it says, and its drafter's alone."""
    facts = drafting.DraftFacts(type_code="letter", subject="Bấm hai lần")
    changed = dataclasses.replace(facts, subject="Bấm ba lần")
    wanted = [("drafter", facts, "f"), ("drafter", changed, "f"), ("drafter", facts, "g"), ("head", facts, "f")]
    for who, said, form in [*wanted, *wanted]:
        with unit_of_work(road.office.engine) as uow:
            drafting.create_once(uow, road.office.actor(who), facts=said, form=form, now=NOON)
            uow.commit()
    with unit_of_work(road.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Outgoing)) == len(wanted)
