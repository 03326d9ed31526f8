"""What one saved state changed in the one before it, by what each changed thing is for.

The walk goes from the trailer through typed places: catalog, form, fields, pages, annotations, evidence,
metadata. What cannot be reached from there is not compared: no reader shows it.
"""

from __future__ import annotations

from typing import Any

from signing.pdf.changes import Change, ChangeKind
from signing.pdf.objects import PdfDict, Ref, Stream
from signing.pdf.structure import is_name
from signing.pdf.tolerant.document import TolerantFile
from signing.pdf.tolerant.equality import Equality
from signing.pdf.tolerant.fields import compare_fields
from signing.pdf.tolerant.roles import compare_roles
from signing.pdf.tolerant.sheets import compare_pages
from signing.pdf.tolerant.snapshot import Snapshot
from signing.pdf.tolerant.step import Step
from signing.pdf.tolerant.tagging import is_grown

_PLAIN = frozenset({"Extensions", "Version", "Type"})
_CODES = {
    "OpenAction": "action_changed", "AA": "action_changed", "OCProperties": "optional_content_changed",
    "OutputIntents": "output_intent_changed", "AF": "attachment_changed", "Collection": "attachment_changed",
    "Encrypt": "encryption_changed",
}  # fmt: skip
_NAME_CODES = {"EmbeddedFiles": "attachment_changed", "JavaScript": "action_changed"}
_DSS_KEYS = frozenset({"Type", "VRI", "Certs", "CRLs", "OCSPs"})
_EVIDENCE_KEYS = frozenset({"Length", "Filter", "DecodeParms", "Type", "DL"})
_METADATA_KEYS = frozenset({"Type", "Subtype", "Length", "Filter", "DecodeParms"})
_MOST_EVIDENCE = 20_000


def differences(file: TolerantFile, number: int) -> tuple[Change, ...]:
    """What revision `number` did to the one before it."""
    before, after = file.at(number - 1), file.at(number)
    old, new = _fixed(before), _fixed(after)
    step = Step(before, after, number, Equality(before, after, old | new))
    if not file.linked[number]:
        step.note(ChangeKind.OTHER, "not_an_update")
    compare_roles(step, old, new)
    _trailer(step)
    _catalog(step)
    compare_fields(step)
    compare_pages(step)
    return tuple(dict.fromkeys(step.changes))


def _fixed(view: Snapshot) -> frozenset[int]:
    numbers = {ref.num for ref in (view.trailer.get("Root"), view.catalog.get("AcroForm")) if type(ref) is Ref}
    for page in view.pages():
        numbers.add(page.ref.num)
        numbers |= {ref.num for ref in view.array(page.node.get("Annots")) if type(ref) is Ref}
    for item in view.form_fields():
        numbers.add(item.ref.num)
        numbers |= {ref.num for ref, _ in item.widgets}
    return frozenset(numbers)


def _trailer(step: Step) -> None:
    old, new = step.before.trailer, step.after.trailer
    if not step.same.holds(old.get("Info"), new.get("Info")):
        step.note(ChangeKind.METADATA, "information_updated")
    if not step.same.holds(old.get("Encrypt"), new.get("Encrypt")):
        step.note(ChangeKind.OTHER, _CODES["Encrypt"])


def _catalog(step: Step) -> None:
    special = {
        "AcroForm": _nothing, "Pages": _nothing, "DSS": _evidence, "Metadata": _metadata, "Perms": _permissions,
        "Names": _names, "StructTreeRoot": _tags, "MarkInfo": _tags,
    }  # fmt: skip
    old, new = step.before.catalog, step.after.catalog
    for key in sorted(set(old) | set(new)):
        if step.same.untouched(key, old.get(key), new.get(key)) and key not in ("AcroForm", "Pages"):
            continue
        if key in special:
            special[key](step, key)
        elif not step.same.holds(old.get(key), new.get(key)):
            _plain_entry(step, key)


def _nothing(step: Step, key: str) -> None:
    """Compared apart."""


def _plain_entry(step: Step, key: str) -> None:
    if key in _PLAIN and not isinstance(step.after.resolve(step.after.catalog.get(key)), Stream):
        step.note(ChangeKind.METADATA, "catalog_updated", key)
    else:
        step.note(ChangeKind.OTHER, _CODES.get(key, "catalog_changed"), key)


def _evidence(step: Step, key: str) -> None:
    """ETSI EN 319 142-1, 5.4.2: dictionaries, arrays and streams of certificates, lists and answers."""
    old, new = step.before.catalog.get(key), step.after.catalog.get(key)
    if step.same.holds(old, new):
        return
    if _is_evidence(step.after, new):
        step.note(ChangeKind.EVIDENCE, "evidence_added")
    else:
        step.note(ChangeKind.OTHER, "evidence_malformed")


def _is_evidence(view: Snapshot, start: Any) -> bool:
    store = view.dictionary(start)
    if store is None or set(store) - _DSS_KEYS:
        return False
    waiting, met = list(store.values()), set[int]()
    while waiting:
        value = waiting.pop()
        if type(value) is Ref:
            if value.num in met:
                continue
            met.add(value.num)
            value = view.get(value)
        if len(met) > _MOST_EVIDENCE or (isinstance(value, Stream) and set(value.dict) - _EVIDENCE_KEYS):
            return False
        waiting += value.values() if isinstance(value, PdfDict) else value if isinstance(value, list) else ()
    return True


def _metadata(step: Step, key: str) -> None:
    old, new = step.before.catalog.get(key), step.after.catalog.get(key)
    if step.same.holds(old, new):
        return
    packet = step.after.content(new)
    plain = (
        packet is not None and set(packet.dict) <= _METADATA_KEYS and is_name(packet.dict.get("Type"), "Metadata")
    )
    step.note(*((ChangeKind.METADATA, "metadata_updated") if plain else (ChangeKind.OTHER, "metadata_changed")))


def _permissions(step: Step, key: str) -> None:
    """/Perms may gain the certification signature of this revision, and lose usage rights of a reader."""
    old = step.before.dictionary(step.before.catalog.get(key)) or PdfDict()
    new = step.after.dictionary(step.after.catalog.get(key)) or PdfDict()
    for name in step.same.differing(old, new):
        if name in ("UR", "UR3") and name not in new:
            step.note(ChangeKind.METADATA, "usage_rights_removed")
        elif name == "DocMDP" and name not in old and _is_new_signature(step, new[name]):
            continue
        else:
            step.note(ChangeKind.OTHER, "permissions_changed", name)


def _is_new_signature(step: Step, value: Any) -> bool:
    before = {item.value_ref for item in step.before.signature_fields()}
    return value not in before and any(value == item.value_ref for item in step.after.signature_fields())


def _names(step: Step, key: str) -> None:
    old = step.before.dictionary(step.before.catalog.get(key)) or PdfDict()
    new = step.after.dictionary(step.after.catalog.get(key)) or PdfDict()
    for name in sorted(step.same.differing(old, new)):
        step.note(ChangeKind.OTHER, _NAME_CODES.get(name, "names_changed"), name)


def _tags(step: Step, key: str) -> None:
    """Tags may gain elements for the fields and annotations that this revision adds."""
    old, new = step.before.catalog.get(key), step.after.catalog.get(key)
    if step.same.holds(old, new):
        return
    if key == "StructTreeRoot" and is_grown(step, old, new):
        step.note(ChangeKind.METADATA, "tags_added")
    else:
        step.note(ChangeKind.OTHER, "tags_changed")
