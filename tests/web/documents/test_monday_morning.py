"""A leader's and a unit head's Monday morning: message → link → item → done → gone from tomorrow's."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

from sqlalchemy import Engine, select, update

from schedulers.job import Tools
from schedulers.runner import Outcome, run_period
from schedulers.table import job
from tests.support.arrivals import Arrivals
from tests.support.browser import Browser, Clock
from tests.support.office import NOON, Office
from tests.support.papers import Papers
from workflow.config import Settings
from workflow.domain.outgoing import Urgency
from workflow.services.incoming import routing
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work

MONDAY = dt.datetime(2026, 11, 30, 0, 30, tzinfo=dt.UTC)


def _morning(engine: Engine, settings: Settings, clock: Clock, now: dt.datetime) -> None:
    clock.now = now
    assert run_period(Tools(engine, settings, lambda: now), job("digest"), now.date().isoformat()) is Outcome.DONE


def _lines(client: Browser, who: str) -> list[tuple[str, str]]:
    """(address, words) of today's message as the page shows it, read when it was looked at."""
    page = client.login(who).get("/notices").text
    (newest,) = re.findall(r'<section class="notice new".*?</section>', page, flags=re.DOTALL)[:1] or [""]
    found = re.findall(r'<li><a href="([^"]+)">(.*?)</a></li>', newest)
    if newest:
        assert client.post("/notices/read").status_code == 303
    return [(address, unescape(words)) for address, words in found]


def test_a_leader_signs_what_the_message_names(
    client: Browser, papers: Papers, engine: Engine, settings: Settings, clock: Clock
) -> None:
    """The urgent one first; signed, it is gone from tomorrow's message and the other is still in it."""
    calm = papers.awaiting(subject="V/v họp thôn")
    flash = papers.awaiting(subject="V/v bão số 9", urgency=Urgency.FLASH)
    client.login("leader").post("/notices/read")
    _morning(engine, settings, clock, MONDAY)
    told = _lines(client, "leader")
    assert [address for address, _words in told] == [f"/outgoing/{flash}", f"/outgoing/{calm}"]
    assert told[0][1].startswith("Hỏa tốc · chờ ký số: V/v bão số 9 · quá hạn ")
    page = client.get(told[0][0])
    assert page.status_code == 200
    assert "V/v bão số 9" in page.text
    papers.now = MONDAY
    papers.keys.publish(at=MONDAY - dt.timedelta(hours=1))
    papers.sign("leader", "leader", papers.keys.held["leader"], flash)
    _morning(engine, settings, clock, MONDAY + dt.timedelta(days=1))
    assert [address for address, _words in _lines(client, "leader")] == [f"/outgoing/{calm}"]


def test_a_head_reviews_and_assigns_what_the_message_names(
    client: Browser, papers: Papers, office: Office, engine: Engine, settings: Settings, clock: Clock
) -> None:
    """By the page's own buttons; the day after nothing waits, so no message comes."""
    draft = papers.in_review(subject="V/v duyệt dự thảo")
    arrivals = Arrivals(office)
    found = arrivals.directed()
    client.login("head").post("/notices/read")
    _morning(engine, settings, clock, MONDAY)
    told = dict(_lines(client, "head"))
    assert set(told) == {f"/outgoing/{draft}", f"/incoming/{found.id}"}
    for address in told:
        assert client.get(address).status_code == 200
    version = papers.row(draft, "head").version
    done = client.post(f"/outgoing/{draft}/actions/approve", data={"version": str(version)})
    assert done.status_code == 303, done.text
    arrivals.now = MONDAY
    arrivals.do(
        "head", routing.assign, incoming_id=found.id, version=found.version,
        handler_post_id=office.posts["specialist"].id,
    )  # fmt: skip
    _morning(engine, settings, clock, MONDAY + dt.timedelta(days=1))
    assert _lines(client, "head") == []
    assert [address for address, _words in _lines(client, "specialist")] == [f"/incoming/{found.id}"]


def test_notices_are_said_in_the_readers_language(
    client: Browser, papers: Papers, engine: Engine, clock: Clock
) -> None:
    """What was written before kinds were kept stays as it was; nothing of a secret paper is told in either."""
    papers.awaiting(subject="V/v <b>bão</b> số 9", urgency=Urgency.FLASH)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        rows = uow.session.scalars(select(Outbox).where(Outbox.code == "urgent_outgoing").order_by(Outbox.id)).all()
        old = {"code": None, "params": None, "subject": "Như đã viết", "body": "Nội dung cũ"}
        uow.session.execute(update(Outbox).where(Outbox.id == rows[0].id).values(**old))
        uow.commit()
    clock.now = NOON
    for who, language, shown in (
        ("leader", "vi", "Hỏa tốc: chờ ký số"), ("leader", "en", "Flash: to sign"),
        ("head", "en", "Như đã viết"), ("clerk", "en", "Flash: format to check"),
    ):  # fmt: skip
        client.login(who).post(f"/language/{language}")
        page = client.get("/notices").text
        assert f'<span lang="{"vi" if who == "head" else language}">{shown}</span>' in page
        if who != "head":
            assert "V/v &lt;b&gt;bão&lt;/b&gt; số 9" in page
