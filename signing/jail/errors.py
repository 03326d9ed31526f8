"""What a jailed task can come back with instead of a result.

SigningError
└── JailError
    ├── ResourceLimit  it wanted more time, memory or output than its input allows: nothing is known about it
    ├── Crashed        it died or raised what it should not; `details` name the signal or the exception
    └── TaskRefused    it looked and said no, with its own code
"""

from __future__ import annotations

from signing.errors import SigningError


class JailError(SigningError):
    """Base of the three."""


class ResourceLimit(JailError):
    """`code` is one of cpu, wall, memory, output, file_size, recursion."""


class Crashed(JailError):
    """The parser broke on this input, or the jail itself did."""


class TaskRefused(JailError):
    """The task's own refusal, carried over the wall."""
