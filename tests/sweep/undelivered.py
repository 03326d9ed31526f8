"""Messages that did not arrive, with the longest words that another side may say."""

from __future__ import annotations

import json

from sqlalchemy import select

from tests.support.live import Town
from tests.support.told import told
from workflow.demo.people import HOSTILE
from workflow.services.outbox import Note, queue
from workflow.store import channels
from workflow.store.models import Outbox
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
