"""Deliveries of a document for a program: all three kinds, as described, within reach and nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest
import schemathesis
from flask import Flask

from tests.support.exchange import Between
from tests.support.office import Office
from tests.web.api.conftest import Api
from workflow.domain.outside_offices import Office as Outside
from workflow.services.exchange import offices
from workflow.services.exchange.recalling import ask_recall, refuse_recall
from workflow.store import unit_copies
from workflow.store.session import unit_of_work


@pytest.fixture
def sent(office: Office) -> int:
    """A document that went to the neighbour, to an office of the catalogue, and to a unit inside."""
    post = Between(office)
    with unit_of_work(office.engine) as uow:
        wish = Outside(name="Sở Nội vụ", address="1 Lê Lợi", channel="post")
        offices.keep(uow, office.actor("clerk"), office_id=None, wish=wish, now=post.now)
        uow.commit()
    document = post.ready("far", recipients="Ủy ban nhân dân xã Yên Viễn\nSở Nội vụ\nPhòng Văn hóa – Xã hội")
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        unit_copies.put(uow.session, document, [office.units["culture"]])
        uow.commit()
    post.issue(document)
    return document


def test_where_it_went(api: Api, sent: int, office: Office) -> None:
    """Through the system with what was said, outside with what is proposed, inside with who looked."""
    body = api("drafter").get(f"/documents/{sent}/deliveries").get_json()
    assert [(one["agency"]["id"], one["status"]) for one in body["delivered"]] == [(office.units["far"], "01")]
    assert [one["code"] for one in body["delivered"][0]["statuses"]] == ["01"]
    (copy,) = body["dispatched"]
    assert (copy["name"], copy["state"], copy["channel"], copy["sent_on"]) == ("Sở Nội vụ", "to_send", "", None)
    assert (copy["proposed_channel"], copy["address"], copy["unsent"]) == ("post", "1 Lê Lợi", "")
    (inside,) = body["inside"]
    assert (inside["unit"]["id"], inside["state"], inside["seen_by"]) == (office.units["culture"], "unseen", None)


def test_a_refused_recall_stands_on_both_sides(api: Api, office: Office) -> None:
    """Recalled says its issuer's side; asked and refused, with both sides' words, says the receiver's."""
    post = Between(office)
    document = post.sent("far")
    row = post.registered(document)
    assert api("clerk").get(f"/documents/{document}").get_json()["gone"] is None
    assert api("far_clerk").get(f"/incoming/{row.id}").get_json()["recall"] is None
    post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ")
    asked = api("far_clerk").get(f"/incoming/{row.id}").get_json()["recall"]
    assert (asked["reason"], asked["answer"], asked["answered_at"]) == ("Sai căn cứ", "open", None)
    post.do("far_clerk", refuse_recall, incoming_id=row.id, version=None, remark="Đã thi hành")
    gone = api("clerk").get(f"/documents/{document}").get_json()["gone"]
    told = api("far_clerk").get(f"/incoming/{row.id}").get_json()["recall"]
    assert gone["kind"] == "recall"
    assert (told["recalled_at"], told["answer"], told["words"]) == (gone["at"], "refused", "Đã thi hành")


def test_a_recall_of_own_units_is_told(api: Api, office: Office) -> None:
    """What was taken back inside the agency has a state and a moment of its own, seen or not."""
    post = Between(office)
    document = post.ready(secret=False, state="sealed", sealed_at=post.now)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        unit_copies.put(uow.session, document, [office.units["culture"]])
        uow.commit()
    post.issue(document)
    (inside,) = api("clerk").get(f"/documents/{document}/deliveries").get_json()["inside"]
    assert (inside["state"], inside["recalled_at"]) == ("unseen", None)
    post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ")
    (inside,) = api("clerk").get(f"/documents/{document}/deliveries").get_json()["inside"]
    assert (inside["state"], inside["seen_at"]) == ("recalled", None)
    assert dt.datetime.fromisoformat(inside["recalled_at"]) == post.now


def test_a_copy_of_what_was_recalled_is_not_to_be_sent(api: Api, sent: int, office: Office) -> None:
    """It did not leave, and says why it does not."""
    Between(office).do("clerk", ask_recall, document_id=sent, reason="Sai thẩm quyền")
    (copy,) = api("drafter").get(f"/documents/{sent}/deliveries").get_json()["dispatched"]
    assert (copy["state"], copy["unsent"]) == ("to_send", "unsent_recalled")


def test_foreign_tokens(api: Api, sent: int) -> None:
    """Who does not reach the document is answered as for none, the receivers of its copies too."""
    for who in ("far_clerk", "far_leader", "culture_head", "lone_drafter"):
        foreign, missing = (api(who).get(f"/documents/{key}/deliveries") for key in (sent, 999_999))
        assert (foreign.status_code, missing.status_code) == (404, 404), who
        assert foreign.get_json()["code"] == missing.get_json()["code"]
        assert api(who).get("/documents").get_json()["items"] == [], who
    assert api("admin").get(f"/documents/{sent}/deliveries").status_code == 403
    assert api("").get(f"/documents/{sent}/deliveries").status_code == 401


def test_as_described(app: Flask, api: Api, sent: int) -> None:
    """A real answer fits the description."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    read = schema.find_operation_by_id("readDeliveries")
    (name,) = (one.name for one in read.path_parameters)
    answer = read.Case(path_parameters={name: sent}).call_and_validate(headers=api("clerk").headers)
    assert answer.status_code == 200
