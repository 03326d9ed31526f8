"""An office in which mandates, posts and absences come and go, and people try to sign, entitled or not."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tests.support.by_key import sign_by_key
from tests.support.entitled import Rows
from tests.support.trying import PLACES, Trying, told_of
from workflow.domain.absences import Acts
from workflow.domain.mandates import FROM_THE_HEAD
from workflow.domain.people import Actor, Capacity, Role
from workflow.domain.permissions import scope_of
from workflow.services import absences, authority, handover, mandates, people
from workflow.services.authority import Entitled
from workflow.services.documents import drafting, ink
from workflow.services.journal import local_day
from workflow.services.mandates import Grant
from workflow.store.mandates import as_post
from workflow.store.models import MandateRow, Outgoing, PostRow, Signature
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
TYPES = ("letter", "decision", "plan")
RIGHTS = frozenset(Capacity)
QUESTIONS = 8
"""Asked after every act."""


@dataclass(slots=True)
class Bureau(Trying):
    """One agency over months; each verb tries something, which is refused or done whole."""

    def attempt(self, act: str, pick: int) -> None:
        """One act with everything about it chosen by `pick` and the moment: the same pick again is another act."""
        self.now += dt.timedelta(minutes=1)
        self.chance = random.Random(f"{pick} {self.now}")
        getattr(self, act)()

    # what administrators do

    def grant(self) -> None:
        """A mandate, sound or not, that begins, runs or has ended."""
        posts = self._posts()
        post, today = self.chance.choice(posts), local_day(self.now)
        wanted = self.chance.choice(sorted(RIGHTS))
        begins = today + DAY * self.chance.randrange(-20, 10)
        ends = self.chance.choice((None, begins + DAY * self.chance.randrange(0, 60)))
        parents = [row.id for row in self._mandates() if row.capacity == "tl"]
        passes_on = bool(parents) and self.chance.random() < 0.3
        leaders = [one.id for one in posts if one.role is Role.LEADER]
        source = self.chance.choice([*leaders, *leaders, self.chance.choice(posts).id, None])
        self._manage(mandates.grant, given=Grant(
            post_id=post.id, capacity=wanted, valid_from=begins, valid_to=ends,
            source_post_id=None if passes_on else source,
            parent_id=self.chance.choice(parents) if passes_on else None,
            types=self._some(TYPES, 0.3), units=self._units(0.7),
            organs=self._some(("UBND", "HĐND"), 0.8), legal_symbol=f"{self.chance.randrange(99)}/QĐ-UBND",
            legal_day=today - DAY * self.chance.randrange(0, 30), reason="Phân công",
        ))  # fmt: skip

    def forced(self) -> None:
        """A row past the services, as a script writes one: what the law does not know must entitle nobody."""
        posts, today = self._posts(), local_day(self.now)
        capacity = self.chance.choice(sorted(RIGHTS))
        parents = [row.id for row in self._mandates()] if capacity == "tl" else []
        source = self.chance.choice(posts).id if self.chance.random() < 0.5 else self._leader()
        row = MandateRow(
            agency_id=self.office.units["commune"], post_id=self.chance.choice(posts).id, capacity=capacity,
            source_post_id=source if capacity in FROM_THE_HEAD else None,
            parent_id=self.chance.choice(parents) if parents and self.chance.random() < 0.5 else None,
            type_codes=list(self._some(TYPES, 0.4)), unit_ids=list(self._units(0.5)), valid_from=today,
            valid_to=today + DAY * self.chance.randrange(0, 9), legal_symbol=self.chance.choice(("1/QĐ", " ")),
            legal_day=today - DAY * self.chance.randrange(0, 30), reason="-", granted_at=self.now,
            granted_by_id=self.office.posts["admin"].person_id,
        )  # fmt: skip
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            uow.add(row)
            uow.flush()
            uow.commit()

    def revoke(self) -> None:
        """Any of them, often the newest, by which somebody is about to sign."""
        if rows := self._mandates():
            row = rows[-1] if self.chance.random() < 0.5 else self.chance.choice(rows)
            self._manage(mandates.revoke, mandate_id=row.id, reason="Hết nhiệm vụ")

    def appoint(self) -> None:
        """Somebody takes one more post."""
        today = local_day(self.now)
        begins = today + DAY * self.chance.randrange(-10, 5)
        ends = self.chance.choice((None, begins + DAY * self.chance.randrange(0, 60)))
        role = self.chance.choice((Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD, Role.UNIT_HEAD))
        place = "commune" if role in {Role.LEADER, Role.DEPUTY} else self.chance.choice(PLACES[1:])
        person = self.office.posts[self.chance.choice(("head", "deputy", "chief", "specialist", "culture_head"))]
        self._manage(
            people.appoint, person_id=person.person_id,
            post=people.Appointment(unit_id=self.office.units[place], role=role, title="Chức vụ khác",
                                    valid_from=begins, valid_to=ends, decree="05/QĐ-UBND"),
        )  # fmt: skip

    def end_post(self) -> None:
        """On a day behind or ahead; refused while it holds work."""
        days = DAY * self.chance.randrange(-3, 20)
        self._manage(people.end_post, post_id=self.chance.choice(self._posts()).id,
                     last_day=local_day(self.now) + days, decree="06/QĐ-UBND")  # fmt: skip

    def hand_over(self) -> None:
        """Everything open goes to others: what was to be signed goes back, and mandates end."""
        to = {kind: self.chance.choice(self._posts()).id for kind in handover.Kind}
        self._manage(handover.hand_over, post_id=self.chance.choice(self._posts()).id, to=to, reason="Điều động")

    def leave(self) -> None:
        """Somebody looks after a desk for some days."""
        today, posts = local_day(self.now), self._posts()
        last_day = today + DAY * self.chance.randrange(0, 9)
        self._manage(
            absences.set_for, post_id=self.chance.choice(posts).id, deputy_post_id=self.chance.choice(posts).id,
            first_day=today, last_day=last_day, acts=Acts.PROCESSING, reason="Phép",
        )  # fmt: skip

    # what people sign

    def draft(self) -> None:
        """Names a signer, then lies before them: who is named in a draft that is refused signs nothing."""
        drafter = self.office.posts["drafter"]
        post = self.chance.choice(self._posts())
        facts = drafting.DraftFacts(
            type_code=self.chance.choice(TYPES), subject="V/v thử", signer_post_id=post.id,
            capacity=self.chance.choice(sorted(RIGHTS)), organ_id=self.chance.choice((None, *self._organs())),
        )  # fmt: skip
        made = self._try(lambda uow: drafting.create(uow, Actor.of(drafter), facts=facts, now=self.now))
        if made is not None:
            self.lay_before(made.id)

    def mandated(self) -> None:
        """A mandate for a head of a unit and a draft that it may cover: by chance alone few would be signed so."""
        heads = [one for one in self._posts() if one.role is Role.UNIT_HEAD]
        usual = (Capacity.TL, Capacity.TUQ)
        capacity = self.chance.choice((*usual, *usual, *usual, Capacity.KT, Capacity.Q))
        self._granted_and_drafted(self.chance.choice(heads).id, capacity)

    def temporary(self) -> None:
        """The same for somebody who holds a post for some days only."""
        today, unit_id = local_day(self.now), self.office.units[self.chance.choice(PLACES[1:])]
        post_id = self._appointed(unit_id, last_day=today + DAY * self.chance.randrange(0, 5))
        if post_id is not None:
            self._granted_and_drafted(post_id, self.chance.choice((Capacity.TL, Capacity.TUQ)))

    def passed_on(self) -> None:
        """An order goes on to a second head, in its unit or another, as it may or may not; perhaps once more."""
        today = local_day(self.now)
        first = self.chance.choice([one for one in self._posts() if one.role is Role.UNIT_HEAD])
        elsewhere = self.office.units[self.chance.choice(PLACES[1:])]
        second = self._appointed(first.unit_id if self.chance.random() < 0.8 else elsewhere, last_day=None)
        third = self._appointed(first.unit_id, last_day=None) if self.chance.random() < 0.3 else None
        if second is None:
            return
        order = self._grant(first.id, Capacity.TL, types=TYPES[:2], last_day=today + DAY * 3, source=self._leader())
        way = self.chance.choice((Capacity.TL, Capacity.TL, Capacity.TL, Capacity.TUQ))
        passed, holder = self._grant(second, way, types=TYPES, last_day=today + DAY * 30, parent=order), second
        if third is not None and passed is not None:
            self._grant(third, Capacity.TL, types=TYPES, last_day=today + DAY * 30, parent=passed)
            holder = third
        self._drafted(self.chance.choice(TYPES), holder, way)

    def _granted_and_drafted(self, post_id: int, capacity: Capacity) -> None:
        """Sound for the most part: now and then without an end, without types, or not from the head."""
        today, types = local_day(self.now), self.chance.choice((TYPES[:2], TYPES[1:]))
        odd = self.chance.random() < 0.25
        begins = today + DAY * self.chance.choice((0, 0, 0, 2))
        wanted: dict[str, Any] = {
            "types": types, "last_day": begins + DAY * self.chance.randrange(0, 9), "source": self._leader(),
            "first_day": begins, "units": self._units(0.5), "organs": self._some(("UBND", "HĐND"), 0.8),
        }  # fmt: skip
        if odd:
            wrong = {"last_day": None, "types": (), "source": self.chance.choice(self._posts()).id}
            name = self.chance.choice(sorted(wrong))
            wanted[name] = wrong[name]
        self._grant(post_id, capacity, **wanted)
        self.now += dt.timedelta(minutes=1)
        self._drafted(self.chance.choice((types[0], types[1], *TYPES)), post_id, capacity)

    def _grant(
        self, post_id: int, capacity: Capacity, *, types: tuple[str, ...], last_day: dt.date | None,
        source: int | None = None, parent: int | None = None, units: tuple[int, ...] = (),
        organs: tuple[str, ...] = (), first_day: dt.date | None = None,
    ) -> int | None:  # fmt: skip
        today = local_day(self.now)
        key: int | None = self._manage(mandates.grant, given=Grant(
            post_id=post_id, capacity=capacity, valid_from=first_day or today, valid_to=last_day,
            source_post_id=source, parent_id=parent, types=types, units=units, organs=organs,
            legal_symbol="9/GUQ-UBND", legal_day=today, reason="Ủy quyền",
        ))  # fmt: skip
        return key

    def _appointed(self, unit_id: int, *, last_day: dt.date | None) -> int | None:
        """One more head of a unit from today on; the key of the post."""
        person = self.office.posts[self.chance.choice(("specialist", "drafter", "culture_head"))]
        self._manage(
            people.appoint, person_id=person.person_id,
            post=people.Appointment(unit_id=unit_id, role=Role.UNIT_HEAD, title="Phó Trưởng phòng",
                                    valid_from=local_day(self.now), valid_to=last_day, decree="05/QĐ-UBND"),
        )  # fmt: skip
        newest = self._posts()[-1]
        return newest.id if (newest.unit_id, newest.valid_to) == (unit_id, last_day) else None

    def _drafted(self, kind: str, post_id: int, capacity: Capacity) -> None:
        facts = drafting.DraftFacts(type_code=kind, subject="V/v thử", signer_post_id=post_id, capacity=capacity)
        actor = Actor.of(self.office.posts["drafter"])
        made = self._try(lambda uow: drafting.create(uow, actor, facts=facts, now=self.now))
        if made is not None:
            self.lay_before(made.id)

    def sign(self) -> None:
        """Whoever is named, mostly in the post that is named; sometimes somebody else."""
        if (row := self._waiting()) is None:
            return
        with unit_of_work(self.office.engine) as uow:
            named = as_post(uow.session.get_one(PostRow, row.signer_post_id))
        post = named if self.chance.random() < 0.8 else self.chance.choice(self._posts())
        self._sign_as(row, Actor.of(post), scope_of(post, units_below=()), Capacity(row.capacity))

    def sign_in_place(self) -> None:
        """At another's desk: an absence deputy signs nothing, whoever they are."""
        if (row := self._waiting()) is None:
            return
        with unit_of_work(self.office.engine) as uow:
            post = as_post(uow.session.get_one(PostRow, row.signer_post_id))
        person = self.chance.choice(self._posts()).person_id
        actor = Actor(person, post.id, post.role, post.unit_id, post.agency_id, in_place_of=post.person_id)
        done = self._try(lambda uow: sign_by_key(uow, actor, scope_of(post, units_below=()), row.id, now=self.now))
        assert done is None, "an absence deputy signed"

    def record_ink(self) -> None:
        """The clerk reads off a paper who signed it, on a day that has been."""
        if (row := self._waiting()) is None:
            return
        day = local_day(self.now) - DAY * self.chance.randrange(0, 4)
        post, capacity = self.chance.choice(self._posts()), self.chance.choice(sorted(RIGHTS))
        if self.chance.random() < 0.6:
            with unit_of_work(self.office.engine) as uow:
                post = as_post(uow.session.get_one(PostRow, row.signer_post_id))
            capacity = Capacity(row.capacity)
        read = ink.InkSignature(signer_post_id=post.id, capacity=capacity, signed_on=day, reason="Ký giấy")
        clerk = self.office.actor("clerk")
        self._judge(
            told_of(row, post.id, capacity, day=day, at=self.now),
            lambda uow: ink.record_ink(uow, clerk, self.office.scope("clerk"), document_id=row.id, version=None,
                                       ink=read, now=self.now),
        )  # fmt: skip

    def later(self) -> None:
        """Days go by, sometimes a year."""
        self.now += DAY * self.chance.choice((1, 1, 3, 10, 365))

    # what must hold

    def hold(self) -> None:
        """Everything that was signed is still explained, whatever has ended since; nothing else is signed."""
        with unit_of_work(self.office.engine) as uow:
            rows = Rows.read(uow.session)
            for one in self.signed:
                document = uow.session.get_one(Outgoing, one.document_id)
                key = uow.session.scalars(select(Signature).where(Signature.document_id == document.id)).first()
                looked = authority.looked_up(uow, document, key) if key else authority.looked_up_ink(uow, document)
                assert looked is not None
                assert looked.answer is Entitled.YES, (one, looked)
                assert (looked.day, looked.capacity) == (one.day, one.capacity)
                if looked.told["mandate"] is not None:
                    assert looked.told["mandate"] in {row["id"] for row in rows.by_a_mandate(one)}, one
            done = uow.session.scalar(
                select(func.count()).select_from(Outgoing).where(Outgoing.signed_at.is_not(None))
            )
            assert done == len(self.signed)

    def ask(self) -> None:
        """Who may sign what, on any day: the rules say what the rows say. Of some post, capacity and paper, at a
        moment around which something begins or ends."""
        posts, organs = self._posts(), (None, *self._organs())
        with unit_of_work(self.office.engine) as uow:
            rows = Rows.read(uow.session)
            for _question in range(QUESTIONS):
                by = self.chance.choice([*rows.mandates.values()] or [None]) if self.chance.random() < 0.8 else None
                post = uow.session.get_one(PostRow, by["post_id"] if by else self.chance.choice(posts).id)
                capacity = Capacity(by["capacity"]) if by else self.chance.choice(sorted(RIGHTS))
                agency = "far" if self.chance.random() < 0.1 else "commune"
                paper = Outgoing(
                    agency_id=self.office.units[agency], unit_id=self.office.units[self.chance.choice(PLACES)],
                    type_code=self.chance.choice(TYPES), organ_id=self.chance.choice(organs), number=None,
                )  # fmt: skip
                at = self.chance.choice(rows.edges(post.id) if by else [self.now])
                told = told_of(paper, post.id, capacity, day=local_day(at), at=at)
                said = authority.entitlement(uow, paper, post.id, capacity, day=told.day, at=at)
                assert said.allowed == rows.entitled(told), (told, said.reasons)
