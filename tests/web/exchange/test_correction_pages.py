"""Corrections and deliveries on pages: the draft that is filled in, marks, the list, copies, the desk; rights."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from html import unescape

import pytest
from sqlalchemy import func, select

from tests.support.browser import Browser, Clock
from tests.support.exchange import Between
from tests.support.forms import version_of
from tests.support.papers import Papers
from tests.web.documents.test_register_prints import printed, rows_of
from workflow.domain.corrections import Kind
from workflow.domain.outgoing import Action
from workflow.services.documents import acts
from workflow.services.exchange import recalling
from workflow.services.exchange.correcting import name_corrected
from workflow.services.journal import facts_of
from workflow.store import corrections, deliveries, unit_copies
from workflow.store.models import Incoming, Outgoing
from workflow.store.session import unit_of_work

WHY = "Số điện thoại <b>in sai</b>"
OPEN = {"secret": False, "state": "sealed"}


def issued(post: Between, **changes: object) -> int:
    """A paper that everybody may read, issued to the neighbour."""
    return post.sent("far", **OPEN, sealed_at=post.now, **changes)


def corrected(
    post: Between, earlier: int, *, reason: str = WHY, kind: Kind = Kind.CORRECT, **changes: object
) -> int:
    """A letter that corrects it, issued too."""
    later = post.ready("far", **OPEN | {"sealed_at": post.now} | changes)
    post.says(later, kind=kind, earlier_id=earlier, reason=reason)
    post.issue(later)
    return later


def mark_in(page: str) -> str:
    """What a form hands back of what it showed."""
    (mark,) = re.findall(r'name="seen" value="([^"]+)"', page)
    return unescape(mark)


def test_a_draft_begins_filled_in_and_says_why(client: Browser, post: Between) -> None:
    """Form, subject and recipients from the earlier one; without a reason or in another form it is refused beside
    the field; of another agency's document nothing is known."""
    old = issued(post, type_code="decision", subject="V/v việc cũ", symbol="07/QĐ-UBND")
    page = client.login("drafter").get(f"/outgoing/{old}").text
    for word in ("corrects", "amends", "replaces"):
        assert f"/outgoing/new?{word}={old}" in page
    assert "/outgoing/new?corrects" not in client.login("leader").get(f"/outgoing/{old}").text
    form = unescape(client.login("drafter").get(f"/outgoing/new?corrects={old}").text)
    assert '<option value="letter" selected>' in form
    assert "V/v đính chính Quyết định số 07/QĐ-UBND ngày 23/11/2026" in form
    amended = unescape(client.get(f"/outgoing/new?amends={old}").text)
    assert ">Sửa đổi, bổ sung một số nội dung của Quyết định số 07/QĐ-UBND ngày 23/11/2026<" in amended.replace(
        ">\n", ">"
    )
    data = {"type_code": "letter", "subject": "V/v đính chính", "urgency": "normal", "corrects": str(old)}
    empty = client.post("/outgoing/new", data=data)
    assert (empty.status_code, 'id="e-correction_reason"' in empty.text) == (422, True)
    wrong = client.post("/outgoing/new", data=data | {"type_code": "decision", "correction_reason": WHY})
    assert (wrong.status_code, 'id="e-type_code"' in wrong.text, "in sai" in wrong.text) == (422, True, True)
    done = client.post("/outgoing/new", data=data | {"correction_reason": WHY}, follow_redirects=True)
    assert f'href="/outgoing/{old}"' in done.text
    assert "To be corrected by" in client.get(f"/outgoing/{old}").text
    foreign = client.login("far_drafter").get(f"/outgoing/new?corrects={old}").text
    assert "V/v việc cũ" not in foreign
    assert "correction_reason" not in foreign


def test_a_sealed_paper_is_tied_to_nothing_by_its_drafters_form(client: Browser, post: Between) -> None:
    """The form of a draft, sent by hand with a link and unchanged facts, and the button: neither changes what a
    signed paper does; the pages offer neither."""
    old, new = issued(post), post.ready("far", **OPEN, sealed_at=post.now)
    row = post.row(new)
    signer = f"{row.signer_post_id}:{row.capacity}"
    data = {"type_code": row.type_code, "subject": row.subject, "recipients": row.recipients, "urgency": "normal",
            "to": [post.office.units["far"]], "signer": signer, "version": str(row.version), "link_again": "1",
            "replaces": str(old), "correction_reason": WHY}  # fmt: skip
    answer = client.login("drafter").post(f"/outgoing/{new}/edit", data=data)
    assert answer.status_code == 409
    assert post.row(new).version == row.version
    with unit_of_work(post.office.engine) as uow:
        assert corrections.of(uow.session, new) is None
    post.says(new, kind=Kind.REPLACE, earlier_id=old, reason=WHY)
    assert "corrects-nothing" not in client.get(f"/outgoing/{new}").text
    assert client.post(f"/outgoing/{new}/corrects-nothing").status_code == 409
    post.issue(new)
    assert "13" in post.codes(old)


def test_the_signer_reads_what_it_does(client: Browser, papers: Papers) -> None:
    """On the slip, its PDF and the page where the key is used; a reason mended in the draft moves its version."""
    old = papers.issued(subject="V/v việc cũ")
    symbol = papers.row(old).symbol
    later = papers.draft(subject="V/v đính chính")
    papers.do(name_corrected, "drafter", document_id=later, kind=Kind.CORRECT, earlier_id=old, reason=WHY)
    assert f'action="/outgoing/{later}/corrects-nothing"' in client.login("drafter").get(f"/outgoing/{later}").text
    form = client.get(f"/outgoing/{later}/edit").text
    row = papers.row(later)
    data = {"type_code": "letter", "subject": row.subject, "recipients": row.recipients, "urgency": "normal",
            "signer": f"{row.signer_post_id}:{row.capacity}", "version": version_of(form), "corrects": str(old),
            "correction_reason": "Sai số điện thoại"}  # fmt: skip
    assert client.post(f"/outgoing/{later}/edit", data=data).status_code == 303
    assert papers.row(later).version == row.version + 1
    assert client.post(f"/outgoing/{later}/edit", data=data).status_code == 303, "the same form, sent twice"
    assert client.post(f"/outgoing/{later}/edit", data=data | {"subject": "V/v khác"}).status_code == 409
    papers.act("drafter", later, Action.SUBMIT)
    papers.act("head", later, Action.APPROVE)
    papers.confirm_format(later)
    client.login("leader")
    for path in (f"/outgoing/{later}/slip", f"/sign?documents={later}"):
        page = client.get(path).text
        for words in ("Corrects", symbol, "Sai số điện thoại"):
            assert words in page, (path, words)
    paper = printed(client.get(f"/outgoing/{later}/slip.pdf").data)
    assert "Sai số điện thoại" in paper
    papers.sign("leader", "leader", papers.keys.held["leader"], later)
    with unit_of_work(papers.office.engine) as uow:
        (signed,) = facts_of(uow, papers.office.scope("clerk"), later, tag="document:outgoing:sign")
    assert signed["corrects"] == {"kind": "correct", "earlier": old, "reason": "Sai số điện thoại"}


def test_a_reason_that_is_refused_is_not_lost(client: Browser, papers: Papers) -> None:
    """The facts are kept, the reason is asked for again; a form of before with another reason is stale."""
    old, later = papers.issued(subject="V/v việc cũ"), papers.draft(subject="V/v đính chính")
    papers.do(name_corrected, "drafter", document_id=later, kind=Kind.CORRECT, earlier_id=old, reason=WHY)
    form = client.login("drafter").get(f"/outgoing/{later}/edit").text
    row = papers.row(later)
    data = {"type_code": "letter", "subject": "V/v đính chính số điện thoại", "recipients": row.recipients,
            "urgency": "normal", "signer": f"{row.signer_post_id}:{row.capacity}", "version": version_of(form),
            "corrects": str(old), "correction_reason": " "}  # fmt: skip
    refused = client.post(f"/outgoing/{later}/edit", data=data)
    assert (refused.status_code, 'id="e-correction_reason"' in refused.text) == (422, True)
    assert papers.row(later).subject == "V/v đính chính số điện thoại"
    assert client.post(f"/outgoing/{later}/edit", data=data | {"correction_reason": "Khác"}).status_code == 409
    mended = data | {"correction_reason": "Sai số điện thoại", "version": version_of(refused.text)}
    assert client.post(f"/outgoing/{later}/edit", data=mended).status_code == 303
    with unit_of_work(papers.office.engine) as uow:
        said = corrections.of(uow.session, later)
    assert said is not None
    assert said.reason == "Sai số điện thoại"


def test_marks_on_both_sides(client: Browser, post: Between) -> None:
    """At the sender's, in the register, for the recipient, for who holds the code; not for who has neither; markup
    stays text, and a draft marks nothing abroad."""
    old = issued(post)
    row = post.started(old)
    later = corrected(post, old)
    with unit_of_work(post.office.engine) as uow:
        ((_relation, by),) = corrections.about(post.scope("clerk"), uow.session, old)
    for who, path, link in (
        ("leader", f"/outgoing/{old}", f"/outgoing/{later}"),
        ("far_clerk", f"/incoming/{row.id}", f"/incoming/{post.arrived(later).id}"),
    ):
        page = client.login(who).get(path).text
        assert "Corrected by" in page
        assert link in page
        assert "Số điện thoại &lt;b&gt;in sai" in page
    handler = client.login("far_drafter").get(f"/incoming/{row.id}").text
    assert by.symbol in handler
    assert f"/incoming/{post.arrived(later).id}" not in handler, "the handler has no part in the later one"
    assert client.login("culture_head").get(f"/incoming/{row.id}").status_code == 404
    assert "Corrects" in client.login("far_clerk").get(f"/incoming/{post.arrived(later).id}").text


def marked(post: Between) -> tuple[list[Incoming], tuple[str, ...], tuple[str, ...]]:
    """Three documents at the neighbour's, corrected, replaced and wanted back: their lines there, and the marks in
    English and in Vietnamese."""
    first, second, third = (issued(post, symbol=f"{place}/UBND-KT") for place in ("07", "08", "09"))
    rows = [post.registered(one) for one in (first, second, third)]
    later = corrected(post, first)
    newer = corrected(post, second, kind=Kind.REPLACE, type_code="letter")
    post.do("clerk", recalling.ask_recall, document_id=third, reason="Sai thẩm quyền")
    with unit_of_work(post.office.engine) as uow:
        one, two = (uow.session.get_one(Outgoing, key).symbol for key in (later, newer))
    said = (f"corrected by {one} of 23/11/2026", f"replaced by {two} of 23/11/2026", "recalled from 23/11/2026 on")
    marks = (
        f"đã được đính chính bởi văn bản số {one} ngày 23/11/2026",
        f"đã được thay thế bằng văn bản số {two} ngày 23/11/2026", "thu hồi từ ngày 23/11/2026",
    )  # fmt: skip
    return rows, said, marks


def test_the_register_of_arrivals_bears_the_marks(client: Browser, post: Between) -> None:
    """Corrected, replaced and wanted back, in the words of the sender's register, on page, CSV, workbook and print;
    without the reason, and only in the register of who has the document."""
    rows, said, marks = marked(post)
    query = f"register={rows[0].register_id}&year=2026"
    client.login("far_clerk")
    for path in ("register?", "register.csv?"):
        told = unescape(client.get(f"/incoming/{path}{query}").text)
        for words in said:
            assert told.count(words) == 1, (path, words)
        assert "in sai" not in told
    cells = rows_of(client.get(f"/incoming/register.xlsx?{query}").data)
    assert [any(mark in str(line[9]) for line in cells) for mark in marks] == [True] * 3
    paper = printed(client.get(f"/incoming/register/volume.pdf?{query}").data).replace(" ", "")
    for mark in marks:
        assert mark.replace(" ", "") in paper  # lines break behind the sign of a symbol
    assert not any(mark in str(line[13]) for mark in marks for line in cells), "each mark once in a line"
    post.do("far_clerk", recalling.refuse_recall, incoming_id=rows[2].id, version=None, remark="Đang thực hiện")
    assert "this office refused and keeps it" in client.get(f"/incoming/register?{query}").text
    assert "corrected by" not in client.login("clerk").get(f"/incoming/register?{query}").text


def test_the_follow_up_register_bears_them_too(client: Browser, post: Between) -> None:
    """The same marks in its remarks, on page, CSV, workbook and print; not the reason."""
    rows, said, marks = marked(post)
    query = f"register={rows[0].register_id}&year=2026"
    client.login("far_clerk")
    for path in ("follow-up?", "follow-up.csv?"):
        told = unescape(client.get(f"/incoming/register/{path}{query}").text)
        for words in said:
            assert told.count(words) == 1, (path, words)
        assert "in sai" not in told
        assert "thẩm quyền" not in told
    cells = rows_of(client.get(f"/incoming/register/follow-up.xlsx?{query}").data)
    assert [sum(mark in str(line[6]) for line in cells) for mark in marks] == [1, 1, 1]
    paper = printed(client.get(f"/incoming/register/follow-up/volume.pdf?{query}").data).replace(" ", "")
    for mark in marks:
        assert mark.replace(" ", "") in paper
    assert "corrected by" not in client.login("clerk").get(f"/incoming/register/follow-up?{query}").text


def test_the_outgoing_register_says_what_own_units_gave_back(client: Browser, papers: Papers) -> None:
    """A recall of copies inside the agency alone is a mark like any other, on page, CSV, workbook and print."""
    document, units = papers.sealed(), papers.office.units
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        unit_copies.put(uow.session, document, [units["culture"], units["economy"]])
        uow.commit()
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    client.login("clerk")
    row = papers.row(document)
    query = f"register={row.register_id}&year={row.year}"
    assert "recalled from" not in client.get(f"/register?{query}").text
    papers.do(recalling.ask_recall, "clerk", document_id=document, reason="Sai thẩm quyền")
    for path in ("/register?", "/register/export.csv?"):
        assert client.get(f"{path}{query}").text.count("recalled from 23/11/2026 on") == 1, path
    cells = rows_of(client.get(f"/register/export.xlsx?{query}").data)
    assert sum("thu hồi từ ngày 23/11/2026" in str(line[9]) for line in cells) == 1
    paper = printed(client.get(f"/register/volume.pdf?{query}").data).replace(" ", "")
    assert "thuhồitừngày23/11/2026" in paper
    listed = client.get("/outgoing/deliveries?state=recalled").text
    assert listed.count("Phòng Văn hóa – Xã hội") >= 1
    assert "Recalled" in client.get("/outgoing/deliveries.csv?state=recalled").text
    assert "No delivery fits" in client.get("/outgoing/deliveries?state=unseen").text
    assert "Recalled" in client.get(f"/outgoing/{document}").text


def test_one_list_for_the_office(client: Browser, post: Between, clock: Clock) -> None:
    """State, recipient and day in the address; a workbook of the same rows; other agencies' are not there."""
    issued(post, recipients="Bưu điện huyện <i>", subject="V/v phòng dịch")
    page = client.login("clerk").get("/outgoing/deliveries").text
    for words in ("Ủy ban nhân dân xã Yên Viễn", "Bưu điện huyện &lt;i&gt;", "To be sent", "V/v phòng dịch"):
        assert words in page
    assert "V/v phòng dịch" not in client.get("/outgoing/deliveries?state=06").text
    assert "No delivery fits" in client.get("/outgoing/deliveries?recipient=ai&from=24/11/2026").text
    for odd in ("state=x&sort=y&after=%00", "after=2026-11-23~a~1", "from=31/02/2026&to=99", "late=1&after=~~"):
        assert client.get(f"/outgoing/deliveries?{odd}").status_code == 200
    book = client.get("/outgoing/deliveries.xlsx?state=to_send")
    with zipfile.ZipFile(io.BytesIO(book.data)) as sheet:
        cells = "".join(
            sheet.read(name).decode() for name in sheet.namelist() if "sheet1" in name or "shared" in name
        )
    assert "Bưu điện huyện" in cells
    assert "Yên Viễn" not in cells
    assert "V/v phòng dịch" not in client.login("far_clerk").get("/outgoing/deliveries").text


def test_an_export_that_is_cut_says_so(
    client: Browser, post: Between, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A last line below as many rows as fit; none where all fit."""
    issued(post, recipients="Bưu điện huyện; Bưu điện tỉnh")
    client.login("clerk")
    said = "Only the first 1 rows stand here"
    whole = client.get("/outgoing/deliveries.csv").text
    assert (said in whole, whole.count("\r\n")) == (False, 3)
    monkeypatch.setattr("workflow.web.views.deliveries.EXPORTED", 1)
    lines = client.get("/outgoing/deliveries.csv").text.splitlines()
    assert (len(lines), said in lines[2]) == (3, True)
    assert client.get("/outgoing/deliveries.xlsx").status_code == 200
    monkeypatch.setattr("workflow.web.views.deliveries.EXPORTED", 2)
    assert client.get("/outgoing/deliveries.csv").text == whole


def test_who_has_not_received_it_stands_on_the_clerks_desk(client: Browser, post: Between, clock: Clock) -> None:
    """After the next working day, by name, for the clerk alone; gone once it is registered."""
    old = issued(post)
    words = "has not been received by Ủy ban nhân dân xã Yên Viễn"
    for days, seen in ((0, False), (2, False), (3, True)):  # 24 November is a day off
        clock.now = post.now + dt.timedelta(days=days)
        assert (words in client.login("clerk").get("/desk").text) == seen, days
    assert words not in client.login("leader").get("/desk").text
    assert "Yên Viễn" in client.login("clerk").get("/outgoing/deliveries?late=1").text
    post.registered(old)
    assert words not in client.login("clerk").get("/desk").text


def test_the_clerk_writes_down_what_left_by_post(client: Browser, post: Between) -> None:
    """From the document's page, with number and receipt; what is missing is said beside its field and kept."""
    old = issued(post, recipients="Bưu điện huyện")
    with unit_of_work(post.office.engine) as uow:
        (copy,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, old)
    path = f"/outgoing/{old}/dispatches/{copy.id}"
    assert path in client.login("clerk").get(f"/outgoing/{old}").text
    data = {"state": "received", "channel": "post", "sent_on": "23/11/2026", "tracking": "EB 1 VN"}
    data["seen"] = mark_in(client.get(path).text)
    refused = client.post(path, data=data)
    assert (refused.status_code, 'id="e-received_on"' in refused.text, "EB 1 VN" in refused.text) == (
        422,
        True,
        True,
    )
    assert client.post(path, data=data | {"received_on": "23/11/2026", "receipt": "Bà Hà"}).status_code == 303
    page = client.get(f"/outgoing/{old}?noted=written").text
    for words in ("Written down.", "EB 1 VN", "Bà Hà", "Received"):
        assert words in page
    assert client.login("drafter").post(path, data=data).status_code == 403
    assert "The clerk writes down" in client.get(path).text
    assert client.login("far_clerk").post(path, data=data).status_code == 404


def test_a_form_of_a_copy_that_somebody_changed(client: Browser, post: Between, clock: Clock) -> None:
    """What stands now is shown beside what was typed, which nothing took; sent again it is a decision."""
    old = issued(post, recipients="Bưu điện huyện")
    with unit_of_work(post.office.engine) as uow:
        (copy,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, old)
    path = f"/outgoing/{old}/dispatches/{copy.id}"
    seen = mark_in(client.login("clerk").get(path).text)
    data = {"state": "sent", "channel": "post", "sent_on": "23/11/2026", "seen": seen}
    clock.now += dt.timedelta(minutes=1)
    assert client.post(path, data=data | {"tracking": "EB 1 VN"}).status_code == 303
    clock.now += dt.timedelta(minutes=1)
    stale = client.post(path, data=data | {"tracking": "EB 2 VN"})
    assert stale.status_code == 409
    for words in ("What was done stands; this act was not made.", "Now:", "EB 1 VN", 'value="EB 2 VN"'):
        assert words in stale.text
    data["seen"] = mark_in(stale.text)
    assert client.post(path, data=data | {"tracking": "EB 2 VN"}).status_code == 303
    assert "EB 2 VN" in client.get(f"/outgoing/{old}").text


def test_a_group_fills_a_draft(client: Browser, post: Between) -> None:
    """The clerk makes it, a drafter chooses it: boxes and lines are added to what was typed, nothing is saved;
    another agency's group is not there."""
    far = post.office.units["far"]
    made = client.login("clerk").post("/outgoing/groups/new", data={"name": "Các xã", "in_use": "true"})
    assert (made.status_code, "The group has no member" in made.text) == (422, True)
    data = {"name": "Các xã <b>", "in_use": "true", "to": [far], "others": "Sở Nội vụ"}
    assert client.post("/outgoing/groups/new", data=data).status_code == 303
    assert "Các xã &lt;b&gt;" in client.login("drafter").get("/outgoing/groups").text
    form = client.get("/outgoing/new").text
    found = re.search(r'<option value="(\d+)">Các xã', form)
    assert found is not None
    typed = {"subject": "Chữ đã gõ", "recipients": "Lưu: VT", "fill": "1", "fill_group": found[1],
             "fill_name": "Bưu điện huyện"}  # fmt: skip
    page = unescape(client.post("/outgoing/new", data=typed).text)
    assert "Chữ đã gõ" in page
    assert f'value="{far}" checked' in page
    assert "Sở Nội vụ\nBưu điện huyện\nLưu: VT" in page
    with unit_of_work(post.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Outgoing)) == 0
    client.login("far_drafter")
    assert "Các xã" not in client.get("/outgoing/groups").text
    assert "Các xã" not in client.get("/outgoing/new").text
    assert client.post("/outgoing/new", data=typed).status_code == 404
    assert client.login("far_clerk").get(f"/outgoing/groups/{found[1]}").status_code == 404
    assert client.login("drafter").get(f"/outgoing/groups/{found[1]}").status_code == 403


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"channel": ""}, {"channel"}),
        ({"channel": "", "sent_on": ""}, {"channel", "sent_on"}),
        ({"sent_on": ""}, {"sent_on"}),
        ({"sent_on": "24/11/2026"}, {"sent_on"}),
        ({"state": "received", "received_on": "24/11/2028"}, {"received_on"}),
        ({"state": "received", "received_on": "22/11/2026"}, {"received_on"}),
        ({"state": "returned"}, {"state"}),
    ],
)
def test_a_wrong_particular_is_said_at_its_field(
    client: Browser, post: Between, changed: dict[str, str], wrong: set[str]
) -> None:
    """Not at another one: what is empty, the day that cannot be, the state that cannot follow."""
    old = issued(post, recipients="Bưu điện huyện")
    with unit_of_work(post.office.engine) as uow:
        (copy,) = deliveries.dispatches_of(post.scope("clerk"), uow.session, old)
    path = f"/outgoing/{old}/dispatches/{copy.id}"
    seen = mark_in(client.login("clerk").get(path).text)
    data = {"state": "sent", "channel": "post", "sent_on": "23/11/2026", "note": "Sai địa chỉ", "seen": seen}
    refused = client.post(path, data=data | changed)
    assert refused.status_code in {409, 422}
    assert set(re.findall(r'id="e-(\w+)"', refused.text)) == wrong
