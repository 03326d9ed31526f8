"""Bundles that take longer than a page may: ordered, made by the clock, which tells how far it is, and given to
whoever asked.

An order keeps the two reaches that its person had when asking; it is given away only to the same person in the same
post, desk or inspection, as long as they may open the same. The journal is written when it is given away, as with
one that is made at once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from workflow.domain.bundles import Contents
from workflow.domain.errors import Conflict, Refused, WorkflowError
from workflow.domain.journal import canonical_json
from workflow.domain.keeping import Trace, over_before
from workflow.domain.notices import Kind, Told
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.services.figures.month_lists import Asked
from workflow.services.keeping import kept_days
from workflow.services.outbox import Note, queue
from workflow.services.proving import making, reports
from workflow.store import bundle_orders as store
from workflow.store import bundles as found_in
from workflow.store.models import BundleOrder
from workflow.store.session import UnitOfWork

OPEN_EACH, OPEN_ALL = 2, 20
"""Orders under way of one person, and of the whole installation."""
SHELF = 16 << 30
"""Bytes of finished bundles that lie at one time."""
LEASE = dt.timedelta(minutes=5)
SITS = dt.timedelta(minutes=1)
"""So long somebody stays before the page, which tells the end itself; afterwards a notice does."""
ATTEMPTS = 3
"""A bundle that ended so many processes is given up."""
NEEDS = {"document": Permission.READ_DOCUMENT}
"""What else than seeing figures a kind asks for."""
_PAPERS = "papers"
"""In what an order keeps of its bundle: whose chains are in it. The journal names none of them."""
WHY = "the clock makes everybody's bundles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """`reader`: whose papers may be opened; `figures`: whose figures."""

    reader: Scope
    figures: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Reaches):
    """What is asked for."""

    kind: str
    given: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As an order keeps it, and finds it again."""
        told = {
            "kind": self.kind, "given": dict(self.given), "reader": _plain(self.reader),
            "figures": _plain(self.figures),
        }  # fmt: skip
        found: dict[str, Any] = json.loads(canonical_json(told))
        return found


@dataclass(frozen=True, slots=True)
class Work:
    """An order that somebody makes."""

    id: int
    attempt: int
    what: Mapping[str, Any]

    @property
    def shelf(self) -> str:
        """The zip's name on the shelf."""
        return shelf_name(self.id)


def shelf_name(order_id: int) -> str:
    """Under which an order's zip lies."""
    return f"bundle-{order_id}.zip"


def _plain(scope: Scope) -> dict[str, Any]:
    return asdict(replace(scope, until=None)) | {"until": scope.until.isoformat() if scope.until else None}


def _told(scope: Scope) -> dict[str, Any]:
    """As an order keeps it."""
    found: dict[str, Any] = json.loads(canonical_json(_plain(scope)))
    return found


def _scope(plain: Mapping[str, Any]) -> Scope:
    named: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }  # fmt: skip
    until = named.pop("until")
    return Scope(**named, until=dt.date.fromisoformat(until) if until else None)


def gathered(uow: UnitOfWork, wanted: Wanted, *, now: dt.datetime) -> Contents:
    """What goes in. Raises as `making.of_document`, `making.of_figure` and `reports.of_report` do."""
    given = wanted.given
    match wanted.kind:
        case "document":
            return making.document_for_shell(uow, wanted.reader, document_id=given["document"], now=now)
        case "report":
            return reports.report_for_shell(
                uow, wanted.figures, agency_id=given["agency"], document_id=given["document"],
                reader=wanted.reader, now=now,
            )  # fmt: skip
        case _:
            asked = Asked(**given)
            return making.figure_for_shell(uow, wanted.figures, asked=asked, reader=wanted.reader, now=now)


def ask(
    uow: UnitOfWork, actor: Actor, *, person_id: int, held_as: str, wanted: Wanted, shown: Mapping[str, Any],
    now: dt.datetime,
) -> BundleOrder:  # fmt: skip
    """Order one; asked again for the same while it is under way it is the same order.

    Raises `Refused("bundle_orders_open")`, `Refused("bundle_busy")`.
    """
    demand(actor, NEEDS.get(wanted.kind, Permission.SEE_RATES))
    uow.begin_write()
    what = wanted.as_json()
    mine = store.open_of(uow.session, person_id)
    for one in mine:
        if one.held_as == held_as and one.what == what:
            return one
    waiting, size = store.load(uow.session, reason="a limit of the whole installation")
    if len(mine) >= OPEN_EACH:
        raise Refused("bundle_orders_open", most=OPEN_EACH)
    if waiting >= OPEN_ALL or size >= SHELF:
        raise Refused("bundle_busy")
    order = BundleOrder(person_id=person_id, held_as=held_as, what=what, shown=dict(shown), asked_at=now)
    uow.add(order)
    uow.flush()
    return order


def take(uow: UnitOfWork, *, now: dt.datetime) -> Work | None:
    """The next order, for whoever makes it; the door commits. What ended its makers again and again is refused."""
    uow.begin_write()
    while (order := store.next_one(uow.session, now=now, reason=WHY)) is not None:
        if order.attempt < ATTEMPTS:
            order.state, order.attempt, order.lease_until = "making", order.attempt + 1, now + LEASE
            order.done_steps = order.all_steps = 0
            uow.flush()
            return Work(order.id, order.attempt, order.what)
        order.code = "bundle_given_up"
        _end(order, "refused", now=now)
        _notify(uow, order, Told.of(Kind.BUNDLE_REFUSED, file=order.shown["file"]), now=now)
        uow.flush()
    return None


def contents_of(uow: UnitOfWork, work: Work, *, now: dt.datetime) -> Contents:
    """What the bundle of an order is made of."""
    what = work.what
    wanted = Wanted(
        kind=what["kind"], given=what["given"], reader=_scope(what["reader"]), figures=_scope(what["figures"])
    )  # fmt: skip
    return gathered(uow, wanted, now=now)


def tell(uow: UnitOfWork, work: Work, *, done: int, of: int, now: dt.datetime) -> None:
    """How far it is. Raises `Conflict("bundle_stopped")` where it is no longer wanted, or another one makes it."""
    uow.begin_write()
    order = _held(uow, work)
    order.done_steps, order.all_steps, order.lease_until = done, of, now + LEASE


def finish(
    uow: UnitOfWork, work: Work, *, contents: Contents, written: tuple[str, int], now: dt.datetime
) -> None:  # fmt: skip
    """It lies on the shelf."""
    uow.begin_write()
    order = _held(uow, work)
    order.made, order.size = {**making.told(contents, written), _PAPERS: _carried(contents)}, written[1]
    order.done_steps = order.all_steps
    _end(order, "ready", now=now)
    kept = _kept_until(uow, now, now=now)
    _notify(uow, order, Told.of(Kind.BUNDLE_READY, file=order.shown["file"], until=kept.isoformat()), now=now)


def _carried(contents: Contents) -> list[str]:
    """Papers whose whole chain is in it, as subjects of the journal."""
    return sorted(one for one in contents.manifest["chains"] if one.startswith(("outgoing:", "incoming:")))


def refuse(uow: UnitOfWork, work: Work, *, error: WorkflowError, now: dt.datetime) -> None:
    """It cannot be made; its page says why."""
    uow.begin_write()
    order = _held(uow, work)
    order.code, order.details = error.code, dict(error.details)
    _end(order, "refused", now=now)
    _notify(uow, order, Told.of(Kind.BUNDLE_REFUSED, file=order.shown["file"]), now=now)


def _notify(uow: UnitOfWork, order: BundleOrder, what: Told, *, now: dt.datetime) -> None:
    """Told to whoever asked and has gone on to something else."""
    if now - order.asked_at < SITS:
        return
    link = f"/bundles/orders/{order.id}"
    queue(uow, Note(cause=f"bundle:{order.id}", what=what, link=link, person_id=order.person_id), now=now)


def let_go(uow: UnitOfWork, work: Work) -> None:
    """Whoever made it is told to end; another one begins anew, and nothing is counted against it."""
    uow.begin_write()
    order = _held(uow, work)
    order.state, order.lease_until, order.attempt = "waiting", None, order.attempt - 1


def _held(uow: UnitOfWork, work: Work) -> BundleOrder:
    order = store.held(uow.session, work.id, work.attempt)
    if order is None:
        raise Conflict("bundle_stopped")
    return order


def _end(order: BundleOrder, state: str, *, now: dt.datetime) -> None:
    order.state, order.finished_at, order.lease_until = state, now, None


def cancel(
    uow: UnitOfWork, actor: Actor, *, person_id: int, held_as: str, order_id: int, now: dt.datetime
) -> BundleOrder:  # fmt: skip
    """One's own is not wanted any more; whoever makes it stops at the next file, and its zip is cleared away."""
    uow.begin_write()
    order = store.own(uow.session, person_id, held_as, order_id, for_update=True)
    if order.state != "cancelled":
        _end(order, "cancelled", now=now)
        order.size = 0
    uow.flush()
    return order


def give(
    uow: UnitOfWork, actor: Actor, *, person_id: int, held_as: str, order_id: int, reaches: Reaches,
    now: dt.datetime,
) -> BundleOrder:  # fmt: skip
    """One's own finished bundle, and the journal that it was taken. Raises as `ready` does."""
    uow.begin_write()
    order = ready(uow, person_id=person_id, held_as=held_as, order_id=order_id, reaches=reaches, now=now)
    made = {name: value for name, value in order.made.items() if name != _PAPERS}
    making.note_taken(uow, actor, made=made, what=order.shown["journal"], now=now)
    return order


def ready(
    uow: UnitOfWork, *, person_id: int, held_as: str, order_id: int, reaches: Reaches, now: dt.datetime
) -> BundleOrder:  # fmt: skip
    """One's own finished bundle, for who may still open the same (`reaches`).

    Raises `Refused("bundle_not_ready")`, `Refused("bundle_over")`, `Refused("bundle_reach_changed")`; the last one
    also where a paper in it became secret or went out of reach.
    """
    order = store.own(uow.session, person_id, held_as, order_id)
    if order.state != "ready" or order.finished_at is None:
        raise Refused("bundle_not_ready")
    if order.finished_at < kept_since(uow, now=now):
        raise Refused("bundle_over")
    if (order.what["reader"], order.what["figures"]) != (_told(reaches.reader), _told(reaches.figures)):
        raise Refused("bundle_reach_changed")
    if not _still_open(uow, order.made.get(_PAPERS, ()), reaches.reader):
        raise Refused("bundle_reach_changed")
    return order


def _still_open(uow: UnitOfWork, papers: Collection[str], reader: Scope) -> bool:
    """Whether whoever asked may open all that is in it today: a paper may have become secret, or somebody else's,
    since it was made."""
    keys: dict[str, set[int]] = {"outgoing": set(), "incoming": set()}
    for kind, _colon, key in (one.partition(":") for one in papers):
        keys[kind].add(int(key))
    sent = found_in.issued(reader, uow.session, keys["outgoing"])
    arrived = found_in.registered(reader, uow.session, keys["incoming"])
    secret = any(row.secret for row in sent.values()) or any(arrived.values())
    return not secret and len(sent) + len(arrived) == len(papers)


def kept_since(uow: UnitOfWork, *, now: dt.datetime) -> dt.datetime:
    """What was finished before this moment has run out."""
    return over_before(kept_days(uow), Trace.BUNDLES, now)


def still_kept(uow: UnitOfWork, *, now: dt.datetime) -> set[str]:
    """Names on the shelf that stay."""
    since = kept_since(uow, now=now)
    return {shelf_name(one) for one in store.on_shelf(uow.session, since=since, reason=WHY)}


def is_large(uow: UnitOfWork, *, things: int) -> bool:
    """Whether gathering alone would keep a page waiting: much to list, or very many chains in the journal."""
    return things > making.SMALL_LIST or found_in.leaves(uow.session) > making.SMALL_JOURNAL


def until(order: BundleOrder, uow: UnitOfWork, *, now: dt.datetime) -> dt.datetime | None:
    """How long a finished one is kept."""
    return _kept_until(uow, order.finished_at, now=now) if order.finished_at else None


def _kept_until(uow: UnitOfWork, finished_at: dt.datetime, *, now: dt.datetime) -> dt.datetime:
    return finished_at + (now - kept_since(uow, now=now))
