"""Two administrators change what is believed: one proposes, the other confirms what was counted meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

import signing
from signing import Purpose
from signing.path.roots import RootFault, root_faults
from signing.path.trust import split_certificates
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.services import journal
from workflow.services.signing.roots import Wanted, standing
from workflow.services.signing.trust import POLICIES, set_policy
from workflow.services.trust_report import reset
from workflow.store import certificates, trust_changes
from workflow.store.models import TrustChange, TrustRoot
from workflow.store.session import UnitOfWork

SUBJECT = "trust:roots"
"""Chain of the journal that tells of the list."""
POLICY = "policy"
"""Subject of a change of the policy."""
DEMO = "demo"
"""Kind of a made-up root. Nobody can wish for it, and where it stands it stays."""
KINDS = frozenset(str(one) for one in signing.SignatureKind)
HEX_DIGITS = 64

FAULTS = {
    RootFault.NOT_AUTHORITY: "root_no_authority",
    RootFault.NOT_SELF_SIGNED: "root_not_self_signed",
    RootFault.KEY_WEAK: "root_key_weak",
}


def propose_root(
    uow: UnitOfWork,
    actor: Actor,
    *,
    data: bytes,
    fingerprint: str,
    wanted: Wanted,
    reason: str,
    now: dt.datetime,
) -> TrustChange:
    """Propose a root from a file (PEM or DER) and its SHA-256 fingerprint (hex) typed from paper.

    Raises `BadInput` (`root_file`, `fingerprint_length`, `fingerprint_differs`, `root_no_authority`,
    `root_not_self_signed`, `root_key_weak`, `root_purposes`), `Refused` (`root_listed_already`).
    """
    demand(actor, Permission.MANAGE_TRUST)
    der, facts = uow.compute(_read_root, data)
    _compare(facts.sha256, fingerprint)
    for fault in uow.compute(root_faults, der):
        raise BadInput(FAULTS[fault], name=facts.common_name)
    _check(uow, wanted)
    uow.begin_write()
    if any(row.sha256 == facts.sha256 for row in certificates.roots(uow.session)):
        raise Refused("root_listed_already")
    change = TrustChange(kind="add", subject=facts.sha256, der=der, wanted=wanted.to_json(), reason=reason)
    return _propose(uow, actor, change, now=now)


def _read_root(data: bytes) -> tuple[bytes, signing.CertificateFacts]:
    try:
        found = list(split_certificates(data))
        if len(found) != 1:
            raise BadInput("root_file")
        return found[0], signing.inspect_certificate(found[0])
    except signing.SigningError as error:
        raise BadInput("root_file") from error


def _compare(sha256: str, typed: str) -> None:
    """What was typed must be the fingerprint. The right one is never told: it has to come from paper."""
    digits = "".join(sign for sign in typed.lower() if sign not in " :.-\t\n\r\u00a0")
    if len(digits) != HEX_DIGITS:
        raise BadInput("fingerprint_length", typed=len(digits))
    if digits != sha256:
        raise BadInput("fingerprint_differs")


def _check(uow: UnitOfWork, wanted: Wanted, *, kinds: frozenset[str] = KINDS) -> None:
    if not wanted.purposes or not wanted.purposes <= set(Purpose):
        raise BadInput("root_purposes")
    if wanted.kind not in kinds:
        raise BadInput("root_kind")
    known = trust_changes.agency_names(uow.session, wanted.scope)
    if set(wanted.scope) - set(known):
        raise BadInput("root_scope")


def propose_retirement(
    uow: UnitOfWork, actor: Actor, *, root_id: int, reason: str, now: dt.datetime
) -> TrustChange:
    """Propose to believe a root no more, not even for what it stood for until now."""
    demand(actor, Permission.MANAGE_TRUST)
    uow.begin_write()
    row = trust_changes.root(uow.session, root_id)
    before = Wanted.of(row).to_json()
    change = TrustChange(kind="retire", subject=row.sha256, root_id=row.id, before=before, reason=reason)
    return _propose(uow, actor, change, now=now)


def propose_amendment(
    uow: UnitOfWork, actor: Actor, *, root_id: int, wanted: Wanted, reason: str, now: dt.datetime
) -> TrustChange:
    """Propose other words, purposes, kind, scope or end for a listed root.

    A demo's root stays one, whatever kind is wished: production refuses to serve with it.
    """
    demand(actor, Permission.MANAGE_TRUST)
    row = trust_changes.root(uow.session, root_id)
    if row.kind == DEMO:
        wanted = replace(wanted, kind=DEMO)
    _check(uow, wanted, kinds=KINDS | {row.kind})
    uow.begin_write()
    row = trust_changes.root(uow.session, root_id)
    before = Wanted.of(row).to_json()
    if before == wanted.to_json():
        raise BadInput("root_unchanged")
    change = TrustChange(
        kind="amend", subject=row.sha256, root_id=row.id, before=before, wanted=wanted.to_json(), reason=reason
    )
    return _propose(uow, actor, change, now=now)


def propose_policy(uow: UnitOfWork, actor: Actor, *, name: str, reason: str, now: dt.datetime) -> TrustChange:
    """Propose how strictly signatures are judged; it changes verdicts as a root does."""
    demand(actor, Permission.MANAGE_TRUST)
    if name not in POLICIES:
        raise BadInput("policy_unknown", name=name)
    uow.begin_write()
    before = standing(uow).policy
    if before == name:
        raise BadInput("policy_unchanged")
    change = TrustChange(
        kind="policy", subject=POLICY, before={"name": before}, wanted={"name": name}, reason=reason
    )
    return _propose(uow, actor, change, now=now)


def _propose(uow: UnitOfWork, actor: Actor, change: TrustChange, *, now: dt.datetime) -> TrustChange:
    """In the open write phase: at most one change of the same thing waits."""
    if actor.person_id is None:
        raise NotPermitted("no_post")
    if trust_changes.open_change(uow.session, change.subject) is not None:
        raise Refused("trust_change_waits_already")
    change.proposed_by_id, change.proposed_at = actor.person_id, now
    try:
        with uow.session.begin_nested():
            uow.add(change)
            uow.flush()
    except IntegrityError as error:  # somebody else's, in another process, was not durable yet when we looked
        raise Refused("trust_change_waits_already") from error
    _record(uow, change, "proposed", actor=actor, now=now, reason=change.reason)
    return change


def confirm(
    uow: UnitOfWork, actor: Actor, *, change_id: int, fingerprint: str = "", now: dt.datetime
) -> TrustChange:
    """The second administrator makes the change. For a root to add the fingerprint is typed once more.

    Raises `Refused` (`trust_second_person`, `trust_report_missing`, `trust_report_stale`) and what typing raises.
    """
    change = _to_decide(uow, actor, change_id)
    if change.proposed_by_id == actor.person_id:
        raise Refused("trust_second_person")
    if change.kind == "add":
        _compare(change.subject, fingerprint)
    if change.state != "waiting":
        raise Refused("trust_report_missing")
    before = standing(uow)
    if change.counted_digest != before.digest:
        raise Refused("trust_report_stale")
    change.state, change.decided_by_id, change.decided_at = "done", actor.person_id, now
    _make(uow, actor, change, now=now)
    uow.flush()
    _record(uow, change, "confirmed", actor=actor, now=now, list_before=before.digest,
            list_after=standing(uow).digest, checked=change.checked, flips=change.flips)  # fmt: skip
    return change


def _make(uow: UnitOfWork, actor: Actor, change: TrustChange, *, now: dt.datetime) -> None:
    if change.kind == "policy":
        set_policy(uow, actor, str(change.wanted["name"]), now=now)
    elif change.kind == "add":
        _add(uow, actor, change, now=now)
    else:
        row = trust_changes.root(uow.session, change.root_id or 0, for_update=True)
        if change.kind == "retire":
            row.retired_at = now
        else:
            _give(row, Wanted.from_json(change.wanted))


def _add(uow: UnitOfWork, actor: Actor, change: TrustChange, *, now: dt.datetime) -> None:
    row = TrustRoot(
        sha256=change.subject, der=change.der, added_by_id=change.proposed_by_id, confirmed_by_id=actor.person_id,
        added_at=now,
    )  # fmt: skip
    _give(row, Wanted.from_json(change.wanted))
    uow.add(row)
    uow.flush()
    change.root_id = row.id


def _give(row: TrustRoot, wanted: Wanted) -> None:
    row.label, row.kind, row.trusted_until = wanted.label, wanted.kind, wanted.trusted_until
    row.purposes, row.scope = sorted(wanted.purposes), sorted(wanted.scope)


def refuse(uow: UnitOfWork, actor: Actor, *, change_id: int, reason: str, now: dt.datetime) -> TrustChange:
    """The second administrator does not want it, whether counted or not."""
    change = _to_decide(uow, actor, change_id)
    if change.proposed_by_id == actor.person_id:
        raise Refused("trust_second_person")
    change.state, change.decided_by_id, change.decided_at, change.decision = "refused", actor.person_id, now, reason
    uow.flush()
    _record(uow, change, "refused", actor=actor, now=now, reason=reason)
    return change


def withdraw(uow: UnitOfWork, actor: Actor, *, change_id: int, now: dt.datetime) -> TrustChange:
    """Who proposed it takes it back."""
    change = _to_decide(uow, actor, change_id)
    if change.proposed_by_id != actor.person_id:
        raise Refused("trust_not_proposer")
    change.state, change.decided_at = "withdrawn", now
    uow.flush()
    _record(uow, change, "withdrawn", actor=actor, now=now)
    return change


def count_again(uow: UnitOfWork, actor: Actor, *, change_id: int, now: dt.datetime) -> TrustChange:
    """Have a finished report made anew: papers were signed since, or fresher revocation lists came."""
    change = _to_decide(uow, actor, change_id)
    if change.state == "waiting":
        reset(uow, change)
        _record(uow, change, "recounted", actor=actor, now=now)
    return change


def _to_decide(uow: UnitOfWork, actor: Actor, change_id: int) -> TrustChange:
    demand(actor, Permission.MANAGE_TRUST)
    uow.begin_write()
    trust_changes.lock_open(uow.session)
    change = trust_changes.change(uow.session, change_id, for_update=True)
    if change.state not in trust_changes.OPEN:
        raise Conflict("trust_change_decided", state=change.state)
    return change


def _record(
    uow: UnitOfWork, change: TrustChange, verb: str, *, actor: Actor, now: dt.datetime, **facts: object
) -> None:
    told = {"change": change.id, "kind": change.kind, "root": change.subject, "wanted": change.wanted,
            "before": change.before, **facts}  # fmt: skip
    journal.record(uow, subject=SUBJECT, tag=f"trust:change:{verb}", facts=told, actor=actor, now=now)
