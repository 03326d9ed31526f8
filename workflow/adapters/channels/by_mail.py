"""Mail as a channel: one parcel, one mail in text and HTML to one address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from workflow.adapters import mail
from workflow.adapters.channels import SENT, Answer, Outcome, Parcel
from workflow.adapters.channels.letter import page, plain

ATTEMPTS: Final = 16
"""About two days of trying."""

HOPELESS: Final = frozenset({"mail_recipient_refused", "mail_unwritable", "mail_refused"})
"""Refusals of this one message; other errors are the server's trouble and pass."""


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` is ours; `hand_over` sends one mail or raises `MailError`."""

    sender: str
    hand_over: Callable[[mail.Message], object]
    attempts: int = ATTEMPTS

    def send(self, parcel: Parcel, *, now: dt.datetime) -> Answer:
        """Hand one over."""
        try:
            self.hand_over(self._message(parcel))
        except mail.MailError as error:
            hopeless = not error.transient and error.code in HOPELESS
            words = " ".join(str(value) for value in error.details.values())
            return Answer(Outcome.FAILED if hopeless else Outcome.PUT_OFF, error.code, words)
        return SENT

    def _message(self, parcel: Parcel) -> mail.Message:
        host = self.sender.rpartition("@")[2].strip("> ") or "localhost"
        return mail.Message(
            sender=self.sender,
            to=parcel.address,
            subject=parcel.subject,
            text=plain(parcel.text, parcel.link),
            html=page(subject=parcel.subject, text=parcel.text, link=parcel.link, language=parcel.language),
            id=f"{parcel.name}@{host}",
            made_at=parcel.made_at,
            files=tuple((one.name, one.media_type, one.data) for one in parcel.files),
        )


def by_mail(*, smtp_url: str, sender: str, ca_file: str = "", timeout: float = mail.TIMEOUT) -> Mail:
    """From the settings; an unreadable SMTP URL or CA file raises `BadInput` before any message is touched."""
    server = mail.Server.from_url(smtp_url)
    tls = mail.trusting(ca_file) if ca_file else None
    return Mail(sender, partial(mail.send, server, timeout=timeout, tls=tls))
