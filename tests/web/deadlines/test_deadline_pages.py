"""Pages about deadlines: each act from its form, twice, stale, by the wrong person and from a foreign unit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import Engine, select

from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser, Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.adapters.blobs import open_blobs
from workflow.adapters.sheets import read_sheet
from workflow.config import Settings
from workflow.domain.terms import Measure, Term
from workflow.domain.unsigned_reasons import Obstacle
from workflow.services.incoming import arriving, overdue
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.explaining import demand_for_job
from workflow.services.signing.obstacles import note
from workflow.store.models import (
    DeadlineRule,
    Explanation,
    Incoming,
    IncomingPart,
    Outgoing,
    Reply,
    Unit,
    Urging,
)
from workflow.store.session import unit_of_work
from workflow.web.views import deadline_lists

TEN = DueChoice(term=Term(Measure.WORKING_DAYS, 10))
FRIDAY = DueChoice(day=dt.date(2026, 11, 27))


@pytest.fixture
def arrivals(office: Office, clock: Clock) -> Arrivals:
    """Documents of Monday noon, and pages opened an hour later."""
    clock.now = NOON + dt.timedelta(hours=1)
    return Arrivals(office)


def row(engine: Engine, key: int) -> Incoming:
    """The document as it stands."""
    with unit_of_work(engine) as uow:
        return uow.session.get_one(Incoming, key)


def sent(client: Browser, document: Incoming, what: str, **data: Any) -> Any:
    """The form of an act, opened and sent."""
    address = f"/incoming/{document.id}/{what}"
    assert client.get(address).status_code == 200
    return client.post(address, data={"version": document.version, **data})


def demanded(engine: Engine, document: Incoming, now: dt.datetime) -> Explanation:
    """What the job does."""
    with unit_of_work(engine) as uow:
        made = demand_for_job(uow, incoming_id=document.id, now=now)
        assert made is not None
        uow.commit()
        return made


def late(arrivals: Arrivals, clock: Clock, engine: Engine, **given: Any) -> tuple[Incoming, Explanation]:
    """Due on Friday, Monday morning now, an explanation demanded of the specialist."""
    found = arrivals.in_progress(due=FRIDAY, **given)
    clock.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    made = demanded(engine, found, clock.now)
    return row(engine, found.id), made


def test_due_dates_are_set_as_a_day_a_term_or_none(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """Each way to say it; what is missing stands beside its field."""
    found = arrivals.registered()
    client.login("clerk")
    ways: list[tuple[dict[str, str], Callable[[Incoming], bool]]] = [
        ({"how": "day", "day": "04/12/2026"}, lambda d: d.due_term["day"] == "2026-12-04"),
        (
            {"how": "working_days", "amount": "3"},
            lambda d: d.due_at == dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC),
        ),
        ({"how": "none"}, lambda d: d.due_kind == "none" and d.due_at is None),
    ]
    for data, right in ways:
        done = sent(client, row(engine, found.id), "set-due", **data)
        assert (done.status_code, done.headers["Location"]) == (303, f"/incoming/{found.id}?done=set_due")
        assert right(row(engine, found.id))
    for data in ({"how": "day"}, {"how": "hours"}, {"how": "day", "day": "01/01/2026"}, {}):
        assert sent(client, row(engine, found.id), "set-due", **data).status_code == 422


def test_twice_is_once_and_stale_is_told(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """A double click is answered as done; somebody else's version is shown with what was typed."""
    found = arrivals.in_progress(due=TEN)
    client.login("head")
    data = {"version": found.version, "remark": "Chờ Sở Tài chính"}
    assert client.post(f"/incoming/{found.id}/pause", data=data).status_code == 303
    again = client.post(f"/incoming/{found.id}/pause", data=data)
    assert again.headers["Location"] == f"/incoming/{found.id}?done=pause&already=1"
    stale = client.login("leader").post(
        f"/incoming/{found.id}/resume", data={"version": found.version, "remark": "Đã trả lời"}
    )
    assert stale.status_code == 409
    assert "Đã trả lời" in stale.text
    assert sent(client, row(engine, found.id), "resume").status_code == 303
    assert row(engine, found.id).paused_since is None


def test_an_extension_from_asking_to_the_new_date(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """The specialist asks, the leader grants another day than was asked for; a second one is refused."""
    found = arrivals.in_progress(due=TEN)
    client.login("specialist")
    early = sent(client, found, "ask-extension", until="01/12/2026", remark="Chờ số liệu", kind="inside")
    assert early.status_code == 422
    data = {"until": "15/12/2026", "remark": "Chờ số liệu", "kind": "between"}
    assert sent(client, found, "ask-extension", **data).status_code == 303
    client.login("leader")
    assert "Chờ số liệu" in client.get(f"/incoming/{found.id}/grant-extension").text
    paper = {"until": "11/12/2026", "remark": "Công văn 12/SNV-VP"}  # an office outside the installation gave it
    assert sent(client, row(engine, found.id), "grant-extension", until="11/12/2026").status_code == 422
    assert sent(client, row(engine, found.id), "grant-extension", **paper).status_code == 303
    assert row(engine, found.id).due_at == dt.datetime(2026, 12, 11, 10, tzinfo=dt.UTC)
    assert client.get(f"/incoming/{found.id}/refuse-extension").status_code == 422
    client.login("specialist")
    assert sent(client, row(engine, found.id), "ask-extension", **data).status_code == 303
    client.login("leader")
    assert sent(client, row(engine, found.id), "refuse-extension", remark="").status_code == 422
    assert sent(client, row(engine, found.id), "refuse-extension", remark="Đủ thời gian").status_code == 303


def test_each_unit_sets_its_own_date_only(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """The coordinating head reaches their own part; never after the document's date."""
    found = arrivals.in_progress(due=TEN)
    with unit_of_work(engine) as uow:
        parts = {part.part: part.id for part in uow.session.scalars(select(IncomingPart))}
    client.login("culture_head")
    data = {"part": parts["coordinate"], "day": "02/12/2026"}
    assert sent(client, found, "set-internal-due", **data).status_code == 303
    now = row(engine, found.id)
    assert sent(client, now, "set-internal-due", part=parts["lead"], day="02/12/2026").status_code == 404
    assert sent(client, now, "set-internal-due", part=parts["coordinate"], day="20/12/2026").status_code == 422
    with unit_of_work(engine) as uow:
        due = uow.session.get_one(IncomingPart, parts["coordinate"]).due_at
    assert due == dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("what", ["pause", "grant-extension", "accept-explanation", "set-due"])
def test_the_wrong_person_is_told_and_a_foreign_one_finds_nothing(
    client: Browser, arrivals: Arrivals, what: str
) -> None:
    """A drafter may not; the neighbour and another unit get the 404 of a document that does not exist."""
    found = arrivals.in_progress(due=TEN)
    assert client.login("specialist").get(f"/incoming/{found.id}/{what}").status_code == 403
    assert client.login("admin").get(f"/incoming/{found.id}/{what}").status_code == 403
    for who in ("far_clerk", "far_leader"):
        client.login(who)
        assert client.get(f"/incoming/{found.id}/{what}").status_code == 404
        assert client.post(f"/incoming/{found.id}/{what}", data={"version": 1}).status_code in {404, 422}


def test_explained_sent_back_and_accepted(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine
) -> None:
    """From the list of what is owed to the leader's decision and back."""
    found, owed = late(arrivals, clock, engine)
    client.login("specialist")
    assert f"/incoming/{found.id}/explain" in client.get("/incoming/explanations").text
    data = {"explanation": owed.id, "cause": "subjective", "words": "Tôi bỏ sót văn bản"}
    assert sent(client, found, "explain", **data).headers["Location"].startswith("/incoming/explanations")
    client.login("deputy")
    assert "Tôi bỏ sót văn bản" in client.get("/incoming/explanations").text
    assert "Tôi bỏ sót văn bản" in client.get(f"/incoming/{found.id}/accept-explanation").text
    assert "Tôi bỏ sót văn bản" not in client.get(f"/incoming/{found.id}").text, "others with a part read that page"
    back = sent(client, row(engine, found.id), "return-explanation", explanation=owed.id, remark="Nêu rõ hơn")
    assert back.status_code == 303
    client.login("specialist")
    assert "Nêu rõ hơn" in client.get("/incoming/explanations").text
    assert "Nêu rõ hơn" in client.get(f"/incoming/{found.id}/explain").text
    assert sent(client, row(engine, found.id), "explain", **data).status_code == 303
    client.login("leader")
    assert sent(client, row(engine, found.id), "accept-explanation", explanation=owed.id).status_code == 303
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(Explanation, owed.id).state == "accepted"


def test_what_is_recorded_of_the_answer_stands_beside_ones_words(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine, office: Office
) -> None:
    """Why the drafted answer is not signed is said as the system's, the box for one's own words stays empty; the
    leader's wrong passwords are no business of who drafted it."""
    found, owed = late(arrivals, clock, engine)
    since = clock.now - dt.timedelta(days=4)
    waiting = {
        "state": "awaiting_signature", "state_since": since, "signed_at": None, "numbered_at": None, "number": None,
        "sealed_at": None, "issued_at": None, "closed_at": None, "year": None, "symbol": "",
        "subject": "Thư trả lời",
    }  # fmt: skip
    (answer,) = add_issued(office, issued_row(office) | waiting)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(Reply(incoming_id=found.id, outgoing_id=answer, linked_by_id=owed.person_id, linked_at=since))
        uow.flush()
        assert note(uow, office.actor("leader"), office.scope("leader"), document_ids=[answer],
                    kind=Obstacle.PIN_FAILED, now=clock.now) == 1  # fmt: skip
        uow.commit()
    client.login("specialist")
    page = client.get(f"/incoming/{found.id}/explain", headers={"Accept-Language": "en"}).text
    assert "Recorded by the system" in page
    assert "Signer has no valid certificate" in page.split("Thư trả lời")[1]
    assert "Wrong PIN" not in page
    assert re.search(r'<textarea[^>]+name="words"[^>]*>\s*</textarea>', page)


@pytest.mark.parametrize("secret", [False, True])
def test_an_apology_becomes_an_ordinary_draft(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine, settings: Settings, *, secret: bool
) -> None:
    """Only to a citizen, only for an accepted subjective cause; pressed twice it is one letter with its file.

    What a secret paper is about is not said in the letter, which is an open one.
    """
    citizen = arriving.Facts(
        issuer="Ông Lê Văn An", issuer_kind="citizen", subject="Đơn kiến nghị về đường điện", secret=secret
    )
    found, owed = late(arrivals, clock, engine, facts=citizen)
    client.login("specialist")
    assert client.get(f"/incoming/{found.id}/apology").status_code == 422
    data = {"explanation": owed.id, "cause": "subjective", "words": "Cán bộ xử lý chậm"}
    assert sent(client, found, "explain", **data).status_code == 303
    client.login("leader")
    assert sent(client, row(engine, found.id), "accept-explanation", explanation=owed.id).status_code == 303
    client.login("specialist")
    assert "Cán bộ xử lý chậm" in client.get(f"/incoming/{found.id}/apology").text
    answers = [client.post(f"/incoming/{found.id}/apology", data={"once": "x" * 20}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with unit_of_work(engine) as uow:
        (made,) = uow.session.scalars(select(Outgoing))
        (reply,) = uow.session.scalars(select(Reply))
    assert (reply.outgoing_id, reply.kind, reply.closes) == (made.id, "apology", False)
    assert made.file_sha256 is not None
    assert made.subject.startswith("Về việc xin lỗi")
    with pypdfium2.PdfDocument(open_blobs(settings.blob_url).get(made.file_sha256)) as letter:
        text = " ".join(letter[0].get_textpage().get_text_bounded().split())
    assert "chậm giải quyết văn bản" in text
    assert ("đường điện" in made.subject, "đường điện" in text) == (not secret, not secret)
    assert client.get(f"/outgoing/{made.id}").status_code == 200


def test_no_apology_to_an_agency(client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine) -> None:
    """The sentence says why."""
    found, _owed = late(arrivals, clock, engine)
    answer = client.login("specialist").get(f"/incoming/{found.id}/apology")
    assert answer.status_code == 422
    assert "công dân và tổ chức" in answer.text


def test_the_overdue_page_urges_many(client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine) -> None:
    """The worst first, the split in words, ticked ones urged with one result each; CSV beside it."""
    first, _owed = late(arrivals, clock, engine)
    arrivals.now = NOON
    second = arrivals.assigned(due=FRIDAY)
    clock.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    client.login("leader")
    shown = client.get("/incoming/overdue").text
    assert shown.index(f'value="{first.id}:') < shown.index(f'value="{second.id}:')
    assert "Chuyên viên" in shown or "Specialist" in shown
    assert client.post("/incoming/overdue", data={"remark": "Làm ngay"}).status_code == 422
    stale = {"remark": "Làm ngay", "document": [f"{first.id}:{first.version}", f"{second.id}:1"]}
    mixed = client.post("/incoming/overdue", data=stale)
    assert mixed.status_code == 409
    good = {"remark": "Làm ngay", "document": [f"{second.id}:{second.version}"]}
    assert client.post("/incoming/overdue", data=good).status_code == 303
    with unit_of_work(engine) as uow:
        assert sorted(one.incoming_id for one in uow.session.scalars(select(Urging))) == [first.id, second.id]
    assert client.get("/incoming/overdue.csv").text.count("\r\n") == 3
    narrowed = client.get(f"/incoming/overdue?unit={arrivals.office.units['culture']}").text
    assert f'value="{first.id}:' not in narrowed
    client.login("specialist")
    assert "Làm ngay" in client.get("/incoming/explanations").text
    assert client.login("far_leader").get("/incoming/overdue").text.count(f"/incoming/{first.id}") == 0


def test_a_cut_file_says_so_and_the_page_before_it(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are overdue and a file takes one: its last line and the page tell; one that holds all says nothing."""
    late(arrivals, clock, engine)
    arrivals.now = NOON
    arrivals.assigned(due=FRIDAY)
    clock.now = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
    client.login("leader")
    monkeypatch.setitem(overdue.overdue_now.__kwdefaults__, "limit", 1)
    for most, told in ((1, True), (2, False)):
        monkeypatch.setattr(deadline_lists, "EXPORTED", most)
        assert ("Tệp chỉ gồm" in client.get("/incoming/overdue").text) == told
        assert ("dòng đầu" in client.get("/incoming/overdue.csv").text) == told
        rows = read_sheet(client.get("/incoming/overdue.xlsx").data).rows
        assert len(rows) == 3
        assert ("dòng đầu" in str(rows[-1][0])) == told
        assert "2026-11-" in str(rows[1][7])


def test_the_desk_says_what_is_answered_for(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine
) -> None:
    """Owed by the specialist, to be decided by the leader, gone from both once it is accepted."""
    found, owed = late(arrivals, clock, engine)
    assert "giải trình tôi phải gửi" in client.login("specialist").get("/desk").text
    assert "giải trình tôi phải gửi" not in client.login("drafter").get("/desk").text
    client.login("specialist")
    assert (
        sent(client, found, "explain", explanation=owed.id, cause="objective", words="Chờ số liệu").status_code
        == 303
    )
    assert "giải trình tôi phải gửi" not in client.get("/desk").text
    assert "giải trình chờ tôi quyết định" in client.login("leader").get("/desk").text
    assert sent(client, row(engine, found.id), "urge", remark="Làm ngay").status_code == 303
    assert "lần tôi được đôn đốc" in client.login("specialist").get("/desk").text


def test_one_person_is_urged(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """Whoever has it, or a named one; a stranger to it is refused."""
    found = arrivals.in_progress(due=TEN)
    client.login("leader")
    assert sent(client, found, "urge", remark="Nhanh lên").status_code == 303
    posts = arrivals.office.posts
    now = row(engine, found.id)
    assert sent(client, now, "urge", remark="Góp ý", person=posts["culture_head"].person_id).status_code == 303
    now = row(engine, found.id)
    assert sent(client, now, "urge", remark="Góp ý", person=posts["admin"].person_id).status_code == 422


def test_next_week_by_person(client: Browser, arrivals: Arrivals) -> None:
    """Each figure links to its documents; nobody sees another agency's."""
    found = arrivals.in_progress(due=FRIDAY)
    arrivals.in_progress(due=DueChoice(day=dt.date(2027, 1, 15)))
    page = client.login("head").get("/incoming/next-week").text
    person = arrivals.office.posts["specialist"].person_id
    assert f'href="/incoming/next-week?person={person}#documents">1</a>' in page
    assert f"/incoming/{found.id}" in page
    assert f"/incoming/{found.id}" not in client.login("far_clerk").get("/incoming/next-week").text


RULE = {
    "type_code": "letter", "measure": "working_days", "amount": "5", "basis": "Quy chế làm việc, Điều 12",
    "reason": "Quy chế mới",
}  # fmt: skip


def test_terms_are_shown_then_saved_changed_and_ended(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """An open document without a date gets one, moves with the term, and loses it with the term."""
    found = arrivals.registered()
    client.login("admin")
    assert client.get("/admin/deadline-rules/new").status_code == 200
    assert 'name="save" value="yes"' in client.post("/admin/deadline-rules/new", data=RULE).text
    assert row(engine, found.id).due_kind == "undecided"
    assert client.post("/admin/deadline-rules/new", data={**RULE, "save": "yes"}).status_code == 303
    assert row(engine, found.id).due_at == dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
    assert client.post("/admin/deadline-rules/new", data=RULE).status_code == 422
    with unit_of_work(engine) as uow:
        rule = uow.session.scalars(select(DeadlineRule.id)).one()
    changed = {**RULE, "amount": "3", "save": "yes"}
    assert client.post(f"/admin/deadline-rules/{rule}/change", data=changed).status_code == 303
    assert row(engine, found.id).due_at == dt.datetime(2026, 11, 27, 10, tzinfo=dt.UTC)
    assert client.get(f"/admin/deadline-rules/{rule}/end").status_code == 200
    assert client.post(f"/admin/deadline-rules/{rule}/end", data={"reason": "Bãi bỏ"}).status_code == 303
    assert row(engine, found.id).due_kind == "undecided"
    assert "Quy chế làm việc" in client.get("/admin/deadline-rules").text
    assert client.login("far_admin").get(f"/admin/deadline-rules/{rule}/change").status_code == 404
    assert client.login("clerk").get("/admin/deadline-rules").status_code == 403


def test_saturdays_are_shown_then_saved(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """A unit that opens on Saturdays answers a day earlier; mistakes stand beside their field."""
    found = arrivals.in_progress(due=TEN)
    economy = arrivals.office.units["economy"]
    address = f"/admin/units/{economy}/saturday"
    client.login("admin")
    assert client.get(address).status_code == 200
    data = {"hours": "07:30-11:30", "reason": "Mở cửa thứ Bảy"}
    assert 'name="save" value="yes"' in client.post(address, data=data).text
    for wrong in ("7 giờ", "11:30-07:30", "02:00-03:00"):
        assert client.post(address, data={**data, "hours": wrong}).status_code == 422
    assert client.post(address, data={**data, "save": "yes", "seen": "x"}).status_code == 409
    assert client.post(address, data={**data, "save": "yes"}).status_code == 303
    assert row(engine, found.id).due_at == dt.datetime(2026, 12, 5, 4, 30, tzinfo=dt.UTC)
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(Unit, economy).saturday == ";2026-11-24=07:30-11:30"
    assert "07:30-11:30" in client.get(f"/admin/units/{economy}").text


def test_the_calendar_page_counts_incoming_ones(client: Browser, arrivals: Arrivals, engine: Engine) -> None:
    """Counts first, then names; saved, the document is due a day later."""
    found = arrivals.in_progress(due=TEN, facts=LETTER)
    client.login("admin")
    data = {
        "day": "27/11/2026", "what": "off", "name_vi": "Nghỉ bão", "decree": "Công điện 01", "reason": "Bão số 9",
    }  # fmt: skip
    shown = client.post("/admin/calendar/day", data=data, headers={"Accept-Language": "en"}).text
    assert "Incoming: 1. Outgoing: 0." in shown
    assert LETTER.symbol[1:] in shown
    assert client.post("/admin/calendar/day", data={**data, "save": "yes"}).status_code == 303
    assert row(engine, found.id).due_at == dt.datetime(2026, 12, 9, 10, tzinfo=dt.UTC)


def test_a_refused_form_does_not_tell_who_owes(
    client: Browser, arrivals: Arrivals, clock: Clock, engine: Engine, office: Office
) -> None:
    """Who has a part but may not decide, or owes nothing, gets no name and the same answer as for none at all."""
    found, owed = late(arrivals, clock, engine)
    name = office.names["specialist"]
    for who, what in (
        ("head", "accept-explanation"), ("head", "return-explanation"), ("head", "explain"), ("drafter", "explain"),
        ("culture_head", "explain"), ("leader", "accept-explanation"),
    ):  # fmt: skip
        client.login(who)
        answers = []
        for number in (owed.id, 999_999):
            data = {"version": found.version, "explanation": number, "cause": "objective", "words": "x"}
            page = client.post(f"/incoming/{found.id}/{what}", data=data)
            answers.append(page.status_code)
            assert f"{name}, " not in page.text, (who, what)
        assert answers[0] == answers[1], (who, what)
        broken = client.post(f"/incoming/{found.id}/{what}", data={"version": found.version})
        assert f"{name}, " not in broken.text, (who, what)
