"""Where somebody put a field once, the next draft of that type in that agency has it."""

from __future__ import annotations

import pytest

from tests.support.papers import Papers
from workflow.services.documents.files import Place, move_boxes
from workflow.store import documents as store
from workflow.store.session import unit_of_work


def _boxes(papers: Papers, document_id: int) -> dict[str, tuple[float, float, float, float]]:
    with unit_of_work(papers.office.engine) as uow:
        rows = store.boxes_of(uow.session, document_id)
        return {row.name: (row.left, row.bottom, row.right, row.top) for row in rows}


@pytest.mark.parametrize("where", [(90.0, 300.0, 170.0, 380.0), (90.0, 10.0, 110.0, 40.0)])
def test_the_next_draft_of_the_type_begins_there(papers: Papers, where: tuple[float, float, float, float]) -> None:
    """Of the same type and agency only; the newest place counts; other fields stay as they are proposed."""
    first = papers.draft()
    usual = _boxes(papers, first)
    left, bottom, right, top = where
    papers.do(
        move_boxes, "drafter", document_id=first, version=papers.row(first).version, blobs=papers.blobs,
        places=(Place(name="seal", page=1, left=left, bottom=bottom, right=right, top=top),),
    )  # fmt: skip
    assert _boxes(papers, first)["seal"] == where
    assert _boxes(papers, papers.draft())["seal"] == where
    assert _boxes(papers, papers.draft())["leader"] == usual["leader"]
    assert _boxes(papers, papers.draft(type_code="plan"))["seal"] == usual["seal"]


def test_a_place_over_text_is_not_taken(papers: Papers) -> None:
    """The footer was moved to where the next draft has words: it is proposed as ever."""
    first = papers.draft()
    usual = _boxes(papers, first)["footer"]
    papers.do(
        move_boxes, "drafter", document_id=first, version=papers.row(first).version, blobs=papers.blobs,
        places=(Place(name="footer", page=1, left=90, bottom=740, right=500, top=800),),
    )  # fmt: skip
    assert _boxes(papers, papers.draft())["footer"] == usual
