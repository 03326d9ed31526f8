"""Templates on the screen: what each named place stands for, and lists for choosing."""

from __future__ import annotations

from workflow.domain.outgoing import State
from workflow.domain.templates import Place
from workflow.services.documents.templates import Template
from workflow.store.models import Outgoing
from workflow.web.context import Current
from workflow.web.i18n import N_, _
from workflow.web.types import type_names

PLACES = {
    Place.ORGAN: N_("the issuing organ"),
    Place.SUPERIOR: N_("the agency above it"),
    Place.TOWN: N_("the place of issue"),
    Place.UNIT: N_("the drafting unit"),
    Place.KIND: N_("the type of document"),
    Place.SUBJECT: N_("the subject"),
    Place.RECIPIENTS: N_("the recipients"),
    Place.SIGNER: N_("the signer's name"),
    Place.SIGNER_TITLE: N_("the signer's title"),
    Place.AUTHORITY: N_("whose authority a decision rests on"),
    Place.YEAR: N_("the current year"),
    Place.ANSWERED: N_("the incoming document answered: type, number, date and issuer"),
    Place.ANSWERED_SYMBOL: N_("its number and symbol"),
    Place.ANSWERED_DAY: N_("its date"),
    Place.ANSWERED_ISSUER: N_("its issuer"),
    Place.ANSWERED_SUBJECT: N_("its subject"),
    Place.ARRIVAL_NUMBER: N_("its arrival number"),
}


def places() -> list[tuple[str, str]]:
    """(what is typed, what it becomes) of every place."""
    return [(f"{{{{{place}}}}}", _(words)) for place, words in PLACES.items()]


def grouped(found: tuple[Template, ...]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(type's code, its name, [(key, name)]) in the order of the decree."""
    by_type: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        by_type.setdefault(one.type_code, []).append((one.key, one.name))
    return [(code, name, by_type[code]) for code, name in type_names().items() if code in by_type]


def writable(here: Current, document: Outgoing) -> bool:
    """Whether the person who looks may write this draft's words; the service asks again."""
    mine = document.drafter_id == here.person.person_id
    return mine and document.state in {State.DRAFT, State.RETURNED} and not document.secret
