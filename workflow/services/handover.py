"""Handing over a post (biên bản bàn giao): everything open in it goes to others in one act, with its record.

Nothing may stay with a closed post: ending one that holds open work is refused until it was handed over. Each
document goes to somebody who is fit for it (`successors`); where nobody is, a handler's goes back to its unit and a
unit's to whoever directed it. What the person was to sign goes back to its drafter, since the signer's name stands
on the draft; explanations stay owed by whoever was late, and are listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain import incoming as arrivals
from workflow.domain import notices, outgoing
from workflow.domain.errors import BadInput, Missing
from workflow.domain.numbering import number_text
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import mandates, outbox, successors
from workflow.services.documents import moves as papers
from workflow.services.dossiers import moves as folders
from workflow.services.incoming import moves
from workflow.services.journal import local_day, record
from workflow.services.opinions import asking
from workflow.services.successors import ROLES as ROLES
from workflow.services.successors import Choice, Item, key_of
from workflow.services.successors import Kind as Kind
from workflow.store import cosigning, documents, office, people
from workflow.store import handovers as store
from workflow.store import incoming as incoming_store
from workflow.store import opinions as opinions_store
from workflow.store.models import (
    Dossier,
    Handover,
    Incoming,
    MandateRow,
    OpinionRequest,
    Outgoing,
    PostRow,
    RegisterNumber,
)
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything that a post holds. `certificates` are the person's own: kept by them, or to be revoked."""

    handled: Sequence[Incoming]
    parts: Sequence[Any]
    submitted: Sequence[Incoming]
    waiting: Sequence[Incoming]
    """Waiting for this one head: to be assigned in the unit, or for the office's proposal."""
    drafts: Sequence[Outgoing]
    to_sign: Sequence[Outgoing]
    explanations: Sequence[Any]
    certificates: Sequence[Any]
    seals: Sequence[Any]
    items: Sequence[Item] = ()
    """What of it not everybody is fit for."""
    dossiers: Sequence[Dossier] = ()
    opinions: Sequence[OpinionRequest] = ()
    """Asked of this person by name; what a unit is asked waits for its next head by itself."""
    numbers: Sequence[RegisterNumber] = ()
    """Held for them: the clerk uses or cancels them; the record lists them."""
    mandates: Sequence[MandateRow] = ()
    """By which they sign: nobody takes them over, they end, and whoever comes next is given their own."""

    @property
    def counts(self) -> dict[Kind, int]:
        """How much of each kind somebody must take over."""
        found = {
            Kind.WORK: len(self.handled) + len(self.parts), Kind.ASSIGNMENTS: len(self.waiting),
            Kind.DIRECTIONS: len(self.submitted),
            Kind.DRAFTS: len(self.drafts), Kind.SIGNATURES: len(self.to_sign), Kind.DOSSIERS: len(self.dossiers),
            Kind.OPINIONS: len(self.opinions), Kind.SEAL: len(self.seals),
        }  # fmt: skip
        return {kind: count for kind, count in found.items() if count}

    @property
    def open_work(self) -> int:
        """Documents and dossiers that would stay with nobody."""
        return sum(count for kind, count in self.counts.items() if kind is not Kind.SEAL)


def holdings(uow: UnitOfWork, actor: Actor, scope: Scope, *, post_id: int, now: dt.datetime) -> Holdings:
    """What a post holds now, for whoever looks after people."""
    demand(actor, Permission.MANAGE_PEOPLE)
    return _holdings(uow, people.post(scope, uow.session, post_id), now=now)


def _holdings(uow: UnitOfWork, post: PostRow, *, now: dt.datetime, locked: bool = False) -> Holdings:
    session = uow.session
    owned = store.certificates(session, post, now=now)
    handled, parts = store.handled(session, post, locked=locked), store.own_parts(session, post, locked=locked)
    waiting = store.waiting_for_head(session, post, locked=locked)
    return Holdings(
        handled=handled,
        parts=parts,
        waiting=waiting,
        items=successors.items_of(uow, post, handled=handled, parts=parts, waiting=waiting),
        submitted=store.submitted_to(session, post, locked=locked),
        drafts=store.drafted(session, post, locked=locked),
        to_sign=store.to_sign(session, post, locked=locked), explanations=store.owed_explanations(session, post),
        certificates=[one for one in owned if one.person_id is not None],
        seals=[one for one in owned if one.person_id is None],
        mandates=mandates.open_mandates_of(uow, post.id, now=now),
        opinions=opinions_store.held_by(session, post),
        dossiers=store.open_dossiers(session, post, locked=locked), numbers=store.held_numbers(session, post),
    )  # fmt: skip


def demand_nothing_left(uow: UnitOfWork, post: PostRow, *, last_day: dt.date, now: dt.datetime) -> None:
    """Raise `Missing("post_holds_work")` where a post that ends today or earlier holds open work."""
    if last_day <= local_day(now) and (count := _holdings(uow, post, now=now).open_work):
        raise Missing("post_holds_work", action="end_post", count=count)


def hand_over(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, post_id: int, to: Mapping[Kind, Choice], reason: str,
    now: dt.datetime, apart: Mapping[str, Choice] | None = None,
) -> Handover:  # fmt: skip
    """Move everything open in a post, write the record, tell those who take over.

    `to`: for each kind that the post holds the post that takes it; `apart`: for single documents another (None:
    back). Raises `BadInput` (`reason_needed`, `successor_needed`, `successor_unfit`, `successor_unfit_for`),
    `Missing("nothing_to_hand_over")`.
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
    single = frozenset(item.kind for item in held.items)
    takers = {
        kind: successors.taker(uow, post, kind, to.get(kind), without=actor.person_id, now=now)
        for kind in held.counts
        if kind in ROLES and kind not in single
    }
    each = successors.chosen(uow, post, held.items, to=to, apart=apart or {}, without=actor.person_id, now=now)
    lines = [
        *_move_work(uow, actor, held, each, words, now=now),
        *_move_assignments(uow, actor, held, each, words, now=now),
        *_move_directions(uow, actor, held, takers.get(Kind.DIRECTIONS), words, now=now),
        *_move_papers(uow, actor, held, post.id, takers.get(Kind.DRAFTS), words, now=now),
        *_move_dossiers(uow, actor, held, takers.get(Kind.DOSSIERS), words, now=now),
        *_move_opinions(uow, actor, held, takers.get(Kind.OPINIONS), words, now=now),
        *_certificates(held, takers.get(Kind.SEAL)),
        *(_line("mandate", row.id, row.legal_symbol, row.capacity, None) for row in held.mandates),
        *(
            _line("number", row.id, f"{number_text(row.number)}/{row.year}", row.status, None)
            for row in held.numbers
        ),
    ]
    mandates.end_all_for_post(uow, actor, post_id=post.id, reason=words, now=now)
    taking = [row for row in (*each.values(), *takers.values()) if row is not None]
    made = Handover(
        agency_id=post.agency_id, post_id=post.id, to_post_id=taking[0].id if taking else None,
        at=now, by_id=actor.person_id, reason=words[:500], body={"lines": lines},
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    facts: dict[str, object] = {
        "post": post.id, "handover": made.id, "to": sorted({row.id for row in taking}), "lines": lines,
        "reason": words,
    }  # fmt: skip
    record(
        uow, subject=f"person:{post.person_id}", tag="person:post:handed_over", facts=facts, actor=actor, now=now
    )
    _tell(uow, made, {row.person_id for row in taking}, now=now)
    _tell_units(uow, made, post, held, each, now=now)
    return made


def _move_work(
    uow: UnitOfWork, actor: Actor, held: Holdings, each: Mapping[str, PostRow | None], words: str, *,
    now: dt.datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    lines = []
    for document in held.handled:
        taker = each[key_of("incoming", document.id)]
        person = taker.person_id if taker else None
        action = arrivals.Action.HAND_OVER if taker else arrivals.Action.SEND_BACK
        move = moves.Move(remark=words, journal={"handler": person}, fields={"handler_id": person})
        before = document.handler_id
        moves.apply(uow, actor, document, action, now=now, move=move)
        for part in incoming_store.live_parts(uow.session, document.id):
            if part.part == arrivals.Part.LEAD:
                part.person_id, part.state = person, part.state if taker else arrivals.PartState.OPEN
        if document.holder_id == before:
            document.holder_id = None  # the head who leaves handled it: the unit waits for another
        lines.append(_line("incoming", document.id, _arrival_words(document), document.state, taker))
    for part, document in held.parts:
        taker = each[key_of("part", part.id)]
        moves.apply(uow, actor, document, arrivals.Action.HAND_OVER, now=now, move=moves.Move(remark=words))
        part.person_id = taker.person_id if taker else None  # after the journal said whose it was
        lines.append(_line("part", document.id, _arrival_words(document), part.part, taker))
    return lines


def _move_assignments(
    uow: UnitOfWork, actor: Actor, held: Holdings, each: Mapping[str, PostRow | None], words: str, *,
    now: dt.datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """What waits for the head who leaves waits for the next one, or for whoever directed it to appoint or direct
    anew; a post that still lasts today is no holder any more.
    """
    lines = []
    for document in held.waiting:
        taker = each[key_of("incoming", document.id)]
        move = moves.Move(remark=words, journal={"head": taker.person_id if taker else None})
        moves.apply(uow, actor, document, arrivals.Action.HAND_OVER, now=now, move=move)
        document.holder_id = taker.person_id if taker else None
        lines.append(_line("incoming", document.id, _arrival_words(document), document.state, taker))
    uow.flush()
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
    uow: UnitOfWork, actor: Actor, held: Holdings, post_id: int, taker: PostRow | None, words: str, *,
    now: dt.datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Drafts get another drafter; what the one who leaves was to sign goes back and needs another signer."""
    lines = []
    unsigned = {document.id for document in held.to_sign}
    own = {document.id: document for document in held.drafts}
    for document in (*own.values(), *(one for one in held.to_sign if one.id not in own)):
        before, withdrawn = document.state, list[str]()
        if document.id in own and taker is not None:
            document.drafter_id, document.drafter_post_id = taker.person_id, taker.id
        if document.id in unsigned:
            withdrawn = _lose_signer(uow, document, post_id=post_id, now=now)
        facts = {"drafter": document.drafter_id, "signer": document.signer_id,
                 **_beside(uow, document), **({"withdrawn": withdrawn} if withdrawn else {})}  # fmt: skip
        papers.apply(
            uow, actor, document, _paper_action(document, unsigned), now=now,
            move=papers.Move(remark=words, journal=facts),
        )  # fmt: skip
        document.holder_id = papers.holder_of(uow, document, outgoing.State(document.state), now=now)
        if document.holder_id is None:  # its reviewer may have become its drafter
            papers.skip_review_where_nobody_reviews(uow, document, now=now)
        uow.flush()
        lines.append(_line("outgoing", document.id, document.code, before, taker if document.id in own else None))
    return lines


def _beside(uow: UnitOfWork, document: Outgoing) -> dict[str, object]:
    """Whom it names beside its signer now, told as whoever chooses them tells it."""
    named = cosigning.places(uow.session, document.id)
    return {"cosigners": [
        {"post": one.post_id, "part": str(one.part), "turn": one.turn, "field": one.field} for one in named
    ]}  # fmt: skip


def _lose_signer(uow: UnitOfWork, document: Outgoing, *, post_id: int, now: dt.datetime) -> list[str]:
    """The post is named no more; what others signed for a file that names it is withdrawn, and the file is the
    draft again. The fields of what was withdrawn, for the journal.
    """
    if document.signer_post_id == post_id:
        document.signer_id = document.signer_post_id = None
    cosigning.lose(uow.session, document.id, post_id=post_id)
    standing = sorted(cosigning.standing(uow.session, document.id), key=lambda one: one.id)
    for signature in standing:
        signature.withdrawn_at = now
    if document.state == outgoing.State.AWAITING_SIGNATURE:
        draft = documents.latest_file(uow.session, document.id, "draft")
        document.file_sha256 = draft.sha256 if draft is not None else None
    uow.flush()
    return [one.field for one in standing]


def _move_dossiers(
    uow: UnitOfWork, actor: Actor, held: Holdings, taker: PostRow | None, words: str, *, now: dt.datetime
) -> list[dict[str, Any]]:
    if taker is None:
        return []
    for dossier in held.dossiers:
        folders.hand_over(uow, actor, dossier, to=taker.person_id, words=words, now=now)
    return [_line("dossier", one.id, f"{one.notation}/{one.year}", one.state, taker) for one in held.dossiers]


def _move_opinions(
    uow: UnitOfWork, actor: Actor, held: Holdings, taker: PostRow | None, words: str, *, now: dt.datetime
) -> list[dict[str, Any]]:
    if taker is None:
        return []
    rows = sorted(held.opinions, key=lambda row: (row.document_id, row.id))
    moved = [asking.hand_over(uow, actor, row, taker, words=words, now=now) for row in rows]
    return [_line("opinion", one.id, one.code, one.state, taker) for one in moved if one is not None]


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


def item_words(item: Item) -> str:
    """How a form names what has to be taken over: as the record does."""
    return _arrival_words(item.document)


def _tell(uow: UnitOfWork, made: Handover, persons: set[int], *, now: dt.datetime) -> None:
    for person_id in sorted(persons):
        note = outbox.Note(
            cause=f"handover:{made.id}:{person_id}", person_id=person_id, link="/desk",
            what=notices.Told.of(notices.Kind.HANDOVER_TAKEN, reason=made.reason),
        )  # fmt: skip
        outbox.queue(uow, note, now=now)


def _tell_units(
    uow: UnitOfWork, made: Handover, post: PostRow, held: Holdings, each: Mapping[str, PostRow | None], *,
    now: dt.datetime,
) -> None:  # fmt: skip
    """What went back waits for the unit's other heads, else for who directed it, else for the leaders."""
    back = [item for item in held.items if each[item.key] is None]
    told: set[int] = set()
    for item in back:
        heads = set(moves.unit_heads(uow, item.document.lead_unit_id, now=now)) - {post.person_id}
        told |= heads or ({item.document.leader_id} if item.document.leader_id else set())
    told -= {post.person_id}
    if back and not told:
        leaders = office.holders(uow.session, role=Role.LEADER, on=local_day(now), agency_id=post.agency_id)
        told = {row.person_id for row in leaders}
    for person_id in sorted(told):
        note = outbox.Note(
            cause=f"handover:{made.id}:back:{person_id}", person_id=person_id, link="/desk",
            what=notices.Told.of(notices.Kind.HANDOVER_BACK, reason=made.reason),
        )  # fmt: skip
        outbox.queue(uow, note, now=now)
