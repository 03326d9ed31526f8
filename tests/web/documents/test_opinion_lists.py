"""The list of opinions: asked of me, of my unit, by me; and no more of a draft than who is asked may read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from tests.support.asked import Asking
from tests.support.attached import annex, held
from tests.support.both import OnBoth
from tests.support.browser import Browser
from tests.support.office import NOON, Office
from tests.support.papers import papers_of
from tests.support.statements import statements
from workflow.adapters.blobs import open_blobs
from workflow.adapters.sheets import read_sheet
from workflow.domain.opinions import State, Verdict
from workflow.domain.template_seed import BUILT_IN
from workflow.services.documents import attachments
from workflow.services.opinions import asking
from workflow.store import opinion_list as store
from workflow.store import opinions
from workflow.store.document_list import PAGE
from workflow.store.models import DraftTemplate, OpinionRequest, Outgoing
from workflow.store.opinion_list import Filter, Me, Side, Stand
from workflow.store.session import unit_of_work

TODAY, DAY = NOON.date(), dt.timedelta(days=1)


@pytest.fixture
def made(office: Office) -> Asking:
    """Acts by short names."""
    return Asking(office)


def listed(page: str) -> list[int]:
    """Keys of the requests on a page of who is asked, in order."""
    return [int(key) for key in re.findall(r'<th scope="row"><a href="/opinions/(\d+)"', page)]


def filled(made: Asking) -> dict[str, int]:
    """One request of each stand for somebody of a unit that does not reach the drafts, and one for initials."""
    waiting = made.draft(subject="Về đê điều", text="a")
    answered, taken_back, over = (made.draft(subject=f"Việc riêng {name}", text=name) for name in "bcd")
    keys = {
        "waiting": made.ask(waiting, "lone_drafter@", due=TODAY + 2 * DAY)[0],
        "initials": made.ask(waiting, "culture!")[0],
        "answered": made.ask(answered, "lone_drafter@", due=TODAY + DAY)[0],
        "withdrawn": made.ask(taken_back, "lone_drafter@", due=TODAY)[0],
        "lapsed": made.ask(over, "lone_drafter@")[0],
    }
    made.answer(keys["answered"], "lone_drafter", Verdict.DISAGREE, "Sai thẩm quyền")
    made.do(asking.withdraw, "drafter", request_id=keys["withdrawn"], reason="Không cần nữa")
    with unit_of_work(made.office.engine) as uow:
        uow.begin_write()
        document = uow.session.get_one(Outgoing, over)
        document.state, document.closed_at = "cancelled", NOON
        uow.commit()
    return keys


def test_each_finds_theirs(client: Browser, made: Asking) -> None:
    """Of me, of my unit, by me; by stand, kind and words; in each order; a foreign office finds nothing."""
    keys = filled(made)
    wanted = {
        ("lone_drafter", ""): ["lapsed", "withdrawn", "answered", "waiting"],
        ("lone_drafter", "sort=oldest"): ["waiting", "answered", "withdrawn", "lapsed"],
        ("lone_drafter", "sort=due"): ["withdrawn", "answered", "waiting"],
        ("lone_drafter", "state=waiting"): ["waiting"],
        ("lone_drafter", "state=answered"): ["answered"],
        ("lone_drafter", "state=lapsed"): ["lapsed"],
        ("lone_drafter", "state=withdrawn"): ["withdrawn"],
        ("lone_drafter", "kind=initials"): [],
        ("lone_drafter", "q=de+dieu"): ["waiting"],
        ("lone_drafter", "from=24/11/2026"): [],
        ("lone_drafter", "side=x&state=y&from=z&sort=w&after=1_2"): [
            "lapsed",
            "withdrawn",
            "answered",
            "waiting",
        ],
        ("culture_head", "kind=initials&state=waiting"): ["initials"],
        ("culture_head", "side=unit"): ["initials"],
        ("far_drafter", ""): [],
        ("leader", ""): [],
    }
    found = {(who, query): listed(client.login(who).get(f"/opinions?{query}").text) for who, query in wanted}
    assert found == {name: [keys[key] for key in row] for name, row in wanted.items()}
    assert client.login("drafter").get("/opinions?side=by").text.count('<th scope="row">') == len(keys)
    assert listed(client.login("head").get("/opinions?side=by").text) == []
    assert client.login("admin").get("/opinions").status_code == 403


def test_late_ones_are_those_that_wait_past_their_day(client: Browser, made: Asking) -> None:
    """Two days on; the answered one is not late, the one taken back neither."""
    keys = filled(made)
    client.clock.now = NOON + 4 * DAY
    page = client.login("lone_drafter").get("/opinions?late=1").text
    assert listed(page) == [keys["waiting"]]
    assert "Quá hạn" in page


def test_nothing_is_told_of_what_may_not_be_read_any_more(client: Browser, made: Asking) -> None:
    """Taken back, or ended without an answer: neither subject nor question, nor found by its words; whoever reads
    the draft itself sees all."""
    keys = filled(made)
    page = client.login("lone_drafter").get("/opinions").text
    assert {f"Việc riêng {name}": page.count(f"Việc riêng {name}") for name in "bcd"} == {
        "Việc riêng b": 1,
        "Việc riêng c": 0,
        "Việc riêng d": 0,
    }
    assert listed(client.get("/opinions?q=viec+rieng").text) == [keys["answered"]]
    text = client.get("/opinions/export.csv?state=withdrawn").data.decode("utf-8-sig")
    [_head, row] = csv.reader(io.StringIO(text), delimiter=";")
    assert (row[2], row[3], row[9]) == ("", "không còn được xem", "")
    book = read_sheet(client.get("/opinions/export.xlsx?state=answered").data)
    assert [row[3] for row in book.rows[1:]] == ["Việc riêng b"]
    assert "Việc riêng c" in client.login("drafter").get("/opinions?side=by").text


def test_the_list_stands_as_each_request_says(engine: Engine, office: Office) -> None:
    """Initials on an earlier text, refused, given anew: the conditions in SQL agree with the table of states, on
    both databases."""
    made = Asking(office)
    paper = made.draft()
    culture, clerk = made.ask(paper, "culture!", "clerk@")
    me = Me(person_id=office.posts["drafter"].person_id, unit_id=office.units["economy"], heads=False)

    def stands() -> dict[int, Stand]:
        told: dict[int, Stand] = {}
        with unit_of_work(engine) as uow:
            scope = office.scope("drafter")
            for stand in Stand:
                wanted = Filter(side=Side.BY_ME, stand=stand)
                rows = store.page(scope, uow.session, me=me, wanted=wanted)
                assert {store.stand_of(row)[0] for row in rows} <= {stand}
                assert store.count(scope, uow.session, me=me, wanted=wanted, cap=9) == len(rows)
                told |= {row.id: stand for row in rows}
        return told

    assert stands() == {culture: Stand.WAITING, clerk: Stand.WAITING}
    made.answer(culture, "culture_head", Verdict.DISAGREE, "Chưa được")
    made.answer(clerk, "clerk")
    assert stands() == {culture: Stand.WAITING, clerk: Stand.ANSWERED}
    made.answer(culture, "culture_head")
    assert stands() == {culture: Stand.ANSWERED, clerk: Stand.ANSWERED}
    made.text(paper, "second")
    assert stands() == {culture: Stand.WAITING, clerk: Stand.ANSWERED}


def test_changed_attachments_call_initials_back(engine: Engine, office: Office, tmp_path: Path) -> None:
    """With the same file one is attached, renamed, taken off: the list says what the request says, on both
    databases; with the same attachments again the initials hold again."""
    papers = papers_of(office, open_blobs(str(tmp_path / "blobs")))
    made, paper = Asking(office), papers.draft()
    culture, clerk = made.ask(paper, "culture!", "clerk@")
    me = Me(person_id=office.posts["drafter"].person_id, unit_id=office.units["economy"], heads=False)

    def stands() -> dict[int, tuple[Stand, State]]:
        """By the conditions in SQL; the row and the request itself agree."""
        told: dict[int, tuple[Stand, State]] = {}
        with unit_of_work(engine) as uow:
            present = opinions.present_text(uow.session, paper)
            each = {one.row.id: one.state(present) for one in opinions.of_document(uow.session, paper)}
            for stand in Stand:
                wanted = Filter(side=Side.BY_ME, stand=stand)
                for row in store.page(office.scope("drafter"), uow.session, me=me, wanted=wanted):
                    assert store.stand_of(row) == (stand, each[row.id])
                    assert store.present_of(row) == present
                    told[row.id] = (stand, each[row.id])
        return told

    waits, holds = (Stand.WAITING, State.OPEN), (Stand.ANSWERED, State.ANSWERED)
    made.answer(culture, "culture_head")
    made.answer(clerk, "clerk")
    assert stands() == {culture: holds, clerk: holds}
    papers.attach(paper, "I.pdf", annex())
    assert stands() == {culture: waits, clerk: holds}
    made.answer(culture, "culture_head")
    assert stands() == {culture: holds, clerk: holds}
    one = held(papers, paper)[0].row
    for name, after in (("Phụ lục", waits), ("I", holds)):
        papers.do(
            attachments.rename, "drafter", document_id=paper, attachment_id=one.id, name=name,
            version=papers.row(paper, "drafter").version,
        )  # fmt: skip
        assert stands() == {culture: after, clerk: holds}
    papers.do(
        attachments.take_off, "drafter", document_id=paper, attachment_id=one.id,
        version=papers.row(paper, "drafter").version,
    )  # fmt: skip
    assert stands() == {culture: waits, clerk: holds}


class TestMany(OnBoth):
    """On both databases."""

    def test_as_many_statements_for_ten_as_for_a_thousand(self, client: Browser, made: Asking) -> None:
        """The list in each order and side, and what is taken away; pages follow each other."""
        [first] = made.ask(made.draft(), "clerk@", due=TODAY)
        client.login("clerk").get("/opinions")
        counted: list[dict[str, int]] = []
        paths = ("/opinions", "/opinions?sort=due", "/opinions?side=unit&state=waiting", "/opinions/export.csv")
        for more in (9, 990):
            copies(made, first, more)
            counted.append({})
            for path in paths:
                with statements(client.engine) as sent:
                    assert client.get(path).status_code == 200
                counted[-1][path] = len(sent)
        assert counted[0] == counted[1]
        seen, address = [], "/opinions?sort=due"
        while address:
            page = client.get(address).text
            seen += listed(page)
            address = next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), "").replace("&amp;", "&")
        assert (len(seen), len(set(seen)), seen) == (1000, 1000, sorted(seen))

    def test_templates_too(self, client: Browser, office: Office) -> None:
        """The list of templates in two orders, and what is taken away."""
        post = office.posts["clerk"]
        counted: list[dict[str, int]] = []
        for more in (10, 990):
            with unit_of_work(office.engine) as uow:
                uow.begin_write()
                row = {
                    "agency_id": post.agency_id, "type_code": "notice", "basis": "", "body": "Nội dung",
                    "added_at": NOON, "added_by_id": post.person_id,
                }  # fmt: skip
                rows = [row | {"name": f"Mẫu {more} {place}"} for place in range(more)]
                uow.session.execute(insert(DraftTemplate), rows)
                uow.commit()
            counted.append({})
            client.login("clerk").get("/admin/templates")
            for path in (
                "/admin/templates",
                "/admin/templates?sort=newest&which=all",
                "/admin/templates/export.csv",
            ):
                with statements(client.engine) as sent:
                    assert client.get(path).status_code == 200
                counted[-1][path] = len(sent)
        assert counted[0] == counted[1]
        for order in ("type", "name", "newest"):
            seen, address = [], f"/admin/templates?sort={order}"
            while address:
                page = unescape(client.get(address).text)
                found = re.findall(r"<summary>([^<]*)</summary>", page)
                assert len(found) <= PAGE
                seen += found
                address = next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), "")
            assert len(seen) == len(set(seen)) == 1000 + len(BUILT_IN), order


def copies(made: Asking, key: int, count: int) -> None:
    """The same request so many times more."""
    with unit_of_work(made.office.engine) as uow:
        uow.begin_write()
        columns = [column for column in OpinionRequest.__table__.c if column.name != "id"]
        row = uow.session.execute(select(*columns).where(OpinionRequest.id == key)).one()
        uow.session.execute(insert(OpinionRequest), [dict(row._mapping)] * count)
        uow.commit()
