"""The job `recheck`: the night judges archived signatures again and says how many came out otherwise."""

from __future__ import annotations

import datetime as dt
import io

import pikepdf
from PIL import Image

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from signing.testing import Revoked
from tests.schedulers.conftest import Hand
from tests.services.test_signing_road import MORNING, Road
from tests.support.attached import annex, held
from tests.support.keys import founded
from tests.support.office import NOON, Office
from tests.support.papers import letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action
from workflow.services.documents import files
from workflow.store import clock as ledger
from workflow.store import documents as store
from workflow.store.session import unit_of_work
from workflow.web import job_words

DAY = dt.timedelta(days=1)


def crowded(data: bytes) -> bytes:
    """A PDF with a photograph whose comment says "startxref" more often than the careful reading follows."""
    drawn, made = io.BytesIO(), io.BytesIO()
    words = b"startxref\n1\n%%EOF\n" * 1_100
    Image.new("L", (8, 8)).save(drawn, "JPEG", comment=words)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        photograph = pikepdf.Stream(
            pdf, drawn.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8, Height=8,
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        name = pdf.pages[0].add_resource(photograph, pikepdf.Name.XObject)
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, b"q 40 0 0 40 60 60 cm %s Do Q" % str(name).encode()))
        pdf.save(made)
    return made.getvalue()


def test_a_revocation_dated_back_is_found_at_night_and_a_lost_file_is_counted(
    tools: Tools, office: Office, clock: Hand
) -> None:
    """Two documents, one whose file is gone: the other gets its new verdict, and the ledger tells of both."""
    keys = founded(office)
    keys.issue("leader")
    keys.enrol("leader")
    keys.publish(at=MORNING)
    road = Road(office, keys, open_blobs(tools.settings.blob_url))
    good, lost = road.awaiting(), road.awaiting()
    for document_id in (good, lost):
        assert road.sign("leader", "leader", keys.held["leader"], document_id).conclusion == "passed"
    road.blobs.delete_orphan(str(road.document(lost).file_sha256))
    serial = keys.held["leader"].certificate.serial_number
    keys.publish(at=NOON + DAY, revoked=(Revoked(serial=serial, at=MORNING),))
    clock.now = NOON + 2 * DAY
    told = run_due(tools, job("recheck"))
    assert set(told.values()) == {Outcome.DONE}
    with unit_of_work(office.engine) as uow:
        results = [ledger.run_of(uow.session, "recheck", period).result for period in sorted(told)]  # type: ignore[union-attr]
        assert [(row.occasion, row.conclusion) for row in store.verdicts_of(uow.session, good)] == [
            ("signing", "passed"),
            ("recheck", "failed"),
        ]
        assert len(store.verdicts_of(uow.session, lost)) == 1
    assert sum(result["changed"] for result in results) == 1
    assert all(result["checked"] == 1 and result["files_lost"] == 1 for result in results)
    assert [result["thorough"] for result in results] == [1] * len(results), "read both ways"


def test_attachments_are_named_by_document_and_place(tools: Tools, office: Office, clock: Hand) -> None:
    """One lost beside a document that is whole, one whole beside a document that is lost: both are looked at."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    first, second = (papers.sealed(attach=[("I.pdf", annex("I")), ("II.pdf", annex(name))]) for name in ("II", "2"))
    papers.blobs.delete_orphan(held(papers, first)[1].sha256)
    papers.blobs.delete_orphan(str(papers.row(second).file_sha256))
    serial = papers.keys.held["commune"].certificate.serial_number
    papers.keys.publish(at=NOON + DAY, revoked=(Revoked(serial=serial, at=MORNING),))
    clock.now = NOON + 2 * DAY
    told = run_due(tools, job("recheck"))
    with unit_of_work(office.engine) as uow:
        results = [ledger.run_of(uow.session, "recheck", period).result for period in sorted(told)]  # type: ignore[union-attr]
    assert [result["attachments_lost"] for result in results] == [1] * len(results)
    assert results[0]["attachments"] == f"{first}.1, {first}.2, {second}.1, {second}.2"
    assert results[0]["attachments_changed"] == 3
    assert all(result["attachments"] == f"{first}.2" for result in results[1:])
    assert all((result["checked"], result["files_lost"]) == (1, 1) for result in results)
    words = job_words.RESULTS["recheck"]
    assert set(results[0]) <= set(words)


def test_what_was_not_read_carefully_is_counted_and_named(tools: Tools, office: Office, clock: Hand) -> None:
    """Beyond its limits the careful reading says nothing: the verdict stays, and the ledger names the file."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    with_it = papers.sealed(attach=[("I.pdf", crowded(annex("I"))), ("II.pdf", annex("II"))])
    itself = papers.draft(file=False)
    papers.do(files.upload_draft, "drafter", document_id=itself, version=1, data=crowded(letter()),
              filename="a.pdf", blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", itself, Action.SUBMIT)
    papers.act("head", itself, Action.APPROVE)
    papers.confirm_format(itself)
    assert papers.sign("leader", "leader", papers.keys.held["leader"], itself).conclusion == "passed"
    clock.now = NOON + DAY
    (told,) = run_due(tools, job("recheck"))
    with unit_of_work(office.engine) as uow:
        result = ledger.run_of(uow.session, "recheck", told).result  # type: ignore[union-attr]
    assert (result["checked"], result["thorough"], result["unanswered"]) == (2, 1, 0)
    assert result["strict_only"] == 2
    assert result["strict_only_which"] == f"{with_it}.1, {itself}"
    assert set(result) <= set(job_words.RESULTS["recheck"])
