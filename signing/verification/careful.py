"""The careful path: files that the strict reading does not explain, read with named leniencies.

Every signature is judged on the state of the document that its range closes, which must be a whole document of
its own; then every later state is compared with the one before it, object by object, by what each is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from signing.pdf.changes import Change
from signing.pdf.file import SignatureField, rectangle
from signing.pdf.objects import PdfDict, Ref
from signing.pdf.references import References
from signing.pdf.signature import RangeFault
from signing.pdf.structure import Structure
from signing.pdf.tolerant.difference import differences
from signing.pdf.tolerant.document import TolerantFile, read_file
from signing.pdf.tolerant.fields import is_visible
from signing.pdf.tolerant.notes import Leniency
from signing.pdf.tolerant.reach import Reached, Readings, reach, two_readings
from signing.pdf.tolerant.signed import covered_range, forgotten_signatures
from signing.pdf.tolerant.snapshot import Snapshot
from signing.reasons import Reason
from signing.verification.allowed import judge_allowed
from signing.verification.context import Context, Located, Question
from signing.verification.later import Later
from signing.verification.permissions import Permissions, permissions
from signing.verification.plan import Place
from signing.verification.reading import Reading

_OTHER_FORMATS = re.compile(
    rb"%!|GIF8|\x89PNG|\xff\xd8\xff|PK\x03\x04|MZ|\x7fELF|\xca\xfe\xba\xbe|Rar!|<!?[A-Za-z]|II\*\x00|MM\x00\*|RIFF|#!"
)


_BAIT = 0.6
"""Part of the page: forms have large boxes for text, but none that is the page."""


@dataclass
class CarefulContext(Context):
    """Answers by the tolerant reading."""

    readings: Readings = field(default_factory=Readings)
    reached: Reached = field(default_factory=Reached)

    @property
    def tolerant(self) -> TolerantFile:
        file: Any = self.file
        return file  # type: ignore[no-any-return]

    def changes_of(self, number: int) -> tuple[Change, ...]:
        return differences(self.tolerant, number)

    @cached_property
    def places(self) -> dict[str, Place]:
        return _places(self.tolerant.last)

    @cached_property
    def loose(self) -> bool:
        return self.readings.signs or forgotten_signatures(self.tolerant)

    @property
    def unclear(self) -> Reason:
        return Reason.STRUCTURE_UNREADABLE

    @cached_property
    def common(self) -> Iterable[Reason]:
        found, file = [], self.tolerant
        if self.readings.differ:
            found.append(Reason.TWO_READINGS)
        if self.reached.numbers & file.unreadable.keys():
            found.append(Reason.STRUCTURE_UNREADABLE)
        if self.reached.outside:
            found.append(Reason.CONTENT_OUTSIDE)
        if self.reached.active:
            found.append(Reason.ACTIVE_CONTENT)
        if Leniency.HEADER_LATE in file.notes.found and _OTHER_FORMATS.match(file.data):
            found.append(Reason.SECOND_FORMAT)
        if any(_is_bait(self, item.name) for item in file.last.form_fields() if item.kind != "Sig"):
            found.append(Reason.FIELD_TOO_LARGE)
        return (*found, *super().common)

    def is_shared(self, item: SignatureField) -> bool:
        if item.value_ref is None:
            return False
        return sum(other.value_ref == item.value_ref for other in self.fields) > 1

    def locate(self, item: SignatureField) -> Located:
        found = covered_range(self.tolerant, item)
        return Located(None if isinstance(found, RangeFault) else found.revision, found)

    def certifies(self, item: SignatureField) -> bool:
        return self.rules(item).level is not None

    def rules(self, item: SignatureField) -> Permissions:
        return permissions(self.tolerant.last, item.value or PdfDict())

    def later(self, reading: Reading, readings: list[Reading]) -> Later:
        revision = reading.revision if reading.revision is not None else -1
        levels = [
            self.rules(other.field).level
            for other in readings
            if other.revision is not None and other.revision <= revision
        ]
        certified = min((level for level in levels if level is not None), default=None)
        return judge_allowed(self, reading, readings=readings, own=self.rules(reading.field), certified=certified)

    def order_reasons(self, reading: Reading, readings: list[Reading]) -> list[Reason]:
        """12.8.2.2: a document holds one certification, and it is its first signature."""
        if not reading.certifies or reading.revision is None:
            return []
        others = [item for item in readings if item is not reading and not item.is_timestamp]
        earlier = any(item.revision is not None and item.revision < reading.revision for item in others)
        return [Reason.CERTIFICATION_NOT_FIRST] if earlier else []


def open_carefully(document: bytes, question: Question, *, trailing: bool) -> CarefulContext:
    """Reads the file; `NeedsCare` where no named leniency helps, `OutOfBounds` where it is too much."""
    file = read_file(document)
    reached = reach(file.last)
    return CarefulContext(
        file, Structure((), References()), question, trailing, readings=two_readings(file, reached), reached=reached
    )


def _is_bait(context: CarefulContext, name: str) -> bool:
    """A field that anybody could fill with another page."""
    place = context.places.get(name)
    return place is not None and place.area > _BAIT * place.page_area > 0


def _places(view: Snapshot) -> dict[str, Place]:
    """Where every field stands, by name: of several widgets the largest counts."""
    homes: dict[int, tuple[int, float]] = {}
    for page in view.pages():
        sides = [view.resolve(side) for side in view.array(page.attribute("MediaBox"))]
        box = rectangle(sides) or (0.0, 0.0, 0.0, 0.0)
        for ref in view.array(page.node.get("Annots")):
            if type(ref) is Ref:
                homes[ref.num] = (page.index, (box[2] - box[0]) * (box[3] - box[1]))
    found: dict[str, Place] = {}
    for item in view.form_fields():
        for ref, node in item.widgets:
            rect = rectangle([view.resolve(side) for side in view.array(node.get("Rect"))])
            home = homes.get(ref.num)
            shown = rect if is_visible(view, item) else None
            place = Place(home[0], shown, home[1]) if home is not None else Place(None, shown)
            if item.name not in found or place.area > found[item.name].area:
                found[item.name] = place
    return found
