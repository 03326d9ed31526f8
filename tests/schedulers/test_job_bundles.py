"""Bundles that were asked for: made once, told how far, given up on, cancelled, cleared away; on both databases."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from schedulers.job import Tools
from schedulers.jobs.housekeeping import FREQUENT
from tests.schedulers.conftest import Hand
from tests.support import bundles, orders
from tests.support.anchored import anchor
from tests.support.office import Office
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.errors import Conflict, NotFound, Refused
from workflow.domain.permissions import Scope
from workflow.services import housekeeping
from workflow.services.proving import making
from workflow.services.proving import orders as service
from workflow.services.proving.orders import Reaches, Wanted
from workflow.store import bundle_orders as store
from workflow.store.models import BundleOrder, Journal, Outbox, Outgoing
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
HELD = "7::"


@pytest.fixture
def papers(office: Office, tools: Tools) -> Papers:
    return papers_of(office, open_blobs(tools.settings.blob_url))


def ask(papers: Papers, document: int, who: str = "clerk") -> BundleOrder:
    scope = papers.office.scope(who)
    order: BundleOrder = papers.do(
        service.ask, who, scoped=False, person_id=papers.office.posts[who].person_id, held_as=HELD,
        wanted=Wanted(kind="document", given={"document": document}, reader=scope, figures=scope),
        shown={"title": "t", "file": "f.zip", "back": "/", "journal": {"document": document}},
    )  # fmt: skip
    return order


def order_of(papers: Papers, order_id: int, who: str = "clerk") -> BundleOrder:
    with unit_of_work(papers.office.engine) as uow:
        return store.own(uow.session, papers.office.posts[who].person_id, HELD, order_id)


def lying(tools: Tools) -> list[str]:
    return sorted(open_blobs(tools.settings.blob_url).shelf())


def test_made_once_and_kept_for_a_day(papers: Papers, tools: Tools, clock: Hand, tmp_path: Path) -> None:
    """The very bytes that a page would have given; asked for twice it is one; whoever is somebody else finds none;
    after its day it is taken off the shelf, and the night forgets it."""
    document = papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    order = ask(papers, document)
    assert ask(papers, document).id == order.id
    assert orders.run(tools) == {"made": 1, "refused": 0, "stopped": 0, "cleared": 0}
    made = order_of(papers, order.id)
    assert (made.state, made.done_steps, made.attempt) == ("ready", made.all_steps, 1)
    assert made.all_steps > 10
    there = tmp_path / "there.zip"
    there.write_bytes(b"".join(open_blobs(tools.settings.blob_url).shelved(f"bundle-{order.id}.zip")))
    contents = papers.do(making.of_document, "clerk", document_id=document)
    here = bundles.written(papers, contents, tmp_path / "here.zip")
    assert (there.read_bytes(), made.size) == (here.read_bytes(), len(here.read_bytes()))
    with pytest.raises(NotFound):
        order_of(papers, order.id, "leader")
    with unit_of_work(papers.office.engine) as uow, pytest.raises(NotFound):
        store.own(uow.session, papers.office.posts["clerk"].person_id, "8::", order.id)
    clock.now += DAY - HOUR
    assert orders.run(tools)["cleared"] == 0
    clock.now += 2 * HOUR
    assert (orders.run(tools)["cleared"], lying(tools)) == (1, [])
    papers.now = clock.now
    with pytest.raises(Refused, match="bundle_over"):
        papers.do(service.give, "clerk", scoped=False, person_id=papers.office.posts["clerk"].person_id,
                  held_as=HELD, order_id=order.id, reaches=Reaches(reader=Scope(), figures=Scope()))  # fmt: skip
    with unit_of_work(papers.office.engine) as uow:
        assert housekeeping.clear_rows(uow, now=clock.now, frequent_jobs=FREQUENT)["bundles"] == 1
        uow.commit()
    with pytest.raises(NotFound):
        order_of(papers, order.id)


def test_a_paper_that_went_out_of_reach_is_not_given_away(papers: Papers, tools: Tools) -> None:
    """Asked again when it is taken: the bundle was made while it was within reach. The journal names no paper."""
    document, who = papers.issued(), papers.office.posts["clerk"].person_id
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    order, scope = ask(papers, document), papers.office.scope("clerk")
    orders.run(tools)
    reaches = Reaches(reader=scope, figures=scope)
    given = {"person_id": who, "held_as": HELD, "order_id": order.id, "reaches": reaches}
    _moved(papers, document, "far")
    with pytest.raises(Refused, match="bundle_reach_changed"):
        papers.do(service.give, "clerk", scoped=False, **given)
    _moved(papers, document, "commune")
    made = papers.do(service.give, "clerk", scoped=False, **given).made
    assert made["papers"] == [f"outgoing:{document}"]
    with unit_of_work(papers.office.engine) as uow:
        [taken] = uow.session.scalars(select(Journal).where(Journal.tag == "bundle:document:taken"))
        assert "papers" not in json.loads(taken.body)["facts"]


def _moved(papers: Papers, document: int, agency: str) -> None:
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Outgoing, document).agency_id = papers.office.units[agency]
        uow.commit()


def test_what_cannot_be_made_says_why(papers: Papers, tools: Tools) -> None:
    """Its refusal stands in the order; the next one is made all the same."""
    draft, document = papers.draft(), papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    first, second = ask(papers, draft), ask(papers, document)
    with pytest.raises(Refused, match="bundle_orders_open"):
        ask(papers, papers.draft())
    counts = orders.run(tools)
    assert (counts["refused"], counts["made"]) == (1, 1)
    assert (order_of(papers, first.id).state, order_of(papers, first.id).code) == ("refused", "bundle_not_issued")
    assert order_of(papers, second.id).state == "ready"


def test_who_went_on_to_something_else_is_told(papers: Papers, tools: Tools, clock: Hand) -> None:
    """Both ends, each once; who sits before the page sees the end there and gets no notice."""
    document, draft = papers.issued(), papers.draft()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    papers.now = clock.now
    ask(papers, document, "leader")
    orders.run(tools)
    assert _told(papers, "leader") == []
    ready, refused = ask(papers, document), ask(papers, draft)
    clock.now += 2 * service.SITS
    orders.run(tools)
    orders.run(tools)
    until = (clock.now + DAY).isoformat()
    assert _told(papers, "clerk") == [
        ("bundle_ready", f"/bundles/orders/{ready.id}", {"file": "f.zip", "until": until}),
        ("bundle_refused", f"/bundles/orders/{refused.id}", {"file": "f.zip"}),
    ]


def _told(papers: Papers, who: str) -> list[tuple[str | None, str, dict[str, Any] | None]]:
    mine = select(Outbox).where(
        Outbox.person_id == papers.office.posts[who].person_id, Outbox.once_key.startswith("bundle:")
    )  # fmt: skip
    with unit_of_work(papers.office.engine) as uow:
        return [(one.code, one.link, one.params) for one in uow.session.scalars(mine.order_by(Outbox.id))]


def test_a_maker_that_was_killed_is_made_up_for_three_times(papers: Papers, tools: Tools, clock: Hand) -> None:
    """Another one takes the order over when the lease has run out; whoever comes late cannot finish it."""
    document = papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    order = ask(papers, document)
    works = []
    for _time in range(3):
        works.append(take(tools))
        assert take(tools) is None  # somebody is at it
        clock.now += 6 * dt.timedelta(minutes=1)
    late = works[0]
    assert late is not None
    with unit_of_work(tools.engine) as uow, pytest.raises(Conflict, match="bundle_stopped"):
        service.tell(uow, late, done=1, of=2, now=clock.now)
    assert take(tools) is None
    assert (order_of(papers, order.id).state, order_of(papers, order.id).code) == ("refused", "bundle_given_up")


def take(tools: Tools) -> service.Work | None:
    with unit_of_work(tools.engine) as uow:
        work = service.take(uow, now=tools.clock())
        uow.commit()
        return work


class Watched(Blobs):
    """A store in which something happens when the first file is read."""

    happens = staticmethod(lambda: None)

    def get(self, sha256: str) -> bytes:
        self.happens()
        return super().get(sha256)


def test_cancelled_and_stopped_half_way(
    papers: Papers, tools: Tools, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled while it is made: nothing is laid on the shelf. A process that is told to end gives the order back,
    and that counts as no attempt."""
    from schedulers.jobs import bundles as job  # noqa: PLC0415

    document = papers.issued()
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    order, person = ask(papers, document), papers.office.posts["clerk"].person_id
    real = open_blobs(tools.settings.blob_url)
    watched = Watched(real._store, real._folder)
    monkeypatch.setattr(job, "open_blobs", lambda _url: watched)
    monkeypatch.setattr(job, "TELL_EACH", 0.0)
    stopping = Tools(tools.engine, tools.settings, clock, threading.Event())
    Watched.happens = staticmethod(stopping.stopping.set)
    assert orders.run(stopping)["stopped"] == 1
    assert (order_of(papers, order.id).state, order_of(papers, order.id).attempt) == ("waiting", 0)
    Watched.happens = staticmethod(
        lambda: papers.do(service.cancel, "clerk", scoped=False, person_id=person, held_as=HELD, order_id=order.id)
    )
    assert orders.run(tools)["stopped"] == 1
    assert (order_of(papers, order.id).state, lying(tools)) == ("cancelled", [])
    assert orders.run(tools) == {"made": 0, "refused": 0, "stopped": 0, "cleared": 0}
