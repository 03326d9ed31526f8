"""The attack suite: every published way to make a signed PDF lie, beside a good twin for each.

    for name, data, expectation in cases(): ...

`python -m signing.testing attacks DIR` writes it with an index, so that any validator can be run on it.
"""

from signing.testing.attacks.case import Case, Difference, Expectation, Kind, Question
from signing.testing.attacks.office import AT, SIGNED, Office, office
from signing.testing.attacks.registry import ALL, cases
from signing.testing.attacks.suite import make_all, write

__all__ = [
    "ALL",
    "AT",
    "SIGNED",
    "Case",
    "Difference",
    "Expectation",
    "Kind",
    "Office",
    "Question",
    "cases",
    "make_all",
    "office",
    "write",
]
