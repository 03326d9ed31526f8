"""How a draft stands with those it was shown to. `documents.moves` asks here at a guarded step, so nothing here
may import it."""

from __future__ import annotations

from workflow.domain import opinions as rules
from workflow.store import opinions as store
from workflow.store import slips
from workflow.store.models import Outgoing
from workflow.store.session import UnitOfWork


def all_initialled(uow: UnitOfWork, document: Outgoing) -> bool:
    """The fact that the outgoing machine asks for before the format check and before the signer."""
    if not slips.initials_wanted(uow.session, document.id):
        return True
    asked = store.initials_asked(uow.session, document.id)
    present = store.present_text(uow.session, document.id)
    return rules.all_initialled(one.state(present) for one in asked)
