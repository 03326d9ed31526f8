"""Registering: by Enter to the next one, once, with a reason where signatures failed, never over others' words."""

from __future__ import annotations

from tests.support import held_files
from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.papers import letter
from tests.sweep.arrived import READ
from tests.web.arrivals.desk import QUEUE, number_in, register, row, sent
from workflow.domain.incoming import State
from workflow.services.incoming import arriving, registering
from workflow.services.incoming.arriving import Facts
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work


def taken(client: Browser, data: bytes | None = None) -> int:
    """A file in the queue."""
    (made,) = sent(client.login("clerk"), ("cv.pdf", data or letter()))
    return number_in(made["address"])


def test_enter_registers_and_opens_the_next_one(client: Browser, arrivals: Arrivals) -> None:
    """The sentence about the first stands on the form of the second; the last one leads back to the queue."""
    client.set_cookie("trinhky_language", "en")
    second, first = taken(client), arrivals.paper(facts=Facts(issuer="A", subject="B")).id
    answer = register(client, second)
    assert (answer.status_code, answer.location) == (303, f"/incoming/{first}/register?done={second}")
    page = client.get(answer.location).text
    assert "Registered: arrival number 1." in page
    assert "Enter registers it; it is the last one" in page
    last = register(client, first, symbol="1/X")
    assert last.location == f"{QUEUE}?done={first}"
    assert "Everything that arrived has been received." in client.get(last.location).text
    assert client.get(f"/incoming/{first}/register").status_code == 303
    assert [row(client, one).number for one in (second, first)] == [1, 2]


def test_sent_twice_it_is_registered_once(client: Browser, arrivals: Arrivals) -> None:
    """The second is answered as done already; somebody else's stale form is not."""
    made = taken(client)
    version = version_of(client.get(f"/incoming/{made}/register").text)
    first, again = (register(client, made, version=version) for _time in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert "already=1" in again.location
    assert row(client, made).number == 1


def test_a_stale_form_shows_both_versions(client: Browser, arrivals: Arrivals) -> None:
    """What was typed stays; what stands now is beside it; sending again takes what was typed."""
    made = taken(client)
    version = version_of(client.get(f"/incoming/{made}/register").text)
    seen = row(client, made)
    arrivals.do("clerk", arriving.correct, incoming_id=made, version=seen.version, facts=LETTER)
    stale = register(client, made, version=version, subject="Tôi đã gõ câu này")
    assert stale.status_code == 409
    assert "Tôi đã gõ câu này" in stale.text
    assert LETTER.subject in stale.text
    assert register(client, made, version=version_of(stale.text), subject="Tôi đã gõ câu này").status_code == 303
    assert row(client, made).subject == "Tôi đã gõ câu này"


def test_a_bad_verdict_asks_for_a_reason(client: Browser, arrivals: Arrivals) -> None:
    """Without one nothing is registered and everything typed is still there."""
    made = taken(client, held_files.foreign())
    page = client.get(f"/incoming/{made}/register").text
    assert 'name="verdict_reason"' in page
    refused = register(client, made)
    assert refused.status_code == 422
    assert "412/SNV-TCBC" in refused.text
    assert 'id="e-verdict_reason"' in refused.text
    assert row(client, made).number is None
    assert register(client, made, verdict_reason="Đã gọi điện cho Sở").status_code == 303
    assert row(client, made).verdict_reason == "Đã gọi điện cho Sở"
    assert 'name="verdict_reason"' not in client.get(f"/incoming/{taken(client)}/register").text


def test_duplicates_are_told_before(client: Browser, arrivals: Arrivals) -> None:
    """A number typed that is here already stops once, with a link; sent again it is another paper."""
    before = arrivals.registered(facts=LETTER)
    made = taken(client)
    same = {"issuer": LETTER.issuer.upper(), "symbol": "412 / SNV - TCBC"}
    warned = register(client, made, **same)
    assert warned.status_code == 422
    assert f'href="/incoming/{before.id}' in warned.text
    assert row(client, made).number is None
    assert register(client, made, **same, seen=str(before.id)).status_code == 303


def test_what_was_read_is_shown_with_its_confidence_and_place(client: Browser, arrivals: Arrivals) -> None:
    """What the form says otherwise is told as read, and the box is there for the page."""
    client.set_cookie("trinhky_language", "en")
    made = taken(client)
    arrivals.do("clerk", arriving.correct, incoming_id=made, version=row(client, made).version, facts=LETTER)
    with unit_of_work(client.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Incoming, made).proposals = [*READ, {"field": "secrecy", "value": "secret"}]
        uow.commit()
    page = client.get(f"/incoming/{made}/register").text
    assert 'data-page="1" data-box="57.0 740.0 250.0 770.0"' in page
    assert page.count("read on page 1") == 5
    assert "read: Trần Thị Thư" in page
    assert "A mark of state secrets was read on it." in page


DUES: tuple[tuple[dict[str, str], str, dict[str, object]], ...] = (
    ({"due_kind": "none"}, "none", {}),
    ({"due_kind": "day", "due_on": "01/12/2026"}, "given", {"day": "2026-12-01"}),
    ({"due_kind": "working_days", "due_amount": "5"}, "given", {"measure": "working_days", "amount": 5}),
    ({"due_kind": "hours", "due_amount": "4"}, "given", {"measure": "hours", "amount": 4}),
    ({"due_kind": "rule"}, "undecided", {}),
)


def test_deadlines(client: Browser, arrivals: Arrivals) -> None:
    """Each way to choose one."""
    client.login("clerk")
    for place, (due, kind, term) in enumerate(DUES):
        made = arrivals.paper(facts=Facts(issuer="A", subject="B")).id
        assert register(client, made, **due, symbol=f"{place}/X").status_code == 303, due
        found = row(client, made)
        assert found.due_kind == kind
        assert term.items() <= found.due_term.items()


WRONG: tuple[tuple[str, dict[str, str]], ...] = (
    ("due_amount", {"due_kind": "days"}),
    ("due_amount", {"due_kind": "days", "due_amount": "99999"}),
    ("due_amount", {"due_kind": "hours", "due_amount": "9000"}),
    ("due_on", {"due_kind": "day"}),
    ("due_on", {"due_kind": "day", "due_on": "01/01/2020"}),
    ("issued_on", {"issued_on": "31/12/2026"}),
    ("subject", {"subject": " "}),
    ("subject", {"subject": "a\x00b"}),
    ("type_code", {"type_code": "nonsense"}),
    ("urgency", {"urgency": "nonsense"}),
    ("issuer", {"issuer": "x" * 201}),
    ("copies", {"copies": "x"}),
)


def test_what_cannot_be_taken_keeps_what_was_typed(client: Browser, arrivals: Arrivals) -> None:
    """An error beside its field, no number drawn."""
    client.login("clerk")
    made = arrivals.paper(facts=Facts(issuer="A", subject="B")).id
    for field, wrong in WRONG:
        refused = register(client, made, **wrong)
        assert refused.status_code == 422, wrong
        assert f'id="e-{field}"' in refused.text, wrong
        assert "412/SNV-TCBC" in refused.text
    assert row(client, made).number is None


def test_facts_are_saved_without_a_number(client: Browser, arrivals: Arrivals) -> None:
    """Even unfinished ones."""
    made = taken(client)
    answer = register(client, made, do="save", subject="", issuer="Sở")
    assert answer.location == f"/incoming/{made}/register?done={made}&saved=1"
    found = row(client, made)
    assert (found.issuer, found.number, found.state) == ("Sở", None, State.ARRIVED)


def test_declined_and_reported_with_a_reason_only(client: Browser, arrivals: Arrivals) -> None:
    """Each goes on to the next one; a report can be taken back; sent twice it is done once."""
    declined, reported = taken(client), arrivals.paper().id
    for path, made in (("decline", declined), ("anomaly", reported)):
        version = str(row(client, made).version)
        address = f"/incoming/{made}/{path}"
        assert client.post(address, data={"version": version}).status_code == 422
        first, again = (client.post(address, data={"version": version, "remark": "Gửi nhầm"}) for _time in range(2))
        assert (first.status_code, again.status_code) == (303, 303)
        assert "already=1" in again.location
    assert [row(client, one).state for one in (declined, reported)] == [State.RETURNED, State.ANOMALY]
    version = str(row(client, reported).version)
    assert client.post(f"/incoming/{reported}/anomaly/withdraw", data={"version": version}).status_code == 303
    assert row(client, reported).state == State.CHECKED


def test_an_overtaken_form_says_so(client: Browser, arrivals: Arrivals) -> None:
    """A colleague registered it meanwhile: nothing is done twice, what was typed is there to be copied."""
    made = arrivals.paper()
    arrivals.do("clerk", registering.register, incoming_id=made.id, version=made.version)
    with unit_of_work(client.engine) as uow:  # as if the other clerk had done it
        uow.begin_write()
        uow.session.get_one(Incoming, made.id).actor_before_id = client.office.posts["leader"].person_id
        uow.commit()
    client.login("clerk")
    overtaken = register(client, made.id, version=str(made.version), subject="Gõ dở dang")
    assert overtaken.status_code == 409
    assert "Gõ dở dang" in overtaken.text
    assert row(client, made.id).subject == LETTER.subject
