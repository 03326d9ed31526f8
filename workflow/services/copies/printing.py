"""A copy on paper of an electronic original: its pages with the copy's words below the last of them, to be signed
and sealed in ink (Decree 30/2020, Art. 25, Annex I, part II)."""

from __future__ import annotations

import base64

from workflow.adapters import render
from workflow.adapters.blobs import Blobs
from workflow.domain import copies as rules
from workflow.domain.copies import Form, Medium, State
from workflow.domain.errors import WrongState
from workflow.domain.numbering import date_text
from workflow.services.copies.files import task
from workflow.services.copies.issuer import block_of, issuer_of
from workflow.services.journal import local_day
from workflow.store.models import CertifiedCopy
from workflow.store.session import UnitOfWork


def printed(uow: UnitOfWork, copy: CertifiedCopy, *, blobs: Blobs) -> bytes:
    """The sheets to print. Raises `WrongState` before it is numbered, when it is cancelled, and
    for a digital copy, which is no copy any more once it is printed."""
    state = State(copy.state)
    if Medium(copy.medium) is not Medium.PAPER or state not in {State.NUMBERED, State.DONE}:
        raise WrongState("copy_wrong_state", action="print", state=str(state))
    if copy.numbered_at is None:
        raise WrongState("copy_wrong_state", action="print", state=str(state))
    issuer = issuer_of(uow, copy.agency_id)
    titles, name = block_of(uow, copy)
    words = render.CopyWords(
        form=rules.HEADING[Form(copy.form)], superior=issuer.superior, agency=issuer.name, symbol=copy.symbol,
        dated=date_text(issuer.place, local_day(copy.numbered_at)),
        recipients=tuple(line.strip(" -;.") for line in copy.recipients.splitlines() if line.strip(" -;.")),
        titles=titles, name=name,
    )  # fmt: skip
    data, made_at = copy.sha256, copy.numbered_at
    pages = uow.compute(blobs.get, data)
    block = uow.compute(render.render_copy_words, words, made_at=made_at)
    return uow.compute(task, "below", pages, block=base64.b64encode(block).decode()).blobs[0]
