"""The API lists, reads and acts exactly as far as the pages do."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, update

from tests.support.browser import Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from tests.support.papers import Papers
from tests.web.api.conftest import Api
from workflow.domain.outgoing import Action, State
from workflow.store.models import ApiToken, PostRow
from workflow.store.session import unit_of_work
from workflow.web.api.document_schemas import DocumentRow


def test_without_a_token_nothing_opens(api: Api) -> None:
    """401 as a problem document that says how to come in; an unknown token is no better."""
    answer = api("").get("/documents")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.get_json()["code"] == "not_logged_in"
    assert api("").client.get("/api/v1/documents", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_token_ends(api: Api, engine: Engine, clock: Clock) -> None:
    """After its last moment, and at once when it is revoked."""
    caller, other = api("clerk"), api("leader")
    clock.advance(hours=25)
    assert caller.get("/me").status_code == 401
    clock.advance(hours=-25)
    assert other.get("/me").status_code == 200
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(ApiToken).values(revoked_at=clock()))
        uow.commit()
    assert other.get("/me").status_code == 401


def test_a_token_ends_with_its_post(api: Api, engine: Engine, office: Office, clock: Clock) -> None:
    """Whoever left a post acts in it no more, also by program."""
    caller = api("clerk")
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, office.posts["clerk"].id).valid_to = clock().date().replace(day=1)
        uow.commit()
    assert caller.get("/documents").status_code == 403


def test_whose_token_it_is(api: Api, office: Office) -> None:
    """Name, post and role."""
    found = api("clerk").get("/me").get_json()
    assert (found["name"], found["role"]) == (office.names["clerk"], "clerk")
    assert found["agency_id"] == office.units["commune"]


def test_the_list_goes_on_without_gaps_or_doubles(api: Api, office: Office) -> None:
    """By keyset, in every order, whatever the size of a page."""
    keys = add_issued(office, *(issued_row(office) for _number in range(7)))
    for sort in ("newest", "oldest", "issued", "number"):
        seen: list[int] = []
        after: dict[str, str] = {}
        while True:
            body = api("clerk").get("/documents", sort=sort, limit=3, **after).get_json()
            seen += [row["id"] for row in body["items"]]
            if body["next"] is None:
                break
            after = {"after": body["next"]}
        assert sorted(seen) == sorted(keys)
        assert len(seen) == len(set(seen)) == 7


def test_a_row_holds_what_is_described(api: Api, office: Office) -> None:
    """No column more and none less than the description promises."""
    add_issued(office, issued_row(office))
    row = api("clerk").get("/documents").get_json()["items"][0]
    assert set(row) == set(DocumentRow().fields)
    assert row["state_since"].endswith("+00:00")


def test_filters_narrow_as_on_the_page(api: Api, office: Office, papers: Papers) -> None:
    """State, words without accents, number, open."""
    add_issued(office, issued_row(office, subject="V/v đê điều", subject_folded="v/v de dieu", number=77))
    waiting = papers.draft(file=False)
    caller = api("clerk")

    def keys(**query: object) -> list[int]:
        return [row["id"] for row in caller.get("/documents", **query).get_json()["items"]]

    assert keys(open="true") == keys(state="draft") == [waiting]
    assert len(keys(q="de dieu")) == len(keys(q="77")) == len(keys(state=["issued", "filed"])) == 1
    assert len(keys(state=["issued", "draft"])) == 2


@pytest.mark.parametrize(
    "query",
    [{"state": "nowhere"}, {"sort": "best"}, {"stat": "draft"}, {"limit": "0"}, {"after": "A/A"},
     {"late": "maybe"}, {"q": "a\x00b"}, {"unit": "-1"}],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(api: Api, query: dict[str, str]) -> None:
    """A program with a typing error must not get a list of everything."""
    answer = api("clerk").get("/documents", **query)
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "wrong_shape"
    assert list(answer.get_json()["errors"]) == list(query)


def test_a_cursor_of_ones_own_making_is_no_place(api: Api) -> None:
    """Not the beginning of the list: a program would go round in circles."""
    answer = api("clerk").get("/documents", after="AAAA")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "cursor_unreadable")


def test_reading_one_document(api: Api, papers: Papers) -> None:
    """Facts, what can be done and why not, history and the signatures with their verdicts."""
    document_id = papers.signed()
    found = api("clerk").get(f"/documents/{document_id}").get_json()
    assert (found["state"], found["signer"]["name"]) == ("signed", papers.office.names["leader"])
    assert [line["action"] for line in found["history"]][-1] == "sign"
    offered = {one["action"]: one for one in found["actions"]}
    assert offered["number"]["possible"]
    assert offered["number"]["here"]
    assert offered["return"]["reason_needed"]
    (signature,) = found["signatures"]
    assert signature["verdict"]["conclusion"] == "passed"
    assert signature["verdict"]["facets"]["integrity"] == "intact"
    right = signature["authority"]
    assert (right["entitled"], right["kept"], right["basis"], right["reasons"]) == ("yes", True, "appointment", [])


def test_what_is_missing_is_named(api: Api, papers: Papers) -> None:
    """An action that cannot be taken says why, by code and in words."""
    document_id = papers.draft(file=False)
    found = api("drafter").get(f"/documents/{document_id}").get_json()
    submit = next(one for one in found["actions"] if one["action"] == "submit")
    assert (submit["possible"], submit["missing"]) == (False, "has_file")
    assert "PDF" in submit["why_not"]


@pytest.mark.parametrize("path", ["/documents/{}", "/documents/{}/actions"])
def test_foreign_and_missing_are_the_same(api: Api, papers: Papers, path: str) -> None:
    """The neighbour's clerk learns nothing, not even that there is such a document."""
    document_id = papers.draft()
    caller = api("far_clerk")
    body = {"action": "return", "version": 1, "remark": "x"}
    ask = caller.get if path.endswith("{}") else lambda place: caller.post(place, body)
    answers = [ask(path.format(key)) for key in (document_id, 987654)]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = ({**answer.get_json(), "request_id": ""} for answer in answers)
    assert first == second


def test_a_key_larger_than_the_database_holds_is_no_document(api: Api) -> None:
    """404, not an accident of the driver."""
    assert api("clerk").get(f"/documents/{10**30}").status_code == 404


def test_acting_and_numbering(api: Api, papers: Papers) -> None:
    """The same services as the buttons, with the same history."""
    document_id = papers.draft()
    version = papers.row(document_id).version
    answer = api("drafter").post(f"/documents/{document_id}/actions", {"action": "submit", "version": version})
    assert (answer.status_code, answer.get_json()["state"]) == (200, "in_review")
    answer = api("head").post(f"/documents/{document_id}/actions", {"action": "approve", "version": version + 1})
    clerk = api("clerk")
    body = {"action": "confirm_format", "version": answer.get_json()["version"]}
    assert clerk.post(f"/documents/{document_id}/actions", body).get_json()["state"] == "awaiting_signature"
    papers.sign("leader", "leader", papers.keys.held["leader"], document_id)
    body = {"action": "number", "version": papers.row(document_id).version}
    numbered = clerk.post(f"/documents/{document_id}/actions", body).get_json()
    assert (numbered["state"], numbered["number"], numbered["symbol"]) == ("numbered", 1, "01/UBND-KT")


def test_a_stale_version_changes_nothing(api: Api, papers: Papers) -> None:
    """409, and the document stands as the faster one left it."""
    document_id = papers.draft()
    version = papers.row(document_id).version
    papers.act("drafter", document_id, Action.SUBMIT)
    answer = api("drafter").post(f"/documents/{document_id}/actions", {"action": "cancel", "version": version})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "stale")
    assert papers.row(document_id).state == State.IN_REVIEW


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"action": "return", "version": 4}, 422, "reason_needed"),
        ({"action": "issue", "version": 4}, 409, "wrong_state"),
        ({"action": "withdraw", "version": 4}, 403, "role_may_not"),
        ({"action": "sign", "version": 4}, 422, "wrong_shape"),
        ({"action": "return", "version": "4"}, 422, "wrong_shape"),
        ({"action": "return", "version": 4, "remark": "a\x00b"}, 422, "wrong_shape"),
        ({"action": "return", "version": 4, "why": "x"}, 422, "wrong_shape"),
        ([], 422, "wrong_shape"),
    ],
)
def test_an_act_that_cannot_be(api: Api, papers: Papers, body: object, status: int, code: str) -> None:
    """Each refusal has its code and moves nothing."""
    document_id = papers.format_check()
    assert papers.row(document_id).version == 4
    answer = api("clerk").post(f"/documents/{document_id}/actions", body)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert papers.row(document_id).version == 4


def test_a_body_that_is_no_json(api: Api, papers: Papers) -> None:
    """400 with a problem document."""
    caller = api("clerk")
    answer = caller.client.post(
        f"/api/v1/documents/{papers.draft()}/actions", data="{", content_type="application/json",
        headers=caller.headers,
    )  # fmt: skip
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_wrong_method_names_the_right_ones(api: Api) -> None:
    """405 carries `Allow` (RFC 9110 section 15.5.6)."""
    caller = api("clerk")
    answer = caller.client.delete("/api/v1/documents", headers=caller.headers)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_cookie_does_not_open_the_api(client, office: Office) -> None:  # type: ignore[no-untyped-def]
    """So that no other site can make a browser act here."""
    assert client.login("clerk").get("/api/v1/documents").status_code == 401
