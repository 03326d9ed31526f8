"""What somebody could do or read ends with what gave it: a post, a paper that is filed or recalled, a part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.test_search import subjects
from tests.support.arrivals import LETTER, Arrivals
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.incoming import Action, Part, Result
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.permissions import figures_scope
from workflow.services import handover, replies
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.handover import Kind
from workflow.services.incoming import moves, routing, working
from workflow.services.incoming.routing import Direction, To
from workflow.store import incoming as store
from workflow.store import search_sources
from workflow.store.models import Blob, Incoming, IncomingFile
from workflow.store.session import unit_of_work

DIGEST = "c" * 64


def _text_came(arrivals: Arrivals, incoming_id: int) -> None:
    """A file of a document, read: it says a word that stands nowhere else."""
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        uow.add(Blob(sha256=DIGEST, size=1, media_type="application/pdf", created_at=arrivals.now))
        uow.flush()
        uow.add(
            IncomingFile(
                incoming_id=incoming_id, ordinal=1, kind="main", sha256=DIGEST, media_type="application/pdf",
                added_at=arrivals.now,
            )
        )  # fmt: skip
        search_sources.keep_text(
            uow.session, DIGEST, state="read", text="thủy lợi nội đồng", pages=1, now=arrivals.now
        )
        uow.commit()


def test_recalled_text_is_not_found(arrivals: Arrivals) -> None:
    """Taken back by its sender: its facts are still the trace, its text is gone from search (Art. 18.4b)."""
    paper = arrivals.paper()
    _text_came(arrivals, paper.id)
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Incoming, paper.id)
        moves.apply(uow, arrivals.office.actor("clerk"), row, Action.CORRECT, now=arrivals.now)
        uow.commit()
    assert subjects(arrivals.office, "thủy lợi") == [LETTER.subject]
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Incoming, paper.id)
        moves.apply(uow, SYSTEM_ACTOR, row, Action.AGREE_RECALL, now=arrivals.now)
        uow.commit()
    assert subjects(arrivals.office, "thủy lợi") == []
    assert subjects(arrivals.office, "biên chế") == [LETTER.subject]


def test_a_former_handler_does_not_act_from_elsewhere(arrivals: Arrivals) -> None:
    """The same person in a post of another agency: what they handled here is no longer theirs to move."""
    found = arrivals.in_progress()
    here, far = arrivals.office.posts["specialist"], arrivals.office.posts["far_drafter"]
    arrivals.office.posts["moved"] = replace(far, person_id=here.person_id)
    arrivals.office.names["moved"] = arrivals.office.names["specialist"]
    with pytest.raises(NotFound, match="incoming_not_found"):
        arrivals.do(
            "moved", working.finish, incoming_id=found.id, version=None, result=Result.SETTLED, words="Từ nơi khác"
        )


def test_a_filed_paper_does_not_hold_a_post(arrivals: Arrivals) -> None:
    """A coordinating part that was never finished stays open on a filed paper; the post can be handed over all the
    same.
    """
    office = arrivals.office
    found = arrivals.submitted()
    to = (
        To(part=Part.LEAD, unit_id=office.units["economy"]),
        To(part=Part.COORDINATE, unit_id=office.units["culture"], person_id=office.posts["culture_head"].person_id),
    )
    arrivals.do("leader", routing.direct, incoming_id=found.id, version=None, direction=Direction(to=to))
    scope = figures_scope(office.posts["admin"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        held = handover.holdings(
            uow, office.actor("admin"), scope, post_id=office.posts["culture_head"].id, now=arrivals.now
        )
        assert held.counts == {Kind.WORK: 1}
    arrivals.do("head", working.close, incoming_id=found.id, version=None)
    arrivals.do("clerk", working.act, incoming_id=found.id, version=None, action=Action.FILE)
    with unit_of_work(office.engine) as uow:
        held = handover.holdings(
            uow, office.actor("admin"), scope, post_id=office.posts["culture_head"].id, now=arrivals.now
        )
        assert held.counts == {}


def test_nobody_hands_a_post_over_to_themselves(arrivals: Arrivals) -> None:
    """An administrator who is a drafter too would read what they gave themselves."""
    arrivals.assigned()
    office = arrivals.office
    office.posts["admin"] = replace(office.posts["admin"], person_id=office.posts["drafter"].person_id)
    with unit_of_work(office.engine) as uow, pytest.raises(BadInput, match="successor_unfit"):
        handover.hand_over(
            uow, office.actor("admin"), figures_scope(office.posts["admin"], agencies_below=()),
            post_id=office.posts["specialist"].id, to={Kind.WORK: office.posts["drafter"].id}, reason="QĐ 15",
            now=arrivals.now,
        )  # fmt: skip


def test_an_answer_of_who_was_only_informed_closes_nothing(arrivals: Arrivals) -> None:
    """Linked, it is shown; the lead unit's work does not end with it."""
    office = arrivals.office
    found = arrivals.submitted()
    to = (
        To(part=Part.LEAD, unit_id=office.units["economy"]),
        To(part=Part.INFORM, unit_id=office.units["culture"]),
    )
    arrivals.do("leader", routing.direct, incoming_id=found.id, version=None, direction=Direction(to=to))
    for name, closes in (("culture_head", False), ("drafter", True)):
        with unit_of_work(office.engine) as uow:
            facts = DraftFacts(type_code="letter", subject="V/v trả lời")
            made = create(uow, office.actor(name), facts=facts, now=arrivals.now)
            uow.commit()
        link = arrivals.do(name, replies.link, document_id=made.id, incoming_id=found.id)
        assert link.closes is closes
    with unit_of_work(office.engine) as uow:
        assert len(store.replies_of(uow.session, found.id)) == 2
