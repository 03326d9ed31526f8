"""Number and seal, also of certified copies, with a key that the server holds, where the agency's head allowed it.

Runs in the seal process only. It believes nothing it is told: which document is asked for, and by whose login, it
looks up itself; the login's secret is known to nobody but the clerk's browser, of which the web hands on what it
was just sent. Every use is journalled and counted against a daily cap.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from signing.holders import KeyHolder
from workflow.adapters.blobs import Blobs
from workflow.domain import copies as rules
from workflow.domain.errors import BadInput, Missing, NotPermitted, Refused
from workflow.domain.key_holders import KeyHolder as Holder
from workflow.domain.outgoing import Medium
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand, scope_of
from workflow.domain.signing_acts import OF_COPIES
from workflow.domain.text import clean
from workflow.services import journal
from workflow.services.copies import sealing as copying
from workflow.services.logins import digest as hashed
from workflow.services.signing.finishing import Outcome, finish
from workflow.services.signing.preparing import open_session, prepare
from workflow.store import accounts, attachments, copies, documents, office
from workflow.store.models import CertifiedCopy, Outgoing
from workflow.store.session import UnitOfWork

DAILY_CAP = 500
"""Signatures a server-held key makes in one day before somebody looks; a busy province office issues fewer."""

FACTOR_AGE = dt.timedelta(minutes=15)
"""How old the clerk's second factor may be: five minutes when the button is pressed, and a batch takes its time."""

HOLDER = Holder.SERVER_SEAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the web asks the seal process for. `login` is the secret of the clerk's login session, the cookie's
    value: the database holds its hash only, so that nobody who merely reads it can write an order.
    """

    document_id: int
    """Of a certified copy, where the purpose says so, the copy's."""
    version: int
    purpose: str
    login: str = field(repr=False)
    address: str = ""

    def demand_shape(self) -> None:
        """Whoever reaches the socket writes what they like: `TypeError` where a value is none of ours."""
        keys, words = (self.document_id, self.version), (self.purpose, self.address, self.login)
        if not all(type(key) is int and 0 < key < 2**53 for key in keys):
            raise TypeError("not the key of a row")
        if not all(type(word) is str and len(word) <= 64 and word.isprintable() for word in words):
            raise TypeError("not a word")


def check_order(uow: UnitOfWork, order: Order, *, cap: int = DAILY_CAP, now: dt.datetime) -> tuple[Actor, Scope]:
    """Who asks and whether the key may be used: a clerk who is logged in, a head who allowed it, the leader's
    signature, the cap.
    """
    actor, scope = _clerk(uow, order, now=now)
    if order.purpose not in {"number", "seal", OF_COPIES}:
        raise NotPermitted("server_seal_purpose")
    paper: Outgoing | CertifiedCopy
    if order.purpose == OF_COPIES:
        paper = copies.find(scope, uow.session, order.document_id)
    else:
        paper = documents.find(scope, uow.session, order.document_id)
    if paper.agency_id != actor.agency_id:
        raise NotPermitted("server_seal_not_allowed")
    if not office.unit(uow.session, paper.agency_id).server_seal:
        raise NotPermitted("server_seal_not_allowed")
    if isinstance(paper, Outgoing):
        _check_leader(uow, paper)
    else:  # what its signer approved and the register numbered; whether it still is, `prepare` asks again
        rules.demand_step(rules.Action.SEAL, rules.State(paper.state), rules.Medium(paper.medium))
    if _used(uow, paper.agency_id, now=now) >= cap:
        raise Refused("server_seal_daily_cap", cap=cap)
    return actor, scope


def _used(uow: UnitOfWork, agency_id: int, *, now: dt.datetime) -> int:
    """Signatures that the key made today."""
    start = dt.datetime.combine(journal.local_day(now), dt.time(), tzinfo=journal.OFFICE_ZONE)
    used = documents.uses_of_holder(uow.session, agency_id, holder=HOLDER, since=start)
    used += attachments.seals_by_holder(uow.session, agency_id, holder=HOLDER, since=start)
    return used + copies.seals_by_holder(uow.session, agency_id, holder=HOLDER, since=start)


def _clerk(uow: UnitOfWork, order: Order, *, now: dt.datetime) -> tuple[Actor, Scope]:
    """The login the order names, as it stands now: live, in a post held today that may seal, its factor fresh."""
    login = accounts.login_by_cookie(uow.session, hashed(order.login), now=now, today=journal.local_day(now))
    if login is None:
        raise NotPermitted("not_logged_in")
    if login.post is None:
        raise NotPermitted("no_post")
    if login.stepped_up_at is None or now - login.stepped_up_at > FACTOR_AGE:
        raise NotPermitted("step_up_needed")
    actor = Actor.of(login.post, name=login.full_name, address=order.address)
    demand(actor, Permission.SEAL)
    return actor, scope_of(login.post, units_below=())


def _check_leader(uow: UnitOfWork, document: Outgoing) -> None:
    """Decree 30/2020 Art. 32.2: the organisation's seal goes only on what the competent person signed."""
    if document.medium == Medium.INK:
        return
    signature = documents.live_signature(uow.session, document.id, "leader")
    verdicts = documents.verdicts_of(uow.session, document.id)
    passed = signature is not None and any(
        row.signature_id == signature.id and row.conclusion == "passed" for row in verdicts
    )
    if not passed:
        raise Missing("leader_signature")


def allow_server_seal(uow: UnitOfWork, actor: Actor, *, allowed: bool, reason: str, now: dt.datetime) -> None:
    """The agency's head hands the seal's key to the server, or takes it back, in writing (Art. 32.2)."""
    demand(actor, Permission.ALLOW_SERVER_SEAL)
    words = clean(reason, multiline=True)
    if not words:
        raise BadInput("reason_needed", action="allow_server_seal")
    uow.begin_write()
    agency = office.unit(uow.session, actor.agency_id or 0)
    agency.server_seal = allowed
    verb = "allowed" if allowed else "forbidden"
    facts = {"reason": words, "allowed": allowed}
    journal.record(
        uow, subject=f"unit:{agency.id}", tag=f"unit:server_seal:{verb}", facts=facts, actor=actor, now=now
    )


def files_of_order(
    uow: UnitOfWork, order: Order, *, cap: int = DAILY_CAP, now: dt.datetime
) -> tuple[int | None, ...]:
    """What the key signs for an order, in this order: attachments that still need their seal, then the document's
    own file (None). An order that was broken off goes on where it stands.
    """
    check_order(uow, order, cap=cap, now=now)
    return files_owed(uow, document_id=order.document_id, purpose=order.purpose)


def files_owed(uow: UnitOfWork, *, document_id: int, purpose: str) -> tuple[int | None, ...]:
    """The same of a document that the caller has found."""
    attached = attachments.unsealed(uow.session, document_id) if purpose == "seal" else []
    return (*attached, None)


def stands(uow: UnitOfWork, *, document_id: int, purpose: str) -> bool:
    """Whether the signature is there after all, of a document that the caller has found: the seal process may have
    gone on after whoever asked it had given up waiting.
    """
    if purpose == OF_COPIES:
        return copies.one(uow.session, document_id, reason="the caller has found it").state == rules.State.DONE
    return documents.live_signature(uow.session, document_id, purpose) is not None


def begin_order(uow: UnitOfWork, order: Order, key: KeyHolder, *, cap: int = DAILY_CAP, now: dt.datetime) -> str:
    """Check the order and open its signing session; the door commits, then calls `prepare_order`."""
    actor, _scope = check_order(uow, order, cap=cap, now=now)
    return open_session(
        uow,
        actor,
        purpose=order.purpose,
        login_session_id=None,
        certificate=key.certificate,
        key_holder=Holder.SERVER_SEAL,
        now=now,
    )


def prepare_order(
    uow: UnitOfWork, order: Order, *, session: str, blobs: Blobs, cap: int = DAILY_CAP, now: dt.datetime,
    attachment_id: int | None = None,
) -> bytes:  # fmt: skip
    """Prepare the document, or one attachment of it; the answer is what the key signs."""
    actor, scope = check_order(uow, order, cap=cap, now=now)
    if order.purpose == OF_COPIES:
        made = copying.prepare(
            uow, actor, scope, session=session, login_session_id=None, copy_id=order.document_id,
            version=order.version, blobs=blobs, now=now,
        )  # fmt: skip
        return made.to_be_signed
    item = prepare(
        uow, actor, scope, session=session, login_session_id=None, document_id=order.document_id,
        version=order.version, blobs=blobs, now=now, attachment_id=attachment_id,
    )  # fmt: skip
    return item.to_be_signed


def finish_order(
    uow: UnitOfWork,
    order: Order,
    *,
    session: str,
    signature: bytes,
    blobs: Blobs,
    cap: int = DAILY_CAP,
    now: dt.datetime,
    attachment_id: int | None = None,
) -> Outcome:
    """Embed, verify, move the document: the same path as a signature from a browser."""
    actor, scope = check_order(uow, order, cap=cap, now=now)
    if order.purpose == OF_COPIES:
        return copying.finish(
            uow, actor, scope, session=session, login_session_id=None, copy_id=order.document_id,
            signature=signature, blobs=blobs, now=now,
        )  # fmt: skip
    return finish(
        uow, actor, scope, session=session, login_session_id=None, document_id=order.document_id,
        signature=signature, blobs=blobs, now=now, attachment_id=attachment_id,
    )  # fmt: skip
