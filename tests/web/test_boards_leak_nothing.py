"""Random work of other units changes nothing on a unit's and a person's own board; of other agencies everything is
asked in `test_nothing_of_others`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.support import counts, months
from tests.support.browser import Browser
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.periods import parse

OCTOBER = NOON - dt.timedelta(days=40)
BOARD = "/reports/board"
WHOLE = (
    f"{BOARD}/figures.csv?period=2026-Q4", f"{BOARD}/figures.csv?table=people", f"{BOARD}/figures.csv?table=trend",
    f"{BOARD}/compare/figures.csv?table=counts", f"{BOARD}/documents.csv?period=2026-Q4&count=issued",
)  # fmt: skip
ONES = (
    f"{BOARD}/units/{{economy}}/figures.csv?table=trend", f"{BOARD}/people/{{deputy}}/figures.csv?period=2026-Q4",
    f"{BOARD}/documents.csv?period=2026-Q4&count=issued&unit={{economy}}",
)  # fmt: skip
DRAWN = BOARD, f"{BOARD}/compare"
DRAWN_ONES = f"{BOARD}/units/{{economy}}", f"{BOARD}/people/{{deputy}}?period=2026-Q4"
"""Whole pages with their charts take long to check: once, after everything that was done."""
_WORK = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.sampled_from([NOON, OCTOBER]), "medium": st.sampled_from(["digital", "ink"]),
            "secret": st.booleans(), "seal_verdict": st.sampled_from(["passed", "failed", "indeterminate", ""]),
        }
    ),
    min_size=2, max_size=6,
)  # fmt: skip


def add(office: Office, unit: str, work: list[dict[str, Any]]) -> None:
    """Issued documents with a subject that only who may open them may read."""
    add_issued(
        office,
        *(
            issued_row(
                office, issued_at=one["when"], unit=unit, medium=one["medium"], secret=one["secret"],
                subject="V/v chuyện kín", seal_verdict=one["seal_verdict"],
                leader_verdict="passed" if one["medium"] == "digital" else "",
            )
            for one in work
        ),
    )  # fmt: skip


def seen(client: Browser, office: Office, addresses: tuple[str, ...]) -> list[str]:
    """What stands on pages and in exports."""
    keys = {**office.units, "deputy": office.posts["deputy"].person_id}
    found = []
    for address in addresses:
        answer = client.get(address.format(**keys))
        assert answer.status_code == 200
        main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
        found.append(main[0] if main else answer.text)
    return found


@pytest.fixture
def worked(office: Office, engine: Engine) -> Office:
    """A little of everybody's, October closed."""
    for unit, signer in (("economy", "leader"), ("economy", "deputy"), ("culture", "leader")):
        add_issued(office, *(issued_row(office, unit=unit, signer=signer, issued_at=at) for at in (NOON, OCTOBER)))
    months.close(engine, office.units["commune"], parse("2026-10"), now=NOON - dt.timedelta(days=10))
    return office


def test_what_another_unit_does_is_not_on_a_units_own_board(client: Browser, worked: Office) -> None:
    """Nor on that of who did not sign it; and who may not open a document reads its subject nowhere."""
    client.login("culture_head")
    before, drawn = seen(client, worked, ONES), seen(client, worked, DRAWN_ONES)

    @settings(max_examples=counts.times(2, soak=300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_WORK, st.sampled_from(["office", "service"]))
    def holds(work: list[dict[str, Any]], unit: str) -> None:
        add(worked, unit, work)
        assert seen(client, worked, ONES) == before
        assert not any("chuyện kín" in one for one in seen(client, worked, WHOLE))

    holds()
    assert seen(client, worked, DRAWN_ONES) == drawn
    assert not any("chuyện kín" in one for one in seen(client, worked, DRAWN))
    assert "chuyện kín" in client.login("leader").get(WHOLE[-1]).text
