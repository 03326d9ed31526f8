"""Hands that reach across the exchange: other agencies, other posts, forged addresses and odd keys."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.exchange import Between
from tests.support.office import Office
from workflow.services.exchange import recalling
from workflow.store import corrections
from workflow.store import exchange as store
from workflow.store.models import DeliveryStatus, Outgoing
from workflow.store.session import unit_of_work

ODD = ("0", "-1", "99999999999999999999", "1%20OR%201", "²")


@pytest.fixture
def post(office: Office) -> Between:
    """Papers that need no file."""
    return Between(office)


def statuses(post: Between) -> int:
    """How many words went back to any sender."""
    with unit_of_work(post.office.engine) as uow:
        return uow.session.scalar(select(func.count()).select_from(DeliveryStatus)) or 0


def test_nobody_acts_for_another_agency(client: Browser, post: Between) -> None:
    """Recall by the receiver, answers by the sender, by drafters, administrators: refused, nothing is written."""
    document = post.sent()
    row = post.registered(document)
    post.do("clerk", recalling.ask_recall, document_id=document, reason="Sai")
    version, before = post.arrived(document).version, statuses(post)
    answers = [f"/incoming/{row.id}/{what}-recall" for what in ("agree", "refuse")]
    for who, paths in (
        ("far_clerk", [f"/outgoing/{document}/recall", f"/outgoing/{document}/corrects-nothing"]),
        ("far_leader", [f"/outgoing/{document}/recall"]),
        ("drafter", [f"/outgoing/{document}/recall", *answers]),
        ("inspector", [f"/outgoing/{document}/recall", *answers]),
        ("admin", [f"/outgoing/{document}/recall", *answers]),
        ("clerk", answers), ("leader", answers), ("far_drafter", answers), ("far_admin", answers),
    ):  # fmt: skip
        client.login(who)
        for path in paths:
            refused = client.post(path, data={"version": version, "remark": "x", "reason": "x"})
            assert refused.status_code in {403, 404, 409, 422}, (who, path)
            assert refused.status_code in {403, 404} or who == "clerk", (who, path)
    for path in (*answers, f"/outgoing/{document}/recall"):
        assert client.logout().post(path, data={"version": version}).status_code in {303, 401}
        assert client.login("far_clerk").post(path, data={"version": version}, csrf=False).status_code == 400
    assert (statuses(post), post.arrived(document).state) == (before, "registered")


def test_no_link_reaches_out_of_ones_scope(client: Browser, post: Between) -> None:
    """A draft cannot be tied to papers that its writer may not see, by any address or field."""
    arrivals = Arrivals(post.office)
    hidden, foreign = arrivals.registered(), arrivals.registered(clerk="far_clerk")
    theirs = post.sent(sender="far")
    client.login("drafter")
    data = {"type_code": "letter", "subject": "V/v", "urgency": "normal"}
    for number, row in enumerate((hidden, foreign)):
        form = data | {
            "answers": str(row.id),
            "replaces": str(theirs),
            "once": str(number),
            "subject": f"V/v {number}",
        }
        answer = client.post(
            "/outgoing/new", data=form
        )  # the draft is kept, and its page says what it is not tied to
        assert (answer.status_code, "không thuộc phạm vi của ông/bà" in answer.text) == (404, True)
        with unit_of_work(post.office.engine) as uow:
            draft = uow.session.scalars(select(Outgoing).order_by(Outgoing.id.desc()).limit(1)).one()
            assert not store.answers_of(uow.session, draft.id)
            assert corrections.of(uow.session, draft.id) is None
        for what in ("link", "unlink"):
            assert client.post(f"/outgoing/{draft.id}/answers/{row.id}/{what}").status_code == 404
    for odd in ODD:
        assert client.post(f"/outgoing/{draft.id}/answers/{odd}/link").status_code == 404
        assert client.post("/outgoing/new", data=data | {"to": odd, "answers": odd}).status_code == 422
