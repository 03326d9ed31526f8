"""Files as offices attach them."""

from __future__ import annotations

from functools import lru_cache

from tests.support.office import NOON
from tests.support.papers import Papers, letter
from workflow.adapters import xlsx_export
from workflow.store import attachments as store
from workflow.store.session import unit_of_work


def annex(words: str = "Phụ lục I") -> bytes:
    """A PDF of one page."""
    return letter(words)


@lru_cache(maxsize=8)
def sheet(words: str = "Danh sách") -> bytes:
    """A spreadsheet."""
    table = xlsx_export.Sheet(words, ["STT", "Họ và tên"], [["1", "Lò Thị Ửng"]], [6, 30])
    return xlsx_export.to_xlsx([table], title=words, author="Trần Văn Đức", made_at=NOON)


BOTH = (("Phụ lục I.pdf", annex()), ("Danh sách.xlsx", sheet()))


def held(papers: Papers, document_id: int) -> list[store.Held]:
    """What is attached as it stands."""
    with unit_of_work(papers.office.engine) as uow:
        return store.with_seals(uow.session, document_id)


def names(papers: Papers, document_id: int) -> list[str]:
    """The names in their order."""
    return [one.row.name for one in held(papers, document_id)]


def given(papers: Papers, document_id: int, attachment_id: int) -> dict[str, int]:
    """The arguments of an act on one attachment as the document stands now."""
    version = papers.row(document_id, "drafter").version
    return {"document_id": document_id, "attachment_id": attachment_id, "version": version}
