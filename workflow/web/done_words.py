"""What is said after an act that led on to another page: which paper, what was done, what comes next.

An address alone makes nothing true. The act has to be the reader's own newest one in the paper's history, or stand
in a row of its own (an agreement, a pinned remark, a read receipt); a paper out of reach is not named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain import incoming
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.permissions import Permission
from workflow.store import agreements, drafting, office
from workflow.store import documents as store
from workflow.store import incoming as incoming_store
from workflow.store import incoming_desk as incoming_desk_store
from workflow.store.models import Incoming, Outgoing, Person
from workflow.web import desk_reader as reader
from workflow.web import document_view, incoming_view
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.incoming_offers import OFFERS as INCOMING_OFFERS
from workflow.web.offers import OFFERS

AGREE, PIN, REMARK, READ = "agree", "pin", "remark", "read"
"""Acts that are no action of a state table."""

_WORDS = {
    AGREE: N_("Agreed, and chosen to be signed."),
    PIN: N_("The remark is pinned. The drafter sees it on the page."),
    REMARK: N_(
        "The remark is kept for its page, without a spot. The drafter finds it under “Versions and comments”."
    ),
}
_AFTER = {AGREE: N_("Nothing is signed before your key signs it: at the end of the pile.")}

SEEN = N_("Noted that you have read it.")
GONE = N_("It is not within your reach any more.")
_LISTED = 200


@dataclass(frozen=True, slots=True)
class Done:
    """`subject` is a link to the paper, empty for one out of reach; `after`: where it lies now, who has it."""

    words: str
    subject: str = ""
    address: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What waits next on the same desk, so that a pile is worked through without going back."""

    subject: str
    address: str


def key_of(text: str) -> int:
    """A row's key as an address has it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def acted_last(here: Current, history: Sequence[Any], name: str) -> bool:
    """Whether the reader's newest act on a document is this one."""
    mine = [line.action for line, *_names in history if line.person_id == here.person.person_id]
    return bool(mine) and mine[-1] == name


def again(sentence: str, *, already: bool) -> str:
    """The same of a form that was sent twice."""
    return _("This was done already. %(sentence)s", sentence=sentence) if already else sentence


def of_outgoing(here: Current, document_id: int, name: str) -> Done | None:
    """After an act of the reader's on an outgoing document."""
    try:
        document = store.find(here.scope, here.uow.session, document_id)
    except WorkflowError:
        return None
    if not _did(here, document, name):
        return None
    words = _WORDS.get(name) or OFFERS[Action(name)].done
    after = _(_AFTER[name]) if name in _AFTER else ""
    if name == Action.HAND_TO_DEPUTY:
        holder = here.uow.session.get(Person, document.holder_id) if document.holder_id else None
        after = _lies(document_view.waits(here, document), holder.full_name if holder else "")
    return Done(_(words), document.subject, f"/outgoing/{document.id}", after)


def _did(here: Current, document: Outgoing, name: str) -> bool:
    session, me = here.uow.session, here.person.person_id
    if name == AGREE:
        given = agreements.standing(session, document.id, version=document.version, person_id=me)
        return given is not None
    if name in {PIN, REMARK}:
        return any(row.person_id == me for row, *_names in drafting.comments(session, document.id))
    return name in set(Action) and acted_last(here, store.history_of(session, document.id), name)


def of_incoming(here: Current, incoming_id: int, name: str, *, already: bool = False) -> Done | None:
    """The same of an incoming document, which they may have given out of their reach by it."""
    session = here.uow.session
    try:
        document = incoming_store.find(here.scope, session, incoming_id)
    except WorkflowError:
        document = None
    words = said_of_incoming(here, incoming_id, name, already=already)
    if not words or (document is None and name == READ):
        return None
    if document is None:
        return Done(words, after=_(GONE))
    after = "" if name == READ else _where_it_lies(here, document)
    return Done(words, document.subject or _("no subject yet"), f"/incoming/{document.id}", after)


def said_of_incoming(here: Current, incoming_id: int, name: str, *, already: bool = False) -> str:
    """Only what was done: where it was."""
    session, me = here.uow.session, here.person.person_id
    if name == READ:
        seen = any(part.read_by_id == me for part in incoming_store.live_parts(session, incoming_id))
        return _(SEEN) if seen else ""
    if name not in set(incoming.Action):
        return ""
    if not acted_last(here, incoming_store.history_of(session, incoming_id), name):
        return ""
    return again(_(INCOMING_OFFERS[incoming.Action(name)].done), already=already)


def _where_it_lies(here: Current, document: Incoming) -> str:
    if document.state == incoming.State.DIRECTED and document.lead_unit_id:
        who = office.unit(here.uow.session, document.lead_unit_id).name
    else:
        who = incoming_view.holder(here, document) if document.holder_id is not None else ""
    return _lies(incoming_view.waits(document), who)


def _lies(waits: str, who: str) -> str:
    return f"{_('The document')} {waits}" + (f": {who}." if who else ".")


_URGENT_FIRST = tuple(Urgency)


def next_paper(here: Current, *, but: tuple[str, int], first: str) -> Next | None:
    """What waits next on this desk, in the order of the desk; `first`: of which kind, the other kind after."""
    kinds = {"incoming": _incoming_rows, "outgoing": _outgoing_rows}
    for kind in sorted(kinds, key=lambda one: one != first):
        rows = [row for row in kinds[kind](here) if (kind, row.id) != but]
        rows.sort(key=lambda row: -_URGENT_FIRST.index(row.urgency))  # stable: the clock decides after
        if rows and kind == "incoming":
            return Next(rows[0].subject or _("no subject yet"), f"/incoming/{rows[0].id}")
        if rows:
            return next_outgoing(rows[0])
    return None


def next_outgoing(row: Any) -> Next:
    """What is decided by reading it opens in the reader, the rest on its page."""
    return Next(row.subject, f"{reader.PATH}/{row.id}" if reader.is_read(row) else f"/outgoing/{row.id}")


def _incoming_rows(here: Current) -> Sequence[Any]:
    if not here.may(Permission.ACT_ON_INCOMING):
        return ()
    return incoming_desk_store.waiting_for(
        here.scope, here.uow.session, role=here.post.role, person_id=here.desk_of,
        agency_id=here.post.agency_id, limit=_LISTED,
    )  # fmt: skip


def _outgoing_rows(here: Current) -> Sequence[Any]:
    if not here.may(Permission.ACT_ON_DOCUMENT):
        return ()
    return store.waiting_for(
        here.scope, here.uow.session, role=here.post.role, person_id=here.desk_of, limit=_LISTED
    )
