"""After an act on an incoming document the desk says which paper, what was done, what comes next; nothing false."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
from workflow.domain.incoming import Part
from workflow.services.incoming import routing, working
from workflow.services.incoming.routing import Direction, To
from workflow.store.models import Incoming

STATUS = r'<div class="alert alert-success done" role="status">(.*?)</div>'


@pytest.fixture(autouse=True)
def english(client: Browser) -> None:
    """Words are looked for in English."""
    client.set_cookie("trinhky_language", "en")


def status(page: str) -> str:
    """What was said in the box, without its drawing."""
    found = re.search(STATUS, page, re.DOTALL)
    return re.sub(r"<svg.*?</svg> ?", "", found[1]).strip() if found else ""


def proposed(arrivals: Arrivals, subject: str) -> Incoming:
    """With the leader, and the chief of office has proposed a direction."""
    found = arrivals.registered(facts=replace(LETTER, subject=subject))
    found = arrivals.do("clerk", routing.submit, incoming_id=found.id, version=found.version)
    return arrivals.do(
        "chief", routing.propose, incoming_id=found.id, version=found.version, direction=arrivals.direction(),
        leader_post_id=arrivals.office.posts["leader"].id,
    )  # fmt: skip


def test_agreeing_says_to_what_and_leads_on(client: Browser, arrivals: Arrivals) -> None:
    """One tap: the paper as a link, the act, where it lies now; the next one under the thumb. A second tap says
    that it was done already."""
    one, other = proposed(arrivals, "Một"), proposed(arrivals, "Hai")
    client.clock.now = arrivals.now
    client.login("leader")
    sent = {"version": one.version, "back": "/desk"}
    answer = client.post(f"/incoming/{one.id}/accept-proposal", data=sent)
    assert answer.headers["Location"] == f"/desk?done=direct&of={one.id}"
    page = client.get(answer.headers["Location"]).text
    assert status(page) == (
        f'<p> <a href="/incoming/{one.id}">Một</a>: The direction is given. The document waits for the head of the '
        "lead unit to assign it: Phòng Kinh tế.</p>"
    ).replace("<p> ", "<p>")
    assert re.search(rf'<nav class="next-bar"[^>]*><a class="btn btn-primary" href="/incoming/{other.id}"', page)
    twice = client.post(f"/incoming/{one.id}/accept-proposal", data=sent)
    assert twice.headers["Location"] == f"/desk?done=direct&of={one.id}&already=1"
    assert "This was done already. The direction is given." in client.get(twice.headers["Location"]).text


def test_an_address_alone_says_nothing(client: Browser, arrivals: Arrivals) -> None:
    """Not what was not done, not what somebody else did, not of a paper out of reach, here and on its page."""
    done, open_one = arrivals.directed(), proposed(arrivals, "Chưa có ý kiến")
    client.clock.now = arrivals.now
    for who, query in (
        ("leader", f"done=direct&of={open_one.id}"), ("leader", f"done=read&of={done.id}"),
        ("deputy", f"done=direct&of={done.id}"), ("clerk", f"done=direct&of={done.id}"),
        ("far_leader", f"done=direct&of={done.id}"), ("leader", "done=direct&of=4242"),
        ("leader", f"done=nonsense&of={done.id}"), ("leader", "done=direct&of=%C2%B2"), ("leader", "done=direct"),
    ):  # fmt: skip
        assert status(client.login(who).get(f"/desk?{query}").text) == "", (who, query)
    assert status(client.login("leader").get(f"/desk?done=direct&of={done.id}").text)
    for who, name, said in (("leader", "direct", True), ("leader", "assign", False), ("clerk", "direct", False)):
        page = client.login(who).get(f"/incoming/{done.id}?done={name}").text
        assert bool(status(page)) is said, (who, name)
        assert ('class="next-bar"' in page) is (said and who == "leader")


def test_a_read_receipt_is_told(client: Browser, arrivals: Arrivals) -> None:
    """ "I have read it" on the desk names the paper; it is not said of a paper that nobody gave one to know."""
    units = arrivals.office.units
    found = arrivals.submitted(facts=replace(LETTER, subject="Để biết"))
    to = (To(part=Part.LEAD, unit_id=units["economy"]), To(part=Part.INFORM, unit_id=units["culture"]))
    arrivals.do(
        "leader", routing.direct, incoming_id=found.id, version=found.version,
        direction=Direction(to=to, words="Để biết"),
    )  # fmt: skip
    client.clock.now = arrivals.now
    client.login("culture_head")
    assert status(client.get(f"/desk?done=read&of={found.id}").text) == ""
    answer = client.post(f"/incoming/{found.id}/read", data={"back": "/desk"})
    assert answer.headers["Location"] == f"/desk?done=read&of={found.id}"
    said = status(client.get(answer.headers["Location"]).text)
    assert said == f'<p><a href="/incoming/{found.id}">Để biết</a>: Noted that you have read it.</p>'


def test_what_was_given_back_says_by_whom(client: Browser, arrivals: Arrivals) -> None:
    """Who has it again reads who, when and why on the desk and above all else on its page; whoever gave it out of
    their own reach is told so, without its name."""
    found = arrivals.assigned(facts=replace(LETTER, subject="Trả lại việc"))
    client.clock.now = arrivals.now
    sent = {"version": found.version, "remark": "Không thuộc lĩnh vực được giao"}
    answer = client.login("specialist").post(f"/incoming/{found.id}/actions/send_back", data=sent)
    page = client.get(answer.headers["Location"]).text
    assert "Given back with your reason." in status(page)
    if answer.headers["Location"].startswith("/desk"):
        assert "It is not within your reach any more." in status(page)
        assert "Trả lại việc" not in status(page)
    client.login("head")
    desk = client.get("/desk").text
    assert re.search(r'class="why">Give back · [^<]+, [^<]+: Không thuộc lĩnh vực được giao', desk)
    page = client.get(f"/incoming/{found.id}").text
    place = page.find('class="alert alert-warning came-back"')
    assert 0 < place < page.find('<div class="document">')
    assert "Không thuộc lĩnh vực được giao" in page[place : place + 900]
    again = arrivals.do(
        "head", routing.assign, incoming_id=found.id, version=None,
        handler_post_id=arrivals.office.posts["specialist"].id,
    )  # fmt: skip
    assert "came-back" not in client.get(f"/incoming/{again.id}").text
    arrivals.do("specialist", working.act, incoming_id=found.id, version=None, action="start")
