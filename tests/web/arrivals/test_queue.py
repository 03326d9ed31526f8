"""The queue: files come in by themselves each, rows are filtered and paged, nobody else sees them."""

from __future__ import annotations

import re

import pytest

from tests.support import held_files
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.papers import letter
from tests.support.statements import statements
from tests.web.arrivals.desk import QUEUE, number_in, row, send, sent, subjects
from workflow.domain.incoming import Action
from workflow.domain.outgoing import Urgency
from workflow.services.incoming import working
from workflow.services.incoming.arriving import Facts


def test_each_file_is_an_act_of_its_own(client: Browser, arrivals: Arrivals) -> None:
    """An empty one is refused with its name, a double one known, the others taken with their verdicts."""
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    given = (
        ("a.pdf", letter()),
        ("rong.pdf", b""),
        ("thu muc/a (2).pdf", letter()),
        ("b.pdf", held_files.foreign()),
    )
    first, empty, again, foreign = sent(client, *given)
    assert [one["state"] for one in (first, empty, again, foreign)] == ["taken", "refused", "known", "taken"]
    assert "0 bytes" in empty["words"]
    assert (again["name"], again["address"]) == ("a (2).pdf", first["address"])
    assert (first["verdict"], foreign["verdict"]) == ("Not signed", "Not enough to decide")
    assert len(subjects(client.get(QUEUE).text)) == 2


def test_a_form_without_scripts_tells_the_same(client: Browser, arrivals: Arrivals) -> None:
    """All together in one form, the answers on the page; no file at all is said."""
    client.login("clerk")
    page = send(client, ("a.pdf", letter()), ("rong.pdf", b""), json=False)
    assert page.status_code == 200
    assert page.text.count('class="taken"') == page.text.count('class="refused"') == 1
    assert send(client, json=False).status_code == 422
    many = [(f"{number}.pdf", b"x") for number in range(51)]
    assert send(client, *many, json=False).status_code == 422
    assert len(subjects(client.get(QUEUE).text)) == 1


def test_one_document_with_attachments(client: Browser, arrivals: Arrivals) -> None:
    """Ticked as one: the first is the paper, the others go with it."""
    client.login("clerk")
    (made,) = sent(client, ("cv.pdf", letter()), ("pl.pdf", letter("V/v khác")), together="1", source="scan")
    incoming_id = number_in(made["address"])
    assert row(client, incoming_id).source == "scan"
    page = client.get(f"/incoming/{incoming_id}/files").text
    assert page.count(f'href="/incoming/{incoming_id}/files/') >= 2
    assert client.get(f"/incoming/{incoming_id}/files/2/pages/1").mimetype == "image/webp"


ALL = ["Hỏa tốc", "Đường liên thôn", "Họp giao ban"]
FILTERS = {
    "": ALL, "?urgency=flash": ["Hỏa tốc"], "?verdict=paper&source=paper": ALL, "?source=mail": [],
    "?verdict=failed": [], "?q=duong+lien": ["Đường liên thôn"], "?q=so+noi+vu": ["Họp giao ban"],
    "?verdict=nonsense&urgency=x&after=9-x": ALL, "?q=a%00b": ALL,
}  # fmt: skip


def test_filters(client: Browser, arrivals: Arrivals) -> None:
    """Urgent first; each filter narrows, what makes no sense is left out; the export shows the same rows."""
    arrivals.paper(facts=Facts(issuer="Tỉnh", subject="Đường liên thôn"))
    arrivals.paper(facts=Facts(issuer="Sở Nội vụ", subject="Họp giao ban"))
    arrivals.paper(facts=Facts(issuer="Tỉnh", subject="Hỏa tốc", urgency=Urgency.FLASH))
    client.login("clerk")
    for query, found in FILTERS.items():
        assert subjects(client.get(f"{QUEUE}{query}").text) == found, query
        lines = client.get(f"{QUEUE}/export.csv{query}").data.decode("utf-8-sig").strip().splitlines()
        assert len(lines) == len(found) + 1


def test_pages_by_cursor(client: Browser, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five rows in pages of two: each once."""
    for number in range(5):
        arrivals.paper(facts=Facts(issuer="A", subject=f"Số {number}", urgency=list(Urgency)[number % 2]))
    monkeypatch.setattr("workflow.store.arrivals.PAGE", 2)
    address, seen = QUEUE, []
    client.login("clerk")
    while address:
        page = client.get(address).text
        seen += subjects(page)[:2]
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == ["Số 1", "Số 3", "Số 0", "Số 2", "Số 4"]


def test_the_queue_asks_the_same_few_questions_of_few_and_of_many(
    client: Browser, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No query a row."""
    monkeypatch.setattr("workflow.store.arrivals.PAGE", 100)
    client.login("clerk")
    counts = []
    for many in (3, 12):
        for number in range(many):
            arrivals.paper(facts=Facts(issuer="A", subject=f"Số {many} {number}"))
        client.get(QUEUE)
        with statements(client.engine) as asked:
            client.get(QUEUE)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


def test_others_have_no_queue(client: Browser, arrivals: Arrivals) -> None:
    """The neighbour's clerk sees nothing of ours; an anomaly stays in sight of the clerk."""
    made = arrivals.paper(facts=Facts(issuer="A", subject="Chỉ của ta"))
    arrivals.do(
        "clerk", working.act, incoming_id=made.id, version=made.version, action=Action.REPORT_ANOMALY, remark="Lạ"
    )
    assert "Chỉ của ta" in client.login("clerk").get(QUEUE).text
    assert "Chỉ của ta" not in client.login("far_clerk").get(f"{QUEUE}?done={made.id}").text
    for who in ("leader", "drafter", "head", "admin", "inspector"):
        assert client.login(who).get(QUEUE).status_code == 403
