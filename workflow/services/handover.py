"""Handing over a post (biên bản bàn giao): everything open in it goes to others in one act, with its record.

Nothing may stay with a closed post: ending one that holds open work is refused until it was handed over. What the
person was to sign goes back to its drafter, since the signer's name stands on the draft; explanations stay owed by
whoever was late, and are listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain import incoming as arrivals
from workflow.domain import outgoing
from workflow.domain.errors import BadInput, Missing
from workflow.domain.numbering import number_text
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import outbox
from workflow.services.documents import moves as papers
from workflow.services.incoming import moves
from workflow.services.journal import local_day, record
from workflow.store import handovers as store
from workflow.store import incoming as incoming_store
from workflow.store import office, people
from workflow.store.models import Handover, Incoming, Outgoing, PostRow
from workflow.store.session import UnitOfWork


class Kind(StrEnum):
    """What is handed over; each kind goes to one person."""

    WORK = "work"
    """Incoming documents under work, and parts in the person's name."""
    DIRECTIONS = "directions"
    """Incoming documents that wait for a direction."""
    DRAFTS = "drafts"
    SIGNATURES = "signatures"
    """Drafts to be signed: they go back to their drafters."""
    SEAL = "seal"
    """The agency's certificate and its key."""


ROLES: dict[Kind, tuple[Role, ...]] = {
    Kind.WORK: (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK),
    Kind.DIRECTIONS: (Role.LEADER, Role.DEPUTY),
    Kind.DRAFTS: (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK),
    Kind.SEAL: (Role.CLERK,),
}
"""Who can take over what. Signatures go to nobody: the drafters choose anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything that a post holds. `certificates` are the person's own: kept by them, or to be revoked."""

    handled: Sequence[Incoming]
    parts: Sequence[Any]
    submitted: Sequence[Incoming]
    drafts: Sequence[Outgoing]
    to_sign: Sequence[Outgoing]
    explanations: Sequence[Any]
    certificates: Sequence[Any]
    seals: Sequence[Any]

    @property
    def counts(self) -> dict[Kind, int]:
        """How much of each kind somebody must take over."""
        found = {
            Kind.WORK: len(self.handled) + len(self.parts), Kind.DIRECTIONS: len(self.submitted),
            Kind.DRAFTS: len(self.drafts), Kind.SIGNATURES: len(self.to_sign), Kind.SEAL: len(self.seals),
        }  # fmt: skip
        return {kind: count for kind, count in found.items() if count}

    @property
    def open_work(self) -> int:
        """Documents that would stay with nobody."""
        return sum(count for kind, count in self.counts.items() if kind is not Kind.SEAL)


def holdings(uow: UnitOfWork, actor: Actor, scope: Scope, *, post_id: int, now: dt.datetime) -> Holdings:
    """What a post holds now, for whoever looks after people."""
    demand(actor, Permission.MANAGE_PEOPLE)
    return _holdings(uow, people.post(scope, uow.session, post_id), now=now)


def _holdings(uow: UnitOfWork, post: PostRow, *, now: dt.datetime, locked: bool = False) -> Holdings:
    session = uow.session
    owned = store.certificates(session, post, now=now)
    return Holdings(
        handled=store.handled(session, post, locked=locked),
        parts=store.own_parts(session, post, locked=locked),
        submitted=store.submitted_to(session, post, locked=locked),
        drafts=store.drafted(session, post, locked=locked),
        to_sign=store.to_sign(session, post, locked=locked), explanations=store.owed_explanations(session, post),
        certificates=[one for one in owned if one.person_id is not None],
        seals=[one for one in owned if one.person_id is None],
    )  # fmt: skip


def demand_nothing_left(uow: UnitOfWork, post: PostRow, *, last_day: dt.date, now: dt.datetime) -> None:
    """Raise `Missing("post_holds_work")` where a post that ends today or earlier holds open work."""
    if last_day <= local_day(now) and (count := _holdings(uow, post, now=now).open_work):
        raise Missing("post_holds_work", action="end_post", count=count)


def hand_over(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, post_id: int, to: dict[Kind, int], reason: str, now: dt.datetime
) -> Handover:
    """Move everything open in a post, write the record, tell those who take over.

    `to`: for each kind that the post holds the post that takes it. Raises `BadInput` (`reason_needed`,
    `successor_needed`, `successor_unfit`), `Missing("nothing_to_hand_over")`.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="hand_over")
    uow.begin_write()
    post = people.post(scope, uow.session, post_id)
    held = _holdings(uow, post, now=now, locked=True)
    if not held.counts:
        raise Missing("nothing_to_hand_over", action="hand_over")
    takers = {kind: _taker(uow, actor, post, kind, to.get(kind), now=now) for kind in held.counts if kind in ROLES}
    lines = [
        *_move_work(uow, actor, held, takers.get(Kind.WORK), words, now=now),
        *_move_directions(uow, actor, held, takers.get(Kind.DIRECTIONS), words, now=now),
        *_move_papers(uow, actor, held, takers.get(Kind.DRAFTS), words, now=now),
        *_certificates(held, takers.get(Kind.SEAL)),
    ]
    made = Handover(
        agency_id=post.agency_id, post_id=post.id, to_post_id=next(iter(takers.values())).id if takers else None,
        at=now, by_id=actor.person_id, reason=words[:500], body={"lines": lines},
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    facts: dict[str, object] = {
        "post": post.id, "handover": made.id, "to": {str(kind): row.id for kind, row in takers.items()},
        "lines": lines, "reason": words,
    }  # fmt: skip
    record(
        uow, subject=f"person:{post.person_id}", tag="person:post:handed_over", facts=facts, actor=actor, now=now
    )
    _tell(uow, made, takers, now=now)
    return made


def _taker(
    uow: UnitOfWork, actor: Actor, post: PostRow, kind: Kind, post_id: int | None, *, now: dt.datetime
) -> PostRow:
    if post_id is None:
        raise BadInput("successor_needed", kind=str(kind))
    row = office.held_post(uow.session, post_id, on=local_day(now))
    if (
        row.agency_id != post.agency_id
        or row.person_id in {post.person_id, actor.person_id}
        or Role(row.role) not in ROLES[kind]
    ):
        raise BadInput("successor_unfit", kind=str(kind))
    return row


def _move_work(
    uow: UnitOfWork, actor: Actor, held: Holdings, taker: PostRow | None, words: str, *, now: dt.datetime
) -> list[dict[str, Any]]:
    if taker is None:
        return []
    lines = []
    for document in held.handled:
        fields = {"handler_id": taker.person_id}
        move = moves.Move(remark=words, journal={"handler": taker.person_id}, fields=fields)
        moves.apply(uow, actor, document, arrivals.Action.HAND_OVER, now=now, move=move)
        for part in incoming_store.live_parts(uow.session, document.id):
            if part.part == arrivals.Part.LEAD:
                part.person_id = taker.person_id
        lines.append(_line("incoming", document.id, _arrival_words(document), document.state, taker))
    for part, document in held.parts:
        part.person_id = taker.person_id
        moves.apply(uow, actor, document, arrivals.Action.HAND_OVER, now=now, move=moves.Move(remark=words))
        lines.append(_line("part", document.id, _arrival_words(document), part.part, taker))
    return lines


def _move_directions(
    uow: UnitOfWork, actor: Actor, held: Holdings, taker: PostRow | None, words: str, *, now: dt.datetime
) -> list[dict[str, Any]]:
    if taker is None:
        return []
    lines = []
    for document in held.submitted:
        fields = {"leader_id": taker.person_id}
        move = moves.Move(remark=words, journal={"leader": taker.person_id}, fields=fields)
        moves.apply(uow, actor, document, arrivals.Action.HAND_OVER, now=now, move=move)
        lines.append(_line("incoming", document.id, _arrival_words(document), document.state, taker))
    return lines


def _move_papers(
    uow: UnitOfWork, actor: Actor, held: Holdings, taker: PostRow | None, words: str, *, now: dt.datetime
) -> list[dict[str, Any]]:
    """Drafts get another drafter; what the one who leaves was to sign goes back and needs another signer."""
    lines = []
    unsigned = {document.id for document in held.to_sign}
    own = {document.id: document for document in held.drafts}
    for document in (*own.values(), *(one for one in held.to_sign if one.id not in own)):
        before = document.state
        if document.id in own and taker is not None:
            document.drafter_id, document.drafter_post_id = taker.person_id, taker.id
        if document.id in unsigned:
            document.signer_id = document.signer_post_id = None
        facts = {"drafter": document.drafter_id, "signer": document.signer_id}
        papers.apply(
            uow, actor, document, _paper_action(document, unsigned), now=now,
            move=papers.Move(remark=words, journal=facts),
        )  # fmt: skip
        lines.append(_line("outgoing", document.id, document.code, before, taker if document.id in own else None))
    return lines


def _paper_action(document: Outgoing, unsigned: set[int]) -> outgoing.Action:
    gone_on = document.id in unsigned and document.state not in {outgoing.State.DRAFT, outgoing.State.RETURNED}
    return outgoing.Action.LOSE_SIGNER if gone_on else outgoing.Action.HAND_OVER


def _certificates(held: Holdings, taker: PostRow | None) -> list[dict[str, Any]]:
    """Keys cannot be moved by us: the record names them, who keeps the agency's, and what to do with one's own."""
    own = [_line("certificate", one.id, one.serial, "own", None) for one in held.certificates]
    return own + [_line("seal", one.id, one.serial, "agency", taker) for one in held.seals]


def _line(kind: str, key: int, words: str, state: str, taker: PostRow | None) -> dict[str, Any]:
    return {"kind": kind, "id": key, "words": words, "state": str(state), "to": taker.id if taker else None}


def _arrival_words(document: Incoming) -> str:
    """Number of arrival and the sender's symbol: a record names documents, it does not tell what they say."""
    number = f"{number_text(document.number)}/{document.year}" if document.number else "–"
    return f"{number} · {document.symbol}" if document.symbol and not document.secret else number


def _tell(uow: UnitOfWork, made: Handover, takers: dict[Kind, PostRow], *, now: dt.datetime) -> None:
    for person_id in sorted({row.person_id for row in takers.values()}):
        note = outbox.Note(
            cause=f"handover:{made.id}:{person_id}", person_id=person_id, link="/desk",
            subject="Bạn nhận bàn giao công việc / Work was handed over to you", body=made.reason,
        )  # fmt: skip
        outbox.queue(uow, note, now=now)
