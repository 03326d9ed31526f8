"""Mail that came back: the message it was is marked, with the server's words, for whoever can mend the address.

Only what names one of our Message-IDs, digest and all, marks anything. A person's own reply and notifications that
name nothing of ours are left in the mailbox, unread, for people.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Final

from signing.jail import JailError
from workflow.adapters import bounces
from workflow.adapters.mailbox import MAX_TRIES, Gone, Mailbox, MailServer, Mark
from workflow.domain.text import clean
from workflow.services.posting import name_of
from workflow.store import outbox as store
from workflow.store.models import Setting
from workflow.store.session import UnitOfWork

A_ROUND: Final = 100
"""Messages in one round."""
_KEY: Final = "bounces"
_NAME = re.compile(r"(\d{1,18})\.([0-9a-f]{32})")
_WORDS: Final = 300

Keep = Callable[[Mark], None]
MarkReturned = Callable[[Mapping[str, Any]], bool]


def mark_of(uow: UnitOfWork, server: MailServer) -> Mark | None:
    """How far the mailbox was read."""
    row = uow.session.get(Setting, _KEY)
    return Mark.from_json(row.value["mark"]) if row is not None and row.value["of"] == str(server) else None


def keep_mark(uow: UnitOfWork, server: MailServer, mark: Mark) -> None:
    """Remember it."""
    uow.begin_write()
    value = {"of": str(server), "mark": mark.to_json()}
    row = uow.session.get(Setting, _KEY)
    if row is None:
        uow.add(Setting(name=_KEY, value=value))
    else:
        row.value = value
    uow.flush()


def mark_returned(uow: UnitOfWork, told: Mapping[str, Any], *, secret: str, now: dt.datetime) -> bool:
    """Mark the message that a notification is about; False where it is about none of ours, or about somebody whom
    the message was not for. `secret`: the installation's, by which it named the message.
    """
    named = _NAME.fullmatch(str(told["message_id"]).partition("@")[0])
    if not told["failed"] or named is None:
        return False
    uow.begin_write()
    message = store.mailed(uow.session, int(named[1]))
    if message is None or not hmac.compare_digest(name_of(message, secret=secret), named[0]):
        return False
    ours = [one for one in told["failed"] if one["address"] in ("", _bare(message.address))]
    if not ours:
        return False
    first = ours[0]
    words = clean(f"{first['status']} {first['words']}")[:_WORDS]
    message.state, message.error, message.sent_at = "bounced", words or "bounced", message.sent_at or now
    uow.flush()
    return True


def _bare(address: str) -> str:
    """`"Name" <A@b.vn>` as a server repeats it."""
    return parseaddr(address)[1].lower()


@dataclass(slots=True)
class Round:
    """What came of one look."""

    bounced: int = 0
    left: int = 0
    later: int = 0


def read_mailbox(
    opened: Mailbox, mark: Mark | None, *, mark_one: MarkReturned, keep: Keep, today: dt.date,
    stopping: Callable[[], bool] = lambda: False,
) -> Round:  # fmt: skip
    """Look at what came since. Each message is settled by itself, so a kill looks at one twice at most; only what
    was understood is marked as read on the server.
    """
    found = Round()
    mark = opened.look(mark, today=today)
    done: list[int] = []
    for uid in mark.waiting[:A_ROUND]:
        if stopping():
            break
        try:
            told = bounces.told(opened.raw(uid, at_most=bounces.MOST))
        except (Gone, JailError):
            tried = mark.failed(uid)
            again = tried.tries[uid] < MAX_TRIES
            mark = tried if again else mark.without(uid)
            found.later, found.left = found.later + again, found.left + (not again)
            continue
        if mark_one(told):
            done.append(uid)
            found.bounced += 1
        else:
            found.left += 1
        mark = mark.without(uid)
        keep(mark)
    keep(mark)
    opened.confirm(done)
    return found
