"""The catalogue of offices outside on its pages: kept, filtered, exported and back, merged, taken in, offered."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pypdfium2 as pdfium
import pytest
from python_calamine import CalamineWorkbook

from tests.support.browser import Browser, Clock
from tests.support.exchange import Between
from workflow.services.exchange import recalling
from workflow.store import deliveries
from workflow.store import outside_offices as store
from workflow.store.session import unit_of_work

LIST = "/admin/offices"
HEAD = [
    "Tên cơ quan, tổ chức",
    "Tên viết tắt",
    "Tên gọi khác",
    "Mã định danh",
    "Địa chỉ",
    "Thư điện tử",
    "Cách gửi",
]
SNV = {
    "name": "Sở Nội vụ", "short_name": "SNV", "aliases": "Sở Nội vụ tỉnh", "code": "h49.1",
    "address": "1 Lê Lợi <i>\nphường 1", "channel": "post",
}  # fmt: skip


def key_of(answer: Any) -> int:
    """The entry that a form led to."""
    assert answer.status_code == 303, answer.text
    found = re.search(r"/offices/(\d+)", answer.headers["Location"])
    assert found is not None
    return int(found[1])


def cells(data: bytes) -> list[list[object]]:
    """Of the first sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_kept_listed_and_filtered(client: Browser, post: Between, clock: Clock) -> None:
    """The clerk adds one; it is found by code, address, other name, without accents; what is wrong stands at its
    field and is kept; others have no such page."""
    page = client.login("clerk").get(LIST).text
    assert "The catalogue is empty" in page
    wrong = client.post(f"{LIST}/new", data=SNV | {"code": "H49-1", "note": "giữ lại"})
    assert (wrong.status_code, 'id="e-code"' in wrong.text, "giữ lại" in wrong.text) == (422, True, True)
    key = key_of(client.post(f"{LIST}/new", data=SNV))
    assert 'id="e-name"' in client.post(f"{LIST}/new", data={"name": "snv"}).text
    client.post(f"{LIST}/new", data={"name": "Bưu điện huyện"})
    for asked in ("q=so+noi+vu", "q=H49.1", "q=Lê+Lợi", "q=tỉnh", "channel=post", "which=all&sort=code"):
        page = client.get(f"{LIST}?{asked}").text
        assert "Sở Nội vụ" in page, asked
        assert "1 Lê Lợi &lt;i&gt;" in page
    assert "Sở Nội vụ" not in client.get(f"{LIST}?which=bare").text
    assert "No office fits" in client.get(f"{LIST}?q=không+có").text
    for odd in ("which=x&channel=y&sort=z&q=%00", "sort=changed"):
        assert client.get(f"{LIST}?{odd}").status_code == 200
    assert client.post(f"{LIST}/{key}/end").status_code == 303
    assert "Sở Nội vụ" not in client.get(LIST).text
    assert "Sở Nội vụ" in client.get(f"{LIST}?which=ended").text
    assert client.post(f"{LIST}/{key}/reopen").status_code == 303
    assert "Sở Nội vụ" in client.login("admin").get(LIST).text
    for who, status in (("drafter", 403), ("leader", 403), ("far_clerk", 404), ("far_admin", 404)):
        client.login(who)
        assert client.get(f"{LIST}/{key}").status_code == status
        for act in ("", "/end", "/reopen", "/merge"):
            data = SNV | {"office": str(key)}
            answer = client.post(f"{LIST}/{key}{act}", data=data)
            assert answer.status_code == status, (who, act)
        assert "Sở Nội vụ" not in client.get(LIST).text


def test_a_stale_form_shows_both(client: Browser, post: Between, clock: Clock) -> None:
    """What somebody else kept meanwhile is shown beside what was typed; sent again it is a decision."""
    key = key_of(client.login("clerk").post(f"{LIST}/new", data=SNV))
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.get(f"{LIST}/{key}").text)
    clock.advance(minutes=1)
    assert client.post(f"{LIST}/{key}", data=SNV | {"note": "một", "seen": unescape(seen)}).status_code == 303
    clock.advance(minutes=1)
    stale = client.post(f"{LIST}/{key}", data=SNV | {"note": "hai", "seen": unescape(seen)})
    assert stale.status_code == 409
    assert "What stands now" in stale.text
    assert re.search(r"<dd class=\"lines\">một", stale.text)
    assert "hai</textarea>" in stale.text
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', stale.text)
    assert client.post(f"{LIST}/{key}", data=SNV | {"note": "hai", "seen": unescape(seen)}).status_code == 303


def test_the_page_of_an_office_names_what_went_there(client: Browser, post: Between, clock: Clock) -> None:
    """Copies with their state; one of a document that was recalled meanwhile is not to be sent any more."""
    key = key_of(client.login("clerk").post(f"{LIST}/new", data=SNV))
    stands = post.sent("far", recipients="Sở Nội vụ", symbol="01/UBND")
    gone = post.sent("far", recipients="Sở Nội vụ", symbol="02/UBND")
    post.do("clerk", recalling.ask_recall, document_id=gone, reason="Sai thẩm quyền")
    page = client.get(f"{LIST}/{key}").text
    sent = page.partition('id="sent-title"')[2].partition("</section>")[0]
    lines = {int(found): line for line in sent.split("<li>") for found in re.findall(r"/outgoing/(\d+)#", line)}
    assert "To be sent" in lines[stands]
    assert "Not to be sent any more: recalled" in lines[gone]


def test_names_are_taken_in_and_merged(client: Browser, post: Between, clock: Clock) -> None:
    """What copies went to is offered, ticked or as another name; a double is merged; documents link to the page."""
    document = post.sent(recipients="Sở Nội vụ;\nBưu điện <b>\nSở NV\nLưu: VT")
    client.login("clerk")
    assert "3 names" in client.get(LIST).text
    page = client.get(f"{LIST}/candidates?sort=name").text
    for words in ("Sở Nội vụ", "Bưu điện &lt;b&gt;", "Sở NV"):
        assert words in page
    assert "Sở NV" not in client.get(f"{LIST}/candidates?q=bưu").text
    assert cells(client.get(f"{LIST}/candidates.xlsx").data)[0][:7] == HEAD
    assert client.get(f"{LIST}/candidates.csv").text.count("\n") == 4
    done = client.post(f"{LIST}/candidates", data={"name": ["Sở Nội vụ", "Bưu điện <b>"]}, follow_redirects=True)
    assert "2 names were taken" in done.text
    key = client.get(f"{LIST}?q=Nội").text
    (office,) = re.findall(r"/admin/offices/(\d+)\"", key)
    ticked = client.post(f"{LIST}/candidates?sort=name", data={})
    assert (ticked.status_code, "No name was chosen" in ticked.text) == (422, True)
    half = client.post(f"{LIST}/names?q=NV", data={"name": "Sở NV", "office": ""})
    assert (half.status_code, "<option selected>Sở NV</option>" in half.text) == (422, True)
    known = client.post(f"{LIST}/names", data={"name": "Bưu điện <b>", "office": office})
    assert known.status_code == 422
    assert re.search(rf'{LIST}/(?!{office}")\d+">Open the entry', known.text), "the entry that bears it is a link"
    named = client.post(f"{LIST}/names?sort=name", data={"name": "Sở NV", "office": office})
    assert named.headers["Location"].endswith(f"{LIST}/candidates?sort=name&done=named")
    assert "knows every name" in client.get(f"{LIST}/candidates").text
    double = key_of(client.post(f"{LIST}/new", data={"name": "Sở nội-vụ", "email": "a@b.vn"}))
    assert f'value="{double}"' in client.get(f"{LIST}/{office}").text
    merged = client.post(f"{LIST}/{office}/merge", data={"office": str(double)}, follow_redirects=True).text
    assert "Sở nội-vụ" in merged
    assert "its names belong to" in client.get(f"{LIST}/{double}").text
    assert "its names belong to" not in client.get(f"{LIST}/{office}").text
    refused = client.post(f"{LIST}/{office}/merge", data={"office": office})
    assert (refused.status_code, 'id="e-office"' in refused.text) == (422, True)
    assert client.login("admin").get(f"{LIST}/candidates").text.count("Sở") == 0, (
        "who reaches no document sees none"
    )
    assert f"/outgoing/{document}" not in client.get(f"{LIST}/{office}").text


def test_an_export_comes_back(client: Browser, post: Between, clock: Clock) -> None:
    """Row by row, ended ones too; bad rows are listed and stay out; another agency takes the same sheet in."""
    client.login("clerk").post(f"{LIST}/new", data=SNV)
    gone = key_of(
        client.post(f"{LIST}/new", data={"name": "Bưu điện huyện", "email": "bd@vn.vn", "channel": "mail"})
    )
    client.post(f"{LIST}/{gone}/end")
    sheet = client.get(f"{LIST}/export.xlsx?which=all").data
    rows = cells(sheet)
    assert rows[0][:7] == HEAD
    assert [row[8] for row in rows[1:]] == ["có", ""]
    assert client.get(f"{LIST}/export.csv?which=all").text.count("H49.1") == 1
    client.login("far_clerk")
    data = {"kind": "outside", "file": (io.BytesIO(sheet), "so.xlsx")}
    address = client.post(f"{LIST}/import", data=data).headers["Location"]
    assert client.post(f"{address}/take").status_code == 303
    assert cells(client.get(f"{LIST}/export.xlsx?which=all").data) == [
        [cell.replace("\n", " ") if isinstance(cell, str) else cell for cell in row] for row in rows
    ]
    again = client.post(f"{LIST}/import", data={"kind": "outside", "file": (io.BytesIO(sheet), "so.xlsx")})
    assert "2 were here already" in client.get(again.headers["Location"]).text
    client.login("clerk")
    text = "Tên cơ quan,Địa chỉ,Cách gửi,Ghi chú\nSở Nội vụ,1 Lê Lợi <i> phường 1,Trao tay,mới\n"
    data = {"kind": "outside", "file": (io.BytesIO(text.encode()), "hai.csv")}
    address = client.post(f"{LIST}/import", data=data).headers["Location"]
    assert client.post(f"{address}/take").status_code == 303
    row = next(row for row in cells(client.get(f"{LIST}/export.xlsx").data) if row[0] == "Sở Nội vụ")
    assert (row[4], row[6], row[7]) == ("1 Lê Lợi <i>\nphường 1", "Trao tay", "mới")
    client.login("far_clerk")
    text = "Tên cơ quan,Mã,Cách gửi\nSở Y tế,H49.9,\nSở Xây dựng,H49/8,\nSở Tư pháp,,bồ câu\n,,\nSở y tế,,\n"
    data = {"kind": "outside", "file": (io.BytesIO(text.encode()), "so.csv")}
    address = client.post(f"{LIST}/import", data=data).headers["Location"]
    page = client.get(address).text
    assert "3 have a fault" in page
    for words in ("is no agency code", "is no way to send", "stands in row 2 already"):
        assert words in unescape(page)
    client.post(f"{address}/take")
    listed = client.get(f"{LIST}?which=all").text
    assert ("Sở Y tế" in listed, "Sở Xây dựng" in listed, "Sở Tư pháp" in listed) == (True, False, False)
    assert client.login("clerk").get(address).status_code == 404
    assert client.login("drafter").get(f"{LIST}/import").status_code == 403


def test_an_entry_of_many_names_comes_back(client: Browser, post: Between, clock: Clock) -> None:
    """What merging made of two entries with long lists goes out in one cell and in again, here and elsewhere."""
    keys = []
    for place in (1, 2):
        names = "\n".join(f"Trung tâm hành chính công {place}.{one} {'x' * 250}" for one in range(49))
        keys.append(
            key_of(client.login("clerk").post(f"{LIST}/new", data={"name": f"Sở {place}", "aliases": names}))
        )
    client.post(f"{LIST}/{keys[0]}/merge", data={"office": str(keys[1])})
    sheet = client.get(f"{LIST}/export.xlsx").data
    (row,) = cells(sheet)[1:]
    assert str(row[2]).count(";") == 98
    for who, said in (("clerk", "1 was here already"), ("far_clerk", "can be taken in")):
        data = {"kind": "outside", "file": (io.BytesIO(sheet), "so.xlsx")}
        address = client.login(who).post(f"{LIST}/import", data=data).headers["Location"]
        assert said in client.get(address).text, who
    assert client.post(f"{address}/take").status_code == 303
    assert cells(client.get(f"{LIST}/export.xlsx").data)[1:] == [row]
    (key,) = re.findall(rf'{LIST}/(\d+)"', client.get(f"{LIST}?q=Trung").text)
    form = unescape(client.get(f"{LIST}/{key}").text)
    typed = re.findall(r'<textarea[^>]*name="aliases"[^>]*>(.*?)</textarea>', form, re.DOTALL)[0]
    seen = re.findall(r'name="seen" value="([^"]*)"', form)[0]
    kept = client.post(
        f"{LIST}/{key}", data={"name": "Sở 1", "aliases": typed, "note": "còn lưu được", "seen": seen}
    )
    assert key_of(kept) == int(key)


def test_a_sheet_of_addresses_takes_nothing_else(client: Browser, post: Between, clock: Clock) -> None:
    """Name and address only: the dry run names each change, and everything else of the entry stays, also that it is
    out of use; a sheet that says so takes it up again; our CSV comes back as it was.
    """
    whole = SNV | {"email": "snv@example.gov.vn", "note": "+84 24; =1"}
    key = key_of(client.login("clerk").post(f"{LIST}/new", data=whole))
    client.post(f"{LIST}/{key}/end")
    before = next(row for row in cells(client.get(f"{LIST}/export.xlsx?which=all").data) if row[0] == "Sở Nội vụ")

    def brought(text: str) -> tuple[str, list[object]]:
        data = {"kind": "outside", "file": (io.BytesIO(text.encode()), "hai.csv")}
        address = client.post(f"{LIST}/import", data=data).headers["Location"]
        page = unescape(client.get(address).text)
        assert client.post(f"{address}/take").status_code == 303
        rows = cells(client.get(f"{LIST}/export.xlsx?which=all").data)
        return page, next(row for row in rows if row[0] == "Sở Nội vụ")

    page, after = brought("Tên cơ quan;Địa chỉ\nSở Nội vụ;9 Hùng Vương\nSở Y tế;1 A\n")
    assert "<strong>Địa chỉ</strong>: <del>1 Lê Lợi <i> phường 1</del> → <ins>9 Hùng Vương</ins>" in page
    assert (page.count("<del>"), page.count("new entry")) == (1, 1)
    assert after == [*before[:4], "9 Hùng Vương", *before[5:]]
    assert after[8] == "có"
    page, again = brought(client.get(f"{LIST}/export.csv?which=all").text)
    assert ("2 were here already" in page, page.count("nothing"), again) == (True, 2, after)
    page, after = brought("Tên cơ quan;Ngừng dùng;Cách gửi\nSở Nội vụ;;thư điện tử\n")
    assert "<del>out of use</del> → <ins>in use</ins>" in page
    assert "<del>By post</del> → <ins>By e-mail</ins>" in page
    assert after == [*again[:6], "Qua thư điện tử", again[7], ""]


def test_a_draft_is_offered_the_catalogue(client: Browser, post: Between, clock: Clock) -> None:
    """By short name or code the office's own name is written; what was added and who was there is said."""
    client.login("clerk").post(f"{LIST}/new", data=SNV)
    form = client.login("drafter").get("/outgoing/new").text
    assert '<option value="Sở Nội vụ">SNV; H49.1</option>' in form
    typed = {"subject": "Chữ đã gõ", "recipients": "Lưu: VT", "fill": "1", "fill_name": "snv"}
    page = unescape(client.post("/outgoing/new", data=typed).text)
    assert "1 recipient was added: Sở Nội vụ." in page
    assert "Sở Nội vụ\nLưu: VT" in page
    again = unescape(
        client.post("/outgoing/new", data=typed | {"recipients": "- sở nội vụ;", "fill_name": "H49.1"}).text
    )
    assert "1 stood there already: Sở Nội vụ." in again
    assert "was added" not in again
    assert "Nothing was added" in client.post("/outgoing/new", data=typed | {"fill_name": ""}).text
    assert "SNV" not in client.login("far_drafter").get("/outgoing/new").text
    assert "snv\n" in client.post("/outgoing/new", data=typed).text, "another agency's catalogue is not asked"


def test_a_name_that_nobody_knows_is_pointed_out(client: Browser, post: Between, clock: Clock) -> None:
    """It is added all the same, under the last recipient and above the file copy; a known name says nothing."""
    client.login("clerk").post(f"{LIST}/new", data=SNV)
    typed = {"subject": "Chữ đã gõ", "recipients": "Như trên\nBưu điện\nLưu: VT", "fill": "1"}
    page = unescape(client.login("drafter").post("/outgoing/new", data=typed | {"fill_name": "Sở Nội vu"}).text)
    assert "“Sở Nội vu” is not in the catalogue" in page
    assert "Như trên\nBưu điện\nSở Nội vu\nLưu: VT" in page
    known = unescape(client.post("/outgoing/new", data=typed | {"fill_name": "SNV"}).text)
    assert "Bưu điện\nSở Nội vụ\nLưu: VT" in known
    assert "is not in the catalogue" not in known


def test_groups_are_filtered_exported_and_ended(client: Browser, post: Between, clock: Clock) -> None:
    """Members of the catalogue keep their entry; the list says what was done; an empty one says what to do."""
    client.login("clerk").post(f"{LIST}/new", data=SNV)
    assert "no group yet" in client.get("/outgoing/groups").text
    typed = {"name": "Các sở", "others": "Bưu điện", "in_use": "true", "fill": "1", "fill_name": "SNV"}
    page = client.post("/outgoing/groups/new", data=typed).text
    assert "1 recipient was added: Sở Nội vụ." in page
    data = {"name": "Các sở", "others": "Sở Nội vụ tỉnh\nBưu điện", "in_use": "true"}
    assert client.post("/outgoing/groups/new", data=data).status_code == 303
    page = client.get("/outgoing/groups?q=so+noi&sort=members").text
    (key,) = re.findall(r"/outgoing/groups/(\d+)\"", page)
    assert "Bưu điện; Sở Nội vụ" in page
    assert "No group fits" in client.get("/outgoing/groups?q=zzz").text
    assert client.get("/outgoing/groups.csv").text.count("Các sở") == 2
    assert [row[1] for row in cells(client.get("/outgoing/groups.xlsx").data)[1:]] == ["Bưu điện", "Sở Nội vụ"]
    fill = {"subject": "x", "recipients": "Bưu điện", "fill": "1", "fill_group": key}
    page = unescape(client.login("drafter").post("/outgoing/new", data=fill).text)
    assert "1 recipient was added: Sở Nội vụ." in page
    assert "1 stood there already: Bưu điện." in page
    assert client.post(f"/outgoing/groups/{key}/end").status_code == 403
    assert client.login("far_clerk").post(f"/outgoing/groups/{key}/end").status_code == 404
    done = client.login("admin").post(f"/outgoing/groups/{key}/end", follow_redirects=True)
    assert "out of use" in done.text
    assert "Các sở" not in client.login("drafter").get("/outgoing/groups").text
    assert "Các sở" in client.get("/outgoing/groups?which=ended").text
    assert client.login("clerk").post(f"/outgoing/groups/{key}/reopen").status_code == 303
    assert "Các sở" in client.get("/outgoing/groups").text


def test_a_stale_form_of_a_group_takes_nobody_out(client: Browser, post: Between, clock: Clock) -> None:
    """Clerk and administrator add one each from the same page: the second is told, sees both, and decides; a form
    that wishes what stands by now, and one that came twice, are kept.
    """
    groups = "/outgoing/groups"
    data = {"name": "Các sở", "others": "A\nB", "in_use": "true"}
    client.login("clerk").post(f"{groups}/new", data=data)
    (key,) = re.findall(rf"{groups}/(\d+)\"", client.get(groups).text)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.get(f"{groups}/{key}").text)
    clock.advance(minutes=1)
    first = data | {"others": "A\nB\nC", "seen": unescape(seen)}
    assert [client.post(f"{groups}/{key}", data=first).status_code for _time in range(2)] == [303, 303]
    clock.advance(minutes=1)
    client.login("admin")
    given = data | {"others": "A\nB\nD", "seen": unescape(seen)}
    again = client.post(f"{groups}/{key}", data=given | {"fill": "1", "fill_name": "SNV"})
    assert f'name="seen" value="{seen}"' in again.text, "adding a name does not refresh the mark"
    stale = client.post(f"{groups}/{key}", data=given)
    assert stale.status_code == 409
    assert "Somebody changed “Các sở”" in stale.text
    assert re.search(r"<div>C <span[^>]*>[^<]*(<[^>]+>)*\s*not in this form", stale.text), stale.text
    assert stale.text.count("not in this form") == 1
    assert "A\nB\nD</textarea>" in stale.text
    assert client.get(f"{groups}.csv").text.count("Các sở") == 3, "C is there, D is not"
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', stale.text)
    whole = given | {"others": "A\nB\nC\nD", "seen": unescape(seen)}
    assert client.post(f"{groups}/{key}", data=whole).status_code == 303
    assert client.get(f"{groups}.csv").text.count("Các sở") == 4


def test_a_copy_is_proposed_how_it_goes(client: Browser, post: Between, clock: Clock) -> None:
    """Channel and address stand on the form and on the document's page; nothing counts as sent."""
    client.login("clerk").post(f"{LIST}/new", data=SNV)
    client.post(f"{LIST}/new", data={"name": "Sở Tài chính", "email": "vt.stc@example.gov.vn", "channel": "mail"})
    document = post.sent(recipients="Sở Nội vụ\nSở Tài chính")
    page = client.get(f"/outgoing/{document}").text
    assert page.count("Proposed:") == 2
    with unit_of_work(post.office.engine) as uow:
        rows = deliveries.dispatches_of(post.scope("clerk"), uow.session, document)
        assert {row.state for row in rows} == {"to_send"}
        by_post, by_mail = (f"/outgoing/{document}/dispatches/{row.id}" for row in rows)
        (entry,) = store.owners(uow.session, post.office.units["commune"], ["snv"]).values()
    form = client.get(by_post).text
    assert '<option value="post" selected>' in form
    assert "1 Lê Lợi &lt;i&gt;\nphường 1" in form
    assert f"{LIST}/{entry.id}" in form
    form = client.get(by_mail).text
    assert ('<option value="mail" selected>' in form, 'value="vt.stc@example.gov.vn"' in form) == (True, True)
    assert f"/outgoing/{document}" in client.get(f"{LIST}/{entry.id}").text


def test_labels_for_envelopes(
    client: Browser, post: Between, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for each recipient and address with all numbers; by mail, secret or another agency's: none. Narrowed as
    the list is, and never more than one sheet holds."""
    assert client.login("clerk").get("/outgoing/deliveries/labels.pdf").status_code == 404
    client.post(f"{LIST}/new", data=SNV)
    client.post(f"{LIST}/new", data={"name": "Sở Tài chính", "email": "a@b.vn", "channel": "mail"})
    open_one = {"secret": False, "state": "sealed", "sealed_at": post.now, "recipients": "Sở Nội vụ\nSở Tài chính"}
    for symbol in ("15/QĐ-UBND", "16/QĐ-UBND"):
        post.sent(**open_one, symbol=symbol)
    post.sent(recipients="Sở Mật", symbol="01/BM")
    answer = client.get("/outgoing/deliveries/labels.pdf")
    assert answer.mimetype == "application/pdf"
    words = text(answer.data)
    for said in ("Sở Nội vụ", "1 Lê Lợi <i>", "phường 1", "15/QĐ-UBND; 16/QĐ-UBND", "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM"):
        assert said in words, said
    assert words.count("Kính gửi") == 1
    assert ("Tài chính" in words, "Sở Mật" in words) == (False, False)
    assert client.get("/outgoing/deliveries/labels.pdf?state=to_send").status_code == 200
    for narrowed in ("recipient=Bưu", "state=sent", "late=1"):
        assert client.get(f"/outgoing/deliveries/labels.pdf?{narrowed}").status_code == 404, narrowed
        assert "labels.pdf" not in client.get(f"/outgoing/deliveries?{narrowed}").text or "recipient" in narrowed
    monkeypatch.setattr("workflow.web.views.deliveries.LABELS", 1)
    answer = client.get("/outgoing/deliveries/labels.pdf")
    assert (answer.status_code, "More than 1 copies wait" in answer.text) == (422, True)
    assert client.login("far_clerk").get("/outgoing/deliveries/labels.pdf").status_code == 404
    assert client.login("inspector").get("/outgoing/deliveries/labels.pdf").status_code == 403


def text(pdf: bytes) -> str:
    """What a PDF says, on one line."""
    document = pdfium.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def test_catalogues_come_in_pages(
    client: Browser, post: Between, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five of each by twos: nothing twice, nothing lost, all counted; a damaged place shows a page all the same."""
    monkeypatch.setattr("workflow.web.paged.PAGE", 2)
    monkeypatch.setattr("workflow.web.views.outside_offices.NAMES", 2)
    client.login("clerk")
    names = [f"Sở số {number}" for number in range(1, 6)]
    post.sent(recipients=";\n".join(f"Nơi {name}" for name in names))
    for name in names:
        client.post(f"{LIST}/new", data={"name": name})
        client.post("/outgoing/groups/new", data={"name": f"Nhóm {name}", "others": name, "in_use": "true"})
    for path, before in ((LIST, ""), (f"{LIST}/candidates", "Nơi "), ("/outgoing/groups", "Nhóm ")):
        address, seen = f"{path}?sort=name", []
        while address:
            page = client.get(address).text
            assert ">5</span></h1>" in page
            seen += re.findall(rf">({before}Sở số \d)<", page.partition("<tbody>")[2].partition("</tbody>")[0])
            following = re.search(r'href="([^"]+)" rel="next"', page)
            address = unescape(following.group(1)) if following else ""
        assert seen == [before + name for name in names]
        for place in ("x", "2-", "9999-1", "-1-1", "4-nobody", "%F0%9F"):
            assert 1 <= client.get(f"{path}?sort=name&after={place}").text.count('<th scope="row"') <= 2
    _take_on_the_second_page(client)


def _take_on_the_second_page(client: Browser) -> None:
    """Whoever takes names in there stays there, though the page before it ended with a name that goes too."""
    page = client.get(f"{LIST}/candidates?sort=name").text
    second = unescape(re.findall(r'href="([^"]+)" rel="next"', page)[0])
    form = unescape(re.findall(r'id="take" method="post" action="([^"]+)"', client.get(second).text)[0])
    taken = client.post(form, data={"name": ["Nơi Sở số 2", "Nơi Sở số 3"]})
    shown = client.get(taken.headers["Location"]).text
    assert "2 names were taken" in shown
    assert re.findall(r">(Nơi Sở số \d)</th>", shown) == ["Nơi Sở số 5"]
