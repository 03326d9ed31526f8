"""Certified copies in the reader's words: states, kinds, what may be done now, how the original is called."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.copies import ENDING, MEDIUM_OF, SOURCES, Action, Form, Medium, State
from workflow.domain.permissions import Permission
from workflow.store import copies as store
from workflow.store.models import CertifiedCopy, Incoming, Outgoing
from workflow.web import format
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.navigation import leads_to
from workflow.web.types import type_name

STATES: dict[State, tuple[str, str]] = {
    State.ASKED: (N_("To be approved"), "wait"),
    State.APPROVED: (N_("Approved, to be numbered"), "wait"),
    State.NUMBERED: (N_("Numbered, to be finished"), "wait"),
    State.DONE: (N_("Copy made"), "good"),
    State.DECLINED: (N_("Copy declined"), "warn"),
    State.CANCELLED: (N_("Copy cancelled"), "warn"),
}
"""State → (word, tone)."""

FORMS: dict[Form, str] = {
    Form.TRUE_COPY: N_("True copy (sao y)"),
    Form.RECOPY: N_("Copy of a true copy (sao lục)"),
    Form.EXTRACT: N_("Extract (trích sao)"),
}

MEDIA: dict[Medium, str] = {
    Medium.DIGITAL: N_("electronic, sealed digitally"),
    Medium.PAPER: N_("on paper, to be signed and sealed in ink"),
}
SOURCE_MEDIA: dict[Medium, str] = {
    Medium.DIGITAL: N_("electronic original"),
    Medium.PAPER: N_("original on paper"),
}

DONE: dict[str, str] = {
    "asked": N_("The copy waits for its signer."),
    "again": N_("This copy was asked for before and is not finished yet: here it is."),
    "approve": N_("Approved. The clerk gives it its number now."),
    "decline": N_("Declined. The clerk sees the reason."),
    "number": N_("Numbered and entered in the register of copies."),
    "seal": N_("Sealed. The copy can be downloaded and sent."),
    "give_out": N_("Written down: the printed copy was signed, sealed and given out."),
    "cancel": N_("Cancelled. The number stays in the register with its reason."),
}

TOLD: dict[str, str] = {
    "asked": N_("asked for the copy"),
    "approve": N_("approved it"),
    "decline": N_("declined it"),
    "number": N_("numbered it"),
    "pending": N_("sealed it; not enough was known about the certificate"),
    "failed": N_("the signature was found wanting and set aside"),
    "seal": N_("sealed it"),
    "give_out": N_("had it signed and sealed in ink, and gave it out"),
    "cancel": N_("cancelled it"),
    "rechecked": N_("judged its signature again; the answer is another one"),
    "stamped": N_("put a timestamp on it"),
    "lasting": N_("put evidence for the long term into it"),
    "renewed": N_("put another timestamp on it"),
}
"""Last word of the journal's tag → what happened."""

_BY: dict[Action, Permission] = {
    Action.APPROVE: Permission.SIGN_COPIES,
    Action.DECLINE: Permission.SIGN_COPIES,
    Action.NUMBER: Permission.MAKE_COPIES,
    Action.SEAL: Permission.MAKE_COPIES,
    Action.GIVE_OUT: Permission.MAKE_COPIES,
    Action.CANCEL: Permission.MAKE_COPIES,
}


def state_words(copy: CertifiedCopy) -> tuple[str, str]:
    """(word, tone)."""
    word, tone = STATES[State(copy.state)]
    return _(word), tone


def may(here: Current, copy: CertifiedCopy, *, secret: bool = False) -> frozenset[str]:
    """What the reader may do with it now. `secret`: the paper copied became secret, so that nothing goes on."""
    found = set()
    for action, states in SOURCES.items():
        if secret and action not in ENDING:
            continue
        fits = State(copy.state) in states and MEDIUM_OF.get(action, copy.medium) == copy.medium
        own = here.actor.agency_id == copy.agency_id
        if action in {Action.APPROVE, Action.DECLINE}:
            own = (copy.signer_id, copy.signer_post_id) == (here.actor.person_id, here.actor.post_id)
        if fits and own and here.may(_BY[action]):
            found.add(str(action))
    return frozenset(found)


def form_words(copy: CertifiedCopy) -> str:
    """`Sao y`."""
    return _(FORMS[Form(copy.form)])


def original_words(copy: CertifiedCopy) -> str:
    """`Công văn 0412/SNV-TCBC ngày 20/11/2026 · Sở Nội vụ`: the original without its subject."""
    kind = type_name(copy.source_type) if copy.source_type else _("Document")
    dated = f" {_('of %(day)s', day=format.day(copy.source_dated))}" if copy.source_dated else ""
    return f"{kind} {copy.source_symbol}{dated} · {copy.source_issuer}"


def named(copy: CertifiedCopy) -> str:
    """`Công văn 0412/SNV-TCBC ngày 20/11/2026 của Sở Nội vụ: subject`: the original, as the copy names it."""
    return f"{original_words(copy)}: {copy.source_subject}"


def title(copy: CertifiedCopy) -> str:
    """`01/SY-UBND`, or what kind of copy it is to be."""
    return copy.symbol or _(FORMS[Form(copy.form)])


@dataclass(frozen=True, slots=True)
class Row:
    """A copy in a short list."""

    id: int
    title: str
    form: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Copied:
    """The copies of one document, and where another one is begun; empty where the reader begins none."""

    rows: tuple[Row, ...]
    address: str


def copied(here: Current, kind: str, document: Outgoing | Incoming) -> Copied | None:
    """Of an issued document or a registered arrival that the reader has found; None for any other."""
    if document.secret or not here.may(Permission.SEE_COPIES) or not leads_to("/copies/1"):
        return None
    if isinstance(document, Outgoing):
        there, keys = document.issued_at is not None, {"outgoing_id": document.id}
    else:
        there, keys = document.number is not None, {"incoming_id": document.id}
    if not there:
        return None
    rows = tuple(
        Row(one.id, title(one), _(FORMS[Form(one.form)]), *state_words(one))
        for one in store.of_source(here.scope, here.uow.session, **keys)
    )
    own = here.may(Permission.MAKE_COPIES) and document.agency_id == here.actor.agency_id
    return Copied(rows, f"/copies/new?{kind}={document.id}" if own else "")


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of its history."""

    at: str
    who: str
    words: str
    reason: str
