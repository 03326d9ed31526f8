"""Step 6 on the careful path: each later change against what this signature allows, and what it may hide.

| change                                  | allows it            | else        | shown as                       |
|-----------------------------------------|----------------------|-------------|--------------------------------|
| evidence, metadata                      | every signature      |             |                                |
| signing, filling in empty fields        | P 2, 3 and no P      | failed      | remark                         |
| filling in a field once more            | P 2, 3               | no P: open  | remark                         |
| signing in a new field with an area     | no P                 | failed      | remark, named                  |
| comments and other annotations          | P 3                  | failed;     | indeterminate over content,    |
|                                         |                      | no P: open  | else a remark                  |
| a field that FieldMDP locks             | nothing              | failed      |                                |
| pages, resources, appearances, all else | nothing              | failed/open |                                |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from signing.pdf.changes import Change, ChangeKind
from signing.reasons import Reason
from signing.verification.context import Context
from signing.verification.later import Later, entry_of, planned_names, weigh_signing, weightiest
from signing.verification.permissions import ANNOTATING, NOTHING, Permissions
from signing.verification.reading import Reading
from signing.verification.verdict import ChangeMade, ChangesAfter

_OPEN_CODES = frozenset(
    {
        "form_field_added", "field_redrawn", "form_changed", "catalog_changed", "names_changed", "tags_changed",
        "metadata_changed", "evidence_malformed", "widget_changed", "xfa_changed",
    }
)  # fmt: skip
"""Changes that nobody need see: not explained, but no proof of deceit either."""


def judge_allowed(
    context: Context, reading: Reading, *, readings: Iterable[Reading], own: Permissions, certified: int | None
) -> Later:
    """`own`: what this signature says; `certified`: the level of a certification that stood when it was made."""
    if reading.revision is None:
        return Later(ChangesAfter.OTHER, (), False, ())
    planned, names = planned_names(context, reading.revision), {item.field.name: item for item in readings}
    level = own.level if own.level is not None else certified
    made: list[ChangeMade] = []
    reasons: list[Reason] = []
    permitted = True
    for change in context.changes_behind(reading.revision):
        entry = entry_of(change, planned=planned, names=names)
        made.append(entry)
        allowed, found = _weigh(context, reading, change, entry=entry, level=level, own=own)
        permitted = permitted and allowed
        reasons += found
    return Later(weightiest(made), tuple(made), permitted, tuple(dict.fromkeys(reasons)))


def _weigh(
    context: Context, reading: Reading, change: Change, *, entry: ChangeMade, level: int | None, own: Permissions
) -> tuple[bool, list[Reason]]:
    if change.kind in (ChangeKind.EVIDENCE, ChangeKind.METADATA):
        return True, []
    if change.kind is ChangeKind.OTHER:
        return False, [_other(change)]
    if change.kind is ChangeKind.ANNOTATIONS:
        return _annotations(context, reading, change, level=level)
    if level == NOTHING or any(lock.holds(change.subject) for lock in own.locks):
        return False, [Reason.CHANGE_NOT_PERMITTED]
    if change.kind is ChangeKind.FORM_FILLING:
        again = change.code == "field_refilled" and level is None
        reason = Reason.FIELD_REFILLED if again else Reason.FORM_FILLED_LATER
        return True, [reason, *_too_large(context, change)]
    return _signing(context, reading, change, entry=entry, level=level)


def _other(change: Change) -> Reason:
    if change.code == "appearance_changed":
        return Reason.APPEARANCE_CHANGED
    return Reason.UNEXPLAINED_CHANGE if change.code in _OPEN_CODES else Reason.CHANGED_AFTER_SIGNING


def _annotations(
    context: Context, reading: Reading, change: Change, *, level: int | None
) -> tuple[bool, list[Reason]]:
    if level is None:
        return False, [Reason.ANNOTATED_LATER]
    if level < ANNOTATING:
        return False, [Reason.CHANGE_NOT_PERMITTED]
    hides = change.visible and (
        change.code != "annotation_added"
        or context.is_written_on(change.page, change.box, pictures=True)
        or context.covers_standing(reading.revision or 0, change.page, change.box, signatures=True)
    )
    return True, [Reason.ANNOTATED_LATER if hides else Reason.ANNOTATED_ASIDE]


def _signing(
    context: Context, reading: Reading, change: Change, *, entry: ChangeMade, level: int | None
) -> tuple[bool, list[Reason]]:
    is_new_place = change.code != "signature_added" and change.visible
    if level is not None and is_new_place:
        return False, [Reason.CHANGE_NOT_PERMITTED]
    if change.code == "field_added" and change.visible:
        return True, [Reason.UNEXPLAINED_CHANGE]
    return True, weigh_signing(context, reading, replace(entry, visible=change.visible))


def _too_large(context: Context, change: Change) -> list[Reason]:
    place = context.places.get(change.subject)
    share = context.question.policy.max_field_share
    return [Reason.FIELD_TOO_LARGE] if place is not None and place.area > share * place.page_area else []
