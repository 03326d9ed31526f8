"""Indicators, targets and entered figures through their pages: set, entered, corrected, brought in, shown."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import Engine

from tests.support import months
from tests.support.browser import Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.indicators import FIRST_VERSION
from workflow.domain.periods import parse
from workflow.services.figures import closing

MEANING = {
    "name": "Hồ sơ số hóa", "about": "Theo báo cáo một cửa", "name_en": "Digitised dossiers", "shape": "share",
    "better": "higher", "decimals": "2",
}  # fmt: skip
SHEET = """Chỉ tiêu;Đơn vị;Kỳ;Số liệu;Nguồn
Hồ sơ số hóa;Phòng Kinh tế;2026-10;3/4;BC 1
Khác;Phòng Kinh tế;2026-10;3/4;BC 1
"""


def test_an_administrator_keeps_figures_that_no_document_counts(client: Browser, office: Office) -> None:
    """Definition, target, figure, correction, sheet: each refused where it is wrong, each on the month's page."""
    commune = str(office.units["commune"])
    client.login("admin")
    assert client.post("/reports/indicators/new", data={**MEANING, "shape": "parts"}).status_code == 422
    assert client.post("/reports/indicators/new", data=MEANING).status_code == 303
    assert client.post("/reports/indicators/new", data=MEANING).status_code == 409
    target = {"unit": commune, "goal": "99,98", "first_month": "2026-01", "reason": "KH 01", "seen": "0"}
    for name, status in (("nonsense", 404), ("entered:1", 303), ("entered:1", 409)):
        answer = client.post("/reports/indicators/target", data={"indicator": name, **target})
        assert answer.status_code == status
    figure = {"indicator": "1", "unit": commune, "period": "2026-11", "figure": "3350/3351", "source": "BC 12"}
    for change, status in (
        ({"figure": "x"}, 422), ({"source": ""}, 422), ({"link": "javascript:alert(1)"}, 422),
        ({"period": "2031"}, 422), ({"unit": str(office.units["far"])}, 404), ({}, 303), ({}, 409),
    ):  # fmt: skip
        assert client.post("/reports/entered/new", data={**figure, **change}).status_code == status, change
    shown = client.get("/reports/months/2026-11", headers={"Accept-Language": "vi"}).text
    assert "99,97 % (3350/3351)" in shown
    assert "chưa đạt mục tiêu 99,98 %" in shown
    assert "Digitised dossiers" in client.get("/reports/indicators", headers={"Accept-Language": "en"}).text
    change = {"figure": "3351/3351", "source": "BC 13", "reason": "Sót 1", "seen": "1"}
    for more, status in (({"reason": ""}, 422), ({}, 303), ({}, 409)):
        assert client.post("/reports/entered/1", data={**change, **more}).status_code == status
    line = client.get("/reports/entered/1").text
    assert all(words in line for words in ("BC 12", "BC 13", "3350/3351", "Sót 1"))
    assert "/reports/entered/1" in client.get("/reports/months/2026-11/documents?count=entered").text
    assert "3351/3351" in client.get("/reports/months/2026-11/figures.csv").text
    file = {"file": (io.BytesIO(SHEET.encode("utf-8-sig")), "so-lieu.csv")}
    looked = client.post("/reports/entered/sheet", data=file, content_type="multipart/form-data").text
    assert "sẽ nhập" in looked
    assert "Không có chỉ tiêu “Khác”" in looked
    assert "3/4" not in client.get("/reports/entered").text
    assert client.post("/reports/entered/sheet", data={"text": SHEET, "take": "1"}).status_code == 303
    assert "75,00 % (3/4)" in client.get("/reports/entered").text
    client.login("leader")
    assert "75,00 % (3/4)" in client.get("/reports/entered").text
    for path in ("/reports/entered/new", "/reports/indicators/target", "/reports/months/backlog"):
        assert client.get(path).status_code == 403
    assert "75,00 % (3/4)" in client.get(f"/reports/entered?agency={commune}").text
    far = client.login("far_leader")
    assert far.get("/reports/entered/1").status_code == 404
    assert "(3/4)" not in far.get("/reports/entered").text
    for named in (commune, "x", "9" * 30):
        assert far.get(f"/reports/entered?agency={named}").status_code == 404


def test_a_month_shows_kinds_capacities_and_times(client: Browser, office: Office, engine: Engine) -> None:
    """Of the leader's and the agency's certificates, undecided apart, the deputy's KT.; what an older closed month
    did not count it does not show."""
    add_issued(
        office, issued_row(office, leader_kind="public_service", seal_kind="public"),
        issued_row(office, signer="deputy", capacity="kt", leader_verdict="indeterminate"),
    )  # fmt: skip
    client.login("leader")
    shown = re.sub(r"\s+", " ", client.get("/reports/months/2026-11", headers={"Accept-Language": "vi"}).text)
    for words in ("Theo loại chứng thư chữ ký số", "chuyên dùng công vụ", "Chưa đủ cơ sở", "(KT.)",
                  "count=leader_public_service_full", "count=as_kt_counted", "Chờ ký quá ngưỡng"):  # fmt: skip
        assert words.casefold() in shown.casefold(), words
    assert "hôm nay chứng minh được: 0" in shown  # rows without certificates: nothing shows that they still hold
    assert client.get("/reports/months/2026-11/documents?count=not_provable").text.count('<th scope="row">') == 1
    days = {"2026-11-02": 200, "02/11/2026": 200, "2026-10-31": 404, "2027-01-01": 404, "x": 404}
    for day, status in days.items():
        answer = client.get(f"/reports/months/2026-11?as_of={day}")
        assert answer.status_code == status, day
        if status == 200:
            assert "count=issued" not in answer.text
            assert "Số liệu như tại cuối ngày 02/11/2026" in answer.text
    then = client.get("/reports/months/2026-11?as_of=2026-11-02").text
    assert re.search(r"figures\.csv\?[^\"]*as_of=2026-11-02", then)
    gone = client.get("/reports/months/2026-11/documents.csv?count=issued&as_of=2026-11-02").text
    assert len(gone.splitlines()) == 1
    answer = client.get("/reports/months/2026-11/documents?count=leader_unknown_undecided")
    assert (answer.status_code, answer.text.count('<th scope="row">')) == (200, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closing, "VERSION", FIRST_VERSION)
        months.close(engine, office.units["commune"], parse("2026-10"), now=NOON)
    shown = client.get("/reports/months/2026-10", headers={"Accept-Language": "vi"}).text
    assert "Khi chốt tháng này chưa tính loại chứng thư" in shown
    assert "Theo loại chứng thư chữ ký số" not in shown
