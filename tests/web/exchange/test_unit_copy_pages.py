"""What a unit gets inside its agency, on pages: ticked on the draft, read with a receipt, closed to all others."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask

from tests.support.attached import BOTH
from tests.support.browser import Browser, Clock
from tests.support.exchange import Between
from tests.support.papers import Papers
from workflow.domain.corrections import Kind
from workflow.domain.outgoing import Action
from workflow.services.documents import acts, numbers
from workflow.services.exchange.correcting import name_corrected
from workflow.services.exchange.recalling import ask_recall
from workflow.store import attachments
from workflow.store import unit_copies as store
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

CLOSED = ("head", "drafter", "specialist", "leader", "inspector", "clerk", "far_clerk", "far_drafter")


def issued(papers: Papers, *units: str, **given: Any) -> tuple[int, int]:
    """A signed paper that was issued to some units: (document, its first copy)."""
    document = papers.sealed(**given)
    office = papers.office
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        store.put(uow.session, document, [office.units[name] for name in units])
        uow.commit()
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    with unit_of_work(office.engine) as uow:
        copies = store.of_document(office.scope("clerk"), uow.session, document)
    return document, copies[0][0].id


def test_ticked_on_the_draft(client: Browser, post: Between) -> None:
    """Kept over a refused form, stored, written under the recipients; other agencies' units cannot be ticked."""
    culture = post.office.units["culture"]
    form = client.login("drafter").get("/outgoing/new").text
    assert f'name="units" value="{culture}"' in form
    assert str(post.office.units["far_office"]) not in re.findall(r'name="units" value="(\d+)"', form)
    data = {"type_code": "letter", "subject": "", "urgency": "normal", "units": [culture]}
    assert f'value="{culture}" checked' in client.post("/outgoing/new", data=data).text
    bad = client.post("/outgoing/new", data=data | {"subject": "x", "units": [post.office.units["far_office"]]})
    assert (bad.status_code, 'id="e-units"' in bad.text) == (404, True)
    done = client.post("/outgoing/new", data=data | {"subject": "V/v họp"}, follow_redirects=True)
    assert "goes there when it is issued" in done.text
    assert "Phòng Văn hóa – Xã hội" in done.text
    (address,) = set(re.findall(r"/outgoing/\d+/edit", done.text))
    page = unescape(client.get(address).text)
    assert f'value="{culture}" checked' in page
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    given = {"type_code": "letter", "subject": "V/v họp", "urgency": "normal", "version": version}
    assert "Phòng Văn hóa – Xã hội" not in client.post(address, data=given, follow_redirects=True).text
    assert client.login("culture_head").get("/unit-copies").text.count("V/v họp") == 0


def test_read_with_a_receipt(client: Browser, papers: Papers, app: Flask) -> None:
    """The head sees it on the desk, in the list, reads its pages and file; the sender sees who looked and when."""
    document, copy = issued(papers, "culture")
    sender = client.login("clerk").get(f"/outgoing/{document}").text
    assert "Not seen yet" in sender
    assert "Not seen yet" in client.get("/outgoing/deliveries?state=unseen").text
    client.login("culture_head")
    assert "/unit-copies?seen=no" in client.get("/desk").text
    subject = papers.row(document).subject
    assert subject in client.get("/unit-copies?q=bao").text
    assert "No document fits" in client.get("/unit-copies?seen=yes").text
    unit, day = papers.office.units["culture"], f"{papers.now:%d/%m/%Y}"
    assert subject in client.get(f"/unit-copies?unit={unit}&from={day}&to={day}&after=x").text
    for none in (f"unit={papers.office.units['economy']}", "from=01/01/2199", "to=01/01/1999"):
        assert "No document fits" in client.get(f"/unit-copies?{none}").text, none
    assert 'href="/unit-copies"' in client.get("/incoming").text
    for kind in ("csv", "xlsx"):
        assert client.get(f"/unit-copies/export.{kind}").status_code == 200
    page = client.get(f"/unit-copies/{copy}").text
    for words in (subject, papers.office.names["culture_head"], f"/unit-copies/{copy}/pages/1.webp"):
        assert words in page
    assert f'href="/outgoing/{document}"' not in page
    assert client.get(f"/unit-copies/{copy}/pages/1.webp").mimetype == "image/webp"
    again = client.get(f"/unit-copies/{copy}/content")
    assert again.data == papers.blobs.get(papers.row(document).file_sha256 or "")
    assert "/unit-copies?seen=no" not in client.get("/desk").text
    for path in ("", "/files/1/content", "/versions", "/slip", "/opinions"):
        assert client.get(f"/outgoing/{document}{path}").status_code == 404, path
    assert client.get(f"/outgoing?q={papers.row(document).number}").text.count(subject) == 0
    assert subject not in client.get("/outgoing/deliveries").text
    assert subject not in client.get("/search?q=bão").text
    sender = client.login("drafter").get(f"/outgoing/{document}").text
    assert papers.office.names["culture_head"] in sender
    assert "Seen" in client.login("clerk").get("/outgoing/deliveries.csv?state=seen").text


def test_the_file_alone_is_a_look_too(client: Browser, papers: Papers) -> None:
    """Whoever opens the paper by its own address has seen it; no page of it can be read unseen."""
    for path in ("content", "pages/1.webp"):
        document, copy = issued(papers, "culture")
        assert client.login("culture_head").get(f"/unit-copies/{copy}/{path}").status_code == 200
        with unit_of_work(papers.office.engine) as uow:
            ((row, _unit, who),) = store.of_document(papers.office.scope("clerk"), uow.session, document)
        assert (row.seen_at is not None, who) == (True, papers.office.names["culture_head"]), path


def test_the_reason_of_a_change_to_a_secret_one_is_not_shown(client: Browser, post: Between) -> None:
    """Of a secret paper the copy says which document changed it, not why."""
    earlier = post.ready(subject="V/v chuyện mật")
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        store.put(uow.session, earlier, [post.office.units["culture"]])
        uow.commit()
    post.issue(earlier)
    later = post.ready(secret=False, state="sealed", sealed_at=post.now, type_code="letter")
    post.says(later, kind=Kind.CORRECT, earlier_id=earlier, reason="Sai tên người")
    post.issue(later)
    with unit_of_work(post.office.engine) as uow:
        ((copy, _unit, _seen),) = store.of_document(post.scope("clerk"), uow.session, earlier)
        symbol = uow.session.get_one(Outgoing, later).symbol
    page = client.login("culture_head").get(f"/unit-copies/{copy.id}").text
    assert symbol in page
    assert "Sai tên người" not in page
    post.do("clerk", ask_recall, document_id=earlier, reason="Lộ tên người")
    page = client.get(f"/unit-copies/{copy.id}").text
    assert "Taken back by its sender" in page
    assert "Lộ tên người" not in page


def test_taken_back_before_anybody_looked_it_waits_for_nobody(client: Browser, papers: Papers) -> None:
    """Off the desk and the list of what was not seen; the list of all keeps it as recalled."""
    document, copy = issued(papers, "culture")
    assert "/unit-copies?seen=no" in client.login("culture_head").get("/desk").text
    client.login("clerk").post(f"/outgoing/{document}/recall", data={"reason": "Sai căn cứ"})
    client.login("culture_head")
    assert "/unit-copies?seen=no" not in client.get("/desk").text
    assert f"/unit-copies/{copy}" not in client.get("/unit-copies?seen=no").text
    assert f"/unit-copies/{copy}" in client.get("/unit-copies").text


def test_a_replaced_one_is_read_no_more(client: Browser, papers: Papers) -> None:
    """Page, file and export say so from the issue of the later one on; by what and why stands beside it."""
    document, copy = issued(papers, "culture")
    later = papers.draft(subject="V/v thay thế")
    what = {"kind": Kind.REPLACE, "earlier_id": document, "reason": "Sai số liệu <b>"}
    papers.do(name_corrected, "drafter", document_id=later, **what)
    assert client.login("culture_head").get(f"/unit-copies/{copy}/content").status_code == 200
    for step in ("submit", "approve"):
        papers.act("drafter" if step == "submit" else "head", later, Action(step))
    papers.confirm_format(later)
    papers.sign("leader", "leader", papers.keys.held["leader"], later)
    papers.do(numbers.number, "clerk", document_id=later, version=None)
    papers.sign("clerk", "number", papers.keys.held["commune"], later)
    papers.seal(later)
    papers.act("clerk", later, Action.ISSUE)
    page = client.get(f"/unit-copies/{copy}").text
    for words in ("Taken back by its sender", "Replaced by", papers.row(later).symbol, "Sai số liệu &lt;b&gt;"):
        assert words in page
    for path in ("content", "pages/1.webp"):
        assert client.get(f"/unit-copies/{copy}/{path}").status_code == 404
    for path in ("", "/export.csv"):
        assert "Recalled" in client.get(f"/unit-copies{path}").text


def test_closed_to_all_others(client: Browser, papers: Papers) -> None:
    """A unit that is not named, its staff, other agencies: 404 like for no copy at all, and nothing in the list."""
    document, copy = issued(papers, "culture")
    subject = papers.row(document).subject
    for who in CLOSED:
        client.login(who)
        for path in ("", "/content", "/pages/1.webp"):
            foreign, missing = (client.get(f"/unit-copies/{key}{path}") for key in (copy, 999_999))
            assert (foreign.status_code, missing.status_code) == (404, 404), (who, path)
        assert subject not in client.get("/unit-copies").text, who
        assert subject not in client.get("/unit-copies/export.csv").text, who
    assert client.login("admin").get("/unit-copies").status_code == 403
    with unit_of_work(papers.office.engine) as uow:
        ((row, _name, _who),) = store.of_document(papers.office.scope("clerk"), uow.session, document)
        assert row.seen_at is None


def test_staff_read_it_once_their_unit_has_received_it(client: Browser, papers: Papers) -> None:
    """List, page, pages, file, attachments; nothing before, nothing of the document itself, nothing for others."""
    document, copy = issued(papers, "service", attach=BOTH)
    subject = papers.row(document).subject
    with unit_of_work(papers.office.engine) as uow:
        attached = attachments.with_seals(uow.session, document)[0].row.id
    paths = ("", "/content", "/pages/1.webp", f"/attachments/{attached}/content")
    client.login("lone_drafter")
    page = client.get("/unit-copies").text
    assert "received nothing yet" in page
    assert 'href="/unit-copies"' in client.get("/outgoing").text
    for path in paths:
        assert client.get(f"/unit-copies/{copy}{path}").status_code == 404, path
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        head = papers.office.posts["head"].person_id
        store.record_first_look(uow.session, copy, person_id=head, now=papers.now)
        uow.commit()
    page = client.get("/unit-copies").text
    assert subject in page
    assert "seen=no" not in page
    assert subject in client.get("/unit-copies/export.csv").text
    for path in paths:
        assert client.get(f"/unit-copies/{copy}{path}").status_code == 200, path
    assert "/unit-copies?seen=no" not in client.get("/desk").text
    for path in ("", "/versions", "/slip", "/opinions"):
        assert client.get(f"/outgoing/{document}{path}").status_code == 404, path
    for who in ("drafter", "specialist", "leader", "clerk", "inspector", "far_drafter", "culture_head"):
        client.login(who)
        for path in paths:
            assert client.get(f"/unit-copies/{copy}{path}").status_code == 404, (who, path)
        assert subject not in client.get("/unit-copies").text, who
        assert subject not in client.get("/unit-copies/export.xlsx").get_data(as_text=False).decode("latin-1"), who
    client.login("clerk").post(f"/outgoing/{document}/recall", data={"reason": "Sai căn cứ"})
    client.login("lone_drafter")
    assert "Taken back by its sender" in client.get(f"/unit-copies/{copy}").text
    for path in paths[1:]:
        assert client.get(f"/unit-copies/{copy}{path}").status_code == 404, path


def test_its_attachments_are_there_until_it_is_taken_back(client: Browser, papers: Papers) -> None:
    """Listed under the copy, given as they went out; foreign and recalled ones are 404; the reason stands."""
    document, copy = issued(papers, "culture", attach=BOTH)
    with unit_of_work(papers.office.engine) as uow:
        held = attachments.with_seals(uow.session, document)
    paths = [f"/unit-copies/{copy}/attachments/{one.row.id}" for one in held]
    client.login("culture_head")
    page = client.get(f"/unit-copies/{copy}").text
    for one, path in zip(held, paths, strict=True):
        assert f'href="{path}/content">{one.row.name}</a>' in page
        assert client.get(f"{path}/content").data == papers.blobs.get(one.sha256)
        if one.row.pages:
            assert f"{path}/pages/1.webp" in page
            assert client.get(f"{path}/pages/1.webp").mimetype == "image/webp"
    assert client.get(f"/unit-copies/{copy}/attachments/999999/content").status_code == 404
    assert client.login("head").get(f"{paths[0]}/content").status_code == 404
    client.login("clerk")
    assert f'action="/outgoing/{document}/recall"' in client.get(f"/outgoing/{document}").text
    client.post(f"/outgoing/{document}/recall", data={"reason": "Sai căn cứ"})
    sender = client.get(f"/outgoing/{document}").text
    assert "Recalled" in sender
    assert f'action="/outgoing/{document}/recall"' not in sender
    client.login("culture_head")
    page = client.get(f"/unit-copies/{copy}").text
    for words in ("Taken back by its sender", "Sai căn cứ"):
        assert words in page
    assert "/pages/1.webp" not in page
    for path in (f"/unit-copies/{copy}/content", f"/unit-copies/{copy}/pages/1.webp", f"{paths[0]}/content"):
        assert client.get(path).status_code == 404, path
    assert "Recalled" in client.get("/unit-copies").text
    assert "Recalled" in client.get("/unit-copies/export.csv").text


def test_a_secret_one_travels_on_paper(client: Browser, post: Between, clock: Clock) -> None:
    """Its copy says so: no subject, no file, not found by its words."""
    document = post.ready(subject="V/v chuyện mật")
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        store.put(uow.session, document, [post.office.units["culture"]])
        uow.commit()
    post.issue(document)
    with unit_of_work(post.office.engine) as uow:
        ((copy, _unit, _seen),) = store.of_document(post.scope("clerk"), uow.session, document)
    client.login("culture_head")
    page = client.get(f"/unit-copies/{copy.id}").text
    assert "kept on paper" in page
    for path in (f"/unit-copies/{copy.id}", "/unit-copies", "/unit-copies/export.csv", "/notices"):
        assert "chuyện mật" not in client.get(path).text, path
    assert "No document fits" in client.get("/unit-copies?q=chuyện").text
    assert client.get(f"/unit-copies/{copy.id}/content").status_code == 404
