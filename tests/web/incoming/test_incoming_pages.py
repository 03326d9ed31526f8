"""The list, the page of a document and the forms of routing, as each role meets them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
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


def test_many_are_submitted_in_one_go_and_each_is_told(client: Browser, arrivals: Arrivals) -> None:
    """Two go, one was changed meanwhile and says so; a foreign key is not even named."""
    first, second, third = (arrivals.registered() for _ in range(3))
    leader = arrivals.office.posts["leader"].id
    arrivals.do("clerk", routing.submit, incoming_id=third.id, version=third.version, leader_post_id=leader)
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get("/incoming").text
    assert page.count('name="documents"') == 2
    ticked = [f"{one.id}:{one.version}" for one in (first, second, third)] + ["4242:1"]
    answer = client.post("/incoming/at-once", data={"act": "submit", "to": str(leader), "documents": ticked})
    assert answer.text.count("Not done") == 1
    assert "4242" not in answer.text
    assert {row(arrivals, one).state for one in (first, second)} == {"submitted"}
    assert (
        f'value="{leader}" selected' in client.get("/incoming").text
        or "at-once" not in client.get("/incoming").text
    )


def test_closing_many_needs_words_only_against_a_deadline(client: Browser, arrivals: Arrivals) -> None:
    """Lưu, không phải trả lời: one without and one with a deadline."""
    free, due = arrivals.directed(), arrivals.directed(due=TEN_DAYS)
    client.login("head")
    data = {"act": "close", "documents": [f"{one.id}:{one.version}" for one in (free, due)]}
    client.post("/incoming/at-once", data=data)
    assert [row(arrivals, one).state for one in (free, due)] == ["done", "directed"]
    client.post("/incoming/at-once", data={**data, "words": "Đã có văn bản khác"})
    assert row(arrivals, due).state == "done"
    assert client.post("/incoming/at-once", data={"act": "close"}).status_code == 422


@pytest.mark.parametrize("who", ["head", "drafter", "inspector", "culture_head"])
def test_boxes_stand_only_where_the_act_is_possible(client: Browser, arrivals: Arrivals, who: str) -> None:
    """The head of the lead unit may close, others of the list may not."""
    arrivals.directed()
    page = client.login(who).get("/incoming").text
    assert ('name="documents"' in page) == (who == "head")


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
    page = client.login("leader").get(f"/incoming/{found.id}").text
    assert "Đồng ý với đề xuất" in page
    assert "Kinh tế chủ trì" in page
    send("leader", "accept-proposal")
    assert row(arrivals, found).lead_unit_id == units["economy"]
    assert "Ngô Thị Bích" in client.login("head").get(f"/incoming/{found.id}/assign").text
    send("head", "assign", handler=posts["specialist"].id, remark="Làm sớm")
    send("specialist", "actions/start")
    send("culture_head", "contribute", words="Đã góp ý")
    send("specialist", "finish", result="settled", words="Đã báo cáo")
    assert (row(arrivals, found).state, row(arrivals, found).result) == ("done", "settled")
    assert client.get(f"/incoming/{found.id}/slip.pdf").data.startswith(b"%PDF")


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
