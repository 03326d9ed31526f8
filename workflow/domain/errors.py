"""What can go wrong, as words the doors can translate.

WorkflowError
├── Refused           the rules say no (403, 409 or 422)
│   ├── WrongState    not from this state
│   ├── NotPermitted  not by this person
│   ├── Missing       something needed first is not there
│   └── BadInput      what was given cannot be used
├── Conflict          somebody else was faster: the version moved (409)
└── NotFound          not there, or not yours: the same answer (404)
"""

from __future__ import annotations

from typing import Protocol


class WorkflowError(Exception):
    """Base of all. `code` is stable and is what doors translate; `details` fill the sentence."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        if not self.details:
            return self.code
        return self.code + " " + " ".join(f"{key}={value!r}" for key, value in self.details.items())


class Refused(WorkflowError):
    """The rules say no."""


class WrongState(Refused):
    """The action does not exist from this state."""


class NotPermitted(Refused):
    """This person, in this post, may not."""


class Missing(Refused):
    """Something that must come first is missing."""


class BadInput(Refused):
    """What was typed or uploaded cannot be used; nothing was changed."""


class Conflict(WorkflowError):
    """The document changed since the page was opened."""


class NotFound(WorkflowError):
    """No such thing for this person."""


class Versioned(Protocol):
    """What says how often it was changed."""

    @property
    def state(self) -> str: ...
    @property
    def version(self) -> int: ...


def stale(found: Versioned, code: str = "stale") -> Conflict:
    """Somebody else was faster: it is not any more as it was seen. `code`: of what is no document."""
    return Conflict(code, state=found.state, version=found.version)
