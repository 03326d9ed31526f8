"""Step 6: what came after a signature, and whether it may have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signing.pdf.changes import Change, ChangeKind
from signing.reasons import Reason
from signing.verification.context import Context
from signing.verification.plan import Place
from signing.verification.reading import Reading
from signing.verification.verdict import ChangeMade, ChangesAfter

_KINDS = {
    ChangeKind.EVIDENCE: ChangesAfter.EVIDENCE,
    ChangeKind.METADATA: ChangesAfter.EVIDENCE,
    ChangeKind.SIGNING: ChangesAfter.SIGNING,
    ChangeKind.FORM_FILLING: ChangesAfter.FORM_FILLING,
    ChangeKind.ANNOTATIONS: ChangesAfter.ANNOTATIONS,
    ChangeKind.OTHER: ChangesAfter.OTHER,
}
_WEIGHTS = {
    "page_changed": Reason.CHANGED_AFTER_SIGNING,
    "appearance_changed": Reason.APPEARANCE_CHANGED,
}
_ORDER = (
    ChangesAfter.OTHER, ChangesAfter.ANNOTATIONS, ChangesAfter.FORM_FILLING, ChangesAfter.SIGNING,
    ChangesAfter.EVIDENCE,
)  # fmt: skip


_SEAL_COVERS = 0.5
"""Decree 30/2020, Annex I: a seal covers about a third of the signature, at its left. With a plan no stranger's
stamp may touch a signature at all."""


@dataclass(frozen=True, slots=True)
class Later:
    kind: ChangesAfter
    changes: tuple[ChangeMade, ...]
    permitted: bool
    reasons: tuple[Reason, ...]


def judge_later(context: Context, reading: Reading, *, readings: Iterable[Reading]) -> Later:
    """Every change in the revisions behind the one that `reading` closed."""
    if reading.revision is None:
        return Later(ChangesAfter.OTHER, (), False, ())
    planned, names = planned_names(context, reading.revision), {item.field.name: item for item in readings}
    made, reasons = [], []
    for change in context.changes_behind(reading.revision):
        entry = entry_of(change, planned=planned, names=names)
        made.append(entry)
        reasons += _weigh(context, reading, entry)
    kind = weightiest(made)
    return Later(kind, tuple(made), kind is not ChangesAfter.OTHER, tuple(dict.fromkeys(reasons)))


def weightiest(made: Iterable[ChangeMade]) -> ChangesAfter:
    kinds = {entry.kind for entry in made}
    return next((kind for kind in _ORDER if kind in kinds), ChangesAfter.NONE)


def planned_names(context: Context, revision: int) -> frozenset[str]:
    """By the plan; without one, the fields that stood when the signature was made."""
    plan = context.question.plan
    if plan is not None:
        return frozenset(item.name for item in plan)
    return frozenset(item.name for item in context.file.at(revision).signature_fields())


def entry_of(change: Change, *, planned: frozenset[str], names: dict[str, Reading]) -> ChangeMade:
    later = names.get(change.subject) if change.kind is not ChangeKind.OTHER else None
    return ChangeMade(
        revision=change.revision,
        kind=_KINDS[change.kind],
        code=change.code,
        field=change.subject,
        by=later.signer_name if later is not None else "",
        planned=change.kind is not ChangeKind.SIGNING or change.subject in planned,
        visible=later.field.visible if later is not None else change.visible,
    )


def _weigh(context: Context, reading: Reading, entry: ChangeMade) -> list[Reason]:
    if entry.kind is ChangesAfter.OTHER:
        return [_WEIGHTS.get(entry.code, Reason.UNEXPLAINED_CHANGE)]
    return weigh_signing(context, reading, entry)


def weigh_signing(context: Context, reading: Reading, entry: ChangeMade) -> list[Reason]:
    """A later signature is allowed; one that was not planned is named, one over this signature fails it."""
    if entry.planned:
        return []
    place = context.places.get(entry.field, Place(None, None))
    if entry.code == "field_added":
        return [Reason.UNEXPLAINED_CHANGE] if place.area else []
    if not entry.visible:
        return []
    own = context.places.get(reading.field.name)
    if own is not None and place.covers(own) > (_SEAL_COVERS if context.question.plan is None else 0.0):
        return [Reason.COVERS_EARLIER_SIGNATURE]
    hides = context.hides(entry.field) and place.page is not None and _covers(context, reading, place)
    return [Reason.LATER_VISIBLE_SIGNATURE, *([Reason.COVERS_CONTENT] if hides else [])]


def _covers(context: Context, reading: Reading, place: Place) -> bool:
    return context.is_written_on(place.page, place.box) or context.covers_standing(
        reading.revision or 0, place.page, place.box, signatures=False
    )
