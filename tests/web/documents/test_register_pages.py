"""The clerk keeps the register: holds, uses and cancels numbers, gives a wrong one up, closes a year."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest

from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.support.registers import Papers
from tests.web.documents.test_register_prints import printed, rows_of
from workflow.domain.people import Capacity
from workflow.services.documents.acts import act
from workflow.services.documents.drafting import DraftFacts, revise
from workflow.services.documents.numbers import give_up
from workflow.store.documents import find
from workflow.store.models import Series
from workflow.store.session import unit_of_work


@pytest.fixture
def ledger(office: Office) -> Papers:
    """Papers signed in ink, without keys or files."""
    return Papers(office)


def _hold(client: Browser, ledger: Papers, **changes: str) -> int:
    data = {"reason": "Nghị quyết kỳ họp", "until": "25/11/2026",
            "person": str(ledger.office.posts["drafter"].person_id)}  # fmt: skip
    return client.post(f"/register/{ledger.register()}/hold", data=data | changes).status_code


def _version(client: Browser, document_id: int) -> dict[str, str]:
    found = re.search(r'name="version" value="(\d+)"', client.get(f"/outgoing/{document_id}").text)
    assert found is not None
    return {"version": found[1]}


def test_a_number_is_held_used_and_given_up(client: Browser, ledger: Papers) -> None:
    """The register shows who holds what and until when; the paper that it was held for takes it on its own page."""
    client.login("clerk").set_cookie("trinhky_language", "en")
    assert _hold(client, ledger) == 303
    paper = ledger.signed()
    page = client.get(f"/outgoing/{paper}").text
    assert "01/2026, held for Trần Văn Đức: Nghị quyết kỳ họp" in unescape(page)
    value = re.search(r'<option value="(held:\d+)"', page)
    assert value is not None
    register = unescape(client.get("/register").text)
    assert "number held: Nghị quyết kỳ họp (Trần Văn Đức, until 25/11/2026)" in register
    given = client.post(f"/outgoing/{paper}/actions/number", data=_version(client, paper) | {"other": value[1]})
    assert given.status_code == 303
    assert ledger.lines() == [(2026, 1, "used", "01/UBND-KT")]
    no_reason = client.post(f"/outgoing/{paper}/actions/give_up_number", data=_version(client, paper))
    assert no_reason.status_code == 422
    data = _version(client, paper) | {"remark": "Vào nhầm sổ"}
    assert client.post(f"/outgoing/{paper}/actions/give_up_number", data=data).status_code == 303
    again = client.post(f"/outgoing/{paper}/actions/number", data=_version(client, paper))
    assert again.status_code == 303
    register = unescape(client.get("/register").text)
    assert "number cancelled: Vào nhầm sổ (Hoàng Thị Mai, 23/11/2026); the document bears 02/UBND-KT" in register
    history = unescape(client.get(f"/outgoing/{paper}").text)
    assert "Vào nhầm sổ" in history
    assert "02/UBND-KT" in client.get("/register/export.csv").text


def test_a_cancelled_line_is_not_written_again(client: Browser, ledger: Papers) -> None:
    """The paper goes back and is rewritten, for others, as another type: page, CSV, workbook and print keep what
    the register said when its number was cancelled."""
    paper = ledger.signed(subject="V/v việc thật", recipients="Sở Nội vụ")
    ledger.number(paper)
    ledger.do(give_up, document_id=paper, version=None, reason="Vào nhầm sổ")
    ledger.do(act, document_id=paper, action="return", version=None, remark="Sửa lại")
    posts = ledger.office.posts
    facts = DraftFacts(type_code="report", subject="Báo cáo việc khác", recipients="Thường trực HĐND",
                       signer_post_id=posts["deputy"].id, capacity=Capacity.KT)  # fmt: skip
    version = ledger.do(lambda uow, _actor, scope, now: find(scope, uow.session, paper).version)
    ledger.do(revise, "drafter", document_id=paper, version=version, facts=facts)
    client.login("clerk").set_cookie("trinhky_language", "en")
    year = f"register={ledger.register()}&year=2026"
    told = [unescape(client.get(f"/register{path}?{year}").text) for path in ("", "/export.csv")]
    told += [printed(client.get(f"/register/volume.pdf?{year}").data)]
    told += [str(rows_of(client.get(f"/register/export.xlsx?{year}").data))]
    for words in told:
        for kept in ("V/v việc thật", "Sở Nội vụ", ledger.office.names["leader"]):
            assert kept in words, (kept, words)
        for later in ("việc khác", "Thường trực HĐND", ledger.office.names["deputy"]):
            assert later not in words, (later, words)


def test_a_cancelled_number_says_why_it_is_not_given(client: Browser, ledger: Papers) -> None:
    """A page kept open from before still names it; the answer tells who cancelled it, when and why."""
    client.login("clerk").set_cookie("trinhky_language", "en")
    _hold(client, ledger)
    paper = ledger.signed()
    version = _version(client, paper)
    found = re.search(r"/register/numbers/(\d+)/cancel", client.get("/register").text)
    assert found is not None
    cancel = f"/register/numbers/{found[1]}/cancel"
    assert client.get(cancel).status_code == 200
    assert client.post(cancel, data={"reason": ""}).status_code == 422
    assert client.post(cancel, data={"reason": "Kỳ họp hoãn"}).status_code == 303
    late = client.post(f"/outgoing/{paper}/actions/number", data=version | {"other": f"held:{found[1]}"})
    assert late.status_code == 422
    assert "Number 01/2026 was cancelled by Hoàng Thị Mai on 23/11/2026: Kỳ họp hoãn." in unescape(late.text)
    assert client.post(cancel, data={"reason": "x"}).status_code == 422
    nonsense = client.post(f"/outgoing/{paper}/actions/number", data=version | {"other": "held:x"})
    assert nonsense.status_code == 422
    assert ledger.lines() == [(2026, 1, "cancelled", "")]


def test_only_the_keeper_keeps(client: Browser, ledger: Papers) -> None:
    """Leaders read the register, another agency's clerk does not even learn that it is there."""
    path = f"/register/{ledger.register()}/hold"
    assert client.login("leader").get(path).status_code == 403
    assert client.get("/register").text.count("/hold") == 0
    assert client.login("far_clerk").get(path).status_code == 404
    assert _hold(client, ledger) == 404
    client.login("clerk")
    assert _hold(client, ledger, until="24/12/2026") == 422
    assert _hold(client, ledger, person=str(ledger.office.posts["far_drafter"].person_id)) == 422
    assert ledger.lines() == []


def test_a_year_is_closed_by_the_clerk_and_opened_by_the_head(
    client: Browser, ledger: Papers, clock: Clock
) -> None:
    """In January last year's number is offered for what was signed in it; once closed it is not."""
    ledger.now = dt.datetime(2026, 12, 31, 9, tzinfo=dt.UTC)
    late, never = ledger.signed(), ledger.signed()
    with unit_of_work(ledger.office.engine) as uow:
        uow.begin_write()
        uow.add(Series(register_id=ledger.register(), year=2026, last_number=0))
        uow.commit()
    clock.now = dt.datetime(2027, 1, 4, 2, tzinfo=dt.UTC)
    client.login("clerk").set_cookie("trinhky_language", "en")
    assert "01/2026, the next number of 2026" in unescape(client.get(f"/outgoing/{late}").text)
    data = _version(client, late) | {"other": "year:2026"}
    assert client.post(f"/outgoing/{late}/actions/number", data=data).status_code == 422
    data["remark"] = "Ký cuối giờ chiều 31/12"
    assert client.post(f"/outgoing/{late}/actions/number", data=data).status_code == 303
    page = unescape(client.get(f"/register?register={ledger.register()}&year=2026").text)
    assert "31/12/2026" in page
    assert "Ký cuối giờ chiều 31/12" in page
    data = _version(client, late) | {"remark": "Không ban hành"}
    assert client.post(f"/outgoing/{late}/actions/give_up_number", data=data).status_code == 303
    years = f"/register/{ledger.register()}/years/2026"
    assert client.post(f"{years}/close", data={"reason": "Đã đối chiếu"}).status_code == 303
    assert "the next number of 2026" not in client.get(f"/outgoing/{never}").text
    assert client.get(f"{years}/reopen").status_code == 403
    client.login("leader")
    assert f"{years}/reopen" in client.get(f"/register?register={ledger.register()}&year=2026").text
    assert client.post(f"{years}/reopen", data={"reason": "Sót văn bản"}).status_code == 303


def test_organs_registers_and_types_are_the_administrators(client: Browser, ledger: Papers) -> None:
    """An organ gets its register, and the draft form then asks in whose name; kinds chosen stand first."""
    client.login("admin").set_cookie("trinhky_language", "en")
    organ = {
        "code": "UBND",
        "name": "Ủy ban nhân dân xã",
        "abbreviation": "UBND",
        "active": "true",
        "reason": "NQ 1",
    }
    other = organ | {"code": "HĐND", "name": "Hội đồng nhân dân xã", "abbreviation": "HĐND"}
    add = "/admin/registers/organs/new"
    assert client.post(add, data=organ).status_code == 303
    assert client.post(add, data=organ).status_code == 422
    assert client.post(add, data=other).status_code == 303
    assert client.post("/admin/registers/organs/2", data=other | {"name": "HĐND xã"}).status_code == 303
    book = {"code": "hdnd", "name": "Sổ HĐND", "organ": "2", "active": "true", "reason": "NQ 1"}
    assert client.post("/admin/registers/books/new", data=book | {"types": "resolution"}).status_code == 303
    chosen = {"types": ["plan", "report"], "reason": "Hay dùng"}
    assert client.post("/admin/registers/types", data=chosen).status_code == 303
    page = client.get("/admin/registers").text
    assert "HĐND xã" in page
    assert "Sổ HĐND" in page
    form = client.login("drafter").get("/outgoing/new").text
    assert 'name="organ"' in form
    first = form.split("<optgroup")[1]
    assert re.findall(r'<option value="(\w+)"', first) == ["plan", "report"]
    assert "true_copy" in form.split("<optgroup")[3]
    far = client.login("far_admin")
    for path in ("/admin/registers/organs/1", f"/admin/registers/books/{ledger.register()}"):
        assert far.get(path).status_code == 404
        assert far.post(path, data=organ).status_code in {404, 422}
    assert client.login("clerk").get("/admin/registers/organs/new").status_code == 403


def test_a_year_without_a_number_is_an_empty_book(client: Browser, ledger: Papers) -> None:
    """Never another year's; nonsense is the newest year there is."""
    ledger.number(ledger.signed())
    client.login("clerk")
    newest, empty = (
        client.get(f"/register?register={ledger.register()}&year={year}").text for year in ("abc", 2020)
    )
    assert "01/UBND-KT" in newest
    assert "01/UBND-KT" not in empty
    assert '<option value="2020" selected>' in empty
    assert '<option value="2026">' in empty
    assert "2020" in empty.partition('<div class="empty">')[2]
