"""The one table of errors: a domain error's code → what happened, what was kept, what to do next.

Each feature has a file of its own with `MESSAGES`; a code that stands in two of them is refused. A code that
stands nowhere gets the sentence of its class.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Three parts of one sentence, English message ids; `%(name)s` is filled from the error's details.

    `status` 0 takes the one of the error's class.
    """

    title: str
    kept: str = ""
    next: str = ""
    status: int = 0


def collect() -> dict[str, Message]:
    """All messages of all files in this folder."""
    table: dict[str, Message] = {}
    for found in pkgutil.iter_modules(__path__):
        messages: dict[str, Message] = importlib.import_module(f"{__name__}.{found.name}").MESSAGES
        doubled = table.keys() & messages.keys()
        if doubled:
            raise ValueError(f"{found.name}: {sorted(doubled)} have a message already")
        table |= messages
    return table
