"""A second factor that was given some minutes ago, and the form that asks for it anew."""

from __future__ import annotations

import re
from html import unescape

from sqlalchemy import Engine, update

from tests.support.browser import Browser, Clock
from workflow.store.models import Account
from workflow.store.session import unit_of_work

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def stale(client: Browser, engine: Engine, clock: Clock) -> Browser:
    """An administrator with an app on the phone whose second factor is six minutes old."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret=SECRET))
        uow.commit()
    client.login("admin")
    clock.advance(minutes=6)
    return client


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the form that takes the code."""
    form = page.split('action="/step-up?next=', 1)[1].split("</form>", 1)[0]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}
