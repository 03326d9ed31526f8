"""A closed month: what is frozen, what an adjustment is, and which later acts may lawfully change a count.

Live = recomputed = frozen + adjustments. A recount finds differences fact by fact; an act in the journal that may
cause such a difference makes it an adjustment, with nothing to explain it it is drift.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.domain.errors import Conflict
from workflow.domain.indicators import VERSION, Facts, Key, Place, Population, definition_digest, tally
from workflow.domain.journal import canonical_json, utc_text

FORM = 1
"""Of the frozen content."""


def content(facts: Facts, *, agency: int, month: str, start: dt.datetime, end: dt.datetime,
            cut_off: dt.datetime) -> dict[str, Any]:  # fmt: skip
    """A month as it is frozen: every fact and the rows they come to, by keys only."""
    return {
        "v": FORM,
        "agency": agency,
        "month": month,
        "start": utc_text(start),
        "end": utc_text(end),
        "cut_off": utc_text(cut_off),
        "definition": VERSION,
        "definition_digest": definition_digest(),
        "facts": facts_as_lists(facts),
        "figures": sorted(
            [unit, person or 0, str(population), value, number]
            for (unit, person, population, value), number in tally(facts).items()
        ),
    }


def facts_as_lists(facts: Facts) -> list[list[Any]]:
    """In one order, whoever counted them."""
    return sorted(
        [str(population), key, place.unit, place.person or 0, place.value]
        for (population, key), place in facts.items()
    )


def facts_from_lists(rows: Iterable[Sequence[Any]]) -> dict[Key, Place]:
    """The inverse."""
    return {
        (Population(population), key): Place(unit, person or None, value)
        for population, key, unit, person, value in rows
    }


def sealed(value: Mapping[str, Any]) -> tuple[bytes, str]:
    """Canonical bytes and their SHA-256."""
    data = canonical_json(value)
    return data, hashlib.sha256(data).hexdigest()


def content_of(data: bytes) -> dict[str, Any]:
    """The content of canonical bytes."""
    found: dict[str, Any] = json.loads(data)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not as it was: came (`before` None), went (`after` None), or stands otherwise."""

    population: Population
    key: int
    before: Place | None
    after: Place | None


def differences(
    expected: Facts, found: Facts, *, among: Container[Population] = frozenset(Population)
) -> tuple[Difference, ...]:
    """What differs, in one order; of some populations only."""
    both = expected.keys() | found.keys()
    changed = [key for key in both if key[0] in among and expected.get(key) != found.get(key)]
    return tuple(Difference(*key, expected.get(key), found.get(key)) for key in sorted(changed))


def adjusted(facts: Facts, changes: Iterable[Difference]) -> dict[Key, Place]:
    """Frozen facts with their adjustments; `Conflict` where one does not fit on what is before it."""
    made = dict(facts)
    for change in changes:
        key = (change.population, change.key)
        if made.get(key) != change.before:
            raise Conflict("adjustment_does_not_fit", population=str(change.population), key=change.key)
        if change.after is None:
            del made[key]
        else:
            made[key] = change.after
    return made


class Cause(StrEnum):
    """Why a count of a closed month lawfully changed."""

    VERDICT = "verdict"
    """Newer evidence changed what is known of a signature."""
    EXEMPTION = "exemption"
    ISSUED = "issued"
    """An act of the last moment, kept only after the month was counted."""
    REGISTERED = "registered"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    DUE_MOVED = "due_moved"
    RECALLED = "recalled"
    CLOSED = "closed"
    HANDED_ON = "handed_on"
    EXPLANATION = "explanation"
    POST = "post"
    CERTIFICATE = "certificate"
    SIGNED = "signed"
    """A signature of the last moment, kept only after the month was counted."""
    ENTERED = "entered"
    """A figure was entered, or corrected."""


def _incoming(**causes: Cause) -> dict[str, Cause]:
    return {f"document:incoming:{action}": cause for action, cause in causes.items()}


_DUE = _incoming(
    set_due=Cause.DUE_MOVED, grant_extension=Cause.DUE_MOVED, resume=Cause.DUE_MOVED, direct=Cause.DUE_MOVED,
    recalculated=Cause.DUE_MOVED, assign=Cause.DUE_MOVED, send_back=Cause.HANDED_ON,
)  # fmt: skip
_AGAIN = _incoming(reopen=Cause.REOPENED, withdraw=Cause.WITHDRAWN)
MOVES_DUE = frozenset({*_DUE, *_AGAIN})
"""Entries of the journal with which the due moment of an open document may have moved."""
_ENDS = _incoming(
    finish=Cause.CLOSED, close=Cause.CLOSED, answer=Cause.CLOSED, file=Cause.CLOSED, decline=Cause.CLOSED,
    agree_recall=Cause.RECALLED, register=Cause.REGISTERED,
)  # fmt: skip
_ON = _incoming(
    submit=Cause.HANDED_ON, propose=Cause.HANDED_ON, start=Cause.HANDED_ON, hand_over=Cause.HANDED_ON,
    pause=Cause.HANDED_ON, **{"pass": Cause.HANDED_ON},
)  # fmt: skip
_OPEN = {**_ON, **_ENDS, **_DUE, **_AGAIN}
_WHY = _incoming(
    demand_explanation=Cause.EXPLANATION, explain=Cause.EXPLANATION, accept_explanation=Cause.EXPLANATION,
    return_explanation=Cause.EXPLANATION, hand_over=Cause.HANDED_ON,
)  # fmt: skip
_OUTGOING = {
    f"document:outgoing:{action}": Cause.HANDED_ON
    for action in (
        "revise", "submit", "approve", "skip_review", "confirm_format", "return", "withdraw", "reject", "sign",
        "decline",
        "record_ink", "withdraw_signature", "cancel", "hand_over", "hand_to_deputy", "lose_signer",
    )
}  # fmt: skip

_ISSUED = {
    "document:signature:rechecked": Cause.VERDICT,
    "document:outgoing:approve_exemption": Cause.EXEMPTION,
    "document:outgoing:issue": Cause.ISSUED,
}
_APOLOGY = {**_WHY, **_incoming(apology=Cause.EXPLANATION), "document:outgoing:issue": Cause.ISSUED}

LAWFUL: Mapping[Population, Mapping[str, Cause]] = {
    Population.ISSUED: _ISSUED,
    Population.SIGNED_AS: _ISSUED,
    Population.LEADER_KIND: _ISSUED,
    Population.SEAL_KIND: _ISSUED,
    Population.TIMED: {
        "document:outgoing:sign": Cause.SIGNED,
        "document:outgoing:withdraw_signature": Cause.WITHDRAWN,
    },
    Population.BACKLOG: _OUTGOING,
    Population.APOLOGIES: _APOLOGY,
    Population.UNAPOLOGISED: _APOLOGY,
    Population.ENTERED: {
        "figures:entry:entered": Cause.ENTERED,
        "figures:entry:corrected": Cause.ENTERED,
    },
    Population.UNSIGNED: _OUTGOING,
    Population.RECEIVED: {**_AGAIN, **_incoming(register=Cause.REGISTERED)},
    Population.CARRIED: _OPEN,
    Population.FINISHED: {**_AGAIN, **_DUE, **_ENDS},
    Population.ENDED: {**_AGAIN, **_ENDS},
    Population.OPEN: _OPEN,
    Population.DEMANDED: _WHY,
    Population.GIVEN: _WHY,
    Population.ACCEPTED: _WHY,
    Population.UNEXPLAINED: _WHY,
    Population.EXPLAINED: _WHY,
    Population.LEADERS: {
        "person:post:given": Cause.POST,
        "person:post:ended": Cause.POST,
        "person:post:handed_over": Cause.POST,
        "certificate:enrolment:enrolled": Cause.CERTIFICATE,
        "certificate:enrolment:confirmed": Cause.CERTIFICATE,
        "certificate:enrolment:retired": Cause.CERTIFICATE,
    },
}
"""Which entries of the journal may change a fact, by its population. What none of them tells of is drift."""


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of the journal about the thing that differs."""

    id: int
    tag: str
    at: dt.datetime


def explained(difference: Difference, acts: Iterable[Act], *, after: int = 0) -> tuple[Act, Cause] | None:
    """The newest act that may have caused a difference. `after`: the entry that explained the adjustment before it;
    one act explains one change of a fact."""
    lawful = LAWFUL[difference.population]
    found = [act for act in acts if act.tag in lawful and act.id > after]
    if not found:
        return None
    newest = max(found, key=lambda act: act.id)
    return newest, lawful[newest.tag]


class Broken(StrEnum):
    """What of a frozen month is not as it was frozen: found by the recount, whoever changed it."""

    CONTENT = "content"
    """The list does not have its digest."""
    JOURNAL = "journal"
    """The journal names another digest, or none."""
    CHAIN = "chain"
    """The chain of the figures does not hold."""
    FIGURES = "figures"
    """The rows of figures are not those of the list."""
    ADJUSTMENTS = "adjustments"
    """The adjustments are not those that the journal names."""


def adjustments_digest(changes: Iterable[tuple[int, Difference, str, int]]) -> str:
    """SHA-256 over (place, difference, cause, entry) of all adjustments of a month, in order."""
    rows = [
        [ordinal, str(one.population), one.key, _plain(one.before), _plain(one.after), cause, entry]
        for ordinal, one, cause, entry in changes
    ]
    return hashlib.sha256(canonical_json(rows)).hexdigest()


def _plain(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.unit, place.person or 0, place.value]


USUAL_DAY, FIRST_DAY, LAST_DAY = 3, 1, 10
"""On which working day of a month the month before is closed, where an agency has not said otherwise."""
NEWEST = 3
"""Closed months that are counted again every night."""
ROUND = 28
"""Nights within which each older one comes round."""


def share_of_a_night(older: int) -> int:
    """How many older months are counted again in one night, so that all come round in time."""
    return -(-older // ROUND)
