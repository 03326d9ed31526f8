"""Two answers at the same moment, on PostgreSQL: one is kept, the other is told, and the chain holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests.services.test_races import Race, one_winner
from tests.support.asked import Asking
from tests.support.office import NOON, Office, build
from workflow.domain.opinions import Verdict
from workflow.domain.outgoing import Action
from workflow.services.documents import acts
from workflow.services.journal import verify_subject
from workflow.services.opinions import answering, asking
from workflow.store.models import Opinion, OpinionRequest, Outgoing
from workflow.store.session import make_engine, unit_of_work

pytestmark = pytest.mark.postgresql


@pytest.fixture
def office(postgresql_url: str) -> Iterator[Office]:
    """The small province, with a connection for each of two people."""
    engine = make_engine(postgresql_url)
    yield build(engine)
    engine.dispose()


def test_two_answers_and_a_withdrawal_at_once(office: Office) -> None:
    """A head who presses twice, and a drafter who takes back what is being answered: one of two happens."""
    made = Asking(office)
    paper = made.draft()
    twice, taken = made.ask(paper, "culture!", "office!")
    given = {"verdict": Verdict.AGREE, "words": "", "seen": made.text(paper, "first")}
    race = Race(office, NOON)
    for _ in range(2):
        race.act("culture_head", answering.answer, request_id=twice, **given)
    one_winner(race.told())
    race = Race(office, NOON).act("chief", answering.answer, request_id=taken, **given)
    answered, withdrawn = race.act("drafter", asking.withdraw, request_id=taken, reason="Đi vắng").told()
    assert withdrawn is None, "what was answered can be taken back, what was taken back cannot be answered"
    with unit_of_work(office.engine) as uow:
        rows = uow.session.scalar(select(func.count()).select_from(Opinion).where(Opinion.request_id == taken))
        assert rows == (0 if answered else 1)
        assert uow.session.get_one(OpinionRequest, taken).withdrawn_at is not None
        assert verify_subject(uow, f"outgoing:{paper}").holds


def test_the_last_initials_and_the_approval_at_once(office: Office) -> None:
    """The approval passes only where the initials were there before it."""
    made = Asking(office)
    paper = made.draft()
    (culture,) = made.ask(paper, "culture!")
    made.act("drafter", paper, Action.SUBMIT)
    given = {"verdict": Verdict.AGREE, "words": "", "seen": made.text(paper, "first")}
    race = Race(office, NOON).act("culture_head", answering.answer, request_id=culture, **given)
    race.act("head", acts.act, document_id=paper, action=Action.APPROVE, version=None)
    initialled, approved = race.told()
    assert initialled is None
    with unit_of_work(office.engine) as uow:
        state = uow.session.get_one(Outgoing, paper).state
        assert state == ("in_review" if approved else "format_check")
        assert verify_subject(uow, f"outgoing:{paper}").holds
