"""A certificate whose key lies on a token is enrolled by a signed paper, once, and a second person confirms it."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from signing.testing import Identity
from tests.support.browser import Browser, Clock
from tests.support.elsewhere import sign_elsewhere, with_words
from tests.support.keys import Keys, founded
from tests.support.office import Office
from workflow.domain.key_holders import Control, KeyHolder, believed
from workflow.store.models import Certificate, Journal
from workflow.store.session import unit_of_work


@pytest.fixture
def keys(office: Office, clock: Clock) -> Keys:
    made = founded(office)
    made.publish(at=clock())
    return made


def _paper(client: Browser) -> bytes:
    client.post("/certificates/paper", data={})
    return client.get("/certificates/paper.pdf").data


def _bring(client: Browser, data: bytes, **more: str) -> str:
    sent: dict[str, Any] = {"file": (io.BytesIO(data), "giay.pdf"), "holder": "token", **more}
    answer = client.post("/certificates/paper/finish", data=sent, content_type="multipart/form-data")
    return unescape(answer.text)


def _rows(office: Office) -> list[tuple[str, str, int | None]]:
    with unit_of_work(office.engine) as uow:
        rows = uow.session.scalars(select(Certificate).order_by(Certificate.id)).all()
        return [(row.holder, row.status, row.person_id) for row in rows]


def test_a_signed_paper_enrols_its_certificate(client: Browser, office: Office, keys: Keys, clock: Clock) -> None:
    """Only this login's paper, only signed and nothing else, by a key of a listed root, and only once."""
    key: Identity = keys.issue("leader")
    client.login("leader", stepped_up=True)
    old = sign_elsewhere(_paper(client), key, "enrolment", at=clock())
    paper = _paper(client)
    assert "không bắt đầu bằng đúng bản" in _bring(client, old)
    assert "Nội dung văn bản đã bị thay đổi" in _bring(
        client, sign_elsewhere(with_words(paper), key, "enrolment", at=clock())
    )
    assert "Tệp này không có chữ ký mới" in _bring(client, paper)
    good = sign_elsewhere(paper, key, "enrolment", at=clock())
    at = (
        good.rindex(b"/Contents <") + 11 + len(good[good.rindex(b"/Contents <") + 11 :].split(b">")[0].rstrip(b"0"))
    )
    spoilt = good[: at - 20] + (b"1" if good[at - 20 : at - 19] != b"1" else b"2") + good[at - 19 :]
    assert "không khớp" in _bring(client, spoilt)
    assert _rows(office) == []
    _bring(client, good)
    assert _rows(office) == [("token", "pending", office.posts["leader"].person_id)]
    _bring(client, good)
    assert len(_rows(office)) == 1
    with unit_of_work(office.engine) as uow:
        row = uow.session.scalars(select(Certificate)).one()
        assert (row.sha256, set(row.proof)) == (key.fingerprint, {"paper", "signed"})


def test_a_token_is_confirmed_by_who_has_seen_it(client: Browser, office: Office, keys: Keys, clock: Clock) -> None:
    """Where the key lies is chosen by nobody but its owner; that it lies on a token is said by a second person, in
    proof and journal, and what nobody saw counts as a key file."""
    key: Identity = keys.issue("leader")
    client.login("leader", stepped_up=True)
    page = client.post("/certificates/paper", data={}).text
    assert " checked" not in page
    paper = sign_elsewhere(client.get("/certificates/paper.pdf").data, key, "enrolment", at=clock())
    assert _bring(client, paper, holder="")
    assert _rows(office) == []
    _bring(client, paper)
    client.login("admin", stepped_up=True)
    (address,) = re.findall(r'action="(/admin/certificates/\d+/confirm)"', client.get("/admin/certificates").text)
    assert client.post(address).status_code == 422
    assert _rows(office)[0][1] == "pending"
    assert client.post(address, data={"shown": "yes"}).status_code == 303
    admin = office.posts["admin"].person_id
    with unit_of_work(office.engine) as uow:
        row = uow.session.scalars(select(Certificate)).one()
        told = uow.session.scalars(select(Journal.body).order_by(Journal.id.desc())).first()
    assert (row.status, row.proof["shown_to"]) == ("confirmed", admin)
    assert f'"shown_to":{admin}' in str(told).replace(" ", "").replace("'", '"')
    believes = [
        believed(KeyHolder.TOKEN_PAGE, lies=row.holder, proof=proof) for proof in (row.proof, {"paper": ""})
    ]
    assert believes == [Control.STRONG, Control.MEDIUM]
