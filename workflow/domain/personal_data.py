"""What is held about a person who works here: what an erasure takes, and what the law keeps and why.

Law 91/2025/QH15 on personal data gives the right; its articles were not at hand, so none is cited. What is a record
of public work stays (Law on Archives 33/2024/QH15), and so does what makes signatures checkable (Law 20/2023/QH15).
"""

from __future__ import annotations

from enum import StrEnum


class Number(StrEnum):
    """Personal numbers that are shown masked and uncovered by an act of their own; an export holds them all."""

    PHONE = "phone"
    REMOTE_ACCOUNT = "remote_account"
    """At a remote signing service it is often the citizen identity number."""
    EXPORT = "export"


class Class(StrEnum):
    """A class of what is held about a person."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    DEVICES = "devices"
    DEVICE_DAYS = "device_days"
    VIEWS = "views"
    MESSAGES = "messages"
    LOGINS = "logins"
    SECRETS = "secrets"
    TOKENS = "tokens"
    REMOTE = "remote"
    LOOKS = "looks"
    NUMBER_LOOKS = "number_looks"
    POSTS = "posts"
    CERTIFICATES = "certificates"
    DOCUMENTS = "documents"
    ERASURES = "erasures"
    ABSENCES = "absences"
    MANDATES = "mandates"
    ARRIVALS = "arrivals"
    COPIES = "copies"
    WORK = "work"
    """What they did with documents that go out: histories, opinions, comments, numbers, acts of signing."""
    REMOTE_ACTS = "remote_acts"
    DOSSIERS = "dossiers"
    INSPECTIONS = "inspections"
    FIGURES = "figures"
    OFFICE = "office"
    """Lists, settings, people and keys that they looked after."""
    JOURNAL = "journal"
    ACTS = "acts"
    """Entries of the journal about what they did."""


ANY_TIME = frozenset({Class.EMAIL, Class.PHONE, Class.DEVICES, Class.VIEWS})
"""Erased also of somebody who still works here: a convenience, which they may give anew."""

AFTERWARDS = frozenset({Class.MESSAGES, Class.LOGINS, Class.SECRETS, Class.TOKENS, Class.REMOTE})
"""Erased besides once no post is held any more: until then their work needs them."""

KEPT = frozenset(Class) - ANY_TIME - AFTERWARDS
"""Never by an erasure; looks and days of devices go when their time is over (`domain.keeping`). Who used which
device on the day of a signature is evidence, which nobody may take back."""


def erased(*, in_post: bool) -> frozenset[Class]:
    """What an erasure takes of somebody who holds a post, now or later, or of somebody who does not."""
    return ANY_TIME if in_post else ANY_TIME | AFTERWARDS
