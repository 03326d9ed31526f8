"""Who may be named signer, each in the capacities of their post, written as the signature block will read."""

from __future__ import annotations

from workflow.domain.people import CAPACITIES, Capacity, Role, collective_of, signature_block
from workflow.store import office
from workflow.store.models import Unit
from workflow.web.context import Current
from workflow.web.labels import label

Choices = list[tuple[str, list[tuple[str, str]]]]
"""(person, [(`12:kt`, words)]) for a list with groups."""


def signer_choices(here: Current) -> Choices:
    """Signers of the acting post's agency today."""
    agency = office.unit(here.uow.session, here.post.agency_id)
    found: Choices = []
    for post, name, unit in office.signers(here.uow.session, here.post.agency_id, on=here.today):
        options = [
            (f"{post.id}:{capacity}", _block(capacity, post.title, agency, name))
            for capacity in CAPACITIES[Role(post.role)]
        ]
        found.append((f"{name}, {post.title} ({unit})", options))
    return found


def _block(capacity: Capacity, title: str, agency: Unit, name: str) -> str:
    """`KT. CHỦ TỊCH / PHÓ CHỦ TỊCH · Đặng Quốc Việt`."""
    block = signature_block(capacity, title, agency.head_title or title, collective=collective_of(agency.name))
    lines = " / ".join(block)
    return f"{lines} · {name} ({label(capacity)})"
