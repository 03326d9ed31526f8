"""Random days of drafting, naming, handing over and directing: what a review says of a past day about a document is
what the program decided on that day, written down as it happened."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.support.arrivals import Arrivals
from tests.support.counts import times
from tests.support.office import NOON, Office, build
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.cosigning import Part, Wanted
from workflow.domain.errors import NotFound, WorkflowError
from workflow.domain.incoming import Part as Gets
from workflow.domain.named_then import As
from workflow.domain.people import Actor, Capacity, Role
from workflow.domain.permissions import Permission, Scope, allowed, figures_scope, scope_of
from workflow.services import authority, handover, mandates, people
from workflow.services.access import naming, reaching
from workflow.services.documents import cosigning, drafting
from workflow.services.handover import Kind
from workflow.services.incoming import routing, working
from workflow.services.incoming.routing import Direction, To
from workflow.services.journal import local_day
from workflow.services.mandates import Grant
from workflow.services.people import Appointment
from workflow.store import accounts, documents
from workflow.store import cosigning as beside
from workflow.store import incoming as arrivals_store
from workflow.store import people as people_store
from workflow.store.models import Account, Incoming, MandateRow, Outgoing, PostRow
from workflow.store.session import UnitOfWork, unit_of_work

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
Said = set[tuple[Any, ...]]


def _wide(office: Office) -> Scope:
    return figures_scope(office.posts["admin"], agencies_below=())


def _scope(uow: UnitOfWork, post: Any) -> Scope:
    units = people_store.units_below(uow.session, post.unit_id) if post.role is Role.UNIT_HEAD else ()
    agencies = people_store.agencies_below(uow.session, post.agency_id) if post.role is Role.INSPECTOR else ()
    return scope_of(post, units_below=units, agencies_below=agencies)


@dataclass(slots=True)
class Life:
    """An office over some days; `seen[day]` is what was decided after each act of that day."""

    office: Office
    blobs: Blobs
    draw: random.Random
    now: dt.datetime = NOON
    done: Counter[str] = field(default_factory=Counter)
    seen: dict[dt.date, Said] = field(default_factory=dict)

    def run(self, act: Callable[[], str], days: int) -> None:
        """Some acts on each of some days; decisions are written down before the first and after each."""
        for step in range(1, days + 1):
            self.now = NOON + step * DAY
            for _turn in range(3):
                self.look()
                self.now += 7 * MINUTE
                try:
                    self.done[act()] += 1
                except WorkflowError:
                    self.done["refused"] += 1
            self.look()

    def look(self) -> None:
        """As requests ask now: who reads which document, whom it names, who may sign it."""
        found = self.seen.setdefault(local_day(self.now), set())
        with unit_of_work(self.office.engine) as uow:
            for account in uow.session.scalars(select(Account).where(Account.active)).all():
                for post, _unit in accounts.posts_held(uow.session, account.person_id, local_day(self.now)):
                    if post.agency_id == self.office.units["commune"]:
                        found |= self._of(uow, post)

    def _of(self, uow: UnitOfWork, post: Any) -> Said:
        scope, found = _scope(uow, post), set[tuple[Any, ...]]()
        for key in uow.session.scalars(select(Outgoing.id)).all():
            try:
                paper = documents.find(scope, uow.session, key)
            except NotFound:
                continue
            found.add(("reads", "outgoing", key, post.id))
            roles = {As.DRAFTER: [paper.drafter_id], As.SIGNER: [paper.signer_id],
                     As.BESIDE: list(beside.persons(uow.session, key))}  # fmt: skip
            found |= {("is", role, key, post.id) for role, named in roles.items() if post.person_id in named}
            if allowed(post.role, Permission.SIGN) and any(
                authority.entitlement(
                    uow, paper, post.id, one, day=local_day(self.now), at=self.now
                ).allowed for one in Capacity
            ):  # fmt: skip
                found.add(("signs", key, post.id))
        for key in uow.session.scalars(select(Incoming.id)).all():
            if allowed(post.role, Permission.READ_INCOMING):
                try:
                    arrivals_store.find(scope, uow.session, key)
                    found.add(("reads", "incoming", key, post.id))
                except NotFound:
                    pass
        return found

    def admin(self, service: Callable[..., Any], **given: Any) -> Any:
        """An act of the administrator."""
        return self.do(self.office.actor("admin"), _wide(self.office), service, **given)

    def do(self, actor: Actor, scope: Scope | None, service: Callable[..., Any], **given: Any) -> Any:
        """One act, committed."""
        with unit_of_work(self.office.engine) as uow:
            made = service(uow, *((actor,) if scope is None else (actor, scope)), now=self.now, **given)
            uow.commit()
            return made

    def acting(self, person_id: int, *roles: Role) -> tuple[Actor, Scope]:
        """Somebody in a post that they hold today."""
        with unit_of_work(self.office.engine) as uow:
            held = [one for one, _unit in accounts.posts_held(uow.session, person_id, local_day(self.now))]
            post = next((one for one in held if one.role in roles), None)
            if post is None:
                raise NotFound("post_not_held")
            return Actor.of(post, name="x"), _scope(uow, post)

    def posts(self) -> list[PostRow]:
        """Posts of the commune, ended ones too, but for the administrator's."""
        with unit_of_work(self.office.engine) as uow:
            rows = uow.session.scalars(select(PostRow).where(PostRow.agency_id == self.office.units["commune"]))
            return [one for one in rows.all() if one.role != Role.ADMIN]

    def review(self) -> None:
        """Each day afterwards, asked for each document."""
        office, later = self.office, self.now + 20 * DAY
        with unit_of_work(office.engine) as uow:
            asked = [*_all_asked(uow, office)]
            for day, seen in self.seen.items():
                said: Said = set()
                for one in asked:
                    said |= _said(reaching.reachers(
                        uow, office.actor("admin"), _wide(office), one, day=day, now=later), one)  # fmt: skip
                assert said == seen, (day, sorted(map(str, said ^ seen)))


def _all_asked(uow: UnitOfWork, office: Office) -> list[reaching.Asked]:
    admin, here = office.actor("admin"), {"agency_id": office.units["commune"]}
    codes = list(uow.session.scalars(select(Outgoing.code)))
    codes += [f"{row.number}/{row.year}" for row in uow.session.scalars(select(Incoming))]
    return [reaching.find(uow, admin, _wide(office), words=code, **here) for code in codes]


def _said(found: list[reaching.Reacher], asked: reaching.Asked) -> Said:
    made: Said = set()
    for one in found:
        if one.way != "post" or not one.open:
            continue
        made.add(("reads", asked.kind, asked.key, one.post.id))
        made |= {("is", name.role, asked.key, one.post.id) for name in one.names if name.role is not As.PART}
        if one.signs:
            made.add(("signs", asked.key, one.post.id))
    return made


@dataclass(slots=True)
class Drafting:
    """Random acts on drafts, posts and mandates."""

    life: Life

    @property
    def draw(self) -> random.Random:
        """Chance."""
        return self.life.draw

    @property
    def office(self) -> Office:
        """Where it happens."""
        return self.life.office

    def __call__(self) -> str:
        """One of them."""
        begun = self.life.done.total()
        name: str = FIRST[begun] if begun < len(FIRST) else self.draw.choice(ACTS)
        getattr(self, name)()
        return name

    def signer(self) -> tuple[int | None, Capacity]:
        """Leader, deputy or nobody yet."""
        leader, deputy = self.office.posts["leader"].id, self.office.posts["deputy"].id
        return self.draw.choice([(leader, Capacity.HEAD), (deputy, Capacity.KT), (None, Capacity.HEAD)])

    def facts(self) -> drafting.DraftFacts:
        """What a drafter may say of a document."""
        post, capacity = self.signer()
        kind, secret = self.draw.choice(["letter", "decision"]), self.draw.random() < 0.2
        return drafting.DraftFacts(
            type_code=kind, subject="V/v thử", signer_post_id=post, capacity=capacity, secret=secret
        )

    def paper(self) -> Outgoing:
        """One of those there are."""
        with unit_of_work(self.office.engine) as uow:
            rows = uow.session.scalars(select(Outgoing)).all()
            if not rows:
                raise NotFound("document_not_found")
            return self.draw.choice(list(rows))

    def create(self) -> None:
        """A draft."""
        who = self.office.posts[self.draw.choice(["drafter", "specialist", "head"])].person_id
        actor, _scope = self.life.acting(who, Role.DRAFTER, Role.UNIT_HEAD)
        self.life.do(actor, None, drafting.create, facts=self.facts())

    def revise(self) -> None:
        """Other facts, perhaps another signer or a secret."""
        one = self.paper()
        actor, scope = self.life.acting(one.drafter_id, Role.DRAFTER, Role.UNIT_HEAD)
        self.life.do(actor, scope, drafting.revise, document_id=one.id, version=one.version, facts=self.facts())

    def choose(self) -> None:
        """Whoever signs beside the signer."""
        one = self.paper()
        actor, scope = self.life.acting(one.drafter_id, Role.DRAFTER, Role.UNIT_HEAD)
        who = self.draw.sample(["head", "deputy", "clerk", "chief", "culture_head"], self.draw.choice([0, 1, 2]))
        wanted = tuple(Wanted(post_id=self.office.posts[one].id, part=Part.COSIGNER, turn=turn)
                       for turn, one in enumerate(who, 1))  # fmt: skip
        self.life.do(actor, scope, cosigning.choose, document_id=one.id, version=one.version, wanted=wanted,
                blobs=self.life.blobs)  # fmt: skip

    def hand_over(self) -> None:
        """Everything open in a post."""
        post = self.draw.choice(self.life.posts())
        taker = self.draw.choice(self.life.posts()).id
        self.life.admin(handover.hand_over, post_id=post.id, to=dict.fromkeys(Kind, taker), reason="thử")

    def give(self) -> None:
        """A further post, perhaps since the day before yesterday."""
        who = self.draw.choice(self.life.posts())
        role = self.draw.choice([Role.DRAFTER, Role.CLERK, Role.DEPUTY, Role.UNIT_HEAD])
        unit, first = self.draw.choice(["economy", "culture"]), self.draw.choice([-2, 0])
        made = Appointment(unit_id=self.office.units[unit], role=role, title="Thử",
                           valid_from=local_day(self.life.now) + first * DAY, decree="1/QĐ")  # fmt: skip
        self.life.admin(people.appoint, person_id=who.person_id, post=made)

    def end(self) -> None:
        """A post, perhaps told late."""
        last = local_day(self.life.now) + self.draw.choice([-1, 0, 1]) * DAY
        post = self.draw.choice(self.life.posts()).id
        self.life.admin(people.end_post, post_id=post, last_day=last, decree="2/QĐ")

    def close(self) -> None:
        """An account."""
        self.life.admin(people.deactivate, person_id=self.draw.choice(self.life.posts()).person_id, reason="thử")

    def grant(self) -> None:
        """A mandate, perhaps for letters only."""
        made = Grant(
            post_id=self.office.posts[self.draw.choice(["head", "chief", "culture_head"])].id, capacity=Capacity.TL,
            valid_from=local_day(self.life.now) + self.draw.choice([-1, 0, 1]) * DAY,
            source_post_id=self.office.posts["leader"].id, types=self.draw.choice([(), ("letter",)]),
            legal_symbol="5/QĐ", legal_day=dt.date(2026, 1, 1), reason="thử",
        )  # fmt: skip
        self.life.admin(mandates.grant, given=made)

    def revoke(self) -> None:
        """A mandate."""
        with unit_of_work(self.office.engine) as uow:
            keys = list(uow.session.scalars(select(MandateRow.id).where(
                MandateRow.agency_id == self.office.units["commune"])))  # fmt: skip
        self.life.admin(mandates.revoke, mandate_id=self.draw.choice(keys), reason="thử")


FIRST = ("create", "create", "choose", "revise", "create")
ACTS = (
    "create", "revise", "revise", "choose", "choose", "hand_over", "hand_over", "give", "end", "close", "grant",
    "revoke",
)  # fmt: skip


@pytest.fixture
def life(engine: Engine, tmp_path: Any) -> Life:
    """An office whose days have not begun."""
    return Life(build(engine), open_blobs(str(tmp_path / "blobs")), random.Random(0))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(times(2, soak=60)))
def test_a_past_day_says_whom_drafts_named_then(life: Life, seed: int) -> None:
    """Drafter, signer, co-signers, secrecy, type, mandates, posts and accounts of each day, not today's."""
    life.draw.seed(seed)
    life.run(Drafting(life), days=6)
    life.review()
    assert life.done["create"] > 1, life.done
    assert life.done["revise"] + life.done["choose"] + life.done["hand_over"] > 0, life.done


def _directing(life: Life) -> Callable[[], str]:
    """One random act on arrivals."""
    office, draw = life.office, life.draw
    arrivals = Arrivals(office)
    with unit_of_work(office.engine) as uow:
        open_ones = list(uow.session.scalars(select(Incoming.id)))
    if not open_ones:
        open_ones = [arrivals.submitted().id for _one in range(2)]

    def direct(key: int) -> None:
        units = draw.sample(["economy", "culture", "office", "service"], draw.choice([1, 2, 3]))
        people_of = {
            "economy": "specialist", "culture": "culture_head", "office": "chief", "service": "lone_drafter",
        }  # fmt: skip
        to = [To(part=Gets.LEAD, unit_id=office.units[units[0]])]
        for unit in units[1:]:
            person = office.posts[people_of[unit]].person_id if draw.random() < 0.5 else None
            kind = draw.choice([Gets.COORDINATE, Gets.INFORM])
            to.append(To(part=kind, unit_id=office.units[unit], person_id=person))
        life.do(office.actor("leader"), office.scope("leader"), routing.direct, incoming_id=key, version=None,
                direction=Direction(to=tuple(to), words="thử"), remark="đổi")  # fmt: skip

    def assign(key: int) -> None:
        with unit_of_work(office.engine) as uow:
            lead = uow.session.get_one(Incoming, key).lead_unit_id
        there = [one for one in life.posts() if one.unit_id == lead]
        head = next((one for one in there if one.role == Role.UNIT_HEAD), None)
        if head is None:
            raise NotFound("post_not_held")
        life.do(*life.acting(head.person_id, Role.UNIT_HEAD), routing.assign, incoming_id=key, version=None,
                remark="", handler_post_id=draw.choice(there).id)  # fmt: skip

    def send_back(key: int) -> None:
        who = draw.choice(["specialist", "drafter", "head", "chief"])
        life.do(office.actor(who), office.scope(who), working.act, incoming_id=key, version=None,
                action=draw.choice(["start", "send_back", "recall"]), remark="thử")  # fmt: skip

    def hand_over(_key: int) -> None:
        post, taker = draw.choice(life.posts()), draw.choice(life.posts())
        life.admin(handover.hand_over, post_id=post.id, to=dict.fromkeys(Kind, taker.id), reason="thử")

    acts = [direct, direct, assign, assign, send_back, hand_over]

    def act() -> str:
        one = draw.choice(acts)
        one(draw.choice(open_ones))
        return one.__name__

    return act


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(times(2, soak=60)))
def test_a_past_day_says_to_whom_arrivals_were_given_then(life: Life, seed: int) -> None:
    """Units and persons of each day: directions changed, handlers named and replaced, parts taken back."""
    life.draw.seed(seed)
    life.run(_directing(life), days=5)
    life.review()
    assert life.done["direct"] > 0, life.done


def test_a_day_tells_since_when_and_by_which_right(office: Office, tmp_path: Any) -> None:
    """The drafter until the handover is the old one, since the draft; the new one since then; of a person, too."""
    life = Life(office, open_blobs(str(tmp_path / "blobs")), random.Random(0))
    here, posts = office.units["commune"], office.posts
    facts = drafting.DraftFacts(type_code="letter", subject="V/v thử", signer_post_id=posts["leader"].id)
    paper = life.do(office.actor("specialist"), None, drafting.create, facts=facts)
    life.now += 3 * DAY
    to = {Kind.DRAFTS: posts["drafter"].id}
    life.admin(handover.hand_over, post_id=posts["specialist"].id, to=to, reason="thử")
    first, last, later = NOON.date(), local_day(life.now) + DAY, NOON + 9 * DAY
    admin, scope = office.actor("admin"), _wide(office)
    with unit_of_work(office.engine) as uow:
        asked = reaching.find(uow, admin, scope, words=paper.code, agency_id=here)
        for day, name, since in ((first, "specialist", NOON), (last, "drafter", life.now)):
            found = reaching.reachers(uow, admin, scope, asked, day=day, now=later)
            drafters = [(one.post.id, name.since) for one in found for name in one.names if name.role is As.DRAFTER]
            assert drafters == [(posts[name].id, since)]
            (leader,) = [one for one in found if one.post.id == posts["leader"].id]
            assert (leader.chosen, leader.by) == (True, None)
            assert (leader.first, leader.last) == (posts["leader"].valid_from, None)
        for day, name, roles in (
            (first, "specialist", [As.DRAFTER]), (last, "specialist", []), (first, "drafter", []),
            (last, "drafter", [As.DRAFTER]), (last, "leader", [As.SIGNER]),
        ):  # fmt: skip
            papers = naming.papers_of(uow, admin, scope, agency_id=here, person_id=posts[name].person_id, day=day,
                                      now=later)  # fmt: skip
            assert [name.role for one in papers for name in one.names] == roles
            assert {one.label for one in papers} <= {paper.code}


def test_a_symbol_of_another_agency_is_not_this_ones(office: Office, tmp_path: Any) -> None:
    """Two agencies under one administrator with the same symbol: each finds its own, a code only its own."""
    life = Life(office, open_blobs(str(tmp_path / "blobs")), random.Random(0))
    facts = drafting.DraftFacts(type_code="letter", subject="V/v thử")
    both_of = ("drafter", "far_drafter")
    made = {who: life.do(office.actor(who), None, drafting.create, facts=facts) for who in both_of}
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for one in made.values():
            uow.session.get_one(Outgoing, one.id).symbol = "12/UBND-VP"
        uow.commit()
    both = figures_scope(office.posts["admin"], agencies_below=(office.units["far"],))
    with unit_of_work(office.engine) as uow:
        for who, agency, other in (("drafter", "commune", "far"), ("far_drafter", "far", "commune")):
            for words in ("12/UBND-VP", made[who].code):
                found = reaching.find(uow, office.actor("admin"), both, words=words, agency_id=office.units[agency])
                assert (found.key, found.agency_id) == (made[who].id, office.units[agency])
            with pytest.raises(NotFound, match="access_no_document"):
                reaching.find(uow, office.actor("admin"), both, words=made[who].code, agency_id=office.units[other])
