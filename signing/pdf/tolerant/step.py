"""One step from a saved state to the next, while it is compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from signing.pdf.changes import Change, ChangeKind
from signing.pdf.tolerant.equality import Equality
from signing.pdf.tolerant.snapshot import Snapshot


@dataclass(slots=True)
class Step:
    """`new_widgets`: object numbers of the widgets of fields that this step added, by name of the field."""

    before: Snapshot
    after: Snapshot
    number: int
    same: Equality
    changes: list[Change] = field(default_factory=list)
    new_widgets: dict[int, str] = field(default_factory=dict)

    def note(
        self,
        kind: ChangeKind,
        code: str,
        subject: object = "",
        *,
        visible: bool = False,
        page: int | None = None,
        box: tuple[float, float, float, float] | None = None,
    ) -> None:
        self.changes.append(Change(self.number, kind, code, str(subject), visible, page, box))
