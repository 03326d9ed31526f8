"""Pages while a scan is being read, and what a scan says otherwise than the register."""

from __future__ import annotations

import io
import re

from tests.support.arrivals import Arrivals
from tests.support.being_read import finish
from tests.support.browser import Browser, Clock
from tests.support.office import NOON
from tests.support.papers import letter
from tests.support.scans import scanned
from tests.sweep.arrived import READ
from tests.web.arrivals.desk import QUEUE, number_in, register, row, sent
from workflow.services.incoming import differences
from workflow.services.incoming.being_read import SLOW
from workflow.services.journal import verify_subject
from workflow.store import incoming as store
from workflow.store.session import unit_of_work

STATES = f"{QUEUE}/reading"
SCAN = scanned(letter(), dpi=60)


def taken(client: Browser) -> int:
    """A scan in the queue."""
    client.set_cookie("trinhky_language", "en")
    (made,) = sent(client.login("clerk"), ("quet.pdf", SCAN), source="scan")
    assert "its scan is being read" in made["words"]
    return number_in(made["address"])


def paper(client: Browser) -> int:
    """Registered first, its scan attached."""
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    given = {"issuer": "Sở Nội vụ", "symbol": "412/SNV-TCBC", "subject": "Rà soát biên chế", "urgency": "normal"}
    made = int(re.findall(r"done=(\d+)", client.post("/incoming/new", data={**given, "once": "a"}).location)[0])
    fields = {"kind": "scan", "version": str(row(client, made).version)}
    added = client.post(f"/incoming/{made}/files", data={**fields, "file": (io.BytesIO(SCAN), "quet.pdf")})
    assert added.status_code == 303
    return made


def answer(client: Browser, incoming_id: int, do: str, field: str = "", read: str = "") -> int:
    """One answer; the status."""
    version = row(client, incoming_id).version
    given = {"version": str(version), "do": do, "field": field, "read": read}
    return client.post(f"/incoming/{incoming_id}/reading", data=given).status_code


def open_names(client: Browser, incoming_id: int) -> set[str]:
    """Facts that wait for an answer."""
    return {one.name for one in differences.open_ones(row(client, incoming_id))}


def test_the_page_says_that_it_is_being_read(client: Browser, arrivals: Arrivals, clock: Clock) -> None:
    """Not to be waited for; slow after minutes; a neighbour learns nothing; then the facts stand on the form."""
    made = taken(client)
    address = f"/incoming/{made}/register"
    assert "The file is still being read" in client.get(address).text
    assert "being read" in client.get(QUEUE).text
    assert client.get(f"{STATES}?of={made}&of=999999&of=x").json == {str(made): "waiting"}
    clock.now = NOON + SLOW * 2
    assert client.get(f"{STATES}?of={made}").json == {str(made): "slow"}
    assert "takes longer than usual" in client.get(address).text
    assert client.login("far_clerk").get(f"{STATES}?of={made}").json == {}
    assert finish(client.engine, READ, now=NOON) == [made]
    client.login("clerk")
    assert client.get(f"{STATES}?of={made}").json == {str(made): "read"}
    page = client.get(address).text
    assert READ[4]["value"] in page
    assert 'data-box="57.0 740.0' in page
    assert "still being read" not in page


def test_what_cannot_be_read_is_said_with_its_reason(client: Browser, arrivals: Arrivals) -> None:
    """And it is registered by hand."""
    made = taken(client)
    finish(client.engine, (), now=NOON, trouble="ocr_missing")
    assert "no text recognition is installed" in client.get(f"/incoming/{made}/register").text
    assert register(client, made).status_code == 303


def test_a_form_that_lay_open_keeps_what_was_typed(client: Browser, arrivals: Arrivals) -> None:
    """Read meanwhile: no conflict, the clerk's words stand, and the difference is shown afterwards."""
    made = taken(client)
    version = str(row(client, made).version)
    finish(client.engine, READ, now=NOON)
    assert register(client, made, version=version, reading="waiting", subject="Câu tôi gõ").status_code == 303
    assert row(client, made).subject == "Câu tôi gõ"
    assert "subject" in open_names(client, made)
    seen = taken_again(client)
    assert register(client, seen, reading="read", subject="Câu tôi gõ").status_code in {303, 422}
    assert open_names(client, seen) == set()


def taken_again(client: Browser) -> int:
    """Another scan, read before the form is opened."""
    (made,) = sent(client, ("quet2.pdf", scanned(letter("khác"), dpi=60)), source="scan")
    finish(client.engine, READ, now=NOON)
    return number_in(made["address"])


def test_differences_are_shown_and_answered_one_by_one(client: Browser, arrivals: Arrivals) -> None:
    """Nothing changes by itself; taking over is a correction with its history; keeping is in the journal."""
    made = paper(client)
    before = row(client, made)
    finish(client.engine, READ, now=NOON)
    assert row(client, made).signer == before.signer == ""
    assert open_names(client, made) == {"issued_on", "type_code", "subject", "signer", "urgency"}
    page = client.get(f"/incoming/{made}/files").text
    assert "The scan says something else" in page
    assert 'data-box="57.0 690.0' in page
    assert "1 registered document differs" in client.get(QUEUE).text
    assert "Compare and answer" in client.get(f"/incoming/{made}").text
    assert answer(client, made, "take", "signer", "Trần Thị Thư") == 303
    assert answer(client, made, "take", "signer", "Trần Thị Thư") == 409
    assert answer(client, made, "take", "subject", "something that was not read") == 409
    assert answer(client, made, "take", "number", "1") == 422
    assert answer(client, made, "dismiss", "urgency", "urgent") == 303
    stands = row(client, made)
    assert (stands.signer, stands.urgency, stands.subject) == ("Trần Thị Thư", "normal", "Rà soát biên chế")
    assert open_names(client, made) == {"issued_on", "type_code", "subject"}
    assert answer(client, made, "dismiss") == 303
    assert "registered document differs" not in client.get(QUEUE).text
    with unit_of_work(client.engine) as uow:
        last = store.last_history(uow.session, made)
        assert last is not None
        assert (last.action, last.remark) == ("correct", "Taken over from the scan, page 1")
        assert verify_subject(uow, f"incoming:{made}").holds


def test_a_neighbour_and_other_roles_answer_nothing(client: Browser, arrivals: Arrivals) -> None:
    """Not there for the one, not allowed for the others, who read the document without these questions."""
    made = paper(client)
    finish(client.engine, READ, now=NOON)
    given = {"version": str(row(client, made).version), "do": "dismiss"}
    for who, status in (("far_clerk", 404), ("leader", 403)):
        assert client.login(who).post(f"/incoming/{made}/reading", data=given).status_code == status
        assert "registered document differs" not in client.get(QUEUE).text
    assert "The scan says" not in client.get(f"/incoming/{made}/files").text
    client.login("clerk")
    assert len(open_names(client, made)) == 5
