"""What people chose, who reads reports, how ways are doing and what did not arrive, on both databases."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep

from sqlalchemy import func, select, update

from schedulers.jobs.outbox import deliver
from tests.support.office import NOON, Office
from tests.support.told import recalled
from workflow.adapters.channels import SENT, Answer, Outcome, Parcel
from workflow.config import Settings
from workflow.domain.channels import Sort
from workflow.domain.permissions import Scope
from workflow.services.channels import delivery
from workflow.services.notice_choices import set_readers
from workflow.services.outbox import Note, queue
from workflow.services.posting import Delivery
from workflow.store import channels, outbox
from workflow.store.models import Account, Outbox, PostRow
from workflow.store.session import unit_of_work


class Kept:
    """A way that keeps what it is given, or answers what it was told to."""

    attempts = 2

    def __init__(self, answer: Answer = SENT) -> None:
        self.answer, self.parcels = answer, []

    def send(self, parcel: Parcel, *, now: dt.datetime) -> Answer:
        """Hand one over."""
        self.parcels.append((parcel.sort, parcel.address))
        return self.answer


def test_ways_are_settled_once_and_by_themselves(office: Office) -> None:
    """400 messages in several batches: each way once; one that fails for good touches no other and is named to
    who looks after the person, not to the neighbours. Deleting a message takes its copies along."""
    person, far = (office.posts[who].person_id for who in ("specialist", "far_drafter"))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        wish = {"muted_digest": True, "phone": "84912345678", "by_sms": True, "pushed": "", "now": NOON}
        channels.keep_choice(uow.session, person, **wish)
        channels.choice_of(uow.session, person).proven_at = NOON  # type: ignore[union-attr]
        for number in range(100):
            for sort in (Sort.URGENT, Sort.DIGEST, Sort.NOTICE):
                note = Note(cause=f"{number}:{sort}", what=recalled("x"), person_id=person, sort=sort)
                queue(uow, note, now=NOON)
            queue(uow, Note(cause=f"{number}:far", what=recalled("x"), person_id=far, sort=Sort.URGENT), now=NOON)
        uow.commit()
    mail, sms = Kept(), Kept(Answer(Outcome.FAILED, "answered", "400"))
    how = Delivery(channels={"mail": mail, "sms": sms}, secret="k" * 40)
    assert deliver(office.engine, how, clock=lambda: NOON) == {"sent": 200, "failed": 100}
    assert deliver(office.engine, how, clock=lambda: NOON) == {}
    assert len(mail.parcels) == 200
    assert set(mail.parcels) == {("urgent", "specialist@example.gov.vn"), ("urgent", "far_drafter@example.gov.vn")}
    assert set(sms.parcels) == {("urgent", "84912345678")}
    with unit_of_work(office.engine) as uow:
        here = Scope(agency_ids=(office.units["commune"],), unit_ids=())
        there = Scope(agency_ids=(office.units["far"],), unit_ids=())
        part = Scope(agency_ids=(), unit_ids=(office.units["economy"],))
        today = NOON.date()
        first = channels.undelivered(here, uow.session, today=today)
        rest = channels.undelivered(part, uow.session, today=today, before=first[-2].id)
        assert (len(first), len(channels.undelivered(there, uow.session, today=today))) == (51, 0)
        assert {(row.full_name, row.error) for row in (*first, *rest)} == {("Ngô Thị Bích", "answered 400")}
        assert len({row.id for row in (*first[:50], *rest)}) == 100
        gone = update(PostRow).where(PostRow.person_id == person).values(valid_to=today)
        uow.begin_write()
        uow.session.execute(gone)
        assert len(channels.undelivered(here, uow.session, today=today)) == 51
        assert channels.undelivered(here, uow.session, today=today + dt.timedelta(days=1)) == []
        told = channels.health(uow.session)
        assert {name: (one.sent_at, one.failed_at, one.error) for name, one in told.items()} == {
            "mail": (NOON, None, ""), "sms": (None, NOON, "answered 400"),
        }  # fmt: skip
        assert len(outbox.for_person(uow.session, person)) == 51
        assert outbox.forget(uow.session, before=NOON + dt.timedelta(days=1)) >= 400
        assert uow.session.scalar(select(func.count()).select_from(Outbox)) == 0


def test_nothing_leaves_to_somebody_whose_account_is_closed(office: Office) -> None:
    """Neither what has their address already nor another way; it lies in the program, where nobody is left out."""
    person = office.posts["specialist"].person_id
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).where(Account.person_id == person).values(active=False))
        wish = {"muted_digest": False, "phone": "84912345678", "by_sms": True, "pushed": "", "now": NOON}
        channels.keep_choice(uow.session, person, **wish)
        channels.choice_of(uow.session, person).proven_at = NOON  # type: ignore[union-attr]
        for address in ("", "specialist@example.gov.vn"):
            note = Note(
                cause=f"a:{address}", what=recalled("x"), person_id=person, sort=Sort.URGENT, address=address
            )
            queue(uow, note, now=NOON)
        uow.commit()
    way = Kept()
    how = Delivery(channels={"mail": way, "sms": way}, secret="k" * 40)
    assert deliver(office.engine, how, clock=lambda: NOON) == {}
    assert way.parcels == []
    with unit_of_work(office.engine) as uow:
        assert [row.state for row in outbox.for_person(uow.session, person)] == ["sent", "sent"]


def test_two_who_name_readers_at_once_follow_one_another(office: Office) -> None:
    """The second waits, then its word counts whole; nobody gets an error."""
    unit, scope = office.units["economy"], Scope(agency_ids=(office.units["commune"],))
    admin, clerk, head = office.actor("admin"), *(office.posts[who].person_id for who in ("clerk", "head"))

    def name(*people: int) -> None:
        with unit_of_work(office.engine) as uow:
            set_readers(uow, admin, scope, unit_id=unit, person_ids=people, now=NOON)
            begun.set()
            if people == (clerk,):
                sleep(0.3)
            uow.commit()

    begun = Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(name, clerk)
        assert begun.wait(10)
        second = pool.submit(name, clerk, head)
        first.result(), second.result()
    with unit_of_work(office.engine) as uow:
        assert channels.readers_of(uow.session, unit) == {clerk, head}


def test_readers_are_those_who_still_hold_a_post_in_the_agency(office: Office) -> None:
    """Whoever left, or holds a post that may see none any more, gets no reports, without being taken off."""
    unit, clerk = office.units["economy"], office.posts["clerk"]
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        channels.set_readers(uow.session, unit, [clerk.person_id, office.posts["far_clerk"].person_id])
        today = NOON.date()
        assert channels.readers_on(uow.session, today) == {unit: (clerk.person_id,)}
        uow.session.execute(update(PostRow).where(PostRow.id == clerk.id).values(valid_to=today))
        assert channels.readers_on(uow.session, today + dt.timedelta(days=1)) == {}
        uow.session.execute(update(PostRow).where(PostRow.id == clerk.id).values(valid_to=None, role="drafter"))
        assert channels.readers_on(uow.session, today) == {}
        channels.set_readers(uow.session, unit, [])
        assert channels.readers_of(uow.session, unit) == set()


HOOKS = '[{"name": "so-nv", "url": "https://a.example/x", "secret": "mot-bi-mat-dai-hon-ba-muoi-hai-ky-tu"}]'


def test_a_setting_that_nobody_can_read_holds_up_its_own_way_alone(office: Office) -> None:
    """Mail goes on while SMS and webhooks wait, no dearer; mended, everything that waited leaves once. More than a
    batch waits, so that it cannot stand in the way of the others."""
    person, unit = office.posts["specialist"].person_id, office.units["economy"]
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        wish = {"muted_digest": False, "phone": "84912345678", "by_sms": True, "pushed": "", "now": NOON}
        channels.keep_choice(uow.session, person, **wish)
        channels.choice_of(uow.session, person).proven_at = NOON  # type: ignore[union-attr]
        for number in range(250):
            note = Note(cause=f"{number}:p", what=recalled("x"), person_id=person, sort=Sort.URGENT)
            queue(uow, note, now=NOON)
            about = Note(cause=f"{number}:u", what=recalled("x"), unit_id=unit, address="kt@a.vn", sort=Sort.REPORT)
            queue(uow, about, now=NOON)
        uow.commit()
    settings = Settings(database_url="", blob_url="", secret_key="k" * 40, sms="{", webhooks="[{")
    broken = delivery(settings)
    assert broken.broken == {"sms": "sms_unreadable", "webhook": "webhooks_unreadable"}
    mail, later = Kept(), NOON + dt.timedelta(days=1)
    how = replace(broken, channels={"mail": mail})
    assert deliver(office.engine, how, clock=lambda: NOON) == {"sent": 500}
    assert deliver(office.engine, how, clock=lambda: later) == {}
    with unit_of_work(office.engine) as uow:
        assert outbox.held_back(uow.session, broken.broken) == {"sms": 250, "webhook": 250}
        assert uow.session.scalar(select(func.max(Outbox.attempts)).where(Outbox.channel != "mail")) == 0
    sms, hook, mended = Kept(), Kept(), delivery(replace(settings, sms="", webhooks=HOOKS))
    assert mended.broken == {}
    how = replace(mended, channels={"mail": mail, "sms": sms, "webhook": hook})
    assert deliver(office.engine, how, clock=lambda: later) == {"sent": 500}
    assert deliver(office.engine, how, clock=lambda: later) == {}
    assert (len(mail.parcels), sms.parcels, hook.parcels) == (
        500, [("urgent", "84912345678")] * 250, [("report", "so-nv")] * 250,
    )  # fmt: skip
