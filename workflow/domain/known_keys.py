"""What is known of a key before it is enrolled: the same public key under whatever certificate. Pure rules.

A certificate can be issued anew over an old key. Who controlled that key before, and why it was stopped, goes with
the key and not with the certificate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.domain.certificates import BURNT, Stop
from workflow.domain.errors import Refused
from workflow.domain.key_holders import KeyHolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One earlier enrolment of the same public key. `owner`: (person, agency), one of them empty. `believed`: a
    second person had confirmed it. `revoked`: its authority took the certificate back, as far as is known here."""

    id: int
    owner: tuple[int | None, int | None]
    place: str
    status: str
    enrolled_at: dt.datetime
    believed: bool
    ended_at: dt.datetime | None = None
    why: str = ""
    revoked: bool = False

    @property
    def counts(self) -> bool:
        """Whether the key is or was its owner's here: what waits, and what a second person believed once."""
        return self.believed or self.status in {"pending", "confirmed"}

    @property
    def tells_place(self) -> bool:
        """Whether it says where the key lay. "Elsewhere", taken back before anybody believed it, says nothing."""
        return self.believed or self.place != KeyHolder.UPLOADED


def demand_usable(earlier: Iterable[Earlier], owner: tuple[int | None, int | None]) -> None:
    """A key is refused whatever its certificate says, where it was stopped because nobody knows who holds it, where
    an authority revoked a certificate over it, and where it is or was somebody else's here.

    Raises `Refused("key_burnt")`, `("key_revoked_before")`, `("key_of_somebody_else")`.
    """
    known = tuple(earlier)
    if any(one.why in BURNT for one in known):
        raise Refused("key_burnt")
    if any(one.revoked for one in known):
        raise Refused("key_revoked_before")
    if any(one.owner != owner and one.counts for one in known):
        raise Refused("key_of_somebody_else")


def other_places(earlier: Iterable[Earlier], place: str) -> tuple[str, ...]:
    """Where the key was said to lie before, other than now. A key that was in two places can be copied: none of
    them is believed to be more than a file."""
    return tuple(sorted({one.place for one in earlier if one.tells_place and one.place != place}))


def is_notable(one: Earlier, owner: tuple[int | None, int | None], place: str) -> bool:
    """Whether the second person has to say that they have read it: all but the owner's own key, in the same place,
    that goes on or was followed by its successor."""
    quiet = one.status in {"pending", "confirmed"} or one.why in {Stop.RENEWED, Stop.MISTAKEN}
    return not (quiet and one.owner == owner and one.place == place)
