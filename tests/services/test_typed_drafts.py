"""Drafts as offices write them, by real producers: title, name, number and date typed, blanks left for the rest."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import Engine

from signing import jail
from signing import prepare as making
from tests.support.office import build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents import drafting, files, numbers, plans, remarks
from workflow.services.documents.acts import act
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import make_engine, unit_of_work

ASSETS = Path(__file__).parent.parent / "assets" / "drafts"


@dataclass(frozen=True)
class Kind:
    """A draft, how it is signed, and the lines that its first page must read in the end."""

    type_code: str
    signer: str
    capacity: Capacity
    head: tuple[str, ...]
    drawn: str


KINDS = {
    "official-letter": Kind(
        "letter", "deputy", Capacity.KT, ("Số: 01 /UBND-KT", "Đồng Tâm, ngày 23 tháng 11 năm 2026"), "01 23 11"
    ),
    "decision": Kind("decision", "leader", Capacity.HEAD, ("Số: 01 /QĐ-UBND",), "01 23 11"),
    "notice": Kind("notice", "leader", Capacity.TM, ("01", "ngày 23 tháng 11 năm 2026"), "01 23"),
    "invitation": Kind("invitation", "head", Capacity.TL, ("Số: 01/GM-UBND",), "01/GM-UBND 23 11 26"),
}


@pytest.fixture
def papers(sqlite_url: str, tmp_path: Path) -> Papers:
    """An office with keys, the head of the drafting unit among them."""
    engine: Engine = make_engine(sqlite_url)
    made = papers_of(build(engine), open_blobs(str(tmp_path / "blobs")))
    made.keys.issue("head")
    made.keys.enrol("head")
    return made


def uploaded(papers: Papers, name: str, *, signer: str = "", capacity: Capacity | None = None) -> int:
    """A draft of this kind with its file."""
    kind = KINDS[name]
    document_id = papers.draft(
        file=False, type_code=kind.type_code, signer=signer or kind.signer, capacity=capacity or kind.capacity
    )
    papers.do(
        files.upload_draft, "drafter", document_id=document_id, version=1,
        data=(ASSETS / f"{name}.pdf").read_bytes(), filename=f"{name}.pdf", blobs=papers.blobs,
    )  # fmt: skip
    return document_id


def sealed(papers: Papers, document_id: int, *, signer: str) -> bytes:
    """From upload to seal."""
    papers.do(act, "drafter", document_id=document_id, action=Action.SUBMIT, version=None, remark="")
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    held = papers.keys.held
    assert papers.sign(signer, "leader", held[signer], document_id).conclusion == "passed"
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    assert papers.sign("clerk", "number", held["commune"], document_id).conclusion == "passed"
    assert papers.sign("clerk", "seal", held["commune"], document_id).conclusion == "passed"
    return papers.blobs.get(str(papers.row(document_id).file_sha256))


def told(papers: Papers, document_id: int) -> dict[str, dict[str, str]]:
    """The remarks on a document, by code."""
    with unit_of_work(papers.office.engine) as uow:
        found = remarks.remarks(uow, uow.session.get_one(Outgoing, document_id), now=papers.now)
    return {str(one.code): one.words for one in found}


def plan(papers: Papers, document_id: int) -> dict[str, making.PlannedField]:
    """The plan as the verifier gets it."""
    with unit_of_work(papers.office.engine) as uow:
        return {field.name: field for field in plans.planned_fields(uow, document_id)}


def place_of(field: making.PlannedField, drawn: making.Drawn) -> files.Place:
    """The same place, more or less drawn in it."""
    left, bottom, right, top = field.box
    return files.Place(
        name=field.name, page=field.page, left=left, bottom=bottom, right=right, top=top, drawn=drawn
    )


def appearance(data: bytes, field: str) -> str:
    """What a signature's appearance reads, taken out of the file and put on a page of its own."""
    with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as target:
        found = next(one for one in source.Root.AcroForm.Fields if str(one.T) == field)
        form = target.copy_foreign(found.AP.N)
        page = target.add_blank_page(page_size=(float(form.BBox[2]), float(form.BBox[3])))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form))
        page.Contents = target.make_stream(b"/A Do")
        saved = io.BytesIO()
        target.save(saved)
    return " ".join(line.text for line in making.text_lines_in_jail(saved.getvalue(), pages=[1])[1])


def words(data: bytes) -> str:
    """The first page as a reader finds it, stamps included, line by line."""
    with pypdfium2.PdfDocument(data) as document:
        document.init_forms()
        page = document[0]
        assert pypdfium2.raw.FPDFPage_Flatten(page, 0) == pypdfium2.raw.FLATTEN_SUCCESS
        saved = io.BytesIO()
        document.save(saved)
    lines = making.text_lines_in_jail(saved.getvalue(), pages=[1])[1]
    return "\n".join(unicodedata.normalize("NFC", line.text) for line in lines)


@pytest.mark.slow
@pytest.mark.tools("pdfsig", "mutool")
@pytest.mark.parametrize("name", KINDS)
def test_a_real_draft_is_completed_and_not_repeated(papers: Papers, tmp_path: Path, name: str) -> None:
    """Three valid signatures for pdfsig, mutool and us; nothing that was typed stands twice."""
    kind = KINDS[name]
    document_id = uploaded(papers, name)
    data = sealed(papers, document_id, signer=kind.signer)
    assert_valid(data, tmp_path)
    page = words(data)
    for line in kind.head:
        assert line in page
    typed = plan(papers, document_id)["leader"].typed
    assert isinstance(typed, making.TypedBlock)
    assert page.count(typed.titles[-1] + "\n") == 1
    assert len(re.findall(rf"^{papers.office.names[kind.signer]}$", page, re.MULTILINE)) == 1
    assert "Đã ký số" in page
    assert appearance(data, "number") == plan(papers, document_id)["number"].expected_text == kind.drawn


def assert_valid(data: bytes, folder: Path) -> None:
    """Every signature fits its bytes."""
    file = folder / "issued.pdf"
    file.write_bytes(data)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 3
    said = subprocess.run(["mutool", "sign", "-v", file], capture_output=True, text=True, check=False).stdout
    assert said.count("The document is unchanged since signing.") == 1
    assert said.count("The signature is valid but there have been edits since signing.") == 2


def test_the_signer_typed_is_the_signer_named(papers: Papers) -> None:
    """Nothing to say about a draft whose block, symbol and date fit."""
    assert told(papers, uploaded(papers, "official-letter")) == {}
    assert told(papers, uploaded(papers, "decision")) == {}


def test_a_wrong_name_is_told_also_when_the_signer_changes_later(papers: Papers) -> None:
    """The classic mistake, and its sister: the chairman is away, the deputy signs, the paper names the chairman."""
    document_id = uploaded(papers, "decision", signer="deputy", capacity=Capacity.KT)
    found = told(papers, document_id)
    assert found["typed_name_differs"] == {"typed": "Nguyễn Thị Lan", "expected": "Đặng Quốc Việt"}
    assert found["typed_title_differs"] == {"typed": "CHỦ TỊCH", "expected": "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"}
    facts = drafting.DraftFacts(
        type_code="decision", subject="Về việc khác", signer_post_id=papers.office.posts["leader"].id,
        capacity=Capacity.HEAD,
    )  # fmt: skip
    papers.do(drafting.revise, "drafter", document_id=document_id, version=2, facts=facts)
    assert told(papers, document_id) == {}


def test_the_same_name_spelt_differently_is_told(papers: Papers) -> None:
    """`Đặng Quốc Viết` is nobody; accents folded he is the deputy, so his block is found."""
    document_id = uploaded(papers, "official-letter")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        box = next(one for one in store.boxes_of(uow.session, document_id) if one.name == "leader")
        box.typed = dict(box.typed) | {"name": "Đặng Quốc Viết"}
        uow.commit()
    assert set(told(papers, document_id)) == {"typed_name_spelling"}


def test_a_capacity_that_is_not_the_typed_one_is_told(papers: Papers) -> None:
    """The chairman signs for the committee, the draft says nothing of it."""
    document_id = uploaded(papers, "decision", signer="leader", capacity=Capacity.TM)
    assert told(papers, document_id)["typed_title_differs"]["expected"] == "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"


def test_a_symbol_of_another_unit_or_type_is_told(papers: Papers) -> None:
    """The register will give `/BC-UBND`, the paper says `/UBND-KT`."""
    document_id = papers.draft(file=False, type_code="report", signer="deputy", capacity=Capacity.KT)
    papers.do(
        files.upload_draft, "drafter", document_id=document_id, version=1,
        data=(ASSETS / "official-letter.pdf").read_bytes(), filename="a.pdf", blobs=papers.blobs,
    )  # fmt: skip
    assert told(papers, document_id) == {"typed_symbol_differs": {"typed": "UBND-KT", "expected": "BC-UBND"}}


def test_a_date_that_will_not_be_the_documents_is_told(papers: Papers) -> None:
    """Month typed in November, signed in December; and a blank without room is told at once."""
    document_id = uploaded(papers, "notice")
    assert set(told(papers, document_id)) == {"typed_blank_narrow"}
    papers.now += dt.timedelta(days=9)
    found = told(papers, document_id)["typed_date_differs"]
    assert found == {"typed": "ngày … tháng 11 năm 2026", "expected": "ngày 02 tháng 12 năm 2026"}


def test_the_drafter_decides_how_much_is_drawn(papers: Papers) -> None:
    """All of the block after all; and nothing is left out where nothing is typed."""
    document_id = uploaded(papers, "official-letter")
    leader = plan(papers, document_id)["leader"]
    assert leader.drawn is making.Drawn.MISSING
    seal = plan(papers, document_id)["seal"]
    wanted = (place_of(leader, making.Drawn.WHOLE), place_of(seal, making.Drawn.MISSING))
    papers.do(files.move_boxes, "drafter", document_id=document_id, version=2, places=wanted, blobs=papers.blobs)
    after = plan(papers, document_id)
    assert {after["leader"].drawn, after["seal"].drawn} == {making.Drawn.WHOLE}
    assert after["leader"].typed == leader.typed


def test_a_paper_without_typed_words_gets_the_whole_block_and_line(papers: Papers) -> None:
    """As templates of ours leave it."""
    document_id = papers.number_signed()
    found = plan(papers, document_id)
    assert found["leader"].typed is None
    assert found["number"].expected_text == "Số: 01/UBND-KT Đồng Tâm, ngày 23 tháng 11 năm 2026"
    data = papers.blobs.get(str(papers.row(document_id).file_sha256))
    assert appearance(data, "number") == found["number"].expected_text
    assert "CHỦ TỊCH" in appearance(data, "leader")


def test_a_draft_whose_text_cannot_be_read_gets_the_usual_places(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that wants more than its reader may use is no reason to refuse the draft."""

    def too_much(*_given: object, **_named: object) -> None:
        raise jail.ResourceLimit("resource_limit")

    monkeypatch.setattr(making, "read_pages_in_jail", too_much)
    found = plan(papers, uploaded(papers, "decision"))
    assert {field.typed for field in found.values()} == {None}
