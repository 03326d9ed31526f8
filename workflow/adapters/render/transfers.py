"""What goes with dossiers to the archive: minutes in two copies, the list of dossiers, their lists of documents.

Forms of Decree 30/2020/NĐ-CP, Annex V. PDF/A-2b, since the lists are kept as long as the dossiers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from workflow.adapters.render.typesetting import typeset
from workflow.domain.errors import BadInput

COLUMNS = 7
"""Of both lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOfDocuments:
    """The documents of one dossier under its heading; `empty` is said in place of a list without rows."""

    heading: str
    rows: tuple[tuple[str, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPapers:
    """Every word is the caller's. `copies`: who keeps each copy of the minutes; `signers`: giver and taker."""

    language: str
    superior: str
    agency: str
    title: str
    minutes: tuple[str, ...]
    copies: tuple[str, ...]
    signers: tuple[tuple[str, str], ...]
    list_title: str
    subtitle: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    documents_title: str
    documents_head: tuple[str, ...]
    documents: tuple[ListOfDocuments, ...]
    footer: str = ""


def render_transfer(papers: TransferPapers, *, made_at: dt.datetime) -> bytes:
    """One PDF/A: the copies of the minutes, a page each; the list of dossiers; a list of documents for each."""
    lines = [
        papers.head,
        papers.documents_head,
        *papers.rows,
        *(row for one in papers.documents for row in one.rows),
    ]
    wrong = next((line for line in lines if len(line) != COLUMNS), None)
    if wrong is not None:
        raise BadInput("row_width", columns=COLUMNS, row=len(wrong))
    return typeset("transfer", asdict(papers), made_at=made_at, tagged=True, archival=True)


def render_documents(papers: TransferPapers, *, made_at: dt.datetime) -> bytes:
    """Only the lists of documents: what lies on top in a dossier (mục lục văn bản)."""
    return typeset(
        "transfer", {**asdict(papers), "copies": (), "rows": ()}, made_at=made_at, tagged=True, archival=True
    )
