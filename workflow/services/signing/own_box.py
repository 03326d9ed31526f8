"""What the box of a personal signature shows that another program drew: its signer's words, or a person looks
at it.

Three answers. Words that are known (name, agency, e-mail, time) and that a machine sees as they are written
are taken. Another person's name, a number, another day or a sum, and whatever lies over the page's own text,
are refused. For everything else the signer sees the box beside ours and says that it is theirs; a picture that
was confirmed once for a certificate is known from then on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import signing
from signing import jail
from workflow.domain import box_words
from workflow.domain.box_words import Known, Said, Says
from workflow.domain.errors import BadInput, WorkflowError
from workflow.domain.people import Actor
from workflow.services.documents.remarks import signer_block
from workflow.services.journal import local_day, record, record_document
from workflow.store import documents, office, people
from workflow.store.models import Certificate, Outgoing, Person, PlannedBox, PostRow
from workflow.store.session import UnitOfWork

CONFIRMED = "certificate:picture:confirmed"
LOOKED_AT = "document:box:confirmed"
_LIMITS = jail.Limits(cpu=20.0, cpu_per_megabyte=0.5, memory=1536 * 1024 * 1024, wall=60.0)
"""`adapters.foreign_box.LIMITS`; that module itself belongs into the jail, and pikepdf with it."""
STRAY = 0.03
"""The share of the letters' ink that may lie outside of the words that a machine sees and that are written."""
_SHORT = (("ủy ban nhân dân", "UBND"), ("hội đồng nhân dân", "HĐND"), ("uỷ ban nhân dân", "UBND"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A box as it was looked into. `why` is empty where it can be taken as it is: else `words` (some are not
    known), `unsigned` (it does not name its signer), `picture`, `unlike` (what is seen is not what is
    written), `unread` (no machine could look)."""

    why: str
    text: str
    words: str
    picture: bytes
    digest: str
    """Of the picture of the box: whoever confirms names what they saw."""
    pictures: str
    """Of what is drawn beside text; empty where there is nothing."""


def inspect(
    uow: UnitOfWork, actor: Actor, document: Outgoing, certificate: Certificate, *, field: str, data: bytes,
    claimed: dt.datetime | None,
) -> Seen:  # fmt: skip
    """What a box shows; without `claimed` its days are not asked about. Raises `BadInput("returned_says_…")`
    for what no personal signature says."""
    told, picture = _looked_into(uow, data, field)
    text, read = str(told["text"]), told["read"]
    known = _known(uow, actor, document, certificate, claimed=claimed)
    found = box_words.said(text, known)
    seen = box_words.said(read or "", known)
    for one in (found, seen):
        if one.says in box_words.REFUSED:
            raise BadInput(f"returned_says_{one.says}", words=one.words, field=field)
    pictures = str(told["pictures"])
    return Seen(
        why=_why(uow, found, told, known=known, certificate=certificate),
        text=" ".join(text.split()), words=found.words, picture=picture,
        digest=hashlib.sha256(picture).hexdigest(), pictures=pictures,
    )  # fmt: skip


def _looked_into(uow: UnitOfWork, data: bytes, field: str) -> tuple[dict[str, Any], bytes]:
    try:
        found = uow.compute(_box_seen, data, field)
    except (jail.JailError, WorkflowError) as error:
        raise BadInput("returned_box_not_read", field=field) from error
    return found.json, found.blobs[0]


def _box_seen(data: bytes, field: str) -> jail.JailResult:
    return jail.run("workflow.adapters.foreign_box:look", data, arguments={"field": field}, limits=_LIMITS)


def _why(uow: UnitOfWork, found: Said, told: dict[str, Any], *, known: Known, certificate: Certificate) -> str:
    """Beside a picture that is known a machine reads strokes of the pen too: there the letters alone are read."""
    pictures, letters = told["pictures"], told["letters"]
    confirmed = pictures and pictures in _confirmed(uow, certificate)
    if pictures and not confirmed:
        return "picture"
    if found.says is not Says.OWN and not (confirmed and not found.words):
        return "words" if found.words else "unsigned"
    if letters is None:
        return "unread"
    if (
        told["laid_over"]
        or told["stray"] > STRAY
        or not box_words.reads_alike(str(told["text"]), letters, known.names)
    ):
        return "unlike"
    return ""


def _confirmed(uow: UnitOfWork, certificate: Certificate) -> set[str]:
    """Pictures that somebody confirmed for this certificate: they are told in its chain of the journal."""
    rows = documents.entries_of(uow.session, f"certificate:{certificate.id}")
    return {str(json.loads(row.body)["facts"]["picture"]) for row in rows if row.tag == CONFIRMED}


def _known(
    uow: UnitOfWork, actor: Actor, document: Outgoing, certificate: Certificate, *, claimed: dt.datetime | None
) -> Known:
    post = uow.session.get_one(PostRow, actor.post_id)
    person = uow.session.get_one(Person, post.person_id)
    name, facts = person.full_name, uow.compute(signing.inspect_certificate, certificate.der)
    lines, signer = signer_block(uow, document)
    units = office.unit_names(uow.session, document.agency_id)
    phrases = [
        post.title, *(lines if signer == name else ()), certificate.subject_name, certificate.organisation,
        certificate.title, certificate.issuer_name, *units,
    ]  # fmt: skip
    return Known(
        names=(name, certificate.subject_name), phrases=[*phrases, *_shortened(phrases)],
        mails=(person.email, *facts.mails),
        others=[one for one in people.names_in_agency(uow.session, document.agency_id) if one != name],
        days=() if claimed is None else _days(claimed, certificate),
    )  # fmt: skip


def _days(claimed: dt.datetime, certificate: Certificate) -> tuple[dt.date, ...]:
    """Of the signature, here and as programs that write UTC have it, and those that the certificate names."""
    here = (claimed, certificate.not_before, certificate.not_after)
    return (*map(local_day, here), claimed.astimezone(dt.UTC).date())


def _shortened(phrases: list[str]) -> list[str]:
    found = []
    for phrase in phrases:
        for long, short in _SHORT:
            at = phrase.casefold().find(long)
            if at >= 0:
                found.append(phrase[:at] + short + phrase[at + len(long) :])
    return found


def demand_place(uow: UnitOfWork, document: Outgoing, *, field: str, sent: int, data: bytes) -> None:
    """Raises `BadInput("returned_beyond")` where the page changed outside of the planned box, and
    `BadInput("returned_covers")` where something on the page is hidden by it."""
    box = next(row for row in documents.boxes_of(uow.session, document.id) if row.name == field)
    try:
        found = uow.compute(_page_covered, data, sent, _asked(box))
    except (jail.JailError, WorkflowError) as error:
        raise BadInput("returned_box_not_read", field=field) from error
    if found["outside"]:
        raise BadInput("returned_beyond", field=field)
    if found["covered"]:
        raise BadInput("returned_covers", field=field)


def _asked(box: PlannedBox) -> dict[str, object]:
    return {"page": box.page, "box": [box.left, box.bottom, box.right, box.top]}


def _page_covered(data: bytes, sent: int, asked: dict[str, object]) -> dict[str, bool]:
    found: dict[str, bool] = jail.run(
        "workflow.adapters.foreign_box:covers", data, arguments={"sent": sent, **asked}
    ).json
    return found


def told(
    uow: UnitOfWork, actor: Actor, document: Outgoing, certificate: Certificate, seen: Seen, *, field: str,
    sha256: str, now: dt.datetime,
) -> None:  # fmt: skip
    """In the open write phase: the signer looked at the box and says that it is theirs."""
    facts = {"field": field, "file": sha256, "why": seen.why, "looked_at": seen.digest}
    record_document(uow, document, tag=LOOKED_AT, facts=facts, actor=actor, now=now)
    if seen.why == "picture":
        record(
            uow, subject=f"certificate:{certificate.id}", tag=CONFIRMED,
            facts={"picture": seen.pictures, "document": document.id}, actor=actor, now=now,
        )  # fmt: skip
