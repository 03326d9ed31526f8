"""Writing a draft: one form, nothing typed is lost, bad files named with their reason."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pikepdf
import pytest

from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers, letter
from workflow.config import Settings
from workflow.domain.outgoing import Action
from workflow.store import documents as store
from workflow.store.session import unit_of_work

TYPED = {
    "type_code": "decision",
    "subject": "Phê duyệt quyết toán đường liên thôn",
    "recipients": "Như Điều 3\nLưu: VT",
    "urgency": "urgent",
    "due_on": "27/11/2026",
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Files of at most 300 kB, so that a test can exceed it."""
    return Settings(
        database_url=settings.database_url, blob_url=settings.blob_url, secret_key=settings.secret_key,
        max_upload=300 * 1024,
    )  # fmt: skip


def typed(papers: Papers, **more: Any) -> dict[str, Any]:
    """The whole form, filled in."""
    return TYPED | {"signer": f"{papers.office.posts['deputy'].id}:kt"} | more


def pdf(data: bytes, name: str = "du-thao.pdf") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(data), name


def encrypted() -> bytes:
    """A PDF with a password."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter())) as made:
        made.save(stream, encryption=pikepdf.Encryption(owner="a", user="b"))
    return stream.getvalue()


def test_a_draft_with_its_file_is_saved_and_submitted(client: Browser, papers: Papers) -> None:
    """One form for facts and file leads to the boxes; one click there submits; a second one changes nothing."""
    answer = client.login("drafter").post("/outgoing/new", data=typed(papers, submit="1", file=pdf(letter())))
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/plan?new=1")
    document_id = int(re.findall(r"/outgoing/(\d+)", answer.headers["Location"])[0])
    assert papers.row(document_id).state == "draft"
    shown = client.get(answer.headers["Location"]).text
    fields = dict(re.findall(r'name="(\w+-\w+)" type="number"[^>]* value="([^"]+)"', shown))
    form = fields | {"version": version_of(shown), "submit": "1"}
    sent = client.post(f"/outgoing/{document_id}/plan", data=form)
    assert sent.headers["Location"].endswith("done=submit")
    twice = client.post(f"/outgoing/{document_id}/plan", data=form)
    assert twice.headers["Location"].endswith("done=submit&already=1")
    row = papers.row(document_id)
    assert (row.state, row.type_code, row.capacity, row.pages) == ("in_review", "decision", "kt", 1)
    assert row.subject == TYPED["subject"]
    assert row.due_at is not None


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"PK\x03\x04 a word document", "van-ban.pdf", "This is neither a PDF nor a Word file"),
        (b"", "trong.pdf", "0 bytes"),
        (b"%PDF-1.4\n" + b"x" * 400_000, "lon.pdf", "too large"),
        (encrypted(), "khoa.pdf", "protected by a password"),
        (b"%PDF-1.7\n1 0 obj\n", "hong.pdf", "damaged"),
    ],
)
def test_bad_files_say_why_and_keep_everything_else(
    client: Browser, papers: Papers, data: bytes, name: str, reason: str
) -> None:
    """The reason stands at the file; the draft is saved; every field still holds what was typed."""
    client.set_cookie("trinhky_language", "en")
    answer = client.login("drafter").post("/outgoing/new", data=typed(papers, submit="1", file=pdf(data, name)))
    assert answer.status_code == 422
    assert reason in answer.text
    assert 'id="e-file"' in answer.text
    assert "The draft itself was saved." in answer.text
    for words in (TYPED["subject"], "Như Điều 3\nLưu: VT</textarea>", 'value="decision" selected'):
        assert words in answer.text
    with unit_of_work(client.engine) as uow:
        rows = store.page(papers.office.scope("drafter"), uow.session, wanted=store.Filter())
    assert [row.state for row in rows] == ["draft"]


def test_the_chosen_template_stays_while_the_file_is_refused(client: Browser, papers: Papers) -> None:
    """The draft is kept, its form still offers what was chosen, and goes on with it once the file is left out."""
    client.set_cookie("trinhky_language", "en")
    form = typed(papers, submit="1", template="built:decision")
    refused = client.login("drafter").post("/outgoing/new", data=form | {"file": pdf(b"", "trong.pdf")})
    assert refused.status_code == 422
    assert '<option value="built:decision" selected>' in refused.text
    address = re.findall(r'action="(/outgoing/\d+/edit)"', refused.text)[0]
    sent = client.post(address, data=form | {"version": version_of(refused.text)})
    assert sent.headers["Location"].partition("?")[0] == address.replace("/edit", "/text")
    other = client.post(address, data=form | {"version": version_of(refused.text), "template": "built:letter"})
    assert (other.status_code, 'id="e-template"' in other.text) == (422, True)


def test_a_day_that_is_over_is_no_due_day(client: Browser, papers: Papers) -> None:
    """Refused at its field in words of its own, long ago too; one that has passed since it was entered may stay."""
    client.set_cookie("trinhky_language", "en")
    client.login("drafter")
    for day in ("22/11/2026", "01/01/2020"):
        answer = client.post("/outgoing/new", data=typed(papers, due_on=day))
        assert (answer.status_code, "That day is over." in answer.text) == (422, True)
        assert 'id="e-due_on"' in answer.text
    made = client.post("/outgoing/new", data=typed(papers, due_on="23/11/2026"))
    key = int(re.findall(r"/outgoing/(\d+)", made.headers["Location"])[0])
    with unit_of_work(client.engine) as uow:
        uow.begin_write()
        row = store.for_jobs(uow.session, key, reason="a test lets a week pass")
        assert row.due_at is not None
        row.due_at -= dt.timedelta(days=7)
        uow.commit()
    form = typed(papers, due_on="16/11/2026", version=papers.row(key).version)
    assert client.post(f"/outgoing/{key}/edit", data=form | {"subject": "Khác"}).status_code == 303
    answer = client.post(f"/outgoing/{key}/edit", data=form | {"due_on": "17/11/2026"})
    assert (answer.status_code, "That day is over." in answer.text) == (422, True)


def test_missing_words_are_named_at_their_field(client: Browser, papers: Papers) -> None:
    """No subject: nothing is made, the other fields stay."""
    client.set_cookie("trinhky_language", "en")
    answer = client.login("drafter").post("/outgoing/new", data=typed(papers, subject=" "))
    assert answer.status_code == 422
    assert 'href="#f-subject"' in answer.text
    assert "Như Điều 3" in answer.text


def test_sending_the_form_twice_makes_one_draft(client: Browser, papers: Papers) -> None:
    """A double click on "save" is answered with the draft that was made."""
    client.login("drafter")
    first = client.post("/outgoing/new", data=typed(papers))
    second = client.post("/outgoing/new", data=typed(papers))
    assert second.headers["Location"].startswith(first.headers["Location"].split("?")[0])
    assert "already=1" in second.headers["Location"]


def test_back_with_a_better_file_mends_the_draft(client: Browser, papers: Papers) -> None:
    """The file was refused, "back", the right file: it goes into the draft that was saved."""
    client.login("drafter")
    client.post("/outgoing/new", data=typed(papers, submit="1", file=pdf(b"PK\x03\x04 a word document")))
    answer = client.post("/outgoing/new", data=typed(papers, submit="1", file=pdf(letter())))
    assert answer.headers["Location"].endswith("/plan?new=1")
    again = client.post("/outgoing/new", data=typed(papers, submit="1", file=pdf(letter())))
    assert again.headers["Location"] == answer.headers["Location"]
    with unit_of_work(client.engine) as uow:
        rows = store.page(papers.office.scope("drafter"), uow.session, wanted=store.Filter())
    assert [row.state for row in rows] == ["draft"]


def test_same_words_with_another_file_are_another_draft(client: Browser, papers: Papers) -> None:
    """Nothing that was sent is thrown away because a draft of a moment ago says the same."""
    client.login("drafter")
    client.post("/outgoing/new", data=typed(papers, file=pdf(letter())))
    answer = client.post("/outgoing/new", data=typed(papers, file=pdf(letter("V/v việc khác"))))
    assert "already" not in answer.headers["Location"]
    with unit_of_work(client.engine) as uow:
        rows = store.page(papers.office.scope("drafter"), uow.session, wanted=store.Filter())
    assert len(list(rows)) == 2


def test_back_to_the_form_of_a_submitted_draft_shows_the_paper(client: Browser, papers: Papers) -> None:
    """No form that could only be refused."""
    document_id = papers.in_review()
    answer = client.login("drafter").get(f"/outgoing/{document_id}/edit")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/outgoing/{document_id}")


def test_only_allowed_signers_and_capacities_are_offered(client: Browser, papers: Papers) -> None:
    """The list holds the agency's leaders and heads in their capacities; a made-up pair is refused."""
    client.login("drafter")
    page = client.get("/outgoing/new").text
    posts = papers.office.posts
    assert f'value="{posts["leader"].id}:head"' in page
    assert f'value="{posts["deputy"].id}:kt"' in page
    assert f'value="{posts["leader"].id}:kt"' not in page
    assert f'value="{posts["far_leader"].id}:head"' not in page
    for signer in (f"{posts['leader'].id}:kt", f"{posts['far_leader'].id}:head", "x", "1:nonsense"):
        assert client.post("/outgoing/new", data=typed(papers, signer=signer)).status_code == 422


def test_secret_papers_carry_no_file(client: Browser, papers: Papers) -> None:
    """Metadata only: a file is refused with the reason."""
    client.set_cookie("trinhky_language", "en")
    answer = client.login("drafter").post("/outgoing/new", data=typed(papers, secret="true", file=pdf(letter())))
    assert answer.status_code == 422
    assert "The content of state secrets is not kept here." in answer.text


def test_editing_shows_and_changes_what_is_stored(client: Browser, papers: Papers) -> None:
    """The form comes filled; saving it unchanged adds nothing to the history."""
    document_id = papers.draft(subject="Bản đầu")
    before = papers.row(document_id).version
    page = client.login("drafter").get(f"/outgoing/{document_id}/edit").text
    assert "Bản đầu" in page
    signer = f"{papers.office.posts['leader'].id}:head"
    same = {"version": version_of(page), "type_code": "letter", "subject": "Bản đầu", "recipients": "Các thôn",
            "urgency": "normal", "signer": signer}  # fmt: skip
    client.post(f"/outgoing/{document_id}/edit", data=same)
    assert papers.row(document_id).version == before
    client.post(f"/outgoing/{document_id}/edit", data=same | {"subject": "Bản sau"})
    assert papers.row(document_id).subject == "Bản sau"


def test_a_stale_form_shows_both_versions(client: Browser, papers: Papers) -> None:
    """A new file came in another window meanwhile: what I typed and what stands now are both on the page."""
    document_id = papers.draft(subject="Bản đầu")
    page = client.login("drafter").get(f"/outgoing/{document_id}/edit").text
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.RETURN, "Sửa trích yếu")
    form = {"version": version_of(page), "type_code": "letter", "subject": "Cửa sổ này", "urgency": "normal"}
    answer = client.post(f"/outgoing/{document_id}/edit", data=form)
    assert answer.status_code == 409
    assert "Cửa sổ này</textarea>" in answer.text
    assert "Bản đầu" in answer.text.split("stands-title")[-1]
    again = client.post(f"/outgoing/{document_id}/edit", data=form | {"version": version_of(answer.text)})
    assert again.status_code == 303
    assert papers.row(document_id).subject == "Cửa sổ này"


def test_a_form_that_lost_its_draft_shows_both_versions(client: Browser, papers: Papers) -> None:
    """The draft was submitted meanwhile: my words are in the form, the stored ones beside it."""
    document_id = papers.draft(subject="Đã trình đi")
    page = client.login("drafter").get(f"/outgoing/{document_id}/edit").text
    papers.act("drafter", document_id, Action.SUBMIT)
    answer = client.post(
        f"/outgoing/{document_id}/edit",
        data={"version": version_of(page), "type_code": "letter", "subject": "Tôi vừa sửa", "urgency": "normal"},
    )
    assert answer.status_code == 409
    assert "Tôi vừa sửa</textarea>" in answer.text
    assert "Đã trình đi" in answer.text.split("stands-title")[-1]
    assert papers.row(document_id).subject == "Đã trình đi"


def test_somebody_elses_draft_cannot_be_changed(client: Browser, papers: Papers) -> None:
    """The head of the unit reads it, but only its drafter writes."""
    document_id = papers.draft(subject="Của tôi")
    page = client.login("head").get(f"/outgoing/{document_id}/edit").text
    answer = client.post(
        f"/outgoing/{document_id}/edit",
        data={"version": version_of(page), "type_code": "letter", "subject": "Sửa hộ", "urgency": "normal"},
    )
    assert answer.status_code in {403, 422}
    assert papers.row(document_id).subject == "Của tôi"
