"""Mandates and absences in the browser's words: granting, revoking, why somebody may not sign, another's desk."""

from __future__ import annotations

import re

import pytest

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.office import Office


def form(office: Office, **changed: object) -> dict[str, object]:
    return {
        "capacity": "tuq", "source_post_id": str(office.posts["leader"].id), "types": ["letter", "invitation"],
        "valid_from": "23/11/2026", "valid_to": "31/12/2026", "legal_symbol": "15/GUQ-UBND",
        "legal_day": "20/11/2026", "legal_title": "Giấy ủy quyền", "content": "Thư mời họp", "reason": "Phân công",
        **changed,
    }  # fmt: skip


def test_granted_shown_offered_and_revoked(client: Browser, office: Office) -> None:
    """The form keeps what was typed; the list, the person's page and the drafter's choice know the mandate."""
    chief = office.posts["chief"]
    client.login("admin")
    assert "Trịnh Xuân Hòa" in client.get("/admin/mandates/new").text
    address = f"/admin/mandates/new/{chief.id}"
    refused = client.post(address, data=form(office, valid_to=""))
    assert refused.status_code == 422
    assert "phải có thời hạn" in refused.text
    assert "Thư mời họp" in refused.text
    made = client.post(address, data=form(office))
    assert made.status_code == 303
    mandate, _question, done = made.headers["Location"].partition("?")
    assert "Đã ghi nhận việc giao ký; có hiệu lực từ bây giờ." in client.get(f"{mandate}?{done}").text
    assert "Đã ghi nhận" not in client.get(f"{mandate}?done=x").text
    assert "15/GUQ-UBND" in client.get(mandate).text
    assert "Trịnh Xuân Hòa" in client.get("/admin/mandates?capacity=tuq").text
    assert "Trịnh Xuân Hòa" not in client.get("/admin/mandates?capacity=tl").text
    assert "15/GUQ-UBND" in client.get("/admin/mandates.csv").text
    for person in (chief.person_id, office.posts["leader"].person_id):
        assert "15/GUQ-UBND" in client.get(f"/admin/people/{person}").text, "held, and given"
    client.login("drafter")
    assert f'value="{chief.id}:tuq"' in client.get("/outgoing/new").text
    client.login("admin")
    assert client.post(f"{mandate}/revoke", data={"reason": ""}).status_code == 422
    revoked = client.post(f"{mandate}/revoke", data={"reason": "Hết nhiệm vụ"}, follow_redirects=True)
    assert "Đã thu hồi việc giao ký" in revoked.text
    assert "Hết nhiệm vụ" in client.get(mandate).text
    client.login("drafter")
    page = client.get("/outgoing/new").text
    assert f'value="{chief.id}:tuq"' not in page
    assert "Việc giao ký đã bị thu hồi." in page, "what is not offered says why"


def test_another_agencys_mandates_are_not_there(client: Browser, office: Office) -> None:
    """The neighbour's administrator finds nothing to read, grant or revoke; a leader is refused."""
    client.login("far_admin")
    post = office.posts["chief"].id
    assert "Phạm Thị Hương Giang" not in client.get("/admin/mandates?when=all").text
    assert "Phạm Thị Hương Giang" not in client.get("/admin/mandates.csv?when=all").text
    for address in ("/admin/mandates/1", "/admin/mandates/1/revoke", f"/admin/mandates/new?post={post}"):
        assert client.get(address).status_code == 404
    assert client.post("/admin/mandates/1/revoke", data={"reason": "x"}).status_code == 404
    assert client.post(f"/admin/mandates/new/{post}", data=form(office)).status_code == 404
    assert client.get(f"/admin/absences?post={post}").status_code == 404
    absence = {"deputy_post_id": "99999", "first_day": "23/11/2026", "last_day": "25/11/2026", "acts": "reading",
               "reason": "x"}  # fmt: skip
    assert client.post(f"/admin/absences/{post}", data=absence).status_code == 404
    client.login("leader")
    assert client.get("/admin/mandates").status_code == 403


def test_a_desk_left_to_the_deputy(client: Browser, office: Office) -> None:
    """It shows on the deputy's desk, is looked after in its post's name, and signing stays closed there."""
    waiting = Arrivals(office).submitted()
    client.login("leader")
    deputy = office.posts["deputy"].id
    given = {"deputy_post_id": str(deputy), "first_day": "23/11/2026", "last_day": "25/11/2026",
             "acts": "processing", "reason": "Đi công tác"}  # fmt: skip
    assert client.post("/absence", data={**given, "last_day": "20/11/2026"}).status_code == 422
    assert "Đã lưu thời gian vắng mặt" in client.post("/absence", data=given, follow_redirects=True).text
    assert "Đã lưu" not in client.get("/absence").text
    assert office.names["deputy"] in client.get("/absence").text
    client.login("deputy")
    desk = client.get("/desk").text
    assert f"Thay {office.names['leader']}" in desk
    assert client.post("/post", data={"post": str(office.posts["leader"].id)}).status_code == 303
    desk = client.get("/desk").text
    assert f"Ông/bà đang xử lý thay {office.names['leader']}" in desk
    assert "xử lý thay: Chủ tịch" in desk, "a deputy at the desk is no chairman"
    assert client.get("/incoming").status_code == 200
    given = {
        "version": waiting.version,
        "lead": office.units["economy"],
        "words": "Giao Phòng Kinh tế",
        "term": "none",
    }
    assert client.post(f"/incoming/{waiting.id}/direct", data=given).status_code == 303
    both = f"{office.names['deputy']}, xử lý thay {office.names['leader']}"
    assert both in client.get(f"/incoming/{waiting.id}").text
    assert client.get("/sign").status_code == 403
    assert client.get("/outgoing/new").status_code == 403
    assert client.get("/absence").status_code == 403
    client.login("chief")
    assert "Thay Nguyễn" not in client.get("/desk").text
    client.post("/post", data={"post": str(office.posts["leader"].id)})
    assert "Ông/bà đang xử lý thay" not in client.get("/desk").text, "nobody else comes to this desk"


def wrong_fields(page: str) -> set[str]:
    """The fields that a form marks."""
    return set(re.findall(r'id="e-(\w+)"', page)) | set(re.findall(r'class="field wrong" id="f-(\w+)"', page))


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"capacity": "tl", "types": []}, "types", "TL. the types of documents"),
        ({"valid_to": ""}, "valid_to", "TUQ. an end"),
        ({"types": []}, "types", "TUQ. an end"),
        ({"legal_symbol": "abc"}, "legal_symbol", "This is no number and symbol of a document."),
        ({"legal_symbol": "15/"}, "legal_symbol", "This is no number and symbol of a document."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    client: Browser, office: Office, changed: dict[str, object], field: str, words: str
) -> None:
    """With advice for who grants it, not for who looks for another signer; nothing is put on record."""
    client.set_cookie("trinhky_language", "en")
    address = f"/admin/mandates/new/{office.posts['chief'].id}"
    refused = client.login("admin").post(address, data=form(office, **changed))
    assert refused.status_code == 422
    assert wrong_fields(refused.text) == {field}
    assert words in refused.text
    assert "Choose another signer" not in refused.text
    assert "Trịnh Xuân Hòa" not in client.get("/admin/mandates?capacity=tuq").text


def test_a_partys_symbol_is_one(client: Browser, office: Office) -> None:
    """Every office builds its own."""
    address = f"/admin/mandates/new/{office.posts['chief'].id}"
    assert client.login("admin").post(address, data=form(office, legal_symbol="15-QĐ/TU")).status_code == 303
