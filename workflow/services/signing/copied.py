"""A certified copy that was sealed, as the question that the verifier is asked about it, whenever it is asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

from signing import Receipt, TimeSource
from signing import prepare as making
from workflow.domain import copies as rules
from workflow.services.signing import attached
from workflow.services.signing.question import OwnQuestion
from workflow.store.copy_proofs import Held
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork


def box_of(copy: CertifiedCopy) -> making.Box:
    """Where the words stand."""
    return copy.left, copy.bottom, copy.right, copy.top


def field_at(box: making.Box, *, words: str = "") -> making.PlannedField:
    """The field of the signature; `words`: what its appearance must read."""
    return making.PlannedField(
        name=rules.FIELD, kind=making.FieldKind.SEAL, owner="organisation", page=1, box=box, expected_text=words
    )


def standing_question(uow: UnitOfWork, held: Held, *, at: dt.datetime, cited: Collection[str] = ()) -> OwnQuestion:
    """The same as when its signature came. What came then is the file that it closed, not what the clock put behind
    that. `cited`: digests of revocation lists that earlier verdicts rested on, which stay evidence."""
    copy = held.copy
    known = attached.known_for(uow, copy.agency_id, at=at, cited=cited)
    found = attached.asked(known, field_at(box_of(copy), words=copy.shown), owner=held.owner, received_at=None)
    if copy.received_at is None:
        return found
    sealed = Receipt(copy.received_at, TimeSource.RECEIPT, size=held.size, sha256=copy.sealed_sha256 or "")
    return dataclasses.replace(found, evidence=dataclasses.replace(found.evidence, older_receipts=(sealed,)))
