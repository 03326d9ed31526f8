"""Certified copies: asked for, approved by whom the head named, numbered without gaps, sealed with a real key."""

from __future__ import annotations

import datetime as dt
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

import signing as verifier
from signing.pdf import read, words
from tests.support.copied import ADDED, act, arrived, asked, begun, numbered, painted, row, scan, seal
from tests.support.papers import Papers
from workflow.domain.copies import Form, Medium
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, Refused, WrongState
from workflow.services import copies, signing
from workflow.services.copies import settling
from workflow.services.journal import verify_subject
from workflow.store import copies as store
from workflow.store.models import Journal, Outbox, SigningSession
from workflow.store.session import unit_of_work


@pytest.mark.tools("pdfsig", "mutool", "pdftotext")
def test_a_paper_becomes_a_sealed_digital_copy(papers: Papers, tmp_path: Path) -> None:
    """From the scan to the agency's signature: what it shows and where, and three programs that agree about it."""
    copy_id = numbered(papers)
    first, again = begun(papers, copy_id), begun(papers, copy_id)
    with pytest.raises(Conflict, match="signature_superseded"):
        papers.do(copies.finish, "clerk", **first)
    with pytest.raises(NotFound):  # documents have doors of their own
        papers.do(signing.finish, "clerk", session=again["session"], login_session_id=None, document_id=copy_id,
                  signature=b"", blobs=papers.blobs)  # fmt: skip
    told = [papers.do(copies.finish, "clerk", **again) for _twice in range(2)]
    assert [(one.conclusion, one.again) for one in told] == [("passed", False), ("passed", True)]
    copy = row(papers, copy_id)
    assert (copy.state, copy.symbol, copy.conclusion, copy.key_holder) == (
        "done", "01/SY-UBND", "passed", "pkcs12_browser",
    )  # fmt: skip
    data = papers.blobs.get(copy.sealed_sha256 or "")
    assert data.startswith(papers.blobs.get(copy.sha256))
    verdict = verifier.DocumentVerdict.from_json(copy.verdict)
    assert [str(one.verdict) for one in verdict.signatures] == ["passed"]
    shown = "SAO Y Ủy ban nhân dân xã Đồng Tâm Thời gian ký: 2026-11-23T12:00:00+07:00"
    view = read(data).last
    (field,) = view.signature_fields()
    assert words.shown_text(view, view.resolve(field.node["AP"]["N"])) == shown.replace(" ", "")
    assert (copy.left > 595 / 2, copy.bottom > 842 * 0.9) == (True, True)  # the top right corner
    path = tmp_path / "copy.pdf"
    path.write_bytes(data)
    assert "Signature is Valid" in _said("pdfsig", "-nocert", str(path))
    assert "The document is unchanged since signing" in _said("mutool", "sign", "-v", str(path))
    assert shown in " ".join(_said("pdftotext", str(path), "-").split())
    assert "Tinos" in _said("pdffonts", str(path))
    assert data[:8] >= b"%PDF-1.4"
    with unit_of_work(papers.office.engine) as uow:
        assert verify_subject(uow, f"copy:{copy_id}").holds
        tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == f"copy:{copy_id}")).all()
        opened = uow.session.scalars(select(SigningSession).where(SigningSession.fixed_at.is_not(None))).all()
    assert [tag.rpartition(":")[2] for tag in tags] == ["asked", "approve", "number", "seal"]
    (session,) = opened
    assert (session.purpose, session.manifest["documents"][0][0]) == ("copy", str(copy_id))
    assert session.ended_at is not None
    with pytest.raises(Conflict, match="copy_sealed_otherwise"):
        papers.do(copies.finish, "clerk", **again | {"signature": b"another"})
    act(papers, "clerk", copies.cancel, copy_id, reason="Sao nhầm")
    with pytest.raises(Conflict, match="copy_cancelled"):  # "accepted" would be read as "to be used"
        papers.do(copies.finish, "clerk", **again)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_a_seal_waits_for_newer_lists(papers: Papers) -> None:
    """Not enough is known about the certificate: what came is kept, sealed once, settled by the clock."""
    copy_id = numbered(papers)
    papers.now += dt.timedelta(days=3)  # the lists of that morning are too old
    assert seal(papers, copy_id).conclusion == "indeterminate"
    assert row(papers, copy_id).state == "numbered"
    with pytest.raises(Refused, match="signature_pending"):
        begun(papers, copy_id)
    papers.now += dt.timedelta(hours=2)
    papers.keys.publish(at=papers.now - dt.timedelta(hours=1))
    with unit_of_work(papers.office.engine) as uow:
        ((session, found),) = settling.waiting(uow)
        outcome = copies.settle_one(uow, session_id=session, copy_id=found, blobs=papers.blobs, now=papers.now)
        uow.commit()
    assert (found, outcome.conclusion) == (copy_id, "passed")
    assert (row(papers, copy_id).state, row(papers, copy_id).conclusion) == ("done", "passed")


def test_numbers_have_no_gap_and_stay(papers: Papers) -> None:
    """One series for all forms; what is declined draws none, what is cancelled keeps it with its reason."""
    arrival = arrived(papers)
    made = [numbered(papers, incoming_id=arrival, form=form, pages="1") for form in Form]
    assert [row(papers, one).symbol for one in made] == ["01/SY-UBND", "02/SL-UBND", "03/TrS-UBND"]
    declined = asked(papers, incoming_id=arrival, form=Form.EXTRACT, pages="2", scan=scan(pages=2))
    with pytest.raises(BadInput, match="reason_needed"):
        act(papers, "leader", copies.decline, declined, reason=" ")
    act(papers, "leader", copies.decline, declined, reason="Không cần bản sao")
    with pytest.raises(WrongState):
        act(papers, "clerk", copies.number, declined)
    act(papers, "clerk", copies.cancel, made[1], reason="Sao nhầm văn bản")
    with pytest.raises(WrongState):
        seal(papers, made[1])
    assert row(papers, made[1]).symbol == "02/SL-UBND"
    assert row(papers, numbered(papers, incoming_id=arrival, form=Form.RECOPY)).number == 4
    with unit_of_work(papers.office.engine) as uow:
        scope = papers.office.scope("clerk")
        found = store.page(scope, uow.session, wanted=store.Filter(), sort="number", limit=2)
        assert [one.CertifiedCopy.number for one in found[:2]] == [4, 3]
        last = found[1].CertifiedCopy
        rest = store.page(
            scope, uow.session, wanted=store.Filter(words="bien che"), sort="number",
            after=(last.year, last.number, last.id),
        )  # fmt: skip
        assert [one.CertifiedCopy.number for one in rest] == [2, 1, None]
        assert store.count(scope, uow.session, wanted=store.Filter(state="cancelled", year=2026)) == 1


def test_a_copy_asked_for_twice_is_one_and_its_people_hear_of_it(papers: Papers) -> None:
    """Twice by one clerk and at once by two: one row, one notice to its signer, one back to who asked."""
    arrival = arrived(papers)
    first = asked(papers, incoming_id=arrival)
    assert asked(papers, incoming_id=arrival, scan=scan(dpi=210)) == first  # another scan of the same paper
    with ThreadPoolExecutor(2) as pool:
        twice = {one.result() for one in [pool.submit(_extract, papers, arrival) for _two in range(2)]}
    assert len(twice) == 1
    assert twice != {first}
    (second,) = twice
    act(papers, "leader", copies.approve, first)
    assert asked(papers, incoming_id=arrival) == first  # still to be numbered and sealed
    act(papers, "leader", copies.decline, second, reason="Không cần trích")
    assert _extract(papers, arrival) != second  # what was declined is over
    act(papers, "clerk", copies.number, first)
    assert seal(papers, first).conclusion == "passed"
    assert asked(papers, incoming_id=arrival) != first
    with unit_of_work(papers.office.engine) as uow:
        told = uow.session.scalars(select(Outbox).where(Outbox.link.in_((f"/copies/{first}", f"/copies/{second}"))))
        seen = {(one.link, one.code, one.person_id) for one in told}
    leader, clerk = (papers.office.posts[name].person_id for name in ("leader", "clerk"))
    assert seen == {
        (f"/copies/{first}", "copy_asked", leader), (f"/copies/{first}", "copy_approved", clerk),
        (f"/copies/{second}", "copy_asked", leader), (f"/copies/{second}", "copy_declined", clerk),
    }  # fmt: skip


def _extract(papers: Papers, arrival: int) -> int:
    return asked(papers, incoming_id=arrival, form=Form.EXTRACT, pages="1")


def test_only_a_true_scan_becomes_a_copy(papers: Papers) -> None:
    """Colour, 200 dpi, its own size; pages that are there; a form that the decree knows."""
    arrival = arrived(papers)
    for data, code in (
        (scan(dpi=150), "copy_dpi"), (scan(colour=False), "copy_grey"), (scan(dpi=300, size=1.2), "copy_scale"),
        (papers.blobs.get(papers.row(papers.draft()).file_sha256 or ""), "copy_not_scanned"),
        *((painted(what), "copy_painted") for what in ADDED),
        (b"%PDF-1.4 broken", "copy_unreadable"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=code):
            asked(papers, incoming_id=arrival, scan=data)
    with pytest.raises(Missing, match="copy_scan_needed"):
        asked(papers, incoming_id=arrival, scan=b"")
    with pytest.raises(Missing, match="copy_pages_needed"):
        asked(papers, incoming_id=arrival, form=Form.EXTRACT)
    with pytest.raises(BadInput, match="copy_pages_beyond"):
        asked(papers, incoming_id=arrival, form=Form.EXTRACT, pages="1-3")
    with pytest.raises(Refused, match="copy_on_the_copier"):
        asked(papers, incoming_id=arrival, medium=Medium.PAPER)
    some = row(papers, asked(papers, incoming_id=arrival, form=Form.EXTRACT, pages="3, 1", scan=scan(pages=3)))
    assert (some.chosen, some.pages) == ("1, 3", 2)


def test_who_asks_signs_and_sees(papers: Papers) -> None:
    """The clerk of the agency asks; the head signs, and whom the head named; nobody else finds it there."""
    copy_id = asked(papers)
    for who in ("drafter", "leader", "inspector"):
        with pytest.raises(NotPermitted):
            asked(papers, who=who)
    with pytest.raises(NotPermitted, match="copy_signer_not_named"):
        asked(papers, signer="deputy")
    with pytest.raises(NotPermitted, match="copy_signer_other"):
        act(papers, "deputy", copies.approve, copy_id)
    for who, service in (("far_leader", copies.approve), ("far_clerk", copies.number)):
        with pytest.raises(NotFound):
            act(papers, who, service, copy_id)
    named = {"capacity": "kt", "reason": "Chủ tịch đi công tác dài ngày", "scoped": False}
    deputy = papers.office.posts["deputy"].id
    with pytest.raises(NotPermitted):
        papers.do(copies.name_signer, "clerk", post_id=deputy, **named)
    with pytest.raises(NotFound):
        papers.do(copies.name_signer, "leader", post_id=papers.office.posts["far_leader"].id, **named)
    papers.do(copies.name_signer, "leader", post_id=deputy, **named)
    by_deputy = asked(papers, signer="deputy")
    assert row(papers, by_deputy).capacity == "kt"
    papers.do(copies.take_back, "leader", scoped=False, post_id=deputy, reason="Đã về")
    with pytest.raises(NotPermitted, match="copy_signer_not_named"):
        act(papers, "deputy", copies.approve, by_deputy)
    act(papers, "leader", copies.approve, copy_id)
    act(papers, "clerk", copies.number, copy_id)
    with pytest.raises(NotPermitted, match="certificate_of_somebody_else"):  # a person's key is no agency's
        begun(papers, copy_id, key=papers.keys.held["leader"])


@pytest.mark.tools("pdftotext")
def test_an_electronic_original_is_printed_with_the_copys_words(papers: Papers, tmp_path: Path) -> None:
    """Below the last page: form, agency, number, place and date, recipients, who signs. No copy by wire."""
    document = papers.issued()
    with pytest.raises(Refused, match="copy_send_the_original"):
        asked(papers, outgoing_id=document)
    with pytest.raises(Refused, match="copy_of_no_copy"):
        asked(papers, outgoing_id=document, form=Form.RECOPY, medium=Medium.PAPER)
    copy_id = asked(papers, outgoing_id=document, medium=Medium.PAPER, copies=3)
    with unit_of_work(papers.office.engine) as uow, pytest.raises(WrongState):
        copies.printed(uow, row(papers, copy_id), blobs=papers.blobs)
    act(papers, "leader", copies.approve, copy_id)
    act(papers, "clerk", copies.number, copy_id)
    with unit_of_work(papers.office.engine) as uow:
        sheets = copies.printed(uow, row(papers, copy_id), blobs=papers.blobs)
    assert not read(sheets).last.signature_fields()  # it shows the original's signatures and carries none
    (tmp_path / "a.pdf").write_bytes(sheets)
    said = " ".join(_said("pdftotext", "-layout", str(tmp_path / "a.pdf"), "-").split())
    for wanted in ("SAO Y", "Số: 01/SY-UBND", "Đồng Tâm, ngày 23 tháng 11 năm 2026", "CHỦ TỊCH", "Nguyễn Thị Lan",
                   "- Phòng Kinh tế", "trực 24/24 giờ"):  # fmt: skip
        assert wanted in said, wanted
    with pytest.raises(WrongState):
        begun(papers, copy_id)
    act(papers, "clerk", copies.give_out, copy_id)
    assert row(papers, copy_id).state == "done"
    digital = asked(papers, outgoing_id=document, form=Form.EXTRACT, pages="1")
    assert row(papers, digital).filename == ""


def test_no_copies_of_what_is_secret_or_not_ours_to_copy(papers: Papers) -> None:
    """State secrets are copied under their own law; drafts and unregistered arrivals not at all."""
    with pytest.raises(Refused, match="copy_not_issued"):
        asked(papers, outgoing_id=papers.draft(), medium=Medium.PAPER)
    with pytest.raises(Refused, match="copy_secret"):
        asked(papers, outgoing_id=papers.draft(secret=True, file=False), medium=Medium.PAPER)
    with pytest.raises(NotFound):
        asked(papers, outgoing_id=papers.issued(), medium=Medium.PAPER, who="far_clerk", signer="far_leader")
