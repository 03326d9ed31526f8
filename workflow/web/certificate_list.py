"""The list of certificates as its address describes it: filters, order; and who should have one and has none."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from workflow.domain.calendar import office_time
from workflow.domain.certificates import THRESHOLDS
from workflow.domain.errors import BadInput
from workflow.domain.key_holders import WAYS, best_control
from workflow.domain.text import clean, fold
from workflow.web.i18n import N_
from workflow.web.people_list import name_key
from workflow.web.verdict_words import control_word


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate, or (`state` none) a post whose holder has none. `key`: of its row, with its kind."""

    key: str
    certificate_id: int | None
    owner: str
    place: str
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    state: str = "none"
    holder: str = ""
    """Where its key lies (`domain.key_holders.KeyHolder`)."""
    why: str = ""
    """Why it was stopped."""
    last: bool = False
    """Whether none of its owner's in use lasts longer: from its end on they cannot sign."""
    also: str = ""
    """Where else the same key was said to lie."""

    @property
    def control(self) -> str:
        """How much its owner alone controls the key, as a word; nothing of nobody's."""
        return control_word(best_control(self.holder, also=self.also)) if self.holder else ""


STATES: dict[str, tuple[str, str]] = {
    "ending": (N_("ends within 60 days"), "warn"),
    "expired": (N_("expired"), "bad"),
    "revoked": (N_("revoked"), "bad"),
    "none": (N_("leaders without a certificate"), "bad"),
    "valid": (N_("valid for more than 60 days"), "good"),
    "pending": (N_("waits for confirmation"), "warn"),
    "over": (N_("retired or refused"), "plain"),
}
"""A state as a word and a tone; each line is in one."""
IN_USE = ("ending", "valid")
AHEAD = 12
"""Months that the forecast shows."""
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFilter:
    """What the address asks for."""

    SORTS: ClassVar[dict[str, str]] = {"end": N_("Ends"), "owner": N_("Owner"), "issuer": N_("Issuer")}

    words: str = ""
    state: str = ""
    holder: str = ""
    month: str = ""
    """`2027-03`: owners whose last certificate in use ends then."""
    sort: str = "end"

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.words or self.state or self.holder or self.month)

    def address(self, path: str, **changes: str) -> str:
        """The same list with changes, as an address to share."""
        given = {
            "q": self.words, "state": self.state, "holder": self.holder, "month": self.month, "sort": self.sort,
            **changes,
        }  # fmt: skip
        query = urlencode(
            {name: value for name, value in given.items() if value and (name, value) != ("sort", "end")}
        )
        return f"{path}?{query}" if query else path


def read_filter(arguments: Mapping[str, str]) -> CertificateFilter:
    """Read an address; what makes no sense in it is left out, since people edit addresses."""
    try:
        words = clean(arguments.get("q", ""))[:100]
    except BadInput:
        words = ""
    state, sort = arguments.get("state", ""), arguments.get("sort", "")
    holder, month = arguments.get("holder", ""), arguments.get("month", "")
    return CertificateFilter(
        words=words,
        state=state if state in STATES else "",
        holder=holder if holder in WAYS else "",
        month=month if _MONTH.fullmatch(month) else "",
        sort=sort if sort in CertificateFilter.SORTS else "end",
    )


def lines_of(
    rows: Sequence[Any], posts: Sequence[Any], revoked: Collection[int], *, now: dt.datetime
) -> list[Line]:
    """Every certificate, then every signing post without one."""
    states = {row.id: _state(row, revoked, now) for row in rows}
    in_use = sorted((row for row in rows if states[row.id] in IN_USE), key=lambda row: (row.not_after, row.id))
    last = {(row.person_id, row.agency_id): row.id for row in in_use}
    held = [
        Line(
            f"c{row.id}", row.id, row.owner, row.agency, row.subject_name, row.issuer_name, row.serial,
            row.not_before, row.not_after, states[row.id], row.holder, why=row.stopped_why, also=row.also,
            last=last.get((row.person_id, row.agency_id)) == row.id,
        )
        for row in rows
    ]  # fmt: skip
    return held + [
        Line(f"p{post.id}", None, post.owner, f"{post.title}, {post.agency}") for post in posts if not post.has
    ]


def _state(row: Any, revoked: Collection[int], now: dt.datetime) -> str:
    if row.status not in {"pending", "confirmed"}:
        return "over"
    if row.id in revoked:
        return "revoked"
    if row.not_after <= now:
        return "expired"
    if row.status == "pending":
        return "pending"
    return "ending" if row.not_after <= now + dt.timedelta(days=THRESHOLDS[0]) else "valid"


def matching(lines: Sequence[Line], wanted: CertificateFilter) -> list[Line]:
    """The lines that match, in order."""
    return sorted((one for one in lines if _matches(one, wanted)), key=lambda one: _order(one, wanted.sort))


def _matches(line: Line, wanted: CertificateFilter) -> bool:
    if (wanted.state and line.state != wanted.state) or (wanted.holder and line.holder != wanted.holder):
        return False
    if wanted.month and _month(line) != wanted.month:
        return False
    text = f"{line.owner} {line.place} {line.subject} {line.issuer} {line.serial}"
    return fold(wanted.words) in fold(text)


_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def _order(line: Line, sort: str) -> tuple[object, ...]:
    """By their end: what needs somebody first, what is over last."""
    name = name_key(line.owner)
    if sort == "owner":
        return (name, line.key)
    if sort == "issuer":
        return (fold(line.issuer), name, line.key)
    return (line.state == "over", line.not_after or _NEVER, name, line.key)


def _month(line: Line) -> str:
    """In which month its owner's signature is lacking from its end on; nothing where another one lasts longer."""
    return f"{office_time(line.not_after):%Y-%m}" if line.last and line.not_after else ""


def months_ahead(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """(month, how many owners' last certificate in use ends in it), of the next months in which any does."""
    found = Counter(month for one in lines if (month := _month(one)))
    return sorted(found.items())[:AHEAD]
