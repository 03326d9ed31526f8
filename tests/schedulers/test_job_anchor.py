"""The job `anchor`: one each period whoever runs it, stamped where an authority answers, made where none does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due, run_period
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support import stamping
from tests.support.anchored import owner, write
from tests.support.office import Office
from workflow.services import anchor_stamps
from workflow.services.auditing import examine
from workflow.store.models import Anchor, AnchorToken, JobRun
from workflow.store.session import unit_of_work

HALF = dt.timedelta(minutes=30)
ANCHOR = job("anchor")


def made(tools: Tools) -> list[tuple[int, str]]:
    """Anchors with their periods."""
    with unit_of_work(tools.engine) as uow:
        return [(row.number, row.period) for row in uow.session.scalars(select(Anchor).order_by(Anchor.number))]


def result(tools: Tools) -> dict[str, object]:
    """What the ledger says of the last run."""
    with unit_of_work(tools.engine) as uow:
        return dict(uow.session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(1)).one().result)


def test_one_each_half_hour_and_none_twice(tools: Tools, office: Office, clock: Hand) -> None:
    """Also where a process died between the anchor and its `done`; an hour without a scheduler costs one anchor."""
    write(tools.engine, "unit:900")
    assert run_due(tools, ANCHOR) == {"2026-11-23T12:00": Outcome.DONE}
    with tools.engine.begin() as connection:
        connection.execute(text("UPDATE job_run SET state = 'running', lease_until = '2020-01-01 00:00:00'"))
    assert run_period(tools, ANCHOR, "2026-11-23T12:00", by_hand=True) is Outcome.DONE
    assert made(tools) == [(1, "2026-11-23T12:00")]
    write(tools.engine, "unit:900", "unit:901")
    clock.now += 3 * HALF
    assert run_due(tools, ANCHOR) == {"2026-11-23T13:30": Outcome.DONE}
    assert [number for number, _period in made(tools)] == [1, 2]
    assert result(tools) == {"anchors": 1, "chains": 2}
    assert examine(tools.engine).open_entries == 0


def test_much_at_once_is_made_in_parts(tools: Tools, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it in one period."""
    monkeypatch.setitem(ANCHOR.run.__globals__["anchoring"].prepare.__kwdefaults__, "most", 5)
    write(tools.engine, *(f"unit:{key}" for key in range(900, 912)))
    assert run_due(tools, ANCHOR) == {"2026-11-23T12:00": Outcome.DONE}
    assert len(made(tools)) >= 3
    assert {period for _number, period in made(tools)} == {"2026-11-23T12:00"}
    assert (examine(tools.engine).open_entries, examine(tools.engine).findings) == (0, [])


def test_what_is_no_timestamp_of_its_anchor_is_found(tools: Tools, office: Office, clock: Hand) -> None:
    """Garbage, half of it, one older than its anchor, another moment or name beside it. Of one that somebody made
    himself nothing can be told: it counts for nothing."""
    stamping.listed(tools.engine)
    write(tools.engine, "unit:900")
    with stamping.authority(clock) as url:
        run_due(replace(tools, settings=replace(tools.settings, tsa_url=url)), ANCHOR)
    with unit_of_work(tools.engine) as uow:
        row = uow.session.scalars(select(AnchorToken)).one()
        digest = uow.session.get_one(Anchor, 1).digest
        good = {"token": row.token, "stamped_at": row.stamped_at, "authority": row.authority}
        check = anchor_stamps.checking(anchor_stamps.trusted(uow), at=clock.now)
    early = clock.now - dt.timedelta(minutes=6)
    made = stamping.token(digest, at=clock.now, listed=False)
    bent = row.token[:-1] + bytes([row.token[-1] ^ 1])
    for change, found, stamped in (
        ({}, [], 1),
        ({"token": b"khong phai dau thoi gian"}, ["token_wrong"], 0),
        ({"token": b""}, ["token_wrong"], 0),
        ({"token": row.token[:-40]}, ["token_wrong"], 0),
        ({"token": bent}, ["token_wrong"], 0),
        ({"token": stamping.token(digest, at=early), "stamped_at": early}, ["token_wrong"], 0),
        ({"stamped_at": clock.now - HALF}, ["token_wrong"], 0),
        ({"authority": "Cục khác"}, ["token_wrong"], 0),
        ({"token": made}, [], 0),
        ({"token": made, "stamped_at": clock.now - HALF}, ["token_wrong"], 0),
    ):
        with owner(tools.engine) as connection:
            connection.execute(update(AnchorToken).values({**good, **change}))
        told = examine(tools.engine, check_token=check)
        assert ([one.flaw for one in told.findings], told.stamped) == (found, stamped), change.keys()


def test_lost_nodes_are_worked_out_first(tools: Tools, office: Office, clock: Hand) -> None:
    """An anchor is made all the same, with the right root."""
    write(tools.engine, *(f"unit:{key}" for key in range(900, 940)))
    run_due(tools, ANCHOR)
    with owner(tools.engine) as connection:
        connection.execute(text("DELETE FROM anchor_node"))
    write(tools.engine, "unit:900")
    clock.now += HALF
    assert run_due(tools, ANCHOR) == {"2026-11-23T12:30": Outcome.DONE}
    assert examine(tools.engine).findings == []


def test_a_dead_authority_delays_nothing_and_is_asked_again(tools: Tools, office: Office, clock: Hand) -> None:
    """Two anchors without a timestamp get theirs when it is back; a token over something else is found."""
    stamping.listed(tools.engine)
    dead = replace(tools, settings=replace(tools.settings, tsa_url="http://127.0.0.1:9/"))
    for _hour in range(2):
        write(tools.engine, "unit:900")
        assert list(run_due(dead, ANCHOR).values()) == [Outcome.DONE]
        clock.now += HALF
    assert result(tools) == {"anchors": 1, "chains": 1, "stamped": 0, "unstamped": 2}
    with stamping.authority(clock) as url:
        there = replace(tools, settings=replace(tools.settings, tsa_url=url))
        assert list(run_due(there, ANCHOR).values()) == [Outcome.DONE]
    assert result(tools) == {"anchors": 1, "chains": 0, "stamped": 3, "unstamped": 0}
    with unit_of_work(tools.engine) as uow:
        check = anchor_stamps.checking(anchor_stamps.trusted(uow), at=clock.now)
        tokens = uow.session.scalars(select(AnchorToken)).all()
        assert {one.anchor for one in tokens} == {1, 2, 3}
        assert all(one.stamped_at == clock.now for one in tokens)
    told = examine(tools.engine, check_token=check)
    assert (told.findings, told.stamped) == ([], 3)
    with owner(tools.engine) as connection:
        connection.execute(text("UPDATE anchor_token SET anchor = 1 WHERE anchor = 2"))
    told = examine(tools.engine, check_token=check)
    assert [(one.flaw, one.what) for one in told.findings] == [("token_wrong", "1")]
