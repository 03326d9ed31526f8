"""The list, the page of a document and the forms of routing, as each role meets them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
from tests.web.documents.test_register_prints import printed
from workflow.adapters.sheets import read_sheet
from workflow.domain.incoming import Action
from workflow.domain.terms import Measure, Term
from workflow.services.incoming import extending, routing
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.moves import possible_actions, units_of
from workflow.store import incoming as store
from workflow.store.models import Incoming, Phrase
from workflow.store.session import unit_of_work
from workflow.web.labels import label

TEN_DAYS = DueChoice(term=Term(Measure.WORKING_DAYS, 10))


def row(arrivals: Arrivals, document: Incoming) -> Incoming:
    """As it is now."""
    with unit_of_work(arrivals.office.engine) as uow:
        return uow.session.get_one(Incoming, document.id)


def subjects(page: str) -> list[str]:
    """Of the rows, in order."""
    return re.findall(r"</span> ([^<]+)</a>", page.split("<tbody>")[1]) if "<tbody>" in page else []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"A", "B", "C"}), ("q=1", {"B"}), ("q=0412/SNV-TCBC", {"A", "B", "C"}),
        ("issuer=so+noi", {"A", "B", "C"}),
        ("state=arrived", {"A"}), ("open=1&sort=due", {"C"}), ("due=late", set()), ("due=10", {"C"}),
        ("due=undecided", {"A", "B"}), ("sort=number", {"B", "C"}), ("from=24/11/2026", set()),
        ("from=23/11/2026&to=23/11/2026", {"A", "B", "C"}), ("year=2026&number=2", {"C"}),
        ("source=paper", {"A", "B", "C"}),
        ("verdict=failed", set()), ("verdict=unchecked", {"A", "B", "C"}), ("unit=9999", set()),
        ("state=x&unit=y&due=z&from=q&sort=w&after=AAAA", {"A", "B", "C"}),
    ],
)  # fmt: skip
def test_filters(client: Browser, arrivals: Arrivals, query: str, found: set[str]) -> None:
    """Each narrows, each stands as a sentence in a chip; what makes no sense is left out."""
    arrivals.paper(facts=replace(LETTER, subject="A"))
    arrivals.submitted(facts=replace(LETTER, subject="B"))
    arrivals.directed(facts=replace(LETTER, subject="C"), due=TEN_DAYS)
    client.clock.now = arrivals.now
    page = client.login("clerk").get(f"/incoming?{query}").text
    assert set(subjects(page)) == found
    assert client.get(f"/incoming/export.csv?{query}").text.count("\n") == len(found) + 1
    book = read_sheet(client.get(f"/incoming/export.xlsx?{query}").data)
    assert {row[8] for row in book.rows[1:]} == found


def test_many_are_submitted_in_one_run_and_each_is_told(client: Browser, arrivals: Arrivals) -> None:
    """Two go, one was changed meanwhile and says so; a foreign key is not even named; the choice is remembered."""
    first, second, third = (arrivals.registered() for _ in range(3))
    leader = arrivals.office.posts["leader"].id
    ticked = [f"{one.id}:{one.version}" for one in (first, second, third)] + ["4242:1"]
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get("/incoming?state=registered&sort=oldest").text
    assert page.count('name="documents"') == 3
    assert 'name="act" value="submit"' in page
    asked = {"act": "submit", "documents": ticked, "filter": "state=registered&sort=oldest&nonsense=1"}
    page = client.get("/bulk/new", query_string=asked).text
    assert "4242:1" not in page
    arrivals.do("clerk", routing.submit, incoming_id=third.id, version=third.version, leader_post_id=leader)
    fields = dict(re.findall(r'<input type="hidden" name="(once|filter)" value="([^"]*)"', page))
    order = {
        "act": "submit", "to": str(leader), "documents": re.findall(r'name="documents" value="([^"]+)"', page),
        "once": fields["once"], "filter": fields["filter"].replace("&amp;", "&"),
    }  # fmt: skip
    assert client.post("/bulk", data={**order, "once": "nobody", "to": ""}).status_code == 422
    results = run_through(client, client.post("/bulk", data=order).headers["Location"])
    assert "2 documents done; 1 not done" in results
    assert 'href="/incoming?state=registered&amp;sort=oldest"' in results, "the way back keeps the filter"
    assert {row(arrivals, one).state for one in (first, second)} == {"submitted"}
    later = arrivals.registered()
    page = client.get(f"/bulk/new?act=submit&documents={later.id}:{later.version}").text
    assert page.index(f'<option value="{leader}"') < page.index('<option value="office"')


def run_through(client: Browser, address: str) -> str:
    """Go on until it is over, as the page does by itself; the page of results."""
    while "/go-on" in (page := client.get(address).text):
        client.post(f"{address}/go-on")
    return page


def test_closing_many_needs_words_only_against_a_deadline(client: Browser, arrivals: Arrivals) -> None:
    """Lưu, không phải trả lời: one without and one with a deadline; the refused one again, with words."""
    free, due = arrivals.directed(), arrivals.directed(due=TEN_DAYS)
    client.login("head")
    data = {"act": "close", "once": "1", "documents": [f"{one.id}:{one.version}" for one in (free, due)]}
    run_through(client, client.post("/bulk", data=data).headers["Location"])
    assert [row(arrivals, one).state for one in (free, due)] == ["done", "directed"]
    again = {**data, "once": "2", "words": "Đã có văn bản khác"}
    results = run_through(client, client.post("/bulk", data=again).headers["Location"])
    assert row(arrivals, due).state == "done"
    assert results.count('<span class="status bad">') == 1
    assert client.post("/bulk", data={"act": "close"}).status_code == 422


def test_all_that_match_reach_only_what_is_mine(client: Browser, arrivals: Arrivals) -> None:
    """A handler closes what they handle, a head what their unit leads, a clerk submits what is registered: the
    others of the list are left out, and a filter by another handler finds nothing."""
    mine, other = arrivals.in_progress(), arrivals.in_progress()
    with unit_of_work(arrivals.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Incoming, other.id).handler_id = arrivals.office.posts["drafter"].person_id
        uow.commit()
    registered = arrivals.registered()
    found = {}
    another = f"handler={arrivals.office.posts['drafter'].person_id}"
    for who, act, query in (
        ("specialist", "close", ""), ("specialist", "close", another),
        ("head", "close", "open=1"), ("culture_head", "close", ""), ("clerk", "submit", ""), ("clerk", "close", ""),
    ):  # fmt: skip
        page = client.login(who).get("/bulk/new", query_string={"act": act, "all": "1", "filter": query}).text
        found[who, act, query] = {int(key) for key in re.findall(r'name="documents" value="(\d+):', page)}
    assert list(found.values()) == [
        {mine.id}, set(), {mine.id, other.id}, set(), {registered.id}, {registered.id},
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["head", "drafter", "inspector", "culture_head"])
def test_acts_stand_only_where_they_are_possible(client: Browser, arrivals: Arrivals, who: str) -> None:
    """The head of the lead unit may close, others of the list may not; whoever reads it may take it away."""
    arrivals.directed()
    page = client.login(who).get("/incoming").text
    assert ('name="act" value="close"' in page) == (who == "head")
    assert ("/incoming/export.zip" in page) == ('name="documents"' in page)


def test_the_whole_road_by_its_pages(client: Browser, arrivals: Arrivals) -> None:
    """Clerk, chief of office, leader, head, coordinating head, handler: each by the form of their page."""
    units, posts = arrivals.office.units, arrivals.office.posts
    found = arrivals.registered()

    def send(who: str, path: str, **data: object) -> None:
        version = row(arrivals, found).version
        answer = client.login(who).post(f"/incoming/{found.id}/{path}", data={"version": version, **data})
        assert answer.status_code == 303, answer.text

    client.clock.now = arrivals.now
    assert "Chuyển đến Chánh Văn phòng Trịnh Xuân Hòa" in client.login("clerk").get(f"/incoming/{found.id}").text
    send("clerk", "submit", to="office")
    send(
        "chief", "propose", to=posts["leader"].id, lead=units["economy"], coordinate=[units["culture"]],
        words="Kinh tế chủ trì", term="10", people=[posts["deputy"].person_id],
    )  # fmt: skip
    for path in (f"/incoming/{found.id}", "/desk"):  # units by their names, not by the letters of their symbols
        page = client.login("leader").get(path).text
        for words in ("Đồng ý với đề xuất", "Kinh tế chủ trì", "Phòng Kinh tế", "Phòng Văn hóa – Xã hội"):
            assert words in page, (path, words)
        assert "VHXH" not in page, path
    send("leader", "accept-proposal")
    assert row(arrivals, found).lead_unit_id == units["economy"]
    assert "Ngô Thị Bích" in client.login("head").get(f"/incoming/{found.id}/assign").text
    send("head", "assign", handler=posts["specialist"].id, remark="Làm sớm")
    send("specialist", "actions/start")
    send("culture_head", "contribute", words="Đã góp ý")
    send("specialist", "finish", result="settled", words="Đã báo cáo")
    assert (row(arrivals, found).state, row(arrivals, found).result) == ("done", "settled")
    paper = printed(client.get(f"/incoming/{found.id}/slip.pdf").data)
    assert "Phòng Văn hóa – Xã hội" in paper
    assert "VHXH" not in paper


def test_how_much_colleagues_have_is_for_who_assigns(client: Browser, arrivals: Arrivals) -> None:
    """The head sees it; a form that is refused to somebody else comes back without it."""
    arrivals.assigned()
    found = arrivals.directed()
    client.clock.now = arrivals.now
    loads = r"([1-9]\d*) văn bản đang xử lý"
    assert re.findall(loads, client.login("head").get(f"/incoming/{found.id}/assign").text) == ["1"]
    refused = client.login("specialist").post(f"/incoming/{found.id}/assign", data={"version": found.version})
    assert refused.status_code in {403, 422}
    assert re.findall(loads, refused.text) == []


def test_a_direction_teaches_its_phrase(client: Browser, arrivals: Arrivals) -> None:
    """Used twice it stands first; without a script one tap brings the form back with it."""
    units, words = arrivals.office.units, "Giao Phòng Kinh tế tham mưu, báo cáo trước giao ban"
    client.login("leader")
    for _ in range(2):
        found = arrivals.submitted()
        data = {"version": found.version, "lead": units["economy"], "words": words, "term": ""}
        assert client.post(f"/incoming/{found.id}/direct", data=data).status_code == 303
    with unit_of_work(arrivals.office.engine) as uow:
        assert [(one.words, one.used) for one in uow.session.query(Phrase)] == [(words, 2)]
    found = arrivals.submitted()
    page = client.post(f"/incoming/{found.id}/direct", data={"version": found.version, "phrase": words})
    assert f"{words}</textarea>" in page.text


def test_a_direction_without_a_lead_comes_back_with_all_that_was_chosen(
    client: Browser, arrivals: Arrivals
) -> None:
    """Words, ticks and dates stay; the field is named."""
    found, unit = arrivals.submitted(), arrivals.office.units["culture"]
    data = {
        "version": found.version,
        "coordinate": [unit],
        f"due-{unit}": "31/02/2026",
        "words": "Gấp",
        "term": "day",
    }
    answer = client.login("leader").post(f"/incoming/{found.id}/direct", data=data)
    assert answer.status_code == 422
    assert "Gấp</textarea>" in answer.text
    assert 'value="31/02/2026"' in answer.text
    assert re.search(rf'name="coordinate" value="{unit}" checked', answer.text)


def test_sent_twice_is_done_already_and_stale_is_told(client: Browser, arrivals: Arrivals) -> None:
    """The same form again says so; another's act in between shows the document as it is, words kept."""
    found = arrivals.assigned()
    client.login("specialist")
    data = {"version": found.version}
    assert "already" not in client.post(f"/incoming/{found.id}/actions/start", data=data).headers["Location"]
    assert "already=1" in client.post(f"/incoming/{found.id}/actions/start", data=data).headers["Location"]
    stale = client.post(
        f"/incoming/{found.id}/actions/send_back", data={**data, "remark": "Không phải việc của tôi"}
    )
    assert stale.status_code == 409
    assert "Không phải việc của tôi</textarea>" in stale.text


def test_what_is_for_information_is_read_once(client: Browser, arrivals: Arrivals) -> None:
    """The button stands on the desk and the page until the unit's head has pressed it."""
    found, units = arrivals.submitted(), arrivals.office.units
    to = [("lead", "economy"), ("inform", "culture")]
    given = routing.Direction(
        to=tuple(routing.To(part=routing.Part(part), unit_id=units[unit]) for part, unit in to)
    )
    arrivals.do("leader", routing.direct, incoming_id=found.id, version=found.version, direction=given)
    client.login("culture_head")
    assert "for-information" in client.get("/desk").text
    assert client.post(f"/incoming/{found.id}/read", data={}).status_code == 303
    assert "for-information" not in client.get("/desk").text
    with unit_of_work(arrivals.office.engine) as uow:
        part = next(one for one in store.live_parts(uow.session, found.id) if one.part == "inform")
        assert part.read_by_id == arrivals.office.posts["culture_head"].person_id
        assert units_of(uow, arrivals.office.actor("culture_head")) == {units["culture"]}


def test_the_registers_have_the_legal_columns(client: Browser, arrivals: Arrivals) -> None:
    """Ten and seven; of a secret paper only that it exists, in a register of its own."""
    arrivals.directed()
    client.login("clerk")
    for path, columns in (("register", 10), ("register/follow-up", 7)):
        page = client.get(f"/incoming/{path}").text
        assert page.count('<th scope="col">(') == columns
        assert "0412/SNV-TCBC" in page
        assert "Phòng Kinh tế" in client.get(f"/incoming/{path}.csv").text
    assert client.login("far_clerk").get("/incoming/register?register=4").status_code == 404
    assert client.login("head").get("/incoming/register").status_code == 403


def test_a_missing_button_explains_itself_and_an_asked_day_is_named(client: Browser, arrivals: Arrivals) -> None:
    """What others may do is listed, never what stands there as a button; who asked for which day is said."""
    found = arrivals.in_progress(due=TEN_DAYS)
    until = {"until": dt.date(2026, 12, 21), "remark": "Chờ số liệu của xã"}
    arrivals.do("specialist", extending.ask, incoming_id=found.id, version=None, **until)
    client.clock.now = arrivals.now
    page = client.login("head").get(f"/incoming/{found.id}").text
    assert "xin gia hạn đến 21/12/2026: Chờ số liệu của xã" in page
    others = set(re.findall(r"<dt>([^<]+)</dt>", page.split('<details class="others">')[1].split("</dl>")[0]))
    with unit_of_work(arrivals.office.engine) as uow:
        document = uow.session.get_one(Incoming, found.id)
        own = {
            step.action
            for step, missing in possible_actions(uow, arrivals.office.actor("head"), document)
            if not missing
        }
    assert {Action.CLOSE, Action.ASSIGN} <= own
    assert others & {label(action) for action in own} == set()
    assert others
