"""The one table of errors: a domain error's code → what happened, what was kept, what to do next.

Each feature has a file of its own with `MESSAGES`; a code stands in one of them only. A code that
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


def by_file() -> dict[str, dict[str, Message]]:
    """The messages of each file in this folder."""
    return {
        found.name: importlib.import_module(f"{__name__}.{found.name}").MESSAGES
        for found in pkgutil.iter_modules(__path__)
    }


def collect() -> dict[str, Message]:
    """All messages; a fence test sees to it that no code stands in two files."""
    return {code: message for messages in by_file().values() for code, message in messages.items()}
