"""The submission slip in the reader's words: one page on a phone, and the same as PDF to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.adapters import render
from workflow.domain.attachments import Kind as AttachmentKind
from workflow.domain.corrections import Kind as CorrectionKind
from workflow.domain.numbering import date_words
from workflow.domain.opinions import Kind, State, Verdict
from workflow.domain.outgoing import State as DocumentState
from workflow.domain.outgoing import Urgency
from workflow.services.journal import facts_of, local_day
from workflow.services.opinions import slips
from workflow.store import office
from workflow.store import opinions as store
from workflow.store.models import Outgoing, SubmissionSlip
from workflow.web import format
from workflow.web.attachment_view import KINDS
from workflow.web.context import Current
from workflow.web.correction_view import DOES, paper_words
from workflow.web.i18n import _, ngettext
from workflow.web.labels import label
from workflow.web.opinion_view import part_words, state_words
from workflow.web.types import type_name


@dataclass(frozen=True, slots=True)
class Voice:
    """One who was asked: who, what they said (word and colour), their words, what else has to be known."""

    who: str
    word: str
    tone: str
    words: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One slip. `ordinal` 0: as it would be laid now. `later`: answers and withdrawals since."""

    ordinal: int
    at: dt.datetime | None
    digest: str
    intact: bool
    facts: tuple[tuple[str, str], ...]
    basis: tuple[str, ...]
    voices: tuple[Voice, ...]
    initials: tuple[Voice, ...]
    attached: tuple[tuple[str, str], ...]
    """(name, what it is and the hash) of what goes with the document."""
    proposal: str
    ours: bool
    drafter: str
    later: int = 0


NOT_LAID = frozenset(
    {DocumentState.DRAFT, DocumentState.RETURNED, DocumentState.IN_REVIEW, DocumentState.FORMAT_CHECK}
)
"""The signer has not got it yet: whoever reviews sees what they would get now."""


def chosen(here: Current, document: Outgoing, *, ordinal: int = 0) -> Page:
    """The one of a number; else before the signer what was laid there, and until then as it would be laid now."""
    rows = store.slips_of(here.uow.session, document.id)
    wanted = next((row for row in rows if row.ordinal == ordinal), rows[-1] if rows else None)
    if wanted is None or (document.state in NOT_LAID and not ordinal):
        body = slips.body_of(here.uow, document, now=here.now)
        return _page(slips.numbered(here.uow, document, body, laid_at=None))
    body = slips.numbered(here.uow, document, wanted.body, laid_at=wanted.at)
    asked = store.of_document(here.uow.session, document.id)
    moments = [said.row.at for one in asked for said in one.said]
    moments += [one.row.withdrawn_at for one in asked if one.row.withdrawn_at is not None]
    later = sum(moment > wanted.at for moment in moments) if wanted is rows[-1] else 0
    return _page(body, wanted, intact=_intact(here, wanted), later=later)


def _intact(here: Current, row: SubmissionSlip) -> bool:
    """The words give the hash that the journal tells of; the one beside them could have been changed with them."""
    laid = facts_of(here.uow, here.scope, row.document_id, tag="document:slip:laid")
    told = next((one["slip_digest"] for one in laid if one["slip"] == row.ordinal), None)
    return slips.digest_of(row.body) == row.digest == told


def _page(
    body: Mapping[str, Any], row: SubmissionSlip | None = None, *, intact: bool = True, later: int = 0
) -> Page:
    return Page(
        ordinal=row.ordinal if row else 0,
        at=row.at if row else None,
        digest=row.digest if row else "",
        intact=intact,
        facts=_facts(body),
        basis=_basis(body),
        voices=tuple(_voice(one, present=body["version"]) for one in body["opinions"]),
        initials=tuple(_initial(one) for one in body["initials"]),
        attached=tuple(_attached(one) for one in body.get("attachments", ())),
        proposal=body["proposal"],
        ours=body["proposal_is_ours"],
        drafter=f"{body['drafter']}, {body['unit']}",
        later=later,
    )


def _facts(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    signer = ", ".join(word for word in (body["signer"], body["signer_title"]) if word)
    found = (
        (_("Type and subject"), f"{type_name(body['type'])}: {body['subject']}"),
        *_corrects(body.get("corrects")),
        (_("Draft"), _("version %(n)s", n=body["version"]) if body["version"] else ""),
        (_("Urgency"), label(Urgency(body["urgency"]))),
        (_("Recipients"), body["recipients"]),
        (_("Due"), format.moment(_moment(body["due"])) if body["due"] else ""),
        (_("Signer"), signer),
    )
    return tuple((title, words) for title, words in found if words)


def _corrects(told: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """What it does to an earlier document, and why; slips laid before this was kept say nothing of it."""
    if told is None:
        return ()
    day = dt.date.fromisoformat(told["day"]) if told["day"] else None
    words = [paper_words(told["type"], told["symbol"], day)]
    words += [_("Reason: %(words)s", words=told["reason"])] if told["reason"] else []
    return ((_(DOES[CorrectionKind(told["kind"])]), "\n".join(words)),)


def _basis(body: Mapping[str, Any]) -> tuple[str, ...]:
    """What it answers, then the drafter's own words."""
    made = []
    for one in body["answers"]:
        day = format.day(dt.date.fromisoformat(one["day"])) if one["day"] else "–"
        symbol = one["symbol"] or _("(secret)")
        made.append(_("Answers %(symbol)s of %(day)s, %(issuer)s", symbol=symbol, day=day, issuer=one["issuer"]))
    return (*made, *([body["basis"]] if body["basis"] else []))


def _attached(one: Mapping[str, Any]) -> tuple[str, str]:
    kind = _(KINDS[AttachmentKind(one["kind"])])
    pages = ngettext("%(n)s page", "%(n)s pages", one["pages"]) if one["pages"] else ""
    return one["name"], ", ".join(part for part in (kind, pages, f"SHA-256 {one['file'][:16]}…") if part)


def _voice(one: Mapping[str, Any], *, present: int) -> Voice:
    """`present`: the number of the file that the slip goes with."""
    state, verdict = State(one["state"]), Verdict(one["verdict"]) if one["verdict"] else None
    word, tone = state_words(Kind(one["kind"]), state, verdict)
    notes = []
    if one["by"] and one["by"] != one["whom"]:
        notes.append(f"{one['by']}, {format.moment(_moment(one['at']))}")
    if one["in_place_of"]:
        notes.append(_("in place of %(name)s", name=one["in_place_of"]))
    if verdict is not None and not one["on_present"]:
        same = present and one["file"] == present
        notes.append(
            _("given before the attachments were changed")
            if same
            else _("given on version %(n)s, an earlier one", n=one["file"] or "–")
        )
    if one["late"]:
        notes.append(_("was due on %(day)s", day=format.day(dt.date.fromisoformat(one["due"]))))
    if one["withdrawn_reason"]:
        notes.append(_("Reason: %(words)s", words=one["withdrawn_reason"]))
    who = f"{one['whom']}, {one['title']}" if one["title"] else one["whom"]
    if one["kind"] == Kind.INITIALS:
        who += f" · {label(Kind.INITIALS)}"
    return Voice(who, word, tone, one["words"], tuple(notes))


def _initial(one: Mapping[str, Any]) -> Voice:
    notes = [format.moment(_moment(one["at"]))]
    if one["file"]:
        notes.append(_("version %(n)s", n=one["file"]))
    if one["in_place_of"]:
        notes.append(_("in place of %(name)s", name=one["in_place_of"]))
    who = f"{one['name']} · {one['unit'] or part_words(one['part'])}"
    word, tone = (_("holds"), "good") if one["holds"] else (_("void"), "plain")
    return Voice(who, word, tone, "", tuple(notes))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def as_pdf(here: Current, document: Outgoing, page: Page) -> bytes:
    """One A4 page, more where opinions are long; a line for the leader's pen at the end."""
    agency = office.unit(here.uow.session, document.agency_id)
    day = date_words(local_day(page.at or here.now)).capitalize()
    made = render.Slip(
        language=here.locale,
        superior=agency.superior,
        agency=agency.name,
        title=_("Submission slip"),
        facts=page.facts,
        parts=(
            _part(_("Basis"), [("", words) for words in page.basis]),
            _part(_("Opinions"), [(one.who, _said(one)) for one in page.voices]),
            _part(_("Initials"), [(one.who, _said(one)) for one in page.initials]),
            *([_part(_("Attachments"), list(page.attached))] if page.attached else []),
            render.SlipPart(
                title=_("Proposal"), rows=(("", page.proposal),), by=page.drafter.partition(",")[0], day=day
            ),
            render.SlipPart(title=_("Decision of the leader"), rows=()),
        ),
        footer=" · ".join(filter(None, (document.code, page.digest[:16] and f"SHA-256 {page.digest[:16]}…"))),
    )
    return here.uow.compute(render.render_slip, made, made_at=here.now)


def _part(title: str, rows: list[tuple[str, str]]) -> render.SlipPart:
    return render.SlipPart(title=title, rows=tuple(rows) or (("", "–"),), signed=False)


def _said(one: Voice) -> str:
    """`Thống nhất, có ý kiến: Bổ sung mục 3 (Đỗ Văn Phúc, 09:12 23/11/2026)`."""
    notes = f" ({'; '.join(one.notes)})" if one.notes else ""
    return f"{one.word}: {one.words}{notes}" if one.words else f"{one.word}{notes}"
