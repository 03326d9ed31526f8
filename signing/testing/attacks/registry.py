"""All cases, class by class, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator

from signing.testing.attacks import (
    alike,
    bombs,
    boxes,
    certified,
    changed,
    containers,
    dangling,
    detached,
    forgery,
    messages,
    noted,
    paths,
    plain,
    repaired,
    roles,
    saving,
    stamps,
    structure,
    tampered,
    updates,
    wrapping,
)
from signing.testing.attacks.case import Case, Expectation
from signing.testing.attacks.office import Office, office

_MODULES = (
    plain,
    updates,
    certified,
    forgery,
    saving,
    wrapping,
    changed,
    containers,
    dangling,
    repaired,
    roles,
    boxes,
    structure,
    alike,
    messages,
    noted,
    tampered,
    paths,
    stamps,
    bombs,
    detached,
)

ALL: tuple[Case, ...] = tuple(case for module in _MODULES for case in module.CASES)


def cases(people: Office | None = None) -> Iterator[tuple[str, bytes, Expectation]]:
    """(name, bytes, expectation) of every file, made one at a time: also the seeds of a fuzzer."""
    chosen = people or office()
    for case in ALL:
        yield case.name, case.make(chosen), case.expectation(chosen)
