"""Enrolment per device, the forecast of what ends, and what the head of an agency may read of it."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.web.documents.test_certificate_pages import PHONE
from workflow.store import certificates as store
from workflow.store.session import unit_of_work
from workflow.web import enrol_ways


def _ways(page: str) -> list[tuple[str, str]]:
    return re.findall(r'name="holder" id="[^"]+" value="(\w+)" required( disabled| checked|)', page)


@pytest.mark.parametrize(
    ("phone", "remote", "usable"),
    [
        (False, True, ["pkcs12_browser", "token", "paper", "remote"]),
        (False, False, ["pkcs12_browser", "token", "paper"]),
        (True, True, ["remote", "pkcs12_browser"]),
        (True, False, ["pkcs12_browser"]),
    ],
)
def test_what_this_device_can_enrol_comes_first(phone: bool, remote: bool, usable: list[str]) -> None:
    """Each other one says why not, and none of them is ticked."""
    ways = enrol_ways.offered(phone=phone, remote=remote)
    assert [one.value for one in ways if not one.idle] == usable
    assert [one.idle for one in ways] == sorted(one.idle for one in ways)
    assert all(one.why_not for one in ways if one.idle)
    for wanted in ("", "token", "remote", "nothing"):
        assert enrol_ways.chosen(ways, wanted) == (wanted if wanted in usable else usable[0])


def test_a_phone_is_offered_no_usb_key(client: Browser, papers: Papers) -> None:
    """In the words of the signing page, and with a way to say that it is a computer after all."""
    page = unescape(client.login("leader").get("/certificates/enrol?holder=token", headers=PHONE).text)
    assert _ways(page) == [
        ("pkcs12_browser", " checked"), ("remote", " disabled"), ("token", " disabled"), ("paper", " disabled"),
    ]  # fmt: skip
    assert "ký bằng SIM PKI hoặc ký số từ xa, hoặc để lại cho máy tính" in page
    address = re.findall(r'href="(/certificates/enrol[^"]*device=computer[^"]*)"', page)[0]
    assert "holder=token" in address
    assert ("token", " checked") in _ways(client.get(address, headers=PHONE).text)
    assert ("token", " checked") in _ways(client.get("/certificates/enrol?holder=token").text)


def test_the_head_reads_what_notices_lead_to(client: Browser, papers: Papers) -> None:
    """Whoever leads the agency is told of its certificates, so the page behind the link opens for them: their
    agency's only, with nothing to decide; a deputy, a clerk and a drafter do not get there."""
    client.set_cookie("trinhky_language", "en")
    page = client.login("leader").get("/admin/certificates").text
    assert "Certificates of the whole agency" in page
    assert "Nguyễn Thị Lan" in page
    assert "Mai Văn Xa" not in page
    assert "/confirm" not in page
    assert "/retire" not in page
    assert 'href="/admin/certificates"' in client.get("/certificates").text
    assert client.get("/admin/certificates.csv").status_code == 200
    assert client.post("/admin/certificates/1/retire", data={"why": "lost"}).status_code == 403
    for who in ("deputy", "clerk", "drafter"):
        assert client.login(who).get("/admin/certificates").status_code == 403
        assert 'href="/admin/certificates"' not in client.get("/certificates").text


def test_the_forecast_counts_owners_by_month(client: Browser, papers: Papers) -> None:
    """By the last certificate of each: who has a longer one is not lacking yet; a month leads to its lines."""
    client.set_cookie("trinhky_language", "en")
    identity = papers.keys.held["leader"]
    papers.keys.issue("leader", private=identity.key, days=800)
    papers.keys.enrol("leader")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        first, second = sorted(
            store.of_person(uow.session, papers.office.posts["leader"].person_id), key=lambda row: row.id
        )
        first.not_after, second.not_after = (papers.now + dt.timedelta(days=days) for days in (20, 130))
        for row in store.of_agency(uow.session, papers.office.units["commune"]):
            row.not_after = papers.now + dt.timedelta(days=131)
        uow.commit()
    page = client.login("admin").get("/admin/certificates").text
    assert re.findall(r"(\d\d/20\d\d: \d)</a>", page) == ["04/2027: 2", "06/2028: 1"]
    listed = client.get("/admin/certificates.csv?month=2027-04").data.decode("utf-8-sig")
    assert len(listed.splitlines()) == 3
    assert len(client.get("/admin/certificates.csv?month=2026-12").data.decode("utf-8-sig").splitlines()) == 1
    assert "month=2027-04" in client.get("/admin/certificates?month=2027-04").text
    assert 'value="2027-99"' not in client.get("/admin/certificates?month=2027-99").text
