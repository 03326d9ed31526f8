"""The control of the random mandates: with one rule broken they fail, each time, within few examples.

Broken here are capacity, scope, dates, revoking and passing on; the machine, its oracle and its questions stay as
they are. Every other rule of `domain.mandates` was broken once by hand and found too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.test_random_mandates import founded
from workflow.domain import mandates
from workflow.domain.mandates import Check, Mandate, Rule

EXAMPLES, STEPS = 60, 12

_check = mandates._check


def never_fails(broken: Rule) -> dict[str, Callable[..., Any]]:
    """A rule that holds whatever it is asked."""
    return {"_check": lambda rule, holds: Check(rule) if rule is broken else _check(rule, holds)}


def only_itself(mandate: Mandate) -> tuple[Mandate, ...]:
    """What was passed on reaches further than the order it comes from."""
    return (mandate,)


BROKEN = {
    "capacity": never_fails(Rule.OPEN_TO_POST),
    "post over": never_fails(Rule.POST_HELD),
    "kind of document": never_fails(Rule.TYPE),
    "last day": never_fails(Rule.NOT_ENDED),
    "revoked": never_fails(Rule.NOT_REVOKED),
    "beyond the order": {"_line": only_itself},
}


@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_a_broken_rule_is_found(
    broken: str, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first example that shows it is enough; it is not made smaller."""
    kind = founded(sqlite_template, tmp_path)
    for name, wrong in BROKEN[broken].items():
        monkeypatch.setattr(mandates, name, wrong)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            kind,
            settings=settings(
                max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
                phases=(Phase.generate,), suppress_health_check=list(HealthCheck), print_blob=False,
                report_multiple_bugs=False,
            ),
        )  # fmt: skip
