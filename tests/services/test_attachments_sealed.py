"""Attachments are sealed with their document: each, all or none, in one order; what ends a seal."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import update

import signing as verifier
from signing import prepare as making
from signing.holders import Pkcs12Key
from signing.pdf import read, words
from tests.support.attached import annex, held, sheet
from tests.support.browser import open_session
from tests.support.office import NOON
from tests.support.papers import Papers, letter
from workflow.domain.errors import Conflict, Missing, Refused
from workflow.domain.outgoing import Action, State
from workflow.sealer import Sealer
from workflow.services import signing
from workflow.services.documents import files, numbers
from workflow.services.journal import facts_of, verify_subject
from workflow.store import attachments as store
from workflow.store.models import Attachment, AttachmentSeal, Unit
from workflow.store.session import unit_of_work


def test_each_is_sealed_and_shows_number_and_moment(papers: Papers) -> None:
    """The seal of the organisation at the top right of page 1, no picture, verified; a sheet goes along without."""
    document = papers.sealed(attach=[("I.pdf", annex()), ("b.xlsx", sheet()), ("II.pdf", annex("Phụ lục II"))])
    first, table, second = held(papers, document)
    assert papers.row(document).state == State.SEALED
    assert table.seal is None
    for one in (first, second):
        assert one.seal is not None
        assert (one.seal.conclusion, one.seal.symbol) == ("passed", papers.row(document).symbol)
        verdict = verifier.DocumentVerdict.from_json(one.seal.body)
        assert [str(found.verdict) for found in verdict.signatures] == ["passed"]
        data = papers.blobs.get(one.seal.sha256)
        assert data.startswith(papers.blobs.get(one.row.sha256))
        lines = making.text_lines_in_jail(data, pages=[1])[1]
        assert lines
    assert f"Số,kýhiệu:{papers.row(document).symbol}" in shown(papers, first)
    assert "Thờigianký:2026-11-23T12:00:00+07:00" in shown(papers, first)
    with unit_of_work(papers.office.engine) as uow:
        assert verify_subject(uow, f"outgoing:{document}").holds
        told = facts_of(uow, papers.office.scope("clerk"), document, tag="document:outgoing:sign")
        assert [one["name"] for one in told[-1]["attachments"]] == ["I", "b", "II"]


def shown(papers: Papers, one: store.Held) -> str:
    """What the seal's box reads, as the verifier reads it."""
    view = read(papers.blobs.get(one.sha256)).last
    (field,) = view.signature_fields()
    form = view.resolve(field.node["AP"]["N"])
    return words.shown_text(view, form) or ""


def test_all_or_none(papers: Papers) -> None:
    """Without its attachments' seals a document is not sealed, and one that is not whole is not issued."""
    document = papers.number_signed(attach=[("I.pdf", annex()), ("II.pdf", annex("II"))])
    first, _second = (one.row.id for one in held(papers, document))
    key = papers.keys.held["commune"]
    for already in (None, first):
        if already is not None:
            papers.sign("clerk", "seal", key, document, already)
        with pytest.raises(Missing, match="attachments_sealed"):
            papers.sign("clerk", "seal", key, document)
        assert papers.row(document).state == State.NUMBERED
    with pytest.raises(Refused, match="attachment_sealed_already"):
        papers.sign("clerk", "seal", key, document, first)
    papers.seal(document)
    assert papers.row(document).state == State.SEALED
    with unit_of_work(papers.office.engine) as uow:  # a script takes a seal away
        uow.begin_write()
        uow.session.execute(update(AttachmentSeal).values(withdrawn_at=NOON))
        uow.commit()
    with pytest.raises(Missing, match="attachments_sealed"):
        papers.act("clerk", document, Action.ISSUE)


def test_two_who_seal_at_once(papers: Papers) -> None:
    """The later preparation counts; the same answer again is the same answer, and there is one seal."""
    document = papers.number_signed(attach=[("I.pdf", annex())])
    (one,) = held(papers, document)
    key = papers.keys.held["commune"]
    begun = []
    for _tab in range(2):
        token = papers.do(signing.open_session, "clerk", scoped=False, purpose="seal", login_session_id=None,
                          certificate=key.der)  # fmt: skip
        version = papers.row(document).version
        item = papers.do(signing.prepare, "clerk", session=token, login_session_id=None, document_id=document,
                         version=version, blobs=papers.blobs, attachment_id=one.row.id)  # fmt: skip
        begun.append({"session": token, "signature": key.sign(item.to_be_signed, raw=True)})
    common = {"login_session_id": None, "document_id": document, "blobs": papers.blobs, "attachment_id": one.row.id}
    with pytest.raises(Conflict, match="signature_superseded"):
        papers.do(signing.finish, "clerk", **common, **begun[0])
    assert [papers.do(signing.finish, "clerk", **common, **begun[1]).again for _twice in range(2)] == [False, True]
    with unit_of_work(papers.office.engine) as uow:
        assert uow.session.query(AttachmentSeal).count() == 1


def test_what_changed_after_the_signature_is_not_sealed(papers: Papers) -> None:
    """The leader saw these files and no others: another one, a renamed or a missing one stops the seal."""
    document = papers.number_signed(attach=[("I.pdf", annex()), ("II.pdf", annex("II"))])
    first, second = (one.row for one in held(papers, document))
    key = papers.keys.held["commune"]
    changes = (
        {"sha256": second.sha256}, {"name": "Phụ lục khác"}, {"place": 9},
        {"removed_at": NOON, "removed_by_id": papers.office.posts["drafter"].person_id},
    )  # fmt: skip
    for change in changes:
        kept = {name: getattr(first, name) for name in change}
        alter(papers, first.id, **change)
        for wanted in (second.id, None):
            with pytest.raises(Refused, match="attachments_changed"):
                papers.sign("clerk", "seal", key, document, wanted)
        alter(papers, first.id, **kept)
    papers.seal(document)


def alter(papers: Papers, attachment_id: int, **change: object) -> None:
    """As a script would, past every rule."""
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Attachment).where(Attachment.id == attachment_id).values(**change))
        uow.commit()


def test_the_key_on_the_server_seals_them_in_one_order(papers: Papers, tmp_path: Path) -> None:
    """Each use counts against the cap; an order that was broken off goes on with what is missing."""
    document = papers.number_signed(attach=[("I.pdf", annex()), ("b.xlsx", sheet()), ("II.pdf", annex("II"))])
    assert ask_sealer(papers, document, tmp_path, cap=1)["code"] == "server_seal_daily_cap"
    assert [one.seal is not None for one in held(papers, document)] == [True, False, False]
    assert papers.row(document).state == State.NUMBERED
    answer = ask_sealer(papers, document, tmp_path, cap=3)
    assert (answer["ok"], answer["conclusion"]) == (True, "passed")
    seals = [one.seal.key_holder for one in held(papers, document) if one.seal is not None]
    assert (seals, papers.row(document).state) == (["server_seal"] * 2, State.SEALED)


def ask_sealer(papers: Papers, document: int, folder: Path, *, cap: int) -> dict[str, object]:
    """The clerk's order for a seal, as the seal process answers it."""
    agency, post = papers.office.units["commune"], papers.office.posts["clerk"]
    file = folder / "seal.p12"
    file.write_bytes(papers.keys.held["commune"].pkcs12("bí mật"))
    file.chmod(0o600)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, agency).server_seal = True
        uow.commit()
    login = open_session(papers.office.engine, post.person_id, post_id=post.id, now=papers.now, stepped_up=True)
    keys = {agency: Pkcs12Key(file, "bí mật")}
    sealer = Sealer(papers.office.engine, papers.blobs, keys, lambda: papers.now, cap)
    order = {"document_id": document, "version": papers.row(document).version, "purpose": "seal", "login": login}
    return sealer.answer(json.dumps(order).encode())


def test_a_number_given_up_takes_the_seals_with_it(papers: Papers) -> None:
    """They show it; with the next number each is sealed anew, and both files are kept."""
    document = papers.sealed(attach=[("I.pdf", annex())])
    papers.do(numbers.give_up, "clerk", document_id=document, version=None, reason="Sai sổ")
    (one,) = held(papers, document)
    assert one.seal is None
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    papers.now += dt.timedelta(minutes=1)
    papers.sign("clerk", "number", papers.keys.held["commune"], document)
    papers.seal(document)
    with unit_of_work(papers.office.engine) as uow:
        seals = uow.session.query(AttachmentSeal).order_by(AttachmentSeal.id).all()
    assert [(seal.withdrawn_at is None, seal.symbol) for seal in seals] == [
        (False, "01/UBND-KT"), (True, "02/UBND-KT"),
    ]  # fmt: skip


def test_withdrawn_and_returned_it_is_signed_for_anew(papers: Papers) -> None:
    """A signature taken back forgets what was attached; the drafter changes it, the next signature knows."""
    document = papers.signed(attach=[("I.pdf", annex())])
    before = papers.row(document).attached_digest
    papers.act("leader", document, Action.WITHDRAW_SIGNATURE, "Thiếu phụ lục")
    assert (before != "", papers.row(document).attached_digest) == (True, "")
    papers.act("leader", document, Action.RETURN, "Thêm phụ lục II")
    papers.attach(document, "II.pdf", annex("II"))
    papers.act("drafter", document, Action.SUBMIT)
    papers.act("head", document, Action.APPROVE)
    papers.confirm_format(document)
    papers.sign("leader", "leader", papers.keys.held["leader"], document)
    assert papers.row(document).attached_digest not in {"", before}


def test_signed_in_ink_they_are_sealed_too(papers: Papers) -> None:
    """Paper whose scan is sealed: what goes with it electronically bears the seal as well."""
    document = papers.inked(attach=[("I.pdf", annex())])
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    papers.do(files.attach_scan, "clerk", document_id=document, version=papers.row(document).version,
              data=letter("Bản quét"), filename="scan.pdf", blobs=papers.blobs)  # fmt: skip
    papers.seal(document)
    assert [one.seal is not None for one in held(papers, document)] == [True]
    assert papers.row(document).state == State.SEALED


def test_without_a_fresh_list_an_attachment_waits(papers: Papers) -> None:
    """Indeterminate never rounds up: neither it nor the document counts as sealed until a list decides."""
    document = papers.number_signed(attach=[("I.pdf", annex())])
    (one,) = held(papers, document)
    papers.now = NOON + dt.timedelta(days=2)
    key = papers.keys.held["commune"]
    assert papers.sign("clerk", "seal", key, document, one.row.id).conclusion == "indeterminate"
    assert held(papers, document)[0].seal is None
    with pytest.raises(Refused, match="signature_pending"):
        papers.sign("clerk", "seal", key, document, one.row.id)
    papers.keys.publish(at=papers.now + dt.timedelta(hours=1))
    papers.now += dt.timedelta(hours=2)
    with unit_of_work(papers.office.engine) as uow:
        ((session_id, waiting, field),) = signing.settle(uow)
        settled = signing.settle_one(uow, session_id=session_id, document_id=waiting, field=field,
                                     blobs=papers.blobs, now=papers.now)  # fmt: skip
        uow.commit()
    assert settled.conclusion == "passed"
    papers.seal(document)
    assert papers.row(document).state == State.SEALED
