"""Who may be named signer, each in the capacities in which they may sign, written as the block will read."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.mandates import Entitlement, Reason, may_sign
from workflow.domain.people import CAPACITIES, Capacity, Role, collective_of, signature_block
from workflow.services import authority
from workflow.store import mandates as store
from workflow.store import office
from workflow.store.models import Outgoing, Unit
from workflow.web.authority_reasons import REASONS
from workflow.web.context import Current
from workflow.web.i18n import _
from workflow.web.labels import label
from workflow.web.mandate_words import scope_words

Choices = list[tuple[str, list[tuple[str, str]]]]
"""(person, [(`12:kt`, words)]) for a list with groups."""


@dataclass(frozen=True, slots=True)
class Signers:
    """The list: what is `offered`, and what is not, each with its first reason."""

    offered: Choices
    withheld: list[tuple[str, str]]


TYPE_OPEN = frozenset({Reason.TYPE_OUTSIDE, Reason.ORGAN_OUTSIDE})
"""A form that chooses the type too: what is limited to some types is offered with their names."""
DAY_OPEN = frozenset({Reason.ENDED})
"""A form that says on which day the paper was signed."""


def signer_choices(
    here: Current, *, document: Outgoing | None = None, still_open: frozenset[Reason] = TYPE_OPEN
) -> Signers:
    """Signers of the acting post's agency today; `still_open`: what the form decides and the service compares."""
    session, agency = here.uow.session, office.unit(here.uow.session, here.post.agency_id)
    paper = document or Outgoing(
        agency_id=agency.id, unit_id=here.post.unit_id, type_code="", secret=False, symbol=""
    )
    asked = authority.asked_of(here.uow, paper, day=here.today, at=here.now)
    mandates = store.of_agency(session, agency.id)
    offered: Choices = []
    withheld: list[tuple[str, str]] = []
    for post, name, unit in office.signers(session, agency.id, on=here.today):
        options = []
        for capacity in CAPACITIES[Role(post.role)]:
            own = [store.as_post(post)]
            said = may_sign(post.person_id, own, mandates, asked, capacity=capacity, post_id=post.id)
            words = _block(capacity, post.title, agency, name)
            if set(said.reasons) <= still_open:
                options.append((f"{post.id}:{capacity}", _limited(said, words)))
            else:
                withheld.append((words, _(REASONS[said.reasons[0]])))
        if options:
            offered.append((f"{name}, {post.title} ({unit})", options))
    return Signers(offered, withheld)


def _limited(said: Entitlement, words: str) -> str:
    """The words of a choice, with the limits of the mandate that it rests on."""
    return words if said.mandate is None else "; ".join([words, *scope_words(said.mandate)])


def _block(capacity: Capacity, title: str, agency: Unit, name: str) -> str:
    """`KT. CHỦ TỊCH / PHÓ CHỦ TỊCH · Đặng Quốc Việt`."""
    block = signature_block(capacity, title, agency.head_title or title, collective=collective_of(agency.name))
    lines = " / ".join(block)
    return f"{lines} · {name} ({label(capacity)})"
