"""How the timestamp authority is doing: administrators are told once when it fails for long, once when it is back.

Also its certificates, as they came with its last answer: lists about it are taken in like those about signers.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any, Final

from workflow.domain.notices import Kind, Told
from workflow.domain.people import Role
from workflow.domain.proofs import ALARM_AFTER
from workflow.services import outbox
from workflow.services.journal import local_day
from workflow.store import office
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

SETTING: Final = "timestamp_authority"
EARLIER: Final = 4
"""Chains remembered besides the last one: files stamped under them are stamped again while these are good."""
LINK: Final = "/admin/jobs"


def is_failing(uow: UnitOfWork) -> bool:
    """Whether it gave nothing when it was asked last."""
    return "failing_since" in _known(uow)


def certificates(uow: UnitOfWork) -> tuple[bytes, ...]:
    """Its certificate and those above it, from its last answer; empty before the first one."""
    return tuple(base64.b64decode(one) for one in _known(uow).get("certificates", ()))


def chains(uow: UnitOfWork) -> tuple[tuple[bytes, ...], ...]:
    """The same of the last answer and of those before it that came under other certificates, the last first."""
    known = _known(uow)
    listed = [known.get("certificates", ()), *known.get("earlier", ())]
    return tuple(tuple(base64.b64decode(one) for one in chain) for chain in listed if chain)


def fingerprints(uow: UnitOfWork) -> frozenset[str]:
    """Of its own certificates, the last and the earlier ones: answers about these are evidence about timestamps."""
    return frozenset(hashlib.sha256(chain[0]).hexdigest() for chain in chains(uow))


def answered(uow: UnitOfWork, given: tuple[bytes, ...], *, now: dt.datetime) -> None:
    """In the open write phase: it gave a timestamp that is believed."""
    before = _known(uow)
    last, earlier = before.get("certificates", []), before.get("earlier", [])
    after: dict[str, Any] = {"certificates": [base64.b64encode(one).decode() for one in given]}
    if last and last[:1] != after["certificates"][:1]:
        earlier = [last, *(chain for chain in earlier if chain[:1] != after["certificates"][:1])][:EARLIER]
    if earlier:
        after["earlier"] = earlier
    if before.get("alarmed"):
        since = dt.datetime.fromisoformat(before["failing_since"])
        _tell(
            uow, Told.of(Kind.TIMESTAMPS_BACK, since=since), cause=f"timestamps_back:{since.isoformat()}", now=now
        )
    _set(uow, before, after)


def failed(uow: UnitOfWork, *, reason: str, host: str, now: dt.datetime) -> None:
    """In the open write phase: whoever was asked for got none."""
    before = _known(uow)
    since = before.get("failing_since", now.isoformat())
    begun = dt.datetime.fromisoformat(since)
    alarmed = bool(before.get("alarmed"))
    if not alarmed and now - begun >= ALARM_AFTER:
        alarmed = True
        _tell(uow, Told.of(Kind.TIMESTAMPS_FAIL, since=begun, host=host), cause=f"timestamps_fail:{since}", now=now)
    _set(uow, before, {**before, "failing_since": since, "reason": reason, "alarmed": alarmed})


def _known(uow: UnitOfWork) -> dict[str, Any]:
    return dict(office.setting(uow.session, SETTING) or {})


def _set(uow: UnitOfWork, before: dict[str, Any], after: dict[str, Any]) -> None:
    if before == after:
        return
    row = uow.session.get(Setting, SETTING)
    if row is None:
        uow.add(Setting(name=SETTING, value=after))
    else:
        row.value = after
    uow.flush()


def _tell(uow: UnitOfWork, what: Told, *, cause: str, now: dt.datetime) -> None:
    """The administrators of the top agency: the jobs of the clock are theirs."""
    day = local_day(now)
    top = office.top_agency(uow.session, on=day)
    if top is None:
        return
    for person_id in sorted({post.person_id for post in office.holders(
        uow.session, role=Role.ADMIN, on=day, agency_id=top
    )}):  # fmt: skip
        note = outbox.Note(cause=f"{cause}:{person_id}", what=what, link=LINK, person_id=person_id)
        outbox.queue(uow, note, now=now)
