"""Timestamps (RFC 3161) over anchors: asked after an anchor is made, of the authority of the setting.

An anchor names the one before it, so a timestamp over the newest is one over all. A dead authority delays nothing:
the next run asks again for the last few, and the page says which have none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from signing import Evidence, TrustStore
from signing.errors import FetchRefused
from signing.fetch import FetchSettings, Stamped, stamp
from signing.path.chain import PathState
from signing.path.policy import STRICT
from signing.path.timestamps import check_token
from signing.reasons import Conclusion
from workflow.services.auditing import CheckToken
from workflow.services.signing.roots import standing
from workflow.store import anchors as store
from workflow.store.models import AnchorToken
from workflow.store.session import UnitOfWork

LAST = 3
"""So many of the last anchors are asked for again."""

SETTINGS = FetchSettings(seconds=20)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An anchor without a timestamp."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A timestamp that came, to be kept."""

    number: int
    stamped: Stamped
    at: dt.datetime


def trusted(uow: UnitOfWork) -> TrustStore:
    """Every listed root, wherever else it is believed: an anchor is of all agencies."""
    return TrustStore(tuple(one.anchor for one in standing(uow).roots))


def wanting(uow: UnitOfWork, *, limit: int = LAST) -> list[Wanted]:
    """The newest first."""
    return [Wanted(row.number, row.digest) for row in store.unstamped(uow.session, limit=limit)]


def ask(
    wanted: list[Wanted], *, url: str, trust: TrustStore, clock: Callable[[], dt.datetime]
) -> tuple[list[Fetched], FetchRefused | None]:
    """Over the network, so in no transaction; ends at the first refusal: who is dead is asked once a run."""
    found: list[Fetched] = []
    for one in wanted:
        now = clock()
        try:
            stamped = stamp(
                bytes.fromhex(one.digest), url=url, settings=SETTINGS, trust=trust, at=now, clock=clock
            )  # fmt: skip
        except FetchRefused as refusal:
            return found, refusal
        found.append(Fetched(one.number, stamped, clock()))
    return found, None


def keep(uow: UnitOfWork, fetched: list[Fetched]) -> None:
    """Beside their anchors."""
    uow.begin_write()
    uow.add(
        *(
            AnchorToken(
                anchor=one.number, authority=one.stamped.name[:200], stamped_at=one.stamped.time,
                fetched_at=one.at, token=one.stamped.token,
            )
            for one in fetched
        )
    )  # fmt: skip
    uow.flush()


def checking(trust: TrustStore, *, at: dt.datetime) -> CheckToken:
    """How a pass judges a timestamp: wrong is one over something else, or not signed as it says. One whose
    authority is not listed, or whose certificate has ended, tells nothing; a newer one covers what it was over."""

    def check(token: bytes, digest: str) -> bool | None:
        found = check_token(
            token, lambda name: bytes.fromhex(digest) if name == "sha256" else b"", trust=trust,
            evidence=Evidence(), at=at, policy=STRICT,
        )  # fmt: skip
        if found.path is not None and found.path.path is PathState.TRUSTED:
            return True
        return False if found.path is None and found.verdict is Conclusion.FAILED else None

    return check
