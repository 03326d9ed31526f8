"""Timestamps (RFC 3161) over anchors: asked after an anchor is made, of the authority of the setting.

An anchor names the one before it, so a timestamp over the newest is one over all. A dead authority delays nothing:
the next run asks again for the last few, and the page says which have none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from signing import Evidence, TrustStore
from signing.errors import BrokenInput, FetchRefused
from signing.fetch import FetchSettings, Stamped, stamp
from signing.path.certificates import PARSE_ERRORS, inspect_certificate
from signing.path.chain import PathState
from signing.path.policy import STRICT
from signing.path.timestamps import check_token
from workflow.services.auditing import CheckToken, Stamp
from workflow.services.signing.roots import standing
from workflow.store import anchors as store
from workflow.store.models import AnchorToken
from workflow.store.session import UnitOfWork

LAST = 3
"""So many of the last anchors are asked for again."""

AUTHORITY = 200
"""Characters of an authority's name that are written down."""

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
                anchor=one.number, authority=one.stamped.name[:AUTHORITY], stamped_at=one.stamped.time,
                fetched_at=one.at, token=one.stamped.token,
            )
            for one in fetched
        )
    )  # fmt: skip
    uow.flush()


def checking(trust: TrustStore, *, at: dt.datetime) -> CheckToken:
    """How a timestamp is judged: wrong is what is none, is over something else or older than its anchor, or not
    signed as it says. One whose authority is not listed, or whose certificate has ended, tells nothing; a newer one
    covers what it was over."""

    def check(token: bytes, digest: str, made: dt.datetime) -> Stamp:
        found = check_token(
            token, lambda name: bytes.fromhex(digest) if name == "sha256" else b"", trust=trust,
            evidence=Evidence(), at=at, policy=STRICT,
        )  # fmt: skip
        authority = _name(found.certificate)
        too_old = found.time is not None and found.time < made - STRICT.clock_skew
        if found.path is None or too_old:
            return Stamp(False, found.time, authority)
        return Stamp(True if found.path.path is PathState.TRUSTED else None, found.time, authority)

    return check


def _name(certificate: bytes | None) -> str:
    """As it was written down when the timestamp came."""
    try:
        return inspect_certificate(certificate).common_name[:AUTHORITY] if certificate is not None else ""
    except (BrokenInput, *PARSE_ERRORS):
        return ""


def shown(uow: UnitOfWork, *, limit: int, at: dt.datetime) -> dict[int, Stamp]:
    """Of the last anchors' timestamps what they say, whatever stands beside them. Ends the read: ask for the rows
    of a page after it."""
    anchors = {row.number: (row.digest, row.at) for row in store.recent(uow.session, limit=limit)}
    tokens = {number: row.token for number, row in store.tokens_of(uow.session, anchors).items()}
    if not tokens:
        return {}
    check = checking(trusted(uow), at=at)
    return uow.compute(
        _as_they_read, check, {number: (token, *anchors[number]) for number, token in tokens.items()}
    )


def _as_they_read(check: CheckToken, tokens: dict[int, tuple[bytes, str, dt.datetime]]) -> dict[int, Stamp]:
    return {number: check(*told) for number, told in tokens.items()}
