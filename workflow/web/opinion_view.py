"""Opinions and initials in the reader's words: on the document's page, on their own, and at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain import opinions as rules
from workflow.domain.errors import Refused
from workflow.domain.opinions import Action, Kind, State, Verdict
from workflow.domain.people import Role
from workflow.domain.permissions import Permission
from workflow.domain.steps import require, step_for
from workflow.services.calendar import working_calendar
from workflow.services.documents import attachments
from workflow.services.opinions import asking
from workflow.services.opinions.initials import COORDINATING, DRAFTING, FORMAT, STANDING_IN, Initial, row_of
from workflow.store import documents, office
from workflow.store import opinions as store
from workflow.store.models import FileVersion, Outgoing
from workflow.web import attachment_view, format
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.labels import label

VERDICT_TONES = {
    Verdict.AGREE: "good",
    Verdict.AGREE_WITH_REMARKS: "warn",
    Verdict.DISAGREE: "bad",
    Verdict.NONE: "plain",
}
PARTS = {
    DRAFTING: N_("Head of the drafting unit, by approving"),
    STANDING_IN: N_("For the head of the drafting unit while away, by approving"),
    COORDINATING: N_("Coordinating unit"),
    FORMAT: N_("Format check"),
}
LIMIT = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One request as it is shown. `note`: what has to be known of the answer: that it is of an earlier text."""

    asked: store.Asked
    kind: Kind
    state: State
    word: str
    tone: str
    late: bool
    note: str
    may_withdraw: bool
    changes: str = ""
    """Where readers of the document see what changed since the answer; empty where it was given on this text."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that stands between a draft and those who are asked about it."""

    lines: list[Line]
    initials: tuple[Initial, ...]
    missing: list[str]
    """Coordinating units whose initials are not there for the present text."""
    voided: bool
    """A newer file made initials void."""
    may_ask: bool
    document_id: int
    version: int
    """The number of the present text, 0 without one."""

    def changes(self, version: int) -> str:
        """The address of what changed from one version to the present one; empty where that is the one."""
        return _changes(self.document_id, version, self.version)


def _changes(document_id: int, before: int, after: int) -> str:
    if not 0 < before < after:
        return ""
    return f"/outgoing/{document_id}/versions?from={before}&to={after}"


def panel(here: Current, document: Outgoing) -> Panel:
    """The panel of a document that the reader has found."""
    asked = store.of_document(here.uow.session, document.id)
    file = store.draft_file(here.uow.session, document.id)
    present = store.present_text(here.uow.session, document.id)
    lines = [line_of(here, document, one, file, present) for one in asked]
    initials = row_of(here.uow, document, asked)
    waiting = [
        one.asked.unit
        for one in lines
        if one.asked.row.kind == Kind.INITIALS and one.state in {State.OPEN, State.DECLINED}
    ]
    return Panel(
        lines=lines,
        initials=initials,
        missing=waiting,
        voided=any(not one.holds for one in initials if one.part == COORDINATING) and bool(waiting),
        may_ask=file is not None and _may(here, document, State.NEW, Action.ASK),
        document_id=document.id,
        version=file.ordinal if file else 0,
    )


def _may(here: Current, document: Outgoing, state: State, action: Action) -> bool:
    if not here.may(Permission.DRAFT_DOCUMENT):
        return False
    try:
        step = step_for(rules.STEPS, state, action, role=here.actor.role)
        require(step, asking.facts_of(here.actor, document) | {rules.HAS_TEXT})
    except Refused:
        return False
    return True


def line_of(
    here: Current, document: Outgoing, one: store.Asked, file: FileVersion | None, present: str | None
) -> Line:
    """One request in words. `file`: the present draft; `present`: it and what is attached (`text_key`)."""
    state, last = one.state(present), one.said[-1].row if one.said else None
    late = rules.is_late(state, one.row.due_on, here.today)
    word, tone = state_words(Kind(one.row.kind), state, Verdict(last.verdict) if last else None)
    note = changes = ""
    if last is not None and file is not None and last.text != present and state is not State.WITHDRAWN:
        note = _("given before the attachments were changed")
        if last.file_sha256 != file.sha256:
            note = _("given on version %(n)s, an earlier one", n=last.file_ordinal)
            changes = _changes(document.id, last.file_ordinal, file.ordinal)
    may_withdraw = _may(here, document, state, Action.WITHDRAW)
    return Line(one, Kind(one.row.kind), state, word, tone, late, note, may_withdraw, changes)


def state_words(kind: Kind, state: State, verdict: Verdict | None) -> tuple[str, str]:
    """(words, tone) of where a request is: of an answered one what was answered."""
    if state is State.ANSWERED and verdict is not None:
        return verdict_words(kind, verdict), VERDICT_TONES[verdict]
    return label(state), {State.DECLINED: "bad", State.OPEN: "wait"}.get(state, "plain")


def verdict_words(kind: Kind, verdict: Verdict) -> str:
    """What was answered; of initials whether they were given."""
    if kind is Kind.INITIALS and verdict in INITIALS_WORDS:
        return _(INITIALS_WORDS[verdict])
    return label(verdict)


INITIALS_WORDS = {
    Verdict.AGREE: N_("Initialled"),
    Verdict.AGREE_WITH_REMARKS: N_("Initialled, with remarks"),
    Verdict.DISAGREE: N_("Initials refused"),
}


def part_words(part: str) -> str:
    """Whose initials they are."""
    return _(PARTS[part])


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question on somebody's desk."""

    asked: store.Asked
    document: Outgoing
    unit: str
    late: bool
    due: str
    again: bool
    """It was answered, and another text came: initials are asked for anew."""


def at_desk(here: Current) -> list[Waiting]:
    """What waits for an answer at the desk that is looked at."""
    if not here.may(Permission.GIVE_OPINION):
        return []
    head_of = here.post.unit_id if here.post.role is Role.UNIT_HEAD else None
    found = store.at_desk(here.scope, here.uow.session, person_id=here.desk_of, head_of=head_of, limit=LIMIT)
    present = store.present_texts(here.uow.session, [document.id for _one, document in found])
    made, calendar = [], working_calendar(here.uow)
    for one, document in found:
        state = one.state(present.get(document.id))
        if state not in {State.OPEN, State.DECLINED}:
            continue
        due = one.row.due_on
        words = format.remaining(calendar.working_days_between(here.today, due), due) if due is not None else ""
        unit = office.unit(here.uow.session, document.unit_id).name
        again = state is State.OPEN and bool(one.said)
        made.append(Waiting(one, document, unit, rules.is_late(state, due, here.today), words, again))
    return made


def shown_file(here: Current, one: store.Asked, document: Outgoing) -> FileVersion | None:
    """The text that who is asked may read: the present one until the signature, afterwards the one they answered
    on; none once the request was taken back."""
    if one.row.withdrawn_at is not None:
        return None
    if document.state in {str(state) for state in rules.ANSWERED_IN}:
        return store.draft_file(here.uow.session, document.id)
    if not one.said:
        return None
    files = documents.files_of(here.uow.session, document.id)
    return next((file for file in files if file.ordinal == one.said[-1].row.file_ordinal), None)


@dataclass(frozen=True, slots=True)
class Since:
    """A text that came after an answer: what was said to which request on `before`; `after` is read now."""

    asked: store.Asked
    said: store.Said
    kind: Kind
    before: FileVersion
    after: FileVersion


def since_answer(here: Current, one: store.Asked, document: Outgoing) -> Since | None:
    """What whoever is asked again said of which text, while the present one is another and may be read by them."""
    if one.row.withdrawn_at is not None or document.state not in {str(state) for state in rules.ANSWERED_IN}:
        return None
    found = store.earlier_answer(here.uow.session, one)
    drafts = [file for file in documents.files_of(here.uow.session, document.id) if file.kind == "draft"]
    if found is None or not drafts:
        return None
    (asked, said), after = found, drafts[-1]
    before = next((file for file in drafts if file.ordinal == said.row.file_ordinal), None)
    if before is None or before.sha256 == after.sha256:
        return None
    return Since(asked, said, Kind(asked.row.kind), before, after)


def attached_since(here: Current, one: store.Asked, document: Outgoing) -> tuple[str, ...]:
    """What became of the attachments since whoever is asked answered, a line each; while the present ones are shown
    to them."""
    if one.row.withdrawn_at is not None or document.state not in {str(state) for state in rules.ANSWERED_IN}:
        return ()
    found = store.earlier_answer(here.uow.session, one)
    if found is None or found[1].row.attached_digest == document.attached_now:
        return ()
    seen = found[1].row.attached_digest
    return attachment_view.change_words(attachments.changes_since(here.uow, document.id, seen))


def shown_attachments(here: Current, one: store.Asked, document: Outgoing) -> list[attachment_view.Line]:
    """What goes with the text, for who is asked: while the present text is shown to them; after the signature,
    where they answered on that very text and what was attached to it.
    """
    shown = shown_file(here, one, document)
    present = store.draft_file(here.uow.session, document.id)
    if shown is None or present is None or shown.id != present.id:
        return []
    answering = document.state in {str(state) for state in rules.ANSWERED_IN}
    if not answering and one.said[-1].row.text != store.present_text(here.uow.session, document.id):
        return []
    return attachment_view.lines(here, document)
