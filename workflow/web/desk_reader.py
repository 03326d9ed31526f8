"""Reading what waits for a decision, one paper after the other: the row of papers, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.people import Capacity
from workflow.services.calendar import working_calendar
from workflow.services.documents.deputising import Deputy, deputies
from workflow.services.documents.moves import possible_actions
from workflow.services.signing.preparing import own_place
from workflow.store import agreements
from workflow.store import documents as store
from workflow.store.models import FileVersion, Outgoing, PlannedBox
from workflow.web import cosign_words
from workflow.web import document_view as view
from workflow.web.clocks import Clock
from workflow.web.context import Current
from workflow.web.format import ago, moment
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.page_images import page_sizes
from workflow.web.pin_view import Pins, pins
from workflow.web.preflight import AT_MOST, current_file
from workflow.web.storage import blobs

PATH = "/desk/read"
LIMIT = 200
DECIDED = (Action.APPROVE, Action.RETURN, Action.REJECT, Action.DECLINE, Action.HAND_TO_DEPUTY)
"""What is offered beside agreeing."""


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits for me, in reading order. `ticked`: chosen to be signed, as the address carries it."""

    rows: tuple[Any, ...]
    ticked: tuple[int, ...]
    beside: frozenset[int] = frozenset()
    """Those that I sign before their named signer."""

    @property
    def ids(self) -> list[int]:
        """Keys of the documents."""
        return [row.id for row in self.rows]

    def next_to(self, document_id: int, step: int) -> int | None:
        """The one before or after; None at the ends."""
        ids = self.ids
        if document_id not in ids:
            return None
        at = ids.index(document_id) + step
        return ids[at] if 0 <= at < len(ids) else None

    def place(self, document_id: int) -> int:
        """1 for the first, 0 for one that is not in it."""
        return self.ids.index(document_id) + 1 if document_id in self.ids else 0

    def address(self, document_id: int | None, ticked: Sequence[int] | None = None) -> str:
        """Of a document in this pile, or of its end; with what is ticked."""
        chosen = self.ticked if ticked is None else ticked
        where = f"{PATH}/{document_id}" if document_id is not None else f"{PATH}/end"
        return f"{where}?ticked={'.'.join(map(str, chosen))}"

    def turned(self, document_id: int) -> str:
        """What is ticked once the tick of a document is turned, as the address carries it."""
        rest = tuple(key for key in self.ticked if key != document_id)
        return ".".join(map(str, rest if document_id in self.ticked else (*self.ticked, document_id)))

    @property
    def sign_address(self) -> str:
        """Where all that is ticked is signed in one act; the end of the pile where that takes several."""
        made = self.chunks
        return made[0][1] if len(made) == 1 else self.address(None)

    @property
    def chunks(self) -> list[tuple[list[Any], str]]:
        """What is ticked, as acts of signing: rows and where they are signed. What one signs as its signer and
        what one signs before somebody else are acts of their own."""
        chosen = [row for row in self.rows if row.id in self.ticked]
        found = []
        for page, some in (
            ("/sign", [row for row in chosen if row.id not in self.beside]),
            ("/sign/cosign", [row for row in chosen if row.id in self.beside]),
        ):
            for at in range(0, len(some), AT_MOST):
                part = some[at : at + AT_MOST]
                found.append((part, f"{page}?" + "&".join(f"documents={row.id}" for row in part)))
        return found


def pile(here: Current, ticked: str | None) -> Pile:
    """`ticked` as the address has it, `17.3`; without one what I agreed with is ticked."""
    person = here.person.person_id
    if here.person.acts:
        return Pile((), ())
    found = store.waiting_for(here.scope, here.uow.session, role=here.post.role, person_id=person, limit=LIMIT)
    rows = [row for row in found if is_read(row)]
    rows.sort(key=lambda row: -_URGENT_FIRST.index(row.urgency))  # stable: the clock decides after
    signed = [row.id for row in rows if row.state == State.AWAITING_SIGNATURE]
    beside = {row.id for row in rows if row.signer_id != person}
    if ticked is None:
        given = agreements.given(here.uow.session, signed, person_id=person)
        chosen = [row.id for row in rows if (row.id, row.version) in given]
    else:
        asked = {int(word) for word in ticked.split(".") if word.isascii() and word.isdecimal() and len(word) < 16}
        chosen = [key for key in signed if key in asked]
    before_signer = frozenset(key for key in signed if key in beside)
    return Pile(tuple(rows), tuple(chosen), before_signer)


_URGENT_FIRST = tuple(Urgency)


def is_read(row: Any) -> bool:
    """Secret papers lie on paper. What lies on a desk to be signed is signed by whose desk it is: as the named
    signer, or before them when it is their turn."""
    return not row.secret and row.state in {State.AWAITING_SIGNATURE, State.IN_REVIEW}


@dataclass(frozen=True, slots=True)
class Paper:
    """One document before whoever decides. `signs`: it waits for my signature, as its signer's or, where `beside`,
    before theirs."""

    file: FileVersion | None
    sizes: tuple[tuple[float, float], ...]
    boxes: tuple[PlannedBox, ...]
    pins: Pins
    clock: Clock
    waited: str
    why: tuple[str, ...]
    actions: frozenset[Action]
    deputies: list[Deputy]
    agreed: bool
    signs: bool
    beside: bool = False

    def boxes_on(self, page: int) -> list[PlannedBox]:
        """Where the signature goes on a page."""
        return [box for box in self.boxes if box.page == page]


def paper(here: Current, document: Outgoing) -> Paper:
    """Everything that the reader shows of it besides its slip."""
    session = here.uow.session
    file = current_file(here, document)
    open_now = frozenset(
        step.action
        for step, missing in possible_actions(here.uow, here.actor, document, now=here.now)
        if not missing and step.action in {*DECIDED, Action.SIGN, Action.CO_SIGN}
    )
    person = here.person.person_id
    standing = agreements.standing(session, document.id, version=document.version, person_id=person)
    words, _due, _why = view.present_clock(document, working_calendar(here.uow), here.now)
    field = own_place(here.uow, here.actor, document.id).field if Action.CO_SIGN in open_now else "leader"
    may_hand = Action.HAND_TO_DEPUTY in open_now
    return Paper(
        file=file,
        sizes=page_sizes(here.uow, blobs(), file.sha256) if file is not None else (),
        boxes=tuple(box for box in store.boxes_of(session, document.id) if box.name == field),
        pins=pins(here, document, store.files_of(session, document.id), file),
        clock=words,
        waited=ago(document.state_since, here.now),
        why=_why_here(here, document),
        actions=open_now,
        deputies=deputies(here.uow, document, now=here.now) if may_hand else [],
        agreed=standing is not None,
        signs=bool(open_now & {Action.SIGN, Action.CO_SIGN}),
        beside=Action.CO_SIGN in open_now,
    )


def _why_here(here: Current, document: Outgoing) -> tuple[str, ...]:
    """In what part it waits for me, and who brought it here."""
    words = []
    part = cosign_words.words_of_each(here, [document.id]).get(document.id, "")
    if document.state == State.AWAITING_SIGNATURE and document.signer_id == here.person.person_id:
        words.append(_(SIGNER, capacity=label(Capacity(document.capacity))))
    elif document.state == State.AWAITING_SIGNATURE and part:
        words.append(_(BESIDE, part=_(part).lower()))
    elif document.state == State.IN_REVIEW:
        words.append(_(REVIEWER))
    line = store.last_move(here.uow.session, document.id)
    if line is not None:
        names = {row.id: name for row, name in store.history_of(here.uow.session, document.id)}
        words.append(f"{names.get(line.id) or _('the machine')}: {label(Action(line.action))}, {moment(line.at)}")
    return tuple(words)


SIGNER = N_("You are named as its signer (%(capacity)s)")
BESIDE = N_("It is your turn before its signer: %(part)s")
REVIEWER = N_("It waits for your review as head of the unit")


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement in the history of a document's slips."""

    name: str
    at: Any
    ordinal: int
    slip: int
    withdrawn_at: Any
    holds: bool
    void: bool
    """Something happened since, before a signature."""
