"""What the pages of a document refuse: files that are no drafts, stale and doubled forms, other people's papers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from signing.testing import drafts
from tests.support import live
from tests.support.live import Town, as_upload
from tests.support.papers import letter
from tests.support.seats import Seats, vi
from tests.support.word_files import altered
from workflow.domain.outgoing import Action
from workflow.store import documents as store
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for all refusals; a draft may hold one megabyte here."""
    with live.running(sqlite_template, tmp_path_factory.mktemp("town"), max_upload=MEGABYTE) as made:
        yield made


@pytest.fixture(scope="module")
def unfiled(town: Town) -> int:
    """A draft without its file; none of the refused ones may stick to it."""
    return town.papers.draft(file=False)


def encrypted() -> bytes:
    """A letter that asks for a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (encrypted, "The PDF is protected by a password."),
    "docx with macros": (lambda: altered(**{"word/vbaProject.bin": b"x"}), "The Word file holds macros."),
    "0 bytes": (lambda: b"", "The file is empty (0 bytes)."),
    "over the limit": (lambda: drafts.plain() + bytes(MEGABYTE), "The file is too large: at most %(limit)s MB."),
    "JavaScript": (drafts.HOSTILE["script on opening"][1], "The PDF holds a program (JavaScript)."),
    "dangling reference": (
        drafts.HOSTILE["dangling deep"][1],
        "The PDF refers to a part that is missing and could be added later.",
    ),
    "page-wide field": (
        drafts.HOSTILE["page-wide field"][1],
        "Page %(page)s holds a form field as large as the page, which could cover it later.",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_drafts(people: Seats, town: Town, unfiled: int, name: str) -> None:
    """The form says what is wrong with the file and what to do; what was typed beside it is kept."""
    make, words = FILES[name]
    seat = people.of("drafter", width=390 if len(name) % 2 else 1280).go(f"/outgoing/{unfiled}/edit")
    seat.page.fill("#f-subject", f"V/v thử tệp: {name}")
    seat.page.set_input_files("#f-file", as_upload("công văn.pdf", make(), "application/pdf"))
    seat.press("Save the draft")
    expect(seat.page.locator("#e-file")).to_contain_text(vi(words, limit=1, page=1))
    expect(seat.page.locator("#f-subject")).to_have_value(f"V/v thử tệp: {name}")
    assert town.papers.row(unfiled, "drafter").file_sha256 is None


def test_a_file_that_nobody_wants_to_read(people: Seats, unfiled: int) -> None:
    """Far over the limit it is told beside the field before anything is sent. Sent all the same the server does not
    even look: a page says how much it takes, and what was typed is in the form again, by its link and by going
    back."""
    seat = people.of("drafter").go(f"/outgoing/{unfiled}/edit")
    page, words = seat.page, "V/v tệp quá lớn"
    large = as_upload("to.pdf", bytes(3 * MEGABYTE), "application/pdf")
    page.fill("#f-subject", words)
    page.set_input_files("#f-file", large)
    expect(page.locator("#f-file + .invalid")).to_contain_text("Đã chọn 3 MB; mỗi lần gửi được tối đa 1 MB.")
    seat.press("Save the draft")
    expect(page.locator("#f-subject")).to_have_value(words)
    assert seat.refusals == []
    for way in ("Back to the form", ""):
        page.set_input_files("#f-file", large)
        page.locator("#f-file").evaluate("input => input.form.noValidate = true")
        seat.press("Save the draft")
        expect(page.locator("main h1")).to_have_text(
            vi("What was sent is too large: %(sent)s MB; at most %(limit)s MB are taken at once.", sent=4, limit=1)
        )
        if way:
            seat.follow(way)
        else:
            page.go_back()
        expect(page.locator("#f-subject")).to_have_value(words)
    assert seat.refusals == [413, 413]


def test_a_stale_form_shows_both_versions(people: Seats, town: Town) -> None:
    """Two tabs of the drafter: the second save reads what stands, and keeps what was typed."""
    document_id = town.papers.draft()
    path = f"/outgoing/{document_id}/edit"
    first, second = people.of("drafter").go(path), people.of("drafter", width=390).go(path)
    first.page.fill("#f-subject", "V/v bản thứ nhất")
    first.press("Save the draft").reads("The draft was saved.")
    second.page.fill("#f-subject", "V/v bản thứ hai")
    second.press("Save the draft").reads(
        "This document was acted on since you opened the page, by somebody else or by you in another window."
    )
    expect(second.page.locator("#f-subject")).to_have_value("V/v bản thứ hai")
    expect(second.page.locator("main")).to_contain_text("V/v bản thứ nhất")


def test_a_stale_button(people: Seats, town: Town) -> None:
    """The head returns what the drafter took back meanwhile: nothing happens twice, the words stay."""
    document_id = town.papers.in_review()
    head = people.of("head", width=390).go(f"/outgoing/{document_id}")
    town.papers.act("drafter", document_id, Action.WITHDRAW, "Sai số liệu")
    head.page.locator("summary", has_text=vi("Return with a reason")).click()
    head.page.fill("#remark-return", "Thiếu căn cứ")
    head.press("Return with a reason")
    expect(head.page.locator("#problems")).to_be_visible()
    assert town.papers.row(document_id, "drafter").state == "draft"


def test_a_double_click_acts_once(people: Seats, town: Town) -> None:
    """The nervous finger reads the same good news."""
    document_id = town.papers.draft()
    seat = people.of("drafter", width=390).go(f"/outgoing/{document_id}")
    seat.button("Submit").dblclick()
    seat.reads("Submitted.")
    with unit_of_work(town.engine) as uow:
        actions = [line.action for line, _name in store.history_of(uow.session, document_id)]
    assert actions.count(Action.SUBMIT) == 1


@pytest.mark.parametrize("name", ["far_drafter", "far_leader", "far_clerk", "lone_drafter"])
def test_somebody_elses_document(people: Seats, town: Town, unfiled: int, name: str) -> None:
    """The same page as for a document that does not exist, for the paper, its files and its pages."""
    seat = people.of(name)
    answers = [
        seat.page.request.get(f"{town.base}/outgoing/{number}{part}")
        for number in (unfiled, 999_999)
        for part in ("", "/edit", "/files/1/content", "/files/1/view", "/files/1/pages/1.webp")
    ]
    drafts_only = {403, 404}  # who drafts nothing may not even ask for the form
    assert [answer.status for answer in answers if "/edit" not in answer.url] == [404] * 8
    assert {answer.status for answer in answers if "/edit" in answer.url} <= drafts_only
    seat.go(f"/outgoing/{unfiled}")
    expect(seat.page.locator("main h1")).to_be_visible()
    assert "V/v" not in seat.page.locator("main").inner_text()
