"""One approved draft, many documents: the dry run names every bad row, then each row makes its document."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tests.support.attached import BOTH
from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.support.spread import HEAD, looked_through, made_of, one_line, send
from tests.web.documents.test_bulk_pages import run_through
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import Conflict, Missing, Refused
from workflow.domain.outgoing import Action
from workflow.services.bulk import looking
from workflow.services.documents import numbers
from workflow.services.journal import facts_of, verify_subject
from workflow.store import attachments, unit_copies
from workflow.store import documents as store
from workflow.store import office as office_store
from workflow.store.exchange import recipients_of
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work
from workflow.store.unit_copies import named


def test_each_row_makes_a_document_and_they_are_numbered_one_after_the_other(
    client: Browser, papers: Papers
) -> None:
    """Own file, recipient and subject, the draft's signer; sent twice they are made once; then format check and
    signing as any others, and numbers one after the other."""
    source = papers.format_check(subject="Giấy mời họp", attach=BOTH)
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    assert f"/outgoing/{source}/spread" in client.get(f"/outgoing/{source}").text
    with unit_of_work(papers.office.engine) as uow:
        far = office_store.unit(uow.session, papers.office.units["far"]).name
    both = f"Thôn Hai; {far.upper()}; phòng kinh tế"
    rows = [HEAD, ["Thôn Một", "Giấy mời thôn Một", "1.pdf"], [both, "Giấy mời thôn Hai", "2.pdf"]]
    status, address = send(client, source, rows, "1.pdf", "2.pdf")
    assert status == 303
    assert send(client, source, rows, "1.pdf", "2.pdf") == (303, address)
    assert "2 documents done" in run_through(client, address)
    first, second = made_of(papers, source)
    assert [(one.recipients, one.subject, one.state) for one in (first, second)] == [
        ("Thôn Một", "Giấy mời thôn Một", "format_check"),
        (f"Thôn Hai\n{far}\nPhòng Kinh tế", "Giấy mời thôn Hai", "format_check"),
    ]
    with unit_of_work(papers.office.engine) as uow:
        reached = [[unit.name for unit in recipients_of(uow.session, one.id)] for one in (first, second)]
        inside = [[unit.name for unit in named(uow.session, one.id)] for one in (first, second)]
        (told,) = facts_of(uow, papers.office.scope("clerk"), second.id, tag="document:outgoing:create")
    assert (reached, inside) == ([[], [far]], [[], ["Phòng Kinh tế"]])
    assert told["units"] == [papers.office.units["economy"]]
    assert first.file_sha256 != second.file_sha256
    with unit_of_work(papers.office.engine) as uow:  # what is attached to the draft goes with each, file by file
        attached = [
            [(row.name, row.sha256) for row in attachments.of_document(uow.session, one)]
            for one in (source, first.id, second.id)
        ]
        own = [row.id for row in attachments.of_document(uow.session, second.id)]
        (told,) = facts_of(uow, papers.office.scope("clerk"), second.id, tag="document:outgoing:create")
    assert attached[0] == attached[1] == attached[2] != []
    assert [one["attachment"] for one in told["attachments"]] == own
    assert (told["to"], told["units"]) == ([papers.office.units["far"]], [papers.office.units["economy"]])
    assert {one.signer_id for one in (first, second)} == {papers.row(source).signer_id}
    again = re.findall(r'href="(/bulk/new\?act=confirm_format[^"]+)"', client.get(address).text)
    assert str(first.id) in again[0]
    for one in (first, second):
        papers.confirm_format(one.id)
        papers.sign("leader", "leader", papers.keys.held["leader"], one.id)
        papers.do(numbers.number, "clerk", document_id=one.id, version=None)
    assert [papers.row(one.id).number for one in (first, second)] == [1, 2]
    with unit_of_work(papers.office.engine) as uow:
        line = store.history_of(uow.session, first.id)[0][0]
        assert papers.row(source).code in line.remark


def test_a_row_goes_to_whom_it_names_and_to_nobody_of_nearly_that_name(client: Browser, papers: Papers) -> None:
    """Accents count, for agencies and for own units: Tấn An is not Tân An."""
    source = papers.format_check(subject="Giấy mời họp")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        office_store.unit(uow.session, papers.office.units["far"]).name = "UBND xã Tân An"
        office_store.unit(uow.session, papers.office.units["culture"]).name = "Đội Tân Lập"
        uow.commit()
    client.login("clerk")
    rows = [HEAD, ["UBND xã Tấn An; Đội Tấn Lập", "Một", "1.pdf"], ["ubnd xã Tân An; đội tân lập", "Hai", "2.pdf"]]
    client.set_cookie("trinhky_language", "en")
    assert "2 documents done" in run_through(client, send(client, source, rows, "1.pdf", "2.pdf")[1])
    made = made_of(papers, source)
    assert [one.recipients for one in made] == ["UBND xã Tấn An\nĐội Tấn Lập", "UBND xã Tân An\nĐội Tân Lập"]
    with unit_of_work(papers.office.engine) as uow:
        assert [len(recipients_of(uow.session, one.id)) for one in made] == [0, 1]
        assert [len(unit_copies.named(uow.session, one.id)) for one in made] == [0, 1]


def test_what_came_of_a_draft_is_seen_on_both_sides(client: Browser, papers: Papers) -> None:
    """The draft names its documents and leads to their list, each of them names the draft and its row; the journal
    of both tells it; who reaches one of them alone sees nothing of the other."""
    source = papers.format_check(subject="Giấy mời họp")
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    rows = [HEAD, *([f"Thôn {place}", f"Giấy mời thôn {place}", f"{place}.pdf"] for place in (1, 2))]
    run_through(client, send(client, source, rows, "1.pdf", "2.pdf")[1])
    first, second = made_of(papers, source)
    every = f"/outgoing?made_of={source}&amp;sort=oldest"
    page = client.get(f"/outgoing/{source}").text
    for words in ("2 documents were made of this draft", every, f'href="/outgoing/{first.id}"', "Thôn 2"):
        assert words in page, words
    child = client.get(f"/outgoing/{second.id}").text
    for words in ("Made of this draft by row 3 of a table", f'href="/outgoing/{source}"', every):
        assert words in child, words
    listed = client.get(unescape(every)).text
    assert [f'/outgoing/{key}"' in listed for key in (first.id, second.id, source)] == [True, True, False]
    assert f"made of the draft {papers.row(source).code}" in listed
    assert client.get(f"/outgoing/export.csv?made_of={source}").text.count("Giấy mời thôn") == 2
    with unit_of_work(papers.office.engine) as uow:
        told = facts_of(uow, papers.office.scope("clerk"), source, tag="document:outgoing:spread")
        assert [(one["made"], one["code"], one["line"]) for one in told] == [
            (first.id, first.code, 2), (second.id, second.code, 3),
        ]  # fmt: skip
        assert all(verify_subject(uow, f"outgoing:{key}").holds for key in (source, first.id))
        uow.begin_write()
        uow.session.get_one(Outgoing, first.id).unit_id = papers.office.units["culture"]
        uow.commit()
    page = client.login("head").get(f"/outgoing/{source}").text
    assert "1 document was made of this draft" in page
    assert f'/outgoing/{first.id}"' not in page
    assert "row 2 of a table" not in client.login("culture_head").get(f"/outgoing/{first.id}").text
    assert "Giấy mời" not in client.login("far_clerk").get(unescape(every)).text


def test_the_page_of_a_run_opens_whatever_its_lines_say(client: Browser, papers: Papers) -> None:
    """While they wait, when one is made and one refused (the draft went back in between), and when all is over."""
    source = papers.format_check(subject="Giấy mời họp")
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    rows = [HEAD, *([f"Thôn {place}", f"Giấy mời thôn {place}", f"{place}.pdf"] for place in (1, 2))]
    _status, address = send(client, source, rows, "1.pdf", "2.pdf")
    waiting = client.get(address)
    assert (waiting.status_code, waiting.text.count("its turn has not come</span>")) == (200, 2)
    assert "Row 2: Giấy mời thôn 1 · Thôn 1" in waiting.text
    run = looked_through(papers, address, 2)
    papers.do(looking.answer, "clerk", scoped=False, run_id=run, make=True)
    assert client.get(address).text.count("its turn has not come</span>") == 2
    one_line(papers, run, 1)
    papers.act("clerk", source, Action.RETURN, "Sửa lại")
    page = run_through(client, address)
    assert "1 document done; 1 not done, see why" in page
    assert f'href="/outgoing/{made_of(papers, source)[0].id}"' in page
    assert "Row 3: Giấy mời thôn 2 · Thôn 2" in page
    for show in ("done", "refused", "waiting"):
        assert client.get(f"{address}?show={show}").status_code == 200
    assert client.get("/bulk").status_code == 200
    assert "Giấy mời thôn 2" in client.get(f"{address}/results.csv").text


def test_nothing_is_made_before_somebody_has_seen_the_lines(client: Browser, papers: Papers) -> None:
    """A late step of the look says neither yes nor no; after no there is nothing to go on with."""
    source = papers.format_check(subject="Giấy mời họp")
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    _status, address = send(client, source, [HEAD, ["Thôn 1", "Giấy mời", "1.pdf"]], "1.pdf")
    looked_through(papers, address, 1)
    for said in ({}, {"make": "x"}):
        assert client.post(f"{address}/go-on", data=said).status_code == 303
        page = client.get(address).text
        assert "data-go-on" not in page
        assert "no fault</span>" in page
    assert client.post(f"{address}/go-on", data={"make": "no"}).headers["Location"] == address
    assert client.post(f"{address}/go-on", data={"make": "yes"}).headers["Location"] == address
    assert "Not wanted after the table was looked through" in client.get(address).text
    assert made_of(papers, source) == []


def test_a_second_set_is_made_only_for_who_says_so(client: Browser, papers: Papers) -> None:
    """The form says how many were made and when; a table under way counts; the draft itself goes no further while
    one of them stands, alone or with others, and its page says so."""
    source = papers.format_check(subject="Giấy mời họp")
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    rows = [HEAD, ["Thôn 1", "Giấy mời", "1.pdf"]]
    assert 'name="again"' not in client.get(f"/outgoing/{source}/spread").text
    _status, address = send(client, source, rows, "1.pdf")
    assert "1 row of a table for this draft is under way" in client.get(f"/outgoing/{source}/spread").text
    assert send(client, source, rows, "1.pdf", form="second window")[0] == 422
    run_through(client, address)
    page = client.get(f"/outgoing/{source}/spread").text
    assert "1 document was made of this draft already, on 23/11/2026" in page
    assert re.search(r'name="again"[^>]* required', page)
    status, page = send(client, source, rows, "1.pdf", form="opened anew")
    assert (status, "Documents were made of this draft before" in page) == (422, True)
    assert len(made_of(papers, source)) == 1
    assert "goes no further itself: its format" in client.get(f"/outgoing/{source}").text
    with pytest.raises(Missing, match="not_spread"):
        papers.confirm_format(source)
    run_through(client, send(client, source, rows, "1.pdf", form="opened anew", again=True)[1])
    made = made_of(papers, source)
    assert len(made) == 2
    for one in made:
        papers.act("clerk", one.id, Action.RETURN, "Không gửi nữa")
        papers.act("drafter", one.id, Action.CANCEL, "Không gửi nữa")
    papers.confirm_format(source)
    assert papers.row(source).state == "awaiting_signature"


def test_a_subject_is_one_line_however_its_cell_was_broken(client: Browser, papers: Papers) -> None:
    """Alt+Enter in a cell: recipients are lines, a subject is one."""
    source = papers.format_check(subject="Giấy mời họp")
    client.login("clerk")
    rows = [HEAD, ["Thôn Một\nThôn Hai", "Giấy mời\nhọp  thôn", "1.pdf"]]
    run_through(client, send(client, source, rows, "1.pdf")[1])
    [made] = made_of(papers, source)
    assert (made.recipients, made.subject) == ("Thôn Một\nThôn Hai", "Giấy mời họp thôn")


def test_the_dry_run_names_every_bad_row_and_makes_nothing(client: Browser, papers: Papers) -> None:
    """An empty subject, a file that did not come, one that two rows want, one that is no PDF."""
    source = papers.format_check()
    client.login("clerk")
    rows = [
        HEAD, ["Thôn Một", "", "1.pdf"], ["Thôn Hai", "Giấy mời", "không có.pdf"], ["Thôn Ba", "Giấy mời", "1.pdf"],
        ["", "Giấy mời " * 99, "2.pdf"],
    ]  # fmt: skip
    status, page = send(client, source, rows, "1.pdf", "2.pdf")
    assert status == 422
    assert re.findall(r'<th scope="row">(\d+)</th>', page) == ["2", "3", "4", "5", "5"]
    assert made_of(papers, source) == []
    assert send(client, source, [["Một", "Hai"], ["a", "b"]])[0] == 422


@pytest.mark.parametrize(("who", "status"), [("drafter", 403), ("leader", 403), ("far_clerk", 404)])
def test_only_whose_turn_the_format_check_is(client: Browser, papers: Papers, who: str, status: int) -> None:
    """And of a draft that is not approved yet nobody."""
    source = papers.format_check()
    rows = [HEAD, ["Thôn Một", "Giấy mời", "1.pdf"]]
    assert send(client.login(who), source, rows, "1.pdf")[0] == status
    assert send(client.login("clerk"), papers.draft(), rows, "1.pdf")[0] == 409


def test_what_may_not_be_confirmed_makes_no_documents(client: Browser, papers: Papers) -> None:
    """Without its signer, as without its coordinating units' initials: else each copy went round them."""
    source = papers.format_check()
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Outgoing, source)
        row.signer_id = row.signer_post_id = None
        uow.commit()
    client.login("clerk")
    assert client.get(f"/outgoing/{source}/spread").status_code == 422
    assert send(client, source, [HEAD, ["Thôn Một", "Giấy mời", "1.pdf"]], "1.pdf")[0] == 422
    assert made_of(papers, source) == []


class Overtaken:
    """Blobs during whose first reading somebody else does the same line."""

    def __init__(self, blobs: Blobs, meanwhile: Callable[[], object]) -> None:
        self.blobs, self.meanwhile = blobs, [meanwhile]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.blobs, name)

    def get(self, sha256: str) -> bytes:
        """The file, after the other one has done its work."""
        while self.meanwhile:
            self.meanwhile.pop()()
        return self.blobs.get(sha256)


def test_a_line_makes_one_document_whoever_overtakes_whom(client: Browser, papers: Papers) -> None:
    """Two requests at one line, the first slower than its turn: what it made is not kept."""
    source = papers.format_check(subject="Giấy mời họp")
    client.login("clerk")
    _status, address = send(client, source, [HEAD, ["Thôn Một", "Giấy mời", "1.pdf"]], "1.pdf")
    run = looked_through(papers, address, 1)
    with pytest.raises(Refused, match="spread_not_ready"):
        one_line(papers, run, 1)
    papers.do(looking.answer, "clerk", scoped=False, run_id=run, make=True)
    with pytest.raises(Conflict):
        one_line(papers, run, 1, Overtaken(papers.blobs, lambda: one_line(papers, run, 1)))
    assert len(made_of(papers, source)) == 1
