"""The legal columns of both lists and the minutes that go with dossiers to the archive, in the reader's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workflow.adapters.render import ListOfDocuments, TransferPapers
from workflow.domain.numbering import number_text
from workflow.store import office
from workflow.store.dossiers import Filed
from workflow.store.models import ArchiveTransfer, Person
from workflow.web import dossier_words as words
from workflow.web import format
from workflow.web.context import current
from workflow.web.i18n import N_, _, ngettext
from workflow.web.types import type_names

DOSSIER_COLUMNS = (
    N_("No."), N_("Number and symbol of the dossier"), N_("Title of the dossier"), N_("Time of the documents"),
    N_("Retention"), N_("Number of pages"), N_("Remarks"),
)  # fmt: skip
"""Decree 30/2020, Annex V: list of dossiers handed to the archive."""
DOCUMENT_COLUMNS = (
    N_("No."), N_("Number and symbol"), N_("Date of the document"), N_("Type and subject"), N_("Author"),
    N_("Page"), N_("Remarks"),
)  # fmt: skip
"""The same: list of documents in a dossier."""


def translated(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Headings in the reader's language."""
    return tuple(_(word) for word in columns)


def document_row(place: int, one: Filed, names: dict[str, str]) -> tuple[str, ...]:
    """One document in the seven columns. Of secret papers it shows that they exist, not what they are about."""
    kind, subject = names.get(one.type_code, one.type_code), _("secret") if one.secret else one.subject
    return (
        str(place), words.document_name(one), format.day(one.day) if one.day else "",
        f"{kind}: {subject}" if kind else subject, one.author, str(one.pages or ""), one.note,
    )  # fmt: skip


def transfer_papers(made: ArchiveTransfer) -> TransferPapers:
    """Everything that is printed of one hand-over, drawn from what was written down that day."""
    here = current()
    session = here.uow.session
    agency = office.unit(session, made.agency_id)
    giver = session.get_one(Person, made.by_id).full_name if made.by_id else ""
    dossiers = made.body["dossiers"]
    number = f"{number_text(made.number)}/{made.year}"
    names = type_names()
    return TransferPapers(
        language=here.locale, superior=agency.superior, agency=agency.name,
        title=_("Minutes of handing over dossiers and documents"),
        minutes=_minutes(made, agency.name, giver), copies=(
            _("Made in 2 copies of equal value. Copy 1: kept by the giver."),
            _("Made in 2 copies of equal value. Copy 2: kept by the archive."),
        ),
        signers=((_("For the giver"), giver), (_("For the archive"), made.receiver)),
        list_title=_("List of dossiers handed to the archive"), subtitle=_("No. %(number)s", number=number),
        head=translated(DOSSIER_COLUMNS),
        rows=tuple(_dossier_row(place, one) for place, one in enumerate(dossiers, 1)),
        documents_title=_("List of documents in the dossier"), documents_head=translated(DOCUMENT_COLUMNS),
        documents=tuple(_documents(one, names) for one in dossiers),
        footer=_("List %(number)s, %(day)s", number=number, day=format.day(made.at)),
    )  # fmt: skip


def _minutes(made: ArchiveTransfer, agency: str, giver: str) -> tuple[str, ...]:
    dossiers = made.body["dossiers"]
    documents = sum(len(one["documents"]) for one in dossiers)
    told = (
        _("Under Decree 30/2020/NĐ-CP and the Law on Archives 33/2024/QH15."),
        _("On %(day)s, at %(agency)s:", day=format.day(made.at), agency=agency),
        _("Giver: %(name)s", name=giver), _("Taken over for the archive by: %(name)s", name=made.receiver),
        _("Handed over and taken over: %(dossiers)s with %(documents)s, as the lists below say.",
          dossiers=ngettext("%(n)s dossier", "%(n)s dossiers", len(dossiers)),
          documents=ngettext("%(n)s document", "%(n)s documents", documents)),
        made.words,
    )  # fmt: skip
    return tuple(line for line in told if line)


def _dossier_row(place: int, one: dict[str, Any]) -> tuple[str, ...]:
    first, last = (format.day(dt.date.fromisoformat(one[name])) for name in ("from", "to"))
    return (
        str(place), one["notation"], one["title"], first if first == last else f"{first} – {last}",
        words.years_words(one["years"]), str(one["pages"] or ""), one["note"],
    )  # fmt: skip


def _documents(one: dict[str, Any], names: dict[str, str]) -> ListOfDocuments:
    rows = []
    for place, line in enumerate(one["documents"], 1):
        kind = names.get(line["type"], line["type"])
        subject = _("secret") if line["secret"] else line["subject"]
        day = format.day(dt.date.fromisoformat(line["day"])) if line["day"] else ""
        rows.append(
            (
                str(place), line["symbol"], day, f"{kind}: {subject}" if kind else subject, line["author"],
                str(line["pages"] or ""), line["note"],
            )
        )  # fmt: skip
    heading = f"{one['notation']} · {one['title']}"
    return ListOfDocuments(heading=heading, rows=tuple(rows), empty=_("On paper only: no document is in it here."))
