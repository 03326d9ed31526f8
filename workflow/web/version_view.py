"""Versions of a document side by side: who made them and why, what changed between two, remarks beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.domain.differences import Change, Hunk, Run, differences, hunks
from workflow.domain.errors import BadInput, NotFound, Refused
from workflow.domain.outgoing import BEFORE_SIGNING, Action, State
from workflow.services.documents import attachments, commenting
from workflow.services.documents.comparing import accepted_codes
from workflow.services.documents.templates import template_of
from workflow.store import documents as store
from workflow.store import drafting
from workflow.store.models import DraftComment, FileVersion, Outgoing, Person
from workflow.web import attachment_view, document_view
from workflow.web.context import Current
from workflow.web.i18n import _
from workflow.web.page_images import page_sizes, page_texts
from workflow.web.storage import blobs

PART = 40
"""Changed places on one page."""
MOST_WORDS = 400
"""Of one run: a page that was replaced whole is read on the pictures."""

BACK = frozenset({Action.RETURN, Action.REJECT, Action.WITHDRAW, Action.WITHDRAW_SIGNATURE})


@dataclass(frozen=True, slots=True)
class Version:
    """A file of the document. `compared`: it can be chosen; an upload as it came is only listed."""

    ordinal: int
    sha256: str
    words: str
    who: str
    at: dt.datetime
    why: str
    compared: bool


def versions(here: Current, document: Outgoing) -> list[Version]:
    """Every file, oldest first."""
    session = here.uow.session
    files = store.files_of(session, document.id)
    people = {one.added_by_id for one in files if one.added_by_id}
    names = {key: person.full_name for key in people if (person := session.get(Person, key)) is not None}
    history = store.history_of(session, document.id)
    began = drafting.templates_of_versions(session, document.id)
    found: list[Version] = []
    before = document.created_at
    for one in files:
        why = _why(here, document, one, history, began.get(one.ordinal, ""), since=before)
        words = document_view.file_words(one, document)
        found.append(
            Version(one.ordinal, one.sha256, words, names.get(one.added_by_id or 0, ""), one.added_at, why,
                    one.kind != "original")
        )  # fmt: skip
        before = before if one.kind == "original" else one.added_at
    return found


def _why(
    here: Current, document: Outgoing, one: FileVersion, history: Sequence[Any], template: str, *,
    since: dt.datetime,
) -> str:  # fmt: skip
    """What it began from, and the words with which the version before it came back."""
    if one.kind == "original":
        return one.filename
    parts = [_began(here, document, template) if template else one.filename]
    for line, name in history:
        if line.action in BACK and since <= line.at < one.added_at and line.remark:
            parts.append(_("after %(name)s sent it back: “%(words)s”", name=name or "", words=line.remark[:300]))
    return "; ".join(part for part in parts if part)


def _began(here: Current, document: Outgoing, key: str) -> str:
    try:
        return _("written here, from “%(name)s”", name=template_of(here.uow, document.agency_id, key).name)
    except (NotFound, Refused):
        return _("written here")


def chosen(found: Sequence[Version], *, before: str, after: str) -> tuple[Version | None, Version]:
    """The pair asked for; else the newest and the one before it that was another file.

    Raises `NotFound` for what the document does not have, and where it has nothing to look at.
    """
    known = {str(one.ordinal): one for one in found if one.compared}
    if not known or (after and after not in known) or (before and before not in known):
        raise NotFound("file_not_found")
    newest = known[after] if after else list(known.values())[-1]
    earlier = [one for one in known.values() if one.ordinal < newest.ordinal and one.sha256 != newest.sha256]
    return (known[before] if before else earlier[-1] if earlier else None), newest


@dataclass(frozen=True, slots=True)
class Compared:
    """Places that changed on this part of the list. `unread`: one of the two says nothing by itself (a scan).
    `cut`: only the beginnings were compared."""

    hunks: tuple[Hunk, ...]
    count: int
    inserted: int
    removed: int
    part: int
    parts: int
    unread: bool
    cut: bool


def compared(here: Current, before: str, after: str, *, part: int) -> Compared:
    """The words of two files, by their hashes, against each other; computed outside of any write."""
    old, new = (page_texts(here.uow, blobs(), sha256) for sha256 in (before, after))
    if not (old.text and new.text):
        return Compared((), 0, 0, 0, 1, 1, unread=True, cut=False)
    runs = here.uow.compute(differences, old.text, new.text)
    places = hunks(runs)
    parts = max(1, -(-len(places) // PART))
    part = min(max(part, 1), parts)
    shown = tuple(
        replace(one, runs=tuple(map(_short, one.runs))) for one in places[(part - 1) * PART : part * PART]
    )
    counts = {kind: sum(len(run.words) for run in runs if run.change is kind) for kind in Change}
    return Compared(
        shown, len(places), counts[Change.INSERTED], counts[Change.REMOVED], part, parts, unread=False,
        cut=old.cut or new.cut,
    )  # fmt: skip


def _short(run: Run) -> Run:
    if len(run.words) <= MOST_WORDS:
        return run
    return replace(run, words=(*run.words[:MOST_WORDS], f"… (+{len(run.words) - MOST_WORDS})"))


@dataclass(frozen=True, slots=True)
class Handled:
    """What the reader last did with the document, on which version, and the one that came after it; the same where
    only the attachments changed. `attached`: what became of these, a line each."""

    action: Action
    at: dt.datetime
    words: str
    before: int
    after: int
    attached: tuple[str, ...] = ()


def since_my_act(
    here: Current, document: Outgoing, history: Sequence[Any], files: Sequence[FileVersion]
) -> Handled | None:
    """For who has it before them again: what they decided on which text, if another one came since."""
    drafts = [one for one in files if one.kind == "draft"]
    mine = [line for line, _name in history if line.person_id == here.person.person_id and line.action in DECIDED]
    if not mine or not drafts or State(document.state) not in BEFORE_SIGNING:
        return None
    last, after = mine[-1], drafts[-1]
    before = next((one for one in reversed(drafts) if one.added_at <= last.at), None)
    if before is None:
        return None
    number = sum(line.remark == attachments.REMARK for line, _name in history if line.ordinal > last.ordinal)
    changed = attachment_view.change_words(attachments.last_changes(here.uow, document.id, number))
    if before.sha256 == after.sha256 and not changed:
        return None
    ordinal = before.ordinal if before.sha256 != after.sha256 else after.ordinal
    return Handled(Action(last.action), last.at, remark_words(last.remark), ordinal, after.ordinal, changed)


DECIDED = frozenset({Action.APPROVE, Action.CONFIRM_FORMAT, Action.RETURN, Action.REJECT})
"""What reviewer, clerk and signer say of a text that lies before them."""


def remark_words(remark: str) -> str:
    """What a person wrote; nothing for the codes that the machine keeps in the same place."""
    return "" if remark in document_view.MACHINE_WORDS or accepted_codes(remark) else remark


def pages_of(here: Current, version: Version | None) -> tuple[tuple[float, float], ...]:
    """Page sizes of a version; none where there is none or it cannot be drawn."""
    return page_sizes(here.uow, blobs(), version.sha256) if version is not None else ()


def demand_page(here: Current, document_id: int, *, ordinal: int, page: int | None) -> None:
    """Raise `BadInput("comment_page")` where the file has no such page, as far as it can be read. Before the act: a
    transaction that writes waits for no file."""
    if page is None:
        return
    file = store.file_of(here.scope, here.uow.session, document_id, ordinal=ordinal)
    sizes = page_sizes(here.uow, blobs(), file.sha256)
    if sizes and page > len(sizes):
        raise BadInput("comment_page", page=page)


@dataclass(frozen=True, slots=True)
class Said:
    """A remark or an answer."""

    row: DraftComment
    who: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with its answers. `version`: in words, of the file it speaks of."""

    first: Said
    answers: tuple[Said, ...]
    version: str
    settled_by: str
    may_settle: bool


def threads(here: Current, document: Outgoing, found: Sequence[Version]) -> list[Thread]:
    """Every thread, open ones first, each in the order in which it was begun."""
    rows = drafting.comments(here.uow.session, document.id)
    names = {one.ordinal: f"{_('Version %(n)s', n=one.ordinal)}: {one.words}" for one in found}
    made = [
        Thread(
            Said(row, who),
            tuple(Said(other, name) for other, name, _settler in rows if other.parent_id == row.id),
            names.get(row.ordinal, ""),
            settler or "",
            commenting.may_settle(here.actor, document, row),
        )
        for row, who, settler in rows
        if row.parent_id is None
    ]
    return sorted(made, key=lambda one: one.first.row.settled_at is not None)
