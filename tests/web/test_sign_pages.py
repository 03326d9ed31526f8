"""Signs of irregularity through their pages: for whom they are, what is said about one, what the person sees."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from tests.support import months
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.services import anomaly_remarks
from workflow.services.incoming import registering
from workflow.store.models import AnomalyRemark
from workflow.store.session import unit_of_work

LATE = "/reports/signs/registered_late"


@pytest.fixture
def lying(office: Office) -> int:
    """The clerk registers a paper a week after it came; its key."""
    road = Arrivals(office)
    road.now = NOON - dt.timedelta(days=12)
    found = road.paper(facts=months.dated(road.now))
    road.now += dt.timedelta(days=7)
    road.do("clerk", registering.register, incoming_id=found.id, version=None)
    add_issued(office, issued_row(office))
    return int(found.id)


def test_an_office_its_list_and_what_is_said(client: Browser, office: Office, lying: int, engine: Engine) -> None:
    """A hint in both languages, never a verdict: the count leads to the paper with what made it, a viewer writes
    down what they found, and it stays."""
    client.login("leader")
    shown = client.get("/reports/signs", headers={"Accept-Language": "vi"}).text
    assert "Đây là gợi ý để xem lại, không phải kết luận." in shown
    assert f"{LATE}?agency={office.units['commune']}" in shown
    listed = client.get(LATE, headers={"Accept-Language": "vi"}).text
    for words in ("Đăng ký văn bản đến muộn", "Có thể là bình thường", "Số ngày làm việc cho tới khi có số đến: 5",
                  office.names["clerk"], f"/incoming/{lying}"):  # fmt: skip
        assert words in listed, words
    assert "This is a hint to look again" in client.get(LATE, headers={"Accept-Language": "en"}).text
    path = f"{LATE}/{lying}/review"
    given = {"agency": str(office.units["commune"])}
    assert client.post(path, data={"words": " ", **given}).status_code == 422
    assert client.post(path, data={"words": "Gửi nhầm, đã hỏi lại", **given}).status_code == 303
    assert "Gửi nhầm, đã hỏi lại" in client.get(LATE).text
    assert "Gửi nhầm" in client.get(f"{LATE}/papers.csv").text
    with engine.connect() as connection:
        assert connection.scalar(select(AnomalyRemark.item)) == lying


def test_whom_a_sign_names_comments_and_does_not_review(client: Browser, office: Office, lying: int) -> None:
    """On the page of their own account; others find nothing there."""
    client.login("clerk")
    mine = client.get("/account/signs").text
    assert f"/account/signs/registered_late/{lying}/comment" in mine
    refused = client.post(f"{LATE}/{lying}/review", data={"words": "Xong", "agency": str(office.units["commune"])})
    assert refused.status_code == 403
    assert client.post(f"/account/signs/registered_late/{lying}/comment", data={"words": ""}).status_code == 422
    said = client.post(f"/account/signs/registered_late/{lying}/comment", data={"words": "Chờ bản chính <b>"})
    assert said.status_code == 303
    assert "Chờ bản chính &lt;b&gt;" in client.get("/account/signs").text
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        said_before = uow.session.scalars(select(AnomalyRemark)).one()
        values = {
            name: getattr(said_before, name) for name in ("agency_id", "sign", "item", "kind", "person_id", "at")
        }
        uow.add(*(AnomalyRemark(**values, words="Nữa") for _n in range(anomaly_remarks.MOST - 1)))
        uow.commit()
    more = client.post(f"/account/signs/registered_late/{lying}/comment", data={"words": "Thêm"})
    assert (more.status_code, "tối đa 20 ý kiến" in more.text) == (422, True)
    client.login("deputy")
    assert "Chờ bản chính &lt;b&gt;" in client.get(LATE).text
    assert f"{lying}/comment" not in client.get("/account/signs").text
    assert client.post(f"/account/signs/registered_late/{lying}/comment", data={"words": "Tôi"}).status_code == 404


def test_another_agency_sees_nothing(client: Browser, office: Office, lying: int) -> None:
    """404 for its lists, its exports and its remarks; drafters have no page."""
    client.login("far_leader")
    agency = office.units["commune"]
    assert f"agency={agency}" not in client.get("/reports/signs").text
    for path in (f"{LATE}?agency={agency}", f"{LATE}/papers.csv?agency={agency}", "/reports/signs/nonsense",
                 f"/reports/signs?agency={agency}", f"/reports/signs/offices.csv?agency={agency}"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert client.post(f"{LATE}/{lying}/review", data={"words": "Tò mò", "agency": str(agency)}).status_code == 404
    client.login("drafter")
    assert client.get("/reports/signs").status_code == 403
    client.login("leader")
    assert f"{LATE}?agency={agency}" in client.get(f"/reports/signs?agency={agency}").text
    assert client.get("/reports/signs/thresholds/too_fast").status_code == 403
