"""Signature rates, what they leave out, and rounding as published figures show it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.errors import BadInput
from workflow.domain.rates import (
    EXCLUDED,
    Basis,
    Check,
    IssuedDocument,
    Outcome,
    SignRate,
    outcome,
    percent,
    quantile,
    sign_rate_docs,
    sign_rate_leader,
)

DOCUMENTS = st.lists(
    st.builds(
        IssuedDocument,
        id=st.integers(1, 9),
        signer=st.integers(1, 3),
        leader=st.sampled_from(Check),
        seal=st.sampled_from(Check),
        ink=st.booleans(),
        exempt=st.booleans(),
        secret=st.booleans(),
    ),
    max_size=30,
)
OK, UNSURE, BAD, NONE = Check.PASSED, Check.INDETERMINATE, Check.FAILED, Check.MISSING


@pytest.mark.parametrize(
    ("leader", "seal", "both", "leader_only", "seal_only"),
    [
        (OK, OK, "signed", "signed", "signed"),
        (OK, NONE, "incomplete", "signed", "incomplete"),
        (NONE, OK, "incomplete", "incomplete", "signed"),
        (OK, UNSURE, "indeterminate", "signed", "indeterminate"),
        (UNSURE, BAD, "failed", "indeterminate", "failed"),
        (BAD, NONE, "failed", "failed", "incomplete"),
        (UNSURE, NONE, "indeterminate", "indeterminate", "incomplete"),
    ],
)
def test_outcomes(leader: Check, seal: Check, both: str, leader_only: str, seal_only: str) -> None:
    """Both signatures must have passed; nothing else is rounded to signed."""
    document = IssuedDocument(id=1, signer=1, leader=leader, seal=seal)
    assert [outcome(document, basis) for basis in Basis] == [both, leader_only, seal_only]


def test_ink_exempt_and_secret_stand_apart() -> None:
    """Ink lowers the rate even when the scan carries a good seal; exempt and secret leave it."""
    documents = [
        IssuedDocument(id=1, signer=1, leader=OK, seal=OK),
        IssuedDocument(id=2, signer=1, leader=NONE, seal=OK, ink=True),
        IssuedDocument(id=3, signer=1, leader=NONE, seal=NONE, exempt=True),
        IssuedDocument(id=4, signer=1, leader=NONE, seal=NONE, secret=True, exempt=True),
    ]
    rate = sign_rate_docs(documents)
    assert rate == SignRate(signed=1, ink=1, exempt=1, secret=1)
    assert (rate.numerator, rate.denominator, rate.issued) == (1, 2, 4)
    assert rate.percent() == Decimal("50.00")


def test_the_leaders_rate_counts_for_the_person_who_signed() -> None:
    """A deputy's documents are the deputy's; a missing seal is not the leader's fault."""
    documents = [
        IssuedDocument(id=1, signer=7, leader=OK, seal=NONE),
        IssuedDocument(id=2, signer=7, leader=NONE, seal=OK, ink=True),
        IssuedDocument(id=3, signer=8, leader=OK, seal=OK),
    ]
    assert sign_rate_leader(documents, 7).percent() == Decimal("50.00")
    assert sign_rate_leader(documents, 8).percent() == Decimal("100.00")
    assert sign_rate_leader(documents, 9).percent() is None


@given(documents=DOCUMENTS, basis=st.sampled_from(Basis))
def test_every_document_is_counted_once(documents: list[IssuedDocument], basis: Basis) -> None:
    """The parts add up to everything issued, and rates of halves add up to the rate of the whole."""
    rate = sign_rate_docs(documents, basis)
    assert rate.issued == len(documents)
    assert rate.denominator == sum(outcome(document, basis) not in EXCLUDED for document in documents)
    assert rate == sign_rate_docs(documents[::2], basis) + sign_rate_docs(documents[1::2], basis)
    assert {kind.value for kind in Outcome} == set(SignRate.__dataclass_fields__)


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "text"),
    [
        (509, 526, 2, "96.77"),
        (16, 526, 2, "3.04"),
        (1, 526, 2, "0.19"),
        (525, 526, 2, "99.81"),
        (366, 391, 2, "93.61"),
        (366, 391, 1, "93.6"),
        (25, 391, 1, "6.4"),
        (3350, 3351, 2, "99.97"),
        (3343, 3351, 2, "99.76"),
        (3294, 3294, 2, "100.00"),
        (66, 278, 2, "23.74"),
        (39, 133, 2, "29.32"),
        (10, 13, 2, "76.92"),
        (6, 9, 2, "66.67"),
        (1, 8, 2, "12.50"),
        (1, 800, 2, "0.13"),
        (1, 2, 0, "50"),
        (0, 5, 2, "0.00"),
    ],
)
def test_published_percentages(numerator: int, denominator: int, decimals: int, text: str) -> None:
    """Figures that offices published come out digit by digit; a half goes up."""
    assert str(percent(numerator, denominator, decimals=decimals)) == text


@given(denominator=st.integers(1, 10**9), data=st.data())
def test_rounding_is_exact(denominator: int, data: st.DataObject) -> None:
    """Never further than half a unit from the true rate, the half itself going up."""
    numerator = data.draw(st.integers(0, denominator))
    shown = percent(numerator, denominator)
    assert shown is not None
    difference = Fraction(shown) - Fraction(numerator * 100, denominator)
    assert Fraction(-1, 200) < difference <= Fraction(1, 200)


def test_nothing_to_count_is_no_rate() -> None:
    """0 of 0 is not 0 % and not 100 %; negative counts are an error."""
    assert percent(0, 0) is None
    with pytest.raises(BadInput, match="rate_negative"):
        percent(-1, 5)


def test_quantiles_are_times_that_occurred() -> None:
    """Nearest rank: the median of four is the second, p90 of ten the ninth; nothing from nothing."""
    hours = [dt.timedelta(hours=n) for n in (4, 1, 3, 2)]
    assert quantile(hours, 50) == dt.timedelta(hours=2)
    assert quantile([dt.timedelta(hours=n) for n in range(1, 11)], 90) == dt.timedelta(hours=9)
    assert quantile(hours, 100) == dt.timedelta(hours=4)
    assert quantile([], 50) is None
    with pytest.raises(BadInput, match="percentile"):
        quantile(hours, 0)
