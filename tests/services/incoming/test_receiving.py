"""Files become arrivals: judged first, once each, in pairs with their signatures; papers are written down once."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from signing.testing import Profile, Subject
from signing.testing.messages import message
from signing.testing.paper import Box, blank, sign
from tests.support.arrivals import LETTER, Arrivals
from tests.support.keys import Keys, founded
from tests.support.office import NOON, Office
from tests.support.papers import letter
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import BadInput, Missing, NotFound, NotPermitted
from workflow.domain.incoming import Source, State
from workflow.domain.outgoing import Urgency
from workflow.domain.permissions import NOTHING
from workflow.domain.terms import DueKind
from workflow.services import intake
from workflow.services.arrival_channels import into_queue
from workflow.services.incoming import receiving, registering
from workflow.services.incoming.deadlines import NO_DEADLINE
from workflow.services.incoming.receiving import Brought, Taken
from workflow.services.incoming.what_came import ReadText
from workflow.store import arrivals as queue
from workflow.store import incoming as store
from workflow.store.models import Incoming, IncomingFile, Intake
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
PLAIN = blank()


@pytest.fixture
def keys(office: Office) -> Keys:
    """The listed root; nobody published a revocation list yet."""
    return founded(office)


@pytest.fixture
def blobs(tmp_path: Any) -> Blobs:
    """Where files lie."""
    return open_blobs(str(tmp_path / "blobs"))


def signed(keys: Keys) -> bytes:
    """A PDF whose signature cannot be decided without a list."""
    who = keys.issuing.issue(Subject(common_name="Mai Văn Xa"), Profile.PERSON, now=NOON - 100 * DAY)
    return sign(blank(Box("Signature1", (50, 50, 200, 120))), "Signature1", who, at=NOON - dt.timedelta(hours=1))


def take(arrivals: Arrivals, blobs: Blobs, data: bytes, name: str = "cv.pdf", *, who: str = "clerk",
         **more: Any) -> Taken:  # fmt: skip
    """One file as one act."""
    brought = Brought(
        data=data, filename=name, **{k: more.pop(k) for k in ("content", "content_name") if k in more}
    )
    return arrivals.do(who, receiving.take_in, main=brought, source=Source.UPLOAD, blobs=blobs, **more)


def files(office: Office, incoming_id: int) -> list[IncomingFile]:
    """Those of a document."""
    with unit_of_work(office.engine) as uow:
        return [file for file, _intake in store.files_of(uow.session, incoming_id)]


def count(office: Office, table: type[Any]) -> int:
    """Rows of a table."""
    with unit_of_work(office.engine) as uow:
        return uow.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_waits_with_its_verdict_and_comes_once(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """The verdict is there before registration; the same file again is the same row, a neighbour's is his own."""
    data = signed(keys)
    first = take(arrivals, blobs, data)
    again = take(arrivals, blobs, data, "ban-sao.pdf")
    assert (first.fresh, again.fresh, again.document.id) == (True, False, first.document.id)
    assert (first.document.state, first.document.conclusion) == (State.ARRIVED, "indeterminate")
    assert count(arrivals.office, Incoming) == count(arrivals.office, Intake) == 1
    theirs = take(arrivals, blobs, data, who="far_clerk")
    assert theirs.fresh
    assert theirs.document.agency_id != first.document.agency_id


def test_a_bad_verdict_is_registered_with_a_reason_only(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """And the sending office is counted with it."""
    row = take(arrivals, blobs, signed(keys)).document
    with pytest.raises(Missing, match="verdict_answered"):
        arrivals.do("clerk", registering.register, incoming_id=row.id, version=row.version, facts=LETTER)
    done = arrivals.do(
        "clerk", registering.register, incoming_id=row.id, version=row.version, facts=LETTER,
        verdict_reason="Bản giấy đã đối chiếu",
    )  # fmt: skip
    assert (done.number, done.verdict_reason) == (1, "Bản giấy đã đối chiếu")
    with unit_of_work(arrivals.office.engine) as uow:
        scope = arrivals.office.scope("clerk")
        (line,) = queue.by_sender(scope, uow.session, since=NOON - DAY, until=NOON + DAY)
        assert (line.issuer, line.registered, line.indeterminate, line.failed) == (LETTER.issuer, 1, 1, 0)
        assert not queue.by_sender(
            arrivals.office.scope("far_clerk"), uow.session, since=NOON - DAY, until=NOON + DAY
        )


def test_a_verdict_that_settles_is_seen_in_the_queue(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """The list that came meanwhile decides it; what is registered keeps the word it was registered with."""
    waiting = take(arrivals, blobs, signed(keys)).document
    keys.publish(at=NOON)
    with unit_of_work(arrivals.office.engine) as uow:
        for intake_id in intake.provisional(uow, now=NOON + 2 * dt.timedelta(hours=1)):
            intake.settle_one(uow, intake_id=intake_id, blobs=blobs, now=NOON + 2 * dt.timedelta(hours=1))
        uow.commit()
        found = store.find(arrivals.office.scope("clerk"), uow.session, waiting.id)
        assert found.conclusion == "passed"


def test_a_signature_beside_its_file_is_one_document(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """The content is the paper that is shown, the .p7s a file of its own; both as they came."""
    keys.issue("leader")
    content = letter()
    beside = message(keys.held["leader"], content)
    (brought,) = receiving.pair([("QD 15.pdf.p7s", beside), ("QD 15.pdf", content)])
    made = arrivals.do("clerk", receiving.take_in, main=brought, source=Source.UPLOAD, blobs=blobs).document
    paper, signature = files(arrivals.office, made.id)
    assert (paper.kind, paper.filename, paper.pages, paper.media_type) == (
        "main",
        "QD 15.pdf",
        1,
        "application/pdf",
    )
    assert (signature.filename, signature.media_type) == ("QD 15.pdf.p7s", "application/pkcs7-signature")
    assert (blobs.get(paper.sha256), blobs.get(signature.sha256)) == (content, beside)
    assert made.conclusion == "indeterminate"


@pytest.mark.parametrize(
    ("names", "paired"),
    [
        (("a.pdf", "a.pdf.p7s"), [("a.pdf.p7s", "a.pdf")]),
        (("a.p7s", "b.pdf", "A.docx"), [("a.p7s", "A.docx"), ("b.pdf", "")]),
        (("a.p7s", "b.pdf"), [("a.p7s", ""), ("b.pdf", "")]),
        (("a.pdf", "a.p7s", "a.pdf.p7s"), [("a.p7s", "a.pdf"), ("a.pdf.p7s", "")]),
    ],
)
def test_pairs_by_name(names: tuple[str, ...], paired: list[tuple[str, str]]) -> None:
    """A signature takes the file it is named after, once."""
    made = receiving.pair([(name, name.encode()) for name in names])
    assert [(one.filename, one.content_name) for one in made] == paired


def test_attachments_come_in_one_act(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """Several files, one document; a strange one is kept, flagged and told."""
    others = (Brought(data=PLAIN, filename="pl1.pdf"), Brought(data=b"PK\x03\x04 bang tinh", filename="pl2.xlsx"))
    made = take(arrivals, blobs, letter(), attachments=others).document
    found = files(arrivals.office, made.id)
    assert [(one.kind, one.quarantined) for one in found] == [
        ("main", False), ("attachment", False), ("attachment", True),
    ]  # fmt: skip
    assert made.quarantined
    assert made.warnings


def test_what_was_read_fills_the_row(
    arrivals: Arrivals, keys: Keys, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best proposal of each field; dates to come, unknown types, control characters are left to the clerk."""
    read = [
        ("issuer", "Sở Nội vụ\ntỉnh Lam Giang"), ("symbol", "12/SNV-TCBC"), ("symbol", "13/X"),
        ("date", "2031-01-01"), ("type_code", "nonsense"), ("subject", "Rà soát\x00"), ("urgency", "flash"),
    ]  # fmt: skip
    proposals = tuple({"field": field, "value": value, "confidence": "likely", "page": 1} for field, value in read)
    monkeypatch.setattr(receiving, "propose", lambda *_given, **_named: ReadText(proposals, "read"))
    made = take(arrivals, blobs, letter()).document
    assert (made.issuer, made.symbol, made.urgency) == ("Sở Nội vụ tỉnh Lam Giang", "12/SNV-TCBC", Urgency.FLASH)
    assert (made.issued_on, made.type_code, made.subject) == (None, None, "")
    assert (made.reading, len(made.proposals)) == ("read", 7)


def test_a_paper_is_written_down_once_and_scanned_later(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """One form, one number; the scan comes after it, once; no number waits for a file."""
    given = {"facts": LETTER, "form": "abc", "register": True, "due": NO_DEADLINE}
    first, again = (arrivals.do("clerk", receiving.write_down, **given) for _time in range(2))
    assert (first.fresh, again.fresh, first.document.number, again.document.id) == (
        True,
        False,
        1,
        first.document.id,
    )
    assert first.document.due_kind == DueKind.NONE
    row = first.document
    scan = {
        "incoming_id": row.id,
        "brought": Brought(data=PLAIN, filename="scan.pdf"),
        "kind": "scan",
        "blobs": blobs,
    }
    added = arrivals.do("clerk", receiving.add_file, version=row.version, **scan)
    twice = arrivals.do("clerk", receiving.add_file, version=row.version, **scan)
    assert (added.fresh, twice.fresh) == (True, False)
    assert [one.kind for one in files(arrivals.office, row.id)] == ["scan"]


def test_queue_is_urgent_first_then_the_longest_waiting(arrivals: Arrivals, blobs: Blobs) -> None:
    """Pages by keyset show each once; after a document comes the next in the queue, at its end the first."""
    for urgency in (Urgency.NORMAL, Urgency.URGENT, Urgency.NORMAL, Urgency.FLASH, Urgency.NORMAL):
        arrivals.paper(facts=receiving.Facts(issuer="A", subject=str(urgency), urgency=urgency))
    scope = arrivals.office.scope("clerk")
    with unit_of_work(arrivals.office.engine) as uow:
        seen, after = [], None
        while True:
            rows = queue.queue(scope, uow.session, wanted=queue.Waiting(), after=after, limit=2)
            seen += [(row.rank, row.id) for row in rows[:2]]
            if len(rows) < 3:
                break
            after = seen[-1]
        assert seen == sorted(seen)
        assert len(seen) == 5
        ids = [one for _rank, one in seen]
        following = [queue.next_one(scope, uow.session, store.find(scope, uow.session, one)) for one in ids]
        assert [one.id for one in following if one] == [*ids[1:], ids[0]]
        assert queue.count(scope, uow.session, wanted=queue.Waiting(urgency=Urgency.NORMAL), cap=2) == 3
        assert not queue.queue(arrivals.office.scope("far_clerk"), uow.session, wanted=queue.Waiting())


def test_two_clerks_with_one_file_at_once_make_one_row(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """Both are told the same document, one of them that it was there."""
    data, start = letter(), threading.Barrier(2)
    office, found = arrivals.office, []

    def work() -> None:
        with unit_of_work(office.engine) as uow:
            start.wait(timeout=60)
            main = Brought(data=data, filename="cv.pdf")
            taken = receiving.take_in(
                uow, office.actor("clerk"), office.scope("clerk"), main=main, source=Source.UPLOAD, blobs=blobs,
                now=NOON,
            )  # fmt: skip
            uow.commit()
            found.append((taken.document.id, taken.fresh))

    both = [threading.Thread(target=work) for _clerk in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=60)
    assert len({key for key, _fresh in found}) == 1
    assert sorted(fresh for _key, fresh in found) == [False, True]
    assert count(office, Incoming) == count(office, Intake) == count(office, IncomingFile) == 1


def test_what_a_mailbox_delivers_waits_with_its_sender(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """No person brought it; the same file again is known."""
    deliver, agency = into_queue(blobs, now=NOON), arrivals.office.units["commune"]
    told = {"sender": "vt@snv.gov.vn", "subject": "Gửi công văn 412", "text": "…"}
    for fresh in (True, False):
        with unit_of_work(arrivals.office.engine) as uow:
            given = {"data": letter(), "filename": "cv.pdf", "source": "mail", "facts": told}
            assert deliver(uow, agency, **given) is fresh
            uow.commit()
    with unit_of_work(arrivals.office.engine) as uow:
        (row,) = uow.session.scalars(select(Incoming)).all()
    assert (row.state, row.source, row.note) == (State.ARRIVED, "mail", "vt@snv.gov.vn: Gửi công văn 412")


def test_only_the_clerk_of_the_agency_takes_in(arrivals: Arrivals, keys: Keys, blobs: Blobs) -> None:
    """Others may not, an empty file is none, a foreign document takes no file."""
    for who in ("drafter", "admin", "leader"):
        with pytest.raises(NotPermitted):
            take(arrivals, blobs, PLAIN, who=who)
    with pytest.raises(BadInput, match="intake_empty"):
        take(arrivals, blobs, b"")
    row = arrivals.paper()
    with pytest.raises(NotFound):
        arrivals.do(
            "far_clerk", receiving.add_file, incoming_id=row.id, version=None, kind="scan", blobs=blobs,
            brought=Brought(data=PLAIN, filename="x.pdf"),
        )  # fmt: skip
    with unit_of_work(arrivals.office.engine) as uow:
        assert not queue.queue(NOTHING, uow.session, wanted=queue.Waiting())
    assert count(arrivals.office, Intake) == 0
