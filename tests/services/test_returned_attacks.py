"""Files that come back with more than a signature: each change by itself is refused, its twin without it is
taken."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from sqlalchemy import Engine, update

from tests.services.test_returned_documents import Counter
from tests.support import elsewhere, engines
from tests.support.boxes import entries, numbers
from tests.support.office import NOON, build
from tests.support.papers import letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import Action, State
from workflow.services.documents import files
from workflow.store.models import PostRow
from workflow.store.session import unit_of_work

SIGN = elsewhere.sign_elsewhere


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """No query here is asked of one database only."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture
def counter(engine: Engine, tmp_path: Path) -> Counter:
    return Counter(papers_of(build(engine), open_blobs(str(tmp_path / "blobs"))))


Change = Callable[[IncrementalPdfFileWriter], None]


def _changed(data: bytes, change: Change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0].get_object()


def _field(writer: Any, name: str) -> Any:
    return next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name)


def _root(**added: Any) -> Change:
    def change(writer: Any) -> None:
        for key, value in added.items():
            made = value(writer) if callable(value) else value
            writer.root[pdf_name(f"/{key}")] = writer.add_object(made)
        writer.update_root()

    return change


def _on_page(**added: Any) -> Change:
    def change(writer: Any) -> None:
        page = _page(writer)
        for key, value in added.items():
            page[pdf_name(f"/{key}")] = value
        writer.update_container(page)

    return change


def _script(code: str = "app.alert(1)") -> Any:
    return entries(S=pdf_name("/JavaScript"), JS=pdf_string(code))


def _layers(writer: Any) -> Any:
    layer = writer.add_object(entries(Type=pdf_name("/OCG"), Name=pdf_string("a")))
    listed = generic.ArrayObject([layer])
    return entries(OCGs=listed, D=entries(OFF=listed, Order=listed))


def _attached(writer: Any) -> Any:
    stream = writer.add_object(generic.StreamObject(stream_data=b"x" * 40))
    file = writer.add_object(entries(Type=pdf_name("/Filespec"), F=pdf_string("a.exe"), EF=entries(F=stream)))
    return entries(EmbeddedFiles=entries(Names=generic.ArrayObject([pdf_string("a.exe"), file])))


def _text_field(writer: Any) -> None:
    """A form field over the text, which anybody can fill in later."""
    made = entries(
        Type=pdf_name("/Annot"), Subtype=pdf_name("/Widget"), FT=pdf_name("/Tx"), T=pdf_string("so"),
        V=pdf_string("500 triệu"), Rect=numbers(80, 600, 300, 640),
    )  # fmt: skip
    ref = writer.add_object(made)
    writer.root["/AcroForm"]["/Fields"].append(ref)
    writer.update_container(writer.root["/AcroForm"]["/Fields"])
    page = _page(writer)
    page["/Annots"].append(ref)
    writer.update_container(page["/Annots"])


def _stamp_in_states(writer: Any) -> None:
    """An annotation over the text that shows one thing or another by its state."""

    def form(content: bytes) -> Any:
        made = generic.StreamObject(stream_data=content)
        made.update(entries(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 200, 40)))
        return writer.add_object(made)

    states = entries(On=form(b"1 1 1 rg 0 0 200 40 re f"), Off=form(b"q Q"))
    note = writer.add_object(
        entries(
            Type=pdf_name("/Annot"), Subtype=pdf_name("/Stamp"), Rect=numbers(80, 600, 280, 640),
            AP=entries(N=states), AS=pdf_name("/Off"),
        )
    )  # fmt: skip
    page = _page(writer)
    page["/Annots"].append(note)
    writer.update_container(page["/Annots"])


def _other_font(writer: Any) -> None:
    """The program of a font that the text is drawn with is another one: the same letters look otherwise."""
    data = writer.prev.stream
    data.seek(0)
    with pikepdf.open(io.BytesIO(data.read())) as pdf:
        number = next(
            one.get(key).objgen[0] for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
            for key in ("/FontFile2", "/FontFile3") if key in one
        )  # fmt: skip
    font = writer.get_object(generic.Reference(number, 0, writer))
    shorter = generic.StreamObject(stream_data=font.data[: len(font.data) // 2])
    shorter.update({key: value for key, value in font.items() if key in {"/Subtype", "/Length1"}})
    writer.objects[(0, number)] = shorter


def _seal_shown(writer: Any) -> None:
    """The clerk's field, unsigned, already shows a seal."""
    made = generic.StreamObject(stream_data=b"1 0 0 RG 4 w 10 10 80 80 re S")
    made.update(entries(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 102, 102)))
    field = _field(writer, "seal")
    field[pdf_name("/AP")] = entries(N=writer.add_object(made))
    writer.update_container(field)


def _hidden(writer: Any) -> None:
    field = _field(writer, "leader")
    field[pdf_name("/F")] = generic.NumberObject(2)
    writer.update_container(field)


def _in_form(**added: Any) -> Change:
    def change(writer: Any) -> None:
        form = writer.root["/AcroForm"]
        for key, value in added.items():
            form[pdf_name(f"/{key}")] = value
        writer.update_container(form)

    return change


def _evidence(writer: Any) -> Any:
    """A list of nobody's, as evidence."""
    stream = writer.add_object(generic.StreamObject(stream_data=b"\x30\x03\x02\x01\x01"))
    return entries(Type=pdf_name("/DSS"), CRLs=generic.ArrayObject([stream]))


CONTENT = "returned_content_changed"
CHANGES: dict[str, tuple[Change, set[str]]] = {
    "layers": (_root(OCProperties=_layers), {CONTENT}),
    "a script at opening": (_root(OpenAction=_script()), {CONTENT}),
    "a script at printing": (_root(AA=entries(WP=_script())), {CONTENT}),
    "scripts by name": (_root(Names=entries(JavaScript=entries(Names=numbers()))), {CONTENT}),
    "a file attached": (_root(Names=_attached), {CONTENT}),
    "a page turned": (_on_page(Rotate=generic.NumberObject(180)), {CONTENT}),
    "a page cropped": (_on_page(CropBox=numbers(0, 400, 595, 842)), {CONTENT}),
    "a page made larger": (_on_page(MediaBox=numbers(0, 0, 595, 1200)), {CONTENT}),
    "a page in another unit": (_on_page(UserUnit=generic.FloatObject(2)), {CONTENT}),
    "a script of the page": (_on_page(AA=entries(O=_script())), {CONTENT}),
    "a group of the page": (_on_page(Group=entries(S=pdf_name("/Transparency"))), {CONTENT}),
    "other fonts": (_other_font, {CONTENT}),
    "a text field": (_text_field, {"returned_several", "returned_field_added"}),
    "a stamp with states": (_stamp_in_states, {"returned_notes_added"}),
    "a seal in the clerk's field": (_seal_shown, {"returned_field_changed", CONTENT}),
    "its own field hidden": (_hidden, {"returned_field_changed", CONTENT}),
    "appearances to be made anew": (_in_form(NeedAppearances=generic.BooleanObject(True)), {CONTENT}),
    "an XFA form": (_in_form(XFA=pdf_string("<xdp/>")), {CONTENT}),
}  # fmt: skip


def test_a_change_in_the_signed_revision_is_refused(counter: Counter) -> None:
    """Before the signature, so that it covers the change; the twin without a change is taken."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent = counter.sent(document_id)
    found = {
        name: counter.refused(document_id, SIGN(_changed(sent, change), key))
        for name, (change, _codes) in CHANGES.items()
    }
    assert {name: code for name, code in found.items() if code not in CHANGES[name][1]} == {}
    assert counter.bring(document_id, SIGN(sent, key)).conclusion == "passed"


def test_a_change_after_the_signature_is_refused(counter: Counter) -> None:
    """Whatever it is, evidence that nobody gave among it."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    signed = SIGN(counter.sent(document_id), key)
    after = {name: change for name, (change, _codes) in CHANGES.items()} | {"evidence": _root(DSS=_evidence)}
    found = {name: counter.refused(document_id, _changed(signed, change)) for name, change in after.items()}
    weightier = {
        CONTENT, "returned_notes_added", "returned_field_added", "returned_field_changed", "returned_several",
    }  # fmt: skip
    assert {name: code for name, code in found.items() if code not in {*weightier, "returned_changed_after"}} == {}
    assert found["evidence"] == "returned_changed_after"
    assert counter.bring(document_id, signed).conclusion == "passed"


def test_wrong_evidence_in_the_file_proves_nothing(counter: Counter) -> None:
    """A list that nobody issued lies under the signature: with ours it passes, without ours it waits as ever."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    sent = counter.sent(document_id)
    counter.papers.now = NOON + dt.timedelta(days=9)
    data = SIGN(_changed(sent, _root(DSS=_evidence)), key, at=counter.papers.now)
    assert counter.bring(document_id, data).conclusion == "indeterminate"
    assert counter.papers.row(document_id).state == State.AWAITING_SIGNATURE


def _contents(data: bytes) -> tuple[int, int]:
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    return start, data.index(b">", start)


def test_the_signature_of_another_document_is_refused(counter: Counter) -> None:
    """Its bytes in this file's hole; and this file's hole filled with the signature of an older try."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    document_id, other = papers.awaiting(), papers.awaiting(subject="V/v việc khác")
    good = SIGN(counter.sent(document_id), key)
    start, end = _contents(good)
    for strange in (
        SIGN(counter.sent(other), key),
        SIGN(counter.sent(document_id), key, at=NOON + dt.timedelta(seconds=3)),
    ):
        first, last = _contents(strange)
        signature = strange[first:last].rstrip(b"0") + b"0"
        mixed = good[:start] + signature.ljust(end - start, b"0")[: end - start] + good[end:]
        assert counter.refused(document_id, mixed) == "returned_failed"
    assert counter.bring(document_id, good).conclusion == "passed"


def test_a_scan_of_the_signed_paper_is_no_signature(counter: Counter) -> None:
    """Signed in ink and scanned, with or without a digital signature over the scan."""
    document_id, key = counter.papers.awaiting(), counter.papers.keys.held["leader"]
    scan = _scanned()
    assert counter.refused(document_id, scan) == "returned_other_bytes"
    signed = SIGN(scan, key, "own", new_field=elsewhere.SigFieldSpec("own", on_page=0, box=(9, 9, 200, 90)))
    assert counter.refused(document_id, signed) == "returned_other_bytes"
    assert counter.bring(document_id, SIGN(counter.sent(document_id), key)).conclusion == "passed"


def _scanned() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        picture = pdf.make_stream(bytes(64), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8,
                                  Height=8, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
        page.obj.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q")
        pdf.save(out)
    return out.getvalue()


def test_an_older_version_is_refused(counter: Counter) -> None:
    """Signed before the draft went back and came again; the newer one is taken."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    document_id = papers.awaiting()
    older = SIGN(counter.sent(document_id), key)
    papers.act("leader", document_id, Action.REJECT, remark="sửa lại")
    papers.now += dt.timedelta(days=3)
    papers.keys.publish(at=papers.now - dt.timedelta(hours=1))
    papers.do(files.upload_draft, "drafter", document_id=document_id, data=letter("V/v bản sửa"),
              filename="sua.pdf",
              version=papers.row(document_id, "drafter").version, blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    assert counter.refused(document_id, older) == "returned_other_bytes"
    newer = counter.sent(document_id)
    before_it = SIGN(newer, key, at=papers.now - dt.timedelta(days=2))
    assert counter.refused(document_id, before_it) == "returned_time"
    assert counter.bring(document_id, SIGN(newer, key, at=papers.now)).conclusion == "passed"


def test_a_signer_whose_post_has_ended(counter: Counter) -> None:
    """Signed while in office, brought a day after: not taken, by nobody; on the last day it is."""
    papers, key = counter.papers, counter.papers.keys.held["leader"]
    document_id = papers.awaiting()
    data = SIGN(counter.sent(document_id), key)

    def ends(day: dt.date | None) -> None:
        with unit_of_work(papers.office.engine) as uow:
            uow.begin_write()
            uow.session.execute(
                update(PostRow).where(PostRow.id == papers.office.posts["leader"].id).values(valid_to=day)
            )
            uow.commit()

    ends((papers.now - dt.timedelta(days=1)).date())
    with pytest.raises(WorkflowError) as told:
        counter.bring(document_id, data)
    assert told.value.code == "post_not_held"
    assert papers.row(document_id).state == State.AWAITING_SIGNATURE
    ends(papers.now.date())
    assert counter.bring(document_id, data).conclusion == "passed"
