"""Before a signature: what is signed, what is left out and why, and with which certificates it can be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.domain.errors import Refused, WorkflowError
from workflow.services.calendar import working_calendar
from workflow.services.signing.preparing import PERSONAL, SignaturePurpose, check_allowed, field_of
from workflow.services.signing.revoked import revoked_since
from workflow.store import attachments, certificates, desk, drafting, key_minimums
from workflow.store import documents as store
from workflow.store.models import Attachment, Certificate, FileVersion, Outgoing, PlannedBox
from workflow.web import own_box_notes
from workflow.web.clocks import clock
from workflow.web.context import Current
from workflow.web.correction_view import Mark, does_of
from workflow.web.errors import explain
from workflow.web.i18n import N_
from workflow.web.page_images import page_sizes
from workflow.web.storage import blobs
from workflow.web.typed_words import Told, told
from workflow.web.types import type_name

AT_MOST = 100
"""Documents in one act, with all their files; a longer list is signed in several."""


@dataclass(frozen=True, slots=True)
class Words:
    """How a purpose is named on its page."""

    title: str
    sentence: str
    button: str
    place: str = N_("My signature")
    """What is drawn over the page where it goes."""


WORDS = {
    SignaturePurpose.COSIGN: Words(
        N_("Sign beside the signer"),
        N_("You sign the files below before their signer does. Nothing in them can change afterwards unnoticed."),
        N_("Sign"),
    ),
    SignaturePurpose.LEADER: Words(
        N_("Sign digitally"),
        N_("You sign the files below exactly as they are shown. Nothing in them can change afterwards unnoticed."),
        N_("Sign"),
    ),
    SignaturePurpose.NUMBER: Words(
        N_("Sign the number"),
        N_("Number and date are put in their planned place at the head of page 1, signed by the agency."),
        N_("Sign the number"),
        N_("Number and date"),
    ),
    SignaturePurpose.SEAL: Words(
        N_("Seal"),
        N_("The seal is put beside the signature, signed by the agency. The document can be issued then."),
        N_("Seal"),
        N_("The seal"),
    ),
}


MARKED = 20
"""Documents of one act on whose pages the place is drawn: measuring pages takes a moment each. Of the others
the page is named."""


@dataclass(frozen=True, slots=True)
class Places:
    """The planned boxes of one signature. `sizes`: of every page in points, none where they are not drawn."""

    boxes: tuple[PlannedBox, ...]
    sizes: tuple[tuple[float, float], ...] = ()

    @property
    def pages(self) -> list[int]:
        """Which pages they stand on."""
        return sorted({box.page for box in self.boxes})

    def on(self, page: int) -> list[PlannedBox]:
        """Those of one page."""
        return [box for box in self.boxes if box.page == page]


@dataclass(frozen=True, slots=True)
class Checked:
    """A chosen document. `why_not` is empty where it can be signed now."""

    id: int
    version: int
    title: str
    sha256: str
    ordinal: int
    pages: int
    why_not: str
    wrong: Told | None = None
    attached: tuple[Attachment, ...] = ()
    """Of a document to be sealed: the attachments that are sealed with it, before it."""
    corrects: Mark | None = None
    """What it does to an earlier document once it is issued."""
    whose: str = ""
    """Unit, drafter and the deadline of the step: tells papers of the same title apart."""
    places: Places | None = None
    """Where this signature goes; None where it cannot be made now."""
    drawn_outside: tuple[str, ...] = ()
    """Before number and seal: what the signer confirmed of a field that another program drew."""
    open_pins: int = 0
    """Remarks pinned to its pages that nobody has dealt with: one may sign over them, and is told first."""
    minimum: int = 0
    """How well the key of a leader's signature must be controlled (`domain.key_minimums`); 0: nothing is asked."""

    @property
    def entries(self) -> list[dict[str, object]]:
        """What the signer in the browser needs to know of each file, in the order of signing."""
        own = {"id": self.id, "version": self.version, "sha256": self.sha256, "title": self.title}
        return [
            *(
                {"id": f"{self.id}.{one.id}", "version": self.version, "sha256": one.sha256,
                 "title": f"{self.title} · {one.name}"}
                for one in self.attached
            ),
            own,
        ]  # fmt: skip


def check_documents(here: Current, ids: Sequence[int], purpose: SignaturePurpose) -> list[Checked]:
    """Each chosen document within reach, in the order chosen; foreign ones are as if they were not there."""
    found = desk.chosen(here.scope, here.uow.session, list(ids)[:AT_MOST])
    asked: dict[int, dict[str, int]] = {}
    checked = [_checked(here, store.find(here.scope, here.uow.session, row.id), purpose, asked) for row in found]
    ids = [one.id for one in checked]
    does, whose, pins = does_of(here, ids), _whose(here, found), drafting.open_pins_of(here.uow.session, ids)
    told_of = [
        replace(one, corrects=does.get(one.id), whose=whose[one.id], open_pins=pins.get(one.id, 0))
        for one in checked
    ]
    return _fitting(_placed(here, purpose, told_of))


def _placed(here: Current, purpose: SignaturePurpose, checked: list[Checked]) -> list[Checked]:
    """With where each signature goes, drawn for the first of them."""
    found, drawn = [], 0
    for one in checked:
        if not one.why_not:
            field = field_of(here.uow, here.actor, one.id, purpose=purpose)
            boxes = tuple(row for row in store.boxes_of(here.uow.session, one.id) if row.name == field)
            is_drawn = drawn < MARKED and one.ordinal > 0
            sizes = page_sizes(here.uow, blobs(), one.sha256) if is_drawn else ()
            drawn += is_drawn
            one = replace(one, places=Places(boxes, sizes))
        found.append(one)
    return found


def _whose(here: Current, rows: Sequence[Any]) -> dict[int, str]:
    calendar = working_calendar(here.uow)
    return {
        row.id: " · ".join(
            part for part in (row.unit_name, row.drafter, clock(row.step_due_at, here.now, calendar).words) if part
        )
        for row in rows
    }


def _fitting(checked: list[Checked]) -> list[Checked]:
    """With what is attached there may be more files than one act signs: those at the end wait for the next."""
    count, found = 0, []
    for one in checked:
        if not one.why_not and count + len(one.entries) > AT_MOST:
            one = replace(one, why_not=explain(Refused("too_many_to_seal", limit=AT_MOST)).title)
        count += 0 if one.why_not else len(one.entries)
        found.append(one)
    return found


def _checked(
    here: Current, document: Outgoing, purpose: SignaturePurpose, asked: dict[int, dict[str, int]]
) -> Checked:
    """`asked`: what agencies ask of keys, as far as they were looked up."""
    why_not = ""
    try:
        check_allowed(here.uow, here.actor, document, purpose=purpose, version=document.version, now=here.now)
    except WorkflowError as refused:
        why_not = explain(refused).title
    file = current_file(here, document)
    return Checked(
        id=document.id,
        version=document.version,
        title=title_of(document),
        sha256=document.file_sha256 or "",
        ordinal=file.ordinal if file else 0,
        pages=document.pages,
        why_not=why_not,
        wrong=told(here, document),
        attached=_to_seal(here, document) if purpose is SignaturePurpose.SEAL else (),
        drawn_outside=() if purpose in PERSONAL else tuple(own_box_notes.notes(here, document)),
        minimum=_minimum(here, document, asked) if purpose is SignaturePurpose.LEADER else 0,
    )


def _minimum(here: Current, document: Outgoing, asked: dict[int, dict[str, int]]) -> int:
    if document.agency_id not in asked:
        asked[document.agency_id] = key_minimums.of_agency(here.uow.session, document.agency_id)
    return asked[document.agency_id].get(document.type_code, 0)


def _to_seal(here: Current, document: Outgoing) -> tuple[Attachment, ...]:
    open_now = set(attachments.unsealed(here.uow.session, document.id))
    return tuple(row for row in attachments.of_document(here.uow.session, document.id) if row.id in open_now)


def current_file(here: Current, document: Outgoing) -> FileVersion | None:
    """The file that is valid now: what is read and signed next."""
    files = store.files_of(here.uow.session, document.id)
    return next(
        (file for file in reversed(files) if file.sha256 == document.file_sha256 and file.kind != "original"), None
    )


def title_of(document: Any) -> str:
    """`15/QĐ-UBND Quyết định: subject`: how a document is named in a sentence."""
    return f"{document.symbol} {type_name(document.type_code)}: {document.subject}".strip()


@dataclass(frozen=True, slots=True)
class Keys:
    """Confirmed certificates of a purpose: those that may sign now, the one that lasts longest first; and
    those that the lists name, with the day: signing refuses them (Decree 23/2025, Art. 15)."""

    usable: tuple[Certificate, ...]
    revoked: tuple[tuple[Certificate, dt.datetime], ...]


def keys_of(here: Current, purpose: SignaturePurpose) -> Keys:
    """What this person may use for a purpose."""
    if purpose in PERSONAL:
        rows = certificates.of_person(here.uow.session, here.person.person_id)
    else:
        rows = certificates.of_agency(here.uow.session, here.post.agency_id)
    confirmed = [row for row in rows if row.status == "confirmed" and row.not_after > here.now]
    confirmed.sort(key=lambda row: row.not_after, reverse=True)
    gone = revoked_since(here.uow, confirmed, agency_id=here.post.agency_id, now=here.now)
    return Keys(
        tuple(row for row in confirmed if row.id not in gone),
        tuple((row, gone[row.id]) for row in confirmed if row.id in gone),
    )
