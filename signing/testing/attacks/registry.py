"""All cases, class by class, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator

from signing.testing.attacks import certified, plain, updates
from signing.testing.attacks.case import Case, Expectation
from signing.testing.attacks.office import Office, office

ALL: tuple[Case, ...] = (*plain.CASES, *updates.CASES, *certified.CASES)


def cases(people: Office | None = None) -> Iterator[tuple[str, bytes, Expectation]]:
    """(name, bytes, expectation) of every file, made one at a time: also the seeds of a fuzzer."""
    chosen = people or office()
    for case in ALL:
        yield case.name, case.make(chosen), case.expectation(chosen)
