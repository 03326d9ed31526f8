"""Units, posts, roles and the capacities in which people sign."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.text import fold


class UnitKind(StrEnum):
    """An agency has its own registers, seal, clerk and leaders; a part belongs to one."""

    AGENCY = "agency"
    PART = "part"


class Role(StrEnum):
    """What a post lets its holder do. Roles come from posts only, never from accounts."""

    DRAFTER = "drafter"
    UNIT_HEAD = "unit_head"
    CLERK = "clerk"
    LEADER = "leader"
    DEPUTY = "deputy"
    ADMIN = "admin"
    INSPECTOR = "inspector"
    SYSTEM = "system"


SIGNING_ROLES = frozenset({Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD})
"""Who can be named signer of a document (Decree 30/2020 Art. 13)."""

STEP_UP_ROLES = frozenset({Role.LEADER, Role.DEPUTY, Role.CLERK, Role.ADMIN})
"""Posts whose holders need a second factor: they sign, seal or administer."""


class Capacity(StrEnum):
    """In whose name one signs (Decree 30/2020 Art. 13). HEAD is the direct head, drawn without a prefix."""

    HEAD = "head"
    TM = "tm"
    KT = "kt"
    TL = "tl"
    TUQ = "tuq"
    Q = "q"


CAPACITY_PREFIX = {
    Capacity.HEAD: "",
    Capacity.TM: "TM.",
    Capacity.KT: "KT.",
    Capacity.TL: "TL.",
    Capacity.TUQ: "TUQ.",
    Capacity.Q: "Q.",
}

CAPACITIES: dict[Role, tuple[Capacity, ...]] = {
    Role.LEADER: (Capacity.HEAD, Capacity.TM, Capacity.Q),
    Role.DEPUTY: (Capacity.KT, Capacity.TM, Capacity.Q),
    Role.UNIT_HEAD: (Capacity.TL, Capacity.TUQ, Capacity.TM),
}
"""Capacities that Article 13 opens to a kind of post, the usual one first; whether a person has one, and for what,
`mandates` answers. Heads of units may be members of a collective; a deputy may be acting head."""


@dataclass(frozen=True, slots=True)
class Post:
    """A person's place in a unit, with dates. `agency_id` is the agency that the unit belongs to (or is)."""

    id: int
    person_id: int
    unit_id: int
    agency_id: int
    role: Role
    title: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    in_office: bool = False
    """In the unit that prepares the leader's directions on what arrives (Văn phòng)."""

    def held_on(self, day: dt.date) -> bool:
        """Posts count from their first day to their last, both included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which post; built by a door from a session, a token or a job."""

    person_id: int | None
    post_id: int | None
    role: Role
    unit_id: int | None
    agency_id: int | None
    name: str = ""
    address: str = ""
    at_top: bool = False
    """In the agency that runs this installation; whoever builds an actor and does not ask says no."""
    in_office: bool = False
    in_place_of: int | None = None
    """The person whose desk the actor looks after, in the post `post_id` of that person; None in a post of one's
    own. `person_id` is always who really acts."""
    reading_only: bool = False
    inspection_id: int | None = None
    """The inspection in which the actor reads; their post is then an inspector's, of its units only."""

    @property
    def desk_of(self) -> int | None:
        """Whose desk it is: one's own, or of who is away."""
        return self.in_place_of if self.in_place_of is not None else self.person_id

    @classmethod
    def of(cls, post: Post, *, name: str = "", address: str = "", at_top: bool = False) -> Actor:
        """The actor that a person is while acting in a post."""
        return cls(
            post.person_id, post.id, post.role, post.unit_id, post.agency_id, name, address, at_top, post.in_office
        )

    @classmethod
    def without_post(cls, person_id: int, *, name: str = "", address: str = "") -> Actor:
        """Somebody who holds no post today and only looks after their own account: no unit, so no papers."""
        return cls(person_id, None, Role.DRAFTER, None, None, name, address)


INSPECTOR_DAYS = 366
"""How many days after its first an inspector's post ends at the latest, and how far ahead it is renewed: whoever
reads all papers of an agency and those below it is named anew each year."""


def inspector_last_day(since: dt.date) -> dt.date:
    """The latest last day of an inspector's post that begins, or is renewed, on a day."""
    return since + dt.timedelta(days=INSPECTOR_DAYS)


SYSTEM_ACTOR = Actor(None, None, Role.SYSTEM, None, None, "system")
"""Machine steps: skipped reviews, jobs."""


COLLECTIVES = ("Ủy ban nhân dân", "Hội đồng nhân dân")
"""Bodies that decide together, so that somebody signs on their behalf (TM.)."""


def collective_of(agency_name: str) -> str:
    """In whose name TM. is signed: `Ủy ban nhân dân`, without the place that the head of the page names."""
    return next((name for name in COLLECTIVES if fold(agency_name).startswith(fold(name))), agency_name)


def signature_block(capacity: Capacity, title: str, head_title: str, *, collective: str = "") -> tuple[str, ...]:
    """Lines above the signer's name, as Annex I draws them.

    KT. names the head and then the deputy (`KT. CHỦ TỊCH` / `PHÓ CHỦ TỊCH`), as do TL. and TUQ.; TM. names the
    collective on the first line and the signer's title below, between them the head for whom a deputy signs; Q.
    stands before the title itself.
    """
    own, head = title.upper(), head_title.upper()
    if capacity is Capacity.HEAD:
        return (own,)
    if capacity is Capacity.Q:
        return (f"Q. {own}",)
    if capacity is Capacity.TM:
        whole = f"{CAPACITY_PREFIX[capacity]} {(collective or head_title).upper()}"
        instead = (f"{CAPACITY_PREFIX[Capacity.KT]} {head}",) if fold(title) != fold(head_title) else ()
        return (whole, *instead, own)
    return (f"{CAPACITY_PREFIX[capacity]} {head}", own)
