"""Files that somebody may hold: issued here, tampered with, from elsewhere, beside their content."""

from __future__ import annotations

from functools import lru_cache

from signing.testing import Authority, Profile, Subject
from signing.testing.messages import message
from signing.testing.paper import FIRST_FIELD, Box, blank, sign
from tests.support.keys import FOUNDED
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.store import documents
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

BOX = Box("sign", (300, 100, 500, 180))
CONTENT = "PK\x03\x04 một bảng tính".encode()
STRANGER = "Nguyễn Văn Lạ 001085012345"


def issued(papers: Papers, **facts: object) -> tuple[Outgoing, bytes]:
    """A document out of the house, and its file."""
    row = papers.row(papers.issued(**facts))
    assert row.file_sha256 is not None
    return row, papers.blobs.get(row.file_sha256)


def earlier(papers: Papers, document_id: int, kind: str) -> bytes:
    """A document's file of another kind: `signed`, `numbered`."""
    with unit_of_work(papers.office.engine) as uow:
        found = documents.latest_file(uow.session, document_id, kind)
        assert found is not None
        return papers.blobs.get(found.sha256)


@lru_cache(maxsize=1)
def foreign() -> bytes:
    """Signed by somebody whose root nobody here listed."""
    root = Authority.root(Subject(common_name="Gốc nơi khác"), now=FOUNDED)
    issuing = root.subordinate(Subject(common_name="Tổ chức chứng thực nơi khác"), now=FOUNDED)
    who = issuing.issue(Subject(common_name=STRANGER), Profile.PERSON, now=FOUNDED)
    return sign(blank(BOX), "sign", who, at=NOON)


def tampered(data: bytes) -> bytes:
    """One letter of the head of the first revision is another."""
    place = data.index(b"/MediaBox")
    return data[:place] + b"/mediaBox" + data[place + 9 :]


def crowded(count: int) -> bytes:
    """So many fields that show one and the same worthless signature."""
    value = FIRST_FIELD + count
    boxes = [Box(f"f{number}", (10, 10, 20, 20), b"/V %d 0 R" % value) for number in range(count)]
    signature = b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 30]/Contents<3000>>>"
    return blank(*boxes, replace={value: signature})


def beside(papers: Papers) -> bytes:
    """The leader's .p7s over `CONTENT`."""
    return message(papers.keys.held["leader"], CONTENT)
