"""Files of their own that go with a document: kept, submitted with it, sealed each, all or none, sent along."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import update

import signing as verifier
from signing import prepare as making
from signing.holders import Pkcs12Key
from signing.pdf import read, words
from signing.testing.drafts import raw_pdf
from tests.support.attached import annex, held, sheet
from tests.support.browser import open_session
from tests.support.office import NOON, Office
from tests.support.papers import Papers, letter, papers_of
from tests.support.word_files import decision
from workflow.adapters.blobs import open_blobs
from workflow.domain.attachments import HEAVIEST, MOST
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, NotPermitted, Refused, WrongState
from workflow.domain.outgoing import Action, State
from workflow.sealer import Sealer
from workflow.services import signing
from workflow.services.documents import attachments, drafting, files, numbers
from workflow.services.journal import facts_of, verify_subject
from workflow.store import attachments as store
from workflow.store import documents, opinions
from workflow.store.models import Attachment, AttachmentSeal, Unit
from workflow.store.session import unit_of_work


@pytest.fixture
def papers(office: Office, tmp_path: Path) -> Papers:
    """An office that signs and seals, on either database."""
    return papers_of(office, open_blobs(str(tmp_path / "blobs")))


def names(papers: Papers, document_id: int) -> list[str]:
    """The names in their order."""
    return [one.row.name for one in held(papers, document_id)]


def given(papers: Papers, document_id: int, attachment_id: int) -> dict[str, int]:
    """The arguments of an act on one attachment as the document stands now."""
    version = papers.row(document_id, "drafter").version
    return {"document_id": document_id, "attachment_id": attachment_id, "version": version}


def test_a_drafter_adds_orders_names_and_takes_off(papers: Papers) -> None:
    """Each change moves the version and is told in history and journal; what was taken off stays on record."""
    document = papers.draft(attach=[("Phụ lục I.pdf", annex()), ("Danh sách.xlsx", sheet())])
    first, second = (one.row.id for one in held(papers, document))
    assert names(papers, document) == ["Phụ lục I", "Danh sách"]
    papers.do(attachments.put_at, "drafter", place=1, **given(papers, document, second))
    papers.do(attachments.rename, "drafter", name=" Biểu  01 ", **given(papers, document, second))
    assert names(papers, document) == ["Biểu 01", "Phụ lục I"]
    before = papers.row(document, "drafter").version
    papers.do(attachments.put_at, "drafter", place=1, **given(papers, document, second))
    papers.do(attachments.rename, "drafter", name="Biểu 01", **given(papers, document, second))
    assert papers.row(document, "drafter").version == before
    papers.do(attachments.take_off, "drafter", **given(papers, document, second))
    papers.do(attachments.take_off, "drafter", **(given(papers, document, second) | {"version": 1}))
    assert [(one.row.id, one.row.place) for one in held(papers, document)] == [(first, 1)]
    with unit_of_work(papers.office.engine) as uow:
        assert [(row.id, name) for row, name in store.removed_from(uow.session, document)] == [
            (second, "Trần Văn Đức")
        ]
        assert [row.remark for row, _name in documents.history_of(uow.session, document)].count("attachments") == 5
        assert verify_subject(uow, f"outgoing:{document}").holds


def test_a_double_click_and_a_stale_form(papers: Papers) -> None:
    """The same file twice is there once; another one from a page that is old is refused and changes nothing."""
    document = papers.draft()
    version = papers.row(document, "drafter").version
    for fresh in (True, False):
        row, new = papers.do(attachments.add, "drafter", document_id=document, version=version, data=annex(),
                             filename="Phụ lục I.pdf", blobs=papers.blobs)  # fmt: skip
        assert (row.name, new) == ("Phụ lục I", fresh)
    with pytest.raises(Conflict, match="stale"):
        papers.do(attachments.add, "drafter", document_id=document, version=version, data=sheet(),
                  filename="b.xlsx", blobs=papers.blobs)  # fmt: skip
    assert names(papers, document) == ["Phụ lục I"]


@pytest.mark.tools("soffice")
def test_a_word_file_becomes_a_pdf_with_a_seal(papers: Papers) -> None:
    """Printed in the jail as drafts are; the original is kept, on either database."""
    word = decision()
    document = papers.draft(attach=[("Quy chế.docx", word)])
    (one,) = held(papers, document)
    assert (one.row.kind, one.row.media_type, one.row.pages) == ("pdf", "application/pdf", 2)
    assert papers.blobs.get(one.row.original_sha256) == word
    assert one.row.top > 800


def test_two_tabs_at_once(papers: Papers) -> None:
    """The same form sent from two threads keeps one file; two different ones keep one and tell the other."""
    document = papers.draft()
    version, came = papers.row(document, "drafter").version, []
    start = threading.Barrier(2)

    def send(data: bytes, name: str) -> None:
        start.wait()
        try:
            came.append(papers.do(attachments.add, "drafter", document_id=document, version=version, data=data,
                                  filename=name, blobs=papers.blobs)[1])  # fmt: skip
        except Conflict as stale:
            came.append(stale.code)

    for pair in (((annex(), "a.pdf"),) * 2, ((annex("II"), "b.pdf"), (annex("III"), "c.pdf"))):
        version, came[:] = papers.row(document, "drafter").version, []
        threads = [threading.Thread(target=send, args=one) for one in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, came)) == (["False", "True"] if pair[0] == pair[1] else ["True", "stale"])
    assert len(names(papers, document)) == 2


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (b"GIF89a" + bytes(40), "a.gif", "attachment_kind"),
        (b"%PDF-1.7\n" + b"x" * 200, "a.pdf", "draft_broken"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "attachment_kind"),
    ],
)
def test_what_cannot_go_along(papers: Papers, data: bytes, filename: str, code: str) -> None:
    """Opened in the jail and refused with a reason; nothing is kept."""
    document = papers.draft()
    with pytest.raises(BadInput) as refused:
        papers.attach(document, filename, data)
    assert refused.value.code == code
    assert names(papers, document) == []


def test_hostile_files_are_refused(papers: Papers) -> None:
    """A PDF with a program in it, one that is signed already, a sheet with macros: none goes along."""
    signed = papers.signed()
    with unit_of_work(papers.office.engine) as uow:
        own = papers.blobs.get(documents.find(papers.office.scope("clerk"), uow.session, signed).file_sha256 or "")
    document = papers.draft()
    for name, data, code in (
        ("a.pdf", raw_pdf(ACTING), "draft_javascript"),
        ("b.pdf", own, "draft_signed_already"),
        ("c.xlsx", with_macros(sheet()), DANGEROUS),
    ):
        with pytest.raises(BadInput) as refused:
            papers.attach(document, name, data)
        assert refused.value.code == code
    assert names(papers, document) == []


def with_macros(data: bytes) -> bytes:
    """The same spreadsheet with a program in it."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


ACTING = {
    1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
}
DANGEROUS = "attachment_dangerous"


def test_only_the_drafter_while_it_is_a_draft(papers: Papers) -> None:
    """Others, another agency and a later state are refused; of a secret paper nothing is attached."""
    document = papers.draft(attach=[("a.pdf", annex())])
    (one,) = held(papers, document)
    for who, error in (("specialist", Missing), ("leader", NotPermitted), ("far_drafter", NotFound)):
        with pytest.raises(error):
            papers.do(attachments.take_off, who, **given(papers, document, one.row.id))
    with pytest.raises(BadInput, match="secret_content_refused"):
        papers.do(drafting.revise, "drafter", document_id=document, version=papers.row(document, "drafter").version,
                  facts=drafting.DraftFacts(type_code="letter", subject="Mật", secret=True))  # fmt: skip
    secret = papers.draft(file=False, secret=True)
    with pytest.raises(BadInput, match="secret_content_refused"):
        papers.attach(secret, "a.pdf", annex())
    papers.act("drafter", document, Action.SUBMIT)
    with pytest.raises(WrongState):
        papers.attach(document, "b.pdf", annex("II"))
    with pytest.raises(WrongState):
        papers.do(attachments.rename, "drafter", name="Khác", **given(papers, document, one.row.id))
    papers.act("head", document, Action.RETURN, "Thiếu phụ lục")
    papers.attach(document, "b.pdf", annex("II"))
    assert len(names(papers, document)) == 2


def test_so_many_and_so_heavy(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of files and of bytes, each said with its figure."""
    document = papers.draft(attach=[("a.xlsx", sheet())])
    assert (MOST, HEAVIEST) == (20, 200 * 1024 * 1024)
    monkeypatch.setattr("workflow.domain.attachments.HEAVIEST", 1000)
    with pytest.raises(BadInput, match="attachment_too_heavy"):
        papers.attach(document, "b.xlsx", sheet("khác"))
    monkeypatch.undo()
    monkeypatch.setattr("workflow.domain.attachments.MOST", 1)
    with pytest.raises(BadInput, match="attachment_too_many"):
        papers.attach(document, "b.xlsx", sheet("khác"))


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


def test_the_slip_names_them(papers: Papers) -> None:
    """With their hashes, as they were laid before the signer."""
    document = papers.awaiting(attach=[("I.pdf", annex()), ("b.xlsx", sheet())])
    with unit_of_work(papers.office.engine) as uow:
        laid = opinions.slips_of(uow.session, document)[-1].body
    assert [(one["name"], one["file"], one["kind"]) for one in laid["attachments"]] == [
        (one.row.name, one.row.sha256, one.row.kind) for one in held(papers, document)
    ]
