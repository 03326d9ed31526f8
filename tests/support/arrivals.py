"""Incoming documents for tests: a paper on the clerk's table, and the road from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.support.office import NOON, Office
from workflow.domain.incoming import Part, Result, Source
from workflow.services.incoming import arriving, explaining, registering, routing, working
from workflow.services.incoming.arriving import Facts
from workflow.services.incoming.routing import Direction, To
from workflow.store.models import Incoming
from workflow.store.session import unit_of_work

LETTER = Facts(
    issuer="Sở Nội vụ tỉnh Lam Giang", symbol="0412/SNV-TCBC", issued_on=dt.date(2026, 11, 20), type_code="letter",
    subject="Về việc rà soát biên chế năm 2027", signer="Trần Thị Thu", signer_title="Giám đốc",
)  # fmt: skip


class Arrivals:
    """Acts by short names: `arrivals.do("clerk", registering.register, incoming_id=…)`."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.now = NOON

    def do(self, name: str, service: Callable[..., Any], *, later: dt.timedelta | None = None, **given: Any) -> Any:
        """One act in one unit of work, committed."""
        self.now += later or dt.timedelta(minutes=5)
        with unit_of_work(self.office.engine) as uow:
            result = service(uow, self.office.actor(name), self.office.scope(name), now=self.now, **given)
            uow.commit()
            return result

    def paper(self, *, facts: Facts = LETTER, clerk: str = "clerk") -> Incoming:
        """A paper that lies on the clerk's table."""
        with unit_of_work(self.office.engine) as uow:
            actor = self.office.actor(clerk)
            made, _new = arriving.arrive(
                uow, actor, agency_id=actor.agency_id or 0, facts=facts, source=Source.PAPER, now=self.now
            )
            uow.commit()
            return made

    def registered(self, **given: Any) -> Incoming:
        """In the register."""
        paper = self.paper(**given)
        return self.do(
            given.get("clerk", "clerk"), registering.register, incoming_id=paper.id, version=paper.version
        )

    def submitted(self, **given: Any) -> Incoming:
        """With the leader."""
        leader = self.office.posts["leader"].id
        found = self.registered(**given)
        return self.do("clerk", routing.submit, incoming_id=found.id, version=found.version, leader_post_id=leader)

    def direction(self, **given: Any) -> Direction:
        """Economy leads, culture coordinates."""
        units = self.office.units
        to = (To(part=Part.LEAD, unit_id=units["economy"]), To(part=Part.COORDINATE, unit_id=units["culture"]))
        return Direction(to=to, words="Phòng Kinh tế tham mưu", **given)

    def directed(self, *, due: Any = None, **given: Any) -> Incoming:
        """With the economy unit."""
        found = self.submitted(**given)
        return self.do(
            "leader", routing.direct, incoming_id=found.id, version=found.version, direction=self.direction(due=due)
        )

    def assigned(self, **given: Any) -> Incoming:
        """With the specialist."""
        found = self.directed(**given)
        post = self.office.posts["specialist"].id
        return self.do("head", routing.assign, incoming_id=found.id, version=found.version, handler_post_id=post)

    def in_progress(self, **given: Any) -> Incoming:
        """Under work."""
        found = self.assigned(**given)
        return self.do("specialist", working.act, incoming_id=found.id, version=found.version, action="start")

    def explained_late(self, *, due: Any, days: int = 1) -> Incoming:
        """Led by economy alone, finished so many days too late by the specialist, who owes an explanation."""
        found = self.submitted()
        alone = Direction(to=(To(part=Part.LEAD, unit_id=self.office.units["economy"]),), words="Tham mưu", due=due)
        self.do("leader", routing.direct, incoming_id=found.id, version=None, direction=alone)
        post = self.office.posts["specialist"].id
        self.do("head", routing.assign, incoming_id=found.id, version=None, handler_post_id=post)
        self.do("specialist", working.act, incoming_id=found.id, version=None, action="start")
        self.now += dt.timedelta(days=days)
        late: Incoming = self.do(
            "specialist", working.finish, incoming_id=found.id, version=None, result=Result.SETTLED, words="Xong"
        )
        with unit_of_work(self.office.engine) as uow:
            assert explaining.demand_for_job(uow, incoming_id=late.id, part_id=None, now=self.now) is not None
            uow.commit()
        return late
