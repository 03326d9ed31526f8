"""One agency's six months, lived through the real services: every file is drawn, every signature is made."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from signing.testing import Identity, Revoked
from workflow.adapters.blobs import Blobs
from workflow.adapters.render import Box, render_letter
from workflow.adapters.render.heading import heading_box
from workflow.demo import authority, exchange, inside, misbehaving, province
from workflow.demo.founding import Founded
from workflow.demo.province import Agency
from workflow.demo.schedule import Fate, Plan, plans
from workflow.demo.subjects import TOPICS, Topic, letter_of, subject_of
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.people import Actor, Capacity, Post, Role
from workflow.domain.permissions import Scope
from workflow.services.calendar import working_calendar
from workflow.services.documents.acts import act
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.documents.files import Place, attach_scan, confirm_format, upload_draft
from workflow.services.documents.ink import InkSignature, record_ink
from workflow.services.documents.numbers import number
from workflow.services.journal import OFFICE_ZONE, local_day
from workflow.services.signing import PreparedItem, finish, open_session, prepare
from workflow.store.models import Outgoing, Person, PostRow
from workflow.store.session import Engine, UnitOfWork, unit_of_work

PUBLISHED = dt.time(6)
"""When the day's revocation lists come out."""
RETURNED_BECAUSE = (
    "Căn cứ pháp lý đã hết hiệu lực, đề nghị cập nhật",
    "Số liệu ở bảng không khớp với phần lời, đề nghị rà soát lại",
    "Bổ sung nơi nhận và thời hạn báo cáo",
    "Sai thể thức phần trích yếu",
)


@dataclass(slots=True)
class Cast:
    """Who acts in one agency, with the keys they hold."""

    actors: dict[str, Actor]
    keys: dict[str, Identity]
    titles: dict[str, str]


class Life:
    """Lives one agency's plans in order of time."""

    def __init__(
        self, engine: Engine, blobs: Blobs, founded: Founded, *, agency: Agency, today: dt.date, base_url: str
    ) -> None:
        self.base_url = base_url
        self.engine, self.blobs, self.founded = engine, blobs, founded
        self.agency, self.today = agency, today
        self.agency_id = founded.agencies[agency.key]
        self.scope = Scope(agency_ids=(self.agency_id,))
        self.chance = random.Random(f"life {agency.key}")  # noqa: S311  repeatable on purpose
        self.post = random.Random(f"post {agency.key}")  # noqa: S311  repeatable on purpose
        self.ends: dict[str, dt.date] = {}
        self.login: int | None = None
        """Of the head in the clerk's browser, where the story is a burst."""
        self.written = 0
        """Papers for parts of its own, which take turns."""
        self.cast = self._cast()
        self.now = self.this_morning = dt.datetime.combine(today, dt.time(7, 30), tzinfo=OFFICE_ZONE)
        with unit_of_work(engine) as uow:
            self.calendar = working_calendar(uow)

    def _cast(self) -> Cast:
        cast = Cast({}, {}, {})
        with unit_of_work(self.engine) as uow:
            for (agency, key), post_id in self.founded.posts.items():
                if agency != self.agency.key:
                    continue
                row = uow.session.get_one(PostRow, post_id)
                person = uow.session.get_one(Person, row.person_id)
                post = Post(row.id, row.person_id, row.unit_id, row.agency_id, Role(row.role), row.title,
                            row.valid_from, row.valid_to, self._in_office(agency, key))  # fmt: skip
                cast.actors[key] = Actor.of(
                    post, name=person.full_name, address=f"10.9.{self.agency_id}.{post_id % 250}"
                )
                cast.titles[key] = row.title
                if row.valid_to is not None:
                    self.ends[key] = row.valid_to
        return cast

    def _in_office(self, agency: str, key: str) -> bool:
        staff = next((one for one in self.agency.staff if one.key == key), None)
        return staff is not None and agency == self.agency.key and staff.part in province.OFFICES

    def live(self, *, every: int = 1) -> int:
        """All of its own papers (of older ones each so many); how many were made."""
        made = plans(self.agency, today=self.today, calendar=self.calendar, every=every)
        if self.agency.story == "careless":
            misbehaving.away(self)
        for plan in made:
            self._one(plan)
        return len(made)

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work on the province's database."""
        return unit_of_work(self.engine)

    def parts(self) -> dict[str, int]:
        """The agency's parts by their short names."""
        return {key: unit for (agency, key), unit in self.founded.parts.items() if agency == self.agency.key}

    def deputy(self) -> str:
        """Who signs KT."""
        return next(key for key in ("deputy1", "deputy") if key in self.cast.actors)

    def _one(self, plan: Plan) -> None:
        start = dt.datetime.combine(plan.day, dt.time(7, 45), tzinfo=OFFICE_ZONE)
        self.now = start + dt.timedelta(minutes=plan.minute)
        drafter = self._drafter(plan)
        document_id = self._drafted(plan, drafter)
        if plan.fate is Fate.DRAFT:
            return
        self.act(drafter, document_id, Action.SUBMIT)
        if plan.fate is Fate.REVIEW:
            return
        self._reviewed(plan, drafter, document_id)
        if plan.fate is Fate.CHECKING:
            return
        self._pass(5, 60)
        self.check(document_id)
        if plan.fate in {Fate.WAITING, Fate.REVIEW}:
            return
        self._signed(plan, document_id)
        if plan.fate is not Fate.SIGNED:
            self._finished(plan, document_id)

    def _drafter(self, plan: Plan) -> str:
        """Who writes: the agency's drafter; where the story is one who moved, they, in the post of that day."""
        ended = self.ends.get("before")
        if ended is None:
            return "drafter"
        return "before" if plan.day <= ended else "moved"

    def _reviewed(self, plan: Plan, drafter: str, document_id: int) -> None:
        """The head of the unit approves, one in eight only after it went back once."""
        head = self._head_of(drafter)
        self._pass(5, 120)
        if plan.fate is Fate.DIGITAL and self.chance.random() < 1 / 8:
            self.act(head, document_id, Action.RETURN, self.chance.choice(RETURNED_BECAUSE))
            self._pass(10, 90)
            self.act(drafter, document_id, Action.SUBMIT)
            self._pass(5, 60)
        self.act(head, document_id, Action.APPROVE)

    def _head_of(self, drafter: str) -> str:
        """Who reviews what somebody drafted."""
        moved = "specialist" if drafter == "moved" else "drafter" if drafter == "before" else drafter
        return next(seat.head for seat in province.seats(self.agency).values() if seat.handler == moved)

    def _drafted(self, plan: Plan, drafter: str) -> int:
        topic = self.chance.choice(TOPICS)
        subject = subject_of(topic, self.chance, day=plan.day)
        to = exchange.receivers(self.agency, plan, today=self.today, chance=self.post)
        return self.write(
            drafter, topic, subject, signer=plan.signer, secret=plan.fate is Fate.SECRET, urgency=self._urgency(),
            to=tuple(sorted(self.founded.agencies[one.key] for one in to)),
            addressees=tuple(one.name for one in to),
        )  # fmt: skip

    def write(
        self, drafter: str, topic: Topic, subject: str, *, signer: str, secret: bool = False,
        urgency: Urgency = Urgency.NORMAL, to: tuple[int, ...] = (), addressees: tuple[str, ...] = (),
        others: tuple[str, ...] = (),
    ) -> int:  # fmt: skip
        """A draft with its file; `to` are agencies of the installation, `others` offices outside. With neither it
        goes to a part of its own agency."""
        signing = self.cast.actors[signer]
        units: tuple[int, ...] = ()
        if not to and not others:
            self.written += 1
            units = inside.part_for(self.cast.actors, self.ends, drafter=drafter, nth=self.written)
        facts = DraftFacts(
            type_code=topic.type_code, subject=subject, to=to, units=units, secret=secret,
            recipients="\n".join(inside.lines(topic, others, part=self._keeper())),
            signer_post_id=signing.post_id, capacity=self._capacity(signing), urgency=urgency,
        )  # fmt: skip
        with unit_of_work(self.engine) as uow:
            document = create(uow, self.cast.actors[drafter], facts=facts, now=self.now)
            uow.commit()
        if not secret:
            self._uploaded(document.id, topic, subject, drafter=drafter, addressees=addressees)
        return document.id

    def _keeper(self) -> str:
        """Which part keeps a copy beside the clerk, by its letters."""
        return next((letters for key, _name, letters in self.agency.parts if key == "kt"), "TH")

    def approve(self, drafter: str, document_id: int) -> None:
        """From the drafter's desk to the signer's."""
        self.act(drafter, document_id, Action.SUBMIT)
        self._pass(5, 60)
        self.act(self._head_of(drafter), document_id, Action.APPROVE)
        self._pass(5, 40)
        self.check(document_id)

    def check(self, document_id: int) -> None:
        """The clerk's format check, which makes the file that is signed."""
        self.do(
            confirm_format, "clerk", document_id=document_id, version=None, blobs=self.blobs, base_url=self.base_url
        )

    def _urgency(self) -> Urgency:
        """One paper in twelve is urgent."""
        weights = (88, 6, 4, 2)
        return self.chance.choices(tuple(Urgency), weights)[0]

    def _capacity(self, signer: Actor) -> Capacity:
        return Capacity.KT if signer.role is Role.DEPUTY else Capacity.HEAD

    def _uploaded(
        self, document_id: int, topic: Topic, subject: str, *, drafter: str, addressees: tuple[str, ...]
    ) -> None:
        with unit_of_work(self.engine) as uow:
            recipients = uow.session.get_one(Outgoing, document_id).recipients
        letter = letter_of(
            topic, subject, self.agency, recipients.split("\n"), long=self.chance.random() < 0.2,
            addressees=addressees,
        )  # fmt: skip
        made = render_letter(letter, made_at=self.now)
        boxes = {**made.boxes, "number": heading_box(made.boxes["number"], made.boxes["date"])}
        places = tuple(_place(name, boxes[name]) for name in ("leader", "number", "seal"))
        self.do(upload_draft, drafter, document_id=document_id, version=1, data=made.pdf,
                 filename=f"du-thao-{document_id}.pdf", blobs=self.blobs, places=places)  # fmt: skip

    def _signed(self, plan: Plan, document_id: int) -> None:
        if plan.fate is Fate.EXEMPT:
            self.act(
                "clerk", document_id, Action.REQUEST_EXEMPTION, "Văn bản gửi kèm hồ sơ giấy theo yêu cầu của tòa án"
            )
            self.act(province.head_of(self.agency), document_id, Action.APPROVE_EXEMPTION)
        if plan.fate in {Fate.INK, Fate.EXEMPT, Fate.SECRET} or self._cannot_sign(plan.signer):
            self._pass(30, 300)
            self._in_ink(plan, document_id)
            return
        if plan.burst:
            opening = dt.datetime.combine(plan.day, dt.time(16, 28), tzinfo=OFFICE_ZONE)
            self.now = opening + dt.timedelta(seconds=3 * (plan.minute - 30))
        else:
            self._pass(20, 400)
        address = self.cast.actors["clerk"].address if plan.burst else ""
        if plan.burst and self.login is None:
            self.login = misbehaving.in_the_clerks_browser(self, plan.day)
        self.sign(plan.signer, "leader", document_id, address=address, login=self.login if plan.burst else None)

    def _cannot_sign(self, key: str) -> bool:
        """The deputy whose certificate was revoked signs in ink since."""
        return self.agency.story == "revoked" and key == "deputy1" and self.now >= revoked_at(self.today)

    def _in_ink(self, plan: Plan, document_id: int) -> None:
        signer = self.cast.actors[plan.signer]
        ink = InkSignature(
            signer_post_id=signer.post_id or 0, capacity=self._capacity(signer), signed_on=local_day(self.now),
            reason="Lãnh đạo ký giấy, chưa mở máy ký số",
        )  # fmt: skip
        self.do(record_ink, "clerk", document_id=document_id, version=None, ink=ink)

    def _finished(self, plan: Plan, document_id: int) -> None:
        self._pass(5, 40)
        document = self.number(document_id)
        if document.secret:
            self.act("clerk", document_id, Action.ISSUE)
            return
        if document.medium == "ink":
            scan = self.blobs.get(str(document.file_sha256))
            self.do(attach_scan, "clerk", document_id=document_id, version=document.version, data=original(scan),
                     filename="scan.pdf", blobs=self.blobs)  # fmt: skip
        else:
            self._pass(1, 5)
            self.sign("clerk", "number", document_id)
        if plan.fate is Fate.NUMBERED:
            return
        self._pass(1, 10)
        self.sign("clerk", "seal", document_id)
        if plan.fate is not Fate.UNCLOSED:
            self._pass(1, 20)
            self.act("clerk", document_id, Action.ISSUE)

    def number(self, document_id: int) -> Outgoing:
        """The clerk draws the next number."""
        document: Outgoing = self.do(number, "clerk", document_id=document_id, version=None)
        return document

    def sign(
        self, who: str, purpose: str, document_id: int, *, address: str = "", login: int | None = None
    ) -> None:
        """All phases of one signature with the key in hand."""
        actor, token, item = self.begin_signing(who, purpose, document_id, address=address, login=login)
        with unit_of_work(self.engine) as uow:
            signature = self._identity(who, purpose).sign(item.to_be_signed)
            outcome = finish(uow, actor, self.scope, session=token, login_session_id=login, document_id=document_id,
                             signature=signature, blobs=self.blobs, now=self.now)  # fmt: skip
            uow.commit()
        if outcome.conclusion != "passed":
            raise RuntimeError(f"{self.agency.key} {purpose}: {outcome.conclusion} {outcome.reason}")

    def begin_signing(
        self, who: str, purpose: str, document_id: int, *, address: str = "", login: int | None = None
    ) -> tuple[Actor, str, PreparedItem]:
        """What comes before the key is used: a session and what is to be signed."""
        self._evidence()
        identity = self._identity(who, purpose)
        actor = self.cast.actors[who]
        if address:
            actor = Actor(
                actor.person_id, actor.post_id, actor.role, actor.unit_id, actor.agency_id, actor.name, address
            )
        with unit_of_work(self.engine) as uow:
            token = open_session(
                uow, actor, purpose=purpose, login_session_id=login, certificate=identity.der, now=self.now
            )
            uow.commit()
        with unit_of_work(self.engine) as uow:
            version = uow.session.get_one(Outgoing, document_id).version
            item = prepare(uow, actor, self.scope, session=token, login_session_id=login, document_id=document_id,
                           version=version, blobs=self.blobs, now=self.now)  # fmt: skip
            uow.commit()
        return actor, token, item

    def _identity(self, who: str, purpose: str) -> Identity:
        key = who if purpose == "leader" else "seal"
        if key not in self.cast.keys:
            self.cast.keys[key] = self._held(key)
        return self.cast.keys[key]

    def _held(self, key: str) -> Identity:
        number = self.founded.numbers[self.agency.key, key]
        if key == "seal":
            return authority.organisation(authority.issuing(), self.agency, number=number)
        actor = self.cast.actors[key]
        return authority.person(
            authority.issuing(), self.agency, name=actor.name, title=self.cast.titles[key], number=number,
            days=self.founded.days[self.agency.key, key],
        )  # fmt: skip

    def _evidence(self) -> None:
        """The revocation lists of the day, published once by whoever comes first."""
        at = dt.datetime.combine(local_day(self.now), PUBLISHED, tzinfo=OFFICE_ZONE)
        if at not in _published:
            revoked = (Revoked(self.founded.revoked_serial, revoked_at(self.today), "keyCompromise"),)
            authority.publish(self.engine, at=at, revoked=revoked)
            _published.add(at)

    def _pass(self, least: int, most: int) -> None:
        """Working minutes go by; nights and days off do not count."""
        minutes = self.chance.randint(least, most)
        self.now = self.calendar.add_working_time(self.now, dt.timedelta(minutes=minutes))
        latest = dt.datetime.combine(self.today, dt.time(7, 30), tzinfo=OFFICE_ZONE)
        self.now = min(self.now, latest)

    def act(self, who: str, document_id: int, action: Action, remark: str = "") -> None:
        """A plain act on a paper of the office's own."""
        self.do(act, who, document_id=document_id, action=action, version=None, remark=remark)
        if action is Action.ISSUE:
            inside.looked_at(
                self.engine, self.cast.actors, self.ends, document_id=document_id, now=self.now, today=self.today
            )

    def at(self, ago: int, hour: int, minute: int = 0) -> None:
        """The next act is at this hour, some working days ago."""
        day = self.calendar.add_working_days(self.today, -ago) if ago else self.today
        self.now = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=OFFICE_ZONE)

    def do(self, service: Any, who: str, *, scoped: bool = True, **named: Any) -> Any:
        """One act in a unit of work of its own."""
        with unit_of_work(self.engine) as uow:
            given = (self.cast.actors[who], self.scope) if scoped else (self.cast.actors[who],)
            result = service(uow, *given, now=self.now, **named)
            uow.commit()
            return result


_published: set[dt.datetime] = set()
"""Per process: what this worker already put there; doubles are found by their hash anyway."""


def revoked_at(today: dt.date) -> dt.datetime:
    """A deputy's key was reported lost five weeks ago."""
    return dt.datetime.combine(today - dt.timedelta(days=35), dt.time(9), tzinfo=OFFICE_ZONE)


def original(scan: bytes) -> bytes:
    """What the scanner gives: here the draft, whose fields are removed again by the normaliser."""
    return scan


def _place(name: str, box: Box) -> Place:
    return Place(name=name, page=box.page, left=box.x0, bottom=box.y0, right=box.x1, top=box.y1)
