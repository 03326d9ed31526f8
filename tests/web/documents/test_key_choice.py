"""Before the click: which key signs these papers on this device, how often it asks, what it leaves out and why."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.web.test_devices import CHROME, IPHONE
from workflow.domain.key_holders import KeyHolder
from workflow.store.models import Certificate
from workflow.store.session import unit_of_work
from workflow.web import key_choice

PHONE = {"User-Agent": f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1"}
COMPUTER = {"User-Agent": CHROME}
USB_ON_PHONE = "Khóa USB không ký được trên điện thoại: ký bằng SIM PKI hoặc ký số từ xa, hoặc để lại cho máy tính."


@pytest.fixture
def usb(papers: Papers) -> Papers:
    """The leader has a key file, and a newer certificate in a USB key that lasts longer."""
    papers.keys.issue("leader", days=1500, serial=77)
    papers.keys.enrol("leader")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        sha256 = papers.keys.held["leader"].fingerprint
        row = uow.session.scalars(select(Certificate).where(Certificate.sha256 == sha256)).one()
        row.holder, row.proof = KeyHolder.TOKEN, {"shown_to": 1}
        uow.commit()
    return papers


def ways(page: str) -> dict[str, str]:
    """Way → `checked`, `disabled` or nothing, in their order."""
    radios = re.findall(r'<input[^>]*type="radio"[^>]*>', page)
    return {re.findall(r'value="([^"]+)"', one)[0]: next(iter(re.findall(r"checked|disabled", one)), "")
            for one in radios}  # fmt: skip


def documents(page: str, way: str) -> list[int]:
    """What the form of a way signs."""
    form = re.findall(rf'<form[^>]*data-holder="{way}"[^>]*>', page)[0]
    return [one["id"] for one in json.loads(html.unescape(re.findall(r'data-documents="([^"]*)"', form)[0]))]


def test_a_usb_key_signs_on_computers_only(client: Browser, usb: Papers) -> None:
    """PINs are counted for what was chosen; on a phone the file is chosen and the USB key says why not; whoever
    says that it is a computer is believed; the way of last time comes first."""
    two = "&".join(f"documents={usb.awaiting()}" for _ in range(2))
    client.login("leader")
    page = client.get(f"/sign?{two}", headers=COMPUTER).text
    assert ways(page) == {"pkcs12_browser": "checked", "token_page": "", "uploaded": ""}
    assert "Hỏi mã PIN 2 lần, mỗi tệp một lần · mức kiểm soát khóa: cao" in page
    assert "Nhập mật khẩu một lần cho cả 2 tệp · mức kiểm soát khóa: trung bình" in page
    phone = client.get(f"/sign?{two}", headers=PHONE).text
    assert ways(phone) == {"pkcs12_browser": "checked", "token_page": "disabled", "uploaded": "disabled"}
    assert USB_ON_PHONE in re.findall(r'<p class="why-not" data-why-not>.*?</p>', phone, re.DOTALL)[0]
    assert 'data-holder="token_page"' not in phone
    (override,) = re.findall(r'href="([^"]+device=computer)"', phone)
    assert ways(client.get(html.unescape(override), headers=PHONE).text)["token_page"] == ""
    client.set_cookie(f"{key_choice.COOKIE}{usb.office.posts['leader'].person_id}", "token_page", path="/sign")
    assert ways(client.get(f"/sign?{two}", headers=COMPUTER).text) == {
        "token_page": "checked",
        "pkcs12_browser": "",
        "uploaded": "",
    }


def test_with_nothing_but_a_usb_key_a_phone_is_no_dead_end(client: Browser, usb: Papers) -> None:
    """The page says so, shows what waits, and leads back to the desk or on to other keys."""
    with unit_of_work(usb.office.engine) as uow:
        uow.begin_write()
        for row in uow.session.scalars(select(Certificate).where(Certificate.holder == KeyHolder.BROWSER_FILE)):
            row.status = "retired"
        uow.commit()
    page = client.login("leader").get(f"/sign?documents={usb.awaiting()}", headers=PHONE).text
    assert ways(page) == {"token_page": "disabled", "uploaded": "disabled"}
    assert USB_ON_PHONE in page
    assert "data-sign" not in page
    assert '<a class="btn btn-outline-primary" href="/desk">' in page.split('id="key-title"')[1]


def test_a_minimum_is_seen_before_the_click(client: Browser, usb: Papers) -> None:
    """The weak way leaves the paper out with the reason; where no way reaches it, it is left out altogether. Each
    signature's control stands on its paper and on the receipt."""
    letter, decision = usb.awaiting(), usb.awaiting(type_code="decision")
    client.login("admin")
    given = {"control:decision": "4", "reason": "Quyết định phải ký bằng khóa USB"}
    assert client.post("/admin/registers/key-control", data=given | {"reason": ""}).status_code == 422
    assert client.post("/admin/registers/key-control", data=given | {"control:plan": "9"}).status_code in {400, 422}
    assert client.post("/admin/registers/key-control", data=given).status_code == 303
    assert client.post("/admin/registers/key-control", data=given | {"control:plan": "3"}).status_code == 409
    assert "từ mức cao trở lên" in client.get("/admin/registers").text
    asked = f"/sign?documents={letter}&documents={decision}"
    why = "Loại văn bản này chỉ được ký bằng khóa có mức kiểm soát cao. Ký bằng khóa USB, SIM PKI"
    page = client.login("leader").get(asked, headers=COMPUTER).text
    assert (documents(page, "pkcs12_browser"), documents(page, "token_page")) == ([letter], [letter, decision])
    assert ways(page) == {"token_page": "checked", "pkcs12_browser": "", "uploaded": ""}
    assert f"Chưa ký được 1 văn bản: {why}" in page
    with unit_of_work(usb.office.engine) as uow:
        uow.begin_write()
        for row in uow.session.scalars(select(Certificate).where(Certificate.holder == KeyHolder.TOKEN)):
            row.status = "retired"
        uow.commit()
    page = client.get(asked, headers=COMPUTER).text
    left_out = page.split("<h2>Để lại</h2>")[-1] if "<h2>Để lại</h2>" in page else page.split('id="key-title"')[0]
    assert why in left_out
    assert documents(page, "pkcs12_browser") == [letter]


def test_control_is_told_of_each_signature(client: Browser, papers: Papers) -> None:
    """On the card of the paper and on the receipt."""
    signed = papers.signed()
    client.login("leader")
    for path in (f"/outgoing/{signed}", f"/sign/receipt?documents={signed}"):
        assert "tệp khóa trong trình duyệt (mức kiểm soát khóa: trung bình)" in client.get(path).text.lower()


def test_an_ending_certificate_is_renewed_before_it_ends(client: Browser, usb: Papers) -> None:
    """Both sign until the old one is retired by hand; while one lasts long, nothing urges; then the desk and the
    page lead to the enrolment of a new one."""
    client.login("leader")
    assert "Đăng ký chứng thư mới" not in client.get("/certificates").text
    last = max(row.not_after for row in _of_leader(usb))
    client.clock.now = last - dt.timedelta(days=20)
    client.login("leader")
    assert ": gia hạn" in client.get("/desk").text
    page = client.get("/certificates").text
    assert "Xin gia hạn kịp thời" in page
    assert "còn 20 ngày" in page
    assert 'href="/certificates/enrol?holder=token"' in page
    assert re.search(r'value="token" required checked', client.get("/certificates/enrol?holder=token").text)
    assert 'data-holder="token_page"' in client.post("/certificates/enrol", data={"holder": "token"}).text


def test_keys_are_listed_by_where_they_lie(client: Browser, usb: Papers) -> None:
    """The administrator's list says it, narrows by it and exports it."""
    client.login("admin")
    tokens = client.get("/admin/certificates?holder=token").text
    assert "1 dòng" in tokens
    assert "mức kiểm soát khóa: cao" in tokens
    sheet = client.get("/admin/certificates.csv?holder=token").text
    assert "Nơi giữ khóa" in sheet
    assert sheet.count("\n") == 2


def _of_leader(papers: Papers) -> list[Certificate]:
    with unit_of_work(papers.office.engine) as uow:
        person = papers.office.posts["leader"].person_id
        return list(uow.session.scalars(select(Certificate).where(Certificate.person_id == person)))


@pytest.mark.parametrize("way", ["uploaded", "server_seal", "", 7, None, ["token_page"], {"token_page": 1}])
def test_no_other_way_is_opened_by_the_pages_scripts(client: Browser, usb: Papers, way: object) -> None:
    """What signs elsewhere has doors of its own; nonsense is refused as such."""
    body = {"certificate": "", "chain": [], "documents": [], "key_holder": way}
    answer = client.login("leader").post("/sign/leader/prepare", json=body)
    assert (answer.status_code, answer.json["code"]) == (400, "request_malformed")
