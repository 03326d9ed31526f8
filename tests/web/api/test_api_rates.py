"""Signature rates through the API: the figures of the board, and the documents behind each."""

from __future__ import annotations

import pytest

from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from tests.web.api.conftest import Api


@pytest.fixture
def issued(office: Office) -> list[int]:
    """Two signed by the leader, one in ink, one that failed; one of the neighbour's."""
    return add_issued(
        office, issued_row(office), issued_row(office), issued_row(office, medium="ink", leader_verdict="",
        seal_verdict=""), issued_row(office, leader_verdict="failed"), issued_row(office, unit="far_office"),
    )  # fmt: skip


def test_rates_per_unit_and_person(api: Api, office: Office, issued: list[int]) -> None:
    """Numerator, denominator, ink and percent of this month, of one's own agency."""
    found = api("leader").get("/rates").get_json()
    assert (found["period"], found["rows_are"]) == ("2026-11", "units")
    (unit,) = found["units"]
    assert unit["id"] == office.units["economy"]
    assert {name: unit["now"][name] for name in ("numerator", "denominator", "ink", "failed", "percent")} == {
        "numerator": 2, "denominator": 4, "ink": 1, "failed": 1, "percent": 50.0,
    }  # fmt: skip
    (person,) = found["people"]
    assert (person["name"], person["now"]["numerator"]) == (office.names["leader"], 2)


def test_a_period_with_nothing_in_it(api: Api, issued: list[int]) -> None:
    """Has no percentage, rather than nought."""
    found = api("leader").get("/rates", period="2025-Q3").get_json()
    assert (found["total"]["denominator"], found["total"]["percent"]) == (0, None)
    assert found["first"] == "2025-07-01"


@pytest.mark.parametrize("period", ["2026-13", "november", "2026-Q5", "1999"])
def test_a_period_that_is_none(api: Api, period: str) -> None:
    """Figures of another period would mislead."""
    assert api("leader").get("/rates", period=period).status_code == 422


def test_the_documents_behind_a_figure(api: Api, issued: list[int]) -> None:
    """Exactly those that were counted."""
    found = api("leader").get("/rates/documents", figure="numerator").get_json()
    assert {row["id"] for row in found["items"]} == set(issued[:2])
    assert all(row["readable"] and row["outcome"] == "signed" for row in found["items"])


def test_figures_of_others_are_not_there(api: Api, office: Office, issued: list[int]) -> None:
    """Another agency is 404, a drafter has no figures at all."""
    assert api("leader").get("/rates", agency=office.units["far"]).status_code == 404
    assert api("drafter").get("/rates").status_code == 403


def test_an_administrator_sees_counts_but_no_subjects(api: Api, issued: list[int]) -> None:
    """Figures are theirs, papers are not."""
    rows = api("admin").get("/rates/documents", figure="issued").get_json()["items"]
    assert len(rows) == 4
    assert {(row["subject"], row["readable"]) for row in rows} == {("", False)}
