"""The page of one document: the paper, and everything a person needs to decide what to do with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, request

from workflow.domain.numbering import date_words
from workflow.domain.outgoing import Action, Medium, State, Urgency
from workflow.domain.people import Capacity
from workflow.domain.permissions import Permission
from workflow.services import authority
from workflow.services.calendar import working_calendar
from workflow.services.documents.commenting import is_open
from workflow.services.documents.symbols import dated
from workflow.services.documents.word_files import WORD
from workflow.store import documents as store
from workflow.store import drafting, escalation, office
from workflow.store.models import FileVersion, Outgoing, Person, PostRow
from workflow.web import document_view as view
from workflow.web import exchange_view, own_box_notes, proof_words
from workflow.web.context import Current, commit, current
from workflow.web.done_words import acted_last, again, next_paper
from workflow.web.errors import Trouble
from workflow.web.escalation_words import told_lines
from workflow.web.file_answers import viewer_exists
from workflow.web.guards import allows
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.mandate_words import Facet, facet_words
from workflow.web.offers import OFFERS, SCAN_AGAIN, TONES, URGENCY_TONES
from workflow.web.page_images import page_sizes
from workflow.web.pin_view import pins
from workflow.web.storage import blobs
from workflow.web.template_words import writable
from workflow.web.types import type_name
from workflow.web.version_view import since_my_act
from workflow.web.views.documents import PATH, bp


@bp.get(f"{PATH}/<int:document_id>")
@allows(Permission.READ_DOCUMENT)
def show(document_id: int) -> str:
    """The page."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    note_look(here, document)
    return document_page(document_id)


def note_look(here: Current, document: Outgoing) -> None:
    """Once a day and person: who opened it is part of why something is not signed yet."""
    day, person = here.today.isoformat(), here.person.person_id
    if store.looked_before(here.uow.session, document.id, person, day=day):
        return
    here.uow.begin_write()
    store.record_look(here.uow.session, document.id, person, day=day, now=here.now)
    commit(reading="look")


def document_page(
    document_id: int, *, trouble: Trouble | None = None, failed: Action | None = None, typed: str = "",
    recall_reason: str = "",
) -> str:  # fmt: skip
    """The page, perhaps with what went wrong: `failed` is the action whose form keeps what was `typed`."""
    here = current()
    document = store.find(here.scope, here.uow.session, document_id)
    files = store.files_of(here.uow.session, document_id)
    file = _chosen_file(files, document)
    pages = _pages(here, file)
    history = store.history_of(here.uow.session, document_id)
    calendar = working_calendar(here.uow)
    words, due, why_due = view.present_clock(document, calendar, here.now)
    cards, offered = view.cards(here, document), _one_step_forward(view.offered(here, document), history)
    meanwhile = view.meanwhile(document, here, offered)
    mine, acted = bool(meanwhile) or view.waits_for_me(document, here), _done(here, history)
    return render_template(
        "documents/show.html",
        d=document,
        state=State(document.state),
        state_tone=TONES[State(document.state)],
        type=type_name(document.type_code),
        urgency=(label(Urgency(document.urgency)), URGENCY_TONES[Urgency(document.urgency)]),
        medium=label(Medium(document.medium)),
        files=[(one, view.version_words(one, document, cards)) for one in files],
        file=file,
        pages=pages,
        viewer=viewer_exists(),
        offered=offered,
        mine=mine,
        meanwhile=meanwhile,
        handled=since_my_act(here, document, history, files) if mine else None,
        waits=view.waits(here, document),
        road=view.milestones(document, history),
        lines=view.lines(history, files, cards),
        told=told_lines(here, escalation.of_outgoing(here.scope, here.uow.session, document_id)),
        cards=cards,
        drawn_outside=own_box_notes.notes(here, document),
        inked=_inked(here, document),
        proof=proof_words.shown(here, document_id) if cards and document.issued_at else None,
        pins=pins(here, document, files, file),
        remarks=sorted({words for card in cards if card.verdict for words in card.verdict.remarks}),
        clock=words,
        due=due,
        why_due=why_due,
        facts=_facts(here, document),
        may_plan=_may_plan(here, document),
        may_write=here.may(Permission.DRAFT_DOCUMENT) and writable(here, document),
        open_remarks=drafting.open_comments(here.uow.session, document_id) if is_open(document) else 0,
        may_spread=here.may(Permission.SEAL) and document.state == State.FORMAT_CHECK and not document.secret,
        done=acted or _checked(cards, here) or exchange_view.done(),
        next_one=next_paper(here, but=("outgoing", document.id), first="outgoing") if acted else None,
        trouble=trouble,
        failed=failed,
        typed=typed,
        sending=exchange_view.panel(here, document),
        exchange_tones=exchange_view.TONES,
        recall_reason=recall_reason,
    )


def _one_step_forward(offered: list[view.Offered], history: Sequence[Any]) -> list[view.Offered]:
    """What came back is mended before it is submitted again. Paper whose scan is there can be sealed: that comes
    first, and another scan stands quietly behind it."""
    newest = history[-1][0] if history else None
    if newest is not None and newest.to_state == State.RETURNED and newest.from_state != State.RETURNED:
        tones = {Action.REVISE: "primary", Action.SUBMIT: "outline-primary"}
        toned = [
            replace(one, offer=replace(one.offer, tone=tones.get(one.action, one.offer.tone))) for one in offered
        ]
        return sorted(toned, key=lambda one: one.action is not Action.REVISE)
    if not any(one.action is Action.SEAL and not one.why_not for one in offered):
        return offered
    quiet = [replace(one, offer=SCAN_AGAIN) if one.action is Action.ATTACH_SCAN else one for one in offered]
    return sorted(quiet, key=lambda one: one.action is not Action.SEAL)


def _chosen_file(files: Sequence[FileVersion], document: Outgoing) -> FileVersion | None:
    """The file asked for by `?file=`, else the one that is valid now, else the newest."""
    wanted = request.args.get("file", "")
    if wanted.isdecimal():
        for file in files:
            if file.ordinal == int(wanted[:6]):
                return file
    current_ones = [file for file in files if file.sha256 == document.file_sha256 and file.kind != "original"]
    return current_ones[-1] if current_ones else (files[-1] if files else None)


def _pages(here: Current, file: FileVersion | None) -> tuple[tuple[float, float], ...]:
    """Page sizes; of an upload kept as it came too, where it can be read; a Word file's stand in its draft."""
    return page_sizes(here.uow, blobs(), file.sha256) if file is not None and file.note != WORD else ()


def _facts(here: Current, document: Outgoing) -> dict[str, Any]:
    session = here.uow.session
    unit, agency = office.unit(session, document.unit_id), office.unit(session, document.agency_id)
    people = {key: session.get(Person, key) for key in (document.drafter_id, document.signer_id, document.holder_id,
                                                        document.exempt_by_id) if key}  # fmt: skip
    names = {key: person.full_name for key, person in people.items() if person is not None}
    post = session.get(PostRow, document.signer_post_id) if document.signer_post_id else None
    registers = {row.id: row.name for row in office.registers(session, document.agency_id)}
    return {
        "unit": unit.name,
        "agency": agency.name,
        "drafter": names.get(document.drafter_id, ""),
        "signer": names.get(document.signer_id or 0, ""),
        "signer_title": post.title if post else "",
        "holder": names.get(document.holder_id or 0, ""),
        "exempt_by": names.get(document.exempt_by_id or 0, ""),
        "register": registers.get(document.register_id or 0, ""),
        "dated": date_words(day) if (day := dated(document)) else "",
    }


def _inked(here: Current, document: Outgoing) -> Facet | None:
    """By which right a paper was signed by hand."""
    looked = authority.looked_up_ink(here.uow, document) if document.medium == Medium.INK else None
    return facet_words(looked) if looked is not None else None


def _may_plan(here: Current, document: Outgoing) -> bool:
    """Boxes are moved by the drafter while drafting and by the clerk at the format check."""
    if document.file_sha256 is None or document.medium == Medium.INK:
        return False
    if document.state in {State.DRAFT, State.RETURNED}:
        return document.drafter_id == here.person.person_id
    return document.state == State.FORMAT_CHECK and here.may(Permission.SEAL)


def _done(here: Current, history: Sequence[Any]) -> str:
    """The sentence about the act that led here; only words of ours, and only where it was done."""
    name = request.args.get("done", "")
    if name not in set(Action) or not acted_last(here, history, name):
        return ""
    return again(_(OFFERS[Action(name)].done), already="already" in request.args)


JUST_NOW = dt.timedelta(minutes=2)

_CHECKED = {
    "same": N_("Checked again just now: every signature is judged as before."),
    "changed": N_("Checked again just now: the answer has changed. Below stands what and why; it is on record."),
    "attached": N_("Checked again just now: the answer about an attachment has changed. Its page says why."),
    "unanswered": N_("The check did not come to an end within its limits; nothing was changed. Try again later."),
}


def _checked(cards: list[view.Card], here: Current) -> str:
    """The sentence after "Check again today"; none for an address that somebody kept or typed."""
    word = request.args.get("checked", "")
    just_now = any(card.looked_at is not None and here.now - card.looked_at < JUST_NOW for card in cards)
    if word not in _CHECKED or not just_now:
        return ""
    return " ".join((_(_CHECKED[word]), *_of_attachments()))


_PLACES = re.compile(r"[0-9]{1,3}(?:-[0-9]{1,3}){0,19}")


def _of_attachments() -> Iterator[str]:
    """What a check found besides verdicts."""
    lost = request.args.get("lost", "")
    if _PLACES.fullmatch(lost):
        yield _("Attachments whose file is missing or damaged: %(places)s.", places=lost.replace("-", ", "))
    if request.args.get("differs") == "1":
        yield _("The attachments are not those that were there when the document was signed.")


@bp.app_template_global()
def came_back(document: Outgoing) -> view.Line | None:
    """Who gave a paper back that is to be mended, when and why: it stands above all else wherever it is mended."""
    if document.state != State.RETURNED:
        return None
    return view.came_back(document, store.history_of(current().uow.session, document.id))


@bp.app_template_global()
def label_capacity(word: str) -> str:
    """The words of a stored capacity."""
    return label(Capacity(word))
