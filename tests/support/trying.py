"""How an act of a random office is tried and judged by a slow reading of its rows, and what there is to choose."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from tests.support.by_key import sign_by_key
from tests.support.entitled import Rows, Signed
from tests.support.office import NOON, Office
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import State
from workflow.domain.people import Actor, Capacity, Post, Role
from workflow.domain.permissions import Scope, figures_scope
from workflow.services.journal import local_day
from workflow.store.mandates import as_post
from workflow.store.models import (
    Blob,
    MandateEnd,
    MandateRow,
    Organ,
    Outgoing,
    PostRow,
)
from workflow.store.session import UnitOfWork, unit_of_work

PLACES = ("commune", "office", "economy", "culture")


@dataclass(slots=True)
class Trying:
    """One agency; each act is refused or done whole, at `now`, chosen by `chance`. `signed`: what was."""

    office: Office
    now: dt.datetime = NOON
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    signed: list[Signed] = field(default_factory=list)
    refused: int = 0
    by_mandate: int = 0
    without_right: int = 0

    def found(self) -> None:
        """Two organs, so that a scope can name one."""
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            for code, name in (("UBND", "Ủy ban nhân dân"), ("HĐND", "Hội đồng nhân dân")):
                uow.add(Organ(agency_id=self.office.units["commune"], code=code, name=name, abbreviation=code))
            uow.commit()

    def _sign_as(self, row: Outgoing, actor: Actor, scope: Scope, capacity: Capacity) -> None:
        assert actor.post_id is not None
        self._judge(
            told_of(row, actor.post_id, capacity, day=local_day(self.now), at=self.now),
            lambda uow: sign_by_key(uow, actor, scope, row.id, now=self.now),
        )

    def _judge(self, told: Signed, act: Callable[[UnitOfWork], Any]) -> None:
        """Refused or done, as the slow reading of the rows says: never signed without a right, and what is refused
        for want of a right has none."""
        with unit_of_work(self.office.engine) as uow:
            rows = Rows.read(uow.session)
        right = rows.entitled(told)
        code = self._code(act)
        assert not (right and code.startswith("authority_")), (told, code)
        if code:
            self.refused += 1
            self.without_right += code.startswith("authority_")
            return
        assert right, told
        self.signed.append(told)
        self.by_mandate += bool(rows.by_a_mandate(told))

    def _code(self, act: Callable[[UnitOfWork], Any]) -> str:
        """Why it was refused; empty where it was done."""
        try:
            with unit_of_work(self.office.engine) as uow:
                act(uow)
                uow.commit()
        except WorkflowError as error:
            return error.code
        return ""

    def _try(self, act: Callable[[UnitOfWork], Any]) -> Any:
        try:
            with unit_of_work(self.office.engine) as uow:
                done = act(uow)
                uow.commit()
                return done
        except WorkflowError:
            self.refused += 1
            return None

    def _manage(self, service: Callable[..., Any], **named: Any) -> Any:
        scope = figures_scope(self.office.posts["admin"], agencies_below=())
        return self._try(lambda uow: service(uow, self.office.actor("admin"), scope, now=self.now, **named))

    def lay_before(self, document_id: int) -> None:
        """On the signer's desk with a file, as the format check leaves it: who may sign is asked at either end."""
        sha256 = hashlib.sha256(f"file {document_id}".encode()).hexdigest()
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            uow.add(Blob(sha256=sha256, size=1, media_type="application/pdf", created_at=self.now))
            uow.flush()
            row = uow.session.get_one(Outgoing, document_id)
            row.state, row.file_sha256, row.holder_id = State.AWAITING_SIGNATURE, sha256, row.signer_id
            uow.commit()

    def _waiting(self) -> Outgoing | None:
        with unit_of_work(self.office.engine) as uow:
            rows = uow.session.scalars(
                select(Outgoing).where(Outgoing.state == str(State.AWAITING_SIGNATURE)).order_by(Outgoing.id)
            ).all()
        if not rows:
            return None
        return rows[-1] if self.chance.random() < 0.6 else self.chance.choice(rows)

    def _posts(self) -> list[Post]:
        """Posts of the agency that can be named signers, those that are over too."""
        with unit_of_work(self.office.engine) as uow:
            rows = uow.session.scalars(
                select(PostRow)
                .where(PostRow.agency_id == self.office.units["commune"],
                       PostRow.role.in_(("leader", "deputy", "unit_head")))
                .order_by(PostRow.id)
            )  # fmt: skip
            return [as_post(row) for row in rows]

    def _mandates(self) -> Sequence[MandateRow]:
        with unit_of_work(self.office.engine) as uow:
            ended = select(MandateEnd.mandate_id)
            query = select(MandateRow).where(MandateRow.id.not_in(ended)).order_by(MandateRow.id)
            return uow.session.scalars(query).all()

    def _some(self, words: Sequence[str], none: float) -> tuple[str, ...]:
        if self.chance.random() < none:
            return ()
        return tuple(self.chance.sample(words, self.chance.randrange(1, len(words) + 1)))

    def _units(self, none: float) -> tuple[int, ...]:
        return tuple(self.office.units[name] for name in self._some(PLACES, none))

    def _leader(self) -> int | None:
        leaders = [one.id for one in self._posts() if one.role is Role.LEADER]
        return self.chance.choice(leaders) if leaders else None

    def _organs(self) -> list[int]:
        with unit_of_work(self.office.engine) as uow:
            return list(uow.session.scalars(select(Organ.id).order_by(Organ.id)))


def told_of(row: Outgoing, post_id: int, capacity: Capacity, *, day: dt.date, at: dt.datetime) -> Signed:
    """What is to be signed, as the slow reading takes it."""
    return Signed(
        document_id=row.id, post_id=post_id, capacity=str(capacity), agency_id=row.agency_id, unit_id=row.unit_id,
        organ_id=row.organ_id, type_code=row.type_code, day=day, at=at,
    )  # fmt: skip
