"""What is larger than the service reads: what happened, what was kept, what to do, for people and for programs."""

from __future__ import annotations

import pytest

from tests.support.browser import Browser
from tests.web.api.conftest import token_for
from workflow.config import Settings

MEGABYTE = 1024 * 1024
LARGE, FORM = bytes(4 * MEGABYTE), "multipart/form-data; boundary=x"
SCAN = "200 dpi"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Files of at most one megabyte, so that a test can exceed it."""
    return Settings(
        database_url=settings.database_url, blob_url=settings.blob_url, secret_key=settings.secret_key,
        max_upload=MEGABYTE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ("quá lớn: 4 MB; mỗi lần nhận nhiều nhất 1 MB", "không tệp nào được lưu lại", "giữ nguyên", SCAN)),
        ("en", ("too large: 4 MB; at most 1 MB are taken", "no file was kept", "must stay as it is", SCAN)),
    ],
)
def test_a_person_reads_what_to_do_and_goes_back(client: Browser, language: str, words: tuple[str, ...]) -> None:
    """How much it was, how much is taken, that nothing was kept but what was typed; the form is one press away
    where there is one at that address."""
    client.set_cookie("trinhky_language", language)
    client.login("drafter")
    for path, form in (("/outgoing/new?answers=", True), ("/outgoing/1/actions/attach_scan", False)):
        answer = client.post(path, data=LARGE, content_type=FORM)
        assert answer.status_code == 413
        assert answer.headers["Connection"] == "close"
        assert "data-typed-stays" in answer.text
        assert [part for part in words if part not in answer.text] == []
        assert (f'<a class="btn btn-primary" href="{path}">' in answer.text) is form


@pytest.mark.parametrize(
    ("language", "kept"), [("vi", "không phần nào được lưu lại"), ("en", "nothing of it was kept")]
)
def test_a_program_reads_the_same_as_a_problem(client: Browser, language: str, kept: str) -> None:
    """By the API, and by a script of a page: the numbers, what was kept, what to send instead."""
    secret = token_for(client.engine, client.office, "drafter", now=client.clock())
    told = {
        "Authorization": f"Bearer {secret}", "Accept-Language": language, "Content-Type": "application/json",
    }  # fmt: skip
    by_api = client.logout().post("/api/v1/documents/1/actions", data=LARGE, headers=told)
    client.set_cookie("trinhky_language", language)
    client.login("drafter")
    wanted = {"Accept": "application/json"}
    by_script = client.post("/outgoing/new", data=LARGE, content_type=FORM, headers=wanted)
    for answer in (by_api, by_script):
        assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
        assert answer.json["code"] == "413"
        assert "1 MB" in answer.json["title"]
        assert kept in answer.json["detail"]
        assert answer.json["detail"].endswith(("sẽ lại bị từ chối.", "it is refused again."))
