"""A leader takes a copy away, signs it in a program of their own and brings it back, on a PC and at the width of a
phone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.support.elsewhere import sign_elsewhere, with_note
from tests.support.live import Town
from tests.support.seats import Seats
from workflow.domain.key_holders import KeyHolder
from workflow.store.models import Signature
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_taken_away_signed_and_brought_back(people: Seats, town: Town, width: int) -> None:
    """One that was drawn on is refused with what was found, and so are a swapped paper and another person's key;
    then the good one of the same paper is taken."""
    document = town.papers.awaiting(subject="V/v mời họp")
    seat = people.of("leader", width=width)
    seat.go(f"/sign/leader/elsewhere?documents={document}").confirm_it_is_me()
    with seat.page.expect_download() as copy:
        seat.page.locator(f'a[href$="/sign/leader/elsewhere/{document}.pdf"]').click()
    taken, key = copy.value.path().read_bytes(), town.papers.keys.held["leader"]
    other, deputy = town.papers.awaiting(subject="V/v việc khác"), town.papers.keys.held["deputy"]
    swapped = town.papers.blobs.get(str(town.papers.row(other).file_sha256))
    with ThreadPoolExecutor(1) as beside:
        wrong = [beside.submit(sign_elsewhere, data, who, at=town.papers.now).result()
                 for data, who in ((swapped, key), (taken, deputy))]  # fmt: skip
    seat.page.set_input_files("#f-files", [{"name": copy.value.suggested_filename, "mimeType": "application/pdf",
                                            "buffer": one} for one in wrong])  # fmt: skip
    seat.page.locator("form:has(#f-files) button[type=submit]").click()
    main = seat.page.locator("main")
    for words in (
        "Đã nhận 0 trong 2 tệp",
        "Tệp không bắt đầu bằng đúng bản để ký đã phát",
        "đã đăng ký cho người khác",
    ):
        expect(main).to_contain_text(words)
    assert town.papers.row(document).state == town.papers.row(other).state == "awaiting_signature"
    for data, state in ((with_note(taken), "awaiting_signature"), (taken, "signed")):
        with ThreadPoolExecutor(1) as beside:  # the browser's loop runs in this thread
            signed = beside.submit(sign_elsewhere, data, key, at=town.papers.now).result()
        file = {"name": "da-ky.pdf", "mimeType": "application/pdf", "buffer": signed}
        seat.page.set_input_files("#f-files", [file])
        seat.page.locator("form:has(#f-files) button[type=submit]").click()
        words = "Đã nhận 1 trong 1 tệp" if state == "signed" else "Có ghi chú hoặc hình vẽ được thêm vào văn bản."
        expect(seat.page.locator("main")).to_contain_text(words)
        assert town.papers.row(document).state == state
    with unit_of_work(town.engine) as uow:
        assert uow.session.scalars(select(Signature.key_holder)).all() == [KeyHolder.UPLOADED]
