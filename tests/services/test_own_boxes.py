"""The signer's own box in a file that another program made: what is taken, what a person looks at, what is
refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import pdf_name
from sqlalchemy import Engine, select

from tests.services.test_returned_documents import Counter
from tests.support import elsewhere, engines
from tests.support.boxes import Look, entries, picture, sign_box
from tests.support.office import NOON, build
from tests.support.papers import papers_of
from workflow.adapters import render
from workflow.adapters.blobs import open_blobs
from workflow.adapters.foreign_box import look
from workflow.domain.errors import BadInput
from workflow.domain.outgoing import Action, State
from workflow.services.documents.files import Place, move_boxes
from workflow.services.signing import returning
from workflow.store import documents
from workflow.store.models import Journal
from workflow.store.session import unit_of_work


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """No query here is asked of one database only."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture
def counter(engine: Engine, tmp_path: Path) -> Counter:
    return Counter(papers_of(build(engine), open_blobs(str(tmp_path / "blobs"))))


def stamp(
    counter: Counter, document_id: int, *, lines: tuple[str, ...] = (), name: str = "Nguyễn Thị Lan"
) -> bytes:
    """Words with their Vietnamese letters, as programs that embed a font draw them; here by our own typesetting."""
    with unit_of_work(counter.papers.office.engine) as uow:
        row = next(one for one in documents.boxes_of(uow.session, document_id) if one.name == "leader")
        size = render.Size(row.right - row.left, row.top - row.bottom)
    return render.leader_stamp(size, lines=lines, name=name, signed_at=NOON)


def _words(text: str) -> Callable[[Look], None]:
    """More words, in a font of the program's own."""

    def change(look: Look) -> None:
        font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/Helvetica"))
        look.resources = {"Font": entries(F=font)}
        look.content += f" BT /F 9 Tf 6 86 Td ({text}) Tj ET".encode()

    return change


def _handwriting(look: Look) -> None:
    """A line as a pen makes it."""
    look.content += b" q 0 0 1 RG 1 w 10 20 m 40 60 80 5 120 40 c S Q"


def _other_handwriting(look: Look) -> None:
    look.content += b" q 0 0 1 RG 1 w 10 50 m 60 10 80 55 140 30 c S Q"


def _image(look: Look) -> None:
    look.forms = {"Given": look.drawing, "P": picture(look, 90)}
    look.content += b" q 20 0 0 20 2 2 cm /P Do Q"


def _white_over_page(look: Look) -> None:
    look.content = b"1 1 1 rg 0 0 900 900 re f " + look.content


def _invisible(look: Look) -> None:
    """The right words, not to be seen."""
    font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/Helvetica"))
    look.resources = {"Font": entries(F=font)}
    look.content = b"BT 3 Tr /F 12 Tf 6 30 Td (Ky boi: Nguyen Thi Lan) Tj ET"


def _in_white(look: Look) -> None:
    """Another name in letters that are drawn over by what seems to be one's own."""
    font = entries(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/Helvetica"))
    look.resources = {"Font": entries(F=font)}
    look.content = b"BT 1 1 1 rg /F 12 Tf 6 30 Td (Ky boi: Nguyen Thi Lan) Tj ET"


TAKEN: dict[str, Callable[[Look], None] | None] = {
    "as we draw it": None, "name and time": _words("Ky boi: Nguyen Thi Lan 23/11/2026"),
    "with an e-mail": _words("Email: leader@example.gov.vn"),
}  # fmt: skip
LOOKED_AT: dict[str, tuple[Callable[[Look], None], str]] = {
    "handwriting": (_handwriting, "picture"), "an image": (_image, "picture"),
    "a remark": (_words("Dong y cap dat"), "words"), "invisible words": (_invisible, "unlike"),
    "words in white": (_in_white, "unlike"),
}  # fmt: skip
REFUSED: dict[str, tuple[Callable[[Look], None], str]] = {
    "another's name": (_words("Chu tich Dang Quoc Viet"), "returned_says_name"),
    "a number": (_words("So: 312/QD-UBND"), "returned_says_number"),
    "another day": (_words("Ngay ky: 01/02/2020"), "returned_says_date"),
    "a sum": (_words("Duyet 500 trieu"), "returned_says_amount"),
}  # fmt: skip


def test_what_programs_draw_is_taken_and_the_rest_is_not(counter: Counter) -> None:
    """The same file without the fault is taken at the end; nothing moves before."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent, plain = counter.sent(document_id), stamp(counter, document_id)
    for name, (change, code) in REFUSED.items():
        assert counter.refused(document_id, sign_box(sent, key, "leader", plain, change)) == code, name
    for name, (change, _why) in LOOKED_AT.items():
        data = sign_box(sent, key, "leader", plain, change)
        assert counter.refused(document_id, data) == "returned_look", name
    other = stamp(counter, document_id, name="Đặng Quốc Việt")
    assert counter.refused(document_id, sign_box(sent, key, "leader", other)) == "returned_says_name"
    assert counter.bring(document_id, sign_box(sent, key, "leader", plain)).conclusion == "passed"
    assert counter.papers.row(document_id).state == State.SIGNED


@pytest.mark.parametrize("change", TAKEN.values(), ids=TAKEN)
def test_usual_words_are_taken(counter: Counter, change: Callable[[Look], None] | None) -> None:
    """Without a question."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    data = sign_box(counter.sent(document_id), key, "leader", stamp(counter, document_id), change)
    assert counter.bring(document_id, data).conclusion == "passed"
    assert _told(counter, document_id) == []


def _brought(counter: Counter, document_id: int, data: bytes, *, looked_at: str = "") -> Any:
    """As the page does it, with what its signer saw."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    token = counter.opened(key)
    papers.do(returning.offer, "leader", session=token, login_session_id=None, document_id=document_id,
              version=papers.row(document_id).version)  # fmt: skip
    with unit_of_work(papers.office.engine) as uow:
        scope, actor = papers.office.scope("leader"), papers.office.actor("leader")
        seen = returning.inspect(
            uow, actor, scope, purpose="leader", data=data, among=[document_id], blobs=papers.blobs
        )
        found = returning.look(
            uow, actor, scope, session=token, login_session_id=None, inspected=seen, now=papers.now
        )
    outcome = papers.do(
        returning.take_back, "leader", session=token, login_session_id=None, inspected=seen, blobs=papers.blobs,
        looked_at=looked_at or found.digest,
    )  # fmt: skip
    return found, outcome


def _told(counter: Counter, document_id: int) -> list[dict[str, Any]]:
    with unit_of_work(counter.papers.office.engine) as uow:
        rows = uow.session.scalars(
            select(Journal).where(
                Journal.subject == f"outgoing:{document_id}", Journal.tag == "document:box:confirmed"
            )
        ).all()
        return [json.loads(row.body)["facts"] for row in rows]


@pytest.mark.parametrize(("change", "why"), LOOKED_AT.values(), ids=LOOKED_AT)
def test_its_signer_looks_and_says_so(counter: Counter, change: Callable[[Look], None], why: str) -> None:
    """Only who names the picture that is shown has seen it; what was answered stands in the journal."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    data = sign_box(counter.sent(document_id), key, "leader", stamp(counter, document_id), change)
    with pytest.raises(BadInput, match="returned_look"):
        _brought(counter, document_id, data, looked_at="0" * 64)
    found, outcome = _brought(counter, document_id, data)
    assert (found.why, outcome.conclusion) == (why, "passed")
    [fact] = _told(counter, document_id)
    assert (fact["why"], fact["looked_at"], fact["field"]) == (why, found.digest, "leader")


def test_a_picture_is_confirmed_once(counter: Counter) -> None:
    """The same handwriting on the next document is known; another one is not, nor what is written beside it."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    first, second = papers.awaiting(), papers.awaiting(subject="V/v việc khác")
    plain = stamp(counter, first)
    _brought(counter, first, sign_box(counter.sent(first), key, "leader", plain, _handwriting))
    sent = counter.sent(second)

    def both(one: Callable[[Look], None], other: Callable[[Look], None]) -> Callable[[Look], None]:
        def change(look: Look) -> None:
            one(look)
            other(look)

        return change

    assert counter.refused(second, sign_box(sent, key, "leader", plain, _other_handwriting)) == "returned_look"
    spoken = both(_handwriting, _words("Chu tich Dang Quoc Viet"))
    assert counter.refused(second, sign_box(sent, key, "leader", plain, spoken)) == "returned_says_name"
    remarked = both(_handwriting, _words("Dong y cap dat"))
    assert counter.refused(second, sign_box(sent, key, "leader", plain, remarked)) == "returned_look"
    assert counter.bring(second, sign_box(sent, key, "leader", plain, _handwriting)).conclusion == "passed"


def test_nothing_on_the_page_is_hidden(counter: Counter) -> None:
    """A white ground over letters of the page is refused; ink over them is not."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    document_id = papers.draft()
    with unit_of_work(papers.office.engine) as uow:
        row = next(one for one in documents.boxes_of(uow.session, document_id) if one.name == "leader")
        page, size = row.page, (row.right - row.left, row.top - row.bottom)
    papers.do(
        move_boxes, "drafter", document_id=document_id, version=papers.row(document_id).version, blobs=papers.blobs,
        places=(Place(name="leader", page=page, left=85, bottom=600, right=85 + size[0], top=600 + size[1]),),
    )  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    sent, plain = counter.sent(document_id), stamp(counter, document_id)
    covering = sign_box(sent, key, "leader", plain, _white_over_page)
    assert counter.refused(document_id, covering) == "returned_covers"
    _found, outcome = _brought(counter, document_id, sign_box(sent, key, "leader", plain, _handwriting))
    assert outcome.conclusion == "passed"


def test_a_box_that_cannot_be_read_is_an_answer(counter: Counter) -> None:
    """Broken bytes, another field, nothing at all."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    good = elsewhere.sign_elsewhere(counter.sent(document_id), key)
    assert look(good, {"field": "leader"}).json["pictures"] == ""
    for data, field in ((good, "other"), (good, "seal"), (good[: len(good) // 3], "leader"), (b"", "leader")):
        with pytest.raises(BadInput, match="box_unreadable"):
            look(data, {"field": field})


def test_the_day_of_another_clock_is_the_same_day(counter: Counter) -> None:
    """A program that writes UTC names yesterday, at one in the morning here."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    document_id = papers.awaiting()
    papers.now = NOON.replace(hour=18)
    data = elsewhere.sign_elsewhere(counter.sent(document_id), key, at=papers.now)
    assert counter.bring(document_id, data).conclusion in {"passed", "indeterminate"}
    assert dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC) == papers.now
