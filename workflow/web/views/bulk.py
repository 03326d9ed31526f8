"""Many at once: what is ticked in a list, the page before, the run that goes on by itself, what came of each."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from workflow.domain.bulk import (
    KEPT,
    KINDS,
    Act,
    Direction,
    ItemState,
    RunState,
    acts_for,
    fitting_states,
    needs_of,
)
from workflow.domain.errors import BadInput, NotPermitted
from workflow.domain.incoming import ASKED, HANDLER, LEAD_UNIT
from workflow.domain.incoming import State as IncomingState
from workflow.domain.outgoing import State
from workflow.domain.permissions import Permission
from workflow.domain.text import clean
from workflow.services.bulk import looking, running
from workflow.services.bulk.acts import OFFICE
from workflow.services.calendar import working_calendar
from workflow.store import bulk as store
from workflow.store import documents, incoming_choices, incoming_list, office, people
from workflow.store.models import BulkRun
from workflow.web import bulk_words as words
from workflow.web import incoming_listing, listing
from workflow.web.context import Current, act, current
from workflow.web.forms import once, see
from workflow.web.guards import allows
from workflow.web.incoming_rows import bulk_acts
from workflow.web.incoming_targets import remember, targets
from workflow.web.labels import label
from workflow.web.row_keys import LARGEST_COUNT, number_of
from workflow.web.types import type_names

bp = Blueprint("bulk", __name__)

PATH = "/bulk"
NAMED = {Act.SUBMIT: "to", Act.DIRECT: "unit", Act.ASSIGN: "handler"}
"""The field that says to whom the documents go."""
NUMBERED = frozenset({Act.NUMBER, Act.NUMBER_AND_SEAL})
FACTOR_AGE = dt.timedelta(minutes=12)
"""The seal process takes a second factor of fifteen minutes (`services.sealing`); a step takes its time."""


@bp.route(f"{PATH}/new", methods=["GET", "POST"])
@allows(Permission.ACT_ON_INCOMING)
def new() -> str:
    """What will be done to which documents; nothing is done yet."""
    here, wanted = current(), _act()
    kind = KINDS[wanted]
    given = matching_all()
    picked = ticked() if given is None else _matching(here, wanted, given)
    if len(picked) > kind.most:
        raise BadInput("too_many_ticked", limit=kind.most)
    found = store.present(here.scope, here.uow.session, kind.direction, picked)
    rows = [found[key] for key in picked if key in found]
    if wanted in NUMBERED:  # numbers follow the order of the signatures; the sort keeps the list's among equals
        rows.sort(key=lambda row: row.signed_at or here.now)
    query = _query(here, kind.direction, request.values.get("filter", ""))
    return render_template(
        "bulk/new.html",
        act=wanted,
        words=words.ACTS[wanted],
        ready=[(row, picked[row.id]) for row in rows if _fits(here, wanted, row)],
        left_out=[row for row in rows if not _fits(here, wanted, row)],
        state=_state_word(kind.direction),
        types=type_names(),
        path=list_path(kind.direction),
        back=_back(kind.direction, query),
        query=query,
        to_whom=NAMED.get(wanted, ""),
        once=secrets.token_urlsafe(16),
        choices=_choices(here, wanted, [row.id for row in rows]),
        server=wanted is Act.NUMBER_AND_SEAL and _server_seal(here),
    )


def _act() -> Act:
    asked = request.values.get("act", "")
    return Act(asked) if asked in set(Act) - {Act.SPREAD} else abort(404)


def _fits(here: Current, wanted: Act, row: Any) -> bool:
    """As far as a row tells; the act itself asks again."""
    if KINDS[wanted].direction is Direction.IN:
        return KINDS[wanted].action in bulk_acts(here, row)
    own = wanted is Act.APPROVE and row.drafter_id == here.person.person_id  # nobody reviews their own
    return row.state in fitting_states(wanted, here.post.role) and not own


def ticked() -> dict[int, int]:
    """`12:3` is document 12 as it stood at version 3; the order is the list's."""
    texts = request.values.getlist("documents")
    pairs = [text.partition(":")[::2] for text in texts]
    found = [(number_of(key), number_of(version, most=LARGEST_COUNT)) for key, version in pairs]
    if not found or any(None in pair for pair in found):
        raise BadInput("nothing_ticked")
    return {key: version for key, version in found if key is not None and version is not None}


def matching_all() -> MultiDict[str, str] | None:
    """The filter of the list, where all that match were asked for instead of the ticked ones."""
    if not request.values.get("all"):
        return None
    return MultiDict(parse_qsl(request.values.get("filter", "")[:2000]))


def _matching(here: Current, wanted: Act, given: MultiDict[str, str]) -> dict[int, int]:
    """All that match the filter of the list and that the act fits to, up to what one run takes."""
    kind, fits = KINDS[wanted], fitting_states(wanted, here.post.role)
    session, columns = here.uow.session, ("id", "version")
    if kind.direction is Direction.OUT:
        out = listing.read_listing(given, now=here.now)
        chosen = tuple(State(one) for one in fits if not out.wanted.states or one in out.wanted.states)
        if not chosen:
            return {}
        rows = documents.page(
            here.scope, session, wanted=replace(out.wanted, states=chosen), sort=out.sort, limit=kind.most,
            columns=columns,
        )  # fmt: skip
        return {row.id: row.version for row in rows[: kind.most]}
    came = incoming_listing.read_listing(given, now=here.now, calendar=working_calendar(here.uow))
    found = tuple(IncomingState(one) for one in fits if not came.wanted.states or one in came.wanted.states)
    mine = _mine(here, wanted, came.wanted)
    if not found or mine is None:
        return {}
    arrived = incoming_list.page(
        here.scope, session, wanted=replace(mine, states=found), sort=came.sort, limit=kind.most, columns=columns
    )  # fmt: skip
    return {row.id: row.version for row in arrived[: kind.most]}


def _mine(here: Current, wanted: Act, given: incoming_list.Filter) -> incoming_list.Filter | None:
    """Narrowed to what this person was asked for, handles or leads, where the act is theirs for that only."""
    needs, units = needs_of(wanted, here.post.role), here.scope.unit_ids
    if HANDLER in needs:
        if given.handler_id not in {None, here.desk_of}:
            return None
        given = replace(given, handler_id=here.desk_of)
    if ASKED in needs:
        given = replace(given, leader_id=here.desk_of)
    if LEAD_UNIT in needs:
        return replace(given, lead_units=units) if units else None
    return given


def _choices(here: Current, wanted: Act, ids: list[int]) -> list[tuple[int | str, str]]:
    """To which unit, to whom in the own unit, before whom; the usual one first."""
    session = here.uow.session
    if wanted is Act.SUBMIT:
        return [(one.value, one.words) for one in sorted(targets(here), key=lambda one: not one.usual)]
    if wanted is Act.DIRECT:
        return [(row.id, row.name) for row in incoming_choices.units(session, here.post.agency_id, on=here.today)]
    if wanted is Act.ASSIGN and ids:
        below = (here.post.unit_id, *people.units_below(session, here.post.unit_id))
        rows = incoming_choices.handlers(session, below, on=here.today)
        return [(row.id, f"{row.full_name}, {row.title}" if row.title else row.full_name) for row in rows]
    return []


def _server_seal(here: Current) -> bool:
    """Whether a key on this server seals for the agency: then the run does it all."""
    return bool(here.settings.seal_socket) and office.unit(here.uow.session, here.post.agency_id).server_seal


@bp.post(PATH)
@allows(Permission.ACT_ON_INCOMING)
def order() -> Response:
    """Write the run down and go to its page, which begins."""
    here, wanted = current(), _act()
    server = wanted is Act.NUMBER_AND_SEAL and _server_seal(here)
    if server:
        demand_factor(here)
    given: dict[str, Any] = {"server": True} if server else {}
    if said := clean(request.form.get("words", ""), multiline=True):
        given["words"] = said[:2000]
    named = NAMED.get(wanted, "")
    chosen = request.form.get(named, "") if named else ""
    if chosen == OFFICE or number_of(chosen) is not None:
        given[named] = OFFICE if chosen == OFFICE else number_of(chosen)
    if query := _query(here, KINDS[wanted].direction, request.form.get("filter", "")):
        given["filter"] = query
    made = running.Order(
        act=wanted, picked=tuple(ticked().items()), form=once(),
        wanted=given,
    )  # fmt: skip
    answer = see(f"{PATH}/{act(running.order, here.scope, given=made)}")
    return remember(answer, chosen) if wanted is Act.SUBMIT else answer


def demand_factor(here: Current) -> None:
    """The seal process asks for a second factor, fresh enough for a step of a run."""
    given = here.person.stepped_up_at
    if given is None or here.now - given > FACTOR_AGE:
        raise NotPermitted("step_up_needed")


@bp.get(f"{PATH}/<int:run_id>")
@allows(Permission.ACT_ON_INCOMING)
def show(run_id: int) -> str:
    """One line for each document: done, or why not."""
    here = current()
    run = store.run(here.uow.session, here.actor, run_id)
    kind, items = KINDS[Act(run.act)], store.items(here.uow.session, run.id)
    found = store.present(here.scope, here.uow.session, kind.direction, [running.key_of(row) for row in items])
    counts = {state: sum(row.state == state for row in items) for state in ItemState}
    wanted, phase = request.args.get("show", ""), looking.phase_of(run)
    left = _unsealed(run, items, found)
    lines = [
        (found.get(running.key_of(row), row.content), words.item(row, phase), words.why(row))
        for row in items
        if (running.key_of(row) in found or row.content) and wanted in {"", row.state}
    ]
    return render_template(
        "bulk/show.html",
        run=run,
        words=words.ACTS[Act(run.act)],
        mark=words.RUNS[RunState(run.state)],
        lines=lines,
        hidden=sum(running.key_of(row) not in found and not row.content for row in items),
        counts=counts,
        total=len(items),
        phase=phase,
        looked=sum(map(looking.looked_at, items)),
        may_mend=_takes_a_table(here, run),
        states={state: words.ITEMS[state][0] for state in ItemState if counts[state]},
        wanted=wanted,
        state=_state_word(kind.direction),
        types=type_names(),
        path=list_path(kind.direction),
        back=_back(kind.direction, run.wanted.get("filter", "")),
        kept=(run.created_at + KEPT),
        address=f"{PATH}/{run.id}",
        once=secrets.token_urlsafe(16),
        next=[(url_for("signing.number", documents=left, then="seal"), len(left))] if left else [],
        onward=_onward(here, run, [row for key, row in found.items() if key not in left]),
    )


def _takes_a_table(here: Current, run: BulkRun) -> bool:
    """Whether the draft of a run still lies before its format check, so that a mended table can be chosen."""
    if run.source_id is None or run.state == RunState.RUNNING:
        return False
    row = store.present(here.scope, here.uow.session, Direction.OUT, [run.source_id]).get(run.source_id)
    return row is not None and row.state == State.FORMAT_CHECK


def _unsealed(run: BulkRun, items: Any, found: dict[int, Any]) -> list[int]:
    """What was numbered here and waits for the key of the agency."""
    if run.act != Act.NUMBER_AND_SEAL or run.wanted.get("server") or run.state != RunState.DONE:
        return []
    keys = [running.key_of(row) for row in items if row.state == ItemState.DONE]
    return [key for key in keys if key in found and found[key].state == State.NUMBERED]


def _onward(here: Current, run: BulkRun, rows: list[Any]) -> list[tuple[str, str, int]]:
    """(address, button, documents): what the same person can do next to the documents of a finished run."""
    direction, role = KINDS[Act(run.act)].direction, here.post.role
    found = []
    for one in acts_for(role, direction) if run.state == RunState.DONE else ():
        ticked = [f"{row.id}:{row.version}" for row in rows if _fits(here, one, row)]
        if ticked:
            query = run.wanted.get("filter") or None
            address = url_for("bulk.new", act=str(one), filter=query, documents=ticked[: KINDS[one].most])
            found.append((address, words.ACTS[one].title, len(ticked)))
    return found


@bp.post(f"{PATH}/<int:run_id>/again")
@allows(Permission.ACT_ON_INCOMING)
def again(run_id: int) -> Response:
    """The refused ones once more, as they stand now, in a run of their own."""
    return see(f"{PATH}/{act(running.order_again, current().scope, run_id=run_id, form=once())}")


def _state_word(direction: Direction) -> Any:
    kind = State if direction is Direction.OUT else IncomingState
    return lambda value: label(kind(value))


def list_path(direction: Direction) -> str:
    """The list in which documents are ticked."""
    return "/outgoing" if direction is Direction.OUT else "/incoming"


def _query(here: Current, direction: Direction, text: str) -> str:
    """The part of a list's address that says its filter, as far as the list understands it."""
    given, path = MultiDict(parse_qsl(text[:2000])), list_path(direction)
    if direction is Direction.OUT:
        address = listing.read_listing(given, now=here.now).address(path)
    else:
        calendar = working_calendar(here.uow)
        address = incoming_listing.read_listing(given, now=here.now, calendar=calendar).address(path)
    return address.partition("?")[2]


def _back(direction: Direction, query: str) -> str:
    """The list as it was filtered when its documents were ticked."""
    return f"{list_path(direction)}?{query}" if query else list_path(direction)
