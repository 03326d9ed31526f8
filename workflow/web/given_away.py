"""Documents that are given away to be signed by another program: which can be, which not, and with what keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request

from workflow.domain.errors import NotPermitted
from workflow.domain.key_holders import CAPABILITIES, KeyHolder, fits
from workflow.services.signing.preparing import SignaturePurpose
from workflow.store.models import Certificate
from workflow.web.context import Current
from workflow.web.devices import Device, device_of
from workflow.web.i18n import _
from workflow.web.key_choice import CANNOT, PLACES, too_weak
from workflow.web.preflight import AT_MOST, Checked, check_documents, keys_of
from workflow.web.views.desk import days_left

FACTOR_AGE = dt.timedelta(minutes=30)
"""How old the second factor may be when a signed file comes back: signing elsewhere takes time."""


@dataclass(frozen=True, slots=True)
class Given:
    """`ready` and `skipped` of the chosen documents."""

    ready: Sequence[Checked]
    skipped: Sequence[Checked]


def asked() -> list[int]:
    """The chosen documents, by the address or a form."""
    words = request.values.getlist("documents")[:AT_MOST]
    return [int(word) for word in words if word.isdecimal() and len(word) < 16]


def given(here: Current, purpose: SignaturePurpose, way: KeyHolder, *, without: Sequence[int] = ()) -> Given:
    """What can be given away of what was chosen, to be signed by a way."""
    checked = [_fitting(one, way) for one in check_documents(here, asked(), purpose) if one.id not in without]
    ready = [one for one in checked if not one.why_not]
    return Given(ready, [one for one in checked if one.why_not])


def _fitting(one: Checked, way: KeyHolder) -> Checked:
    if one.why_not:
        return one
    if CAPABILITIES[way].control < one.minimum:
        return replace(one, why_not=too_weak(one.minimum))
    return one


def keys(here: Current, purpose: SignaturePurpose, way: KeyHolder) -> list[tuple[Certificate, str, str]]:
    """Certificates that can have signed by a way, each with its days left and their tone."""
    usable = [key for key in keys_of(here, purpose).usable if fits(key.holder, way)]
    return [(key, *_left(key, here.now)) for key in usable]


def chosen_key(usable: Sequence[Certificate]) -> int | None:
    """Which of these keys the chooser's card was about, or else the first."""
    wanted = request.values.get("key", request.values.get("certificate", type=int), type=int)
    ids = [one.id for one in usable]
    return wanted if wanted in ids else next(iter(ids), None)


def _left(key: Certificate, now: dt.datetime) -> Any:
    return days_left(key.not_after, now)


@dataclass(frozen=True, slots=True)
class OnPhone:
    """Why a way is of no use on a phone, where another is chosen, and the same page for what is none after all."""

    why_not: str
    others: str
    as_computer: str


def on_phone(purpose: str, way: KeyHolder) -> OnPhone | None:
    """None on a computer, and where somebody said that this is one."""
    if device_of(request.headers, told=request.args.get("device", "")) is not Device.PHONE:
        return None
    chosen = [("documents", one) for one in asked()]
    return OnPhone(
        why_not=_(CANNOT[way]), others=f"{PLACES[str(purpose)]}?{urlencode(chosen)}",
        as_computer=f"{request.path}?{urlencode([*chosen, ('device', Device.COMPUTER)])}",
    )  # fmt: skip


def demand_factor(here: Current) -> None:
    """A second factor of this half hour. Raises `NotPermitted("step_up_needed")`."""
    since = here.person.stepped_up_at
    if since is None or here.now - since > FACTOR_AGE:
        raise NotPermitted("step_up_needed")
