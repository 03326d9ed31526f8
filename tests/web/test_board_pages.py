"""Boards through their pages: every number leads to its list, charts have their tables, nothing is another's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask, request
from sqlalchemy import Engine

from tests.support import boards, months
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.boards import change
from workflow.domain.indicators import COUNTS, FIRST_VERSION, INDICATORS, indicator
from workflow.domain.periods import parse
from workflow.domain.terms import Measure, Term
from workflow.services.figures.board_targets import Part, Target
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import FrozenMonth, History, Unit, UnitMonth
from workflow.store.session import unit_of_work
from workflow.web import board_page
from workflow.web.board_address import read_address
from workflow.web.views import boards as board_views

OCTOBER = NOON - dt.timedelta(days=40)
INK = {"medium": "ink", "leader_verdict": ""}
LINK = re.compile(r'<a href="(/reports/(?:months/[\d-]+|board)/documents\?[^"]+)">([\d.]+)</a>')


@pytest.fixture
def filled(office: Office, engine: Engine) -> Office:
    """Two months of the commune and its neighbour, a team below the economy office, an explanation owed."""
    boards.add_unit(office, "Tổ <b>Thuế</b>", "economy")
    add_issued(
        office, *(issued_row(office, issued_at=OCTOBER) for _n in range(3)),
        issued_row(office, issued_at=OCTOBER, unit="Tổ <b>Thuế</b>", **INK),
        issued_row(office, unit="Tổ <b>Thuế</b>"), issued_row(office, seal_verdict=""), issued_row(office),
        issued_row(office, unit="culture", signer="deputy", leader_verdict="", medium="ink"),
        issued_row(office, unit="culture", secret=True, subject="Mật vụ"),
        *(issued_row(office, unit="far_office", subject="Của xã khác") for _n in range(2)),
    )  # fmt: skip
    road = Arrivals(office)
    road.now = NOON - dt.timedelta(days=3)
    road.explained_late(due=DueChoice(term=Term(Measure.HOURS, 1)))
    for agency in ("commune", "far"):
        months.close(engine, office.units[agency], parse("2026-10"), now=NOON - dt.timedelta(days=10))
    return office


def below(office: Office) -> None:
    """Put the neighbour under the commune, so that an inspector there sees several agencies."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units["far"]).parent_id = office.units["commune"]
        uow.commit()


def rows_of(client: Browser, path: str) -> list[list[str]]:
    """The lines of a CSV export without its head."""
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))[1:]


@pytest.mark.parametrize("page", [
    "/reports/board", "/reports/board?period=2026-Q4&against=2026-Q3",
    "/reports/board/units/{economy}?period=2026-10", "/reports/board/people/{deputy}?period=2026-Q4",
])  # fmt: skip
def test_every_number_is_a_link_to_as_many_things(client: Browser, filled: Office, page: str) -> None:
    """Each list has as many lines as the number says, on the page and in its export."""
    client.login("leader")
    keys = {**filled.units, "deputy": filled.posts["deputy"].person_id}
    shown = client.get(page.format(**keys)).text
    links = {(unescape(path), int(number)) for path, number in LINK.findall(shown)}
    assert len(links) > 2
    for path, number in sorted(links):
        assert len(rows_of(client, path.replace("/documents?", "/documents.csv?"))) == number, path
    assert "<b>Thuế" not in shown
    listed = client.get(next(path for path, _number in sorted(links) if "sign" in path)).text
    document = re.search(r'href="(/outgoing/\d+)"', listed)
    assert document is not None
    assert client.get(document[1]).status_code == 200


def test_both_languages_say_what_is_seen(client: Browser, filled: Office) -> None:
    """Charts with title and description beside a table, the arrow with its word, months that nobody closed."""
    client.login("leader")
    english = client.get("/reports/board?period=2026", headers={"Accept-Language": "en"}).text
    for words in ("Board", "At a glance", "not closed, not counted", "Leaders, the", "How documents are signed"):
        assert words in english.replace("Leaders: ", "Leaders, the ")
    shown = client.get("/reports/board", headers={"Accept-Language": "vi"}).text
    for words in ("Bảng theo dõi", "Tỷ lệ ký số", "Chỉ lãnh đạo", "kém hơn", "điểm %"):
        assert words in shown
    charts = re.findall(r'<svg[^>]*role="img" aria-labelledby="(\S+) (\S+)"', shown)
    assert len(charts) >= 3
    for title, told in charts:
        assert f'id="{title}"' in shown
        assert f'id="{told}"' in shown
    assert shown.count("<svg") > len(charts)
    assert "<script" not in shown.split("<main", 1)[1]
    assert 'style="' not in shown


def test_each_table_is_taken_away_as_it_is_shown(client: Browser, filled: Office) -> None:
    """Units, people, months and comparisons; one that there is not is no page."""
    client.login("leader")
    units = {row[0]: row for row in rows_of(client, "/reports/board/figures.csv?table=rows")}
    assert units["Phòng Kinh tế"][2:4] == ["2", "3"]
    assert units["Tổ <b>Thuế</b>"][2:4] == ["1", "1"]
    people = rows_of(client, "/reports/board/figures.csv?table=people")
    assert [row[0] for row in people] == ["Đặng Quốc Việt", "Nguyễn Thị Lan"]
    assert len(rows_of(client, "/reports/board/figures.csv?table=trend")) == 12
    assert len(rows_of(client, "/reports/board/figures.csv?table=indicators")) == len(INDICATORS)
    economy = filled.units["economy"]
    side = rows_of(client, f"/reports/board/compare/figures.csv?table=units&unit={economy}")
    assert [row[2] for row in side[:2]] == ["66,67", "75,00"]
    for path in ("/reports/board", "/reports/board/compare", f"/reports/board/units/{economy}"):
        assert client.get(f"{path}/figures.xlsx").status_code == 200
        assert client.get(f"{path}/figures.csv?table=nonsense").status_code == 404


def test_several_agencies_stand_the_worst_first(client: Browser, filled: Office) -> None:
    """An inspector at the top sees each office on one line, and its board behind it."""
    below(filled)
    client.login("inspector")
    add_issued(filled, issued_row(filled, unit="far_office", **INK))
    rows = rows_of(client, "/reports/board/figures.csv")
    assert [row[0] for row in rows[:2]] == ["Ủy ban nhân dân xã Đồng Tâm", "Ủy ban nhân dân xã Yên Viễn"]
    assert [row[2:4] for row in rows] == [["2", "4"], ["2", "3"], ["4", "7"]]
    shown = client.get("/reports/board").text
    assert f"/reports/board?period=2026-11&amp;agency={filled.units['far']}" in shown
    one = client.get(f"/reports/board?agency={filled.units['far']}").text
    assert "Mai Văn Xa" in one
    assert client.get("/reports/board/compare?period=2026-11").status_code == 200


def test_time_to_sign_stands_on_the_board_of_all_agencies(client: Browser, filled: Office) -> None:
    """Of each agency and of all together, over the signatures themselves, with how many there are."""
    below(filled)
    minutes = {"leader": (60, 120, 600), "far_leader": (30,)}
    keys = {name: add_issued(filled, *(issued_row(filled, unit=unit) for _n in minutes[name]))
            for name, unit in (("leader", "economy"), ("far_leader", "far_office"))}  # fmt: skip
    with unit_of_work(filled.engine) as uow:
        uow.begin_write()
        for name, took in minutes.items():
            post = filled.posts[name]
            line = {"ordinal": 1, "at": NOON - dt.timedelta(days=3), "action": "sign", "to_state": "signed"}
            who = {"from_state": "awaiting_signature", "person_id": post.person_id, "post_id": post.id}
            both = zip(keys[name], took, strict=True)
            uow.add(*(History(document_id=key, held_minutes=one, **line, **who) for key, one in both))
        uow.commit()
    client.login("inspector")
    rows = rows_of(client, "/reports/board/figures.csv?table=times")
    assert sorted(row[1:4] for row in rows) == [["1", "0,5", "0,5"], ["3", "2,0", "10,0"], ["4", "1,0", "10,0"]]
    assert 'id="times"' in client.get("/reports/board").text


def test_nobody_sees_another_agencys_board(client: Browser, filled: Office) -> None:
    """No figure, chart, list, export nor name of it; addresses of it are the same as of nothing."""
    far, office, leader = filled.units["far"], filled.units["far_office"], filled.posts["far_leader"].person_id
    client.login("leader")
    board = "/reports/board"
    for path in (
        f"{board}?agency={far}", f"{board}/figures.csv?agency={far}", f"{board}/compare?agency={far}",
        f"{board}/compare?unit={far}", f"{board}/compare/figures.xlsx?unit={office}",
        f"{board}/units/{office}", f"{board}/units/{office}?agency={far}", f"{board}/units/{far}/figures.csv",
        f"{board}/people/{leader}", f"{board}/people/{leader}?agency={far}", f"{board}/people/{leader}/figures.csv",
        f"{board}/documents?period=2026-Q4&count=issued&agency={far}",
        f"{board}/documents.csv?period=2026-Q4&count=issued&unit={office}",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path
    everything = "".join(
        client.get(path).text
        for path in (board, f"{board}/compare", f"{board}/documents?period=2026-Q4&count=issued")
    )
    for word in ("Yên Viễn", "Mai Văn Xa", "Của xã khác"):
        assert word not in everything
    assert client.login("drafter").get(board).status_code == 403
    for path in (f"{board}?period=2026-11-01..2026-11-03", f"{board}?period=2099", f"{board}?indicator=nonsense",
                 f"{board}/documents?period=2026-11-01..2026-11-03&count=issued",
                 f"{board}/documents?period=2026-Q4&count=nonsense"):  # fmt: skip
        assert client.login("leader").get(path).status_code == 404, path
    secret = client.login("admin").get(f"{board}/documents?period=2026-Q4&count=secret").text
    assert "Mật vụ" not in secret


def test_who_owes_an_explanation_is_no_figure_of_a_person(client: Browser, filled: Office) -> None:
    """The number alone would name them; their list names them only to who may open the document."""
    person = filled.posts["specialist"].person_id
    path = "/reports/board/documents.csv?period=2026-Q4&count=demanded"
    client.login("culture_head")
    assert filled.names["specialist"] not in client.get(path).text
    assert client.get(f"{path}&person={person}").status_code == 404
    own = client.get(f"/reports/board/people/{person}").text
    assert filled.names["specialist"] in own
    assert "count=in_time" in own
    assert not re.search("count=(demanded|given|accepted|unexplained)", own)
    assert filled.names["specialist"] in client.login("leader").get(path).text


def test_a_target_has_a_column_only_where_one_stands(app: Flask, client: Browser, filled: Office) -> None:
    """Met and not met in words; a line in the chart; nothing of it while no target is kept."""
    client.login("leader")
    assert "Mục tiêu" not in client.get("/reports/board").text
    secret = client.get_cookie("trinhky")
    assert secret is not None
    with app.test_request_context("/reports/board", headers={"Cookie": f"trinhky={secret.value}"}):
        assert app.preprocess_request() is None
        address = read_address(request.args)
        found = boards.board(filled, "2026-11")
        row = found.rows[0].id
        targets = {
            (Part.TOTAL, filled.units["commune"]): {"sign_rate_docs": Target(Decimal(98), met=False)},
            (Part.ROW, row): {"sign_rate_docs": Target(Decimal("12.5"), met=True)},
        }
        page = board_page.page(address, found, board_page.Whole.AGENCY, several=False, targets=targets, own=None)
        shown = board_views.shown(page)
    for words in ("Mục tiêu", "98,00 %", "chưa đạt", "12,50 %", "✓ đạt", 'class="target"'):
        assert words in shown


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_count_and_indicator_has_its_words_wherever_it_is_shown(
    client: Browser, filled: Office, language: str
) -> None:
    """A list of a board, the proof bundle of a month's; a board and a comparison sorted by each rate."""
    client.login("leader")
    spoken = {"Accept-Language": language}
    paths = [
        path.format(count)
        for count in COUNTS
        for path in (
            "/reports/board/documents?period=2026-Q4&count={}", "/reports/months/2026-10/bundle?count={}",
        )
    ] + [
        path.format(one.name)
        for one in INDICATORS
        for path in ("/reports/board?indicator={}", "/reports/board/figures.csv?table=rows&indicator={}")
    ]  # fmt: skip
    paths += [f"/reports/board/compare{more}" for more in ("", "/figures.csv?table=counts")]
    assert {path: code for path in paths if (code := client.get(path, headers=spoken).status_code) != 200} == {}


def closed_before(office: Office) -> None:
    """October as it was closed by the first definition: nobody counted what had waited for too long."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = FrozenMonth(
            agency_id=office.units["commune"], month="2026-10", cut_off=NOON, definition=FIRST_VERSION, things=0,
            body=b"", digest="0" * 64,
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        uow.add(
            *(UnitMonth(frozen_id=row.id, unit_id=office.units["economy"], population=one, value=value, number=3)
              for one, value in (("issued", "passed.passed"), ("unsigned", "counted"), ("demanded", "counted")))
        )  # fmt: skip
        uow.commit()


def test_what_an_earlier_definition_did_not_count_is_empty(client: Browser, office: Office) -> None:
    """Not nothing: no rate, no change against it, no sum with it, on the page, in its tables and in the month's."""
    closed_before(office)
    add_issued(office, issued_row(office))
    october, november, quarter = (boards.board(office, key) for key in ("2026-10", "2026-11", "2026-Q4"))
    for row in (october.total, *october.rows):
        assert row.figures["unsigned"] == (3 if row.id in {office.units["commune"], office.units["economy"]} else 0)
        assert not {"backlog", "explained", "apologies", "apologised"} & row.figures.keys()
    share = indicator("backlog_share")
    assert november.total.before is not None
    assert change(share, {**november.total.figures, "unsigned": 1, "backlog": 1}, november.total.before) is None
    assert [point.figures and share.percent(point.figures) for point in november.total.trend[-2:]] == [None, None]
    assert "backlog" in quarter.total.figures, "as it stands at the end of the quarter"
    assert "explained" not in quarter.total.figures
    client.login("leader")
    told = {
        row[0]: row[1:4] for row in rows_of(client, "/reports/board/figures.csv?table=indicators&period=2026-10")
    }
    assert told["Chờ ký quá ngưỡng (%)"] == ["", "", "3"], told
    months_own = rows_of(client, "/reports/months/2026-10/figures.csv")
    assert not [row for row in months_own if row[2] in {"Chờ ký quá ngưỡng (%)"}]
    economy = office.units["economy"]
    for path in ("/reports/board?indicator=backlog_share", "/reports/board/compare?indicator=explained",
                 f"/reports/board/units/{economy}?indicator=apologised"):  # fmt: skip
        for more in ("&period=2026-10", "&period=2026-Q4", f"&unit={economy}"):
            assert client.get(path + more).status_code == 200
    tables = ("rows", "trend", "backlog")
    assert all(rows_of(client, f"/reports/board/figures.csv?period=2026-10&table={one}") for one in tables)
    counts = rows_of(client, "/reports/board/compare/figures.csv?table=counts&period=2026-11")
    assert [row[2:] for row in counts if row[2] == ""] == [["", ""]] * 4
    assert '">0,00 %' not in client.get("/reports/board?period=2026-10").text
