"""What is said about a sign (it was looked at; whom it names comments), and the province's thresholds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workflow.domain.anomalies import SIGNS, Finding, Sign, numbers
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from workflow.domain.people import Actor
from workflow.domain.periods import Period
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import anomalies, journal
from workflow.services.anomalies import SETTING
from workflow.store import anomalies as store
from workflow.store.models import AnomalyRemark, Setting
from workflow.store.session import UnitOfWork

WORDS = 1000
MOST = 20
"""Remarks of one person about one sign."""
PROVINCE = "signs:province"
"""The chain in which changes of thresholds are told."""


def subject(agency_id: int) -> str:
    """The chain in which is told what was said about an agency's signs."""
    return f"signs:{agency_id}"


def review(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, sign: Sign, key: int, agency_id: int, period: Period,
    words: str, now: dt.datetime,
) -> None:  # fmt: skip
    """*Đã xem: có lý do.* It stays in the list, with who looked and what they found.

    Nobody reviews what names them, `NotPermitted("own_sign")`: they comment.
    """
    demand(actor, Permission.SEE_RATES)
    found = anomalies.one_of(uow, scope, sign=sign, key=key, period=period, agency_id=agency_id)
    if actor.person_id in found.people:
        raise NotPermitted("own_sign")
    _say(uow, actor, found, kind="reviewed", words=words, now=now)


def comment(
    uow: UnitOfWork, actor: Actor, *, sign: Sign, key: int, period: Period, words: str, now: dt.datetime
) -> None:
    """Whom a sign names says how it was; whoever looks at the sign reads it."""
    found = anomalies.own_one(uow, actor, sign=sign, key=key, period=period)
    _say(uow, actor, found, kind="comment", words=words, now=now)


def _say(uow: UnitOfWork, actor: Actor, found: Finding, *, kind: str, words: str, now: dt.datetime) -> None:
    told = clean(words, multiline=True)[:WORDS]
    if not told:
        raise BadInput("reason_needed", action="sign")
    if actor.person_id is None:
        raise NotFound("sign_not_found")
    uow.begin_write()
    if store.said_by(uow.session, found.agency, str(found.sign), found.key, person_id=actor.person_id) >= MOST:
        raise Refused("sign_said_enough", most=MOST)
    uow.add(
        AnomalyRemark(
            agency_id=found.agency, sign=str(found.sign), item=found.key, kind=kind, words=told,
            person_id=actor.person_id, at=now,
        )
    )  # fmt: skip
    uow.flush()
    facts: dict[str, object] = {
        "sign": str(found.sign), "item": found.key, "document": found.document, "kind": kind, "words": told,
    }  # fmt: skip
    tag = "signs:item:reviewed" if kind == "reviewed" else "signs:item:commented"
    journal.record(uow, subject=subject(found.agency), tag=tag, facts=facts, actor=actor, now=now)


def change(
    uow: UnitOfWork, actor: Actor, *, sign: Sign, values: Mapping[str, int], seen: Mapping[str, int], reason: str,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Another set of numbers for a sign, for the whole province, with a reason; at the top agency only.

    Raises `BadInput("sign_threshold")` outside its bounds, `Conflict("sign_thresholds_changed")` where somebody
    else was faster, `Refused("sign_thresholds_same")`.
    """
    demand(actor, Permission.MANAGE_SIGNS)
    words = clean(reason, multiline=True)[:500]
    if not words:
        raise BadInput("reason_needed", action="sign")
    for one in SIGNS[sign].thresholds:
        if not one.least <= values[one.name] <= one.most:
            raise BadInput("sign_threshold", least=one.least, most=one.most, field=one.name)
    uow.begin_write()
    row = uow.session.get(Setting, SETTING, with_for_update=True)
    kept = dict(row.value) if row is not None else {}
    before, after = numbers(kept)[sign], {one.name: values[one.name] for one in SIGNS[sign].thresholds}
    if before != dict(seen):
        raise Conflict("sign_thresholds_changed")
    if before == after:
        raise Refused("sign_thresholds_same")
    kept[str(sign)] = after
    if row is None:
        uow.add(Setting(name=SETTING, value=kept))
    else:
        row.value = kept
    facts: dict[str, object] = {"sign": str(sign), "before": before, "after": after, "reason": words}
    journal.record(uow, subject=PROVINCE, tag="signs:thresholds:changed", facts=facts, actor=actor, now=now)
