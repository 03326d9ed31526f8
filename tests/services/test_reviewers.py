"""Who reviews a draft: a head of the unit that wrote it, or of one above; never who wrote it, in whatever post."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.papers import Papers
from workflow.domain.errors import Missing
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Actor, Capacity, Post, Role
from workflow.domain.permissions import scope_of
from workflow.services.documents import acts
from workflow.services.documents.moves import possible_actions
from workflow.store import documents as store
from workflow.store.models import PostRow
from workflow.store.session import unit_of_work


def appoint(papers: Papers, who: str, unit: str) -> Post:
    """Make somebody a head of a unit besides what they are; `office.posts` has the post as `<who> of <unit>`."""
    given = papers.office.posts[who]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = PostRow(
            person_id=given.person_id, unit_id=papers.office.units[unit], agency_id=given.agency_id,
            role=str(Role.UNIT_HEAD), title="Trưởng phòng", valid_from=given.valid_from,
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        made = replace(given, id=row.id, unit_id=row.unit_id, role=Role.UNIT_HEAD, title=row.title)
        uow.commit()
    return made


def offered(papers: Papers, post: Post, document_id: int, *, below: tuple[str, ...] = ()) -> set[Action]:
    """What the page of a draft offers somebody in a post."""
    scope = scope_of(post, units_below=[papers.office.units[name] for name in below])
    with unit_of_work(papers.office.engine) as uow:
        document = store.find(scope, uow.session, document_id)
        steps = possible_actions(uow, Actor.of(post), document, now=papers.now)
        return {step.action for step, missing in steps if not missing}


def refused(papers: Papers, post: Post, document_id: int) -> None:
    """Neither approval nor return, and nothing of it is on the desk."""
    scope = scope_of(post, units_below=())
    for action in (Action.APPROVE, Action.RETURN):
        with unit_of_work(papers.office.engine) as uow, pytest.raises(Missing, match="reviewer"):
            acts.act(uow, Actor.of(post), scope, document_id=document_id, action=action, version=None,
                     now=papers.now, remark="Xem lại")  # fmt: skip
    assert not {Action.APPROVE, Action.RETURN} & offered(papers, post, document_id)
    with unit_of_work(papers.office.engine) as uow:
        rows = store.waiting_for(scope, uow.session, role=post.role, person_id=post.person_id)
    assert document_id not in [row.id for row in rows]


def test_a_head_who_drafted_leaves_the_review_to_the_other_head(papers: Papers) -> None:
    """Two heads of one unit."""
    other = appoint(papers, "chief", "economy")
    document_id = papers.in_review(drafter="head")
    assert papers.row(document_id).state == State.IN_REVIEW
    refused(papers, papers.office.posts["head"], document_id)
    assert Action.APPROVE in offered(papers, other, document_id)


def test_nobody_reviews_their_own_draft_in_another_post(papers: Papers) -> None:
    """A drafter who heads a unit elsewhere, and one who also heads the very unit."""
    document_id = papers.in_review()
    refused(papers, appoint(papers, "drafter", "culture"), document_id)
    refused(papers, appoint(papers, "drafter", "economy"), document_id)
    assert papers.act("head", document_id, Action.APPROVE).state == State.FORMAT_CHECK


def test_the_named_signer_reviews_nothing_of_another_unit(papers: Papers) -> None:
    """Who may see it because they sign it later does not decide on it before."""
    document_id = papers.in_review()
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        named = store.for_jobs(uow.session, document_id, reason="a test names another signer")
        named.signer_id = papers.office.posts["culture_head"].person_id
        named.signer_post_id = papers.office.posts["culture_head"].id
        named.capacity = str(Capacity.TL)
        uow.commit()
    refused(papers, papers.office.posts["culture_head"], document_id)


def test_the_head_of_the_unit_above_reviews_too(papers: Papers) -> None:
    """As before: a part of a unit answers to it."""
    above = appoint(papers, "chief", "commune")
    document_id = papers.in_review()
    assert {Action.APPROVE, Action.RETURN} <= offered(papers, above, document_id, below=("economy",))


def test_where_only_the_drafter_is_left_the_leaders_review(papers: Papers) -> None:
    """Handed over to the unit's only head while it lay in review: no dead end."""
    document_id = papers.in_review()
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        taken = store.for_jobs(uow.session, document_id, reason="a test hands it over")
        taken.drafter_id, taken.drafter_post_id = (
            papers.office.posts["head"].person_id, papers.office.posts["head"].id
        )  # fmt: skip
        uow.commit()
    refused(papers, papers.office.posts["head"], document_id)
    assert papers.act("leader", document_id, Action.APPROVE).state == State.FORMAT_CHECK
