"""What refusals of the API say: a program has no top of the page, no session and nothing that it typed."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.papers import Papers
from tests.web.api.conftest import PREFIX, Api
from workflow.web.i18n import CATALOGUES
from workflow.web.messages.api import FOR_PROGRAMS

PAGE_WORDS = ("page", "below", "Log in", "desk", "trang", "bên dưới", "Đăng nhập lại")


def _read(client: FlaskClient, path: str, *, token: str, language: str) -> dict[str, Any]:
    headers = {"Accept-Language": language, **({"Authorization": f"Bearer {token}"} if token else {})}
    return dict(client.get(PREFIX + path, headers=headers).get_json())


@pytest.mark.parametrize(
    ("language", "words"), [("en", "expired or revoked"), ("vi", "hết hạn hoặc đã bị thu hồi")]
)
@pytest.mark.parametrize("token", ["", "x"])
def test_a_token_that_does_not_work_is_told_so(api: Api, token: str, language: str, words: str) -> None:
    """Missing or unknown: what is wrong with the token and where one is made, nothing of sessions."""
    told = _read(api("").client, "/documents", token=token, language=language)
    assert (told["status"], told["code"]) == (401, "not_logged_in")
    assert words in told["title"]
    assert "`Authorization: Bearer …`" in told["detail"]
    assert not {"below", "bên dưới", "phiên"} & set(told["detail"].split())


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_post_that_may_not_is_sent_to_another_token(api: Api, language: str) -> None:
    """A drafter asks for rates: no switch "at the top of the page", but the post of the token."""
    caller = api("drafter")
    told = _read(caller.client, "/rates", token=caller.token, language=language)
    assert (told["status"], told["code"]) == (403, "no_permission")
    assert "`/api/v1/me`" in told["detail"]
    assert not [word for word in PAGE_WORDS if word in told["detail"]]


def test_other_refusals_speak_to_programs(api: Api, papers: Papers) -> None:
    """Not there, wrong method, moved on: none sends a program to a page."""
    caller, document_id = api("clerk"), papers.awaiting()
    answers = (
        caller.get("/documents/999999"),
        caller.post("/me", {}),
        caller.post(f"/documents/{document_id}/actions", {"action": "number", "version": 1}),
    )
    assert [answer.status_code for answer in answers] == [404, 405, 409]
    for answer in answers:
        told = answer.get_json()
        assert not [word for word in PAGE_WORDS if word in f"{told['title']} {told['detail']}"]


def test_words_for_programs_exist_in_vietnamese() -> None:
    """Each part of each sentence is translated."""
    known = CATALOGUES["vi"].texts
    parts = {part for one in FOR_PROGRAMS.values() for part in (one.title, one.kept, one.next) if part}
    assert {part for part in parts if ("", part) not in known} == set()
