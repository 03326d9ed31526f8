"""The pages of attachments: what the drafter does there, who sees them, and that they are sealed over the web."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.attached import BOTH, annex, held, sheet
from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers
from tests.web.documents.test_signing_pages import finish, prepare
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action, State
from workflow.services.documents import acts, attachments
from workflow.services.opinions import answering, asking
from workflow.store import opinions
from workflow.store.session import unit_of_work
from workflow.web import preflight


def send(client: Browser, document_id: int, version: str, *files: tuple[bytes, str]) -> Any:
    """The form with some files."""
    data = {"version": version, "file": [(io.BytesIO(one), name) for one, name in files]}
    return client.post(f"/outgoing/{document_id}/attachments", data=data)


def test_the_drafter_attaches_orders_names_and_takes_off(client: Browser, papers: Papers) -> None:
    """From the draft's form to the page; each act says what was done, a double click does it once."""
    document_id = papers.draft()
    client.set_cookie("trinhky_language", "en")
    client.login("drafter")
    path = f"/outgoing/{document_id}/attachments"
    assert f'href="{path}"' in client.get(f"/outgoing/{document_id}/edit").text
    page = client.get(path).text
    assert "Nothing is attached as a file of its own." in page
    files = ((annex(), "Phụ lục I.pdf"), (sheet(), "Danh sách.xlsx"))
    for _twice in range(2):
        answer = send(client, document_id, version_of(page), *files)
        assert (answer.status_code, answer.location) == (303, f"{path}?done=add")
    page = client.get(f"{path}?done=add").text
    assert "Attached." in page
    first, second = (one.row for one in held(papers, document_id))
    assert re.findall(r'/attachments/\d+">([^<]+)<', page.split("<tbody>")[1]) == [first.name, second.name]
    moved = client.post(f"{path}/{second.id}/place", data={"version": version_of(page), "place": "1"})
    assert moved.location == f"{path}?done=place"
    page = client.get(path).text
    renamed = client.post(f"{path}/{second.id}/rename", data={"version": version_of(page), "name": "Biểu 01"})
    assert renamed.location == f"{path}?done=rename"
    nameless = client.post(f"{path}/{second.id}/rename", data={"version": version_of(page), "name": " "})
    assert nameless.status_code == 422
    stale = client.post(f"{path}/{second.id}/rename", data={"version": "1", "name": "Biểu 02"})
    assert stale.status_code == 409
    shown = stale.text.partition("<details open>")[2].partition("</details>")[0]
    assert 'value="Biểu 02"' in shown, "what was typed is there, to be sent again"
    assert f'name="version" value="{version_of(page)}"' not in shown
    page = client.get(path).text
    for _twice in range(2):
        gone = client.post(f"{path}/{first.id}/take-off", data={"version": version_of(page)})
        assert gone.location == f"{path}?done=take-off"
    page = client.get(path).text
    assert "1 file was taken off" in page
    assert [one.row.name for one in held(papers, document_id)] == ["Biểu 01"]
    assert "attachments changed" in client.get(f"/outgoing/{document_id}").text


def test_bad_files_lose_no_other(client: Browser, papers: Papers) -> None:
    """The page says of each which was refused and why, and how many are there; a stale form changes nothing."""
    document_id = papers.draft()
    client.set_cookie("trinhky_language", "en")
    client.login("drafter")
    version = version_of(client.get(f"/outgoing/{document_id}/attachments").text)
    answer = send(client, document_id, version, (annex(), "a.pdf"), (b"GIF89a", "ảnh.gif"), (annex("II"), "b.pdf"),
                  (b"", "rỗng.pdf"))  # fmt: skip
    assert answer.status_code == 422
    assert "ảnh.gif: Only PDF, Word files and spreadsheets (XLSX, ODS) are attached." in answer.text
    assert "rỗng.pdf: The file is empty (0 bytes)." in answer.text
    assert "2 of the chosen files are attached." in answer.text
    stale = send(client, document_id, version, (annex("III"), "c.pdf"))
    assert stale.status_code == 409
    assert "Below is what is attached now." in stale.text
    assert send(client, document_id, version).status_code == 422
    assert [one.row.name for one in held(papers, document_id)] == ["a", "b"]


def test_each_file_is_looked_at_and_taken_away(client: Browser, papers: Papers) -> None:
    """Pages, viewer and download for readers; a spreadsheet is only given away, under a plain name."""
    document_id = papers.in_review(attach=BOTH)
    client.set_cookie("trinhky_language", "en")
    client.login("head")
    page = client.get(f"/outgoing/{document_id}").text
    assert "Attachments (2)" in page
    listed = client.get(f"/outgoing/{document_id}/attachments").text
    assert "take-off" not in listed
    assert "The drafter changes attachments" in listed
    paper, table = (f"/outgoing/{document_id}/attachments/{one.row.id}" for one in held(papers, document_id))
    assert f"{paper}/pages/1.webp" in client.get(paper).text
    assert client.get(f"{paper}/pages/1.webp").mimetype == "image/webp"
    assert client.get(f"{paper}/pages/2.webp").status_code == 404
    assert f'data-pdf="{paper}/content"' in client.get(f"{paper}/view").text
    assert "only given as a download" in client.get(table).text
    assert client.get(f"{table}/view").location == table
    assert client.get(f"{table}/pages/1.webp").status_code == 404
    given = client.get(f"{table}/content")
    assert given.data == sheet()
    assert re.fullmatch(
        r"""attachment; filename="[a-z0-9.-]+\.kem-2-danh-sach\.xlsx"; filename\*=UTF-8''\S+\.xlsx""",
        given.headers["Content-Disposition"],
    )


@pytest.mark.parametrize("who", ["far_clerk", "far_drafter", "lone_drafter"])
def test_to_others_they_are_not_there(client: Browser, papers: Papers, who: str) -> None:
    """Another agency and another unit get 404 for every address, and change nothing."""
    document_id = papers.draft(attach=BOTH)
    version = str(papers.row(document_id, "drafter").version)
    client.login(who)
    path = f"/outgoing/{document_id}/attachments"
    key = held(papers, document_id)[0].row.id
    for address in (path, *(f"{path}/{key}{rest}" for rest in ("", "/content", "/view", "/pages/1.webp"))):
        assert client.get(address).status_code == 404, address
    for address, more in (("rename", {"name": "x"}), ("place", {"place": "2"}), ("take-off", {})):
        data = {"version": version, **more}
        assert client.post(f"{path}/{key}/{address}", data=data).status_code in {403, 404}
    assert send(client, document_id, version, (annex(), "x.pdf")).status_code in {403, 404}
    assert [one.row.name for one in held(papers, document_id)] == ["Phụ lục I", "Danh sách"]


def test_an_attachment_of_another_document_is_not_there(client: Browser, papers: Papers) -> None:
    """The key of one document opens no file of another that the reader may not see."""
    mine, theirs = papers.draft(), papers.draft(drafter="lone_drafter", attach=[("Kín.pdf", annex())])
    key = held(papers, theirs)[0].row.id
    client.login("drafter")
    for rest in ("", "/content", "/view", "/pages/1.webp"):
        assert client.get(f"/outgoing/{mine}/attachments/{key}{rest}").status_code == 404
    page = client.get(f"/outgoing/{mine}/attachments").text
    taken = client.post(f"/outgoing/{mine}/attachments/{key}/take-off", data={"version": version_of(page)})
    assert taken.status_code == 404
    assert len(held(papers, theirs)) == 1


def test_the_signer_sees_them_where_they_sign(client: Browser, papers: Papers) -> None:
    """The slip and the signing page name them with their hashes and show their pages."""
    document_id = papers.awaiting(attach=BOTH)
    first, second = held(papers, document_id)
    client.login("leader")
    for address in (f"/sign?documents={document_id}", f"/outgoing/{document_id}/slip", f"/outgoing/{document_id}"):
        page = client.get(address).text
        for one in (first, second):
            assert one.row.name in page
    page = client.get(f"/sign?documents={document_id}").text
    assert first.row.sha256[:16] in page
    assert f"/attachments/{first.row.id}/pages/1.webp" in page
    assert len(json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))) == 1


def test_the_clerk_seals_all_files_in_one_act(client: Browser, papers: Papers) -> None:
    """Attachment and document are prepared together, each on the file that was read, and sealed one by one."""
    document_id, agency = papers.number_signed(attach=BOTH), papers.keys.held["commune"]
    first, _table = held(papers, document_id)
    client.login("clerk")
    page = client.get(f"/sign/seal?documents={document_id}").text
    asked = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert [one["id"] for one in asked] == [f"{document_id}.{first.row.id}", document_id]
    assert asked[0]["sha256"] == first.row.sha256
    prepared = prepare(client, "seal", agency, [{"id": one["id"], "version": one["version"]} for one in asked]).json
    assert [one["document"] for one in prepared["items"]] == [one["id"] for one in asked]
    for one in prepared["items"]:
        whole, read = client.get(one["preparedUrl"]).data, client.get(one["originalUrl"]).data
        assert whole.startswith(read)
        assert len(whole) > len(read)
    backwards = {"session": prepared["session"], "items": prepared["items"][::-1]}
    told = finish(client, "seal", backwards, agency).json["items"]
    assert [one["ok"] for one in told] == [False, True]
    assert told[0]["code"] == "attachments_sealed"
    assert [one["ok"] for one in finish(client, "seal", prepared, agency).json["items"]] == [True, True]
    assert papers.row(document_id).state == State.SEALED
    (sealed, _same) = held(papers, document_id)
    assert sealed.seal is not None
    client.set_cookie("trinhky_language", "en")
    shown = client.get(f"/outgoing/{document_id}/attachments/{first.row.id}").text
    assert "Sealed: Valid" in shown
    assert (
        client.get(f"/outgoing/{document_id}/attachments/{first.row.id}/content").data
        != client.get(f"/outgoing/{document_id}/attachments/{first.row.id}/content?read=1").data
    )


def test_odd_names_of_files_are_no_request(client: Browser, papers: Papers) -> None:
    """Neither an attachment of another document, nor one for the leader's key, nor nonsense is prepared."""
    document_id, agency = papers.number_signed(attach=BOTH), papers.keys.held["commune"]
    other = papers.number_signed(subject="Khác", attach=[("K.pdf", annex("K"))])
    foreign, table = held(papers, other)[0].row.id, held(papers, document_id)[1].row.id
    version = papers.row(document_id).version
    client.login("clerk")
    wanted = {
        f"{document_id}.{foreign}": "attachment_not_found", f"{document_id}.{table}": "attachment_not_sealed_kind",
        f"{document_id}.x": "request_malformed", f"{document_id}.1.1": "request_malformed",
        f".{foreign}": "request_malformed", f"{document_id}.": "request_malformed",
    }  # fmt: skip
    answer = prepare(client, "seal", agency, [{"id": one, "version": version} for one in wanted]).json
    assert [one["code"] for one in answer["items"]] == list(wanted.values())


def test_more_files_than_one_act_takes(client: Browser, papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is left out with its reason and sealed in the next act."""
    first = papers.number_signed(attach=[("I.pdf", annex())])
    second = papers.number_signed(subject="Thứ hai", attach=[("II.pdf", annex("II"))])
    monkeypatch.setattr(preflight, "AT_MOST", 3)
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    page = client.get(f"/sign/seal?documents={first}&documents={second}").text
    assert "at most 3 are sealed at once" in page.split("Left out")[1]
    asked = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert len(asked) == 2


def test_who_is_asked_reads_them_too(client: Browser, papers: Papers) -> None:
    """The head of a coordinating unit sees what they initial; another attachment voids it, and asks anew."""
    document_id = papers.draft(attach=BOTH)
    (request,) = papers.do(
        asking.ask, "drafter", document_id=document_id, question="", due_on=None,
        to=[asking.To(kind=Kind.INITIALS, unit_id=papers.office.units["culture"])],
    )  # fmt: skip
    key, table = (one.row.id for one in held(papers, document_id))
    client.login("culture_head")
    page = client.get(f"/opinions/{request.id}").text
    assert "Phụ lục I" in page
    base = f"/opinions/{request.id}/attachments"
    assert client.get(f"{base}/{key}/pages/1.webp").mimetype == "image/webp"
    assert client.get(f"{base}/{table}/content").data == sheet()
    assert client.get(f"{base}/999/content").status_code == 404
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    assert client.post(f"/opinions/{request.id}", data={"verdict": "agree", "seen": seen}).status_code == 303
    assert waits(papers, document_id) == ["answered"]
    papers.attach(document_id, "II.pdf", annex("II"))
    assert waits(papers, document_id) == ["open"]
    late = client.post(f"/opinions/{request.id}", data={"verdict": "agree", "seen": seen})
    assert late.status_code == 409
    fresh = re.findall(r'name="seen" value="([^"]+)"', late.text)
    papers.do(
        answering.answer, "culture_head", request_id=request.id, verdict=Verdict.AGREE, words="", seen=fresh[0]
    )
    assert waits(papers, document_id) == ["answered"]
    client.login("far_clerk")
    assert client.get(f"{base}/{key}/content").status_code == 404


def test_who_is_asked_again_is_told_which_attachments_changed(client: Browser, papers: Papers) -> None:
    """Added, renamed, taken off since they initialled: on their page, at their desk and on the slip; what came and
    went in between is not told."""
    document_id = papers.draft(attach=(*BOTH, ("Bản đồ.pdf", annex("Bản đồ"))))
    (request,) = papers.do(
        asking.ask, "drafter", document_id=document_id, question="", due_on=None,
        to=[asking.To(kind=Kind.INITIALS, unit_id=papers.office.units["culture"])],
    )  # fmt: skip
    with unit_of_work(papers.office.engine) as uow:
        seen = opinions.present_text(uow.session, document_id) or ""
    papers.do(answering.answer, "culture_head", request_id=request.id, verdict=Verdict.AGREE, words="", seen=seen)
    client.login("culture_head")
    assert "Tệp kèm theo đã thay đổi" not in client.get(f"/opinions/{request.id}").text
    first, second, third = (one.row.id for one in held(papers, document_id))
    papers.attach(document_id, "Nhầm.pdf", annex("Nhầm"))
    wrong = held(papers, document_id)[-1].row.id
    papers.attach(document_id, "Dự toán.pdf", annex("Dự toán"))
    for service, key, more in (
        (attachments.rename, first, {"name": "Phụ lục 1"}),
        (attachments.rename, first, {"name": "Quy chế"}),
        (attachments.take_off, third, {}),
        (attachments.take_off, wrong, {}),
        (attachments.put_at, second, {"place": 1}),
    ):
        version = papers.row(document_id, "drafter").version
        papers.do(service, "drafter", document_id=document_id, attachment_id=key, version=version, **more)
    page = client.get(f"/opinions/{request.id}").text
    told = re.findall(r"<li[^>]*>([^<]+)</li>", page.partition("Tệp kèm theo đã thay đổi")[2].partition("</ul>")[0])
    assert told == ["thêm: Dự toán", "gỡ: Bản đồ", "đổi tên: Phụ lục I → Quy chế", "đổi thứ tự"]
    assert "Dự thảo hoặc tệp kèm theo đã thay đổi sau lần trả lời trước" in client.get("/desk").text
    slip = client.login("drafter").get(f"/outgoing/{document_id}/slip").text
    assert "trả lời trước khi các tệp kèm theo thay đổi" in slip
    assert "(bản trước)" not in slip


def test_who_reviews_again_is_told_which_attachments_changed(client: Browser, papers: Papers) -> None:
    """Given back and laid before the head again with the same text and another annex."""
    document_id = papers.in_review(attach=BOTH)
    papers.act("head", document_id, Action.RETURN, "Thiếu dự toán")
    papers.attach(document_id, "Dự toán.pdf", annex("Dự toán"))
    papers.act("drafter", document_id, Action.SUBMIT)
    page = client.login("head").get(f"/outgoing/{document_id}").text
    told = page.partition("từ đó tệp kèm theo đã thay đổi")[2].partition("</div>")[0]
    assert ("thêm: Dự toán" in told, "Thiếu dự toán" in told) == (True, True)
    assert "khi đó là bản" not in page


def test_to_a_secret_draft_nothing_is_attached(client: Browser, papers: Papers) -> None:
    """Neither its form nor the page offers what would be refused; both say where the annexes go."""
    document_id = papers.draft(file=False, secret=True)
    client.login("drafter")
    form = client.get(f"/outgoing/{document_id}/edit").text
    assert f"/outgoing/{document_id}/attachments" not in form
    for page in (form, client.get(f"/outgoing/{document_id}/attachments").text):
        assert "Văn bản mật không lưu tệp trên hệ thống; phụ lục đi kèm bản giấy." in page


def test_who_answered_sees_after_the_signature_what_they_answered_on(client: Browser, papers: Papers) -> None:
    """What was attached after the answer, with the same file, is not theirs to read once it is signed."""
    office, found = papers.office, []
    for later in (False, True):
        document_id = papers.draft(attach=BOTH)
        (request,) = papers.do(
            asking.ask, "drafter", document_id=document_id, question="Đúng chưa?", due_on=None,
            to=[asking.To(post_id=office.posts["culture_head"].id)],
        )  # fmt: skip
        with unit_of_work(office.engine) as uow:
            seen = opinions.present_text(uow.session, document_id) or ""
        papers.do(
            answering.answer, "culture_head", request_id=request.id, verdict=Verdict.AGREE, words="", seen=seen
        )
        if later:
            papers.attach(document_id, "II.pdf", annex("II"))
        client.login("culture_head")
        address = f"/opinions/{request.id}/attachments/{held(papers, document_id)[0].row.id}/content"
        assert client.get(address).status_code == 200
        papers.act("drafter", document_id, Action.SUBMIT)
        papers.act("head", document_id, Action.APPROVE)
        papers.confirm_format(document_id)
        papers.sign("leader", "leader", papers.keys.held["leader"], document_id)
        found.append(client.get(address).status_code)
    assert found == [200, 404]


def waits(papers: Papers, document_id: int) -> list[str]:
    """Where each request is."""
    with unit_of_work(papers.office.engine) as uow:
        present = opinions.present_text(uow.session, document_id)
        return [str(one.state(present)) for one in opinions.of_document(uow.session, document_id)]


def test_they_go_out_in_every_way(client: Browser, papers: Papers) -> None:
    """ZIP, API and public look-up know them; strangers get their number and not their names."""
    document_id = papers.sealed(attach=BOTH)
    papers.do(acts.issue, "clerk", document_id=document_id, version=None, blobs=papers.blobs)
    first, second = held(papers, document_id)
    client.login("clerk")
    given = client.get(f"/outgoing/export.zip?documents={document_id}:{papers.row(document_id).version}")
    with zipfile.ZipFile(io.BytesIO(given.data)) as archive:
        names = archive.namelist()
        assert [name for name in names if "kèm" in name] == [
            "001 01-UBND-KT.kèm 1 Phụ lục I.pdf",
            "001 01-UBND-KT.kèm 2 Danh sách.xlsx",
        ]
        assert archive.read("001 01-UBND-KT.kèm 1 Phụ lục I.pdf") == papers.blobs.get(first.sha256)
        assert archive.read("001 01-UBND-KT.kèm 2 Danh sách.xlsx") == papers.blobs.get(second.sha256)
    given = client.get(f"/outgoing/{document_id}/attachments/{first.row.id}/content")
    assert quote("01-UBND-KT.kèm 1 Phụ lục I.pdf") in given.headers["Content-Disposition"], "one name everywhere"
    client.set_cookie("trinhky_language", "en")
    client.get("/logout")
    page = client.get(f"/v/{papers.row(document_id).code}").text
    assert (
        "2 files go with it: 1 of 1 PDF files bear a seal that holds; 1 spreadsheet goes along without a seal."
        in re.sub(r"\s+", " ", page)
    )
    assert "Phụ lục I" not in page
