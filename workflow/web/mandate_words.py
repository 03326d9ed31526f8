"""The answer to "why may, or may not, this person sign this?" in words: every rule, held or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.mandates import Basis, Entitlement, Mandate, Reason, Rule
from workflow.domain.people import Capacity
from workflow.services.authority import Entitled, Looked
from workflow.store import mandates as store
from workflow.web.authority_reasons import REASONS, RULES
from workflow.web.context import current
from workflow.web.format import day
from workflow.web.i18n import N_, _
from workflow.web.labels import label
from workflow.web.types import type_name

BASES = {
    Basis.APPOINTMENT: N_("by the appointment to the post"),
    Basis.MANDATE: N_("by a mandate"),
}

ANSWERS = {
    Entitled.YES: (N_("Entitled on that day"), "good"),
    Entitled.NO: (N_("Not entitled on that day"), "bad"),
    Entitled.NOT_ON_RECORD: (N_("No right to sign on record for that day"), "warn"),
}
"""Words and tone of the facet beside a verdict."""

CLAUSES = {
    Capacity.HEAD: N_("signs everything (Article 13.1)"),
    Capacity.TM: N_("the head, deputies and members by the working regulation (Article 13.2)"),
    Capacity.KT: N_("a deputy, in the fields assigned (Article 13.1)"),
    Capacity.TL: N_("a head of a unit, by order, for some types of documents (Article 13.4)"),
    Capacity.TUQ: N_("a head of a unit, in writing, limited in time and content (Article 13.3)"),
    Capacity.Q: N_("by the decision that appoints them"),
}
"""Where each capacity stands in Decree 30/2020."""


@dataclass(frozen=True, slots=True)
class Line:
    """One rule on the page."""

    holds: bool
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One capacity of a post: the sentence, what it rests on, its limits, every rule."""

    allowed: bool
    sentence: str
    basis: str
    limits: tuple[str, ...]
    lines: tuple[Line, ...]


def answer_words(said: Entitlement) -> Answer:
    """An answer of the rules, ready for the page."""
    words = {"capacity": label(said.capacity), "clause": _(CLAUSES[said.capacity])}
    against = _(REASONS[said.reasons[0]]) if said.reasons else ""
    sentence = (
        _("%(capacity)s: %(clause)s.", **words)
        if said.allowed
        else _("%(capacity)s: %(clause)s. %(why)s", why=against, **words)
    )
    return Answer(
        allowed=said.allowed,
        sentence=sentence,
        basis=_basis(said),
        limits=limits_of(said.mandate) if said.mandate is not None else (),
        lines=tuple(
            Line(check.holds, _(RULES[check.rule]) if check.reason is None else _(REASONS[check.reason]))
            for check in said.checks
        ),
    )


def _basis(said: Entitlement) -> str:
    if said.mandate is None:
        return _(BASES[Basis.APPOINTMENT]) if said.allowed else ""
    return legal_words(said.mandate.legal.symbol, said.mandate.legal.day, said.mandate.legal.title)


def legal_words(symbol: str, dated: dt.date | None, title: str) -> str:
    """`12/QĐ-UBND ngày 05/01/2026, Quyết định phân công`."""
    words = _("%(symbol)s of %(day)s", symbol=symbol, day=day(dated)) if dated else symbol
    return f"{words}, {title}" if title else words


def limits_of(mandate: Mandate) -> tuple[str, ...]:
    """Dates and scope of a mandate in words; an order that was passed on comes with the order."""
    found = [term_words(mandate.valid_from, mandate.valid_to), *scope_words(mandate)]
    if mandate.parent is not None:
        found.append(_("passed on from the order %(basis)s", basis=mandate.parent.legal.symbol))
    return tuple(found)


def term_words(first: dt.date, last: dt.date | None) -> str:
    """From when to when."""
    if last is None:
        return _("from %(first)s until it is revoked", first=day(first))
    return _("from %(first)s to %(last)s", first=day(first), last=day(last))


def scope_words(mandate: Mandate) -> list[str]:
    """What it covers, where that is not everything."""
    found = []
    if mandate.types:
        found.append(_("only: %(names)s", names=", ".join(sorted(type_name(code) for code in mandate.types))))
    if mandate.units:
        names = store.unit_names(current().uow.session, sorted(mandate.units))
        found.append(_("only documents drafted by: %(names)s", names=", ".join(names)))
    if mandate.organs:
        found.append(_("only documents of: %(names)s", names=", ".join(sorted(mandate.organs))))
    if mandate.content:
        found.append(mandate.content)
    return found


@dataclass(frozen=True, slots=True)
class Facet:
    """ "Was this person entitled on that day?", beside the verdict."""

    words: str
    tone: str
    sentence: str
    lines: tuple[Line, ...]


def facet_words(looked: Looked) -> Facet:
    """Told from what was stored at signing, or worked out since for what is older."""
    words, tone = ANSWERS[looked.answer]
    told = looked.told
    parts = [_("%(day)s as %(capacity)s", day=day(looked.day), capacity=label(Capacity(looked.capacity)))]
    if told["legal"]:
        dated = dt.date.fromisoformat(told["legal"]["day"]) if told["legal"]["day"] else None
        parts.append(legal_words(told["legal"]["symbol"], dated, told["legal"]["title"]))
    elif told["basis"]:
        parts.append(_(BASES[Basis(told["basis"])]))
    parts.append(
        _("kept when it was signed") if looked.kept else _("worked out from posts and mandates of that day")
    )
    lines = tuple(
        Line(not reason, _(REASONS[Reason(reason)]) if reason else _(RULES[Rule(rule)]))
        for rule, reason in told["rules"].items()
    )
    return Facet(_(words), tone, "; ".join(parts), lines)
