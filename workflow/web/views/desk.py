"""The desk: what waits for me, how urgent it is, what I do next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request

from workflow.domain.dispatch import RECORDING, DispatchState, Recall
from workflow.domain.outgoing import Action, Medium, State
from workflow.domain.people import Role
from workflow.domain.permissions import Permission, scope_of
from workflow.services.calendar import working_calendar
from workflow.services.signing.revoked import revoked_since
from workflow.store import (
    absences,
    agreements,
    certificates,
    copies,
    deliveries,
    desk,
    exchange,
    explanations,
    mandates,
    people,
    unit_copies,
)
from workflow.store import documents as store
from workflow.store import incoming_desk as incoming_desk_store
from workflow.store.mandates import as_post
from workflow.web import cosign_words, delivery_list, done_words, opinion_view
from workflow.web.clocks import Clock, clock
from workflow.web.context import Current, current
from workflow.web.desk_rows import MANY, Entry, rank, tickable, ticked_at_most, why_back
from workflow.web.document_view import MEANWHILE
from workflow.web.format import ago, day
from workflow.web.guards import signed_in
from workflow.web.i18n import N_, _
from workflow.web.incoming_desk import Incoming, incoming_desk
from workflow.web.labels import label
from workflow.web.offers import FIRST_STEP, OFFERS, TONES, URGENCY_TONES
from workflow.web.types import type_names

bp = Blueprint("desk", __name__)

LIMIT = 200
"""Rows of a desk; whoever has more has other worries."""

DAYS_SHOWN = 60
DAYS_LOUD = 14
"""A certificate that ends sooner than this many days is named on the desk, and loudly below the second."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A figure that is a link to the list it counts."""

    words: str
    count: int
    address: str
    tone: str = ""
    whole: bool = False
    """Of everybody within reach, not only what waits for me."""


_LATELY = (N_("See what was issued lately"), "/outgoing?state=issued&sort=issued")

EMPTY: dict[Role, tuple[str, str, str]] = {
    Role.LEADER: (N_("Nothing waits for your signature."), *_LATELY),
    Role.DEPUTY: (N_("Nothing waits for your signature."), *_LATELY),
    Role.CLERK: (N_("Nothing waits for the clerk."), N_("Look into the register"), "/register"),
    Role.UNIT_HEAD: (
        N_("Nothing waits for your review."),
        N_("See what is open in your unit"),
        "/outgoing?open=1&sort=due",
    ),
    Role.DRAFTER: (N_("Nothing came back and no draft is open."), N_("Start a new draft"), "/outgoing/new"),
    Role.INSPECTOR: (
        N_("Inspectors have no papers of their own."),
        N_("See what is overdue"),
        "/outgoing?late=1&sort=due",
    ),
    Role.ADMIN: (N_("Administrators have no papers of their own."), N_("Go to administration"), "/"),
}
"""What an empty desk says, and the next sensible thing it offers."""


@bp.get("/desk")
@signed_in("shows what waits for oneself in the post one acts in")
def index() -> str:
    """The desk of the acting post."""
    here = current()
    role, person = here.post.role, here.desk_of
    rows = store.waiting_for(here.scope, here.uow.session, role=role, person_id=person, limit=LIMIT)
    entries = ticked_at_most(_beside(here, _agreed(here, _entries(here, rows))))
    under_way = []
    if here.may(Permission.DRAFT_DOCUMENT):
        shown = {row.id for row in rows}  # a clerk checks what they drafted, a head signs it: it lies here
        away = _entries(here, desk.under_way(here.scope, here.uow.session, drafter_id=person, but=shown))
        under_way = [replace(entry, step=_("Open"), tick="") for entry in away]  # the next step is somebody else's
    absent, exemptions = _of_the_absent(here), _exemptions(here)
    arrived, asked = incoming_desk(here), opinion_view.at_desk(here)
    empty, next_words, next_address = EMPTY.get(role, EMPTY[Role.INSPECTOR])
    done = _done(here)
    return render_template(
        "desk/desk.html",
        waiting=entries,
        under_way=under_way,
        absent=absent,
        exemptions=exemptions,
        incoming=arrived,
        asked_of_me=asked,
        tallies=[
            *_signing_tally(here, entries),
            *_returned_tally(entries),
            *arrived.figures,
            *_asked_tally(asked),
            *_absent_tally(absent),
            *_exemptions_tally(exemptions),
            *_tallies(here, entries, arrived),
        ],
        tickable=tickable(entries),
        readable=_readable(here, entries),
        types=type_names(),
        urgencies={word: (label(word), tone) for word, tone in URGENCY_TONES.items() if tone},
        keys=_keys(here) if here.may(Permission.ENROL_CERTIFICATE) else None,
        loads=_loads(here) if role is Role.UNIT_HEAD else [],
        desks=_desks(here),
        reach=_(_reach(here)),
        empty=(_(empty), _(next_words), next_address),
        done=done,
        next_one=_next(arrived, entries) if done else None,
    )


def _done(here: Current) -> done_words.Done | None:
    """What was done here just now to an incoming document; an address alone makes nothing true."""
    name, key = request.args.get("done", ""), done_words.key_of(request.args.get("of", ""))
    return done_words.of_incoming(here, key, name, already="already" in request.args) if name and key else None


def _next(arrived: Incoming, entries: list[Entry]) -> done_words.Next | None:
    """What stands first on this desk now: what arrived, as what was done; then what is to be signed or checked."""
    waits = next(iter((*arrived.waiting, *arrived.parts, *arrived.to_know)), None)
    if waits is not None:
        return done_words.Next(waits.row.subject or _("no subject yet"), f"/incoming/{waits.row.id}")
    return done_words.next_outgoing(entries[0].row) if entries else None


def _agreed(here: Current, entries: list[Entry]) -> list[Entry]:
    """What I agreed with while reading, on the version that still lies here."""
    mine = [entry.row.id for entry in entries if entry.tick == "leader"]
    given = agreements.given(here.uow.session, mine, person_id=here.person.person_id)
    return [
        replace(entry, agreed=True) if (entry.row.id, entry.row.version) in given else entry for entry in entries
    ]


def _beside(here: Current, entries: list[Entry]) -> list[Entry]:
    """Whoever signs before the signer is told as what: by name and title, or by initials."""
    words = cosign_words.words_of_each(here, [one.row.id for one in entries if one.tick == "cosign"])
    return [replace(one, step=_(word), beside=word) if (word := words.get(one.row.id)) else one for one in entries]


def _of_the_absent(here: Current) -> list[Entry]:
    """What waits for somebody who is away and may be decided in one's own post; nothing at another one's desk."""
    role = here.post.role
    if role not in {Role.LEADER, Role.DEPUTY} or here.person.acts:
        return []
    rows = desk.of_the_absent(
        here.scope, here.uow.session, role=role, person_id=here.person.person_id, on=here.today, limit=LIMIT
    )
    calendar = working_calendar(here.uow)
    made = []
    for row in rows:
        why, what = MEANWHILE[row.absent]
        entry = _entry(here, row, clock(row.step_due_at, here.now, calendar), why=(_(why), _(what)), on_paper=False)
        made.append(replace(entry, step=_("Open"), tick=""))
    return made


def _exemptions(here: Current) -> list[Entry]:
    """Exemptions that wait for the head of the agency, also of papers that somebody else signs; for a deputy, whose
    turn comes while the head is away, they stand with what waits for the absent."""
    if here.post.role is not Role.LEADER or here.person.acts:
        return []
    calendar, made = working_calendar(here.uow), []
    for row in desk.exemptions(here.scope, here.uow.session, limit=LIMIT):
        why = (_("Asked for, with the reason"), row.exempt_reason)
        entry = _entry(here, row, clock(row.step_due_at, here.now, calendar), why=why, on_paper=False)
        made.append(replace(entry, step=_("Open"), tick=""))
    return made


def _exemptions_tally(exemptions: list[Entry]) -> list[Tally]:
    return [Tally(_("exemptions to decide"), len(exemptions), "#exemptions", "warn")] if exemptions else []


def _absent_tally(absent: list[Entry]) -> list[Tally]:
    late = any(entry.clock.tone == "bad" for entry in absent)
    words = _("waiting for somebody who is away")
    return [Tally(words, len(absent), "#absent", "bad" if late else "")] if absent else []


def _entries(here: Current, rows: Any) -> list[Entry]:
    calendar = working_calendar(here.uow)
    ids = [row.id for row in rows if row.state == State.RETURNED]
    why = desk.why_returned(here.scope, here.uow.session, ids)
    on_paper = _on_paper(here, rows)
    ranked = sorted(rows, key=rank)  # stable: the clock decides after
    return [
        _entry(
            here,
            row,
            clock(row.step_due_at, here.now, calendar),
            why=why_back(why.get(row.id)),
            on_paper=row.id in on_paper,
        )
        for row in ranked
    ]


def _entry(here: Current, row: Any, words: Clock, *, why: tuple[str, str] | None, on_paper: bool) -> Entry:
    state = State(row.state)
    step, tick = _first_step(here, row, state, on_paper=on_paper)
    return Entry(
        row=row,
        word=label(state),
        tone=TONES[state],
        clock=words,
        waited=ago(row.state_since, here.now),
        step=_(OFFERS[step].button) if step else _("Open"),
        address=f"/outgoing/{row.id}",
        tick=tick,
        why=why,
    )


def _on_paper(here: Current, rows: Any) -> set[int]:
    """Numbered documents whose number stands on the paper, so that they can be sealed."""
    ids = [row.id for row in rows if row.state == State.NUMBERED]
    return desk.with_number_on_paper(here.scope, here.uow.session, ids)


def _first_step(here: Current, row: Any, state: State, *, on_paper: bool) -> tuple[Action | None, str]:
    """What this person does first, and whether many can be done in one act."""
    role, person = here.post.role, here.person.person_id
    if state in {State.DRAFT, State.RETURNED}:
        return Action.REVISE, ""
    if state is State.AWAITING_SIGNATURE:
        if row.secret or here.person.acts:  # at the desk of somebody who is away nobody signs
            return None, ""
        return (Action.SIGN, "leader") if row.signer_id == person else (Action.CO_SIGN, "cosign")
    if role is Role.CLERK and row.medium != Medium.INK and state in MANY:
        return FIRST_STEP.get(state), str(MANY[state])
    if state is State.NUMBERED and role is Role.CLERK:
        if on_paper:
            return Action.SEAL, "seal"
        return (Action.ATTACH_SCAN, "") if row.medium == Medium.INK else (Action.SIGN_NUMBER, "number")
    return FIRST_STEP.get(state), ""


def _signing_tally(here: Current, entries: list[Entry]) -> list[Tally]:
    """What waits for my signature, first of all: it leads to reading them one by one, and on to the key."""
    waits = [entry for entry in entries if entry.tick in {"leader", "cosign"}]
    if not waits or not _readable(here, entries):
        return []
    late = any(entry.clock.tone == "bad" for entry in waits)
    return [Tally(_("waiting for my signature"), len(waits), "/desk/read", "bad" if late else "")]


def _returned_tally(entries: list[Entry]) -> list[Tally]:
    """What came back to me, to be mended: it leads to the first of them."""
    back = [entry for entry in entries if entry.row.state == State.RETURNED]
    return [Tally(_("returned to me"), len(back), f"#waiting-{back[0].row.id}", "warn")] if back else []


def _readable(here: Current, entries: list[Entry]) -> bool:
    """Whether something waits that is decided by reading it."""
    review = any(entry.row.state == State.IN_REVIEW and not entry.row.secret for entry in entries)
    return not here.person.acts and (review or any(entry.tick in {"leader", "cosign"} for entry in entries))


def _answering_for(here: Current) -> list[Tally]:
    """What is late and has to be answered for: explanations I owe, those I decide on, what I was urged about."""
    scope, session, me, there = here.scope, here.uow.session, here.person.person_id, "/incoming/explanations"
    owed = explanations.owed_by(scope, session, person_id=me, limit=LIMIT)
    urged = explanations.urgings_for(scope, session, person_id=me, limit=LIMIT)
    decides = here.post.role in {Role.LEADER, Role.DEPUTY}
    given = explanations.to_decide(scope, session, but=me, limit=LIMIT) if decides else []
    figures = (
        (_("explanations I owe"), owed),
        (_("times I was urged"), urged),
        (_("explanations to decide"), given),
    )
    return [Tally(words, len(rows), there, "bad") for words, rows in figures if rows]


def _asked_of_us(here: Current) -> list[Tally]:
    """Other offices ask for more time about what we issued."""
    rows = exchange.requests_about(here.scope, here.uow.session, open_only=True, limit=LIMIT)
    if not rows:
        return []
    (first, _who, document), *more = rows
    one = f"/outgoing/{document.id}/extension-requests/{first.id}"
    return [Tally(_("requests for more time"), len(rows), "/extension-requests" if more else one, "warn")]


def _asked_tally(asked: list[opinion_view.Waiting]) -> list[Tally]:
    """Drafts of others that wait for my word."""
    late = any(one.late for one in asked)
    return [Tally(_("drafts I am asked about"), len(asked), "#opinions", "bad" if late else "")] if asked else []


def _not_received(here: Current) -> list[Tally]:
    """For the clerk: who should have registered what we issued and has not; copies that have to leave."""
    late = deliveries.Filter(unregistered_since=delivery_list.late_before(here))
    found = deliveries.page(here.scope, here.uow.session, wanted=late, sort="waiting", limit=1)
    made = []
    if len(found) == 1:
        words = _("has not been received by %(agency)s", agency=found[0].name)
        made = [Tally(words, 1, f"/outgoing/{found[0].outgoing_id}#deliveries-title", "warn")]
    elif found:
        count = deliveries.count(here.scope, here.uow.session, wanted=late, cap=LIMIT)
        address = f"{delivery_list.PATH}?late=1&sort=waiting"
        made = [Tally(_("deliveries not received by their agencies"), count, address, "warn")]
    unsent = deliveries.Filter(states=(DispatchState.TO_SEND,))
    if count := deliveries.count(here.scope, here.uow.session, wanted=unsent, cap=LIMIT):
        address = f"{delivery_list.PATH}?state={DispatchState.TO_SEND}&sort=oldest"
        made.append(Tally(_("copies to send by post or by hand"), count, address))
    if count := deliveries.to_tell(here.scope, here.uow.session, cap=LIMIT):
        address = f"{delivery_list.PATH}?state={Recall.TO_TELL}&sort=waiting"
        made.append(Tally(_("offices outside to tell of a recall"), count, address, "warn"))
    return made


def _sent_to_us(here: Current) -> list[Tally]:
    """What was issued to one's own unit inside the agency and nobody there has opened."""
    if not here.scope.receives_for:
        return []
    count = unit_copies.unseen(here.scope, here.uow.session)
    return [Tally(_("documents for my unit not seen yet"), count, "/unit-copies?seen=no")] if count else []


def _copies_to_approve(here: Current) -> list[Tally]:
    """Certified copies that wait for one's own word; a clerk's to number, seal or give out."""
    if here.may(Permission.MAKE_COPIES) and here.actor.agency_id is not None:
        found = copies.at_hand(here.scope, here.uow.session, agency_id=here.actor.agency_id)
        named = (("approved", _("copies to number")), ("numbered", _("copies to seal or give out")))
        return [Tally(words, found[state], f"/copies?state={state}") for state, words in named if state in found]
    if not here.may(Permission.SIGN_COPIES):
        return []
    count = copies.waiting(here.scope, here.uow.session, person_id=here.person.person_id)
    return [Tally(_("copies to approve"), count, "/copies?state=asked")] if count else []


def _tallies(here: Current, entries: list[Entry], arrived: Incoming) -> list[Tally]:
    """Figures for the post: mine first, then the office's."""
    loads = desk.loads(here.scope, here.uow.session, now=here.now)
    overdue = sum(load.overdue for load in loads)
    mine = [entry.clock.tone for entry in entries]
    mine += [entry.clock.tone for entry in (*arrived.waiting, *arrived.parts)]
    mine_late = mine.count("bad")
    made = _answering_for(here) if here.may(Permission.ACT_ON_INCOMING) else []
    made += _copies_to_approve(here)
    if here.may(Permission.ACT_ON_DOCUMENT):
        made += _asked_of_us(here)
        made += _not_received(here) if here.post.role in RECORDING else []
        made += _sent_to_us(here)
        made.append(Tally(_("waiting for me"), len(mine), "#waiting"))
        made.append(Tally(_("of them overdue"), mine_late, "#waiting", "bad" if mine_late else ""))
    if here.may(Permission.READ_DOCUMENT):
        made.append(
            Tally(
                _("outgoing documents overdue within my reach"),
                overdue,
                "/outgoing?late=1&sort=due",
                "bad" if overdue else "",
                whole=True,
            )
        )
    shown = {State.IN_REVIEW, State.FORMAT_CHECK, State.AWAITING_SIGNATURE, State.NUMBERED, State.RETURNED}
    made += [
        Tally(label(load.state), load.waiting, f"/outgoing?state={load.state}&sort=due", whole=True)
        for load in loads
        if load.state in shown and load.waiting
    ]
    return made


def _reach(here: Current) -> str:
    """Of whom the figures are that are not one's own."""
    if len(here.scope.agency_ids) == 1:
        return N_("Everybody in the agency")
    return N_("Everybody in my unit") if here.post.role is Role.UNIT_HEAD else N_("All that I reach")


def _desks(here: Current) -> list[tuple[absences.Listed, Any]]:
    """The desks that one looks after, each with what arrived and waits there; none while at one of them."""
    if here.person.acts:
        return []
    found = []
    for one in absences.desks_for(here.uow.session, here.person.person_id, today=here.today):
        post = replace(as_post(one.post), in_office=one.is_office)
        below = people.units_below(here.uow.session, post.unit_id) if post.role is Role.UNIT_HEAD else ()
        waiting = incoming_desk_store.waiting_for(
            scope_of(post, units_below=below), here.uow.session, role=post.role, person_id=post.person_id,
            agency_id=post.agency_id, limit=LIMIT,
        )  # fmt: skip
        found.append((one, waiting))
    return found


def _loads(here: Current) -> Any:
    return desk.overdue_by_person(
        here.scope, here.uow.session, agency_id=here.post.agency_id, now=here.now, on=here.today
    )


def _keys(here: Current) -> tuple[str, str] | None:
    """(words, tone) about the certificate that this person would use; nothing for a head of a unit who has neither
    one nor a mandate to sign."""
    own = list(certificates.of_person(here.uow.session, here.person.person_id))
    if here.post.role is Role.CLERK:
        own += certificates.of_agency(here.uow.session, here.post.agency_id)
    confirmed = [row for row in own if row.status == "confirmed" and row.not_after > here.now]
    gone = revoked_since(here.uow, confirmed, agency_id=here.post.agency_id, now=here.now)
    usable = [row for row in confirmed if row.id not in gone]
    if usable:
        words, tone = days_left(max(row.not_after for row in usable), here.now)
        return (f"{words}: {_('renew')}" if tone else words, tone)
    if gone:
        return (_("certificate: revoked on %(day)s", day=day(max(gone.values()))), "bad")
    if here.post.role is Role.UNIT_HEAD and not _has_mandate(here):
        return None
    return (_("no certificate that can be used"), "bad")


def _has_mandate(here: Current) -> bool:
    found = mandates.open_of(here.uow.session, here.post.id, day=here.today)
    return any(one.post_id == here.post.id for one in found)


def days_left(until: dt.datetime, now: dt.datetime) -> tuple[str, str]:
    """`còn 41 ngày`, and how loud."""
    days = (until - now).days
    tone = "bad" if days < DAYS_LOUD else "warn" if days < DAYS_SHOWN else ""
    return (_("certificate: %(n)s days left", n=days), tone)
