"""An office in which mandates, posts and absences come and go, and people try to sign, entitled or not."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select

from signing import Conclusion
from tests.support.entitled import Rows, Signed
from tests.support.office import NOON, Office
from workflow.domain.absences import Acts
from workflow.domain.errors import WorkflowError
from workflow.domain.outgoing import State
from workflow.domain.people import Actor, Capacity, Post, Role
from workflow.domain.permissions import Permission, Scope, demand, figures_scope, scope_of
from workflow.services import absences, authority, handover, mandates, people
from workflow.services.authority import Entitled
from workflow.services.documents import drafting, ink
from workflow.services.journal import local_day
from workflow.services.mandates import Grant
from workflow.services.signing.finishing import IN_BROWSER, Judged, settle_item
from workflow.services.signing.preparing import SignaturePurpose, check_allowed
from workflow.store import documents
from workflow.store.mandates import as_post
from workflow.store.models import (
    Blob,
    Certificate,
    MandateEnd,
    MandateRow,
    Organ,
    Outgoing,
    PostRow,
    Signature,
    SigningItem,
    SigningSession,
)
from workflow.store.session import UnitOfWork, unit_of_work

DAY = dt.timedelta(days=1)
TYPES = ("letter", "decision", "plan")
PLACES = ("commune", "office", "economy", "culture")
RIGHTS = frozenset(Capacity)


@dataclass(slots=True)
class Bureau:
    """One agency over months; each verb tries something, which is refused or done whole. `signed`: what was."""

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

    def attempt(self, act: str, pick: int) -> None:
        """One act with everything about it chosen by `pick`."""
        self.chance = random.Random(pick)
        self.now += dt.timedelta(minutes=1)
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
            types=self._some(TYPES, 0.3),
            units=tuple(self.office.units[name] for name in self._some(PLACES, 0.7)),
            organs=self._some(("UBND", "HĐND"), 0.8), legal_symbol=f"{self.chance.randrange(99)}/QĐ-UBND",
            legal_day=today - DAY * self.chance.randrange(0, 30), reason="Phân công",
        ))  # fmt: skip

    def revoke(self) -> None:
        """Any of them."""
        if rows := self._mandates():
            self._manage(mandates.revoke, mandate_id=self.chance.choice(rows).id, reason="Hết nhiệm vụ")

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
        with unit_of_work(self.office.engine) as uow:
            organs = list(uow.session.scalars(select(Organ.id).order_by(Organ.id)))
        facts = drafting.DraftFacts(
            type_code=self.chance.choice(TYPES), subject="V/v thử", signer_post_id=post.id,
            capacity=self.chance.choice(sorted(RIGHTS)), organ_id=self.chance.choice((None, *organs)),
        )  # fmt: skip
        made = self._try(lambda uow: drafting.create(uow, Actor.of(drafter), facts=facts, now=self.now))
        if made is not None:
            self.lay_before(made.id)

    def mandated(self) -> None:
        """A mandate for a head of a unit and a draft that it may cover: by chance alone few would be signed so."""
        heads = [one for one in self._posts() if one.role is Role.UNIT_HEAD]
        leaders = [one.id for one in self._posts() if one.role is Role.LEADER]
        today = local_day(self.now)
        post, capacity = self.chance.choice(heads), self.chance.choice((Capacity.TL, Capacity.TUQ))
        types = self.chance.choice((TYPES[:2], TYPES[1:]))
        ends = today + DAY * self.chance.randrange(0, 9)
        self._manage(mandates.grant, given=Grant(
            post_id=post.id, capacity=capacity, valid_from=today, valid_to=ends,
            source_post_id=self.chance.choice(leaders) if leaders else None, types=types, legal_symbol="9/GUQ-UBND",
            legal_day=today, reason="Ủy quyền",
        ))  # fmt: skip
        self.now += dt.timedelta(minutes=1)
        kind = self.chance.choice((types[0], types[1], *TYPES))
        facts = drafting.DraftFacts(type_code=kind, subject="V/v thử", signer_post_id=post.id, capacity=capacity)
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
            _told(row, post.id, capacity, day=day, at=self.now),
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

    # how it is done

    def _sign_as(self, row: Outgoing, actor: Actor, scope: Scope, capacity: Capacity) -> None:
        assert actor.post_id is not None
        self._judge(
            _told(row, actor.post_id, capacity, day=local_day(self.now), at=self.now),
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


def _told(row: Outgoing, post_id: int, capacity: Capacity, *, day: dt.date, at: dt.datetime) -> Signed:
    return Signed(
        document_id=row.id, post_id=post_id, capacity=str(capacity), agency_id=row.agency_id, unit_id=row.unit_id,
        organ_id=row.organ_id, type_code=row.type_code, day=day, at=at,
    )  # fmt: skip


def sign_by_key(uow: UnitOfWork, actor: Actor, scope: Scope, document_id: int, *, now: dt.datetime) -> None:
    """The write phase of a signature as `services.signing.finish` runs it, without a PDF: cryptography is not what
    is asked about here, and `test_signing_road` walks the whole road with real keys."""
    demand(actor, Permission.SIGN)
    uow.begin_write()
    document = documents.lock(scope, uow.session, document_id, version=None)
    check_allowed(uow, actor, document, purpose=SignaturePurpose.LEADER, version=document.version, now=now)
    certificate = _certificate(uow, actor, now)
    serial = uow.session.scalar(select(func.count()).select_from(SigningSession)) or 0
    opened = SigningSession(
        id_hash=hashlib.sha256(str(serial).encode()).hexdigest(), person_id=actor.person_id, post_id=actor.post_id,
        certificate_id=certificate.id, purpose="leader", created_at=now, expires_at=now + dt.timedelta(minutes=15),
    )  # fmt: skip
    uow.add(opened)
    uow.flush()
    item = SigningItem(
        session_id=opened.id, document_id=document.id, document_version=document.version, field="leader",
        capacity=document.capacity, base_sha256=document.file_sha256, prepared_sha256=document.file_sha256,
        to_be_signed=b"-", claimed_at=now,
    )  # fmt: skip
    uow.add(item)
    uow.flush()
    passed: Any = SimpleNamespace(verdict=Conclusion.PASSED, reason=None)
    result = hashlib.sha256(f"signed {document.id}".encode()).hexdigest()
    judged = Judged(data=b"-", sha256=result, verdict=passed, whole="{}", trust_digest="0" * 64)
    settle_item(uow, actor, document, item, judged, key_holder=IN_BROWSER, now=now)


def _certificate(uow: UnitOfWork, actor: Actor, now: dt.datetime) -> Certificate:
    found = uow.session.scalars(select(Certificate).where(Certificate.person_id == actor.person_id)).first()
    if found is not None:
        return found
    made = Certificate(
        person_id=actor.person_id, sha256=hashlib.sha256(str(actor.person_id).encode()).hexdigest(), der=b"-",
        subject_name="-", issuer_name="-", serial="1", not_before=now, not_after=now + 999 * DAY, key_kind="p256",
        enrolled_by_id=actor.person_id, enrolled_at=now,
    )  # fmt: skip
    uow.add(made)
    uow.flush()
    return made
