"""An act of signing as one thing: fixed before the key is used, told once in the journal with its manifest."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from workflow.domain.errors import Refused
from workflow.domain.people import SYSTEM_ACTOR, Actor
from workflow.domain.signing_acts import OF_COPIES, Line, Manifest, manifest
from workflow.services import journal
from workflow.services.signing import attached
from workflow.services.signing.certificates import digest
from workflow.services.signing.preparing import live_session
from workflow.store import certificates as store
from workflow.store import copies, signing_acts
from workflow.store.models import CopyItem, SigningItem, SigningSession
from workflow.store.session import UnitOfWork


def fix(
    uow: UnitOfWork, actor: Actor, *, session: str, login_session_id: int | None, nonce: str, code: str,
    order: Sequence[str] = (), of_copies: bool = False, now: dt.datetime,
) -> Manifest:  # fmt: skip
    """Close a session for further documents: from now on the act is about those that were prepared, in this order.

    `nonce` and `code` come from whoever signs, who computed the code from what they hold; `order` is theirs too
    (files as `named` names them), where it is not the one in which they were first prepared. Fixing again with the
    same answer is harmless. Raises `Refused("act_differs")` where the two sides do not speak of the same
    documents, and what `live_session` and `manifest` raise.
    """
    opened = live_session(
        uow, actor, session=session, login_session_id=login_session_id, now=now, of_copies=of_copies
    )
    uow.begin_write()
    opened = store.lock_session(uow.session, opened.id)
    if opened.fixed_at is not None and opened.nonce != nonce:
        raise Refused("act_fixed")
    made = _made(uow, opened, nonce=nonce, order=order) if opened.fixed_at is None else read(opened)
    if made.code != code:
        raise Refused("act_differs")
    if opened.fixed_at is None:
        _keep(uow, actor, opened, made, now=now)
    return made


def fix_by_itself(uow: UnitOfWork, actor: Actor, opened: SigningSession, *, now: dt.datetime) -> None:
    """In the open write phase of the first signature that came: an act whose signer computed no code."""
    if opened.fixed_at is not None:
        return
    opened = store.lock_session(uow.session, opened.id)
    if opened.fixed_at is None:
        _keep(uow, actor, opened, _made(uow, opened, nonce=secrets.token_urlsafe(18)), now=now)


def end_if_done(uow: UnitOfWork, actor: Actor, opened: SigningSession, *, now: dt.datetime) -> None:
    """In the open write phase of a signature: the last one of an act ends it. Where two last ones come at once
    neither may see the other; the night tells the end then.
    """
    if not _anything_prepared(uow, opened):
        counts = tally(uow, [opened])
        _end(uow, actor, store.lock_session(uow.session, opened.id), counts[opened.id], now=now)


def _anything_prepared(uow: UnitOfWork, opened: SigningSession) -> bool:
    if opened.purpose == OF_COPIES:
        return any(one.status == "prepared" for one in copies.items_of(uow.session, opened.id))
    return signing_acts.anything_prepared(uow.session, opened.id)


def end_abandoned(uow: UnitOfWork, *, now: dt.datetime, limit: int = 200) -> int:
    """In the open write phase: acts that ran out before everything was signed, told by the clock; how many."""
    found = signing_acts.abandoned(uow.session, before=now, limit=limit)
    counts = tally(uow, found)
    for opened in found:
        _end(uow, SYSTEM_ACTOR, opened, counts[opened.id], now=now)
    return len(found)


def _end(
    uow: UnitOfWork, actor: Actor, opened: SigningSession, counts: dict[str, int], *, now: dt.datetime
) -> None:
    if opened.fixed_at is None or opened.ended_at is not None:
        return
    opened.ended_at = now
    signed, pending = counts.get("done", 0), counts.get("pending", 0)
    count = len(opened.manifest["documents"])
    facts = {
        "code": opened.manifest_code, "count": count, "signed": signed, "pending": pending,
        "left": max(0, count - signed - pending),
    }  # fmt: skip
    journal.record(
        uow, subject=f"signing_act:{opened.id}", tag="signing:act:ended", facts=facts, actor=actor, now=now
    )


def read(opened: SigningSession) -> Manifest:
    """The manifest of a fixed act, as it was kept.

    Raises `Refused("act_not_fixed")`.
    """
    if opened.fixed_at is None:
        raise Refused("act_not_fixed")
    kept = opened.manifest
    lines = tuple(Line(str(one[0]), int(one[1]), str(one[2]), str(one[3])) for one in kept["documents"])
    return manifest(purpose=kept["purpose"], certificate=kept["certificate"], nonce=kept["nonce"], lines=lines)


def tally(uow: UnitOfWork, opened: Sequence[SigningSession]) -> dict[int, dict[str, int]]:
    """Of each act how many of its files have which status."""
    over_copies = [one.id for one in opened if one.purpose == OF_COPIES]
    others = [one.id for one in opened if one.purpose != OF_COPIES]
    counts = signing_acts.tally(uow.session, others) if others else {}
    return counts | (copies.tally(uow.session, over_copies) if over_copies else {})


def items_of(uow: UnitOfWork, opened: SigningSession) -> Sequence[SigningItem | CopyItem]:
    """The files of an act, in the order in which they were prepared."""
    if opened.purpose == OF_COPIES:
        return copies.items_of(uow.session, opened.id)
    return store.items_of(uow.session, opened.id)


def named(item: SigningItem | CopyItem) -> str:
    """How a file of an act is named: `17`, or `17.3` for attachment 3 of document 17; a copy by its key."""
    if isinstance(item, CopyItem):
        return str(item.copy_id)
    attachment = attachment_of(item)
    return str(item.document_id) if attachment is None else f"{item.document_id}.{attachment}"


def attachment_of(item: SigningItem | CopyItem) -> int | None:
    """Which attachment of its document a file of an act is; None for the document itself, and for a copy."""
    return None if isinstance(item, CopyItem) else attached.attachment_of(item.field)


def _made(uow: UnitOfWork, opened: SigningSession, *, nonce: str, order: Sequence[str] = ()) -> Manifest:
    items = items_of(uow, opened)
    lines = [
        Line(named(one), one.document_version, one.prepared_sha256, digest(one.to_be_signed))
        for one in items
        if one.status != "superseded"
    ]
    if order:
        known = {one.document: one for one in lines}
        if len(order) != len(lines) or set(order) != set(known):
            raise Refused("act_differs")
        lines = [known[name] for name in order]
    certificate = store.by_id(uow.session, opened.certificate_id).sha256
    return manifest(purpose=opened.purpose, certificate=certificate, nonce=nonce, lines=lines)


def _keep(uow: UnitOfWork, actor: Actor, opened: SigningSession, made: Manifest, *, now: dt.datetime) -> None:
    opened.nonce, opened.manifest_code, opened.fixed_at = made.nonce, made.code, now
    opened.manifest = {
        "certificate": made.certificate, "nonce": made.nonce, "purpose": made.purpose,
        "documents": [[one.document, one.version, one.prepared, one.to_be_signed] for one in made.lines],
    }  # fmt: skip
    facts = {
        "purpose": made.purpose, "certificate": opened.certificate_id, "key_holder": opened.key_holder,
        "control": opened.control, "code": made.code, "manifest": made.digest, "count": len(made.lines),
        "documents": opened.manifest["documents"], "nonce": made.nonce,
    }  # fmt: skip
    journal.record(
        uow, subject=f"signing_act:{opened.id}", tag="signing:act:begun", facts=facts, actor=actor, now=now
    )
