"""Signatures that did not pass, by sending office: whom to telephone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request

from workflow.domain.periods import Period, month
from workflow.domain.permissions import Permission
from workflow.store import arrivals as store
from workflow.web.context import current
from workflow.web.guards import allows
from workflow.web.report_address import OFFERED_MONTHS, read_board
from workflow.web.views.arrivals import bp

PATH = "/incoming/senders"
LIST = "/incoming"
"""The list of incoming documents, which takes `issuer`, `verdict`, `from`, `to` and `state`."""
BAD = ("failed", "indeterminate", "malformed")


@dataclass(frozen=True, slots=True)
class Sender:
    """One office: (figure, address of the list behind it) for all, and for each verdict."""

    issuer: str
    registered: tuple[int, str]
    figures: tuple[tuple[int, str], ...]
    bad: int


@bp.get(PATH)
@allows(Permission.SEE_REGISTER)
def senders() -> str:
    """Those with the most bad ones first, of what arrived in a period and is registered."""
    here = current()
    period = read_board(request.args, today=here.today).period
    rows = store.by_sender(here.scope, here.uow.session, since=period.start, until=period.end)
    return render_template(
        "arrivals/senders.html",
        senders=[_sender(row, period) for row in rows],
        period=period,
        periods=_offered(month(here.today)),
        path=PATH,
    )


def _sender(row: object, period: Period) -> Sender:
    issuer = str(getattr(row, "issuer", ""))
    figures = tuple((int(getattr(row, word)), _behind(issuer, period, verdict=word)) for word in (*BAD, "unsigned"))
    return Sender(
        issuer, (int(getattr(row, "registered", 0)), _behind(issuer, period)), figures,
        sum(count for count, _address in figures[: len(BAD)]),
    )  # fmt: skip


def _behind(issuer: str, period: Period, **more: str) -> str:
    """The list that a figure counts."""
    span = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    states = [("state", str(state)) for state in store.REGISTERED]
    return f"{LIST}?{urlencode([*{'issuer': issuer, **more, **span}.items(), *states])}"


def _offered(latest: Period) -> list[Period]:
    found = [latest]
    while len(found) < OFFERED_MONTHS:
        found.append(found[-1].before)
    return found
