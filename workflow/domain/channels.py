"""By which way a message reaches whom: a pure table of what a message is about and what somebody chose.

A message stands in the program in any case. A person may mute their own morning digest on every other way; an
explanation owed, an urgent item and a unit's report cannot be muted, and what a unit gets goes to its own address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.outgoing import Urgency
from workflow.domain.text import mask_number, mask_personal


class Sort(StrEnum):
    """What a message is, as far as its way depends on it."""

    URGENT = "urgent"
    """An urgent item (hỏa tốc, thượng khẩn, khẩn), or being urged: by a person, or because something is overdue."""
    EXPLANATION = "explanation"
    """An explanation is owed."""
    DIGEST = "digest"
    """One's own list of a morning."""
    REPORT = "report"
    """The figures of a unit."""
    NOTICE = "notice"
    """Everything else: it waits in the program until somebody looks."""


CODE = "code"
"""The sort of a message that proves a telephone: by SMS alone, whatever anybody chose."""


class Way(StrEnum):
    """Ways out of the program. `APP` is no way out: it is read where it lies."""

    APP = "app"
    MAIL = "mail"
    SMS = "sms"
    WEBHOOK = "webhook"
    PUSH = "push"
    """To a browser in which a person turned it on."""


_BY_MAIL = frozenset({Sort.URGENT, Sort.EXPLANATION, Sort.DIGEST, Sort.REPORT})
_BY_SMS = frozenset({Sort.URGENT, Sort.EXPLANATION})
PUSHED_ALWAYS = frozenset({Sort.URGENT, Sort.EXPLANATION})
"""What goes to every device that is turned on."""
PUSHED_IF_CHOSEN = (Sort.DIGEST, Sort.REPORT, Sort.NOTICE)
"""What does so where its reader wants it."""
MOST_DEVICES = 5
"""Of one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one person has and wants: a mail address, messages to a proven phone, a device and which sorts go
    there.
    """

    muted_digest: bool = False
    mail: bool = False
    sms: bool = False
    push: bool = False
    pushed: frozenset[Sort] = frozenset()


def is_muted(sort: Sort, *, muted_digest: bool) -> bool:
    """Whether a person's choice keeps a message inside the program."""
    return sort is Sort.DIGEST and muted_digest


def ways(sort: Sort, choice: Choice) -> frozenset[Way]:
    """The ways out by which a message to a person goes."""
    if is_muted(sort, muted_digest=choice.muted_digest):
        return frozenset()
    wanted = {
        Way.MAIL: choice.mail and sort in _BY_MAIL,
        Way.SMS: choice.sms and sort in _BY_SMS,
        Way.PUSH: choice.push and sort in PUSHED_ALWAYS | choice.pushed,
    }
    return frozenset(way for way, yes in wanted.items() if yes)


_OWED = frozenset({"demanded", "sent_back", "chased"})


_BY_CAUSE = {
    "unsigned": Sort.REPORT, "urging": Sort.URGENT, "urgent": Sort.URGENT, "digest": Sort.DIGEST,
    "escalation": Sort.URGENT,
}  # fmt: skip


def sort_of(cause: str, urgency: str = "") -> Sort:
    """What a message is, from the name of its cause (`explanation:7:demanded:3:12`) and the mark of its paper."""
    about, _colon, rest = cause.partition(":")
    if about == "explanation":
        return Sort.EXPLANATION if _OWED & set(rest.split(":")) else Sort.NOTICE
    if urgency and urgency != Urgency.NORMAL:
        return Sort.URGENT
    return _BY_CAUSE.get(about, Sort.NOTICE)


_PHONE = re.compile(
    r"(?<![\w/.])(?![1-9]\d{0,2}(?:\.\d{3})+(?!\.?\d))(?:\+84|0084|84|0)(?:[ .-]?\d){8,10}(?![\d/])"
)
"""Of this country: 0912 345 678, +84 912 345 678, 0263.3822.345; `84.500.000.000` is a sum of money."""
_SPACED_IDENTITY = re.compile(r"(?<!\d)0\d{2}([ .])\d{3}\1\d{3}\1\d{3}(?!\d)")


_LINK = re.compile(r"\s*https?://\S+\s*")


def leaving(text: str) -> str:
    """A text as it leaves the building: numbers of identity papers and telephones masked, links as they are."""
    return "\n".join(line if _LINK.fullmatch(line) else _line(line) for line in text.split("\n"))


def _line(text: str) -> str:
    plain = mask_personal(_SPACED_IDENTITY.sub(_masked, text))
    return _PHONE.sub(_masked, plain)


def _masked(found: re.Match[str]) -> str:
    return mask_number("".join(sign for sign in found.group() if sign.isdigit()))


_MOBILE = re.compile(r"(?:\+84|84|0)([35789]\d{8})")


def mobile(text: str) -> str:
    """A mobile number of this country as `84912345678`; "" where it is none."""
    found = _MOBILE.fullmatch(re.sub(r"[ .()-]", "", text))
    return f"84{found[1]}" if found else ""


def parts_of(text: str) -> int:
    """How many parts of an SMS a text takes in UCS-2: 70 units in one, 67 in each of several (GSM 03.38, 03.40)."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)


def chosen(stored: str) -> frozenset[Sort]:
    """The sorts that a person wants on their devices, as they are kept: `digest notice`."""
    return frozenset(one for one in PUSHED_IF_CHOSEN if one in stored.split())


PUSH_SERVICES = (
    "fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com",
)  # fmt: skip
"""Those of the browsers that people use: Chrome and its relatives, Firefox, Safari, Edge."""


def is_listed(host: str, listed: Iterable[str]) -> bool:
    """Whether a host is one of a list; `*.example` is every host below `example`."""
    return any(host.endswith(one[1:]) if one.startswith("*.") else host == one for one in listed)
