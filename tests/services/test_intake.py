"""Files from outside: kept as they came, judged at once, settled by themselves, each change with its cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from signing.testing import Authority, Identity, Profile, Revoked, Subject
from signing.testing.messages import message
from signing.testing.paper import Box, blank, sign
from tests.support.keys import Keys, founded
from tests.support.office import NOON, Office
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import BadInput, NotFound, NotPermitted
from workflow.services import intake
from workflow.services.intake import Received
from workflow.services.journal import verify_subject
from workflow.store import intake as store
from workflow.store.models import Blob, Intake, IntakeVerdict
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MORNING = NOON - 6 * HOUR
SENT = NOON - 2 * HOUR


@dataclass(slots=True)
class Desk:
    """A clerk who receives, and the sender's key."""

    office: Office
    keys: Keys
    blobs: Blobs
    sender: Identity

    def paper(self) -> bytes:
        """A PDF that the sender signed before noon."""
        return sign(blank(Box("Signature1", (50, 50, 200, 120))), "Signature1", self.sender, at=SENT)

    def receive(self, data: bytes, *, at: dt.datetime = NOON, who: str = "clerk", content: bytes | None = None,
                filename: str = "cv.pdf", source: str = "upload") -> Received:  # fmt: skip
        """Take a file in."""
        with unit_of_work(self.office.engine) as uow:
            taken = intake.receive(
                uow, self.office.actor(who), self.office.scope(who), data=data, content=content, filename=filename,
                source=source, blobs=self.blobs, now=at,
            )  # fmt: skip
            uow.commit()
            return taken

    def settle(self, *, at: dt.datetime) -> list[Intake]:
        """What the job does."""
        with unit_of_work(self.office.engine) as uow:
            due = intake.provisional(uow, now=at)
        done = []
        for intake_id in due:
            with unit_of_work(self.office.engine) as uow:
                done.append(intake.settle_one(uow, intake_id=intake_id, blobs=self.blobs, now=at))
                uow.commit()
        return done

    def told(self, intake_id: int) -> list[tuple[str, str, str]]:
        """(occasion, conclusion, cause) of every stored verdict."""
        with unit_of_work(self.office.engine) as uow:
            rows: Sequence[IntakeVerdict] = store.verdicts_of(uow.session, intake_id)
            return [(row.occasion, row.conclusion, row.cause) for row in rows]

    def count(self, table: type[Blob] | type[Intake] | type[IntakeVerdict]) -> int:
        """Rows of a table."""
        with unit_of_work(self.office.engine) as uow:
            return uow.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    """Another office under the listed root sends; no list of its authority has come yet."""
    keys = founded(office)
    subject = Subject(common_name="Mai Văn Xa", organisation="Ủy ban nhân dân xã Yên Viễn")
    sender = keys.issuing.issue(subject, Profile.PERSON, now=NOON - 100 * DAY)
    return Desk(office, keys, open_blobs(str(tmp_path / "blobs")), sender)


def test_a_verdict_is_there_before_anybody_registers_and_settles_by_itself(desk: Desk) -> None:
    """No list yet: not enough to decide, looked at each hour. The next list decides it, and the cause is stored."""
    data = desk.paper()
    taken = desk.receive(data)
    assert (taken.intake.conclusion, taken.again) == ("indeterminate", False)
    assert taken.intake.next_check_at == NOON + intake.LOOK_EVERY
    assert desk.blobs.get(taken.intake.sha256) == data
    assert desk.settle(at=NOON + HOUR / 2) == []
    (still,) = desk.settle(at=NOON + 2 * HOUR)
    assert (still.conclusion, len(desk.told(still.id))) == ("indeterminate", 1)
    desk.keys.publish(at=NOON + 2 * HOUR)
    (settled,) = desk.settle(at=NOON + 3 * HOUR + HOUR / 2)
    assert (settled.conclusion, settled.next_check_at) == ("passed", None)
    assert desk.told(settled.id) == [("intake", "indeterminate", ""), ("recheck", "passed", "evidence")]
    assert desk.settle(at=NOON + 40 * DAY) == []
    with unit_of_work(desk.office.engine) as uow:
        report = verify_subject(uow, f"intake:{settled.id}")
    assert (report.length, report.broken) == (2, None)


def test_a_list_of_before_the_signature_proves_nothing(desk: Desk) -> None:
    """The list is a day older than the signature and says "good": still provisional."""
    desk.keys.publish(at=SENT - 3 * DAY)
    assert desk.receive(desk.paper()).intake.conclusion == "indeterminate"


def test_what_was_revoked_before_it_was_signed_fails(desk: Desk) -> None:
    """The list of after says since when."""
    revoked = Revoked(serial=desk.sender.certificate.serial_number, at=SENT - HOUR)
    desk.keys.publish(at=NOON - HOUR / 4, revoked=(revoked,))
    taken = desk.receive(desk.paper())
    assert (taken.intake.conclusion, taken.intake.reason) == ("failed", "revoked")
    assert taken.intake.next_check_at is None


def test_an_unknown_root_is_not_waited_for_and_asked_again_by_hand(desk: Desk) -> None:
    """Waiting brings no root; when one is listed, whoever asks gets the new answer with its cause."""
    stranger = Authority.root(Subject(common_name="Gốc lạ"), now=NOON - 200 * DAY)
    desk.sender = stranger.issue(Subject(common_name="Người lạ"), Profile.PERSON, now=NOON - 100 * DAY)
    taken = desk.receive(desk.paper())
    assert (taken.intake.conclusion, taken.intake.next_check_at) == ("indeterminate", None)
    keys = Keys(desk.office, stranger, stranger)
    keys.publish(at=NOON + HOUR)
    keys.list_root()
    with unit_of_work(desk.office.engine) as uow:
        row = intake.recheck(
            uow, desk.office.actor("clerk"), desk.office.scope("clerk"), intake_id=taken.intake.id,
            blobs=desk.blobs, now=NOON + 2 * HOUR,
        )  # fmt: skip
        uow.commit()
    assert row.conclusion == "passed"
    assert desk.told(row.id)[-1] == ("recheck", "passed", "trust")


def test_a_file_that_comes_twice_is_kept_once_for_each_agency(desk: Desk) -> None:
    """The same clerk gets the first one back; the neighbour has an own row over the same bytes."""
    data = desk.paper()
    first, again, far = desk.receive(data), desk.receive(data, at=NOON + HOUR), desk.receive(data, who="far_clerk")
    assert (again.again, again.intake.id) == (True, first.intake.id)
    assert again.verdict == first.verdict
    assert far.intake.id != first.intake.id
    assert (desk.count(Intake), desk.count(IntakeVerdict), desk.count(Blob)) == (2, 2, 1)


def test_any_file_is_kept_as_it_came(desk: Desk) -> None:
    """Not a document, nothing signed, a broken one, a signature beside a file: each with its own answer."""
    paper, content = desk.paper(), b"danh sach"
    told = {
        "unsigned": desk.receive(blank(Box("a", (0, 0, 9, 9)))).intake,
        "malformed": desk.receive(b"PK\x03\x04 not a document", filename="bảng\x00 kê\u202e.xlsx").intake,
        "failed": desk.receive(paper.replace(b"100 100 re", b"100 900 re")).intake,
        "indeterminate": desk.receive(message(desk.sender, content), content=content, filename="ds.p7s").intake,
    }
    assert {wanted: row.conclusion for wanted, row in told.items()} == {wanted: wanted for wanted in told}
    assert told["malformed"].filename == "bảng kê .xlsx"
    assert desk.blobs.get(told["indeterminate"].content_sha256) == content


def test_only_a_clerk_receives_and_only_for_the_own_agency(desk: Desk) -> None:
    """Other posts are refused; a foreign file is not found; an empty one is refused with a sentence."""
    with pytest.raises(NotPermitted):
        desk.receive(desk.paper(), who="leader")
    taken = desk.receive(desk.paper())
    with unit_of_work(desk.office.engine) as uow, pytest.raises(NotFound):
        store.find(desk.office.scope("far_clerk"), uow.session, taken.intake.id)
    with pytest.raises(BadInput, match="intake_empty"):
        desk.receive(b"")
    with pytest.raises(BadInput, match="intake_source"):
        desk.receive(desk.paper(), source="pigeon")


def test_after_two_weeks_nothing_is_waited_for(desk: Desk) -> None:
    """The answer stands at "not enough to decide"; one look is made at the end, none after."""
    desk.receive(desk.paper())
    (last,) = desk.settle(at=NOON + intake.WAIT_AT_MOST)
    assert (last.conclusion, last.next_check_at) == ("indeterminate", None)
    assert desk.settle(at=NOON + 2 * intake.WAIT_AT_MOST) == []
