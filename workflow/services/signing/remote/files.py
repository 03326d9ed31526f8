"""A file of an act with a remote key, prepared and finished: a document's, or a certified copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.adapters.blobs import Blobs
from workflow.domain.people import Actor
from workflow.domain.permissions import Scope
from workflow.domain.signing_acts import OF_COPIES
from workflow.services.copies import sealing
from workflow.services.signing import preparing
from workflow.services.signing.finishing import Outcome, finish_opened
from workflow.services.signing.remote.services import Doing
from workflow.store.models import SigningSession
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class File:
    """One file to be signed, as it was read; of an act over copies `document_id` is the copy."""

    document_id: int
    version: int
    attachment_id: int | None = None


def prepare(
    do: Doing, actor: Actor, scope: Scope, file: File, *, purpose: str, token: str, login_session_id: int | None,
    blobs: Blobs, now: dt.datetime,
) -> None:  # fmt: skip
    """Raises what `signing.prepare` raises, or `copies.prepare`."""
    key, read = file.document_id, file.version
    if purpose == OF_COPIES:
        do(
            lambda uow: sealing.prepare(
                uow, actor, scope, session=token, login_session_id=login_session_id, copy_id=key, version=read,
                blobs=blobs, now=now,
            )
        )  # fmt: skip
        return
    do(
        lambda uow: preparing.prepare(
            uow, actor, scope, session=token, login_session_id=login_session_id, document_id=key, version=read,
            blobs=blobs, attachment_id=file.attachment_id, now=now,
        )
    )  # fmt: skip


def finish(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, opened: SigningSession, item: Mapping[str, Any], blobs: Blobs,
    now: dt.datetime,
) -> Outcome:  # fmt: skip
    """With the signature that came. `item`: as the request keeps it. Raises what the two `finish_opened` raise."""
    key, signature = int(item["document"]), bytes.fromhex(item["signature"])
    if opened.purpose == OF_COPIES:
        return sealing.finish_opened(
            uow, actor, scope, opened=opened, copy_id=key, signature=signature, blobs=blobs, now=now
        )
    return finish_opened(
        uow, actor, scope, opened=opened, document_id=key, attachment_id=item["attachment"], signature=signature,
        blobs=blobs, now=now,
    )  # fmt: skip
