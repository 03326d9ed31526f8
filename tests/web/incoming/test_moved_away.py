"""Somebody who now works in another agency: what bears their name in the old one is gone from the next day on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.support.arrivals import LETTER, Arrivals
from tests.support.browser import Browser, Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from tests.support.shelf import shelve
from tests.web.api.conftest import token_for
from workflow.services import search
from workflow.services.incoming.deadlines import DueChoice
from workflow.store.models import Explanation, PostRow
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
OWN, SIGNED = "Việc của người chuyển đi", "Văn bản người chuyển đi đã ký"
WORDS = (LETTER.subject, LETTER.symbol, OWN, SIGNED, "biên chế")


def move(office: Office, engine: Engine, name: str, *, last_day: dt.date) -> None:
    """Their post ends on a day; on the next they begin in the neighbour's office. `moved` is who they are there."""
    here, far = office.posts[name], office.units["far_office"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, here.id).valid_to = last_day
        made = PostRow(
            person_id=here.person_id, unit_id=far, agency_id=office.units["far"], role=here.role, title="Mới",
            valid_from=last_day,
        )  # fmt: skip
        uow.add(made)
        uow.flush()
        office.posts["moved"] = replace(here, id=made.id, unit_id=far, agency_id=office.units["far"])
        office.names["moved"] = office.names[name]
        uow.commit()


@pytest.fixture
def papers(office: Office, arrivals: Arrivals, engine: Engine) -> dict[str, int]:
    """An incoming document that the specialist handles, what they drafted and what they signed."""
    post = office.posts["specialist"]
    own = issued_row(office, subject=OWN, drafter_id=post.person_id, unit="culture")
    signed = issued_row(office, subject=SIGNED, signer="specialist", unit="culture")
    found = arrivals.in_progress(due=DueChoice(day=dt.date(2026, 12, 4)))
    made = add_issued(office, own, signed)
    shelve(office, 6)
    with unit_of_work(engine) as uow:
        search.rebuild(uow)
        uow.commit()
    with unit_of_work(engine) as uow:
        search.write_some(uow, now=arrivals.now, limit=100)
        uow.commit()
    return {"incoming": found.id, "drafted": made[0], "signed": made[1]}


def pages(papers: dict[str, int]) -> tuple[str, ...]:
    """Where they could be met or counted."""
    return (
        "/incoming", "/incoming?sort=number", "/incoming?sort=due", "/incoming?filters=1&q=bien+che", "/outgoing",
        "/outgoing?sort=issued", "/desk", "/search?q=bi%C3%AAn+ch%E1%BA%BF", "/search?q=chuy%E1%BB%83n+%C4%91i",
        f"/incoming/{papers['incoming']}", f"/outgoing/{papers['drafted']}", f"/outgoing/{papers['signed']}",
    )  # fmt: skip


def test_seen_before_and_not_from_the_next_day_on(
    client: Browser, office: Office, engine: Engine, clock: Clock, papers: dict[str, int]
) -> None:
    """List, search, page, desk and API: what a stranger of that agency sees, to the letter, and nothing more."""
    client.login("specialist")
    for address in pages(papers):
        page = client.get(address)
        assert page.status_code == 200
        assert any(word in page.text for word in (*WORDS, f'href="/outgoing/{papers["drafted"]}"')), address
    move(office, engine, "specialist", last_day=clock().date())
    clock.now += DAY
    seen: dict[str, list[tuple[int, bool]]] = {}
    for who in ("moved", "far_drafter"):
        client.login(who)
        seen[who] = []
        for address in pages(papers):
            page = client.get(address)
            shown = (*WORDS[:4], f'href="/outgoing/{papers["drafted"]}"', f'href="/incoming/{papers["incoming"]}"')
            assert not any(word in page.text for word in shown), (who, address)
            seen[who].append((page.status_code, "2" in page.text and "văn bản" in page.text))
        bearer = {"Authorization": f"Bearer {token_for(engine, office, who, now=clock())}"}
        for address in ("/incoming", "/documents", "/search?q=biên chế", "/search?q=chuyển đi"):
            answer = client.get(f"/api/v1{address}", headers=bearer)
            assert answer.status_code == 200
            assert answer.json["items"] == [], (who, address)
        for address in (f"/incoming/{papers['incoming']}", f"/documents/{papers['drafted']}"):
            assert client.get(f"/api/v1{address}", headers=bearer).status_code == 404
    assert seen["moved"] == seen["far_drafter"]
    assert [status for status, _ in seen["moved"]].count(404) == 3
    client.login("specialist")
    assert LETTER.subject not in client.get("/incoming").text, "the old session's post is over"


def test_what_is_still_owed_can_be_explained_and_nothing_else(
    client: Browser, office: Office, engine: Engine, clock: Clock, papers: dict[str, int]
) -> None:
    """An explanation asked for before they left stays theirs to give; the document itself stays out of reach."""
    post, key = office.posts["specialist"], papers["incoming"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        row = Explanation(
            incoming_id=key, lateness="x", missed_at=clock(), person_id=post.person_id, unit_id=post.unit_id,
            held_by="specialist", state="owed", demanded_at=clock(), due_at=clock() + 3 * DAY,
        )  # fmt: skip
        uow.add(row)
        uow.commit()
        owed = row.id
    move(office, engine, "specialist", last_day=clock().date())
    clock.now += DAY
    client.login("moved")
    assert client.get(f"/incoming/{key}").status_code == 404
    assert client.get(f"/incoming/{key}/explain").status_code == 200
    with unit_of_work(engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Explanation, owed)
        row.state, row.given_at, row.cause = "accepted", clock(), "objective"
        uow.commit()
    assert client.get(f"/incoming/{key}/explain").status_code == 404
