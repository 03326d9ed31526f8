"""A document that was signed elsewhere: what is given away, and what is taken back.

Another program gets the file as it was read, its planned field still empty, and gives back a whole file. That one
is hostile until proven: it begins with exactly the bytes that were given away, holds one more signature, in our
field, by a certificate enrolled to this signer, over the whole file, and nothing else was changed
(`signing.inspect_returned_in_jail`); then the signature itself is judged like every other. A file that fails is
not kept and changes nothing: the document can still be signed, by the same way or another.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import signing
from signing import Conclusion, Fault, Reason
from workflow.adapters.blobs import Blobs
from workflow.domain import attachments as attachment_rules
from workflow.domain.attachments import FIELD
from workflow.domain.errors import BadInput, NotPermitted, Refused
from workflow.domain.key_holders import CAPABILITIES, Gives, KeyHolder
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.services.signing import attached, own_box
from workflow.services.signing.boxes import demand_drawn
from workflow.services.signing.certificates import digest
from workflow.services.signing.finishing import Judged, Outcome, close_item, judge, told_before
from workflow.services.signing.minimums import demand_control
from workflow.services.signing.preparing import (
    PERSONAL,
    SignaturePurpose,
    check_allowed,
    check_now,
    check_own_seal,
    demand_same,
    field_of,
    live_session,
    own_certificate,
    place_item,
    wanted_of,
)
from workflow.store import attachments as store_attachments
from workflow.store import certificates as store
from workflow.store import documents, returned
from workflow.store.models import Certificate, Outgoing, SigningItem, SigningSession
from workflow.store.session import UnitOfWork

MOST_ADDED = 8 * 1024 * 1024
"""Bytes that a signature with its picture, fonts and certificates may add to a file."""
GIVEN_FOR = dt.timedelta(hours=1)
"""How long the drawing of an attachment's seal is good: it shows the moment at which it was given out."""
SLOW, FAST = dt.timedelta(days=1), dt.timedelta(minutes=10)
"""How far the clock of another computer may be behind the making of the file, or ahead of ours."""
WAITABLE = frozenset({Reason.REVOCATION_UNKNOWN, Reason.REVOCATION_NOT_FRESH})
"""What more evidence settles by itself; every other doubt about a returned file is told at once."""
_WORDLESS = frozenset({Reason.REVOCATION_WITHIN_GRACE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What one document is given away as. `field`: the name of the one that is to be signed."""

    document_id: int
    version: int
    sha256: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A file that came back, and what was found in it; made by `inspect` only. `item`: which file of an act it is,
    `field` the one in it that was to be signed."""

    document_id: int
    item: str
    field: str
    base_sha256: str
    sha256: str
    data: bytes
    found: signing.Returned


def offer(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None, document_id: int,
    version: int, now: dt.datetime, attachment_id: int | None = None, drawn_at: dt.datetime | None = None,
) -> Offered:  # fmt: skip
    """Put a document into an act whose way of signing gives whole files: from now on its file may come back.
    `drawn_at`: the moment that the drawing shows which an attachment was given away with (`drawn_moment`).

    Raises what `prepare` raises (`Refused("control_below_…")`, too), and what `demand_file_way` raises.
    """
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    demand_file_way(opened)
    if opened.fixed_at is not None:
        raise Refused("act_fixed")
    purpose = SignaturePurpose(opened.purpose)
    document = documents.find(scope, uow.session, document_id)
    check_allowed(uow, actor, document, purpose=purpose, version=version, now=now)
    check_own_seal(uow, document, store.by_id(uow.session, opened.certificate_id), purpose=purpose)
    demand_control(uow, document, purpose=purpose, control=opened.control)
    wanted = wanted_of(uow, actor, document, purpose=purpose, attachment_id=attachment_id)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=version)
    demand_same(uow, document, wanted)
    place_item(
        uow, opened, document, field=wanted.item, base=wanted.base, prepared_sha256=wanted.base, to_be_signed=b"",
        now=drawn_at or now,
    )  # fmt: skip
    return Offered(document_id=document_id, version=version, sha256=wanted.base, field=wanted.field)


def demand_file_way(opened: SigningSession) -> None:
    """The act is one whose way of signing gives whole files."""
    if CAPABILITIES[KeyHolder(opened.key_holder)].gives is not Gives.FILE:
        raise Refused("key_not_held_there")


def inspect(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, purpose: str, data: bytes, among: Sequence[int], blobs: Blobs
) -> Inspected:
    """Which of the documents `among`, or which of the attachments that still need their seal, a file belongs to, by
    its first bytes and never by its name, and what was done to it. What is found is told by `take_back`, or by
    `signer` where nobody's certificate is in it."""
    bases = _given_away(uow, actor, scope, purpose=SignaturePurpose(purpose), among=among)
    base = base_of(uow, data, tuple(bases))
    first, *others = bases[base]
    found = examine(uow, document_id=first.document_id, item=first.item, data=data, base=base, blobs=blobs)
    for one in others:  # a draft that became many gave each the same attachment: the seal says of which it is
        if one.words and found.found.shown.startswith(one.words):
            return dataclasses.replace(found, document_id=one.document_id, item=one.item)
    return found


def base_of(uow: UnitOfWork, data: bytes, bases: Sequence[str]) -> str:
    """Which of the files that were given away this one goes on from."""
    sizes = returned.sizes_of(uow.session, bases)
    _demand_bounded(data, most=max(sizes.values(), default=0) + MOST_ADDED)
    if digest(data) in bases:
        raise BadInput("returned_unsigned")
    base = uow.compute(beginning, data, sizes)
    if not base:
        raise BadInput("returned_other_bytes" if data[:5] == b"%PDF-" else "returned_not_a_pdf")
    return base


@dataclass(frozen=True, slots=True)
class _Place:
    """A file that is given away: of which document, as which file of an act. `words`: how its seal begins."""

    document_id: int
    item: str
    words: str = ""


def _given_away(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, purpose: SignaturePurpose, among: Sequence[int]
) -> dict[str, list[_Place]]:
    """By the digest of what is given away."""
    found: dict[str, list[_Place]] = {}
    rows = {one: documents.find(scope, uow.session, one) for one in among}
    for key, row in rows.items():
        if row.file_sha256 is not None:
            own = _Place(key, field_of(uow, actor, key, purpose=purpose))
            found.setdefault(row.file_sha256, []).append(own)
    if purpose is not SignaturePurpose.SEAL:
        return found
    for each in store_attachments.unsealed_of(uow.session, list(rows)):
        begins = attachment_rules.seal_beginning(rows[each.document_id].symbol)
        place = _Place(each.document_id, attached.item_field(each.id), begins)
        found.setdefault(each.sha256, []).append(place)
    return found


def drawn_moment(inspected: Inspected, *, now: dt.datetime) -> dt.datetime | None:
    """The moment of signing that an attachment's box names; None for a document's own file. It is read in the file
    and believed for an hour only; that the box shows nothing but our drawing of it is looked at by `take_back`.

    Raises what is wrong with the file, `BadInput("returned_moment_missing")`, `("returned_moment_old")`.
    """
    if attached.attachment_of(inspected.item) is None:
        return None
    demand_sound(inspected.found, inspected.field)
    moment = attachment_rules.seal_moment(inspected.found.shown)
    if moment is None:
        raise BadInput("returned_moment_missing", field=inspected.field)
    if not now - GIVEN_FOR <= moment <= now:
        raise BadInput("returned_moment_old", field=inspected.field)
    return moment


def examine(uow: UnitOfWork, *, document_id: int, item: str, data: bytes, base: str, blobs: Blobs) -> Inspected:
    """What was done to a file that was given away as `base`. `item`: as which file of an act."""
    field = item if attached.attachment_of(item) is None else FIELD
    sent = uow.compute(blobs.get, base)
    _demand_bounded(data, most=len(sent) + MOST_ADDED)
    if not data:
        raise BadInput("file_empty")
    if data == sent:
        raise BadInput("returned_unsigned")
    if not data.startswith(sent):
        raise BadInput("returned_other_bytes" if data[:5] == b"%PDF-" else "returned_not_a_pdf")
    found = uow.compute(signing.inspect_returned_in_jail, data, sent, field=field)
    return Inspected(
        document_id=document_id,
        item=item,
        field=field,
        base_sha256=base,
        sha256=digest(data),
        data=data,
        found=found,
    )


def beginning(data: bytes, sizes: dict[str, int]) -> str:
    """The digest among `sizes` (digest → length) of which the data is a continuation; empty where there is none."""
    engine, at = hashlib.sha256(), 0
    for sha256, size in sorted(sizes.items(), key=lambda one: one[1]):
        if size >= len(data):
            break
        engine.update(memoryview(data)[at:size])
        at = size
        if engine.copy().hexdigest() == sha256:
            return sha256
    return ""


def _demand_bounded(data: bytes, *, most: int) -> None:
    if len(data) > most:
        raise BadInput("returned_too_large")


def signer(uow: UnitOfWork, actor: Actor, inspected: Inspected, *, purpose: str) -> Certificate:
    """The enrolment of whoever signed, which has to be the actor's (or, for number and seal, their agency's).

    Raises what `own_certificate` raises, and what is wrong with the file where nobody's certificate is in it.
    """
    if not inspected.found.der:
        demand_sound(inspected.found, inspected.field)
    return own_certificate(uow, actor, inspected.found.der, purpose=SignaturePurpose(purpose))


def demand_sound(found: signing.Returned, field: str) -> None:
    """Nothing was done but sign. Raises `BadInput("returned_<fault>")` with the weightiest."""
    if found.faults:
        raise BadInput(f"returned_{found.faults[0]}", field=field)
    if not found.der:
        raise BadInput(f"returned_{Fault.UNREADABLE}", field=field)


def known(uow: UnitOfWork, scope: Scope, *, data: bytes, among: Sequence[int]) -> Outcome | None:
    """What was said of exactly this file when it came before; None where it never was accepted."""
    item = returned.item_of(
        uow.session, digest(data), [documents.find(scope, uow.session, one).id for one in among]
    )
    return None if item is None else _said_of(uow, item, digest(data))


def _said_of(uow: UnitOfWork, item: SigningItem, sha256: str) -> Outcome | None:
    before = told_before(uow, item, sha256)
    which = attached.attachment_of(item.field)
    return None if before is None else dataclasses.replace(before, attachment_id=which)


def take_back(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None,
    inspected: Inspected, blobs: Blobs, now: dt.datetime, looked_at: str = "",
) -> Outcome:  # fmt: skip
    """Accept a file of an act that came back signed; the same one again gives the same answer. `looked_at`: the
    digest of the picture of the box that the signer saw and confirmed.

    Raises `BadInput("returned_…")` for a file to which anything else was done or whose signature does not hold,
    `BadInput("returned_look")` where the signer has to look at its box first, and what `finish` raises where the
    world moved on in between.
    """
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    demand_file_way(opened)
    item = store.item(uow.session, opened.id, inspected.document_id, field=inspected.item)
    if (before := _said_of(uow, item, inspected.sha256)) is not None:
        return before
    if item.base_sha256 != inspected.base_sha256:
        raise BadInput("returned_other_bytes")
    purpose = SignaturePurpose(opened.purpose)
    certificate = store.by_id(uow.session, opened.certificate_id)
    document = documents.find(scope, uow.session, inspected.document_id)
    check_allowed(uow, actor, document, purpose=purpose, version=item.document_version, now=now)
    check_now(uow, actor, certificate, purpose=purpose, now=now)
    demand_sound(inspected.found, inspected.field)
    if returned.holds_withdrawn(uow.session, document.id, inspected.sha256):
        raise BadInput("returned_withdrawn")
    if inspected.found.certificate != certificate.sha256:
        raise NotPermitted("returned_other_certificate")
    if purpose not in PERSONAL:  # what number and seal show is the register's word, never the program's
        demand_drawn(
            uow, actor, document, item, certificate, purpose=purpose, field=inspected.field, data=inspected.data,
            blobs=blobs,
        )  # fmt: skip
    judged = judge(
        uow, item, inspected.data, certificate_sha256=certificate.sha256, received_at=now, at=now, outside=True
    )
    demand_held(judged)
    claimed = judged.verdict.times.claimed
    demand_possible_time(claimed, certificate, made=_made(uow, document, item.base_sha256), now=now)
    seen = None
    if purpose in PERSONAL:
        seen = _own_box(uow, actor, document, item, certificate, inspected, claimed=claimed or now)
        if seen.why and seen.digest != looked_at:
            raise BadInput("returned_look", field=inspected.field)
    outcome = close_item(uow, actor, scope, opened, item, judged, answer=inspected.sha256, blobs=blobs, now=now)
    if seen is not None and seen.why and not outcome.again:
        own_box.told(
            uow, actor, document, certificate, seen, field=inspected.field, sha256=inspected.sha256, now=now
        )  # fmt: skip
    return outcome


def look(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, session: str, login_session_id: int | None,
    inspected: Inspected, now: dt.datetime,
) -> own_box.Seen:  # fmt: skip
    """What the box of a file shows that waits for its signer's look. Raises what is wrong with the file."""
    opened = live_session(uow, actor, session=session, login_session_id=login_session_id, now=now)
    document = documents.find(scope, uow.session, inspected.document_id)
    if SignaturePurpose(opened.purpose) not in PERSONAL:
        raise BadInput("returned_look_not_asked")
    demand_sound(inspected.found, inspected.field)
    certificate = store.by_id(uow.session, opened.certificate_id)
    return own_box.inspect(
        uow, actor, document, certificate, field=inspected.field, data=inspected.data, claimed=None
    )


def _made(uow: UnitOfWork, document: Outgoing, sha256: str) -> dt.datetime:
    """When the file that was given away came to be: nobody signed it before."""
    moments = [one.added_at for one in documents.files_of(uow.session, document.id) if one.sha256 == sha256]
    return min(moments, default=document.created_at)


def _own_box(
    uow: UnitOfWork, actor: Actor, document: Outgoing, item: SigningItem, certificate: Certificate,
    inspected: Inspected, *, claimed: dt.datetime,
) -> own_box.Seen:  # fmt: skip
    """What a personal box shows; raises for what it may not."""
    sent = returned.sizes_of(uow.session, (item.base_sha256,))[item.base_sha256]
    own_box.demand_place(uow, document, field=inspected.field, sent=sent, data=inspected.data)
    return own_box.inspect(
        uow, actor, document, certificate, field=inspected.field, data=inspected.data, claimed=claimed
    )


def demand_possible_time(
    claimed: dt.datetime | None, certificate: Certificate, *, made: dt.datetime, now: dt.datetime
) -> None:
    """What the signer's clock says is what every reader of the file shows for ever: it lies in the certificate's
    time, not a day before the file that was given away was made (`made`), and not ahead of ours.

    Raises `BadInput("returned_time")`.
    """
    if claimed is None:
        return
    first = max(certificate.not_before, made - SLOW)
    if not first <= claimed <= min(certificate.not_after, now + FAST):
        raise BadInput("returned_time", claimed=claimed.isoformat(timespec="minutes"))


def demand_held(judged: Judged) -> None:
    """The signature holds, or waits for nothing but a fresher revocation list."""
    verdict = judged.verdict
    if verdict.verdict is Conclusion.PASSED:
        return
    reasons = set(verdict.reasons)
    if verdict.verdict is Conclusion.INDETERMINATE and reasons <= WAITABLE | _WORDLESS:
        return
    if Reason.APPEARANCE_NOT_PLAIN in reasons:
        raise BadInput("returned_appearance")
    raise BadInput("returned_failed", reason=str(verdict.reason))
