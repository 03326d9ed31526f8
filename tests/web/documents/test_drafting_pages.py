"""Templates, the text of a draft, versions beside each other, comments: the pages."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html import unescape

import pytest

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import Papers, letter
from workflow.adapters.sheets import read_sheet
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents import commenting, templates, writing
from workflow.store import documents as store
from workflow.store.session import unit_of_work

TEMPLATE = {"type_code": "notice", "name": "Lịch tiếp công dân", "basis": "", "body": "{{co_quan}} thông báo ……"}


@pytest.fixture
def client(client: Browser) -> Browser:
    """In English, where sentences are looked for."""
    client.set_cookie("trinhky_language", "en")
    return client


def number_in(address: str) -> int:
    """The document that an answer leads to."""
    return int(re.findall(r"/outgoing/(\d+)", address)[0])


def kinds(papers: Papers, document_id: int) -> list[str]:
    """The document's files."""
    with unit_of_work(papers.office.engine) as uow:
        return [one.kind for one in store.files_of(uow.session, document_id)]


def written(papers: Papers, body: str = "Biên chế: 24 người.") -> int:
    """A draft that was written here."""
    document_id = papers.draft(file=False, signer="deputy", capacity=Capacity.KT)
    again(papers, document_id, body)
    return document_id


def again(papers: Papers, document_id: int, body: str) -> None:
    """Its next version."""
    papers.do(
        writing.write, "drafter", document_id=document_id, version=papers.row(document_id).version, basis="",
        body=body, template="built:letter", blobs=papers.blobs,
    )  # fmt: skip


def test_an_answer_begins_from_what_arrived(client: Browser, papers: Papers) -> None:
    """The form offers the template for answers; the next page has the paper's number, date, issuer and subject."""
    arrived = Arrivals(papers.office).directed()
    form = client.login("drafter").get(f"/outgoing/new?answers={arrived.id}").text
    assert '<option value="built:reply" selected>' in form
    typed = {
        "type_code": "letter", "subject": "Trả lời Công văn số 0412/SNV-TCBC", "recipients": arrived.issuer,
        "answers": str(arrived.id), "template": "built:reply", "submit": "1",
    }  # fmt: skip
    answer = client.post("/outgoing/new", data=typed)
    assert answer.headers["Location"].endswith("/text?template=built:reply")
    shown = client.get(answer.headers["Location"]).text
    assert "Trả lời Công văn số 0412/SNV-TCBC ngày 20 tháng 11 năm 2026 của Sở Nội vụ tỉnh Lam Giang" in shown
    document_id = number_in(answer.headers["Location"])
    words = {"version": version_of(shown), "template": "built:reply", "body": "Thống nhất./.", "submit": "1"}
    assert client.post(f"/outgoing/{document_id}/text", data=words).headers["Location"].endswith("/plan?new=1")
    assert kinds(papers, document_id) == ["original", "draft"]
    assert "Thống nhất./.</textarea>" in client.get(f"/outgoing/{document_id}/text").text
    stale = client.post(f"/outgoing/{document_id}/text", data=words | {"body": "Ý kiến khác"})
    assert stale.status_code == 409
    assert "Ý kiến khác</textarea>" in stale.text


def test_new_facts_set_the_paper_anew(client: Browser, papers: Papers) -> None:
    """Saving the draft's form makes the next version from the kept words; an unchanged form makes none."""
    document_id = written(papers)
    form = client.login("drafter").get(f"/outgoing/{document_id}/edit").text
    typed = {
        "version": version_of(form), "type_code": "letter", "subject": "V/v biên chế", "recipients": "Sở Nội vụ",
        "signer": f"{papers.office.posts['leader'].id}:head",
    }  # fmt: skip
    client.post(f"/outgoing/{document_id}/edit", data=typed)
    assert kinds(papers, document_id) == ["original", "draft"] * 2
    client.post(f"/outgoing/{document_id}/edit", data=typed | {"version": str(papers.row(document_id).version)})
    assert kinds(papers, document_id) == ["original", "draft"] * 2


def test_a_template_that_does_not_fit_is_refused_before_the_draft_is_made(client: Browser, papers: Papers) -> None:
    """Another type, none at all; with a file the template does not matter."""
    typed = {"type_code": "letter", "subject": "V/v thử", "submit": "1"}
    client.login("drafter")
    for key in ("built:decision", "built:nothing", "own:1", "x"):
        answer = client.post("/outgoing/new", data=typed | {"template": key})
        assert answer.status_code in {404, 422}
        assert 'id="e-template"' in answer.text
    with unit_of_work(client.engine) as uow:
        assert not store.page(papers.office.scope("drafter"), uow.session, wanted=store.Filter())
    file = (io.BytesIO(letter()), "cv.pdf")
    answer = client.post("/outgoing/new", data=typed | {"template": "built:decision", "file": file})
    assert answer.headers["Location"].endswith("/plan?new=1")


def test_only_the_drafter_writes(client: Browser, papers: Papers) -> None:
    """Others are shown the document; a draft that was sent on is not written any more."""
    document_id = written(papers)
    assert client.login("head").get(f"/outgoing/{document_id}/text").status_code == 303
    assert client.login("leader").get(f"/outgoing/{document_id}/text").status_code == 403
    papers.act("drafter", document_id, Action.SUBMIT)
    assert client.login("drafter").get(f"/outgoing/{document_id}/text").status_code == 303
    answer = client.post(f"/outgoing/{document_id}/text", data={"version": "3", "body": "Muộn"})
    assert answer.status_code == 409


def test_versions_show_who_when_why_and_what_changed(client: Browser, papers: Papers) -> None:
    """Added and removed words in words and colour, the reason of the return, both pages, one page at a time."""
    document_id = written(papers)
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.RETURN, "Rà lại biên chế")
    papers.now += dt.timedelta(minutes=5)
    again(papers, document_id, "Biên chế: 26 người, kể cả hợp đồng.")
    page = client.login("head").get(f"/outgoing/{document_id}/versions").text
    assert re.search(r"<del>.{0,80}</span>24 người\.</del>", page)
    assert re.search(r"<ins>.{0,80}</span>26 người, kể cả hợp đồng\.</ins>", page)
    assert "Rà lại biên chế" in page
    assert "written here, from “Công văn đề nghị, trao đổi”" in page
    assert papers.office.names["drafter"] in page
    assert page.count("/pages/1.webp") == 2
    swapped = client.get(f"/outgoing/{document_id}/versions?from=4&to=2").text
    assert re.search(r"<del>.{0,80}</span>26", swapped)
    assert client.get(f"/outgoing/{document_id}/versions?from=1&to=4").status_code == 404


def test_a_long_document_does_not_make_a_long_page(client: Browser, papers: Papers) -> None:
    """Twelve hundred changed places come in parts; one pair of pages is shown, whichever is asked for."""
    filler = "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 2
    document_id = written(papers, "\n".join(f"{filler} {n}" for n in range(300)))
    again(papers, document_id, "\n".join(f"{filler} {n}!" for n in range(300)))
    page = client.login("head").get(f"/outgoing/{document_id}/versions").text
    assert "300 places" in page
    assert page.count("<ins>") <= 42
    assert page.count(".webp") == 2
    assert len(page) < 60_000
    second = client.get(f"/outgoing/{document_id}/versions?part=2&page=99").text
    assert 'start="41"' in second
    assert second.count(".webp") == 2


def test_comments_beside_the_draft(client: Browser, papers: Papers) -> None:
    """The head remarks on page 1; it is counted on the draft and at submission; answered, settled, opened again."""
    document_id = written(papers)
    path = f"/outgoing/{document_id}"
    said = {"ordinal": "2", "page": "1", "to": "2", "words": "Sửa <b>số</b> liệu"}
    answer = client.login("head").post(f"{path}/comments", data=said)
    assert answer.headers["Location"].endswith("versions?to=2&page=1&done=comment#comments")
    assert client.post(f"{path}/comments", data=said | {"words": " "}).status_code == 422
    shown = client.login("drafter").get(f"{path}/versions").text
    assert "Sửa &lt;b&gt;số&lt;/b&gt; liệu" in shown
    comment = int(re.findall(r"comments/(\d+)/answer", shown)[0])
    for page in (path, f"{path}/plan"):
        assert "1 comment is still open" in client.get(page).text
    client.post(f"{path}/comments/{comment}/answer", data={"words": "Đã sửa"})
    client.post(f"{path}/comments/{comment}/settle")
    shown = client.get(f"{path}/versions").text
    assert "Đã sửa" in shown
    assert "is still open" not in client.get(path).text
    assert client.login("clerk").post(f"{path}/comments/{comment}/reopen").status_code == 403
    client.login("head").post(f"{path}/comments/{comment}/reopen")
    assert "1 comment is still open" in client.get(path).text


def test_comments_of_others_are_not_there(client: Browser, papers: Papers) -> None:
    """Neither seen nor counted nor found by guessing: another agency, another unit, an inspector who writes."""
    document_id = papers.draft()
    said = papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, words="Bí mật của phòng")
    for who in ("far_clerk", "far_leader", "lone_drafter", "culture_head"):
        client.login(who)
        assert client.get(f"/outgoing/{document_id}/versions").status_code == 404
    other = papers.draft(drafter="lone_drafter")
    client.login("lone_drafter")
    assert client.post(f"/outgoing/{other}/comments/{said.id}/answer", data={"words": "?"}).status_code == 404
    assert client.post(f"/outgoing/{other}/comments/{said.id}/settle").status_code == 404
    client.login("inspector")
    assert "Bí mật của phòng" in client.get(f"/outgoing/{document_id}/versions").text
    assert client.post(f"/outgoing/{document_id}/comments", data={"ordinal": "2", "words": "?"}).status_code == 403


def test_an_office_keeps_its_templates(client: Browser, papers: Papers) -> None:
    """Added with a clear no to unknown places, found by filter, offered to drafters, put out of use."""
    client.login("clerk")
    wrong = client.post("/admin/templates/new", data=TEMPLATE | {"body": "Số {{so_hieu}}"})
    assert wrong.status_code == 422
    assert "Nothing can be filled in for {{so_hieu}}." in wrong.text
    assert "so_den" in wrong.text
    assert client.post("/admin/templates/new", data=TEMPLATE).headers["Location"].endswith("?done=added")
    assert client.post("/admin/templates/new", data=TEMPLATE).status_code == 422
    page = client.get("/admin/templates?type=notice&q=tiep+cong").text
    key = int(re.findall(r"/admin/templates/(\d+)/end", page)[0])
    assert "Quyết định cá biệt" not in page
    form = client.login("drafter").get("/outgoing/new").text
    assert f'value="own:{key}"' in form
    assert client.get("/admin/templates").status_code == 403
    assert f'value="own:{key}"' not in client.login("far_drafter").get("/outgoing/new").text
    assert client.login("far_clerk").post(f"/admin/templates/{key}/end").status_code == 404
    assert client.login("admin").post(f"/admin/templates/{key}/end").headers["Location"].endswith("?done=ended")
    assert f'value="own:{key}"' not in client.login("drafter").get("/outgoing/new").text
    assert "Lịch tiếp công dân" in client.login("clerk").get("/admin/templates?which=ended").text


def test_templates_are_ordered_copied_and_taken_away(client: Browser, papers: Papers) -> None:
    """By type, name and day; an ended one is copied into a new one; CSV and XLSX hold what the filter shows."""
    for minute, name in enumerate(("Mẫu B", "Mẫu A")):
        papers.now += dt.timedelta(minutes=minute)
        papers.do(templates.add, "clerk", scoped=False, **TEMPLATE | {"name": name})
    papers.do(templates.end, "clerk", scoped=False, template_id=1)
    client.login("clerk")
    page = client.get("/admin/templates?which=all&type=notice&sort=name").text
    assert page.index("Mẫu A") < page.index("Mẫu B")
    assert client.get("/admin/templates?which=all&sort=newest").text.index("Mẫu A") < page.index("Mẫu B")
    assert "new?from=own%3A1" in page or "new?from=own:1" in page
    form = client.get("/admin/templates/new?from=own:1").text
    assert "{{co_quan}} thông báo ……</textarea>" in form
    assert client.post("/admin/templates/new", data=TEMPLATE | {"name": "Mẫu B"}).status_code == 303
    text = client.get("/admin/templates/export.csv?q=mau").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [(row[1], row[2]) for row in rows[1:]] == [("Mẫu A", "in use"), ("Mẫu B", "in use")]
    book = read_sheet(client.get("/admin/templates/export.xlsx?which=ended").data)
    assert [row[1] for row in book.rows[1:]] == ["Mẫu B"]
    client.login("far_clerk")
    assert "Mẫu A" not in client.get("/admin/templates/export.csv?which=all").data.decode()
    assert client.get("/admin/templates/new?from=own:1").status_code == 404
    client.login("drafter")
    assert {client.get(f"/admin/templates/export.{kind}").status_code for kind in ("csv", "xlsx")} == {403}


def test_the_list_goes_on_behind_a_template_that_ended_meanwhile(client: Browser, papers: Papers) -> None:
    """Sixty notices in two pages: none is shown twice or left out when the last row of the first page ends; the
    form that ends one leads back to its page; a place that is none, or another office's, begins the list anew."""
    for number in range(60):
        papers.do(templates.add, "clerk", scoped=False, **TEMPLATE | {"name": f"Mẫu {number:02}"})
    papers.do(templates.add, "far_clerk", scoped=False, **TEMPLATE)
    page = client.login("clerk").get("/admin/templates?type=notice&sort=name").text
    names = shown(page)
    assert names == [f"Mẫu {number:02}" for number in range(50)]
    (onward,) = re.findall(r'href="([^"]+)" rel="next"', unescape(page))
    papers.do(templates.end, "clerk", scoped=False, template_id=50)
    second = client.get(onward).text
    assert shown(second)[:10] == [f"Mẫu {number:02}" for number in range(50, 60)]
    assert 'rel="next"' not in second
    (action, *_others) = re.findall(r'action="([^"]+/end[^"]*)"', unescape(second))
    back = client.post(action).headers["Location"]
    assert back == f"{onward}&done=ended"
    assert "Mẫu 50" not in client.get(back).text
    for place in ("own:61", "own:99", "own:x", "built:x", "x" * 5000):
        assert shown(client.get(f"/admin/templates?type=notice&sort=name&after={place}").text)[0] == "Mẫu 00", place


def shown(page: str) -> list[str]:
    """The names in the list."""
    return re.findall(r"<summary>([^<]*)</summary>", unescape(page))


def test_another_template_is_chosen_after_the_drafter_was_told(client: Browser, papers: Papers) -> None:
    """Typed words are shown before they are dropped and stay the draft until the new ones are saved; where nothing
    was typed, no question is asked; the version of before can still be read."""
    document_id = written(papers, "Biên chế: 24 người.")
    path = f"/outgoing/{document_id}/text"
    page = client.login("drafter").get(path).text
    assert f'href="{path}?choose=1"' in page
    assert "the present words began from it" in client.get(f"{path}?choose=1").text
    told = client.get(f"{path}?template=built:reply").text
    assert "Biên chế: 24 người." in told
    assert "<textarea" not in told
    anew = client.get(f"{path}?template=built:reply&drop=1").text
    assert "begin anew from another template" in anew
    assert "Biên chế: 24 người." not in anew
    assert "Biên chế: 24 người.</textarea>" in client.get(path).text, "nothing was changed by looking"
    begun = re.findall(r'<textarea[^>]*name="body"[^>]*>\n?([^<]*)</textarea>', anew)[0]
    words = {"version": version_of(anew), "template": "built:reply", "body": unescape(begun), "submit": ""}
    basis = re.findall(r'<textarea[^>]*name="basis"[^>]*>\n?([^<]*)</textarea>', anew)[0]
    assert client.post(path, data=words | {"basis": unescape(basis)}).status_code == 303
    assert kinds(papers, document_id) == ["original", "draft"] * 2
    assert "<textarea" in client.get(f"{path}?template=built:letter").text, "nothing was typed into these words"
    assert "24 người" in client.get(f"/outgoing/{document_id}/versions").text


@pytest.mark.parametrize("who", ["head", "lone_drafter", "far_drafter"])
def test_nobody_else_chooses_a_template(client: Browser, papers: Papers, who: str) -> None:
    """Another of the unit is sent to the document, others find nothing; after submitting nobody does."""
    document_id = written(papers)
    path = f"/outgoing/{document_id}/text"
    client.login(who)
    for query in ("choose=1", "template=built:reply", "template=built:reply&drop=1"):
        assert client.get(f"{path}?{query}").status_code == (303 if who == "head" else 404)


def test_dots_of_a_template_are_pointed_out(client: Browser, papers: Papers) -> None:
    """Where dots still stand the drafter is told before submitting, and so is whoever reviews and checks; with the
    words filled in nobody is told anything."""
    hint = "Dots (……) still stand in the text, first on page 1"
    document_id = written(papers, "Căn cứ tình hình ……\n1. ……\nNơi nhận: v.v…")
    for page in (f"/outgoing/{document_id}/plan", f"/outgoing/{document_id}"):
        assert hint in client.login("drafter").get(page).text
    papers.act("drafter", document_id, Action.SUBMIT)
    assert hint in client.login("head").get(f"/outgoing/{document_id}").text
    papers.act("head", document_id, Action.RETURN, remark="Điền nốt")
    again(papers, document_id, "Biên chế: 24 người, v.v…")
    assert hint not in client.login("drafter").get(f"/outgoing/{document_id}").text
