"""Labels for envelopes: A4 sheets with the sender, the numbers of what is inside, the recipient and the address.

What Decree 30/2020 leaves to custom stands as envelopes of offices have it: sender at the top, "Kính gửi" below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from workflow.adapters.render.typesetting import typeset

COLUMNS: Final = 2
ROWS: Final = 5
WIDTH: Final = 99.0
HEIGHT: Final = 56.0
"""Millimetres of one label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one envelope; an address that is not known is dotted, to be written by hand."""

    sender: str
    symbols: str
    name: str
    address: str


def render_labels(labels: Sequence[Label], *, made_at: dt.datetime) -> bytes:
    """The sheets, in the order given."""
    size = {"columns": COLUMNS, "rows": ROWS, "label_width": WIDTH, "label_height": HEIGHT}
    return typeset("envelope", {"labels": [asdict(label) for label in labels], **size}, made_at=made_at)
