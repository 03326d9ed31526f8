"""An act over copies that was broken off is gone on with as one over documents is: the same bytes, once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.copied import act, arrived, numbered, row
from tests.support.papers import Papers
from workflow.domain.copies import Form
from workflow.domain.errors import Conflict, NotFound, NotPermitted, Refused
from workflow.domain.signing_acts import Line, manifest
from workflow.services import copies, signing
from workflow.services.copies.sealing import prepare
from workflow.services.housekeeping import clear_rows
from workflow.services.journal import verify_subject
from workflow.store.models import CopyItem, Incoming, Journal, SigningSession
from workflow.store.session import unit_of_work

NONCE = "nonce-of-the-page-1"
OWN: dict[str, Any] = {"login_session_id": None}


class Act:
    """The clerk's side of an act over three copies, all prepared and fixed."""

    def __init__(self, papers: Papers) -> None:
        self.papers, self.key = papers, papers.keys.held["commune"]
        arrival = arrived(papers)
        self.chosen = [numbered(papers, incoming_id=arrival, form=form, pages="1") for form in Form]
        self.token = papers.do(copies.open_session, "clerk", scoped=False, certificate=self.key.der, **OWN)
        self.items = {
            one: papers.do(prepare, "clerk", session=self.token, copy_id=one, version=row(papers, one).version,
                           blobs=papers.blobs, **OWN)
            for one in self.chosen
        }  # fmt: skip
        lines = [Line(str(one), item.version, item.prepared_sha256, item.digest)
                 for one, item in self.items.items()]  # fmt: skip
        made = manifest(purpose="copy", certificate=self.key.fingerprint, nonce=NONCE, lines=lines)
        self.manifest = papers.do(copies.fix, "clerk", scoped=False, session=self.token, nonce=NONCE,
                                  code=made.code, **OWN)  # fmt: skip
        with unit_of_work(papers.office.engine) as uow:
            self.id = uow.session.scalars(select(SigningSession.id).where(SigningSession.purpose == "copy")).one()

    def finish(self, copy_id: int, to_be_signed: bytes = b"") -> signing.Outcome:
        """Phase two of one copy."""
        signature = self.key.sign(to_be_signed or self.items[copy_id].to_be_signed, raw=True)
        outcome: signing.Outcome = self.papers.do(
            copies.finish, "clerk", session=self.token, copy_id=copy_id, signature=signature,
            blobs=self.papers.blobs, **OWN,
        )  # fmt: skip
        return outcome

    def go_on(self, *, who: str = "clerk", login: int | None = None, key: Any = None) -> signing.resuming.GoneOn:
        """Take it up again."""
        gone: signing.resuming.GoneOn = self.papers.do(
            signing.go_on, who, scoped=False, act_id=self.id, login_session_id=login,
            certificate=(key or self.key).der,
        )  # fmt: skip
        return gone

    def begun(self, *, login: int | None = None) -> signing.Begun:
        """How it stands."""
        found: signing.Begun = self.papers.do(
            signing.begun, "clerk", scoped=False, act_id=self.id, login_session_id=login
        )
        return found

    def rest(self, who: str = "clerk") -> Any:
        """What the desk names."""
        return self.papers.do(signing.unfinished, who, scoped=False)


def test_the_same_login_signs_the_same_bytes(papers: Papers) -> None:
    """One sealed, the page closed: the desk names it; a fresh secret, the old one void, nothing twice, one act in
    the journal with its manifest."""
    it = Act(papers)
    first, second, third = it.chosen
    assert it.finish(first).conclusion == "passed"
    rest = it.rest()
    assert (rest.act_id, rest.purpose, rest.signed, rest.whole, rest.rest) == (it.id, "copy", 1, 3, 2)
    assert [it.rest(who) for who in ("leader", "deputy", "far_clerk")] == [None, None, None]
    assert it.begun().documents == (second, third)
    gone = it.go_on()
    assert (gone.purpose, gone.manifest) == ("copy", it.manifest)
    assert [(one.document_id, one.attachment_id) for one in gone.items] == [(second, None), (third, None)]
    assert [one.to_be_signed for one in gone.items] == [it.items[one].to_be_signed for one in (second, third)]
    with pytest.raises(NotFound, match="signing_session_not_found"):
        it.finish(second)
    it.token = gone.session
    assert [it.finish(one).conclusion for one in (second, third)] == ["passed", "passed"]
    with pytest.raises(Conflict, match="copy_sealed_otherwise"):  # a P-256 signature made anew: other bytes
        it.finish(first, it.items[second].to_be_signed)
    assert (it.rest(), it.begun().documents) == (None, ())
    with unit_of_work(papers.office.engine) as uow:
        subject = f"signing_act:{it.id}"
        assert verify_subject(uow, subject).holds
        told = uow.session.execute(select(Journal.tag, Journal.body).where(Journal.subject == subject)
                                   .order_by(Journal.ordinal)).all()  # fmt: skip
        assert list(uow.session.scalars(select(CopyItem.status))) == ["done"] * 3
    begun, ended = (json.loads(body)["facts"] for _tag, body in told)
    assert [tag for tag, _body in told] == ["signing:act:begun", "signing:act:ended"]
    assert [line[0] for line in begun["documents"]] == [str(one) for one in it.chosen]
    assert (ended["count"], ended["signed"], ended["left"]) == (3, 3, 0)


def test_only_the_same_person_login_key_and_quarter_of_an_hour(papers: Papers) -> None:
    """Anybody else: not there. Later, or in another login: what is left is a new act, with the time of now."""
    it = Act(papers)
    it.finish(it.chosen[0])
    for who in ("leader", "far_clerk"):
        with pytest.raises(NotFound):
            it.go_on(who=who)
    with pytest.raises(NotPermitted, match="certificate_of_somebody_else"):
        it.go_on(key=papers.keys.held["leader"])
    with pytest.raises(Refused, match="signing_session_expired"):
        it.go_on(login=9)
    assert (it.begun().same_bytes, it.begun(login=9).same_bytes) == (True, False)
    papers.now += dt.timedelta(minutes=16)
    with pytest.raises(Refused, match="signing_session_expired"):
        it.go_on()
    begun = it.begun()
    assert (begun.same_bytes, begun.signed, begun.documents) == (False, 1, tuple(it.chosen[1:]))
    with unit_of_work(papers.office.engine) as uow:
        assert clear_rows(uow, now=papers.now + dt.timedelta(hours=14), frequent_jobs=())["acts"] == 1
        uow.commit()
    assert it.rest().rest == 2, "told as ended by the night, and what is left is still named"


def test_what_moved_is_not_left(papers: Papers) -> None:
    """Cancelled since: not among what is gone on with. A signature that waits for newer lists counts as signed."""
    it = Act(papers)
    first, second, third = it.chosen
    act(papers, "clerk", copies.cancel, first, reason="Sao nhầm")
    assert it.begun().documents == (second, third)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(CopyItem).where(CopyItem.copy_id == second).values(status="pending"))
        uow.session.execute(update(Incoming).values(secret=True))
        uow.commit()
    gone = it.go_on()
    assert [one.document_id for one in gone.items] == [third]
    it.token = gone.session
    with pytest.raises(Refused, match="copy_secret"):
        it.finish(third)
