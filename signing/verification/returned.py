"""A file that was given away to be signed elsewhere and came back: what was done to it, read inside the jail.

`verify` asks whether signatures hold; how a document came about before it was first signed is nobody's question
there. Whoever gave a file away asks that too: the file that comes back is theirs, with one signature in the one
field that was left for it, and nothing else.

1. begins with the bytes that were given away      the caller, and `size` here
2. both readings see a later revision, no other file
3. exactly one signature more, in the planned field
4. the field as it was: rectangle, page, flags, no lock; nothing certified
5. nothing else changed, up to the last byte
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson

from signing import jail, pdf
from signing.errors import BrokenInput, NeedsCare, SigningError
from signing.jail import JailResult, Limits
from signing.path.evidence import Evidence
from signing.path.policy import STRICT
from signing.path.trust import TrustStore
from signing.pdf.changes import Change, ChangeKind, changes_in
from signing.pdf.objects import PdfDict, Stream
from signing.pdf.structure import check as check_structure
from signing.pdf.tolerant.difference import differences
from signing.pdf.tolerant.notes import OutOfBounds
from signing.pdf.tolerant.snapshot import FormField, Snapshot
from signing.pdf.words import shown_text
from signing.pdf.xref import XrefKind
from signing.verification.careful import CarefulContext, open_carefully
from signing.verification.context import Question
from signing.verification.jailed import LIMITS
from signing.verification.reading import read_signature

TASK = "signing.verification.returned:task"
_HARMLESS = frozenset({ChangeKind.EVIDENCE, ChangeKind.METADATA})
_AS_BEFORE = ("FT", "T", "Rect", "Lock", "SV", "MK", "Parent", "Kids", "A", "AA", "OC", "Subtype")
_FLAGS = ("F", "Ff")
_MOST_SHOWN = 400
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Fault(StrEnum):
    """What is wrong with a file that came back, the weightiest first."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    TOO_MUCH = "too_much"
    NOT_A_LATER_REVISION = "not_a_later_revision"
    UNSIGNED = "unsigned"
    WRONG_FIELD = "wrong_field"
    SEVERAL = "several"
    FIELD_ADDED = "field_added"
    FIELD_CHANGED = "field_changed"
    LOCKED = "locked"
    NOTES_ADDED = "notes_added"
    CONTENT_CHANGED = "content_changed"
    CHANGED_AFTER = "changed_after"
    NOT_CONTINUABLE = "not_continuable"
    """Sound, but written in a way onto which no further signature can be put by strict rules."""


_ORDER = {fault: place for place, fault in enumerate(Fault)}


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back. `faults` empty: one new signature in the planned field and nothing else; whether it holds
    and whose it is `verify` says. `certificate`: SHA-256 of the certificate that the signature names and proves,
    hex, empty where there is none."""

    faults: tuple[Fault, ...] = ()
    certificate: str = ""
    der: bytes = b""
    chain: tuple[bytes, ...] = ()
    detail: str = ""
    shown: str = ""
    """What the box of the field reads, without white space; a claim of whoever drew it. Empty where unreadable."""


def inspect_returned_in_jail(document: bytes, sent: bytes, *, field: str, limits: Limits = LIMITS) -> Returned:
    """`sent`: the file that was given away, `field` the one that was to be signed. Never an exception for bytes."""
    if document == sent:
        return Returned((Fault.UNSIGNED,))
    if not document.startswith(sent):
        return Returned((Fault.NOT_A_LATER_REVISION,))
    try:
        found = jail.run(TASK, document, arguments={"size": len(sent), "field": field}, limits=limits)
        told = orjson.loads(found.json)
    except jail.ResourceLimit as error:
        return Returned((Fault.TOO_MUCH,), detail=error.code)
    except (jail.JailError, SigningError) as error:
        return Returned((Fault.UNREADABLE,), detail=error.code)
    der = bytes.fromhex(told["der"])
    return Returned(
        tuple(map(Fault, told["faults"])), hashlib.sha256(der).hexdigest() if der else "", der,
        tuple(map(bytes.fromhex, told["chain"])), str(told["detail"]), str(told["shown"]),
    )  # fmt: skip


def task(payload: bytes, arguments: dict[str, Any]) -> JailResult:
    """The jailed task behind `inspect_returned_in_jail`."""
    found = inspect_returned(payload, size=int(arguments["size"]), field=str(arguments["field"]))
    told = asdict(found) | {"der": found.der.hex(), "chain": [one.hex() for one in found.chain]}
    return JailResult(orjson.dumps(told).decode())


def inspect_returned(document: bytes, *, size: int, field: str) -> Returned:
    """The same without the jail; the first `size` bytes are the file that was given away."""
    question = Question(TrustStore(()), _BEGINNING, Evidence(), STRICT, None, {})
    try:
        context = open_carefully(document, question, trailing=False)
        return _carefully(context, document, size=size, field=field)
    except OutOfBounds as error:
        return Returned((Fault.TOO_MUCH,), detail=str(error))
    except NeedsCare as error:
        if error.code == "garbage_after_eof":
            return Returned((Fault.CHANGED_AFTER,), detail=str(error))
        fault = Fault.ENCRYPTED if error.code == "encrypted" else Fault.UNREADABLE
        return Returned((fault,), detail=str(error))
    except Exception as error:  # noqa: BLE001  a door: whatever a hostile file provokes is an answer, never a yes
        return Returned((Fault.UNREADABLE,), detail=f"internal {type(error).__name__}")


def _carefully(context: CarefulContext, document: bytes, *, size: int, field: str) -> Returned:
    file = context.tolerant
    given = [one.number for one in file.revisions if size in (one.end, one.end_of_line)]
    last = len(file.revisions) - 1
    if not given or given[-1] >= last:
        return Returned((Fault.NOT_A_LATER_REVISION,))
    before, after = file.at(given[-1]), file.at(last)
    changes = [change for number in range(given[-1] + 1, last + 1) for change in differences(file, number)]
    faults = {*_judged(changes, field), *_fields(before, after, field)}
    if context.readings.differ or context.reached.numbers & file.unreadable.keys():
        faults.add(Fault.UNREADABLE)
    own = next((item for item in context.fields if item.name == field and item.value is not None), None)
    if own is None:
        faults.add(Fault.UNSIGNED if not faults & {Fault.WRONG_FIELD, Fault.FIELD_ADDED} else Fault.WRONG_FIELD)
        return Returned(_ordered(faults))
    reading = read_signature(context, own)
    rules = context.rules(own)
    if rules.level is not None or rules.locks or "Lock" in own.node:
        faults.add(Fault.LOCKED)
    if reading.covered is None or reading.covered.end != len(document):
        faults.add(Fault.CHANGED_AFTER)
    if not faults:
        faults |= set(_strictly(document, size=size, field=field))
    carried = reading.message.certificates if reading.message is not None else ()
    der = reading.certificate or b""
    chain = tuple(one for one in carried if one != der)[:10]
    shown = "" if faults else _shown(document, field)
    return Returned(_ordered(faults), der=der, chain=chain, shown=shown)


def _shown(document: bytes, field: str) -> str:
    """As the strict reading has it, which the file has just passed."""
    view = pdf.read(document).last
    states = next((view.resolve(one.node.get("AP")) for one in view.signature_fields() if one.name == field), None)
    form = view.resolve(states.get("N")) if isinstance(states, PdfDict) else None
    return (shown_text(view, form) or "")[:_MOST_SHOWN] if isinstance(form, Stream) else ""


def _judged(changes: Iterable[Change], field: str) -> Iterable[Fault]:
    """Each change against the one that was asked for."""
    for change in changes:
        if change.kind in _HARMLESS or (change.code, change.subject) == ("signature_added", field):
            continue
        if change.kind is ChangeKind.SIGNING:
            added = change.code == "field_added"
            yield Fault.FIELD_ADDED if added else Fault.WRONG_FIELD
        elif change.kind is ChangeKind.ANNOTATIONS:
            yield Fault.NOTES_ADDED
        elif change.code in {"field_changed", "field_removed", "field_doubled", "widget_changed"}:
            yield Fault.FIELD_CHANGED
        elif change.code in {"form_field_added", "widget_added"}:
            yield Fault.FIELD_ADDED
        else:
            yield Fault.CONTENT_CHANGED


def _fields(before: Snapshot, after: Snapshot, field: str) -> Iterable[Fault]:
    """Every field stands as it stood, by name; signed is one more, ours."""
    old = {item.name: item for item in before.form_fields()}
    new = {item.name: item for item in after.form_fields()}
    if field not in old or old[field].node.get("V") is not None:
        yield Fault.WRONG_FIELD
    if new.keys() - old.keys() or len(after.form_fields()) > len(before.form_fields()):
        yield Fault.FIELD_ADDED
    signed = [name for name, item in new.items() if item.node.get("V") is not None]
    standing = [name for name, item in old.items() if item.node.get("V") is not None]
    if len(signed) > len(standing) + 1:
        yield Fault.SEVERAL
    if any(name not in new or not _same_field(before, old[name], after, new[name]) for name in old):
        yield Fault.FIELD_CHANGED


def _same_field(before: Snapshot, old: FormField, after: Snapshot, new: FormField) -> bool:
    if len(old.widgets) != len(new.widgets):
        return False
    for (ref, one), (other_ref, other) in zip(old.widgets, new.widgets, strict=True):
        if ref != other_ref or any(_plain(before, one, key) != _plain(after, other, key) for key in _AS_BEFORE):
            return False
    return not any(_flags(new.node, key) & ~_flags(old.node, key) & _HIDING for key in _FLAGS)


_HIDING = 1 << 1 | 1 << 5
"""Hidden, NoView (12.5.3)."""


def _flags(node: PdfDict, key: str) -> int:
    value = node.get(key)
    return value if type(value) is int else 0


def _plain(view: Snapshot, node: PdfDict, key: str) -> Any:
    value = view.resolve(node.get(key))
    if key == "Rect":
        return [float(side) for side in (view.resolve(one) for one in view.array(node.get(key)))]
    return value


def _strictly(document: bytes, *, size: int, field: str) -> Iterable[Fault]:
    """What we shall do next, put a further signature behind it and explain every byte, must be possible."""
    try:
        file = pdf.read(document)
        structure = check_structure(file)
        given = [one.number for one in file.revisions if size in (one.end, one.end_of_line)]
        if not given:
            yield Fault.NOT_CONTINUABLE
            return
        for number in range(given[-1] + 1, len(file.revisions)):
            yield from _judged(changes_in(file, structure, number), field)
        if file.revisions[-1].xref_kind is not XrefKind.TABLE:
            yield Fault.NOT_CONTINUABLE
    except (BrokenInput, NeedsCare):
        yield Fault.NOT_CONTINUABLE


def _ordered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(set(faults), key=_ORDER.__getitem__))
