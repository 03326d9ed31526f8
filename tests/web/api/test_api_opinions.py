"""Opinions by the API: one's own list, an answer on the text that was read, the document's side."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.support.asked import Asking
from tests.support.attached import annex
from tests.support.office import NOON, Office
from tests.support.papers import papers_of
from tests.web.api.conftest import Api
from workflow.adapters.blobs import open_blobs

TODAY = NOON.date()


@pytest.fixture
def made(office: Office) -> Asking:
    """Acts by short names."""
    return Asking(office)


def test_an_answer_is_given_on_the_text_that_was_read(api: Api, made: Asking) -> None:
    """Another file came meanwhile: a conflict, nothing recorded; then it is answered, once."""
    document = made.draft(subject="Về đê điều")
    [request] = made.ask(document, "lone_drafter@", due=TODAY)
    caller = api("lone_drafter")
    [row] = caller.get("/opinions", state="waiting").json["items"]
    assert (row["id"], row["subject"], row["document_id"]) == (request, "Về đê điều", None)
    made.text(document, "second")
    answer = {"verdict": "disagree", "words": "Sai thẩm quyền", "seen": row["file"]}
    path = f"/opinions/{request}/answers"
    refused = caller.post(path, answer)
    assert (refused.status_code, refused.json["code"]) == (409, "draft_changed")
    answer["seen"] = caller.get(f"/opinions/{request}").json["file"]
    assert caller.post(path, answer | {"words": ""}).status_code == 422
    assert caller.post(path, answer | {"seen": "x"}).status_code == 422
    told = caller.post(path, answer)
    assert (told.status_code, told.json["state"], told.json["may_answer"]) == (200, "answered", False)
    assert [one["words"] for one in told.json["answers"]] == ["Sai thẩm quyền"]
    assert caller.post(path, answer).status_code == 409
    [seen] = api("drafter").get(f"/documents/{document}/opinions").json["items"]
    assert (seen["verdict"], seen["answers"][0]["present"], seen["document_id"]) == ("disagree", True, document)


def test_what_was_read_is_the_file_with_its_attachments(api: Api, made: Asking, tmp_path: Path) -> None:
    """The key that the API gave is taken back as it is; once another file goes with the text it is a conflict."""
    papers = papers_of(made.office, open_blobs(str(tmp_path / "blobs")))
    document = papers.draft(attach=[("I.pdf", annex())])
    [request] = made.ask(document, "culture!")
    caller = api("culture_head")
    path, answer = f"/opinions/{request}/answers", {"verdict": "agree"}
    [row] = caller.get("/opinions", state="waiting").json["items"]
    assert "+" in row["file"]
    papers.attach(document, "II.pdf", annex("II"))
    refused = caller.post(path, answer | {"seen": row["file"]})
    assert (refused.status_code, refused.json["code"]) == (409, "draft_changed")
    alone = row["file"].partition("+")[0]
    assert caller.post(path, answer | {"seen": alone}).status_code == 409, "the file without what goes with it"
    told = caller.post(path, answer | {"seen": caller.get(f"/opinions/{request}").json["file"]})
    assert (told.status_code, told.json["state"], told.json["answers"][0]["present"]) == (200, "answered", True)
    papers.attach(document, "III.pdf", annex("III"))
    told = caller.get(f"/opinions/{request}")
    assert (told.json["state"], told.json["may_answer"], told.json["answers"][0]["present"]) == (
        "waiting",
        True,
        False,
    )
    assert [one["state"] for one in caller.get("/opinions").json["items"]] == ["waiting"]


def test_who_reads_along_does_not_answer(api: Api, made: Asking) -> None:
    """The drafter's own head sees the request and is refused; an inspector's token may not at all."""
    document = made.draft()
    [request] = made.ask(document, "lone_drafter@")
    found = api("head").get(f"/opinions/{request}").json
    assert found["may_answer"] is False
    body = {"verdict": "agree", "seen": found["file"]}
    assert api("head").post(f"/opinions/{request}/answers", body).status_code == 403
    assert api("inspector").post(f"/opinions/{request}/answers", body).status_code == 403


def test_lists_go_on_and_narrow(api: Api, made: Asking) -> None:
    """By side, kind, day and words, a page at a time; a damaged place is none."""
    document = made.draft()
    keys = [made.ask(document, who, due=TODAY + dt.timedelta(days=place))[0]
            for place, who in enumerate(("clerk@", "culture!", "chief@", "leader@"))]  # fmt: skip
    caller = api("drafter")
    first = caller.get("/opinions", side="by", sort="due", limit=3).json
    second = caller.get("/opinions", side="by", sort="due", limit=3, after=first["next"]).json
    assert [one["id"] for one in (*first["items"], *second["items"])] == keys
    assert second["next"] is None
    assert [one["id"] for one in caller.get("/opinions", side="by", kind="initials").json["items"]] == [keys[1]]
    assert caller.get("/opinions", side="by", to="2026-11-22").json["items"] == []
    assert len(caller.get("/opinions", side="by", q="chong bao").json["items"]) == 4
    assert caller.get("/opinions", after="x").status_code == 404
    assert caller.get("/opinions", side="mine").status_code == 422
