"""The page of one incoming document: the paper, and everything a person needs to decide what to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request

import signing
from workflow.domain.calendar import office_time
from workflow.domain.incoming import Action, Result, Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import Permission
from workflow.services.calendar import working_calendar
from workflow.store import escalation, intake, office
from workflow.store import incoming as store
from workflow.store import incoming_choices as related
from workflow.store import incoming_desk as desk
from workflow.store.models import Incoming, IncomingFile, Person
from workflow.web import check_words, exchange_view, format
from workflow.web import incoming_view as view
from workflow.web.clocks import clock
from workflow.web.context import Current, current
from workflow.web.done_words import next_paper, said_of_incoming
from workflow.web.errors import Trouble
from workflow.web.escalation_words import told_lines
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.incoming_clock import due_clock
from workflow.web.incoming_offers import TONES
from workflow.web.labels import label
from workflow.web.offers import URGENCY_TONES
from workflow.web.reading_words import differing, stand
from workflow.web.types import type_name
from workflow.web.views.incoming import PATH, bp

FILE_KINDS = {
    "main": N_("The document"),
    "attachment": N_("Attached file"),
    "scan": N_("Scan of the paper"),
    "envelope": N_("Envelope"),
    "work": N_("Our own working file"),
}


@bp.get(f"{PATH}/<int:incoming_id>")
@allows(Permission.READ_INCOMING)
def show(incoming_id: int) -> str:
    """The page."""
    return document_page(incoming_id)


def document_page(
    incoming_id: int, *, trouble: Trouble | None = None, failed: Action | None = None, typed: str = ""
) -> str:
    """The page, perhaps with what went wrong: `failed` is the action whose form keeps what was `typed`."""
    here = current()
    session = here.uow.session
    document = store.find(here.scope, session, incoming_id)
    gone = document.state == State.RECALLED  # nobody reads what its sender took back (Art. 18.4b)
    files = [] if gone else store.files_of(session, incoming_id)
    history = store.history_of(session, incoming_id)
    calendar = working_calendar(here.uow)
    found = view.offered(here, document)
    people = view.recipients(here, related.parts_with_names(session, incoming_id), calendar)
    units = desk.unit_names(session, view.proposed_units([document]))
    done = _done(here, incoming_id)
    return render_template(
        "incoming/show.html",
        d=document,
        state=State(document.state),
        state_tone=TONES[State(document.state)],
        type=type_name(document.type_code) if document.type_code else "",
        urgency=(label(Urgency(document.urgency)), URGENCY_TONES[Urgency(document.urgency)]),
        files=[(one, _(FILE_KINDS[one.kind])) for one, _intake in files],
        file=_chosen(files),
        verdict=_verdict(here, files),
        offered=[one for one in found if not one.quiet],
        quiet=[one for one in found if one.quiet],
        targets=view.submit_targets(here, found),
        others=view.what_others_may(document, here.post.role, found),
        mine=view.waits_for_me(document, here),
        waits=view.waits(document),
        holder=view.holder(here, document),
        clock=clock(document.step_due_at, here.now, calendar),
        due=due_clock(document, here.now, calendar),
        why_due=view.why_due(document),
        asked=_asked(here, document),
        proposal=view.proposal(document, units) if document.state == State.SUBMITTED else [],
        may_accept=_may_accept(document, found),
        road=view.milestones(document, history),
        lines=view.lines(history),
        back=view.came_back(history),
        told=told_lines(here, escalation.of_incoming(here.scope, session, incoming_id)),
        recipients=people,
        unread=view.unread(people),
        notes=exchange_view.notes_of(here, document),
        answers=related.answers(here.scope, session, incoming_id),
        facts=_facts(here, document, history),
        stand=stand(here, document) if here.may(Permission.RECEIVE_DOCUMENT) and not gone else None,
        differing=differing(document) if here.may(Permission.RECEIVE_DOCUMENT) and not gone else [],
        done=done,
        next_one=next_paper(here, but=("incoming", document.id), first="incoming") if done else None,
        trouble=trouble,
        failed=failed,
        typed=typed,
    )


def _chosen(files: Sequence[Any]) -> IncomingFile | None:
    """The file asked for by `?file=`, else the document itself, else the first there is."""
    wanted = request.args.get("file", "")
    listed: list[IncomingFile] = [one for one, _intake in files]
    if wanted.isascii() and wanted.isdecimal():
        for file in listed:
            if file.ordinal == int(wanted[:6]):
                return file
    return next((file for file in listed if file.kind in {"main", "scan"}), listed[0] if listed else None)


def _verdict(here: Current, files: Sequence[Any]) -> check_words.Told | None:
    """The words of the main file's newest verdict; None for paper and for what was never checked."""
    for file, taken in files:
        if taken is not None and file.kind == "main":
            row = intake.newest_verdict(here.uow.session, taken.id)
            return check_words.told(signing.DocumentVerdict.from_json(row.body))
    return None


def _may_accept(document: Incoming, found: Sequence[view.Offered]) -> bool:
    direct = next((one for one in found if one.action is Action.DIRECT), None)
    return (
        bool(document.proposal) and document.state == State.SUBMITTED and direct is not None and not direct.why_not
    )


def _facts(here: Current, document: Incoming, history: Sequence[Any]) -> dict[str, str]:
    session = here.uow.session
    keys = {key for key in (document.leader_id, document.handler_id, document.registered_by_id) if key}
    people = {key: session.get_one(Person, key).full_name for key in keys}
    lead = office.unit(session, document.lead_unit_id).name if document.lead_unit_id else ""
    return {
        "leader": people.get(document.leader_id or 0, ""),
        "director": view.director(document, history, people.get(document.leader_id or 0, "")),
        "handler": people.get(document.handler_id or 0, ""),
        "registered_by": people.get(document.registered_by_id or 0, ""),
        "lead": lead,
        "source": label(Source(document.source)),
        "result": label(Result(document.result)) if document.result else "",
        "issued": format.day(document.issued_on) if document.issued_on else "",
    }


def _asked(here: Current, document: Incoming) -> str:
    """The later day that somebody asked for and nobody has decided on yet, as a sentence."""
    row = store.asked_extension(here.uow.session, document.id)
    if row is None:
        return ""
    asker = here.uow.session.get(Person, row.asked_by_id) if row.asked_by_id else None
    told = {"day": format.day(office_time(row.due_wanted).date()), "who": asker.full_name if asker else "–"}
    return _("Asked for until %(day)s by %(who)s: %(reason)s", reason=row.reason, **told)


def _done(here: Current, incoming_id: int) -> str:
    """The sentence about the act that led here; only words of ours, and only where it was done."""
    name, already = request.args.get("done", ""), "already" in request.args
    return said_of_incoming(here, incoming_id, name, already=already) if name else ""
