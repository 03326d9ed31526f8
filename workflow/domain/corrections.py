"""What may become of a document that was issued with a mistake (Decree 30/2020, Art. 18.3, 18.4), in one table.

A mistake of form, layout or procedure is corrected by a *công văn* of who issued it; one of content is amended or
replaced by a document of the same form; recalling takes the document itself back. All but a recall are documents of
their own, with the whole road before them: the earlier one bears the mark once the later one is issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.document_types import LETTER
from workflow.domain.errors import BadInput, NotPermitted, WrongState
from workflow.domain.exchange import RECALLING
from workflow.domain.people import Role


class Kind(StrEnum):
    """Đính chính, sửa đổi bổ sung, thay thế, thu hồi."""

    CORRECT = "correct"
    AMEND = "amend"
    REPLACE = "replace"
    RECALL = "recall"


class Standing(StrEnum):
    """How an earlier document stands. `RECALLED`: everybody who had it has given it back."""

    UNISSUED = "unissued"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    RECALLED = "recalled"


class Form(StrEnum):
    """What kind of document says so."""

    LETTER = "letter"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where `kind` is allowed, for whom, and by a document of which form."""

    kind: Kind
    standings: frozenset[Standing]
    roles: frozenset[Role]
    form: Form


_DRAFTING = frozenset({Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK})
_IN_FORCE = frozenset({Standing.IN_FORCE})

RULES: tuple[Rule, ...] = (
    Rule(Kind.CORRECT, _IN_FORCE, _DRAFTING, Form.LETTER),
    Rule(Kind.AMEND, _IN_FORCE, _DRAFTING, Form.SAME),
    Rule(Kind.REPLACE, _IN_FORCE | {Standing.RECALLED}, _DRAFTING, Form.SAME),
    Rule(Kind.RECALL, _IN_FORCE | {Standing.REPLACED}, RECALLING, Form.NONE),
)
"""A document that was replaced is corrected no more: its successor is. A recalled one can still be replaced."""

BY_KIND = {rule.kind: rule for rule in RULES}

DRAFTED = tuple(rule.kind for rule in RULES if rule.form is not Form.NONE)
"""Those that begin with a draft."""

_REFUSED = {
    Standing.UNISSUED: "correction_unissued",
    Standing.REPLACED: "correction_replaced",
    Standing.RECALLED: "correction_recalled",
    Standing.IN_FORCE: "correction_unissued",
}


def open_to(role: Role, standing: Standing) -> tuple[Kind, ...]:
    """What a role may begin about a document that stands so, in the table's order."""
    return tuple(rule.kind for rule in RULES if role in rule.roles and standing in rule.standings)


def demand(kind: Kind, standing: Standing, *, role: Role) -> None:
    """Raise `NotPermitted("role_may_not")`, or `WrongState` with `correction_unissued`, `correction_replaced` or
    `correction_recalled`."""
    rule = BY_KIND[kind]
    if role not in rule.roles:
        raise NotPermitted("role_may_not", action=str(kind), role=str(role))
    if standing not in rule.standings:
        raise WrongState(_REFUSED[standing], action=str(kind))


def demand_form(kind: Kind, *, type_code: str, earlier: str) -> None:
    """The later document's type fits what it does. Raises `BadInput` with `correction_by_letter` or
    `correction_same_form` (Art. 18.3)."""
    form = BY_KIND[kind].form
    if form is Form.LETTER and type_code != LETTER:
        raise BadInput("correction_by_letter")
    if form is Form.SAME and type_code != earlier:
        raise BadInput("correction_same_form")


def form_of(kind: Kind, earlier: str) -> str:
    """The type that a draft about a document of type `earlier` begins with."""
    return LETTER if BY_KIND[kind].form is Form.LETTER else earlier
