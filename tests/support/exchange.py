"""Two agencies that write to each other: the commune issues, the neighbour receives, and the other way round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, SINCE, Office
from workflow.domain.incoming import Part
from workflow.domain.outgoing import Action
from workflow.domain.permissions import Scope
from workflow.services.documents import acts
from workflow.services.exchange import correcting
from workflow.services.incoming import registering, routing, working
from workflow.services.incoming.routing import Direction, To
from workflow.services.journal import record_document
from workflow.store import exchange as store
from workflow.store.models import Delivery, Incoming, Outbox, Outgoing, Recipient, Unit, UnitSuccession
from workflow.store.session import unit_of_work

CLERK = {"commune": "clerk", "far": "far_clerk"}


class Between:
    """Acts by short names. A paper is a secret one unless a test brings its own: it needs no file and no keys."""

    def __init__(self, office: Office, now: dt.datetime = NOON) -> None:
        self.office = office
        self.now = now

    def do(self, name: str, service: Callable[..., Any], **given: Any) -> Any:
        """One act in one unit of work, committed."""
        self.now += dt.timedelta(minutes=5)
        with unit_of_work(self.office.engine) as uow:
            result = service(uow, self.office.actor(name), self.office.scope(name), now=self.now, **given)
            uow.commit()
            return result

    def ready(self, *to: str, sender: str = "commune", **changes: Any) -> int:
        """A paper whose next step is to be issued to some agencies."""
        unit = "economy" if sender == "commune" else "far_office"
        given = {"state": "numbered", "secret": True, "medium": "ink", "sealed_at": None} | changes
        row = issued_row(self.office, unit=unit, issued_at=self.now, **given) | {
            "issued_at": None,
            "closed_at": None,
        }
        (made,) = add_issued(self.office, row)
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            uow.session.add_all(Recipient(outgoing_id=made, agency_id=self.office.units[name]) for name in to)
            uow.commit()
        return made

    @contextmanager
    def drafting(self, document: int) -> Iterator[None]:
        """A paper that is ready as if it were a draft, for what only its drafter says; then signed with that."""
        blank = dict.fromkeys(("signed_at", "numbered_at", "sealed_at", "number"))
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            row = uow.session.get_one(Outgoing, document)
            before = {name: getattr(row, name) for name in (*blank, "state")}
            self._set(row, blank | {"state": "draft"})
            uow.commit()
        try:
            yield
        finally:
            with unit_of_work(self.office.engine) as uow:
                uow.begin_write()
                row = uow.session.get_one(Outgoing, document)
                self._set(row, before)
                told, clerk = correcting.signed_with(uow, row), self.office.actor("clerk")
                record_document(uow, row, tag="document:outgoing:record_ink", facts=told, actor=clerk, now=self.now)
                uow.commit()

    def row(self, document: int) -> Outgoing:
        """A document of ours as it stands."""
        with unit_of_work(self.office.engine) as uow:
            return uow.session.get_one(Outgoing, document)

    @staticmethod
    def _set(row: Outgoing, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    def says(self, document: int, *, by: str = "drafter", **what: Any) -> None:
        """Its drafter says what a paper that is ready corrects, amends or replaces."""
        with self.drafting(document):
            self.do(by, correcting.name_corrected, document_id=document, **what)

    def issue(self, document: int, *, sender: str = "commune") -> None:
        """The clerk's last step."""
        self.do(CLERK[sender], acts.act, document_id=document, action=Action.ISSUE, version=None)

    def sent(self, *to: str, sender: str = "commune", **changes: Any) -> int:
        """Ready and issued."""
        document = self.ready(*to or ("far",), sender=sender, **changes)
        self.issue(document, sender=sender)
        return document

    def arrived(self, document: int, at: str = "far") -> Incoming:
        """What an agency got of it, as it stands."""
        with unit_of_work(self.office.engine) as uow:
            query = select(Incoming).join(Delivery, Delivery.incoming_id == Incoming.id)
            return uow.session.scalars(
                query.where(Delivery.outgoing_id == document, Delivery.agency_id == self.office.units[at])
            ).one()

    def delivery(self, document: int, at: str = "far") -> Delivery:
        """The delivery as it stands."""
        with unit_of_work(self.office.engine) as uow:
            found = store.delivery_of(uow.session, document, self.office.units[at])
            assert found is not None
            return found

    def codes(self, document: int, at: str = "far") -> list[str]:
        """What the sender was told, in order."""
        with unit_of_work(self.office.engine) as uow:
            return list(store.codes_of(uow.session, self.delivery(document, at).id))

    def words(self, document: int, *, by: str = "clerk") -> list[tuple[str, str]]:
        """(code, reason) as the sender reads them."""
        with unit_of_work(self.office.engine) as uow:
            return [(row.code, row.reason) for row in store.statuses_of(self.scope(by), uow.session, document)]

    def scope(self, name: str) -> Scope:
        """What somebody reaches."""
        return self.office.scope(name)

    def registered(self, document: int, at: str = "far") -> Incoming:
        """Entered in the receiver's register."""
        row = self.arrived(document, at)
        return self.do(CLERK[at], registering.register, incoming_id=row.id, version=row.version)

    def assigned(self, document: int) -> Incoming:
        """With the neighbour's specialist."""
        row = self.registered(document)
        row = self.do("far_clerk", routing.submit, incoming_id=row.id, version=row.version,
                      leader_post_id=self.office.posts["far_leader"].id)  # fmt: skip
        lead = (To(part=Part.LEAD, unit_id=self.office.units["far_office"]),)
        row = self.do("far_leader", routing.direct, incoming_id=row.id, version=row.version,
                      direction=Direction(to=lead))  # fmt: skip
        return self.do("far_leader", routing.assign, incoming_id=row.id, version=row.version,
                       handler_post_id=self.office.posts["far_drafter"].id)  # fmt: skip

    def started(self, document: int) -> Incoming:
        """And begun."""
        row = self.assigned(document)
        return self.do("far_drafter", working.act, incoming_id=row.id, version=row.version, action="start")

    def notices(self, name: str) -> list[str]:
        """Subjects of what somebody was told in the app."""
        with unit_of_work(self.office.engine) as uow:
            query = select(Outbox.subject).where(Outbox.person_id == self.office.posts[name].person_id)
            return list(uow.session.scalars(query.order_by(Outbox.id)))

    def agencies(self, count: int) -> Sequence[str]:
        """More agencies in the province; their short names."""
        names = [f"x{number}" for number in range(count)]
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            for name in names:
                self.office.units[name] = _agency(uow, name, f"Ủy ban nhân dân xã {name}")
            uow.commit()
        return names

    def dissolve(self, name: str, *, successor: str | None = None) -> None:
        """An agency ended yesterday."""
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            unit = uow.session.get_one(Unit, self.office.units[name])
            unit.valid_to = NOON.date() - dt.timedelta(days=1)
            if successor:
                uow.add(UnitSuccession(predecessor_id=unit.id, successor_id=self.office.units[successor],
                                       happened_on=NOON.date()))  # fmt: skip
            uow.commit()


def _agency(uow: Any, code: str, name: str) -> int:
    unit = Unit(code=f"H98.{code}", name=name, abbreviation="UBND", kind="agency", valid_from=SINCE)
    uow.add(unit)
    uow.flush()
    unit.agency_id = unit.id
    return int(unit.id)
