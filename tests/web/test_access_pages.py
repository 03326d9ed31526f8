"""Accesses on a day, traces, personal data through their pages: for whom, in both languages, and what is kept."""

from __future__ import annotations

import io
import json
import re
import zipfile

from sqlalchemy import Engine, select

from tests.support.browser import Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.services import notice_choices
from workflow.store.models import AccessReview, Journal, NumberLook, Outgoing, Setting
from workflow.store.session import unit_of_work

VI, EN = {"Accept-Language": "vi"}, {"Accept-Language": "en"}
PHONE = "84912345678"


def test_a_day_is_looked_at_and_put_on_record(client: Browser, office: Office, engine: Engine) -> None:
    """Filter, order and export; the review with its withdrawal; the inverse for one document; not for others."""
    paper = add_issued(office, issued_row(office))[0]
    client.login("admin")
    shown = client.get("/admin/access", headers=VI).text
    for words in ("Quyền truy cập trong ngày", "đóng dấu", "cả cơ quan", office.names["leader"], "chưa rà soát"):
        assert words in shown, words
    assert "apply the seal" in client.get("/admin/access", headers=EN).text
    narrowed = client.get("/admin/access?can=seal&sort=name").text
    listed = narrowed[narrowed.index("<tbody>") : narrowed.index("</tbody>")]
    assert office.names["clerk"] in listed
    assert office.names["leader"] not in listed
    assert office.names["clerk"] in client.get("/admin/access.csv?day=22/11/2026").text
    assert client.get("/admin/access?day=2020-01-01").status_code == 200
    assert client.get(f"/admin/access?agency={office.units['far']}").status_code == 404
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert found
    given = {"day": "2026-11-23", "agency": str(office.units["commune"]), "seen": found[1],
             "withdraw": str(office.posts["clerk"].id)}  # fmt: skip
    assert client.post("/admin/access/reviews", data=given).status_code == 422
    assert client.post("/admin/access/reviews", data={**given, "seen": "0" * 64, "remark": "x"}).status_code == 409
    assert client.post("/admin/access/reviews", data={**given, "remark": "đã chuyển"}).status_code == 303
    after = client.get("/admin/access", headers=VI).text
    assert "đã chuyển" in after
    assert "25/05/2027" in after
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(AccessReview.withdraw)).one() == [office.posts["clerk"].id]
        code = uow.session.get_one(Outgoing, paper).code
    inverse = client.get(f"/admin/access/document?document={code}", headers=VI).text
    assert "ký với tư cách" in inverse
    assert office.names["head"] in inverse
    assert office.names["culture_head"] not in inverse
    assert client.get(f"/admin/access/document.csv?document={code}").text.count(office.names["leader"]) == 1
    assert "V/v" not in inverse
    assert client.get("/admin/access/document?document=nothing").status_code == 200
    client.logout().login("inspector")
    assert client.get("/admin/access").status_code == 200
    assert client.post("/admin/access/reviews", data=given).status_code == 403
    client.logout().login("leader")
    assert client.get("/admin/access").status_code == 403


def test_a_rule_of_keeping_is_changed(client: Browser, office: Office, engine: Engine) -> None:
    """The table with why; a change within its bounds; a fixed one has no form."""
    client.login("admin")
    shown = client.get("/admin/keeping", headers=VI).text
    assert "Nhật ký hệ thống" in shown
    assert "Luật 91/2025/QH15" in shown
    assert client.get("/admin/keeping/tickets").status_code == 404
    assert client.get("/admin/keeping/looks").status_code == 200
    given = {"days": "900", "seen": "1830", "reason": "đủ dùng"}
    assert client.post("/admin/keeping/looks", data={**given, "days": "9"}).status_code == 422
    assert client.post("/admin/keeping/looks", data=given).status_code == 303
    assert "900 ngày" in client.get("/admin/keeping", headers=VI).text
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(Setting, "keeping").value == {"looks": 900}
    client.logout().login("inspector")
    assert client.get("/admin/keeping").status_code == 200
    client.logout().login("far_admin")
    assert client.get("/admin/keeping/looks").status_code == 403


def test_numbers_are_masked_until_somebody_says_what_for(client: Browser, office: Office, engine: Engine) -> None:
    """Then on that one answer, kept by no cache; the log is seen by the person and by administrators; the file is
    whole and an erasure waits for a second one."""
    with unit_of_work(engine) as uow:
        notice_choices.keep(uow, office.actor("clerk"), muted_digest=False, phone=PHONE, by_sms=False,
                            pushed=frozenset(), now=NOON)  # fmt: skip
        uow.commit()
    person = office.posts["clerk"].person_id
    page = f"/admin/people/{person}/data"
    client.login("admin")
    assert PHONE not in client.get(page).text + client.get(f"/admin/people/{person}").text
    assert client.post(f"{page}/numbers", data={"kind": "phone", "purpose": " "}).status_code == 422
    seen = client.post(f"{page}/numbers", data={"kind": "phone", "purpose": "Báo bão gấp"}, headers=VI)
    assert PHONE in seen.text
    assert seen.headers["Cache-Control"] == "no-store"
    assert PHONE not in client.get(page).text
    log = client.get("/admin/personal-data").text + client.get("/admin/personal-data/looks.csv").text
    assert log.count("Báo bão gấp") == 2
    assert client.post(f"{page}/export", data={"purpose": "Theo đơn"}).mimetype == "application/zip"
    assert client.post(f"{page}/erasure", data={"reason": "Theo đơn"}).status_code == 303
    assert client.post(f"{page}/erasure/decide", data={"done": "yes"}).status_code == 403
    client.logout().login("clerk")
    mine = client.get("/account/data", headers=VI).text
    for words in ("Báo bão gấp", "chờ quản trị viên thứ hai", "Hồ sơ, văn bản công: Luật Lưu trữ"):
        assert words in mine, words
    taken = client.post("/account/data/export", headers=VI)
    with zipfile.ZipFile(io.BytesIO(taken.data)) as whole:
        data = json.loads(whole.read("personal-data.json"))["data"]
        assert data["phone"]["lines"][0]["phone"] == PHONE
        assert PHONE in whole.read("personal-data.html").decode()
    assert client.post("/account/data/erasure", data={"reason": "lại"}).status_code == 409
    client.logout().login("far_admin")
    assert client.get(page).status_code == 404
    assert "Báo bão" not in client.get("/admin/personal-data").text
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(NumberLook.kind).order_by(NumberLook.id)).all() == ["phone", "export"]
        assert not any(PHONE in body for body in uow.session.scalars(select(Journal.body)))


def test_inspectors_find_the_pages_in_the_menu(client: Browser) -> None:
    """Administrators come there by Administration; nobody else is led there."""
    led = ('href="/admin/access"', 'href="/admin/personal-data"')
    for who, there in (("inspector", True), ("admin", False), ("leader", False)):
        menu = client.login(who).get("/desk").text.partition('<nav class="sections"')[2].partition("</nav>")[0]
        assert [one in menu for one in led] == [there, there], who
    client.login("inspector")
    assert all(client.get(one[6:-1]).status_code == 200 for one in led)
