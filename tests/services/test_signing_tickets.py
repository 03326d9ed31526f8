"""One-time tickets for a signing program, on both databases: once each, even for two at the same moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import update

from tests.support.papers import Papers
from workflow.domain.errors import BadInput, Conflict, NotFound, Refused
from workflow.domain.key_holders import KeyHolder
from workflow.services import signing
from workflow.services.signing import returning, tickets
from workflow.store import returned
from workflow.store.models import Certificate, SigningItem
from workflow.store.session import unit_of_work


def _offered(papers: Papers, document_id: int) -> dict[str, Any]:
    """The leader's act with a USB key over one document."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
        uow.commit()
    token = papers.do(
        signing.open_session, "leader", scoped=False, purpose="leader", login_session_id=None,
        certificate=papers.keys.held["leader"].der, key_holder=KeyHolder.TOKEN_AGENT,
    )  # fmt: skip
    mine = {"session": token, "login_session_id": None, "document_id": document_id}
    papers.do(returning.offer, "leader", version=papers.row(document_id).version, **mine)
    return mine


def test_a_file_that_is_signed_gets_no_ticket(papers: Papers) -> None:
    """Whether by this act or in another window meanwhile: nobody types a PIN in vain. Nor where a signature came
    and waits, or a newer act has the file."""
    document_id = papers.awaiting()
    mine = _offered(papers, document_id)
    papers.do(tickets.issue, "leader", **mine)
    for status, refused in (("pending", "signature_pending"), ("superseded", "signature_superseded"),
                            ("done", "signature_withdrawn")):  # fmt: skip
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            uow.session.execute(update(SigningItem).values(status=status))
            uow.commit()
        with pytest.raises((Refused, Conflict), match=refused):
            papers.do(tickets.issue, "leader", **mine)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(SigningItem).values(status="prepared"))
        uow.session.execute(update(Certificate).values(holder="pkcs12_browser"))
        uow.commit()
    papers.sign("leader", "leader", papers.keys.held["leader"], document_id)
    with pytest.raises(Refused, match="ticket_signed_already"):
        papers.do(tickets.issue, "leader", **mine)


def test_a_ticket_is_good_once_and_for_its_own_way(papers: Papers) -> None:
    """Two programs with one ticket: the second gets nothing; a new try ends the tickets of the one before."""
    document_id = papers.awaiting()
    mine = _offered(papers, document_id)
    old = papers.do(tickets.issue, "leader", **mine)
    made = papers.do(tickets.issue, "leader", **mine)
    now, engine = papers.now, papers.office.engine
    with unit_of_work(engine) as uow:
        for ticket in (old.fetch, made.bring, "x"):
            with pytest.raises(NotFound, match="ticket_not_valid"):
                tickets.fetch(uow, ticket=ticket, blobs=papers.blobs, now=now)
        with pytest.raises(NotFound, match="ticket_not_valid"):
            tickets.room(uow, ticket=made.bring, now=now + tickets.LIFETIME + dt.timedelta(seconds=1))
        room = tickets.room(uow, ticket=made.bring, now=now)
        with pytest.raises(BadInput, match="returned_too_large"):
            tickets.bring(uow, ticket=made.bring, data=bytes(room + 1), blobs=papers.blobs, now=now)
    with unit_of_work(engine) as first:
        found = returned.ticket(
            first.session, signing.certificates.digest(made.fetch.encode()), way="fetch", now=now
        )
        first.rollback()
        with unit_of_work(engine) as second:
            assert tickets.fetch(second, ticket=made.fetch, blobs=papers.blobs, now=now).startswith(b"%PDF-")
            second.commit()
        first.begin_write()
        with pytest.raises(NotFound, match="ticket_not_valid"):
            returned.use_ticket(first.session, found.id, now=now)
    with unit_of_work(engine) as uow:
        tickets.bring(uow, ticket=made.bring, data=b"%PDF-1.7 nothing", blobs=papers.blobs, now=now)
        uow.commit()
        actor, scope = papers.office.actor("leader"), papers.office.scope("leader")
        with pytest.raises(BadInput, match="returned_other_bytes"):
            tickets.brought(uow, actor, scope, blobs=papers.blobs, now=now, **mine)
        assert tickets.has_brought(uow, actor, now=now, **mine)
        tickets.discard(uow, actor, now=now, **mine)
        assert not tickets.has_brought(uow, actor, now=now, **mine)
