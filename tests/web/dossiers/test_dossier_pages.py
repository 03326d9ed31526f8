"""Dossiers in the browser's words: a handler's dossier from plan to archive, and what others do not see."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2 as pdfium
import pytest
from sqlalchemy import Engine, select

from tests.support.browser import Browser
from tests.support.dossiers import Dossiers
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from workflow.domain.dossiers import Kind
from workflow.store.models import ArchiveTransfer, Dossier, Incoming, Outgoing, PlanEntry
from workflow.store.session import unit_of_work


def one(engine: Engine, query: Any) -> Any:
    """The one value that a query finds."""
    with unit_of_work(engine) as uow:
        return uow.session.scalars(query).one()


def text_of(data: bytes) -> str:
    """Every word of a PDF, line ends as blanks."""
    pages = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)]
    return " ".join(" ".join(pages).split())


def version_in(page: str) -> str:
    """The version that a form holds."""
    return re.findall(r'name="version" value="(\d+)"', page)[0]


def planned(client: Browser, office: Office) -> str:
    """A plan of one line, written by the clerk and approved by the head; its address."""
    client.login("clerk")
    assert "Chưa có danh mục hồ sơ" in client.get("/dossiers/plans").text
    plan = client.post("/dossiers/plans", data={"year": "2026"}).headers["Location"].partition("?")[0]
    form = client.get(f"{plan}/entries/new?unit={office.units['economy']}")
    assert 'value="01.KT"' in form.text
    line = {"notation": "01.KT", "title": "Hồ sơ rà soát biên chế", "years": "20",
            "unit_id": str(office.units["economy"])}  # fmt: skip
    wrong = client.post(f"{plan}/entries/new", data=line | {"notation": "Một"})
    assert wrong.status_code == 422
    assert "Hồ sơ rà soát biên chế" in wrong.text, "what was typed is kept"
    assert client.post(f"{plan}/entries/new", data=line).status_code == 303
    version = version_in(client.get(plan).text)
    assert client.post(f"{plan}/submit", data={"version": version}).status_code == 303
    client.login("leader")
    assert client.post(f"{plan}/return", data={"version": str(int(version) + 1)}).status_code == 422
    approved = client.post(f"{plan}/approve", data={"version": str(int(version) + 1)}, follow_redirects=True)
    assert "Danh mục hồ sơ đã được phê duyệt" in approved.text
    return plan


def filled(client: Browser, engine: Engine, out: int, came: Incoming) -> str:
    """The specialist opens the line's dossier, twice by the same form, and puts both documents in; its address."""
    client.login("specialist")
    entry = one(engine, select(PlanEntry.id))
    key = re.findall(r'name="once" value="([^"]+)"', client.get(f"/dossiers/new?entry={entry}").text)[0]
    where = client.post("/dossiers/new", data={"entry": str(entry), "once": key}).headers["Location"]
    assert client.post("/dossiers/new", data={"entry": str(entry), "once": key}).headers["Location"] == where
    dossier = where.partition("?")[0]
    found = client.get(f"{dossier}?find=15/UBND-KT")
    assert f'name="document" value="{out}"' in found.text
    put = {"kind": "outgoing", "document": str(out)}
    assert "Văn bản đã có trong hồ sơ" in client.post(f"{dossier}/documents", data=put, follow_redirects=True).text
    assert "Đưa vào hồ sơ" in client.get(f"/incoming/{came.id}").text
    choice = client.get(f"/dossiers/file/incoming/{came.id}")
    assert "Hồ sơ rà soát biên chế" in choice.text
    number = dossier.rpartition("/")[2]
    both = {"dossier": number, "years": "70", "version": str(came.version), "and_file": "1"}
    assert client.post(f"/dossiers/file/incoming/{came.id}", data=both).status_code == 303
    assert one(engine, select(Incoming.state)) == "filed"
    assert "Hồ sơ rà soát biên chế" in client.get(f"/incoming/{came.id}").text
    return dossier


def test_from_the_plan_to_the_archive(client: Browser, office: Office, engine: Engine, made: Dossiers) -> None:
    """The clerk plans, the head approves, a handler opens, files and closes, the clerk hands over: by forms."""
    plan = planned(client, office)
    assert "01.KT" in text_of(client.get(f"{plan}.pdf").data)
    out = add_issued(office, issued_row(office, subject="V/v biên chế năm 2027", symbol="15/UBND-KT"))[0]
    came = made.done_arrival()
    dossier = filled(client, engine, out, came)
    form = client.get(f"{dossier}/close").text
    assert "70 năm" in form
    end = {"version": version_in(form), "ended_on": "23/11/2026", "years": "20"}
    assert "Đã kết thúc hồ sơ" in client.post(f"{dossier}/close", data=end, follow_redirects=True).text
    assert one(engine, select(Dossier.years)) == 70, "its documents ask for more than was chosen"

    client.login("clerk")
    form = client.get("/dossiers/transfers/new").text
    ticked = re.findall(r'name="dossiers" value="(\d+:\d+)"', form)
    refused = client.post("/dossiers/transfers/new", data={"dossiers": ticked, "receiver": " "})
    assert refused.status_code == 422
    assert "checked" in refused.text
    for no_key in (f"{10**23}:1", f"1:{10**23}", f"{2**63}:1"):
        odd = client.post("/dossiers/transfers/new", data={"dossiers": no_key, "receiver": "A"})
        assert odd.status_code == 422
    done = client.post("/dossiers/transfers/new", data={"dossiers": ticked, "receiver": "Lưu Văn Trữ"})
    shown = client.get(done.headers["Location"])
    assert "15/UBND-KT" in shown.text
    pdf = client.get(f"/dossiers/transfers/{one(engine, select(ArchiveTransfer.id))}.pdf").data
    assert b"pdfaid" in pdf
    assert b"OutputIntent" in pdf
    said = text_of(pdf)
    for words in ("Bản 1", "Bản 2", "Lưu Văn Trữ", "Hoàng Thị Mai", "01.KT", "70 năm", "15/UBND-KT", came.symbol,
                  "V/v biên chế năm 2027", "Sở Nội vụ tỉnh Lam Giang", "(7)"):  # fmt: skip
        assert words in said, words
    assert "Đã nộp lưu" in client.login("specialist").get(dossier).text
    assert client.get("/dossiers/transfers").status_code == 403


def test_a_refused_act_keeps_what_was_typed_and_says_what_to_do(client: Browser, made: Dossiers) -> None:
    """Closing with a draft inside, moving, taking out, reopening, cancelling: each through its form."""
    dossier = made.outside()
    draft = made.draft()
    made.put("drafter", dossier, Kind.OUTGOING, draft)
    address = f"/dossiers/{dossier.id}"
    client.login("specialist")
    page = client.get(address).text
    assert "Dự thảo, văn bản đã hủy: cần đưa ra" in page
    form = client.get(f"{address}/close")
    assert "Chưa kết thúc được" in form.text
    end = {"version": version_in(form.text), "ended_on": "23/11/2026", "years": "10", "remark": "Hết việc"}
    refused = client.post(f"{address}/close", data=end)
    assert refused.status_code == 422
    assert "Hết việc" in refused.text
    stale = client.post(f"{address}/close", data=end | {"version": "1"})
    assert stale.status_code == 409
    link = re.findall(rf"{address}/documents/(\d+)/remove", page)[0]
    for what in ("up", "remove"):
        answer = client.post(f"{address}/documents/{link}/{what}", data={"version": version_in(page)})
        assert answer.status_code == 303
    assert client.post(f"{address}/documents", data={"kind": "letter", "document": "1"}).status_code == 422
    given = {"version": version_in(client.get(f"{address}/close").text)}
    assert client.post(f"{address}/close", data=end | given).status_code == 303
    assert client.post(f"{address}/reopen", data=given).status_code == 422
    client.login("drafter")
    assert client.get(f"{address}/reopen").status_code == 403
    client.login("clerk")
    again = {"version": version_in(client.get(f"{address}/reopen").text), "reason": "Còn văn bản"}
    assert client.post(f"{address}/reopen", data=again).status_code == 303
    gone = {"version": version_in(client.get(f"{address}/cancel").text), "reason": "Mở nhầm"}
    assert "Đã hủy" in client.post(f"{address}/cancel", data=gone, follow_redirects=True).text


def test_a_document_of_another_unit_is_neither_shown_nor_counted(
    client: Browser, office: Office, made: Dossiers
) -> None:
    """The clerk put it in; the unit's people see a dossier without it on every page, export and PDF of it."""
    dossier = made.outside(title="Hồ sơ chung")
    own, foreign = add_issued(
        office, issued_row(office, subject="Việc nhà"), issued_row(office, unit="culture", subject="Chuyện kín")
    )
    for key in (foreign, own):
        made.put("clerk", dossier, Kind.OUTGOING, key)
    with unit_of_work(office.engine) as uow:
        symbol = uow.session.get_one(Outgoing, foreign).symbol
    address = f"/dossiers/{dossier.id}"
    places = (address, f"{address}?find=kin", "/dossiers", "/dossiers/export.csv", f"{address}/close",
              f"{address}/change", f"/dossiers/file/outgoing/{own}")  # fmt: skip
    for who, sees in (("specialist", False), ("clerk", True)):
        client.login(who)
        pages = [client.get(place) for place in places]
        assert {page.status_code for page in pages} == {200}
        told = " ".join(page.text for page in pages)
        assert ("Chuyện kín" in told) is sees
        assert (f"/outgoing/{foreign}" in told) is sees
        printed = text_of(client.get(f"{address}/documents.pdf").data)
        assert ("Chuyện kín" in printed, symbol in printed) == (sees, sees)
        assert f"({2 if sees else 1})</span>" in pages[0].text
    assert client.login("specialist").get(f"/dossiers/file/outgoing/{foreign}").status_code == 404


@pytest.mark.parametrize("who", ["culture_head", "lone_drafter", "far_clerk", "far_leader"])
def test_foreign_and_missing_answer_alike(client: Browser, made: Dossiers, who: str) -> None:
    """Dossiers, plans and lists of others: 404 for reading and for acting, and nothing in a list."""
    plan = made.plan()
    dossier = made.close("specialist", made.outside(title="Chỉ của phòng"))
    client.login(who)
    assert "Chỉ của phòng" not in client.get("/dossiers").text
    for key in (dossier.id, 987_654):
        for path in ("", "/documents.pdf", *(() if who == "far_leader" else ("/close", "/reopen"))):
            assert client.get(f"/dossiers/{key}{path}").status_code == 404, path
        assert client.post(f"/dossiers/{key}/reopen", data={"version": "2", "reason": "x"}).status_code == 404
        assert (
            client.post(f"/dossiers/{key}/documents", data={"kind": "outgoing", "document": "1"}).status_code == 404
        )
    if who.startswith("far"):
        for key in (plan.id, 987_654):
            assert client.get(f"/dossiers/plans/{key}").status_code == 404
            assert client.get(f"/dossiers/plans/{key}.pdf").status_code == 404
        assert "2026" not in re.findall(r"<tbody>.*</tbody>", client.get("/dossiers/plans").text, re.S)
    else:
        page = client.get(f"/dossiers/plans/{plan.id}").text
        assert "01.KT" not in page
        assert ("01.VHXH" in page) is (who == "culture_head")


def test_the_list_filters_and_says_what_is_shown(client: Browser, office: Office, made: Dossiers) -> None:
    """Chips, an address that makes no sense, an empty list that offers the next step."""
    client.login("specialist")
    assert "Chưa có hồ sơ nào ông/bà được xem" in client.get("/dossiers").text
    made.close("specialist", made.outside(title="Bão số 9"))
    made.outside(title="Lễ hội", years=5)
    filters = f"?state=closed&years=10&year=2026&unit={office.units['economy']}&due=90&q=bao&sort=due"
    page = client.get(f"/dossiers{filters}")
    assert "Bão số 9" in page.text
    assert "Lễ hội" not in page.text
    assert "bảo quản: 10 năm" in page.text
    assert "Không có hồ sơ nào khớp" in client.get("/dossiers?years=70&sort=title").text
    odd = client.get("/dossiers?state=x&years=99&year=abc&due=soon&sort=up&after=%00&q=%01")
    assert "Lễ hội" in odd.text


def test_the_retention_table_is_changed_at_the_top_only(client: Browser, office: Office, engine: Engine) -> None:
    """The administrator of the top agency adds and ends lines; a neighbour's may not even look."""
    client.login("admin")
    line = {"title": "Hồ sơ thi đua", "years": "15", "basis": "TT 10/2022/TT-BNV"}
    assert "Hồ sơ thi đua" in client.post("/admin/retention", data=line, follow_redirects=True).text
    assert client.post("/admin/retention", data=line).status_code == 422
    assert client.post("/admin/retention", data=line | {"basis": ""}).status_code == 422
    assert client.post("/admin/retention/1/end").status_code == 303
    assert "Hồ sơ thi đua" not in client.get("/admin/retention").text
    assert client.login("clerk").get("/admin/retention").status_code == 403
