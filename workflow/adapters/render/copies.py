"""The words of a printed copy (Decree 30/2020, Annex I, part II), as a block that is put below the original."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

from workflow.adapters.render.typesetting import typeset

WIDTH: Final = 468.0
"""Points: A4 between the margins of Annex I."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWords:
    """What stands there. `form`: `SAO Y`; `titles`: capacity and title of who signs, in ink, above `name`."""

    form: str
    superior: str
    agency: str
    symbol: str
    dated: str
    recipients: tuple[str, ...]
    titles: tuple[str, ...]
    name: str


def render_copy_words(words: CopyWords, *, made_at: dt.datetime) -> bytes:
    """One page as high as the words need."""
    return typeset("copywords", {"width": WIDTH, **asdict(words)}, made_at=made_at)
