"""Reports, notices and the ledger of jobs through their pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import Engine, select

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.support.browser import Browser, Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.config import Settings
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents.acts import act
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store.models import Outbox, Outgoing, Report, Unit
from workflow.store.session import unit_of_work

PAGES = (
    "/reports", "/reports?period=2026-Q4", "/reports?from=2026-11-01&to=2026-11-20&basis=leader",
    "/reports?period=2025",
    "/reports/documents?figure=denominator", "/reports/documents?figure=ink&unit={economy}",
    "/reports/documents?figure=exempt", "/reports/documents?figure=numerator&signer={leader}&basis=leader",
    "/reports/documents?figure=failed&period=2026-10",
    "/reports/unsigned", "/reports/unsigned?all=1", "/reports/unsigned/{economy}",
    "/reports/unsigned/{economy}/2026-11-23",
    "/reports/unsigned/{economy}/2026-11-23?again=1", "/reports/unsigned/{economy}?show=overdue",
    "/reports/unsigned/{commune}?show=unsigned", "/reports/unsigned/{culture}", "/notices/units",
)  # fmt: skip


def _address(office: Office, pattern: str) -> str:
    return pattern.format(leader=office.posts["leader"].person_id, **office.units)


@pytest.fixture
def filled(office: Office, engine: Engine, clock: Clock, settings: Settings) -> Office:
    """Issued documents of all kinds, one overdue draft, and this morning's report."""
    approver = office.posts["leader"].person_id
    add_issued(
        office,
        *(issued_row(office, issued_at=clock()) for _document in range(60)),
        issued_row(office, issued_at=clock(), medium="ink", leader_verdict="", subject="V/v <b>ký</b> giấy"),
        issued_row(office, issued_at=clock(), unit="culture", seal_verdict="failed"),
        issued_row(office, issued_at=clock(), secret=True),
        issued_row(office, issued_at=clock(), exempt_by_id=approver, exempt_reason="Tòa yêu cầu bản giấy"),
        issued_row(office, issued_at=clock(), unit="far_office"),
    )
    facts = DraftFacts(
        type_code="letter", subject="V/v để lâu", signer_post_id=office.posts["deputy"].id, capacity=Capacity.KT,
        secret=True,
    )  # fmt: skip
    with unit_of_work(engine) as uow:
        create(uow, office.actor("drafter"), facts=facts, now=NOON.replace(day=16))
        uow.commit()
    assert run_period(Tools(engine, settings, clock), job("unsigned"), "2026-11-23") is Outcome.DONE
    return office


@pytest.mark.parametrize("pattern", PAGES)
def test_pages_open_in_both_languages_and_not_for_drafters(client: Browser, filled: Office, pattern: str) -> None:
    """Valid HTML for a leader, refused to a drafter, asked to log in without a session."""
    address = _address(filled, pattern)
    client.login("leader")
    for language in ("vi", "en"):
        answer = client.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
    assert client.login("drafter").get(address).status_code == 403
    assert client.logout().get(address).status_code == 302


@pytest.mark.parametrize("pattern", ["/reports", "/reports/unsigned", "/notices", "/notices/units"])
def test_empty_pages_say_so(client: Browser, office: Office, pattern: str) -> None:
    """A new installation shows sentences, not empty tables."""
    answer = client.login("admin").get(pattern)
    assert answer.status_code == 200
    assert "<tbody>" not in answer.text


def test_the_board_stands_worst_first_and_links_every_figure(client: Browser, filled: Office) -> None:
    """Each link leads to a list with as many rows as the figure says (over its pages)."""
    page = client.login("leader").get("/reports").text
    assert page.index("Phòng Văn hóa – Xã hội") < page.index("Phòng Kinh tế")
    assert "98,4 %" in page
    assert "Số liệu tính đến 09:00 23/11/2026." in page
    assert 'mới nhất: <a href="/reports/months">Số liệu theo tháng</a>.' in page
    links = re.findall(r'<a href="(/reports/documents[^"]+)">(\d+)</a>', page)
    assert len(links) > 12
    for address, figure in links:
        assert _rows(client, unescape(address)) == int(figure)


def _rows(client: Browser, address: str) -> int:
    """Rows of a list over all its pages."""
    total = 0
    while address:
        page = client.get(address).text
        total += page.count('<th scope="row">')
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(following[1]) if following else ""
    return total


def test_rows_lead_to_documents_only_where_the_reader_may_open_them(client: Browser, filled: Office) -> None:
    """The administrator counts but does not read; markup in a subject stays text."""
    address = "/reports/documents?figure=ink"
    seen = client.login("leader").get(address).text
    assert re.search(r'<a href="/outgoing/\d+">[^<]*V/v &lt;b&gt;ký&lt;/b&gt; giấy</a>', seen)
    blind = client.login("admin").get(address).text
    assert "ký&lt;/b&gt;" not in blind
    assert "/outgoing/" not in blind.partition('<main id="main"')[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "pattern",
    [
        "/reports?agency={far}", "/reports/documents?unit={far_office}", "/reports/documents?agency={far}",
        "/reports/documents.csv?unit={far_office}", "/reports/rates.csv?agency={far}", "/reports/unsigned/{far}",
        "/reports/unsigned/{far_office}/2026-11-23",
    ],
)  # fmt: skip
def test_foreign_and_missing_units_are_the_same_404(client: Browser, filled: Office, pattern: str) -> None:
    """A neighbour's unit answers like one that does not exist."""
    client.login("leader")
    missing = re.sub(r"\{\w+\}", "9999", pattern)
    answers = [client.get(address) for address in (_address(filled, pattern), missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    titles = [re.search("<h1>(.*?)</h1>", answer.text) for answer in answers]
    assert titles[0] is not None
    assert titles[1] is not None
    assert titles[0][1] == titles[1][1]


def test_a_foreign_signer_is_not_named(client: Browser, filled: Office) -> None:
    """The list of somebody who signed nothing here is empty and says no name."""
    stranger = filled.posts["far_leader"].person_id
    page = client.login("leader").get(f"/reports/documents?signer={stranger}").text
    assert "Mai Văn Xa" not in page


@pytest.mark.parametrize(
    "query", ["period=2026-13", "from=2026-11-20&to=2026-11-01", "from=1900-01-01&to=2026-11-01"]
)
def test_a_period_that_is_none_gets_a_sentence(client: Browser, office: Office, query: str) -> None:
    """Figures for another period than the one asked for would mislead."""
    answer = client.login("leader").get(f"/reports?{query}")
    assert answer.status_code == 422
    assert "Xin chọn" in answer.text


@pytest.mark.parametrize("query", ["figure=everything", "unit=x", "signer=1;2", "agency=-1"])
def test_an_address_of_no_figure_is_no_page(client: Browser, office: Office, query: str) -> None:
    """Typed nonsense is not silently left out."""
    assert client.login("leader").get(f"/reports/documents?{query}").status_code == 404


def test_csv_holds_the_board_and_the_list(client: Browser, filled: Office) -> None:
    """Same figures, decimal comma, one row a document; no formula runs."""
    client.login("leader")
    board = client.get("/reports/rates.csv").data.decode("utf-8-sig").splitlines()
    economy = next(line for line in board if "Phòng Kinh tế" in line).split(";")
    assert economy[2:5] == ["60", "61", "98,36"]
    listed = client.get("/reports/documents.csv?figure=denominator").data.decode("utf-8-sig").splitlines()
    assert len(listed) == 1 + 62
    blind = client.login("admin").get("/reports/documents.csv?figure=ink").data.decode()
    assert "giấy</b>" not in blind
    assert "V/v" not in blind


def test_made_again_it_is_the_same_whatever_moved_since(client: Browser, filled: Office, engine: Engine) -> None:
    """The page proves its report."""
    address = f"/reports/unsigned/{filled.units['economy']}/2026-11-23?again=1"
    assert "Lập lại: trùng khớp" in client.login("leader").get(address).text
    with unit_of_work(engine) as uow:
        act_on = _draft_key(uow)
        _cancel(uow, filled, act_on)
        uow.commit()
    assert "Lập lại: trùng khớp" in client.get(address).text


def _draft_key(uow) -> int:  # type: ignore[no-untyped-def]
    return int(uow.session.scalars(select(Outgoing.id).where(Outgoing.state == "draft")).one())


def _cancel(uow, office: Office, key: int) -> None:  # type: ignore[no-untyped-def]
    act(
        uow, office.actor("drafter"), office.scope("drafter"), document_id=key, action=Action.CANCEL, version=None,
        now=NOON, remark="Không cần nữa",
    )  # fmt: skip


def test_notices_are_read_one_by_one_or_all(client: Browser, filled: Office, engine: Engine) -> None:
    """The bell counts them; opening one leads to the report; nobody opens another's."""
    page = client.login("head").get("/notices").text
    assert "Phòng Kinh tế: số liệu tính đến 07:00 ngày 23/11/2026" in page
    (key,) = re.findall(r"/notices/(\d+)/read", page)
    assert client.login("leader").post(f"/notices/{key}/read").status_code == 404
    answer = client.login("head").post(f"/notices/{key}/read")
    assert (answer.status_code, answer.headers["Location"]) == (
        303, f"/reports/unsigned/{filled.units['economy']}/2026-11-23",
    )  # fmt: skip
    assert client.login("leader").post("/notices/read").status_code == 303
    with unit_of_work(engine) as uow:
        unread = uow.session.scalars(
            select(Outbox.id).where(Outbox.person_id.is_not(None), Outbox.read_at.is_(None))
        )
        assert list(unread) == []


def test_a_drafter_reads_own_notices_only(client: Browser, filled: Office) -> None:
    """What went to the unit's address is for those who see reports."""
    client.login("drafter")
    assert client.get("/notices").status_code == 200
    assert client.get("/notices/units").status_code == 403


def test_a_neighbour_sees_nothing_of_ours(client: Browser, filled: Office) -> None:
    """Not in reports, not in messages."""
    client.login("far_leader")
    for address in ("/reports", "/reports/unsigned", "/notices/units", "/notices"):
        assert "Đồng Tâm" not in client.get(address).text


def test_an_inspector_above_sees_agencies_first(client: Browser, filled: Office, engine: Engine) -> None:
    """Rows are agencies; one of them opens its units, its people and their lists."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, filled.units["far"]).parent_id = filled.units["commune"]
        uow.commit()
    client.login("inspector")
    page = client.get("/reports").text
    assert f'href="/reports?agency={filled.units["far"]}"' in page
    assert "Theo người ký" not in page
    below = client.get(f"/reports?agency={filled.units['far']}").text
    assert "Mai Văn Xa" in below
    (address, figure) = re.findall(r'<a href="(/reports/documents[^"]+)">(\d+)</a>', below)[0]
    assert _rows(client, unescape(address)) == int(figure) == 1
    assert "unsigned?all=1" in client.get("/reports/unsigned").text


def test_what_is_open_in_all_counts_both_directions(client: Browser, filled: Office, engine: Engine) -> None:
    """Outgoing and incoming documents, added up and named; an older report says that it counted the ones only."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        rows = uow.session.scalars(select(Report).where(Report.kind == "unsigned")).all()
        for row in rows:
            mine = row.unit_id == filled.units["commune"]
            row.body = {**row.body, "open": 7, "incoming": {**row.body["incoming"], "open": 5}}
            if not mine:
                row.body = {name: told for name, told in row.body.items() if name != "incoming"}
        uow.commit()
    page = client.login("leader").get("/reports/unsigned?all=1").text
    assert "Tổng số đang mở, cả đi và đến" in page
    assert re.search(r"<span>12 <small[^>]*>\(7 đi, 5 đến\)</small>", page)
    client.set_cookie("trinhky_language", "en")
    page = client.get("/reports/unsigned?all=1").text
    assert "Open in all, outgoing and incoming" in page
    assert re.search(r"<span>12 <small[^>]*>\(7 outgoing, 5 incoming\)</small>", page)
    assert re.search(r"<span>7 <small[^>]*>\(outgoing only: this report counted no incoming documents\)", page)


def test_secret_papers_are_counted_without_number_and_symbol(client: Browser, office: Office) -> None:
    """Whoever may not open one reads neither on the page nor in the sheets; other papers keep theirs."""
    dark, plain = issued_row(office, secret=True), issued_row(office)
    add_issued(office, dark, plain)
    client.login("culture_head")
    for figure, symbol, shown in (("issued", dark["symbol"], False), ("issued", plain["symbol"], True)):
        for ending in ("", ".csv"):
            text = client.get(f"/reports/documents{ending}?figure={figure}").text
            assert (symbol in text) is shown, (symbol, ending)
    assert dark["symbol"] in client.login("leader").get("/reports/documents.csv?figure=secret").text
