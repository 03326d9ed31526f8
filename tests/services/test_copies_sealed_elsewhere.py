"""Certified copies sealed with the key on the server, by another program, by the program beside the browser."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from signing.holders import Pkcs12Key
from tests.signing.prepare.test_second_opinions import mutool_opinion, pdfsig_opinions
from tests.support.boxes import sign_box
from tests.support.browser import open_session
from tests.support.copied import act, arrived, numbered, row, scan
from tests.support.elsewhere import sign_elsewhere, with_words
from tests.support.papers import Papers
from workflow.domain.copies import FIELD, Form
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused, WrongState
from workflow.domain.key_holders import KeyHolder
from workflow.sealer import Sealer
from workflow.services import copies
from workflow.services.copies import returning
from workflow.services.copies.sealing import draw
from workflow.services.signing import tickets
from workflow.services.signing.finishing import Outcome
from workflow.store import copies as store
from workflow.store.models import Certificate, PostRow, Unit
from workflow.store.session import unit_of_work


def agreed(papers: Papers, copy_id: int, holder: KeyHolder, folder: Path) -> None:
    """Sealed that way, found valid here and by two other programs."""
    copy = row(papers, copy_id)
    assert (copy.state, copy.conclusion, copy.key_holder) == ("done", "passed", holder)
    data = papers.blobs.get(copy.sealed_sha256 or "")
    assert data.startswith(papers.blobs.get(copy.sha256))
    assert pdfsig_opinions(data, folder)[FIELD] == "Signature is Valid."
    assert "The document is unchanged since signing" in mutool_opinion(data, folder)


# the key on the server


def allow(papers: Papers, allowed: bool = True) -> None:
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, papers.office.units["commune"]).server_seal = allowed
        uow.commit()


def order(papers: Papers, copy_id: int, who: str = "clerk", *, purpose: str = "copy", **login: bool) -> bytes:
    post = papers.office.posts[who]
    secret = open_session(papers.office.engine, post.person_id, post_id=post.id, now=papers.now,
                          **{"stepped_up": True} | login)  # fmt: skip
    told = {"document_id": copy_id, "version": row(papers, copy_id).version, "purpose": purpose, "login": secret}
    return json.dumps(told).encode()


@pytest.mark.tools("pdfsig", "mutool")
def test_by_the_key_on_the_server(papers: Papers, tmp_path: Path) -> None:
    """Where the head allowed it, of what was approved and numbered only, for the agency's clerk, counted a day."""
    (tmp_path / "seal.p12").write_bytes(papers.keys.held["commune"].pkcs12("mật khẩu"))
    (tmp_path / "seal.p12").chmod(0o600)
    key = Pkcs12Key(tmp_path / "seal.p12", "mật khẩu")
    agency = papers.office.units["commune"]
    sealer = Sealer(papers.office.engine, papers.blobs, {agency: key}, lambda: papers.now, 2)
    arrival = arrived(papers)
    copy_id, second = (numbered(papers, incoming_id=arrival, form=form) for form in (Form.TRUE_COPY, Form.RECOPY))
    third = numbered(papers, incoming_id=arrival, form=Form.EXTRACT, pages="1")
    assert sealer.answer(order(papers, copy_id))["code"] == "server_seal_not_allowed"
    allow(papers)
    assert sealer.answer(order(papers, copy_id, stepped_up=False))["code"] == "step_up_needed"
    assert sealer.answer(order(papers, copy_id, "far_clerk"))["code"] == "copy_not_found"
    assert sealer.answer(order(papers, copy_id, "leader"))["code"] == "no_permission"
    assert sealer.answer(order(papers, copy_id, purpose="seal"))["code"] == "document_not_found"
    replayed = order(papers, copy_id)
    assert sealer.answer(replayed)["conclusion"] == "passed"
    agreed(papers, copy_id, KeyHolder.SERVER_SEAL, tmp_path)
    assert sealer.answer(replayed)["code"] == "copy_wrong_state"
    act(papers, "clerk", copies.cancel, second, reason="Sao nhầm")
    assert sealer.answer(order(papers, second))["code"] == "copy_wrong_state"
    assert sealer.answer(order(papers, third))["ok"] is True
    fourth = numbered(papers, incoming_id=arrival)
    assert sealer.answer(order(papers, fourth))["code"] == "server_seal_daily_cap"


# another program


def program(papers: Papers, *, holder: KeyHolder = KeyHolder.UPLOADED, who: str = "clerk") -> str:
    """An act of the clerk whose files another program signs."""
    token: str = papers.do(
        copies.open_session, who, scoped=False, login_session_id=None,
        certificate=papers.keys.held["commune"].der, key_holder=holder,
    )  # fmt: skip
    return token


def picture(papers: Papers, copy_id: int, at: dt.datetime) -> bytes:
    with unit_of_work(papers.office.engine) as uow:
        return draw(uow, store.find(papers.office.scope("clerk"), uow.session, copy_id), at=at)


def bring(papers: Papers, copy_id: int, data: bytes, *, drawn_at: dt.datetime, who: str = "clerk") -> Outcome:
    """A file brought by hand: looked into, its act begun, taken."""
    with unit_of_work(papers.office.engine) as uow:
        seen = returning.inspect(uow, papers.office.scope(who), data=data, among=[copy_id], blobs=papers.blobs)
    token = program(papers, who=who)
    papers.do(returning.offer, who, session=token, login_session_id=None, copy_id=copy_id,
              version=row(papers, copy_id).version, drawn_at=drawn_at)  # fmt: skip
    outcome: Outcome = papers.do(
        returning.take_back, who, session=token, login_session_id=None, inspected=seen, blobs=papers.blobs
    )
    return outcome


@pytest.mark.tools("pdfsig", "mutool")
def test_brought_by_hand(papers: Papers, tmp_path: Path) -> None:
    """The picture's moment is the one that is shown; the same file again gives the same answer."""
    copy_id, key = numbered(papers), papers.keys.held["commune"]
    drawn_at = papers.now
    base, given = papers.blobs.get(row(papers, copy_id).sha256), picture(papers, copy_id, drawn_at)
    signed = sign_box(base, key, FIELD, given)
    papers.now += dt.timedelta(minutes=10)
    assert bring(papers, copy_id, signed, drawn_at=drawn_at).conclusion == "passed"
    assert row(papers, copy_id).shown.endswith("Thời gian ký: 2026-11-23T12:00:00+07:00")
    agreed(papers, copy_id, KeyHolder.UPLOADED, tmp_path)
    with unit_of_work(papers.office.engine) as uow:
        told = returning.known(uow, papers.office.scope("clerk"), data=signed, among=[copy_id])
    assert (told and told.conclusion, told and told.again) == ("passed", True)
    with pytest.raises(WrongState):
        bring(papers, copy_id, signed, drawn_at=drawn_at)


def test_what_is_not_taken(papers: Papers) -> None:
    """Other words, another moment, no picture, another's key, a file of another copy, a file that was changed, a
    clock that runs months late or early, a moment of this morning: nothing moves, and it can still be sealed."""
    copy_id, key = numbered(papers), papers.keys.held["commune"]
    other = numbered(papers, scan=scan(dpi=220))
    now = papers.now
    base, given = papers.blobs.get(row(papers, copy_id).sha256), picture(papers, copy_id, now)
    for data, drawn_at, code in (
        (sign_box(base, key, FIELD, picture(papers, copy_id, now + dt.timedelta(seconds=1))), now, "returned_box_"),
        (sign_elsewhere(base, key, FIELD, words="SAO Y"), now, "returned_box_"),
        (sign_elsewhere(base, key, FIELD), now, "returned_box_"),
        (sign_box(base, papers.keys.held["leader"], FIELD, given), now, "returned_other_certificate"),
        (with_words(sign_box(base, key, FIELD, given)), now, "returned_"),
        (sign_box(papers.blobs.get(row(papers, other).sha256), key, FIELD, given), now, "returned_other_bytes"),
        (base, now, "returned_unsigned"),
        (sign_box(base, key, FIELD, given, at=now - dt.timedelta(days=200)), now, "returned_time"),
        (sign_box(base, key, FIELD, given, at=now + dt.timedelta(days=300)), now, "returned_time"),
        (sign_box(base, key, FIELD, given), now - dt.timedelta(hours=1), "copy_picture_old"),
        (sign_box(base, key, FIELD, given), now + dt.timedelta(minutes=1), "copy_picture_old"),
    ):  # fmt: skip
        with pytest.raises((BadInput, NotPermitted), match=code):
            bring(papers, copy_id, data, drawn_at=drawn_at)
    good = sign_box(base, key, FIELD, given)
    with pytest.raises(BadInput, match="returned_other_bytes"):  # of no copy that the far clerk reaches
        bring(papers, copy_id, good, drawn_at=now, who="far_clerk")
    token = program(papers, holder=KeyHolder.BROWSER_FILE)
    with pytest.raises(Refused, match="key_not_held_there"):
        papers.do(returning.offer, "clerk", session=token, login_session_id=None, copy_id=copy_id,
                  version=row(papers, copy_id).version)  # fmt: skip
    assert row(papers, copy_id).state == "numbered"
    assert bring(papers, copy_id, good, drawn_at=now).conclusion == "passed"


# the program beside the browser


@pytest.mark.tools("pdfsig", "mutool")
def test_through_the_program_beside_the_browser(papers: Papers, tmp_path: Path) -> None:
    """Two tickets, each once; what is refused is forgotten and tried again; a copy's ticket opens no document."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Certificate).values(holder="token", proof={"shown_to": 1}))
        uow.commit()
    copy_id, key = numbered(papers), papers.keys.held["commune"]
    token = program(papers, holder=KeyHolder.TOKEN_AGENT)
    act_of: dict[str, Any] = {"session": token, "login_session_id": None}
    papers.do(returning.offer, "clerk", copy_id=copy_id, version=row(papers, copy_id).version, **act_of)
    with pytest.raises(NotFound):  # documents have doors of their own
        papers.do(tickets.issue, "clerk", document_id=copy_id, **act_of)
    with pytest.raises(NotFound):
        papers.do(tickets.issue, "far_clerk", document_id=copy_id, of_copies=True, **act_of)
    given = picture(papers, copy_id, papers.now)
    wrong = picture(papers, copy_id, papers.now + dt.timedelta(seconds=1))
    for drawing in (wrong, given):
        made = papers.do(tickets.issue, "clerk", document_id=copy_id, of_copies=True, **act_of)
        base = through(papers, tickets.fetch, ticket=made.fetch)
        with pytest.raises(NotFound, match="ticket_not_valid"):
            through(papers, tickets.fetch, ticket=made.fetch)
        through(papers, tickets.bring, ticket=made.bring, data=sign_box(base, key, made.field, drawing))
        seen = papers.do(
            tickets.brought, "clerk", document_id=copy_id, of_copies=True, blobs=papers.blobs, **act_of
        )
        taken = {"inspected": seen, "blobs": papers.blobs, **act_of}
        if drawing is wrong:
            with pytest.raises(BadInput, match="returned_box_"):
                papers.do(returning.take_back, "clerk", **taken)
            papers.do(tickets.discard, "clerk", scoped=False, document_id=copy_id, of_copies=True, **act_of)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(papers.do, returning.take_back, "clerk", **taken) for _two in range(2)]
        told = sorted(one.result().again for one in both)
    assert told == [False, True]
    agreed(papers, copy_id, KeyHolder.TOKEN_AGENT, tmp_path)


def through(papers: Papers, service: Any, **named: Any) -> bytes:
    """What a program without a login does by a ticket."""
    with unit_of_work(papers.office.engine) as uow:
        result = service(uow, blobs=papers.blobs, now=papers.now, **named)
        uow.commit()
    return result if isinstance(result, bytes) else b""


def test_an_ended_post_takes_nothing_back(papers: Papers) -> None:
    """The clerk moved on between the offer and the file: the act is of the post, and of this person."""
    copy_id, key = numbered(papers), papers.keys.held["commune"]
    good = sign_box(papers.blobs.get(row(papers, copy_id).sha256), key, FIELD, picture(papers, copy_id, papers.now))
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, papers.office.posts["clerk"].id).valid_to = dt.date(2026, 11, 1)
        uow.commit()
    with pytest.raises(NotFound):
        bring(papers, copy_id, good, drawn_at=papers.now)
    assert row(papers, copy_id).state == "numbered"
