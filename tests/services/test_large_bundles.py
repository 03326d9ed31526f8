"""A month of more documents than anybody reads, in one bundle: both programs check all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.test_proof_bundles import CLOSED, HOUR, close, taken
from tests.support import bundles, counts, engines
from tests.support.anchored import anchor
from tests.support.office import build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import Refused
from workflow.services.proving import gathering

MANY = counts.times(6, soak=600)


@pytest.mark.soak
@pytest.mark.timeout(counts.times(120, soak=3600))
def test_a_month_of_many(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its documents with leader and seal; one more than a bundle may hold is refused with both numbers."""
    with engines.lent(sqlite_url, durable=False) as engine:
        papers = papers_of(build(engine), open_blobs(str(tmp_path / "blobs"), durable=False))
        roots = _month(papers, tmp_path)
        with monkeypatch.context() as smaller:
            smaller.setattr(gathering, "MOST_DOCUMENTS", MANY - 1)
            with pytest.raises(Refused, match="bundle_too_many") as refused:
                taken(papers)
            assert refused.value.details == {"most": MANY - 1, "found": MANY}
        bundle = bundles.written(papers, taken(papers), tmp_path / "month.zip")
        root = bundles.outside(papers, tmp_path / "root.json")
    by_python = bundles.python(bundle, roots, root)
    with bundles.page(roots, root) as page:
        by_page = page.check(bundle, seconds=30 + MANY)
    for found in (by_python, by_page):
        assert (found.status, found.wrong) == (0, set())
        assert found.tally["standing"] == [2 * MANY, 0, 0]
    assert by_python.tally == by_page.tally


def _month(papers: Papers, folder: Path) -> Path:
    """November with these documents, closed and anchored; the roots they are checked by."""
    papers.now -= HOUR
    anchor(papers.office.engine, "h0", now=papers.now)
    papers.now += HOUR
    for number in range(MANY):
        papers.issued(subject=f"V/v thử {number}")
    papers.now += 2 * HOUR
    papers.keys.publish(at=papers.now)
    close(papers)
    anchor(papers.office.engine, "h1", now=CLOSED + HOUR)
    return bundles.pem(folder / "roots.pem", papers.keys.root.der)
