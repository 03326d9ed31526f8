"""A province as an auditor finds it: October closed and anchored, one commune signs well, one of the other's papers
is in ink, of a day on which its signer had left the desk. Real files, real signatures, real lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.support import bundles, months
from tests.support.anchored import anchor
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from tests.support.papers import Papers, letter
from workflow.domain.absences import Acts
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.domain.periods import Period, month
from workflow.services import absences, journal
from workflow.services.documents import files, numbers
from workflow.services.journal import local_day
from workflow.store import documents
from workflow.store.models import Unit
from workflow.store.session import unit_of_work

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
GOOD, BAD = "V/v phòng chống bão số 9", "V/v sửa đường liên thôn"


def a_month(papers: Papers, folder: Path) -> tuple[Period, Path]:
    """The month before this one, lived, closed, anchored; and the root of its journal as it was kept outside."""
    office, now = papers.office, papers.now
    what = month(local_day(now)).before
    below(office)
    papers.now = what.start + 20 * DAY + 10 * HOUR
    papers.keys.publish(at=papers.now - HOUR)
    papers.issued(subject=GOOD)
    without_a_head(papers)
    in_ink_while_away(papers)
    papers.keys.publish(at=papers.now + HOUR)
    at_the_neighbours(papers)
    for agency in ("commune", "far"):
        months.close(office.engine, office.units[agency], what, now=months.third_working_day(office.engine, what))
    anchor(office.engine, "close", now=months.third_working_day(office.engine, what) + HOUR)
    kept = bundles.outside(papers, folder / "root.json")
    papers.now = now
    return what, kept


def at_the_neighbours(papers: Papers) -> None:
    """What the other commune issued: rows with what their journal would say."""
    office = papers.office
    rows = [issued_row(office, unit="far_office", issued_at=papers.now) for _n in range(3)]
    keys = add_issued(office, *rows)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for key in keys:
            row = documents.for_jobs(uow.session, key, reason="a test")
            journal.record_document(
                uow, row, tag="document:outgoing:issue", facts={}, actor=office.actor("far_clerk"), now=papers.now
            )  # fmt: skip
        uow.commit()


def below(office: Office) -> None:
    """The neighbour lies below the commune, whose inspector sees both."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units["far"]).parent_id = office.units["commune"]
        uow.commit()


def in_ink_while_away(papers: Papers) -> int:
    """The leader left the desk to the deputy; a paper of that day bears their signature in ink all the same."""
    today = local_day(papers.now)
    papers.do(
        absences.set_own, "leader", scoped=False, deputy_post_id=papers.office.posts["deputy"].id,
        first_day=today, last_day=today + DAY, acts=Acts.PROCESSING, reason="Đi công tác",
    )  # fmt: skip
    document = papers.inked(subject=BAD)
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    papers.do(
        files.attach_scan, "clerk", document_id=document, version=papers.row(document).version,
        data=letter("Bản quét"), filename="quet.pdf", blobs=papers.blobs,
    )  # fmt: skip
    papers.seal(document)
    papers.act("clerk", document, Action.ISSUE)
    return document


def without_a_head(papers: Papers) -> int:
    """A paper of a unit that has no head, signed by the deputy: it goes straight to the clerk."""
    key = papers.keys.held["commune"]
    document = papers.draft(drafter="lone_drafter", signer="deputy", capacity=Capacity.KT, subject="V/v trực đêm")
    papers.act("lone_drafter", document, Action.SUBMIT)
    papers.confirm_format(document)
    papers.sign("deputy", "leader", papers.keys.held["deputy"], document)
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    papers.sign("clerk", "number", key, document)
    papers.seal(document)
    papers.act("clerk", document, Action.ISSUE)
    return document
