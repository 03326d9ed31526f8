"""Messages that did not arrive, with the longest words that another side may say; devices; a number not proven."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from signing.webpush import SenderKey
from tests.support.browser import open_session
from tests.support.live import Town
from tests.support.push_service import Device
from tests.support.told import told
from workflow.demo.people import HOSTILE
from workflow.services.outbox import Note, queue
from workflow.store import channels, phone_codes, push_devices
from workflow.store.models import LoginSession, Outbox
from workflow.store.session import unit_of_work

_HOOK = {"name": "so-noi-vu", "url": f"https://{'rat-dai.' * 9}example.vn/hook", "secret": "k" * 32}
WAYS = {
    "smtp_url": "smtp://trinhky:bi-mat@mail.lamgiang.example:587?starttls=1",
    "mail_from": "Trình Ký <trinhky@lamgiang.example>",
    "bounces": "imaps://trinhky%40lamgiang.example:bi-mat@mail.lamgiang.example/INBOX",
    "webhooks": json.dumps(
        [_HOOK, {**_HOOK, "name": "mot-cua", "units": ["H99.01", "H99.02"], "sorts": ["report"]}]
    ),
    "sms": json.dumps(
        {"url": "https://sms.example/v1", "token": "bi-mat", "body": {"to": "{to}", "text": "{text}"}}
    ),
    "push": json.dumps({"key": SenderKey.make(), "contact": "mailto:vt@lamgiang.example"}),
}
"""Settings of an installation with every way."""


def undelivered(town: Town) -> None:
    """One that came back, one that was given up by SMS; the ways have had their failures."""
    person = town.office.posts["specialist"].person_id
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        for number, (channel, address, state, error) in enumerate(
            (
                ("mail", f"{'dia-chi-rat-dai.' * 7}@example.gov.vn", "bounced", f"5.1.1 550 {HOSTILE} {'x' * 200}"),
                ("sms", "84912345678", "failed", "answered 400"),
            )
        ):
            note = Note(cause=f"explanation:{number}:demanded", what=told(), person_id=person)
            queue(uow, note, now=town.clock())
            row = uow.session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(1)).one()
            row.channel, row.address, row.state, row.error = channel, address, state, error
            row.spread_at = town.clock()
        channels.note_health(uow.session, "mail", error="", now=town.clock())
        channels.note_health(uow.session, "webhook:so-noi-vu", error=f"answered {'5' * 200}", now=town.clock())
        uow.commit()


def devices(town: Town) -> None:
    """A leader with as many devices as there may be, one of another key, and a code on its way to a number."""
    post, browser, now = town.office.posts["leader"], Device(), town.clock()
    open_session(town.engine, post.person_id, post_id=post.id, now=now)
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        session_id = uow.session.scalar(select(func.max(LoginSession.id))) or 0
        agents = ("Chrome/156 Windows", "Firefox/170 Linux", "x" * 200, "", "Edg/156 Windows")
        for number, agent in enumerate(agents):
            wanted = push_devices.Wanted(
                mark_hash=f"{number:064}",
                endpoint=f"https://fcm.googleapis.com/{number}",
                public_key=browser.public,
                secret=browser.secret,
                sender="another",
                browser=agent,
            )
            push_devices.put(uow.session, post.person_id, session_id, wanted, now=now)
        wish = {"muted_digest": False, "phone": "84912345678", "by_sms": True, "pushed": "digest", "now": now}
        channels.keep_choice(uow.session, post.person_id, **wish)  # type: ignore[arg-type]
        phone_codes.replace(uow.session, post.person_id, phone="84912345678", once_key="code:1", now=now)
        uow.add(
            Outbox(
                once_key="code:1", sort="code", spread_at=now, channel="sms", address="84912345678", subject="x",
                body="x", created_at=now, next_at=now, state="failed", error=f"answered 400 {HOSTILE} {'x' * 200}",
            )
        )  # fmt: skip
        uow.commit()
