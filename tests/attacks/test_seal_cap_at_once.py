"""Orders for the server's key that come at the same moment: the daily cap holds, nonsense is answered."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.attacks.crowd import together
from tests.support.browser import Clock, open_session
from tests.support.papers import Papers
from workflow.sealer import Sealer
from workflow.store.models import Signature, Unit
from workflow.store.session import unit_of_work

AT_ONCE = 4


class Key:
    """The agency's key; each use waits for the others, as long as they can come."""

    def __init__(self, papers: Papers) -> None:
        self._identity = papers.keys.held["commune"]
        self.certificate = self._identity.der
        self._meeting = threading.Barrier(AT_ONCE)

    def sign(self, data: bytes) -> bytes:
        """Use it, when everybody is there or will not come."""
        with contextlib.suppress(threading.BrokenBarrierError):
            self._meeting.wait(timeout=2)
        return self._identity.sign(data, raw=True)


@pytest.fixture
def sealer(papers: Papers, clock: Clock) -> Sealer:
    """The seal process, which may sign once a day, by a head's leave."""
    agency = papers.office.units["commune"]
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, agency).server_seal = True
        uow.commit()
    return Sealer(papers.office.engine, papers.blobs, {agency: Key(papers)}, clock, cap=1)


def _login(papers: Papers, clock: Clock) -> str:
    clerk = papers.office.posts["clerk"]
    return open_session(papers.office.engine, clerk.person_id, post_id=clerk.id, now=clock())


def test_the_daily_cap_counts_orders_of_one_moment(papers: Papers, clock: Clock, sealer: Sealer) -> None:
    """Four orders at once where one is left for today: one signature, three refusals."""
    login = _login(papers, clock)
    answers: list[dict[str, Any]] = []
    orders = [
        {"document_id": one, "version": papers.row(one).version, "purpose": "number", "login": login}
        for one in [papers.numbered() for _ in range(AT_ONCE)]
    ]
    together(
        [
            threading.Thread(target=lambda order=order: answers.append(sealer.answer(json.dumps(order).encode())))
            for order in orders
        ]
    )
    with unit_of_work(papers.office.engine) as uow:
        made = uow.session.scalar(select(func.count()).where(Signature.key_holder == "server_seal"))
    assert made == 1
    assert sorted(answer.get("code", "") for answer in answers) == ["", *["server_seal_daily_cap"] * 3]


@pytest.mark.parametrize("field", ["login", "address", "purpose"])
def test_half_letters_are_no_order(papers: Papers, clock: Clock, sealer: Sealer, field: str) -> None:
    """JSON can write half of a letter; neither hash nor database takes it, and the asker is told so."""
    order = {"document_id": 1, "version": 1, "purpose": "number", "login": _login(papers, clock), field: "\ud800"}
    assert sealer.answer(json.dumps(order).encode()) == {"ok": False, "code": "order_malformed"}
