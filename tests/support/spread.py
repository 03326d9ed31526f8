"""Tables sent with an approved draft, and what is made of their rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.former import workbook
from tests.support.papers import Papers, letter
from workflow.services.bulk import looking, running
from workflow.services.bulk.acts import Tools
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

HEAD = ["Nơi nhận", "Trích yếu", "Tệp"]


def send(
    client: Browser, document_id: int, rows: Sequence[Sequence[str]], *names: str, form: str = "one-form",
    again: bool = False, bad: Sequence[str] = (),
) -> tuple[int, str]:  # fmt: skip
    """Send a table with PDFs of these names, `bad` ones broken inside; the status, and where it leads or what the
    page says."""
    data = {
        "once": form,
        **({"again": "1"} if again else {}),
        "table": (io.BytesIO(workbook([list(row) for row in rows])), "bang.xlsx"),
        "files": [(io.BytesIO(b"%PDF-1.7 broken" if name in bad else letter(name)), name) for name in names],
    }
    answer = client.post(f"/outgoing/{document_id}/spread", data=data)
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def looked_through(papers: Papers, address: str, lines: int) -> int:
    """The dry run, as the page goes on with it; the run's key."""
    run = int(address.rpartition("/")[2])
    for place in range(1, lines + 1):
        papers.do(looking.look_at, "clerk", scoped=False, run_id=run, place=place, blobs=papers.blobs)
    papers.do(looking.settle, "clerk", scoped=False, run_id=run)
    return run


def one_line(papers: Papers, run: int, place: int, blobs: Any = None) -> None:
    """Make the document of a line."""
    tools = Tools(blobs=blobs or papers.blobs, base_url="http://x")
    papers.do(running.do_one, "clerk", run_id=run, place=place, tools=tools)


def made_of(papers: Papers, source: int) -> list[Outgoing]:
    """Every other document, in the order made."""
    with unit_of_work(papers.office.engine) as uow:
        return list(uow.session.scalars(select(Outgoing).where(Outgoing.id != source).order_by(Outgoing.id)))
