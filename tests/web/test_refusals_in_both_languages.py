"""Each refusal that a person can meet on the way of a document: readable in Vietnamese and in English.

That each of them really happens, with this code, is shown elsewhere: tests/journeys, tests/services, tests/attacks,
tests/signer and tests/web/documents.
"""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.support.browser import Browser
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.errors import (
    BadInput,
    Conflict,
    Missing,
    NotFound,
    NotPermitted,
    Refused,
    WorkflowError,
    WrongState,
)
from workflow.web.errors import Trouble, explain
from workflow.web.i18n import CATALOGUES
from workflow.web.signer_texts import signer_texts

BY_THE_SERVER: dict[str, WorkflowError] = {
    "expired certificate": Refused("certificate_expired"),
    "revoked certificate": Refused("certificate_revoked"),
    "somebody else's certificate": NotPermitted("certificate_of_somebody_else", subject="Lan", serial="4a1f"),
    "prepared PDF swapped": BadInput("signature_does_not_fit"),
    "signature of A posted for B": BadInput("signature_does_not_fit"),
    "stale form": Conflict("stale", state="in_review", version=2),
    "another unit's document": NotFound("document_not_found"),
    "encrypted PDF": BadInput("draft_encrypted"),
    ".docx renamed .pdf": BadInput("draft_not_pdf"),
    "0 bytes": BadInput("draft_empty"),
    "0 bytes, said by the form": BadInput("file_empty"),
    "over the limit": BadInput("file_too_large", limit=30),
    "page-wide form field": BadInput("draft_page_wide_field", page=1),
    "dangling reference": BadInput("draft_dangling_reference"),
    "JavaScript": BadInput("draft_javascript"),
    "sign before approval": WrongState("wrong_state", action="sign", state="draft"),
    "seal before signature": Missing("leader_signature"),
    "seal before the number": Missing("number_on_paper"),
}
IN_THE_BROWSER = {
    "wrong password": "wrong_password",
    "prepared PDF swapped": "digest_mismatch",
    "another version than was read": "not_the_version_read",
}
LANGUAGES = ("vi", "en")


def explained(app: Flask, error: WorkflowError, language: str) -> Trouble:
    """The words of one language."""
    with app.test_request_context("/help", headers={"Cookie": f"trinhky_language={language}"}):
        app.preprocess_request()
        return explain(error)


@pytest.mark.parametrize("name", BY_THE_SERVER)
def test_a_refusal_says_what_happened_and_what_now(app: Flask, name: str) -> None:
    """In both languages, with its values filled in, and never in the words of a class where it has its own."""
    vietnamese, english = (explained(app, BY_THE_SERVER[name], language) for language in LANGUAGES)
    for told in (vietnamese, english):
        assert told.title
        assert told.kept or told.next, "what was kept, or what to do"
        words = " ".join((told.title, told.kept, told.next))
        assert "%(" not in words
        assert "–" not in words, "a value is missing"
        assert told.code not in words
    assert vietnamese.title != english.title
    assert not vietnamese.title.isascii()
    assert english.title.isascii()


@pytest.mark.parametrize("name", IN_THE_BROWSER)
def test_what_the_browser_itself_refuses_has_its_sentence(app: Flask, name: str) -> None:
    """Handed to the signer's page in the reader's language: no request is made to say it."""
    sentences = []
    for language in LANGUAGES:
        with app.test_request_context("/help", headers={"Cookie": f"trinhky_language={language}"}):
            app.preprocess_request()
            sentences.append(json.loads(signer_texts())[IN_THE_BROWSER[name]])
    assert all(sentences)
    assert sentences[0] != sentences[1]


def test_a_double_click_hears_that_it_is_done() -> None:
    """No refusal at all: the good news again, and that it is not new."""
    assert CATALOGUES["vi"].texts["", "This was done already. %(sentence)s"].endswith("%(sentence)s")


@pytest.fixture
def papers(client: Browser, settings: Settings) -> Papers:
    """The office with keys, on the morning of the application's clock."""
    return papers_of(client.office, open_blobs(settings.blob_url), now=client.clock())


@pytest.mark.parametrize(("language", "words"), [("vi", "ký được"), ("en", "can be signed now")])
def test_signing_and_sealing_too_early_is_told_on_the_page(
    client: Browser, papers: Papers, language: str, words: str
) -> None:
    """The page names the paper, says why it is left out and offers no key."""
    client.set_cookie("trinhky_language", language)
    draft, waiting = papers.draft(subject="Chưa duyệt"), papers.awaiting(subject="Chưa ký")
    early = client.login("leader").get(f"/sign?documents={draft}").text
    sealing = client.login("clerk").get(f"/sign/seal?documents={waiting}").text
    for page, subject in ((early, "Chưa duyệt"), (sealing, "Chưa ký")):
        assert words in page
        assert subject in page
        assert "data-key-file" not in page
