"""A type may ask how well its leader's key is controlled: the server decides, before and after the key was used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.papers import Papers
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from workflow.domain.key_holders import Control, KeyHolder
from workflow.services import signing
from workflow.services.documents import numbers
from workflow.services.signing import minimums
from workflow.store.models import Certificate, Journal, Signature
from workflow.store.session import unit_of_work


def ask(papers: Papers, who: str = "admin", *, seen: dict[str, int] | None = None, **wanted: int) -> None:
    """What the agency asks for from now on."""
    papers.do(minimums.choose, who, scoped=False, wanted=wanted, seen=seen or {}, reason="Quy chế ký số của xã")


def begin(papers: Papers, document_id: int, **how: Any) -> tuple[str, signing.PreparedItem]:
    """Opened and prepared by the leader."""
    token = papers.do(
        signing.open_session, "leader", scoped=False, purpose="leader", login_session_id=None,
        certificate=papers.keys.held["leader"].der, **how,
    )  # fmt: skip
    item = papers.do(
        signing.prepare, "leader", session=token, login_session_id=None, document_id=document_id,
        version=papers.row(document_id).version, blobs=papers.blobs,
    )  # fmt: skip
    return token, item


def end(papers: Papers, document_id: int, begun: tuple[str, signing.PreparedItem]) -> signing.Outcome:
    """The signature comes."""
    token, item = begun
    outcome: signing.Outcome = papers.do(
        signing.finish, "leader", session=token, login_session_id=None, document_id=document_id, blobs=papers.blobs,
        signature=papers.keys.held["leader"].sign(item.to_be_signed, raw=True),
    )  # fmt: skip
    return outcome


def in_a_token(papers: Papers) -> None:
    """The leader's key lies in a USB key."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.scalars(
            select(Certificate).where(Certificate.sha256 == papers.keys.held["leader"].fingerprint)
        ).one()
        row.holder, row.proof = KeyHolder.TOKEN, {"shown_to": 1}
        uow.commit()


def test_the_leaders_key_is_asked_for_before_and_after_it_was_used(papers: Papers) -> None:
    """Too weak a key is refused at prepare, and at finish where the rule came in between; a token may, and its
    signature says so. Number and seal are not asked, nor is another type."""
    early, late, decision = papers.awaiting(), papers.awaiting(), papers.awaiting(type_code="decision")
    begun = begin(papers, early)
    ask(papers, letter=int(Control.STRONG))
    with pytest.raises(Refused, match="control_below_strong"):
        begin(papers, late)
    with pytest.raises(Refused, match="control_below_strong"):
        end(papers, early, begun)
    assert papers.row(early).state == "awaiting_signature"
    assert end(papers, decision, begin(papers, decision)).conclusion == "passed"
    in_a_token(papers)
    with pytest.raises(Refused, match="key_not_held_there"):
        begin(papers, late)
    strong = begin(papers, late, key_holder=KeyHolder.TOKEN_PAGE)
    assert end(papers, late, strong).conclusion == "passed"
    papers.do(numbers.number, "clerk", document_id=late, version=None)
    papers.sign("clerk", "number", papers.keys.held["commune"], late)
    with unit_of_work(papers.office.engine) as uow:
        given = {row.purpose: row.control for row in uow.session.scalars(
            select(Signature).where(Signature.document_id == late))}  # fmt: skip
    assert given == {"leader": Control.STRONG, "number": Control.MEDIUM}


def test_what_is_asked_for_is_changed_with_a_reason_and_told(papers: Papers) -> None:
    """By an administrator, of their own agency, with what stood before and after in the journal; two at once
    notice each other, and the neighbour's papers are not asked."""
    with pytest.raises(NotPermitted):
        ask(papers, "clerk", letter=4)
    with pytest.raises(BadInput, match="control_unknown"):
        ask(papers, letter=1)
    with pytest.raises(NotFound, match="type_not_found"):
        ask(papers, nothing=4)
    ask(papers, letter=4)
    with pytest.raises(Conflict, match="key_minimums_changed"):
        ask(papers, letter=3)
    ask(papers, seen={"letter": 4}, letter=0, decision=3)
    ask(papers, "far_admin", letter=2)
    with unit_of_work(papers.office.engine) as uow:
        rows = uow.session.scalars(select(Journal).where(Journal.tag == "unit:key_minimums:changed")).all()
        facts = [json.loads(row.body)["facts"] for row in rows]
        told = [(one["before"], one["after"], one["reason"]) for one in facts]
    why = "Quy chế ký số của xã"
    assert told == [({}, {"letter": 4}, why), ({"letter": 4}, {"decision": 3}, why), ({}, {"letter": 2}, why)]
    letter = papers.awaiting()
    assert end(papers, letter, begin(papers, letter)).conclusion == "passed"
